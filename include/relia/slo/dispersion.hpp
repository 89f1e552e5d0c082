// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Do errors come alone or in clusters? The variance of the bad events of equal slices of time over
/// what independent errors would have: 1 where they are independent, more where a restart or one
/// tenant fails many requests together. What an alert takes for significant depends on it.
/// Slices must be longer than a cluster and short beside the history: an hour is usual. Known
/// incidents do not belong in it: they are what the alert is to find.
/// Ref: P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed. (1989), 4.5.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/stats/bootstrap.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

inline constexpr method pearson{"pearson"};

/// `leave_out`: slices that touch one of these periods do not count. `seed` and `resamples`: of the
/// bootstrap that gives the interval.
struct dispersion_options {
  duration slice = std::chrono::hours(1);
  std::span<const period> leave_out{};
  double confidence_level = 0.95;
  std::uint64_t seed = 0;
  count resamples = 2000;
};

namespace detail {

struct slice_counts {
  double bad = 0;
  double valid = 0;
};

/// Pearson's statistic over its freedom. NaN with fewer than two slices or nothing bad.
template <class At>
[[nodiscard]] double pearson_dispersion(std::size_t slices, At at) {
  double bad = 0;
  double valid = 0;
  for (std::size_t i = 0; i < slices; ++i) {
    bad += at(i).bad;
    valid += at(i).valid;
  }
  if (slices < 2 || !(bad > 0) || !(bad < valid)) return std::numeric_limits<double>::quiet_NaN();
  double squares = 0;
  for (std::size_t i = 0; i < slices; ++i) {
    const double expected = at(i).valid * (bad / valid);
    const double excess = at(i).bad - expected;
    squares += excess * (excess / expected);
  }
  return squares / (1 - bad / valid) / static_cast<double>(slices - 1);
}

}  // namespace detail

/// The dispersion of the bad events of whole slices, from the start of the series; slices without
/// events are left out. For evidence take at least 1: `max(1, value)`, or the upper limit to be on
/// the safe side. State no_data with fewer than two slices, nothing bad, or nothing good. Domain:
/// slice positive. Throws: std::domain_error. Cost: O(slices * resamples).
[[nodiscard]] inline estimate<double> dispersion(const sli::event_series& events,
                                                 const dispersion_options& options = {}) {
  constexpr const char* where = "slo::dispersion";
  relia::detail::require_domain(options.slice > duration{0}, where, "slice", "positive",
                                options.slice.count());
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  std::vector<detail::slice_counts> slices;
  if (!events.empty()) {
    const instant last = events.times().back();
    for (instant t = events.from(); last - t >= options.slice; t += options.slice) {
      const instant end = t + options.slice;
      if (std::any_of(options.leave_out.begin(), options.leave_out.end(),
                      [&](const period& p) { return p.from() < end && t < p.to(); })) {
        continue;
      }
      const aggregate::counts in = events.between(t, end);
      if (in.empty()) continue;
      slices.push_back({static_cast<double>(in.bad()), static_cast<double>(in.valid())});
    }
  }
  const double value = detail::pearson_dispersion(
      slices.size(), [&](std::size_t i) -> const detail::slice_counts& { return slices[i]; });
  if (!(value >= 0)) return no_data<double>(pearson, options.confidence_level, 0);
  std::vector<double> rows(slices.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<double>(i);
  std::vector<double> replicates = stats::bootstrap_replicates(
      rows,
      [&slices](std::span<const double> drawn) {
        return detail::pearson_dispersion(drawn.size(),
                                          [&](std::size_t i) -> const detail::slice_counts& {
                                            return slices[static_cast<std::size_t>(drawn[i])];
                                          });
      },
      {.seed = options.seed, .resamples = options.resamples});
  // A resample of slices without failures shows nothing.
  std::erase_if(replicates, [](double r) { return !(r >= 0); });
  estimate<double> e;
  e.state = state::ok;
  e.value = value;
  e.n = static_cast<count>(slices.size());
  e.method = pearson;
  e.interval =
      replicates.empty()
          ? interval<double>{0, std::numeric_limits<double>::infinity(), options.confidence_level}
          : stats::percentile_interval(std::move(replicates), options.confidence_level);
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
