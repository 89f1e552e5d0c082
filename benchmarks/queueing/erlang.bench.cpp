// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include <benchmark/benchmark.h>

#include <relia/queueing/erlang.hpp>

#include <support/same.hpp>

using namespace relia;

namespace {

/// The classic recurrence, as most tools have it: O(servers).
double recurrence(count servers, double load) {
  double b = 1;
  for (count n = 1; n <= servers; ++n) b = load * b / (static_cast<double>(n) + load * b);
  const auto c = static_cast<double>(servers);
  return c * b / (c - load + load * b);
}

/// Loads between half and all of the servers; the recurrence agrees to its own rounding.
std::array<double, 64> loads(count servers) {
  std::mt19937_64 engine(7);
  std::uniform_real_distribution<double> rho(0.5, 0.9999);
  std::array<double, 64> all{};
  for (double& a : all) {
    a = rho(engine) * static_cast<double>(servers);
    const double theirs = recurrence(servers, a);
    if (theirs > 1e-290) {
      bench::require_same("erlang_c", queueing::erlang_c(servers, a), theirs, 1e-11);
    }
  }
  return all;
}

template <double (*Function)(count, double)>
void run(benchmark::State& state) {
  const count servers = state.range(0);
  const auto given = loads(servers);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Function(servers, given[i++ % given.size()]));
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK(run<&queueing::erlang_c<double>>)
    ->Name("erlang_c/relia")
    ->Arg(10)
    ->Arg(1000)
    ->Arg(1'000'000);
BENCHMARK(run<&recurrence>)->Name("erlang_c/recurrence")->Arg(10)->Arg(1000)->Arg(1'000'000);
