// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/queueing/simulation.hpp>

#include <support/same.hpp>

using namespace relia;
using namespace relia::queueing;

namespace {

constexpr count customers = 1 << 18;
constexpr count left_out = customers / 8;

/// The textbook's simulation: a calendar of events, a line, idle servers. The same random numbers.
double by_calendar(double load, count servers) {
  const exponential_time between(1 / load);
  const exponential_time service(1);
  const stats::random_stream arrivals(0, 0);
  const stats::random_stream services(0, 1);
  enum class kind { departure, arrival };
  using event = std::tuple<double, kind, std::uint64_t>;
  std::priority_queue<event, std::vector<event>, std::greater<>> calendar;
  std::queue<std::pair<double, std::uint64_t>> line;
  calendar.emplace(between.draw(arrivals, 0), kind::arrival, 0);
  count idle = servers;
  double waited = 0;
  const auto start = [&](double now, double arrived, std::uint64_t n) {
    if (static_cast<count>(n) >= left_out) waited += now - arrived;
    calendar.emplace(now + service.draw(services, n), kind::departure, n);
  };
  count begun = 0;
  while (begun < customers) {
    const auto [now, what, n] = calendar.top();
    calendar.pop();
    if (what == kind::arrival) {
      if (static_cast<count>(n) + 1 < customers) {
        calendar.emplace(now + between.draw(arrivals, n + 1), kind::arrival, n + 1);
      }
      if (idle > 0) {
        --idle;
        ++begun;
        start(now, now, n);
      } else {
        line.emplace(now, n);
      }
    } else if (!line.empty()) {
      const auto [arrived, who] = line.front();
      line.pop();
      ++begun;
      start(now, arrived, who);
    } else {
      ++idle;
    }
  }
  return waited / static_cast<double>(customers - left_out);
}

/// With all that it reports but quantiles, or with a p99 too.
double by_relia(double load, count servers, bool quantile) {
  simulation_options options{.relative_half_width = 1e-12, .max_customers = customers};
  if (!quantile) options.levels.clear();
  return simulate({.between_arrivals = exponential_time(1 / load),
                   .service = exponential_time(1),
                   .servers = servers},
                  options)
      .mean_wait.value;
}

void run(benchmark::State& state, const std::function<double(double, count)>& simulated) {
  const auto servers = static_cast<count>(state.range(0));
  const double load = 0.9 * static_cast<double>(servers);
  bench::require_same("mean wait", simulated(load, servers), by_calendar(load, servers), 1e-9);
  for (auto _ : state) benchmark::DoNotOptimize(simulated(load, servers));
  state.SetItemsProcessed(state.iterations() * customers);
}

void relia_means(benchmark::State& state) {
  run(state, [](double load, count servers) { return by_relia(load, servers, false); });
}
void relia_p99(benchmark::State& state) {
  run(state, [](double load, count servers) { return by_relia(load, servers, true); });
}
void calendar(benchmark::State& state) { run(state, &by_calendar); }

}  // namespace

BENCHMARK(relia_means)->Name("simulate/relia")->Arg(1)->Arg(10)->Arg(64);
BENCHMARK(relia_p99)->Name("simulate/relia_p99")->Arg(1)->Arg(10)->Arg(64);
BENCHMARK(calendar)->Name("simulate/calendar")->Arg(1)->Arg(10)->Arg(64);
