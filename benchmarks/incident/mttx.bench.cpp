// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/incident/mttx.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

/// n closed incidents; every `open`-th goes on, when that is not 0.
std::vector<incident::timeline> incidents(std::int64_t n, std::int64_t open) {
  std::mt19937_64 random(3);
  std::vector<incident::timeline> rows(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    auto& row = rows[static_cast<std::size_t>(i)];
    row.started = instant{std::chrono::minutes(i)};
    if (open > 0 && i % open == 0) continue;
    row.resolved = *row.started + std::chrono::seconds(1 + random() % 100'000);
  }
  return rows;
}

instant now(std::int64_t n) { return instant{std::chrono::minutes(n + 2000)}; }

/// What a dashboard does: the durations of what is closed, their mean and their median.
double dashboard_median(const std::vector<incident::timeline>& rows) {
  std::vector<double> seconds;
  for (const auto& row : rows) {
    if (row.started && row.resolved)
      seconds.push_back(real_seconds(*row.resolved - *row.started).count());
  }
  double sum = 0;
  for (const double s : seconds) sum += s;
  benchmark::DoNotOptimize(sum / static_cast<double>(seconds.size()));
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  if (seconds.size() % 2 != 0) return *middle;
  return (*std::max_element(seconds.begin(), middle) + *middle) / 2;
}

void history_relia(benchmark::State& state) {
  const auto rows = incidents(state.range(0), 0);
  const instant as_of = now(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(incident::history(rows, as_of).kept().size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void mttr_relia(benchmark::State& state) {
  const auto rows = incidents(state.range(0), state.range(1));
  const incident::history h(rows, now(state.range(0)));
  if (state.range(1) == 0) {
    bench::require_same("median", incident::mttr(h).median.value.count(), dashboard_median(rows),
                        0);
  }
  for (auto _ : state) benchmark::DoNotOptimize(incident::mttr(h).median.value);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void mttr_dashboard(benchmark::State& state) {
  const auto rows = incidents(state.range(0), 0);
  for (auto _ : state) benchmark::DoNotOptimize(dashboard_median(rows));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(history_relia)
    ->Name("history/relia")
    ->ArgName("n")
    ->Arg(1000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(mttr_relia)
    ->Name("mttr/relia")
    ->ArgNames({"n", "open"})
    ->Args({1000, 0})
    ->Args({1000, 20})
    ->Args({1'000'000, 0})
    ->Args({1'000'000, 20})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(mttr_dashboard)
    ->Name("mttr/dashboard")
    ->ArgName("n")
    ->Arg(1000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
