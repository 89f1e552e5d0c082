// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What reading refuses: a message that names the file, the line, what was found and what to write
/// instead.

#include <stdexcept>
#include <string>
#include <string_view>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// Unreadable input. The text starts with "file:line: ".
class read_error : public std::invalid_argument {
 public:
  read_error(std::string_view file, long line, const std::string& what)
      : std::invalid_argument(std::string(file) + (line > 0 ? ":" + std::to_string(line) : "") +
                              ": " + what) {}
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
