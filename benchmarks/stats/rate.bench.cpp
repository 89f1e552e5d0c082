// SPDX-License-Identifier: BSL-1.0
// Garwood limits beside Boost's gamma quantile, called directly, and the exact p-value of two rates
// beside the sum over every split.
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/stats/rate.hpp>

#include <support/same.hpp>

namespace {

using relia::count;

std::vector<count> events(count n) {
  std::mt19937_64 engine(2);
  std::vector<count> xs(256);
  for (count& x : xs) x = n + static_cast<count>(engine() % static_cast<std::uint64_t>(n / 10));
  return xs;
}

relia::interval<double> boost_limits(count x) {
  const auto shape = static_cast<double>(x);
  const relia::detail::policy policy;
  return {boost::math::gamma_p_inv(shape, 0.025, policy),
          boost::math::gamma_q_inv(shape + 1, 0.025, policy), 0.95};
}

template <class Function>
void run(benchmark::State& state, Function function) {
  const auto xs = events(state.range(0));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(function(xs[i++ % xs.size()]));
  state.SetItemsProcessed(state.iterations());
}

void garwood_relia(benchmark::State& state) {
  for (const count x : events(state.range(0))) {
    const auto ours = relia::stats::rate(x, 1).interval;
    relia::bench::require_same("lower", ours.lower, boost_limits(x).lower, 1e-12);
    relia::bench::require_same("upper", ours.upper, boost_limits(x).upper, 1e-12);
  }
  run(state, [](count x) { return relia::stats::rate(x, 1).interval; });
}

void garwood_boost(benchmark::State& state) { run(state, boost_limits); }

/// Of two equal exposures: every split no likelier than the one seen.
double summed_p_value(count x, count y) {
  const auto n = static_cast<double>(x + y);
  const auto log_mass = [n](count k) {
    const auto successes = static_cast<double>(k);
    return boost::math::lgamma(n + 1) - boost::math::lgamma(successes + 1) -
           boost::math::lgamma(n - successes + 1) - n * std::log(2.0);
  };
  const double limit = log_mass(x) + 1e-7;
  double sum = 0;
  for (count k = 0; k <= x + y; ++k) {
    const double mass = log_mass(k);
    if (mass <= limit) sum += std::exp(mass);
  }
  return sum;
}

void p_value_relia(benchmark::State& state) {
  const count n = state.range(0);
  for (const count x : events(n)) {
    // lgamma(n + 1) rounds to n ln(n) 1e-16.
    relia::bench::require_same("p-value", relia::stats::rate_ratio_p_value(x, 1, n, 1),
                               summed_p_value(x, n), 1e-10);
  }
  run(state, [n](count x) { return relia::stats::rate_ratio_p_value(x, 1, n, 1); });
}

void p_value_summed(benchmark::State& state) {
  const count n = state.range(0);
  run(state, [n](count x) { return summed_p_value(x, n); });
}

BENCHMARK(garwood_relia)->Name("garwood/relia")->Arg(1000)->Arg(1000000)->Arg(1000000000);
BENCHMARK(garwood_boost)->Name("garwood/boost")->Arg(1000)->Arg(1000000)->Arg(1000000000);
BENCHMARK(p_value_relia)->Name("rate_ratio_p_value/relia")->Arg(100)->Arg(10000);
BENCHMARK(p_value_summed)->Name("rate_ratio_p_value/every_split")->Arg(100)->Arg(10000);

}  // namespace
