// SPDX-License-Identifier: BSL-1.0
// What a service includes in its request path, built without exceptions and RTTI.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/keyed.hpp>
#include <relia/aggregate/recorder.hpp>
#include <relia/aggregate/windows.hpp>
#include <relia/slo/budget.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/objective.hpp>

/// In alerting.cpp: the other headers that must build like this.
bool alerted();

int main(int argc, char**) {
  using namespace std::chrono_literals;
  using relia::aggregate::counts;
  if (argc > 1) {
    const counts impossible(-1, 0);  // prints why, and aborts
    return static_cast<int>(impossible.good());
  }
  relia::aggregate::keyed tenants({.capacity = 4});
  for (int request = 0; request < 100; ++request) {
    tenants.record(request % 10 == 0 ? "busy" : "quiet", request % 20 != 0);
  }
  relia::aggregate::windows<counts> window;
  const relia::instant start{};
  for (int second = 0; second < 7200; ++second) {
    window.record(start + second * 1s, second % 100 != 0);
  }
  const auto last = window.last(1h, start + 7200s);
  relia::aggregate::recorder<counts> requests;
  std::thread([&] { requests.record(false); }).join();
  requests.record(true, 99);
  relia::aggregate::latency_histogram latencies;
  latencies.record(0.25);
  const relia::slo::objective goal(0.99);
  const auto burn = relia::slo::burn_rate(goal, last.total());
  const bool right = burn.rate == 1.0 && relia::slo::is_met(goal, last.total()) &&
                     last.total() == counts(3564, 36) && bad_fraction(last).exact() &&
                     requests.snapshot() == counts(99, 1) && requests.drain() == counts(99, 1) &&
                     latencies.snapshot().max().value == 0.25 && alerted() &&
                     tenants.at("busy").seen == counts(5, 5);
  std::puts(right ? "ok" : "wrong");
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
