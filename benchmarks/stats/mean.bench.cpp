// SPDX-License-Identifier: BSL-1.0
// The compensated mean and its interval beside two plain loops, whose rounding grows with n.
#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/stats/mean.hpp>

#include <support/same.hpp>

namespace {

std::vector<double> durations(std::size_t n) {
  std::mt19937_64 engine(4);
  std::vector<double> values(n);
  for (double& v : values) v = -std::log((static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53);
  return values;
}

/// The upper limit with the normal deviate's place taken by Student's, found once.
double plain_upper(const std::vector<double>& values, double deviate) {
  double sum = 0;
  for (const double v : values) sum += v;
  const auto n = static_cast<double>(values.size());
  const double mean = sum / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return mean + deviate * std::sqrt(squares / (n - 1) / n);
}

void mean_relia(benchmark::State& state) {
  const auto values = durations(static_cast<std::size_t>(state.range(0)));
  const double deviate =
      relia::stats::detail::student_deviate(static_cast<double>(state.range(0) - 1), 0.025);
  relia::bench::require_same("upper limit", relia::stats::mean(values).interval.upper,
                             plain_upper(values, deviate), 1e-12);
  for (auto _ : state) benchmark::DoNotOptimize(relia::stats::mean(values).interval);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void mean_plain(benchmark::State& state) {
  const auto values = durations(static_cast<std::size_t>(state.range(0)));
  const double deviate =
      relia::stats::detail::student_deviate(static_cast<double>(state.range(0) - 1), 0.025);
  for (auto _ : state) benchmark::DoNotOptimize(plain_upper(values, deviate));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void modified_cox_relia(benchmark::State& state) {
  const auto values = durations(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        relia::stats::mean(values, {.method = relia::stats::modified_cox}).interval);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(mean_relia)->Name("mean/relia")->Arg(1000)->Arg(1000000);
BENCHMARK(mean_plain)->Name("mean/plain")->Arg(1000)->Arg(1000000);
BENCHMARK(modified_cox_relia)->Name("modified_cox/relia")->Arg(1000)->Arg(1000000);

}  // namespace
