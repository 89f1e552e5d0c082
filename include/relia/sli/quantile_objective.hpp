// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// "p99 at most 400 ms in each five minutes": which part of the slices met it? A slice meets it
/// when as many of its events as the quantile asks are within the limit, a question that buckets
/// answer with certainty or not at all: a slice that they cannot tell is undecided, and the
/// indicator has bounds. Quantiles of slices are never averaged.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/aggregate/detail/rank.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/sli/bounded_counts.hpp>
#include <relia/sli/latency.hpp>
#include <relia/sli/time_slice.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `fewest`: a slice of fewer events has not enough data; 0 takes 1 / (1 - level), below which the
/// quantile is the largest value. `not_enough`: how such a slice counts.
struct quantile_objective_options {
  count fewest = 0;
  no_traffic not_enough = no_traffic::ignore;
};

/// `judged`: each slice, undecided ones as their quoted quantile has it. `slices`: how many met the
/// objective, with the undecided ones as doubt; bad_fraction of it is the indicator.
struct quantile_objective_result {
  std::vector<slice> judged{};
  bounded_counts slices{};
  count undecided = 0;
  count short_of_data = 0;
};

/// In which slices the quantile of the latencies was at most the limit: at least rank_of(level, n)
/// of n events are within it. A NaN is an event that never is.
/// Domain: level in (0, 1), limit not NaN, fewest >= 0. Throws: std::domain_error.
/// Cost: one question to each shape.
template <latency_shape Shape>
[[nodiscard]] quantile_objective_result quantile_objective(
    std::span<const Shape> slices, double level, double limit,
    const quantile_objective_options& options = {}) {
  constexpr const char* where = "sli::quantile_objective";
  relia::detail::require_open_fraction(where, "level", level);
  relia::detail::require_domain(!std::isnan(limit), where, "limit",
                                "a number in the unit of the latencies", limit);
  relia::detail::require_non_negative_count(where, "fewest", options.fewest);
  const double needed = options.fewest > 0 ? static_cast<double>(options.fewest)
                                           : std::nearbyint(1 / relia::detail::complement(level));
  const slice of_short = slice_of(options.not_enough);
  quantile_objective_result result;
  result.judged.reserve(slices.size());
  for (const Shape& shape : slices) {
    const bounded_counts events = detail::events_at(shape, limit);
    const count n = events.quoted.valid();
    if (n == 0 || static_cast<double>(n) < needed) {
      ++result.short_of_data;
      result.judged.push_back(of_short);
      if (of_short == slice::ignored) continue;
      for (auto which :
           {&bounded_counts::fewest_good, &bounded_counts::most_good, &bounded_counts::quoted}) {
        (result.slices.*which).record(of_short == slice::good);
      }
      continue;
    }
    const count rank = aggregate::detail::rank_of(level, n);
    const bool surely = events.fewest_good.good() >= rank;
    const bool possibly = events.most_good.good() >= rank;
    const bool quoted = events.quoted.good() >= rank;
    result.undecided += surely != possibly;
    result.judged.push_back(quoted ? slice::good : slice::bad);
    result.slices.fewest_good.record(surely);
    result.slices.most_good.record(possibly);
    result.slices.quoted.record(quoted);
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
