// SPDX-License-Identifier: BSL-1.0
// Counting per key in a fixed memory, beside a hash map that holds every key.
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/keyed.hpp>

#include <support/same.hpp>

namespace {

using relia::aggregate::counts;
using relia::aggregate::keyed;

struct event {
  std::string key;
  bool good;
};

/// Zipf-like tenants: the square of a uniform number, of as many as the argument says.
std::vector<event> events(std::int64_t tenants) {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<> uniform;
  std::vector<event> all(1 << 16);
  for (event& e : all) {
    const double u = uniform(engine);
    e.key = "tenant-" + std::to_string(static_cast<int>(u * u * static_cast<double>(tenants)));
    e.good = engine() % 100 != 0;
  }
  return all;
}

using map = std::unordered_map<std::string, counts>;

void record_relia(benchmark::State& state) {
  const auto all = events(state.range(0));
  keyed ours({.capacity = 256});
  map theirs;
  for (const event& e : all) {
    ours.record(e.key, e.good);
    theirs[e.key].record(e.good);
  }
  counts total;
  for (const auto& [key, c] : theirs) {
    total.merge(c);
    const auto bad = ours.at(key).bad();
    const auto exact = static_cast<double>(c.bad());
    relia::bench::require_same("bad within its bounds", bad.contains(exact) ? 1 : 0, 1, 0);
  }
  relia::bench::require_same("bad in all", static_cast<double>(ours.total().bad()),
                             static_cast<double>(total.bad()), 0);
  std::size_t i = 0;
  for (auto _ : state) {
    const event& e = all[i++ % all.size()];
    ours.record(e.key, e.good);
  }
  benchmark::DoNotOptimize(ours.total());
  state.SetItemsProcessed(state.iterations());
}

void record_map(benchmark::State& state) {
  const auto all = events(state.range(0));
  map theirs;
  std::size_t i = 0;
  for (auto _ : state) {
    const event& e = all[i++ % all.size()];
    theirs[e.key].record(e.good);
  }
  benchmark::DoNotOptimize(theirs.size());
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(record_relia)->Name("keyed_record/relia")->Arg(100)->Arg(10000)->Arg(1000000);
BENCHMARK(record_map)->Name("keyed_record/unordered_map")->Arg(100)->Arg(10000)->Arg(1000000);

}  // namespace
