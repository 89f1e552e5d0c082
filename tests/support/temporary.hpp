// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A file that holds a text for as long as a test needs it.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace relia::test {

class temporary_file {
 public:
  explicit temporary_file(std::string_view text, std::string_view ending = ".txt") {
    static std::atomic<int> number{0};
    const std::string name = "relia-test-" + std::to_string(::getpid()) + "-" +
                             std::to_string(++number) + std::string(ending);
    path_ = (std::filesystem::temp_directory_path() / name).string();
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace relia::test
