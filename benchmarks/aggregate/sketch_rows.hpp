// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The same rows for every sketch: relia's shapes, naive ones, other libraries' through an adapter.
/// A row alternates with relia's own inside one loop, so that both meet the same disturbances:
/// `ns` is the median time of one operation, `ratio` the median of (this sketch's / relia's).
///
/// An adapter S has
///   input, from_seconds(double)   what the library records; converted before the clock starts
///   record(input), count()
///   promise()                     the error that the library states; it is checked first
/// and whichever of these the library can do:
///   quantile(level), at_most(x), merge(S), bytes()
///   record(span<const input>)     in one call
///   prepare()                     what makes repeated questions cheap
///   compared_with                 the relia adapter it is timed beside

#include <aggregate/latency_stream.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <malloc.h>
#include <memory>
#include <span>
#include <string>
#include <time.h>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/histogram.hpp>

#include <support/same.hpp>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace relia::bench {

/// The answer lies within `value` (relative) of a value whose rank is within `rank` (a fraction of
/// all) of the one asked for.
struct promised {
  double value = 0.0;
  double rank = 0.0;
};
inline constexpr promised nothing_promised{0.0, 1.0};

template <class Histogram>
class relia_sketch {
 public:
  using input = double;
  static double from_seconds(double x) { return x; }

  relia_sketch() : histogram_(make()) {}
  void record(double x) noexcept { histogram_.record(x); }
  void record(std::span<const double> x) noexcept { histogram_.record(x); }
  [[nodiscard]] double count() const { return static_cast<double>(histogram_.count()); }
  [[nodiscard]] promised promise() const {
    return {aggregate::relative_error(histogram_.scale()) * (1 + 1e-12), 0.0};
  }
  void merge(const relia_sketch& other) { histogram_.merge(other.histogram_); }
  void prepare() { distribution_ = histogram_.snapshot(); }
  [[nodiscard]] double quantile(double level) const { return distribution_.quantile(level).value; }
  [[nodiscard]] double at_most(double x) const { return distribution_.at_most(x).value; }
  [[nodiscard]] std::size_t bytes() const { return histogram_.to_bytes().size(); }
  [[nodiscard]] const Histogram& histogram() const { return histogram_; }

 private:
  static Histogram make() {
    if constexpr (Histogram::layout.thresholds == 4) {
      return Histogram({0.05, 0.1, 0.25, 1.0});
    } else {
      return {};
    }
  }

  Histogram histogram_;
  aggregate::distribution distribution_;
};

template <class S>
struct beside {
  using type = relia_sketch<aggregate::latency_histogram>;
};
template <class S>
requires requires { typename S::compared_with; }
struct beside<S> {
  using type = typename S::compared_with;
};

/// Says that `object` may be read and written elsewhere: its state is in memory by then.
template <class T>
inline void settle(T& object) {
  asm volatile("" : : "r"(&object) : "memory");
}

template <class S>
std::vector<typename S::input> inputs(std::span<const double> seconds) {
  std::vector<typename S::input> out;
  for (const double x : seconds) out.push_back(S::from_seconds(x));
  return out;
}

template <class S, class Inputs>
[[gnu::noinline]] void record_each(S& sketch, const Inputs& values) {
  for (const auto x : values) {
    sketch.record(x);
    settle(sketch);
  }
}

template <class S>
void prepare(S& sketch) {
  if constexpr (requires { sketch.prepare(); }) sketch.prepare();
}

/// A sketch of the `size` values that begin at `from`, on the heap.
template <class S>
std::unique_ptr<S> sketch_of(std::size_t from, std::size_t size) {
  auto out = std::make_unique<S>();
  const std::vector<double>& known = latencies<log_normal_stream>();
  if (from + size <= known.size()) {
    for (const double x : std::span(known).subspan(from, size)) out->record(S::from_seconds(x));
  } else {
    log_normal_stream next;
    for (std::size_t k = 0; k < from; ++k) next();
    for (std::size_t k = 0; k < size; ++k) out->record(S::from_seconds(next()));
  }
  return out;
}

/// Ends the program unless the sketch keeps its own promises.
template <class S, class Stream>
void check(const std::string& name) {
  const std::span values(latencies<Stream>().data(), 200'000);
  static const ordered exact(values);
  S sketch;
  for (const double x : values) sketch.record(S::from_seconds(x));
  require_same((name + ": count").c_str(), sketch.count(), exact.count(), 0.0);
  prepare(sketch);
  const promised p = sketch.promise();
  const double n = exact.count();
  if constexpr (requires { sketch.quantile(0.5); }) {
    for (const double level : {0.5, 0.9, 0.99, 0.999, 0.9999}) {
      // One rank of play: libraries differ in which order statistic a level means.
      const double lower = exact.of_rank(std::floor((level - p.rank) * n)) * (1 - p.value);
      const double upper = exact.of_rank(std::ceil((level + p.rank) * n) + 1) * (1 + p.value);
      require_between((name + ": quantile").c_str(), sketch.quantile(level), lower, upper);
    }
  }
  if constexpr (requires { sketch.at_most(0.1); }) {
    for (const double x : {0.01, 0.1, 1.0}) {
      // A bucket is about twice as wide as its middle's error.
      const double wide = 2 * p.value / (1 - p.value);
      require_between((name + ": at_most").c_str(), sketch.at_most(x),
                      exact.at_most(x * (1 - wide)) - p.rank * n,
                      exact.at_most(x * (1 + wide)) + p.rank * n);
    }
  }
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Of this thread's processor time: on a shared machine, waiting for others is not the work's cost.
template <class F>
double nanoseconds(F&& work) {
  const auto now = [] {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e9 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

/// Times `other` and `ours` in turn, `operations` in each call.
template <class Ours, class Other>
void alternate(benchmark::State& state, std::size_t operations, Ours&& ours, Other&& other) {
  std::vector<double> ns;
  std::vector<double> ratio;
  for (auto _ : state) {
    const double mine = nanoseconds(ours);
    const double its = nanoseconds(other);
    state.SetIterationTime(its * 1e-9);
    ns.push_back(its / static_cast<double>(operations));
    ratio.push_back(its / mine);
  }
  state.counters["ns"] = median(ns);
  state.counters["ratio"] = median(ratio);
}

template <class S, class Stream>
void record_row(benchmark::State& state) {
  using ours = typename beside<S>::type;
  const std::span block(latencies<Stream>().data(), block_size);
  const auto a = inputs<ours>(block);
  const auto b = inputs<S>(block);
  const auto mine = std::make_unique<ours>();
  const auto its = std::make_unique<S>();
  const auto four_times = [](auto& sketch, const auto& values) {
    for (int k = 0; k < 4; ++k) record_each(sketch, values);
  };
  alternate(
      state, 4 * block_size, [&] { four_times(*mine, a); }, [&] { four_times(*its, b); });
}

/// Sketches without such a call record one by one, and may keep what they like in registers.
template <class S>
void record_span_row(benchmark::State& state) {
  using ours = typename beside<S>::type;
  const std::span block(latencies<log_normal_stream>().data(), block_size);
  const auto a = inputs<ours>(block);
  const auto b = inputs<S>(block);
  const auto mine = std::make_unique<ours>();
  const auto its = std::make_unique<S>();
  const auto four_times = [](auto& sketch, const auto& values) {
    for (int k = 0; k < 4; ++k) {
      if constexpr (requires { sketch.record(std::span(values)); }) {
        sketch.record(std::span(values));
      } else {
        for (const auto x : values) sketch.record(x);
      }
      settle(sketch);
    }
  };
  alternate(
      state, 4 * block_size, [&] { four_times(*mine, a); }, [&] { four_times(*its, b); });
}

#if defined(__x86_64__)
/// Each record between two readings of the processor's clock.
template <class S>
void single_records_row(benchmark::State& state) {
  const auto values = inputs<S>({latencies<log_normal_stream>().data(), block_size});
  std::vector<std::uint64_t> ticks(256 * block_size);
  const auto sketch = std::make_unique<S>();
  for (auto _ : state) {
    unsigned processor = 0;
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t first = __rdtsc();
    for (std::size_t k = 0; k < ticks.size(); ++k) {
      const auto x = values[k % block_size];
      const std::uint64_t before = __rdtscp(&processor);
      sketch->record(x);
      settle(*sketch);
      ticks[k] = __rdtscp(&processor) - before;
    }
    const auto total = static_cast<double>(__rdtsc() - first);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    std::sort(ticks.begin(), ticks.end());
    const auto at = [&](double level) {
      const auto rank = static_cast<std::size_t>(level * static_cast<double>(ticks.size()));
      return static_cast<double>(ticks[rank]) * took.count() * 1e9 / total;
    };
    state.counters["p50"] = at(0.5);
    state.counters["p99.9"] = at(0.999);
    state.counters["p99.99"] = at(0.9999);
  }
}
#endif

/// state.range(0) sketches of 10 000 values each into one, over and over.
template <class S>
void merge_row(benchmark::State& state) {
  using ours = typename beside<S>::type;
  constexpr std::size_t merges = 1000;
  const auto distinct = static_cast<std::size_t>(state.range(0));
  const auto parts = [distinct]<class T>(std::unique_ptr<T>) {
    std::vector<std::unique_ptr<T>> out;
    for (std::size_t k = 0; k < distinct; ++k) out.push_back(sketch_of<T>(k * 997, 10'000));
    return out;
  };
  const auto mine = parts(std::unique_ptr<ours>());
  const auto its = parts(std::unique_ptr<S>());
  const auto merge_all = [](auto& total, auto& from) {
    for (std::size_t k = 0; k < merges; ++k) {
      total.merge(*from[k % from.size()]);
      settle(total);
    }
  };
  const auto a = std::make_unique<ours>();
  const auto b = std::make_unique<S>();
  alternate(
      state, merges, [&] { merge_all(*a, mine); }, [&] { merge_all(*b, its); });
}

/// Questions to a state that was prepared; `Fresh`: each after another record.
template <class S, bool Fresh, class Ask>
void question_row(benchmark::State& state, Ask ask) {
  using ours = typename beside<S>::type;
  constexpr std::size_t questions = Fresh ? 50 : 1000;
  const auto mine = sketch_of<ours>(0, 100'000);
  const auto its = sketch_of<S>(0, 100'000);
  prepare(*mine);
  prepare(*its);
  const auto ask_all = [&ask]<class T>(T& sketch) {
    double sum = 0;
    for (std::size_t k = 0; k < questions; ++k) {
      if constexpr (Fresh) {
        sketch.record(T::from_seconds(0.02));
        prepare(sketch);
      }
      sum += ask(sketch, (static_cast<double>(k) + 0.5) / questions);
    }
    benchmark::DoNotOptimize(sum);
  };
  alternate(
      state, questions, [&] { ask_all(*mine); }, [&] { ask_all(*its); });
}

template <class S, bool Fresh>
void quantile_row(benchmark::State& state) {
  question_row<S, Fresh>(state, [](auto& sketch, double u) { return sketch.quantile(u); });
}

template <class S>
void at_most_row(benchmark::State& state) {
  question_row<S, false>(state, [](auto& sketch, double x) { return sketch.at_most(x); });
}

/// `bytes`: the library's own byte form of range(0) values.
template <class S>
void bytes_row(benchmark::State& state) {
  static std::map<std::int64_t, std::unique_ptr<S>> filled;  // once for all repetitions
  auto& sketch = filled[state.range(0)];
  if (!sketch) sketch = sketch_of<S>(0, static_cast<std::size_t>(state.range(0)));
  std::size_t size = 0;
  for (auto _ : state) {
    state.SetIterationTime(1e-9 * nanoseconds([&] { size = sketch->bytes(); }));
  }
  state.counters["bytes"] = static_cast<double>(size);
}

/// `memory` of one sketch of 10 000 values as the allocator counts it, its headers included: the
/// mean of many, since it keeps a few freed blocks of each size at hand.
template <class S>
void memory_row(benchmark::State& state) {
  constexpr std::size_t sketches = 100;
  const auto allocated = [] {
    const auto m = mallinfo2();
    return static_cast<double>(m.uordblks + m.hblkhd);
  };
  std::vector<std::unique_ptr<S>> all;
  all.reserve(sketches);
  static_cast<void>(latencies<log_normal_stream>());
  for (auto _ : state) {
    const double before = allocated();
    state.SetIterationTime(1e-9 * nanoseconds([&all] {
                             for (std::size_t k = 0; k < sketches; ++k) {
                               all.push_back(sketch_of<S>(k * 997, 10'000));
                             }
                           }));
    state.counters["memory"] = (allocated() - before) / sketches;
    all.clear();
  }
}

template <class F>
benchmark::internal::Benchmark* add_row(const std::string& row, F run) {
  return benchmark::RegisterBenchmark(row.c_str(), run)->UseManualTime();
}

/// Runs `row` after the first call has checked the sketch.
template <class S>
auto checked(const std::string& name, void (*row)(benchmark::State&)) {
  return [name, row](benchmark::State& state) {
    static const bool kept =
        (check<S, log_normal_stream>(name), check<S, pareto_stream>(name), true);
    benchmark::DoNotOptimize(kept);
    row(state);
  };
}

template <class S>
void add_record_rows(const std::string& name) {
  add_row("record/lognormal/" + name, checked<S>(name, record_row<S, log_normal_stream>));
  add_row("record/pareto/" + name, checked<S>(name, record_row<S, pareto_stream>));
#if defined(__x86_64__)
  add_row("single_records/" + name, checked<S>(name, single_records_row<S>))->Iterations(1);
#endif
}

template <class S>
void add_question_rows(const std::string& name) {
  if constexpr (requires(S & s) { s.quantile(0.5); }) {
    add_row("quantile/" + name, checked<S>(name, quantile_row<S, false>));
    add_row("record_then_quantile/" + name, checked<S>(name, quantile_row<S, true>));
  }
  if constexpr (requires(S & s) { s.at_most(0.5); }) {
    add_row("at_most/" + name, checked<S>(name, at_most_row<S>));
  }
}

template <class S>
void add_size_rows(const std::string& name) {
  add_row("memory/" + name, checked<S>(name, memory_row<S>))->Iterations(1);
  if constexpr (requires(S & s) { s.bytes(); }) {
    add_row("bytes/" + name, checked<S>(name, bytes_row<S>))
        ->Arg(1'000)
        ->Arg(100'000)
        ->Arg(10'000'000)
        ->Iterations(100);
  }
}

/// All rows that the sketch can answer. Returns true, for an initialiser.
template <class S>
bool add_rows(const std::string& name) {
  add_record_rows<S>(name);
  if constexpr (requires(S & s) { s.merge(s); }) {
    add_row("merge/" + name, checked<S>(name, merge_row<S>))->Arg(1)->Arg(1000);
  }
  add_question_rows<S>(name);
  add_size_rows<S>(name);
  return true;
}

}  // namespace relia::bench
