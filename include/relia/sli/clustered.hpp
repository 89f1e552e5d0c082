// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is an indicator, when requests of one outage, one tenant or one minute fail together?
/// The rows (tenants, hosts or slices) are what was sampled, not the requests: an interval as for
/// independent requests is several times too narrow.

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/bounded_counts.hpp>
#include <relia/stats/clustered_proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// The fraction of valid events that were bad, with an interval for which the rows are the sample,
/// and how much more they vary than independent events would. Rows are slices in the order of time,
/// or, with method cluster_robust, hosts or tenants in any order. How well the methods cover is
/// written at stats::clustered_proportion.
/// Domain: sizes equal, counts >= 0; the options' as stats::clustered_proportion.
/// Throws: std::domain_error; std::invalid_argument. Accuracy and Cost: as
/// stats::clustered_proportion.
[[nodiscard]] inline stats::clustered_proportion_result clustered_bad_fraction(
    std::span<const count> good, std::span<const count> bad,
    const stats::clustered_proportion_options& options = {}) {
  constexpr const char* where = "sli::clustered_bad_fraction";
  relia::detail::require_same_size(where, "bad", bad.size(), good.size());
  std::vector<count> valid(good.size());
  for (std::size_t i = 0; i < good.size(); ++i) {
    relia::detail::require_non_negative_count(where, "good", good[i]);
    relia::detail::require_non_negative_count(where, "bad", bad[i]);
    valid[i] = relia::detail::sum_of_counts(where, "good + bad", good[i], bad[i]);
  }
  return stats::clustered_proportion(bad, valid, options);
}

/// The same for rows of which events may have been good or bad: the lower limit is that of the
/// fewest bad events in every row, the upper that of the most. Events as with_missing or
/// events_within give them. Domain, Throws, Accuracy and Cost: as above.
[[nodiscard]] inline stats::clustered_proportion_result clustered_bad_fraction(
    std::span<const bounded_counts> rows, const stats::clustered_proportion_options& options = {}) {
  const auto of = [&](aggregate::counts bounded_counts::*which) {
    std::vector<count> good;
    std::vector<count> bad;
    for (const bounded_counts& row : rows) {
      good.push_back((row.*which).good());
      bad.push_back((row.*which).bad());
    }
    return clustered_bad_fraction(good, bad, options);
  };
  bounded_counts total;
  for (const bounded_counts& row : rows) {
    total.fewest_good.merge(row.fewest_good);
    total.most_good.merge(row.most_good);
  }
  stats::clustered_proportion_result result = of(&bounded_counts::quoted);
  if (total.exact() || !result.proportion.has_value()) return result;
  result.proportion =
      detail::widened(std::move(result.proportion), total.doubtful(), total.fewest_good.valid(),
                      of(&bounded_counts::most_good).proportion.interval.lower,
                      of(&bounded_counts::fewest_good).proportion.interval.upper);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
