// SPDX-License-Identifier: BSL-1.0
// The exponential histogram in its layouts, beside what one would write by hand. Other libraries
// add their rows from peers/.
#include <aggregate/sketch_rows.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

namespace {

using namespace relia::bench;
using namespace relia::aggregate;

using with_thresholds =
    basic_histogram<histogram_layout{.thresholds = 4, .ticks_per_unit = 1'000'000'000}>;

/// Counters under the index ceil(64 log2 x) - 1, with sum and extremes.
template <class Counts>
class by_logarithm {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) {
    ++counts_[index(x)];
    sum_ += x;
    min_ = std::min(min_, x);
    max_ = std::max(max_, x);
  }
  [[nodiscard]] double count() const {
    std::int64_t n = 0;
    each([&](std::size_t, std::int64_t c) { n += c; });
    return static_cast<double>(n);
  }
  [[nodiscard]] promised promise() const { return {0.00542, 0.0}; }
  void merge(const by_logarithm& other) {
    other.each([this](std::size_t k, std::int64_t c) { counts_[k] += c; });
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
  }
  [[nodiscard]] double quantile(double level) const {
    double left = std::max(1.0, std::ceil(level * count()));
    std::size_t at = 0;
    each([&](std::size_t k, std::int64_t c) {
      if (left > 0) at = k;
      left -= static_cast<double>(c);
    });
    const double lower = std::exp2((static_cast<double>(at) - first_) / 64);
    const double upper = std::exp2((static_cast<double>(at) + 1 - first_) / 64);
    return 2 * lower * upper / (lower + upper);
  }
  [[nodiscard]] double at_most(double x) const {
    const std::size_t last = index(x);
    std::int64_t n = 0;
    each([&](std::size_t k, std::int64_t c) { n += k <= last ? c : 0; });
    return static_cast<double>(n);
  }

 private:
  static constexpr int first_ = 64 * 20;  // 1 µs to over an hour

  static std::size_t index(double x) {
    const int k = static_cast<int>(std::ceil(std::log2(x) * 64)) - 1 + first_;
    return static_cast<std::size_t>(std::clamp(k, 0, 2047));
  }
  template <class F>
  void each(F&& f) const {
    if constexpr (requires(Counts & c) { c.fill(0); }) {
      for (std::size_t k = 0; k < counts_.size(); ++k) f(k, counts_[k]);
    } else {
      for (const auto& [k, c] : counts_) f(k, c);
    }
  }

  Counts counts_{};
  double sum_ = 0;
  double min_ = 1e300;
  double max_ = -1e300;
};

/// Every value, ranked when asked.
class all_values {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  void record(double x) { values_.push_back(x); }
  [[nodiscard]] double count() const { return static_cast<double>(values_.size()); }
  [[nodiscard]] promised promise() const { return {}; }
  [[nodiscard]] double quantile(double level) {
    const auto rank = static_cast<std::ptrdiff_t>(std::ceil(level * count()));
    const auto at = values_.begin() + std::max<std::ptrdiff_t>(rank, 1) - 1;
    std::nth_element(values_.begin(), at, values_.end());
    return *at;
  }
  [[nodiscard]] double at_most(double x) const {
    return static_cast<double>(
        std::count_if(values_.begin(), values_.end(), [x](double v) { return v <= x; }));
  }

 private:
  std::vector<double> values_;
};

/// Nothing recorded: what the clock itself costs in single_records.
struct nothing {
  using input = double;
  static double from_seconds(double x) { return x; }
  void record(double x) { benchmark::DoNotOptimize(x); }
};

template <class Histogram>
void snapshot(benchmark::State& state) {
  const auto mine = sketch_of<relia_sketch<Histogram>>(0, 100'000);
  for (auto _ : state) benchmark::DoNotOptimize(mine->histogram().snapshot());
}
BENCHMARK(snapshot<latency_histogram>)->Name("snapshot/relia latency_histogram");
BENCHMARK(snapshot<small_histogram>)->Name("snapshot/relia small_histogram");

/// Of a state that other code may have changed, as a caller that asks now and then finds it.
void fraction_at_most(benchmark::State& state) {
  const auto mine = sketch_of<relia_sketch<latency_histogram>>(0, 100'000);
  distribution all = mine->histogram().snapshot();
  double x = 0.0;
  for (auto _ : state) {
    x = x < 1.0 ? x + 0.001 : 0.0005;
    settle(all);
    benchmark::DoNotOptimize(all.fraction_at_most(x));
  }
}
BENCHMARK(fraction_at_most)->Name("fraction_at_most/relia latency_histogram");

template <class S>
bool add_span_row(const std::string& name) {
  add_row("record_span/" + name, checked<S>(name, record_span_row<S>));
  return true;
}

const bool added = [] {
  using by_array = by_logarithm<std::array<std::int64_t, 2048>>;
  add_rows<relia_sketch<latency_histogram>>("relia latency_histogram");
  add_rows<relia_sketch<histogram>>("relia histogram");
  add_rows<relia_sketch<compact_histogram>>("relia compact_histogram");
  add_rows<relia_sketch<small_histogram>>("relia small_histogram");
  add_rows<relia_sketch<with_thresholds>>("relia with four thresholds");
  add_rows<by_array>("log2 into an array");
  add_rows<by_logarithm<std::map<std::size_t, std::int64_t>>>("log2 into a map");
  add_question_rows<all_values>("all values");
  add_size_rows<all_values>("all values");
  add_span_row<relia_sketch<latency_histogram>>("relia latency_histogram");
  add_span_row<relia_sketch<histogram>>("relia histogram");
  add_span_row<relia_sketch<with_thresholds>>("relia with four thresholds");
  add_span_row<by_array>("log2 into an array");
#if defined(__x86_64__)
  add_row("single_records/the clock alone", single_records_row<nothing>)->Iterations(1);
#endif
  benchmark::AddCustomContext("peers", RELIA_BENCH_PEERS_FOUND);  // each with its version
  return true;
}();

}  // namespace
