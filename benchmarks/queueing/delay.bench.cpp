// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>
#include <random>

#include <benchmark/benchmark.h>

#include <relia/queueing/mmc.hpp>

#include <support/same.hpp>

using namespace relia;

namespace {

constexpr count servers = 100;

/// The p99 of the response from the recurrence and a bisection of the textbook's difference of
/// exponentials: what a careful hand writes without a library.
double by_bisection(double load) {
  double b = 1;
  for (count n = 1; n <= servers; ++n) b = load * b / (static_cast<double>(n) + load * b);
  const auto c = static_cast<double>(servers);
  const double slack = c - load;
  const double wait = c * b / (slack + load * b);
  const auto tail = [&](double t) {
    return (1 - wait) * std::exp(-t) +
           wait * (slack * std::exp(-t) - std::exp(-slack * t)) / (slack - 1);
  };
  double low = 0;
  double high = 1;
  while (tail(high) > 0.01) high *= 2;
  while (high - low > 1e-13 * high) {
    const double middle = (low + high) / 2;
    (tail(middle) > 0.01 ? low : high) = middle;
  }
  return high;
}

double by_relia(double load) {
  return queueing::mmc(load, 1, servers).response_time().quantile(0.99);
}

template <double (*Function)(double)>
void run(benchmark::State& state) {
  std::mt19937_64 engine(7);
  std::uniform_real_distribution<double> rho(0.5, 0.98);
  std::array<double, 64> loads{};
  for (double& a : loads) {
    a = rho(engine) * static_cast<double>(servers);
    bench::require_same("p99", by_relia(a), by_bisection(a), 1e-11);
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Function(loads[i++ % loads.size()]));
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(run<&by_relia>)->Name("response_p99/relia/100");
BENCHMARK(run<&by_bisection>)->Name("response_p99/bisection/100");
