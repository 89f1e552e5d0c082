// SPDX-License-Identifier: BSL-1.0
// The Kaplan-Meier curve with its log-log limits at every time, beside the plain way: sort pairs
// with std::sort, one pass, and the textbook's formula.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/stats/random.hpp>
#include <relia/stats/survival.hpp>

#include <support/same.hpp>

namespace {

struct rows {
  std::vector<double> times;
  std::vector<std::uint8_t> observed;
};

/// Different times, a fifth of them still open.
rows make(std::size_t n) {
  const relia::stats::random_stream stream(1);
  rows r{std::vector<double>(n), std::vector<std::uint8_t>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    r.times[i] = 60 * stream.exponential(2 * i);
    r.observed[i] = stream.uniform(2 * i + 1) < 0.8;
  }
  return r;
}

struct naive_point {
  double time, survival, lower, upper;
};

std::vector<naive_point> naive(const rows& r) {
  std::vector<std::pair<double, bool>> sorted(r.times.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = {r.times[i], r.observed[i] != 0};
  std::sort(sorted.begin(), sorted.end());
  std::vector<naive_point> curve;
  double survival = 1;
  double sum = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    const double risk = static_cast<double>(sorted.size() - i);
    const double time = sorted[i].first;
    double ended = 0;
    for (; i < sorted.size() && sorted[i].first == time; ++i) ended += sorted[i].second;
    if (ended > 0) {
      survival *= 1 - ended / risk;
      sum += ended / (risk * (risk - ended));
    }
    const double reach = 1.959963984540054 * std::sqrt(sum) / std::log(survival);
    curve.push_back({time, survival, std::pow(survival, std::exp(-reach)),
                     std::pow(survival, std::exp(reach))});
  }
  return curve;
}

void kaplan_meier_relia(benchmark::State& state) {
  const rows r = make(static_cast<std::size_t>(state.range(0)));
  const auto check = naive(r);
  const relia::stats::kaplan_meier curve(r.times, r.observed);
  for (const double t : {1.0, 40.0, 100.0}) {
    const auto after = std::upper_bound(check.begin(), check.end(), t,
                                        [](double x, const naive_point& p) { return x < p.time; });
    if (after == check.begin()) continue;
    const naive_point& p = *(after - 1);
    if (!(p.survival > 0 && p.survival < 1)) continue;
    relia::bench::require_same("survival", curve.survival(t), p.survival, 1e-10);
    relia::bench::require_same("lower", curve.limits(t).lower, p.lower, 1e-9);
    relia::bench::require_same("upper", curve.limits(t).upper, p.upper, 1e-9);
  }
  for (auto _ : state) {
    const relia::stats::kaplan_meier fresh(r.times, r.observed);
    auto limits = fresh.limits();
    benchmark::DoNotOptimize(limits.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void kaplan_meier_naive(benchmark::State& state) {
  const rows r = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto curve = naive(r);
    benchmark::DoNotOptimize(curve.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

}  // namespace

BENCHMARK(kaplan_meier_relia)->Name("kaplan_meier/relia")->Arg(1'000)->Arg(1'000'000);
BENCHMARK(kaplan_meier_naive)->Name("kaplan_meier/naive_sort")->Arg(1'000)->Arg(1'000'000);
