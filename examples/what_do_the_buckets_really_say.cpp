// SPDX-License-Identifier: BSL-1.0
// Prometheus says how many requests were fast. What do the buckets really say?
#include <cstdio>
#include <limits>
#include <vector>

#include <relia/sli.hpp>

int main() {
  using relia::sli::classic_bucket;
  constexpr double infinite = std::numeric_limits<double>::infinity();

  // increase(http_request_duration_seconds_bucket[1d]), le in seconds.
  const std::vector<classic_bucket> day{
      {0.1, 9000}, {0.25, 9700}, {0.5, 9950}, {1, 9990}, {infinite, 10000}};
  const double threshold_seconds = 0.3;
  const double objective = 0.99;

  const relia::sli::classic_histogram h(day);
  const auto fast = h.fraction(-infinite, threshold_seconds);
  std::printf("PromQL: %.2f %% of the requests took at most 300 ms.\n", 100 * fast.value);
  std::printf("The buckets: between %.2f %% and %.2f %%", 100 * fast.lower, 100 * fast.upper);
  std::printf(fast.lower >= objective  ? ", so 99 %% is met.\n"
              : fast.upper < objective ? ", so 99 %% is missed.\n"
                                       : ", so nobody can tell whether 99 %% is met.\n");
  for (const double level : {0.99, 0.9995}) {
    const auto q = h.quantile(level);
    std::printf("PromQL: p%g is %.2f s. The buckets: above %.2f s", 100 * level, q.value, q.lower);
    if (q.upper < infinite) {
      std::printf(", at most %.2f s.\n", q.upper);
    } else {
      std::printf(", and no more is known.\n");
    }
  }
  const auto better = h.fraction(-infinite, 0.25);
  std::printf("At a bound, 250 ms, both agree: %.2f %%%s.\n", 100 * better.value,
              better.lower == better.upper ? ", exactly" : "");
}
