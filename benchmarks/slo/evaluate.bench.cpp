// SPDX-License-Identifier: BSL-1.0
// One year of minutes through the workbook's four tiers, beside the honest naive way: sum every
// window anew at every row, as a rule engine without state does.
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/slo/evaluate.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

constexpr std::int64_t rows = 365 * 1440;

struct year {
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
};

/// Poisson traffic of 600 a minute, failures at half the budget, an incident every few days.
const year& recorded() {
  static const year y = [] {
    std::mt19937_64 engine(20261123);
    year made;
    std::poisson_distribution<count> arrivals(600);
    double failing = 0.0005;
    for (std::int64_t minute = 1; minute <= rows; ++minute) {
      if (engine() % 4000 == 0) failing = 0.03;
      if (engine() % 60 == 0) failing = 0.0005;
      const count n = arrivals(engine);
      const count b = std::binomial_distribution<count>(n, failing)(engine);
      made.times.emplace_back(std::chrono::minutes(minute));
      made.good.push_back(n - b);
      made.bad.push_back(b);
    }
    return made;
  }();
  return y;
}

struct outcome {
  count alerts = 0;
  double firing = 0;
};

outcome by_prefix_sums() {
  const year& y = recorded();
  const sli::event_series series(y.times, y.good, y.bad);
  const auto e = slo::evaluate(slo::workbook_30d(), slo::objective(0.999), series,
                               {.unseen = slo::before_start::partial});
  outcome all;
  for (const slo::tier_summary& t : e.tiers) {
    all.alerts += t.alerts;
    all.firing += t.firing.count();
  }
  return all;
}

outcome by_resumming() {
  const year& y = recorded();
  outcome all;
  for (const slo::tier& t : slo::workbook_30d().tiers) {
    bool firing = false;
    for (std::size_t i = 0; i < y.times.size(); ++i) {
      const auto burns = [&](duration window) {
        count bad = 0;
        count valid = 0;
        for (std::size_t j = i + 1; j-- > 0 && y.times[j] > y.times[i] - window;) {
          bad += y.bad[j];
          valid += y.good[j] + y.bad[j];
        }
        return bad > 0 && static_cast<double>(bad) / static_cast<double>(valid) / 0.001 >= t.factor;
      };
      const bool now = burns(t.short_window) && burns(t.long_window);
      all.alerts += now && !firing;
      if (firing) all.firing += real_seconds(y.times[i] - y.times[i - 1]).count();
      firing = now;
    }
  }
  return all;
}

void require_equal() {
  static const bool checked = [] {
    const outcome ours = by_prefix_sums();
    const outcome theirs = by_resumming();
    bench::require_same("alerts", static_cast<double>(ours.alerts),
                        static_cast<double>(theirs.alerts), 0);
    bench::require_same("firing seconds", ours.firing, theirs.firing, 0);
    return true;
  }();
  (void)checked;
}

void evaluate_relia(benchmark::State& state) {
  require_equal();
  for (auto _ : state) benchmark::DoNotOptimize(by_prefix_sums());
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(evaluate_relia)->Name("evaluate/relia/1y_60s")->Unit(benchmark::kMillisecond);

void evaluate_naive(benchmark::State& state) {
  require_equal();
  for (auto _ : state) benchmark::DoNotOptimize(by_resumming());
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(evaluate_naive)->Name("evaluate/resumming/1y_60s")->Unit(benchmark::kMillisecond);

}  // namespace
