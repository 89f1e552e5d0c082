// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Stations of a closed network as the reference tables write them: "demand", "demandxservers" or
/// "demand@speed;speed", joined by |.

#include <cstdlib>
#include <string>
#include <vector>

#include <relia/queueing/closed_network.hpp>

#include <support/lists.hpp>

namespace relia::test {

[[nodiscard]] inline std::vector<queueing::closed_station> stations_of(const std::string& cell) {
  std::vector<queueing::closed_station> stations;
  for (const auto& text : split(cell, '|')) {
    queueing::closed_station s;
    char* rest = nullptr;
    s.demand = std::strtod(text.c_str(), &rest);
    if (*rest == 'x') s.servers = std::strtoll(rest + 1, nullptr, 10);
    if (*rest == '@') s.speeds = numbers(rest + 1, ';');
    stations.push_back(s);
  }
  return stations;
}

}  // namespace relia::test
