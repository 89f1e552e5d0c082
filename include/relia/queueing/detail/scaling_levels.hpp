// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Measured throughputs by concurrency: checked, sorted, repeats joined.

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// The measurements of a load test at one concurrency.
struct scaling_level {
  double concurrency = 0;
  double mean = 0;
  count repeats = 0;
  /// Squares of the repeats around their mean.
  double within = 0;
};

/// Sorted by concurrency, repeats joined. Throws: std::invalid_argument for sizes that differ,
/// std::domain_error for a value that is not from 1e-100 to 1e100, named by its row.
[[nodiscard]] inline std::vector<scaling_level> scaling_levels(std::string_view where,
                                                               std::span<const double> concurrency,
                                                               std::span<const double> throughput) {
  relia::detail::require_same_size(where, "throughput", throughput.size(), concurrency.size());
  struct pair {
    double n;
    double x;
  };
  std::vector<pair> rows;
  rows.reserve(concurrency.size());
  for (std::size_t i = 0; i < concurrency.size(); ++i) {
    const bool n_holds = concurrency[i] > 0 && relia::detail::is_finite(concurrency[i]);
    relia::detail::require_domain(n_holds, where, "concurrency", "positive and finite",
                                  relia::detail::row{i});
    const bool x_holds = throughput[i] > 0 && relia::detail::is_finite(throughput[i]);
    relia::detail::require_domain(x_holds, where, "throughput", "positive and finite",
                                  relia::detail::row{i});
    const auto moderate = [](double x) { return x >= 1e-100 && x <= 1e100; };
    relia::detail::require_domain(moderate(concurrency[i]) && moderate(throughput[i]), where,
                                  "concurrency and throughput", "from 1e-100 to 1e100",
                                  relia::detail::row{i});
    rows.push_back({concurrency[i], throughput[i]});
  }
  std::sort(rows.begin(), rows.end(), [](const pair& a, const pair& b) { return a.n < b.n; });
  std::vector<scaling_level> levels;
  for (const pair& row : rows) {
    if (levels.empty() || levels.back().concurrency != row.n) levels.push_back({row.n, 0, 0, 0});
    scaling_level& level = levels.back();
    ++level.repeats;
    const double apart = row.x - level.mean;
    level.mean += apart / static_cast<double>(level.repeats);
    level.within += apart * (row.x - level.mean);
  }
  return levels;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
