// SPDX-License-Identifier: BSL-1.0
// Recording whole nanoseconds at 2 digits, beside the naive ways: a std::map of rounded values, and
// a bucket by std::log. Beside HdrHistogram_c too where CMake finds it. The values of a block are
// in the cache; the histogram's state is in memory at each record.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/integer_histogram.hpp>

#include <support/same.hpp>

#if defined(RELIA_BENCH_HDR_HISTOGRAM)
#include <hdr/hdr_histogram.h>
#endif

namespace {

using relia::aggregate::integer_histogram;

constexpr std::size_t block_size = 8192;  // 64 KB
constexpr std::int64_t hour = 3'600'000'000'000;

/// Median 20 ms, sigma 1, 1 % ten to a hundred times slower.
const std::vector<std::int64_t>& block() {
  static const std::vector<std::int64_t> values = [] {
    std::mt19937_64 engine(1);
    std::lognormal_distribution<double> latency(std::log(20e6), 1.0);
    std::uniform_real_distribution<double> slower(10.0, 100.0);
    std::vector<std::int64_t> v(block_size);
    for (std::int64_t& x : v) {
      const double one = latency(engine) * (engine() % 100 == 0 ? slower(engine) : 1.0);
      x = std::min(static_cast<std::int64_t>(one), hour);
    }
    return v;
  }();
  return values;
}

/// 256 buckets up to 255, then 128 in an octave, as the histogram's own, found with a logarithm.
struct by_logarithm {
  std::vector<std::int64_t> cells =
      std::vector<std::int64_t>(integer_histogram::memory() / sizeof(std::int64_t));
  double sum = 0;
  std::int64_t min = hour;
  std::int64_t max = 0;

  void record(std::int64_t value) {
    const int octave =
        value < 256 ? 0 : static_cast<int>(std::log2(static_cast<double>(value))) - 7;
    ++cells[static_cast<std::size_t>(octave * 128 + (value >> octave))];
    sum += static_cast<double>(value);
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

struct by_map {
  std::map<std::int64_t, std::int64_t> cells;
  double sum = 0;
  std::int64_t min = hour;
  std::int64_t max = 0;

  void record(std::int64_t value) {
    std::int64_t unit = 1;
    while (value / unit >= 256) unit *= 2;
    ++cells[value / unit * unit];
    sum += static_cast<double>(value);
    min = std::min(min, value);
    max = std::max(max, value);
  }
};

template <class Shape>
void record_block(benchmark::State& state, Shape& shape) {
  const std::vector<std::int64_t>& values = block();
  for (auto _ : state) {
    for (const std::int64_t x : values) {
      shape.record(x);
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(block_size));
}

void check() {
  integer_histogram ours;
  by_logarithm logarithm;
  by_map map;
  for (const std::int64_t x : block()) {
    ours.record(x);
    logarithm.record(x);
    map.record(x);
  }
  std::size_t used = 0;
  for (std::size_t i = 0; i < ours.counters().size(); ++i) {
    const auto n = static_cast<double>(ours.counters()[i]);
    relia::bench::require_same("cell", n, static_cast<double>(logarithm.cells[i]), 0);
    if (n == 0) continue;
    relia::bench::require_same("map", n, static_cast<double>(map.cells[ours.bucket(i).lowest]), 0);
    ++used;
  }
  relia::bench::require_same("map size", static_cast<double>(used),
                             static_cast<double>(map.cells.size()), 0);
  relia::bench::require_same("sum", ours.sum(), logarithm.sum, 1e-12);
}

void integer_histogram_record(benchmark::State& state) {
  check();
  integer_histogram shape;
  benchmark::DoNotOptimize(&shape);
  record_block(state, shape);
}
BENCHMARK(integer_histogram_record)->Name("integer_histogram_record/relia");

void logarithm_record(benchmark::State& state) {
  by_logarithm shape;
  benchmark::DoNotOptimize(&shape);
  record_block(state, shape);
}
BENCHMARK(logarithm_record)->Name("integer_histogram_record/logarithm");

void map_record(benchmark::State& state) {
  by_map shape;
  benchmark::DoNotOptimize(&shape);
  record_block(state, shape);
}
BENCHMARK(map_record)->Name("integer_histogram_record/map");

#if defined(RELIA_BENCH_HDR_HISTOGRAM)
struct by_hdr {
  hdr_histogram* h = nullptr;
  by_hdr() { hdr_init(1, hour, 2, &h); }
  by_hdr(const by_hdr&) = delete;
  by_hdr& operator=(const by_hdr&) = delete;
  ~by_hdr() { hdr_close(h); }
  void record(std::int64_t value) { hdr_record_value(h, value); }
};

void hdr_record(benchmark::State& state) {
  by_hdr shape;
  integer_histogram ours;
  for (const std::int64_t x : block()) {
    shape.record(x);
    ours.record(x);
  }
  for (std::size_t i = 0; i < ours.counters().size(); ++i) {
    relia::bench::require_same(
        "HdrHistogram_c cell", static_cast<double>(ours.counters()[i]),
        static_cast<double>(hdr_count_at_index(shape.h, static_cast<int>(i))), 0);
  }
  record_block(state, shape);
}
BENCHMARK(hdr_record)->Name("integer_histogram_record/HdrHistogram_c");

void hdr_merge(benchmark::State& state) {
  by_hdr one;
  by_hdr total;
  for (const std::int64_t x : block()) one.record(x);
  for (auto _ : state) benchmark::DoNotOptimize(hdr_add(total.h, one.h));
}
BENCHMARK(hdr_merge)->Name("integer_histogram_merge/HdrHistogram_c");
#endif

integer_histogram of_block(int digits) {
  integer_histogram h({.significant_digits = digits});
  h.record(std::span<const std::int64_t>(block()));
  return h;
}

void merge(benchmark::State& state, int digits) {
  const integer_histogram one = of_block(digits);
  integer_histogram total;
  for (auto _ : state) {
    total.merge(one);
    benchmark::ClobberMemory();
  }
}
BENCHMARK_CAPTURE(merge, same, 2)->Name("integer_histogram_merge/relia");
BENCHMARK_CAPTURE(merge, finer, 3)->Name("integer_histogram_merge/relia_from_3_digits");

void quantile(benchmark::State& state) {
  const integer_histogram h = of_block(2);
  for (auto _ : state) benchmark::DoNotOptimize(h.quantile(0.99));
}
BENCHMARK(quantile)->Name("integer_histogram_quantile/relia");

}  // namespace
