// SPDX-License-Identifier: BSL-1.0
// Recording log-normal latencies into 11 and 40 buckets with sum, extremes and NaN counted apart,
// beside what a client library does: the first bound that is not below the value, and a sum.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/explicit_histogram.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

constexpr std::size_t size = std::size_t{1} << 16;

const std::vector<double>& latencies() {
  static const std::vector<double> values = [] {
    std::mt19937_64 engine(20261123);
    std::lognormal_distribution<double> seconds(-3, 1.2);
    std::vector<double> made(size);
    for (double& v : made) v = seconds(engine);
    return made;
  }();
  return values;
}

/// From 1 ms up, doubling (11) or by a fifth (40).
std::vector<double> bounds(std::int64_t n) {
  std::vector<double> b(static_cast<std::size_t>(n));
  double at = 0.001;
  for (double& x : b) {
    x = at;
    at *= n <= 11 ? 2 : 1.2;
  }
  return b;
}

struct plain {
  explicit plain(std::vector<double> b) : bounds(std::move(b)), counts(bounds.size() + 1) {}
  void record(double x) {
    const auto at = std::find_if(bounds.begin(), bounds.end(), [x](double b) { return b >= x; });
    ++counts[static_cast<std::size_t>(at - bounds.begin())];
    sum += x;
  }
  std::vector<double> bounds;
  std::vector<count> counts;
  double sum = 0;
};

void record_relia(benchmark::State& state) {
  aggregate::explicit_histogram ours(bounds(state.range(0)));
  plain theirs(bounds(state.range(0)));
  for (const double v : latencies()) {
    ours.record(v);
    theirs.record(v);
  }
  for (std::size_t i = 0; i < theirs.counts.size(); ++i) {
    bench::require_same("counts", static_cast<double>(ours.counts()[i]),
                        static_cast<double>(theirs.counts[i]), 0);
  }
  bench::require_same("sum", ours.sum(), theirs.sum, 1e-12);  // theirs rounds at each value
  std::size_t i = 0;
  for (auto _ : state) {
    ours.record(latencies()[i++ % size]);
    benchmark::ClobberMemory();
  }
  benchmark::DoNotOptimize(ours);
}

void record_plain(benchmark::State& state) {
  plain theirs(bounds(state.range(0)));
  std::size_t i = 0;
  for (auto _ : state) {
    theirs.record(latencies()[i++ % size]);
    benchmark::ClobberMemory();
  }
  benchmark::DoNotOptimize(theirs);
}

}  // namespace

BENCHMARK(record_relia)->Name("explicit_histogram_record/relia")->Arg(11)->Arg(40);
BENCHMARK(record_plain)->Name("explicit_histogram_record/plain")->Arg(11)->Arg(40);
