// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The report of a set of checks, and what it means for a gate. A report that checked nothing, or
/// could tell nothing, is never a success.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/verdict.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::check {

/// What a measured number is of. Writers choose the notation; numbers stay in the base unit named
/// here.
enum class unit {
  fraction,    ///< in [0, 1]
  seconds,     ///< of time
  bytes,       ///< of storage
  per_second,  ///< a rate
  servers,     ///< whole workers
  events,      ///< whole things: pages, incidents
  ratio,       ///< a dimensionless multiple, such as a burn rate
};

/// Where a check was written: for "capacity.yaml:12".
struct location {
  std::string file;
  int line = 0;

  [[nodiscard]] std::string text() const { return file + ":" + std::to_string(line); }
};

/// The outcome of one check.
struct result {
  std::string name;
  std::string rule;
  location where;
  check::unit unit = unit::fraction;
  estimate<double> measured;
  relia::limit limit;
  relia::decision decision;
  bool census = false;  ///< decided on the value, not on a bound
};

/// What an inconclusive check means for the exit code.
enum class inconclusive { fail, warn, pass };

struct report {
  std::vector<result> results;

  [[nodiscard]] count number_of(verdict v) const noexcept {
    return std::count_if(results.begin(), results.end(),
                         [v](const result& r) { return r.decision.verdict == v; });
  }

  /// 0: all passed. 1: a check failed. 2: there was nothing to check. 3: a check is inconclusive;
  /// under `warn` and `pass` it is then 0 if at least one check was conclusive.
  [[nodiscard]] int exit_code(check::inconclusive policy = inconclusive::fail) const noexcept {
    if (results.empty()) return 2;
    if (number_of(verdict::fail) > 0) return 1;
    const count unknown = number_of(verdict::inconclusive);
    const bool tolerated =
        policy != inconclusive::fail && unknown < static_cast<count>(results.size());
    return unknown > 0 && !tolerated ? 3 : 0;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::check
