// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/incident/downtime.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

/// n intervals of up to an hour within a window that they cover about once, in random order or by
/// start.
std::vector<period> outages(std::int64_t n, bool by_start) {
  std::mt19937_64 random(7);
  std::vector<period> intervals;
  const std::int64_t seconds = n * 1800;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto draw = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(seconds));
    const instant from{std::chrono::seconds(by_start ? i * 1800 : draw)};
    intervals.emplace_back(from, from + std::chrono::seconds(random() % 3600));
  }
  return intervals;
}

period window_of(std::int64_t n) { return {instant{}, instant{} + std::chrono::seconds(n * 1800)}; }

/// The textbook sweep: +1 at each start and -1 at each end, in a map by time.
duration swept(const std::vector<period>& intervals, const period& window) {
  std::map<instant, int> changes;
  for (const period& whole : intervals) {
    const period part = window.clipped_to(whole);
    ++changes[part.from()];
    --changes[part.to()];
  }
  duration covered{0};
  int depth = 0;
  instant since{};
  for (const auto& [at, change] : changes) {
    if (depth > 0) covered += at - since;
    depth += change;
    since = at;
  }
  return covered;
}

/// Sorting the events of the sweep in one vector instead.
duration sorted_sweep(const std::vector<period>& intervals, const period& window) {
  std::vector<std::pair<instant, int>> changes;
  changes.reserve(2 * intervals.size());
  for (const period& whole : intervals) {
    const period part = window.clipped_to(whole);
    changes.emplace_back(part.from(), 1);
    changes.emplace_back(part.to(), -1);
  }
  std::sort(changes.begin(), changes.end());
  duration covered{0};
  int depth = 0;
  instant since{};
  for (const auto& [at, change] : changes) {
    if (depth > 0) covered += at - since;
    depth += change;
    since = at;
  }
  return covered;
}

void check(std::int64_t n, bool by_start) {
  const auto intervals = outages(n, by_start);
  const double ours = real_seconds(unite(intervals, window_of(n)).covered).count();
  bench::require_same("unite", ours, real_seconds(swept(intervals, window_of(n))).count(), 0);
  bench::require_same("unite", ours, real_seconds(sorted_sweep(intervals, window_of(n))).count(),
                      0);
}

template <class Function>
void run(benchmark::State& state, Function function) {
  const bool by_start = state.range(1) != 0;
  check(state.range(0), by_start);
  const auto intervals = outages(state.range(0), by_start);
  const period window = window_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(function(intervals, window));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void unite_relia(benchmark::State& state) {
  run(state, [](const auto& i, const period& w) { return unite(i, w).covered; });
}
void unite_map_sweep(benchmark::State& state) { run(state, swept); }
void unite_sorted_sweep(benchmark::State& state) { run(state, sorted_sweep); }

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"n", "by_start"})->Unit(benchmark::kMicrosecond);
  for (const int by_start : {0, 1}) b->Args({1000, by_start})->Args({1'000'000, by_start});
}

BENCHMARK(unite_relia)->Name("unite/relia")->Apply(sizes);
BENCHMARK(unite_map_sweep)->Name("unite/map_sweep")->Apply(sizes);
BENCHMARK(unite_sorted_sweep)->Name("unite/sorted_sweep")->Apply(sizes);

}  // namespace
