// SPDX-License-Identifier: BSL-1.0
// One year at 15 s (2.1 million rows) through ten policies of four tiers, on one core. The baseline
// is what a table of columns does: a rolling sum per window over all rows, then comparisons and
// their conjunction as columns, as pandas or Polars would; without the sharing of windows between
// policies, which those do not do either.
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/slo/backtest.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

constexpr std::int64_t rows = 365 * 5760;

struct year {
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  std::vector<period> incidents;
};

/// Poisson traffic of 150 a row, failures at half the budget, an hour of 3 % every few days.
const year& recorded() {
  static const year y = [] {
    std::mt19937_64 engine(20261123);
    std::poisson_distribution<count> arrivals(150);
    year made;
    double failing = 0.0005;
    for (std::int64_t row = 1; row <= rows; ++row) {
      made.times.emplace_back(row * std::chrono::seconds(15));
      if (engine() % 16000 == 0 && failing < 0.03) {
        failing = 0.03;
        made.incidents.emplace_back(made.times.back(), made.times.back() + std::chrono::hours(1));
      }
      if (!made.incidents.empty() && made.times.back() >= made.incidents.back().to()) {
        failing = 0.0005;
      }
      const count n = arrivals(engine);
      const count b = std::binomial_distribution<count>(n, failing)(engine);
      made.good.push_back(n - b);
      made.bad.push_back(b);
    }
    return made;
  }();
  return y;
}

std::vector<slo::policy> ten_policies() {
  std::vector<slo::policy> all;
  for (int k = 0; k < 10; ++k) {
    slo::policy p = slo::workbook_30d();
    for (slo::tier& t : p.tiers) t.factor *= 1 + 0.1 * k;
    all.push_back(p);
  }
  return all;
}

struct outcome {
  count alerts = 0;
  double firing = 0;
};

outcome by_relia() {
  const year& y = recorded();
  const sli::event_series series(y.times, y.good, y.bad);
  const std::vector<slo::policy> policies = ten_policies();
  outcome all;
  for (const auto& r : slo::backtest(policies, slo::objective(0.999), series, y.incidents,
                                     {.evaluation = {.unseen = slo::before_start::partial}})) {
    for (const slo::tier_summary& t : r.evaluation.tiers) {
      all.alerts += t.alerts;
      all.firing += t.firing.count();
    }
  }
  return all;
}

/// A column of whether the burn rate over a window reaches the factor.
std::vector<char> burning_column(const year& y, duration length, double factor) {
  const std::size_t n = y.times.size();
  std::vector<double> bad(n);
  std::vector<double> valid(n);
  double failed = 0;
  double all = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < n; ++i) {  // a rolling sum: adds one row, takes out those that left
    failed += static_cast<double>(y.bad[i]);
    all += static_cast<double>(y.good[i] + y.bad[i]);
    for (; y.times[first] <= y.times[i] - length; ++first) {
      failed -= static_cast<double>(y.bad[first]);
      all -= static_cast<double>(y.good[first] + y.bad[first]);
    }
    bad[i] = failed;
    valid[i] = all;
  }
  std::vector<double> rate(n);
  for (std::size_t i = 0; i < n; ++i) rate[i] = bad[i] / valid[i] / 0.001;
  std::vector<char> column(n);
  for (std::size_t i = 0; i < n; ++i) column[i] = bad[i] > 0 && rate[i] >= factor;
  return column;
}

outcome by_columns() {
  const year& y = recorded();
  outcome all;
  for (const slo::policy& p : ten_policies()) {
    for (const slo::tier& t : p.tiers) {
      const std::vector<char> wide = burning_column(y, t.long_window, t.factor);
      const std::vector<char> narrow = burning_column(y, t.short_window, t.factor);
      bool firing = false;
      for (std::size_t i = 0; i < y.times.size(); ++i) {
        const bool now = wide[i] != 0 && narrow[i] != 0;
        all.alerts += now && !firing;
        if (firing) all.firing += real_seconds(y.times[i] - y.times[i - 1]).count();
        firing = now;
      }
    }
  }
  return all;
}

void require_equal() {
  static const bool checked = [] {
    const outcome ours = by_relia();
    const outcome theirs = by_columns();
    // At equality the column's quotient may round to the other side; no more than a few rows.
    bench::require_same("alerts", static_cast<double>(ours.alerts),
                        static_cast<double>(theirs.alerts), 1e-3);
    bench::require_same("firing seconds", ours.firing, theirs.firing, 1e-4);
    return true;
  }();
  (void)checked;
}

void backtest_relia(benchmark::State& state) {
  require_equal();
  for (auto _ : state) benchmark::DoNotOptimize(by_relia());
  state.SetItemsProcessed(state.iterations() * rows * 10);
}
BENCHMARK(backtest_relia)->Name("backtest/relia/1y_15s_x10")->Unit(benchmark::kMillisecond);

void backtest_columns(benchmark::State& state) {
  require_equal();
  for (auto _ : state) benchmark::DoNotOptimize(by_columns());
  state.SetItemsProcessed(state.iterations() * rows * 10);
}
BENCHMARK(backtest_columns)->Name("backtest/columns/1y_15s_x10")->Unit(benchmark::kMillisecond);

}  // namespace
