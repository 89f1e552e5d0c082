// SPDX-License-Identifier: BSL-1.0
// The probability of exhaustion from 1000 paths of 168 steps, beside the plain way: whole paths in
// memory, drawn with std::mt19937_64 and std::uniform_int_distribution, then their maxima. The
// plain way draws neither the drift's nor the spread's uncertainty.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/forecast/exhaustion.hpp>

#include <support/same.hpp>

namespace {

using relia::series;

constexpr int steps = 168;

series make(int n) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal;
  std::vector<relia::instant> times;
  std::vector<double> levels;
  double level = 100;
  for (int i = 0; i <= n; ++i) {
    times.push_back(relia::instant{} + std::chrono::hours(i));
    levels.push_back(level += 0.05 + normal(engine));
  }
  return {times, levels};
}

double ours(const series& data, double capacity, int paths) {
  return relia::forecast::exhaustion(data, capacity, std::chrono::hours(steps),
                                     {.paths = paths, .block_length = 12})
      .probability()
      .value;
}

double plain(const series& data, double capacity, int paths) {
  constexpr std::size_t block = 12;
  std::vector<double> increments;
  for (std::size_t i = 1; i < data.size(); ++i)
    increments.push_back(data.values()[i] - data.values()[i - 1]);
  std::mt19937_64 engine(1);
  std::uniform_int_distribution<std::size_t> start(0, increments.size() - 1);
  std::vector<std::vector<double>> all;
  for (int p = 0; p < paths; ++p) {
    std::vector<double> path;
    double level = data.values().back();
    while (path.size() < steps) {
      std::size_t at = start(engine);
      for (std::size_t k = 0; k < block && path.size() < steps; ++k) {
        level += increments[at++ % increments.size()];
        path.push_back(level);
      }
    }
    all.push_back(std::move(path));
  }
  const auto over = std::count_if(all.begin(), all.end(), [&](const std::vector<double>& path) {
    return *std::max_element(path.begin(), path.end()) >= capacity;
  });
  return static_cast<double>(over) / paths;
}

/// What both compute when the history is long: here five years of hours, which leave a percent of
/// the probability unknown. Two runs of 200 000 paths near 0.3 differ by up to 0.006.
void check() {
  const series data = make(43'800);
  const double capacity = data.values().back() + 20;
  relia::bench::require_same("probability", ours(data, capacity, 200'000),
                             plain(data, capacity, 200'000), 0.03);
}

template <double (*Probability)(const series&, double, int)>
void probability(benchmark::State& state) {
  check();
  const series data = make(168);
  const double capacity = data.values().back() + 20;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Probability(data, capacity, 1000));
  }
  state.SetItemsProcessed(state.iterations() * 1000 * steps);
}

BENCHMARK(probability<ours>)->Name("exhaustion/relia");
BENCHMARK(probability<plain>)->Name("exhaustion/plain");

}  // namespace
