// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/queueing/closed_network.hpp>

#include <support/same.hpp>

using namespace relia;
using queueing::closed_station;

namespace {

/// A pool of m servers of demand 1, a server of 0.02 and a think time of 5, by convolution of
/// logarithms: what a careful hand writes against overflow.
double by_logarithms(count population, count servers) {
  const auto size = static_cast<std::size_t>(population) + 1;
  std::vector<double> base(size);
  std::vector<double> weight(size);
  for (std::size_t n = 1; n < size; ++n) {
    const auto k = static_cast<double>(n);
    const double think = std::lgamma(k + 1);
    base[n] = k * std::log(5.0) - think;
    weight[n] = weight[n - 1] - std::log(std::min(k, static_cast<double>(servers)));
  }
  for (std::size_t n = 1; n < size; ++n) {  // the single server
    const double before = base[n - 1] + std::log(0.02);
    const double top = std::max(base[n], before);
    base[n] = top + std::log(std::exp(base[n] - top) + std::exp(before - top));
  }
  const auto constant = [&](std::size_t n) {
    double top = weight[0] + base[n];
    for (std::size_t j = 1; j <= n; ++j) top = std::max(top, weight[j] + base[n - j]);
    double sum = 0;
    for (std::size_t j = 0; j <= n; ++j) sum += std::exp(weight[j] + base[n - j] - top);
    return top + std::log(sum);
  };
  double throughput = 0;
  double before = constant(0);
  for (std::size_t n = 1; n < size; ++n) {
    const double now = constant(n);
    throughput = std::exp(before - now);
    before = now;
  }
  return throughput;
}

double by_relia(count population, count servers) {
  return queueing::solve_closed(std::vector<closed_station>{{1, servers}, {0.02}}, 5, population)
      .throughput;
}

/// The textbook's mean value analysis of single servers.
double by_textbook(count population) {
  const double demands[] = {0.05, 0.08, 0.02};
  double queues[3] = {};
  double throughput = 0;
  for (count n = 1; n <= population; ++n) {
    double cycle = 10;
    double residences[3];
    for (int i = 0; i < 3; ++i) cycle += residences[i] = demands[i] * (1 + queues[i]);
    throughput = static_cast<double>(n) / cycle;
    for (int i = 0; i < 3; ++i) queues[i] = throughput * residences[i];
  }
  return throughput;
}

double by_relia_single(count population) {
  return queueing::solve_closed(std::vector<closed_station>{{0.05}, {0.08}, {0.02}}, 10, population)
      .throughput;
}

template <double (*Function)(count, count)>
void pools(benchmark::State& state) {
  count population = state.range(0);
  // Logarithms near 1e4 lose four digits of the baseline.
  if (population < 1000) {
    bench::require_same("throughput", by_relia(population, 100), by_logarithms(population, 100),
                        1e-11);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(population);
    benchmark::DoNotOptimize(Function(population, 100));
  }
}

template <double (*Function)(count)>
void singles(benchmark::State& state) {
  count population = state.range(0);
  bench::require_same("throughput", by_relia_single(population), by_textbook(population), 1e-13);
  for (auto _ : state) {
    benchmark::DoNotOptimize(population);
    benchmark::DoNotOptimize(Function(population));
  }
}

}  // namespace

BENCHMARK(pools<&by_relia>)->Name("closed_pool_100/relia")->Arg(400)->Arg(10'000);
BENCHMARK(pools<&by_logarithms>)->Name("closed_pool_100/logarithms")->Arg(400);
BENCHMARK(singles<&by_relia_single>)->Name("closed_single_3/relia")->Arg(100'000);
BENCHMARK(singles<&by_textbook>)->Name("closed_single_3/textbook")->Arg(100'000);
