// SPDX-License-Identifier: BSL-1.0
// A quantile of a native histogram, beside a list of its buckets with bounds from std::exp2; and
// the increase over a sliding window at every reading, beside looking at every pair of readings for
// a restart each time, as a query engine does.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/sli/native_counter.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;

/// `n` buckets of schema 3 around 1, and a zero bucket.
sli::native_histogram filled(std::int64_t n) {
  std::mt19937_64 engine(20261123);
  sli::native_counts data;
  data.schema = 3;
  data.zero_threshold = 0x1p-128;
  data.zeros = 5;
  data.count = 5;
  for (std::int64_t i = 0; i < n; ++i) {
    data.positive.push_back(
        {static_cast<std::int32_t>(i - n / 2), 1.0 + static_cast<double>(engine() % 1000)});
    data.count += data.positive.back().count;
  }
  return sli::native_histogram(data);
}

double listed(const sli::native_histogram& h, double level) {
  struct bucket {
    double lower, upper, count;
  };
  std::vector<bucket> all{{0, h.data().zero_threshold, h.data().zeros}};
  for (const sli::native_bucket& b : h.data().positive) {
    all.push_back({std::exp2((b.index - 1) / 8.0), std::exp2(b.index / 8.0), b.count});
  }
  double rank = (1 - level) * h.count();
  std::size_t k = all.size() - 1;
  for (; all[k].count < rank; --k) rank -= all[k].count;
  const bucket& b = all[k];
  return b.lower * std::exp2(std::log2(b.upper / b.lower) * (1 - rank / b.count));
}

void quantile_relia(benchmark::State& state) {
  const auto h = filled(state.range(0));
  for (const double level : {0.5, 0.9, 0.99}) {
    bench::require_same("quantile", h.quantile(level).value, listed(h, level), 1e-13);
  }
  for (auto _ : state) benchmark::DoNotOptimize(h.quantile(0.99));
}

void quantile_listed(benchmark::State& state) {
  const auto h = filled(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(listed(h, 0.99));
}

struct readings {
  std::vector<instant> times;
  std::vector<sli::native_histogram> values;
};

/// A day of readings each 30 s with 60 buckets, restarting now and then.
const readings& recorded() {
  static const readings r = [] {
    std::mt19937_64 engine(7);
    readings made;
    auto h = filled(60);
    for (int i = 0; i < 2880; ++i) {
      sli::native_counts data = engine() % 500 == 0 ? filled(60).data() : h.data();
      for (sli::native_bucket& b : data.positive) {
        const auto more = static_cast<double>(engine() % 20);
        b.count += more;
        data.count += more;
      }
      h = sli::native_histogram(data);
      made.times.emplace_back(std::chrono::seconds(30 * i));
      made.values.push_back(h);
    }
    return made;
  }();
  return r;
}

/// Of the readings in the window, not extrapolated.
double walked(const readings& r, instant at, duration window) {
  const auto index = [&](instant t) {
    return static_cast<std::size_t>(std::upper_bound(r.times.begin(), r.times.end(), t) -
                                    r.times.begin());
  };
  const std::size_t first = index(at - window);
  const std::size_t last = index(at) - 1;
  if (last <= first) return 0;
  sli::native_histogram grown = r.values[last];
  grown.subtract(r.values[first]);
  for (std::size_t i = first + 1; i <= last; ++i) {
    if (r.values[i].restarted_since(r.values[i - 1])) grown.add(r.values[i - 1]);
  }
  return grown.count();
}

void increase_relia(benchmark::State& state) {
  const duration window = std::chrono::minutes(state.range(0));
  double ours = 0;
  double theirs = 0;
  const sli::native_counter check(recorded().times, recorded().values);
  for (const instant t : recorded().times) {
    const auto answer = check.increase(t, window);
    // Readings each 30 s: the window reaches 30 s further back than its first reading, and the
    // extrapolation with it.
    if (answer.samples < 3) continue;
    const auto n = static_cast<double>(answer.samples - 1);
    if (t - window < instant{}) continue;
    ours += answer.value.count();
    theirs += walked(recorded(), t, window) * (n + 1) / n;
  }
  bench::require_same("increase", ours, theirs, 1e-9);  // sums of 2880 products
  for (auto _ : state) {
    const sli::native_counter c(recorded().times, recorded().values);
    double sum = 0;
    for (const instant t : recorded().times) {
      const auto answer = c.increase(t, window);
      if (answer.state == state::ok) sum += answer.value.count();
    }
    benchmark::DoNotOptimize(sum);
  }
}

void increase_walked(benchmark::State& state) {
  const duration window = std::chrono::minutes(state.range(0));
  for (auto _ : state) {
    double sum = 0;
    for (const instant t : recorded().times) sum += walked(recorded(), t, window);
    benchmark::DoNotOptimize(sum);
  }
}

}  // namespace

BENCHMARK(quantile_relia)->Name("native_quantile/relia")->Arg(20)->Arg(160);
BENCHMARK(quantile_listed)->Name("native_quantile/listed")->Arg(20)->Arg(160);
BENCHMARK(increase_relia)->Name("native_increase/relia")->Arg(5)->Arg(60)->Arg(1440);
BENCHMARK(increase_walked)->Name("native_increase/walked")->Arg(5)->Arg(60)->Arg(1440);
