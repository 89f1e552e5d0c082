// SPDX-License-Identifier: BSL-1.0
// Clopper-Pearson limits beside the beta quantile of Boost, called directly, whose time grows with
// the square root of the count. Wilson beside nothing, for its cost alone.
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/math/special_functions/beta.hpp>

#include <relia/stats/proportion.hpp>

#include <support/same.hpp>

namespace {

using relia::count;

/// Different numbers of successes out of n, about a tenth.
std::vector<count> successes(count n) {
  std::mt19937_64 engine(1);
  std::vector<count> xs(256);
  for (count& x : xs)
    x = n / 10 + static_cast<count>(engine() % static_cast<std::uint64_t>(n / 20));
  return xs;
}

relia::interval<double> boost_limits(count x, count n) {
  const auto a = static_cast<double>(x);
  const auto b = static_cast<double>(n - x);
  const relia::detail::policy policy;
  return {boost::math::ibeta_inv(a, b + 1, 0.025, policy),
          boost::math::ibetac_inv(a + 1, b, 0.025, policy), 0.95};
}

template <class Limits>
void run(benchmark::State& state, Limits limits) {
  const count n = state.range(0);
  const auto xs = successes(n);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(limits(xs[i++ % xs.size()], n));
  state.SetItemsProcessed(state.iterations());
}

void clopper_pearson_relia(benchmark::State& state) {
  const relia::stats::proportion_options exact{.method = relia::stats::clopper_pearson};
  for (const count x : successes(state.range(0))) {
    const auto ours = relia::stats::proportion(x, state.range(0), exact).interval;
    const auto theirs = boost_limits(x, state.range(0));
    // The published tests bound ours; Boost's own error at these counts is below 1e-9.
    relia::bench::require_same("lower", ours.lower, theirs.lower, 1e-9);
    relia::bench::require_same("upper", ours.upper, theirs.upper, 1e-9);
  }
  run(state, [&](count x, count n) { return relia::stats::proportion(x, n, exact).interval; });
}

void clopper_pearson_boost(benchmark::State& state) { run(state, boost_limits); }

void wilson_relia(benchmark::State& state) {
  run(state, [](count x, count n) { return relia::stats::proportion(x, n).interval; });
}

BENCHMARK(clopper_pearson_relia)
    ->Name("clopper_pearson/relia")
    ->Arg(1000)
    ->Arg(1000000)
    ->Arg(1000000000);
BENCHMARK(clopper_pearson_boost)
    ->Name("clopper_pearson/boost")
    ->Arg(1000)
    ->Arg(1000000)
    ->Arg(1000000000);
BENCHMARK(wilson_relia)->Name("wilson/relia")->Arg(1000)->Arg(1000000000);

}  // namespace
