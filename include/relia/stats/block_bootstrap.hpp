// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is a figure computed from a series, where a bad hour is followed by a bad hour? The
/// circular block bootstrap draws stretches of the series, not rows, so that the replicates keep
/// its short memory. Assumes a stationary series whose memory is short beside its length. Intervals
/// are percentile intervals: the jackknife behind BCa assumes independent rows. Ref: D. N. Politis,
/// J. P. Romano, A circular block-resampling procedure for stationary data (1992); D. N. Politis,
/// H. White, Automatic block-length selection, Econometric Reviews 23 (2004) 53, corrected by A.
/// Patton, D. N. Politis, H. White, ibid. 28 (2009) 372.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/bootstrap.hpp>
#include <relia/stats/detail/resample.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// Percentiles of circular block replicates.
inline constexpr method circular_blocks{"circular_blocks"};

/// `block_length`: rows per block, at most the length of the series; 0 chooses
/// automatic_block_length.
struct block_bootstrap_options {
  std::uint64_t seed = 0;
  count resamples = 10'000;
  double confidence_level = 0.95;
  count block_length = 0;
};

/// The block length that minimises the mean squared error of the variance of a circular block mean:
/// (2 G^2 / D)^(1/3) n^(1/3), rounded up, from a flat-top estimate of the spectrum at 0. 1 for a
/// series without memory, or too short (under 5 rows) to show one. The bandwidth is twice the lag
/// at which 5 correlations in a row begin to stay below 2 sqrt(log10(n) / n), at most sqrt(n) + 5,
/// and the length at most min(3 sqrt(n), n / 3), as in the R package np and the Python package
/// arch. Throws: std::domain_error for rows that are not finite. Cost: O(n^1.5).
[[nodiscard]] inline count automatic_block_length(std::span<const double> series) {
  detail::require_finite_rows("stats::automatic_block_length", "series", series);
  const std::size_t n = series.size();
  if (n < 5) return 1;
  const auto size = static_cast<double>(n);
  const double centre = sample_mean(series);
  std::vector<double> d(n);
  std::transform(series.begin(), series.end(), d.begin(), [&](double x) { return x - centre; });
  double largest = 0;
  for (const double x : d) largest = std::max(largest, std::abs(x));
  if (!(largest > 0)) return 1;
  for (double& x : d) x /= largest;  // the length has no unit, and squares may overflow
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = lag; i < n; ++i) sum += d[i] * d[i - lag];
    return sum / size;
  };
  const double variance = covariance(0);

  constexpr std::size_t calm = 5;
  const std::size_t widest =
      std::min(static_cast<std::size_t>(std::ceil(std::sqrt(size))) + calm, n - 1);
  std::vector<double> r(widest + 1);
  for (std::size_t lag = 0; lag <= widest; ++lag) r[lag] = covariance(lag);
  const double small = 2 * std::sqrt(std::log10(size) / size) * variance;
  std::size_t run = 0;
  std::size_t lag = 1;
  while (lag <= widest && run < calm) run = std::abs(r[lag++]) < small ? run + 1 : 0;
  const std::size_t bandwidth = run < calm ? widest : std::min(2 * (lag - calm), widest);

  double spectrum = r[0];
  double slope = 0;
  for (lag = 1; lag <= bandwidth; ++lag) {
    const double at = static_cast<double>(lag) / static_cast<double>(bandwidth);
    const double weight = at <= 0.5 ? 1.0 : 2 * (1 - at);
    spectrum += 2 * weight * r[lag];
    slope += 2 * weight * static_cast<double>(lag) * r[lag];
  }
  const double spread = 4.0 / 3.0 * spectrum * spectrum;
  if (!(spread > 0)) return 1;
  const double most = std::ceil(std::min(3 * std::sqrt(size), size / 3));
  const double length = std::cbrt(2 * slope * slope / spread) * std::cbrt(size);
  return static_cast<count>(std::ceil(std::clamp(length, 1.0, most)));
}

/// A figure of a series with its block bootstrap interval. Notes name the block length, and warn
/// when fewer than ten blocks make the series, as in bootstrap(). No rows: state no_data.
/// Throws: std::domain_error for rows or a figure that are not finite, for a level outside (0, 1)
/// and for a block length outside [0, n]. Cost: O(resamples * n); allocates O(resamples + n).
template <statistic Statistic>
[[nodiscard]] estimate<double> block_bootstrap(std::span<const double> series, Statistic figure,
                                               const block_bootstrap_options& options = {}) {
  const std::string_view where = "stats::block_bootstrap";
  const double level = options.confidence_level;
  relia::detail::require_open_fraction(where, "confidence_level", level);
  relia::detail::require_positive_count(where, "resamples", options.resamples);
  detail::require_finite_rows(where, "series", series);
  const auto n = static_cast<count>(series.size());
  relia::detail::require_domain(options.block_length >= 0 && (n == 0 || options.block_length <= n),
                                where, "block_length", "0 (automatic) to the number of rows",
                                options.block_length);
  estimate<double> answer = no_data(circular_blocks, level);
  if (n == 0) return answer;
  answer.state = state::ok;
  answer.n = n;
  std::vector<double> rows(series.begin(), series.end());
  answer.value = figure(std::span<double>(rows));
  relia::detail::require_finite(where, "the statistic of series", answer.value);

  const count length =
      options.block_length > 0 ? options.block_length : automatic_block_length(series);
  const count blocks = (n + length - 1) / length;
  answer.notes.push_back("blocks of " + relia::detail::to_text(length) +
                         (length == 1 ? " row" : " rows"));
  if (blocks < 2) {
    answer.notes.emplace_back("one block does not show a spread: the interval is unbounded");
    return answer;
  }
  if (blocks < 10) answer.notes.emplace_back("fewer than 10 blocks: the interval is too narrow");

  detail::index_source starts(options.seed, series.size(), static_cast<std::size_t>(blocks));
  std::vector<double> replicates(static_cast<std::size_t>(options.resamples));
  for (std::size_t r = 0; r < replicates.size(); ++r) {
    starts.draw(r, [&](std::size_t block, std::size_t start) {
      const std::size_t from = block * static_cast<std::size_t>(length);
      const std::size_t size = std::min(static_cast<std::size_t>(length), series.size() - from);
      const std::size_t before_end = std::min(size, series.size() - start);
      const auto to = rows.begin() + static_cast<std::ptrdiff_t>(from);
      std::copy_n(series.begin() + static_cast<std::ptrdiff_t>(start), before_end, to);
      std::copy_n(series.begin(), size - before_end, to + static_cast<std::ptrdiff_t>(before_end));
    });
    replicates[r] = figure(std::span<double>(rows));
  }
  detail::drop_nan(where, replicates, answer.notes);
  answer.interval = detail::all_equal(replicates, answer.value, answer.notes)
                        ? interval<double>{answer.value, answer.value, level}
                        : percentile_interval(std::move(replicates), level);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
