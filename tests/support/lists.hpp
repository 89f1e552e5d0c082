// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Lists inside one cell of a reference table: "0.5|0.25|1", and rows of them: "1|2/3|4".

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::test {

[[nodiscard]] inline std::vector<std::string> split(const std::string& cell, char by) {
  std::vector<std::string> parts;
  std::istringstream in(cell);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

[[nodiscard]] inline std::vector<double> numbers(const std::string& cell, char by = '|') {
  std::vector<double> values;
  for (const auto& part : split(cell, by)) values.push_back(std::strtod(part.c_str(), nullptr));
  return values;
}

[[nodiscard]] inline std::vector<count> integers(const std::string& cell) {
  std::vector<count> values;
  for (const auto& part : split(cell, '|'))
    values.push_back(std::strtoll(part.c_str(), nullptr, 10));
  return values;
}

}  // namespace relia::test
