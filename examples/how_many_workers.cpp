// SPDX-License-Identifier: BSL-1.0
// How many workers for p99 under 400 ms?
#include <cstdio>

#include <relia/queueing.hpp>

using namespace relia;

int main() {
  const double arrivals = 100;  // requests per second
  const double service = 0.08;  // seconds per request, on average
  const queueing::latency_target target{.level = 0.99, .limit = 0.4};  // seconds

  const queueing::sizing plan = queueing::min_servers(arrivals, 1 / service, target);
  const queueing::mmc pool(arrivals, 1 / service, plan.servers);
  std::printf("%d workers keep the p99 at %.0f ms, with %.1f %% of their time in use.\n",
              static_cast<int>(plan.servers), 1000 * pool.response_time().quantile(0.99),
              100 * pool.utilization());
  std::printf("The p99.99 is then %.0f ms, and %.1f %% of the requests wait.\n",
              1000 * pool.response_time().survival_quantile(1e-4), 100 * pool.wait_probability());

  const queueing::mmc one_down(arrivals, 1 / service, plan.servers - 1);
  std::printf("With one worker down the p99 is %.0f ms.\n",
              1000 * one_down.response_time().quantile(0.99));

  std::printf("They bear up to %.1f requests a second; one more worker, %.1f.\n",
              queueing::max_arrival_rate(1 / service, plan.servers, target),
              queueing::max_arrival_rate(1 / service, plan.servers + 1, target));

  // What ten minutes of measurement say about the same pool.
  const estimate<double> p99 =
      queueing::latency_estimate(60'000, 600, 60'000, 4800, plan.servers, {.level = 0.99});
  std::printf("Measured over ten minutes, the p99 is between %.0f and %.0f ms, at 95 %%.\n",
              1000 * p99.interval.lower, 1000 * p99.interval.upper);

  const auto faster = queueing::min_servers(arrivals, 1 / service, {.level = 0.99, .limit = 0.35});
  std::printf(
      "A p99 under 350 ms is %s: the service alone exceeds it in %.2f %% of the requests.\n",
      queueing::to_string(faster.outcome).data(), 100 * faster.probability);
}
