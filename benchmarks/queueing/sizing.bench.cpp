// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/queueing/sizing.hpp>

#include <support/same.hpp>

using namespace relia;

namespace {

constexpr queueing::latency_target target{queueing::delay::wait, 0.95, 0.1};

/// One pass of the recurrence, which yields every number of servers in turn: O(servers), the best
/// that a linear search can do.
count linear_search(double load) {
  double b = 1;
  for (count n = 1;; ++n) {
    const auto c = static_cast<double>(n);
    b = load * b / (c + load * b);
    if (c <= load) continue;
    const double wait = c * b / (c - load + load * b);
    if (wait * std::exp(-(c - load) * target.limit) <= 1 - target.level) return n;
  }
}

/// What a search does that calls an O(servers) Erlang C afresh for each number of servers.
count naive_search(double load) {
  for (auto n = static_cast<count>(load) + 1;; ++n) {
    double b = 1;
    for (count k = 1; k <= n; ++k) b = load * b / (static_cast<double>(k) + load * b);
    const auto c = static_cast<double>(n);
    const double wait = c * b / (c - load + load * b);
    if (wait * std::exp(-(c - load) * target.limit) <= 1 - target.level) return n;
  }
}

count relia_search(double load) { return queueing::min_servers(load, 1, target).servers; }

template <count (*Function)(double)>
void run(benchmark::State& state) {
  const auto base = static_cast<double>(state.range(0));
  std::vector<double> loads;
  for (int i = 0; i < 16; ++i) loads.push_back(base * (1 + 0.001 * i));
  for (const double load : {loads.front(), loads.back()}) {
    bench::require_same("min_servers", static_cast<double>(relia_search(load)),
                        static_cast<double>(Function(load)), 0);
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Function(loads[i++ % loads.size()]));
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(run<&relia_search>)->Name("min_servers/relia")->Arg(1000)->Arg(1'000'000);
BENCHMARK(run<&linear_search>)->Name("min_servers/one_pass")->Arg(1000)->Arg(1'000'000);
BENCHMARK(run<&naive_search>)->Name("min_servers/naive")->Arg(1000)->Arg(1'000'000);
