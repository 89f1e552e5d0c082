// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// From rows to the steps of a survival curve: sort, then one pass.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/stats/detail/radix_sort.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// The curve from one time, at which something ended or was last seen, up to the next.
struct survival_step {
  double time = 0;
  count at_risk = 0;        ///< known to have reached `time`
  count events = 0;         ///< of these, ended there
  double survival = 1;      ///< P(T > time)
  double log_variance = 0;  ///< Greenwood's variance of log(survival); infinite at survival 0

  friend constexpr bool operator==(const survival_step&, const survival_step&) = default;
};

namespace detail {

struct survival_curve {
  std::vector<survival_step> steps;
  count n = 0;
  count n_open = 0;
};

/// The time's bits, which order as the time does, shifted up by one; the lowest bit says open,
/// so that ends come first.
using time_key = std::uint64_t;
struct counted_key {
  time_key key;
  count times;
};

/// One step's part of Greenwood's sum: events / (at risk * kept). Infinite when none is kept.
[[nodiscard]] inline double greenwood_term(const survival_step& s) noexcept {
  const auto risk = static_cast<double>(s.at_risk);
  return static_cast<double>(s.events) / risk / static_cast<double>(s.at_risk - s.events);
}

template <class Row, class Key, class Times>
[[nodiscard]] survival_curve walk(const std::vector<Row>& rows, Key key, Times times) {
  survival_curve curve;
  std::size_t different = rows.empty() ? 0 : 1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    curve.n += times(rows[i]);
    if (i > 0 && key(rows[i]) >> 1 != key(rows[i - 1]) >> 1) ++different;
  }
  curve.steps.reserve(different);
  count at_risk = curve.n;
  double survival = 1;
  double rest = 0;  // survival + rest is the product to twice the digits: a million factors round
  double log_variance = 0;
  for (std::size_t i = 0; i < rows.size();) {
    const time_key time = key(rows[i]) >> 1;
    count ended = 0;
    count open = 0;
    for (; i < rows.size() && key(rows[i]) >> 1 == time; ++i)
      ((key(rows[i]) & 1) == 0 ? ended : open) += times(rows[i]);
    survival_step step{std::bit_cast<double>(time), at_risk, ended};
    if (ended > 0) {
      const auto risk = static_cast<double>(at_risk);
      const auto kept = static_cast<double>(at_risk - ended);
      const double factor = kept / risk;
      const double factor_rest = std::fma(-factor, risk, kept) / risk;
      const double product = survival * factor;
      rest = std::fma(survival, factor, -product) + survival * factor_rest + rest * factor;
      survival = product;
      log_variance += greenwood_term(step);
    }
    step.survival = survival + rest;
    step.log_variance = log_variance;
    curve.steps.push_back(step);
    at_risk -= ended + open;
    curve.n_open += open;
  }
  return curve;
}

template <class Flag>
[[nodiscard]] survival_curve survival_steps(std::string_view where, std::span<const double> times,
                                            std::span<const Flag> observed,
                                            std::span<const count> counts) {
  relia::detail::require_same_size(where, "observed", observed.size(), times.size());
  if (!counts.empty())
    relia::detail::require_same_size(where, "counts", counts.size(), times.size());
  const auto key_of = [&](std::size_t i) {
    relia::detail::require_non_negative(where, "times", times[i]);
    return std::bit_cast<time_key>(times[i] + 0.0) << 1 | (observed[i] ? 0U : 1U);
  };
  if (counts.empty()) {
    std::vector<time_key> rows(times.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = key_of(i);
    const auto key = [](time_key row) { return row; };
    detail::radix_sort(rows, key);
    return walk(rows, key, [](time_key) { return count{1}; });
  } else {
    std::vector<counted_key> rows;
    rows.reserve(times.size());
    count total = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      relia::detail::require_non_negative_count(where, "counts", counts[i]);
      total = relia::detail::sum_of_counts(where, "the sum of counts", total, counts[i]);
      if (counts[i] > 0) rows.push_back({key_of(i), counts[i]});
    }
    const auto key = [](const counted_key& row) { return row.key; };
    detail::radix_sort(rows, key);
    return walk(rows, key, [](const counted_key& row) { return row.times; });
  }
}

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
