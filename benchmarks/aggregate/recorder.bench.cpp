// SPDX-License-Identifier: BSL-1.0
// One latency recorded, by one thread and by two at once into the same distribution. "ns" is wall
// time per value of all threads together, "ratio" how many times longer a mutex around the same
// histogram takes. Bursts of both alternate, and the first decile of each counts: on a shared
// machine most bursts of two threads wait for a second processor.
#include <aggregate/latency_stream.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <sched.h>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/recorder.hpp>

#include <support/same.hpp>

#if defined(RELIA_BENCH_PROMETHEUS_CPP)
#include <prometheus/histogram.h>
#endif

namespace {

using namespace relia;
using aggregate::histogram;
using aggregate::latency_histogram;

std::span<const double> block() {
  return std::span(bench::latencies<bench::log_normal_stream>()).first(bench::block_size);
}

/// Each way to record offers what one thread holds on to (`hand`), `record` through it, and the
/// number of values at most half a second afterwards.
template <class Histogram>
struct by_recorder {
  aggregate::recorder<Histogram> all{};
  struct hand {};
  hand take() { return {}; }
  void record(hand&, double x) { all.record(x); }
  double fast() { return all.snapshot().at_most(0.5).value; }
  double total() { return static_cast<double>(all.snapshot().count()); }
};

struct by_writer {
  aggregate::recorder<latency_histogram> all{};
  using hand = aggregate::recorder_writer<latency_histogram>;
  hand take() { return all.writer(); }
  void record(hand& h, double x) { h.record(x); }
  double fast() { return all.snapshot().at_most(0.5).value; }
  double total() { return static_cast<double>(all.snapshot().count()); }
};

struct by_mutex {
  std::mutex mutex{};
  latency_histogram all{};
  struct hand {};
  hand take() { return {}; }
  void record(hand&, double x) {
    const std::scoped_lock lock(mutex);
    all.record(x);
  }
  double fast() { return all.at_most(0.5).value; }
  double total() { return static_cast<double>(all.count()); }
};

/// The same buckets in shared atomic cells, with a sum in nanoseconds; no extremes.
struct by_fetch_add {
  static constexpr std::int64_t lowest = -20 * 64;
  std::array<std::atomic<std::uint64_t>, 2048> cells{};
  std::atomic<std::int64_t> nanoseconds{0};
  struct hand {};
  hand take() { return {}; }
  void record(hand&, double x) {
    const auto slot = static_cast<std::size_t>(aggregate::detail::raw_index<6>(x, 0) - lowest);
    cells[slot & 2047].fetch_add(1, std::memory_order_relaxed);
    nanoseconds.fetch_add(std::llrint(x * 1e9), std::memory_order_relaxed);
  }
  double fast() { return total() - above(); }
  double total() {
    double n = 0;
    for (const auto& c : cells) n += static_cast<double>(c.load());
    return n;
  }
  double above() {
    double n = 0;
    for (auto i = static_cast<std::size_t>(-64 - lowest); i < cells.size(); ++i) {
      n += static_cast<double>(cells[i].load());
    }
    return n;
  }
};

#if defined(RELIA_BENCH_PROMETHEUS_CPP)
/// Twelve buckets at most: they are searched one by one.
struct by_prometheus_cpp {
  prometheus::Histogram all{prometheus::Histogram::BucketBoundaries{
      0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0}};
  struct hand {};
  hand take() { return {}; }
  void record(hand&, double x) { all.Observe(x); }
  double fast() { return static_cast<double>(all.Collect().histogram.bucket[6].cumulative_count); }
  double total() { return static_cast<double>(all.Collect().histogram.sample_count); }
};
#endif

/// Threads that stand ready, each on a processor of its own, the caller among them.
class crew {
 public:
  explicit crew(int size) : size_(size) {
    pin(0);
    for (int i = 1; i < size; ++i) {
      others_.emplace_back([this, i] {
        pin(i);
        for (int turn = 1;; ++turn) {
          while (turn_.load(std::memory_order_acquire) < turn) {
          }
          if (!work_) return;
          work_(i);
          finished_.fetch_add(1, std::memory_order_acq_rel);
        }
      });
    }
  }
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  ~crew() {
    work_ = nullptr;
    turn_.fetch_add(1, std::memory_order_acq_rel);
    for (std::thread& t : others_) t.join();
  }

  /// Seconds from the start of `work(thread)` on all to the end of the last.
  double run(std::function<void(int)> work) {
    work_ = std::move(work);
    finished_ = 0;
    const auto start = std::chrono::steady_clock::now();
    turn_.fetch_add(1, std::memory_order_acq_rel);
    work_(0);
    while (finished_.load(std::memory_order_acquire) < size_ - 1) {
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  static void pin(int thread) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(thread) % std::thread::hardware_concurrency(), &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
  }

  int size_;
  std::vector<std::thread> others_;
  std::function<void(int)> work_;
  std::atomic<int> turn_{0};
  std::atomic<int> finished_{0};
};

/// A way to record, with a hand for each thread of a crew.
template <class Way>
class used_by {
 public:
  explicit used_by(crew& threads) : threads_(threads) {
    threads_.run([this](int i) { hands_[static_cast<std::size_t>(i)].emplace(way_.take()); });
  }

  /// Every thread records the block; seconds.
  double burst() {
    return threads_.run([this](int i) {
      auto& hand = *hands_[static_cast<std::size_t>(i)];
      for (const double x : block()) way_.record(hand, x);
    });
  }

  Way& way() { return way_; }

 private:
  crew& threads_;
  Way way_;
  std::array<std::optional<typename Way::hand>, 2> hands_;
};

/// 0.5 is a bound of the exponential buckets, so that all ways know the number at most 0.5 exactly.
template <class Way>
void record(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  crew all(threads);
  const auto ours = std::make_unique<used_by<Way>>(all);
  const auto baseline = std::make_unique<used_by<by_mutex>>(all);
  std::vector<double> seconds;
  std::vector<double> theirs;
  for (auto _ : state) {
    seconds.push_back(ours->burst());
    theirs.push_back(baseline->burst());
    state.SetIterationTime(seconds.back());
  }
  const double values = threads * static_cast<double>(bench::block_size);
  const auto fast =
      std::count_if(block().begin(), block().end(), [](double x) { return x <= 0.5; });
  const auto bursts = static_cast<double>(seconds.size());
  bench::require_same("values", ours->way().total(), bursts * values, 0);
  bench::require_same("values at most 0.5 s", ours->way().fast(),
                      bursts * threads * static_cast<double>(fast), 0);
  const auto decile = [](std::vector<double>& of) {
    const auto at = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 10);
    std::nth_element(of.begin(), at, of.end());
    return *at;
  };
  const double mine = decile(seconds);
  state.counters["ns"] = mine * 1e9 / values;
  state.counters["ratio"] = decile(theirs) / mine;
}

/// Sixteen threads' worth of shards, read at rest.
void snapshot_16_threads(benchmark::State& state) {
  aggregate::recorder<latency_histogram> all;
  std::vector<aggregate::recorder_writer<latency_histogram>> writers;
  for (int i = 0; i < 16; ++i) writers.push_back(all.writer());
  for (auto& w : writers) {
    for (const double x : block()) w.record(x);
  }
  bench::require_same("values", static_cast<double>(all.snapshot().count()),
                      16.0 * bench::block_size, 0);
  for (auto _ : state) benchmark::DoNotOptimize(all.snapshot());
}

void record_prometheus_cpp(benchmark::State& state) {
#if defined(RELIA_BENCH_PROMETHEUS_CPP)
  record<by_prometheus_cpp>(state);
#else
  state.SkipWithError("not measured: apt-get install prometheus-cpp-dev");
#endif
}

}  // namespace

BENCHMARK(record<by_recorder<latency_histogram>>)
    ->Name("record/recorder")
    ->DenseRange(1, 2)
    ->Iterations(300)
    ->UseManualTime();
BENCHMARK(record<by_recorder<histogram>>)
    ->Name("record/recorder, sum in doubles")
    ->DenseRange(1, 2)
    ->Iterations(300)
    ->UseManualTime();
BENCHMARK(record<by_writer>)
    ->Name("record/writer")
    ->DenseRange(1, 2)
    ->Iterations(300)
    ->UseManualTime();
BENCHMARK(record<by_fetch_add>)
    ->Name("record/fetch_add")
    ->DenseRange(1, 2)
    ->Iterations(300)
    ->UseManualTime();
BENCHMARK(record_prometheus_cpp)
    ->Name("record/prometheus-cpp")
    ->DenseRange(1, 2)
    ->Iterations(300)
    ->UseManualTime();
BENCHMARK(snapshot_16_threads)->Name("snapshot/16 threads");
