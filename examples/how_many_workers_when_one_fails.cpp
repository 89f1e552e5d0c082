// SPDX-License-Identifier: BSL-1.0
// How many workers for p99 under 200 ms when one may fail? Run it in the folder of the examples.
#include <cstdio>

#include <relia/io/load_test.hpp>
#include <relia/queueing.hpp>

using namespace relia;

int main() {
  const double arrivals = 160;                                         // requests per second
  const queueing::contingency plan{.growth = 0.3, .failures = 1};      // 30 % more are to come
  const queueing::latency_target target{.level = 0.99, .limit = 0.2};  // seconds

  const io::load_test test = io::read_load_test("web_pool/data/open_loop.csv");
  const auto service = queueing::measured_service_time(test.requests, test.service_time);
  std::printf("The load test: a request keeps a worker for %.2f ms, between %.2f and %.2f ms.\n",
              1000 * service.value, 1000 * service.interval.lower, 1000 * service.interval.upper);

  queueing::service_targets promise;
  promise.latency = {target};
  const queueing::measured_workload load{queueing::known(arrivals), service};
  const estimate<double> needed = queueing::servers_for_measured(load, promise, plan);
  const auto workers = static_cast<count>(needed.interval.upper);
  std::printf(
      "%d workers keep the p99 under 200 ms with 30 %% more requests and one worker down.\n",
      static_cast<int>(workers));

  const auto p99 = [&](double rate, count up) {
    return queueing::latency_estimate(queueing::known(rate), service, up);
  };
  const auto now = p99(arrivals, workers);
  const auto worst = p99(arrivals * (1 + plan.growth), workers - plan.failures);
  std::printf(
      "The p99 is %.1f ms now, between %.1f and %.1f; at the worst %.1f, between %.1f and %.1f.\n",
      1000 * now.value, 1000 * now.interval.lower, 1000 * now.interval.upper, 1000 * worst.value,
      1000 * worst.interval.lower, 1000 * worst.interval.upper);

  const auto most = queueing::arrival_rate_for_measured(load, workers, promise, plan);
  std::printf("They bear %.1f requests a second today, between %.1f and %.1f.\n", most.value,
              most.interval.lower, most.interval.upper);
}
