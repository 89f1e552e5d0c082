// SPDX-License-Identifier: BSL-1.0
// What is the median repair time when some incidents are still open?
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <relia/stats/bootstrap.hpp>
#include <relia/stats/survival.hpp>

int main() {
  // Minutes from detection to repair, or to now where the incident is still open (0).
  const std::vector<double> minutes = {12, 18, 25,  31,  33,  47,  52,  58,  64,  71,
                                       83, 95, 118, 142, 175, 210, 333, 480, 720, 1440};
  const std::vector<std::uint8_t> repaired = {1, 1, 1, 0, 1, 1, 1, 1, 0, 1,
                                              1, 0, 1, 1, 0, 1, 0, 0, 1, 0};
  const double shift = 480;  // minutes

  std::vector<double> closed;
  for (std::size_t i = 0; i < minutes.size(); ++i)
    if (repaired[i] != 0) closed.push_back(minutes[i]);

  const relia::stats::kaplan_meier curve(minutes, repaired);
  const auto median = curve.quantile(0.5);
  const auto slowest = curve.quantile(0.9);
  const auto mean = curve.restricted_mean(shift);
  const auto dropped = relia::stats::bootstrap(closed, relia::stats::sample_median, {.seed = 1});

  std::printf("%lld incidents, %lld of them still open.\n", static_cast<long long>(curve.n()),
              static_cast<long long>(curve.n_open()));
  std::printf("Median repair time: %.0f minutes, 95 %% between %.0f and %.0f.\n", median.value,
              median.interval.lower, median.interval.upper);
  std::printf("Without the open ones it would have looked like %.0f minutes (%.0f to %.0f).\n",
              dropped.value, dropped.interval.lower, dropped.interval.upper);
  std::printf("Still open after 2 hours: %.0f %% (%.0f %% to %.0f %%).\n",
              100 * curve.survival(120), 100 * curve.limits(120.0).lower,
              100 * curve.limits(120.0).upper);
  if (std::isinf(slowest.value))
    std::printf("When nine in ten are repaired cannot be told yet: not before %.0f minutes.\n",
                slowest.interval.lower);
  std::printf("Of a shift of %.0f minutes, an incident takes %.0f on average (%.0f to %.0f).\n",
              shift, mean.value, mean.interval.lower, mean.interval.upper);
}
