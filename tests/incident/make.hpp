// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Stamps in minutes after midnight of Wednesday 1 January 2025, UTC.

#include <chrono>
#include <optional>
#include <vector>

#include <relia/incident/timeline.hpp>

namespace relia::test {

[[nodiscard]] inline instant minute(long m) {
  using namespace std::chrono;
  return sys_days(2025y / January / 1) + minutes(m);
}

/// An incident with a start and, unless it goes on, a resolution.
[[nodiscard]] inline incident::timeline from_to(long start, std::optional<long> end) {
  incident::timeline t;
  t.started = minute(start);
  if (end) t.resolved = minute(*end);
  return t;
}

[[nodiscard]] inline incident::history as_of(long now, const std::vector<incident::timeline>& rows,
                                             const incident::history_options& options = {}) {
  return {rows, minute(now), options};
}

}  // namespace relia::test
