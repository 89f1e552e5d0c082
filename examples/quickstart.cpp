// SPDX-License-Identifier: BSL-1.0
// How are we doing?
#include <cstdio>

#include <relia/relia.hpp>

int main() {
  const relia::aggregate::counts today(99'950, 50);  // good and bad requests
  const auto good = relia::sli::attainment(today);
  const auto burn = relia::slo::burn_rate(relia::slo::objective(0.999), today);
  const auto pool = relia::queueing::min_servers(100.0, 1 / 0.08, {.level = 0.99, .limit = 0.4});
  std::printf("%.3f %% of the requests were good, between %.3f and %.3f.\n", 100 * good.value,
              100 * good.interval.lower, 100 * good.interval.upper);
  std::printf("The error budget burns at %.2f times the rate that it bears.\n", burn.rate);
  std::printf("%d workers keep the p99 under 400 ms.\n", static_cast<int>(pool.servers));
}
