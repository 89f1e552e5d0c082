// SPDX-License-Identifier: BSL-1.0
// A BCa interval from 10000 resamples, beside the plain way: std::mt19937_64 with
// std::uniform_int_distribution, a fresh sum per resample, sorted replicates.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/stats/bootstrap.hpp>

#include <support/same.hpp>

namespace {

constexpr int resamples = 10'000;

std::vector<double> make(std::size_t n) {
  const relia::stats::random_stream stream(1);
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = stream.exponential(i);
  return x;
}

double plain_mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double plain_median(std::vector<double>& x) {
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  return *middle;
}

/// Percentile limits only: less work than BCa.
template <class Figure>
relia::interval<double> naive(const std::vector<double>& x, Figure figure) {
  std::mt19937_64 engine(1);
  std::uniform_int_distribution<std::size_t> row(0, x.size() - 1);
  std::vector<double> replicates(resamples);
  std::vector<double> drawn(x.size());
  for (double& r : replicates) {
    for (double& d : drawn) d = x[row(engine)];
    r = figure(drawn);
  }
  std::sort(replicates.begin(), replicates.end());
  return {replicates[249], replicates[9750], 0.95};
}

template <class Ours, class Theirs>
void check(const std::vector<double>& x, Ours ours, Theirs theirs) {
  using namespace relia::stats;
  // Two independent runs of 10000: the ends differ by a few percent of the width.
  const auto a = bootstrap(x, ours, {.method = percentile}).interval;
  const auto b = naive(x, theirs);
  relia::bench::require_same("lower", a.lower, b.lower, 0.02);
  relia::bench::require_same("upper", a.upper, b.upper, 0.02);
}

void mean_relia(benchmark::State& state) {
  const auto x = make(static_cast<std::size_t>(state.range(0)));
  check(x, relia::stats::sample_mean, plain_mean);
  for (auto _ : state) {
    auto e = relia::stats::bootstrap(x, relia::stats::sample_mean);
    benchmark::DoNotOptimize(e.interval);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * resamples);
}

void mean_naive(benchmark::State& state) {
  const auto x = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto i = naive(x, plain_mean);
    benchmark::DoNotOptimize(i);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * resamples);
}

void median_relia(benchmark::State& state) {
  const auto x = make(static_cast<std::size_t>(state.range(0)));
  check(x, relia::stats::sample_median, plain_median);
  for (auto _ : state) {
    auto e = relia::stats::bootstrap(x, relia::stats::sample_median);
    benchmark::DoNotOptimize(e.interval);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * resamples);
}

void median_naive(benchmark::State& state) {
  const auto x = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto i = naive(x, plain_median);
    benchmark::DoNotOptimize(i);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * resamples);
}

}  // namespace

BENCHMARK(mean_relia)->Name("bootstrap_mean/relia")->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(mean_naive)
    ->Name("bootstrap_mean/naive_mt19937")
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(median_relia)->Name("bootstrap_median/relia")->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(median_naive)
    ->Name("bootstrap_median/naive_mt19937")
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);
