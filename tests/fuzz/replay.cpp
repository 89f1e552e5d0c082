// SPDX-License-Identifier: BSL-1.0
// Every file below FOLDER/TARGET through its target, without a fuzzer: relia_fuzz_replay FOLDER
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "targets.hpp"

namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The files of a target; each also cut short, so that every field is met half-read.
std::size_t replay(const relia::fuzz::target& target, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry);
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const std::string input = content(file);
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);  // the last line names the input that did not return
    relia::fuzz::run(target, input);
    relia::fuzz::run(target, std::string_view(input).substr(0, input.size() / 2));
  }
  return files.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: relia_fuzz_replay FOLDER\n", stderr);
    return 2;
  }
  for (const auto& target : relia::fuzz::targets) {
    const auto folder = std::filesystem::path(argv[1]) / target.name;
    if (!std::filesystem::is_directory(folder) || replay(target, folder) == 0) {
      std::fprintf(stderr, "%s holds no inputs\n", folder.c_str());
      return 1;
    }
  }
  return 0;
}
