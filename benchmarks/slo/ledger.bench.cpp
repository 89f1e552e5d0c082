// SPDX-License-Identifier: BSL-1.0
// A year of minutes: its statement, and its statement under every accounting, beside one pass for
// each accounting, as a report that is run once for each setting of a tool does.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/slo/side_by_side.hpp>
#include <relia/stats/random.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;
using namespace std::chrono_literals;

constexpr std::int64_t minutes = 365 * 1440;
constexpr instant start{};
const period year(start, start + minutes * 1min);
const slo::objective goal(0.999);

/// Minutes without traffic, minutes not watched, late and excessive events: every choice matters.
const slo::ledger& recorded() {
  static const slo::ledger l = [] {
    const stats::random_stream random(20261123);
    slo::ledger made({.width = 1min, .late_after = 5min});
    for (std::int64_t m = 0; m < minutes; ++m) {
      const auto at = static_cast<std::uint64_t>(4 * m);
      const std::uint64_t kind = random.below(at, 100);
      const period minute(start + m * 1min, start + (m + 1) * 1min);
      if (kind == 0) continue;
      if (kind == 1) {
        made.watch(minute);
        continue;
      }
      const aggregate::counts events(static_cast<count>(random.below(at + 1, 600)),
                                     static_cast<count>(random.below(at + 2, 500) == 0));
      made.record(minute, {events, kind == 2 ? 1 : 0}, minute.to() + (kind == 3 ? 10min : 0min));
    }
    return made;
  }();
  return l;
}

const std::vector<period>& corrections() {
  static const std::vector<period> all{{start + 100h, start + 104h}, {start + 900h, start + 902h}};
  return all;
}

const slo::comparison& compared() {
  static const slo::comparison c = slo::side_by_side(recorded(), goal, year, {}, corrections());
  return c;
}

void record_and_merge(benchmark::State& state) {
  const std::vector<std::byte> bytes = recorded().to_bytes();
  for (auto _ : state) {
    slo::ledger l = slo::ledger::from_bytes(bytes);
    l.merge(recorded());
    benchmark::DoNotOptimize(l.buckets().data());
  }
  state.counters["bytes/bucket"] =
      static_cast<double>(bytes.size()) / static_cast<double>(recorded().buckets().size());
}
BENCHMARK(record_and_merge)->Unit(benchmark::kMillisecond);

void one_statement(benchmark::State& state) {
  const slo::accounting how{.excess = slo::excess_good::clamp};
  for (auto _ : state) {
    benchmark::DoNotOptimize(slo::account(recorded(), goal, year, how, corrections()).met);
  }
}
BENCHMARK(one_statement)->Unit(benchmark::kMillisecond);

void all_side_by_side(benchmark::State& state) {
  for (const slo::statement& s : compared().statements) {
    const auto again = slo::account(recorded(), goal, year, s.how, corrections());
    relia::bench::require_same("bad fraction", s.bad_fraction.value, again.bad_fraction.value, 0);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        slo::side_by_side(recorded(), goal, year, {}, corrections()).statements.size());
  }
  state.counters["accountings"] = static_cast<double>(compared().statements.size());
}
BENCHMARK(all_side_by_side)->Unit(benchmark::kMillisecond);

void all_one_by_one(benchmark::State& state) {
  for (auto _ : state) {
    for (const slo::statement& s : compared().statements) {
      benchmark::DoNotOptimize(slo::account(recorded(), goal, year, s.how, corrections()).met);
    }
  }
}
BENCHMARK(all_one_by_one)->Unit(benchmark::kMillisecond);

}  // namespace
