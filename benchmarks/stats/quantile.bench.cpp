// SPDX-License-Identifier: BSL-1.0
// A quantile and its interval beside the plain way: sort everything, then take the ranks.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/stats/quantile.hpp>

#include <support/same.hpp>

namespace {

std::vector<double> latencies(std::size_t n) {
  std::mt19937_64 engine(3);
  std::vector<double> values(n);
  for (double& v : values) v = -std::log((static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53);
  return values;
}

double by_sorting(std::vector<double> values, double level) {
  std::sort(values.begin(), values.end());
  return relia::stats::sorted_quantile(values, level);
}

void quantile_relia(benchmark::State& state) {
  const auto values = latencies(static_cast<std::size_t>(state.range(0)));
  relia::bench::require_same("quantile", relia::stats::quantile(values, 0.99),
                             by_sorting(values, 0.99), 0);
  for (auto _ : state) benchmark::DoNotOptimize(relia::stats::quantile(values, 0.99));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void quantile_sorting(benchmark::State& state) {
  const auto values = latencies(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(by_sorting(values, 0.99));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void interval_relia(benchmark::State& state) {
  const auto values = latencies(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(relia::stats::quantile_interval(values, 0.99).interval);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(quantile_relia)->Name("quantile/relia")->Arg(1000)->Arg(1000000);
BENCHMARK(quantile_sorting)->Name("quantile/sorting")->Arg(1000)->Arg(1000000);
BENCHMARK(interval_relia)->Name("quantile_interval/relia")->Arg(1000)->Arg(1000000);

}  // namespace
