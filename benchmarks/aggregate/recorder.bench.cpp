// SPDX-License-Identifier: BSL-1.0
// One latency recorded, by one thread and by two at once into the same distribution: the time shown
// is wall time per value of all threads. Values come from memory, one record call each.
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <random>
#include <sched.h>
#include <thread>
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

constexpr std::size_t block = 4096;

/// Seconds: log-normal around 20 ms with sigma 1, one in a hundred 10 to 100 times as long.
const std::vector<double>& latencies() {
  static const std::vector<double> values = [] {
    std::mt19937_64 engine(20261123);
    std::lognormal_distribution<double> usual(std::log(0.020), 1.0);
    std::uniform_real_distribution<double> factor(10, 100);
    std::vector<double> made(block);
    for (double& x : made) x = usual(engine) * (engine() % 100 == 0 ? factor(engine) : 1.0);
    return made;
  }();
  return values;
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

/// Each thread on a processor of its own.
void pin(int thread) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(thread) % std::thread::hardware_concurrency(), &one);
  pthread_setaffinity_np(pthread_self(), sizeof one, &one);
}

/// Two threads record the whole block; every way must then hold each value twice. 0.5 is a bound of
/// the exponential buckets, so that all ways know the number at most 0.5 exactly.
template <class Way>
void check() {
  const auto way = std::make_unique<Way>();
  const auto run = [&] {
    auto hand = way->take();
    for (const double x : latencies()) way->record(hand, x);
  };
  std::thread other(run);
  run();
  other.join();
  double fast = 0;
  for (const double x : latencies()) fast += x <= 0.5 ? 2 : 0;
  bench::require_same("values", way->total(), 2.0 * static_cast<double>(block), 0);
  bench::require_same("values at most 0.5 s", way->fast(), fast, 0);
}

template <class Way>
void record(benchmark::State& state) {
  static std::unique_ptr<Way> way;
  if (state.thread_index() == 0) {
    check<Way>();
    way = std::make_unique<Way>();
  }
  pin(state.thread_index());
  const std::vector<double>& values = latencies();
  std::optional<typename Way::hand> hand;
  std::size_t i = static_cast<std::size_t>(state.thread_index()) * (block / 2);
  for (auto _ : state) {  // the threads meet here before they start
    if (!hand) [[unlikely]]
      hand.emplace(way->take());
    way->record(*hand, values[i++ % block]);
  }
  state.SetItemsProcessed(state.iterations());
}

/// Sixteen threads' worth of shards, read at rest.
void snapshot_16_threads(benchmark::State& state) {
  aggregate::recorder<latency_histogram> all;
  std::vector<aggregate::recorder_writer<latency_histogram>> writers;
  for (int i = 0; i < 16; ++i) writers.push_back(all.writer());
  for (auto& w : writers) {
    for (const double x : latencies()) w.record(x);
  }
  bench::require_same("values", static_cast<double>(all.snapshot().count()), 16.0 * block, 0);
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
    ->Name("record/recorder/threads")
    ->ThreadRange(1, 2)
    ->UseRealTime();
BENCHMARK(record<by_recorder<histogram>>)
    ->Name("record/recorder, sum in doubles/threads")
    ->ThreadRange(1, 2)
    ->UseRealTime();
BENCHMARK(record<by_writer>)->Name("record/writer/threads")->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(record<by_fetch_add>)->Name("record/fetch_add/threads")->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(record<by_mutex>)->Name("record/mutex/threads")->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(record_prometheus_cpp)
    ->Name("record/prometheus-cpp/threads")
    ->ThreadRange(1, 2)
    ->UseRealTime();
BENCHMARK(snapshot_16_threads)->Name("snapshot/16 threads");
