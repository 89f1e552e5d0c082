// SPDX-License-Identifier: BSL-1.0
// From how many values on is a histogram worth it? The bytes of both forms for n log-normal
// latencies, and the cost of recording n values into a fresh aggregate, beside the histogram alone.
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/adaptive.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/integer_histogram.hpp>

#include <support/same.hpp>

namespace {

using relia::aggregate::adaptive;
using relia::aggregate::integer_histogram;
using exponential = relia::aggregate::latency_histogram;

/// Seconds, or nanoseconds for the histogram of integers: median 20 ms, sigma 1.
template <class Histogram>
std::vector<double> latencies(std::size_t n) {
  std::mt19937_64 engine(1);
  std::lognormal_distribution<double> latency(std::log(20e-3), 1.0);
  std::vector<double> values(n);
  for (double& x : values) {
    x = latency(engine);
    if (std::same_as<Histogram, integer_histogram>) x = std::round(x * 1e9);
  }
  return values;
}

template <class Histogram>
void adaptive_record(benchmark::State& state) {
  const auto values = latencies<Histogram>(static_cast<std::size_t>(state.range(0)));
  adaptive<Histogram, 4096> kept;
  kept.record(std::span<const double>(values));
  Histogram alone;
  alone.record(std::span<const double>(values));
  relia::bench::require_same("median", kept.quantile(0.5).value, alone.quantile(0.5).value,
                             0.00543);  // the guarantee of scale 6; 2 digits keep 0.39 %
  adaptive<Histogram> fresh;
  for (auto _ : state) {
    adaptive<Histogram> shape = fresh;
    for (const double x : values) shape.record(x);
    benchmark::DoNotOptimize(shape);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["sample_bytes"] = static_cast<double>(kept.to_bytes().size());
  state.counters["histogram_bytes"] = static_cast<double>(alone.to_bytes().size());
}
BENCHMARK(adaptive_record<integer_histogram>)->RangeMultiplier(2)->Range(16, 1024);
BENCHMARK(adaptive_record<exponential>)->RangeMultiplier(2)->Range(16, 1024);

template <class Histogram>
void histogram_record(benchmark::State& state) {
  const auto values = latencies<Histogram>(static_cast<std::size_t>(state.range(0)));
  const Histogram fresh;
  for (auto _ : state) {
    Histogram shape = fresh;
    for (const double x : values) shape.record(x);
    benchmark::DoNotOptimize(shape);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(histogram_record<integer_histogram>)->RangeMultiplier(8)->Range(16, 1024);
BENCHMARK(histogram_record<exponential>)->RangeMultiplier(8)->Range(16, 1024);

}  // namespace
