// SPDX-License-Identifier: BSL-1.0
// The increase over a sliding window at every sample. Both find the window by binary search; relia
// then looks only at the resets inside it, the plain way walks its samples.
#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/sli/counter.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

struct samples {
  std::vector<instant> times;
  std::vector<double> values;
};

constexpr std::int64_t size = 100000;

/// Every 15 s with some jitter, a restart every few thousand samples.
const samples& recorded() {
  static const samples s = [] {
    std::mt19937_64 engine(20261123);
    samples made;
    double value = 0;
    for (std::int64_t i = 0; i < size; ++i) {
      value = engine() % 3000 == 0 ? 0 : value + static_cast<double>(engine() % 50);
      made.times.emplace_back(std::chrono::seconds(15 * i) +
                              std::chrono::milliseconds(engine() % 20));
      made.values.push_back(value);
    }
    return made;
  }();
  return s;
}

/// Construction of the counter included.
double by_relia(duration window) {
  const samples& s = recorded();
  const sli::counter c(s.times, s.values);
  double sum = 0;
  for (const instant t : s.times) {
    const auto answer = c.increase(t, window);
    if (answer.state == state::ok) sum += answer.value;
  }
  return sum;
}

double seconds(duration d) { return static_cast<double>(d.count()) / 1e9; }

double walk(const samples& s, instant at, duration window) {
  const auto index = [&](instant t) {
    return static_cast<std::size_t>(std::upper_bound(s.times.begin(), s.times.end(), t) -
                                    s.times.begin());
  };
  const std::size_t first = index(at - window);
  const std::size_t last = index(at) - 1;
  if (last <= first) return 0;
  double grown = s.values[last] - s.values[first];
  for (std::size_t i = first + 1; i <= last; ++i) {
    if (s.values[i] < s.values[i - 1]) grown += s.values[i - 1];
  }
  const double sampled = seconds(s.times[last] - s.times[first]);
  const double step = sampled / static_cast<double>(last - first);
  double to_start = seconds(s.times[first] - (at - window));
  double to_end = seconds(at - s.times[last]);
  if (to_start >= step * 1.1) to_start = step / 2;
  if (grown > 0) to_start = std::min(to_start, sampled * (s.values[first] / grown));
  if (to_end >= step * 1.1) to_end = step / 2;
  return grown * ((sampled + to_start + to_end) / sampled);
}

double by_walking(duration window) {
  const samples& s = recorded();
  double sum = 0;
  for (const instant t : s.times) sum += walk(s, t, window);
  return sum;
}

duration window_of(const benchmark::State& state) {
  const duration window = std::chrono::minutes(state.range(0));
  bench::require_same("increase", by_relia(window), by_walking(window), 0);
  return window;
}

void increase_relia(benchmark::State& state) {
  const duration window = window_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(by_relia(window));
  state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(increase_relia)
    ->Name("increase/relia/window_minutes")
    ->Arg(5)
    ->Arg(60)
    ->Arg(1440)
    ->Unit(benchmark::kMillisecond);

void increase_walking(benchmark::State& state) {
  const duration window = window_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(by_walking(window));
  state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(increase_walking)
    ->Name("increase/walking/window_minutes")
    ->Arg(5)
    ->Arg(60)
    ->Arg(1440)
    ->Unit(benchmark::kMillisecond);

}  // namespace
