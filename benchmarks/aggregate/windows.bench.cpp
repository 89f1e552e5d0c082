// SPDX-License-Identifier: BSL-1.0
// One event into all windows from 5 m to 30 d. The plain ways: a ring of sixty cells for each
// window, each told of every event; and a queue of events for each window, which is exact, keeps
// every event and takes them in order only. Events come from a block that stays in cache, so that
// what is timed is recording; one in a hundred is up to 30 s late where the plain way can take it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/windows.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;
using aggregate::counts;

constexpr aggregate::window_layout layout;
constexpr std::size_t windows_held = 7;

struct event {
  std::int64_t after;  // nanoseconds since the one before
  std::int64_t late;
  bool good;
};

class stream {
 public:
  stream(std::int64_t per_second, bool late) : step_(1'000'000'000 / per_second) {
    std::mt19937_64 engine(20261123);
    for (event& e : block_) {
      const auto up_to = [&](std::int64_t most) {
        return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(most));
      };
      e = {up_to(2 * step_), late && up_to(100) == 0 ? up_to(30'000'000'000) : 0, up_to(1000) != 0};
    }
  }

  /// Times are on, not only after, the start of a cell of 12 h.
  template <class Record>
  void next(Record&& record) noexcept {
    const event& e = block_[i_++ % block_.size()];
    now_ += e.after;
    record(instant(duration(now_ - e.late)), e.good);
  }

  [[nodiscard]] instant now() const noexcept { return instant(duration(now_)); }

 private:
  std::array<event, 2048> block_{};
  std::int64_t step_;
  std::size_t i_ = 0;
  std::int64_t now_ = 1'800'000'000'000'000'000;
};

/// One ring for one window.
class ring {
 public:
  explicit ring(duration length) : grain_(length.count() / 60) {}

  void record(instant t, bool good) noexcept {
    const std::int64_t since = t.time_since_epoch().count() - newest_ * grain_;
    if (0 <= since && since < grain_) {  // most events need no division
      cell(newest_).record(good);
      return;
    }
    const std::int64_t index = t.time_since_epoch().count() / grain_;
    if (index > newest_) {
      if (index - newest_ >= size) {
        cells_ = {};
      } else {
        for (std::int64_t i = newest_ + 1; i <= index; ++i) cell(i) = counts{};
      }
      newest_ = index;
    }
    if (index > newest_ - size) cell(index).record(good);
  }

  [[nodiscard]] counts last(instant now) noexcept {
    const std::int64_t end = now.time_since_epoch().count() / grain_;
    counts total;
    for (std::int64_t i = end - size + 1; i < end; ++i) {
      if (newest_ - size < i && i <= newest_) total.merge(cell(i));
    }
    return total;
  }

 private:
  static constexpr std::int64_t size = 61;
  counts& cell(std::int64_t i) noexcept { return cells_[static_cast<std::size_t>(i % size)]; }

  std::int64_t grain_;
  std::int64_t newest_ = 0;
  std::array<counts, size> cells_{};
};

struct by_relia {
  aggregate::windows<counts> all{layout};

  void record(instant t, bool good) noexcept { all.record(t, good); }
  counts last(std::size_t k, instant now) { return all.last(layout.lengths()[k], now).at_least; }
};

struct by_rings {
  std::vector<ring> rings = [] {
    std::vector<ring> made;
    for (const duration length : layout.lengths()) made.emplace_back(length);
    return made;
  }();

  void record(instant t, bool good) noexcept {
    for (ring& r : rings) r.record(t, good);
  }
  counts last(std::size_t k, instant now) { return rings[k].last(now); }
};

struct by_queues {
  struct queue {
    duration length;
    std::deque<std::pair<instant, bool>> events{};
    std::array<count, 2> held{};

    void drop(instant from) {
      for (; !events.empty() && events.front().first < from; events.pop_front()) {
        --held[events.front().second];
      }
    }
  };
  std::vector<queue> queues = [] {
    std::vector<queue> made;
    for (const duration length : layout.lengths()) made.push_back({length});
    return made;
  }();

  void record(instant t, bool good) {
    for (queue& q : queues) {
      q.drop(t - q.length);
      q.events.emplace_back(t, good);
      ++q.held[good];
    }
  }
  counts last(std::size_t k, instant now) {
    queues[k].drop(now - queues[k].length);
    return {queues[k].held[1], queues[k].held[0]};
  }
};

/// At the next start of a cell of every grain, all ways are exact and must agree.
template <class Baseline>
void require_same(std::int64_t per_second, bool late) {
  by_relia ours;
  Baseline theirs;
  stream s(per_second, late);
  for (int i = 0; i < 300'000; ++i) {
    s.next([&](instant t, bool good) {
      ours.record(t, good);
      theirs.record(t, good);
    });
  }
  const duration half_day = std::chrono::hours(12);
  const instant now(half_day * (s.now().time_since_epoch() / half_day + 1));
  for (std::size_t k = 0; k < windows_held; ++k) {
    const counts a = ours.last(k, now);
    const counts b = theirs.last(k, now);
    bench::require_same("good", static_cast<double>(a.good()), static_cast<double>(b.good()), 0);
    bench::require_same("bad", static_cast<double>(a.bad()), static_cast<double>(b.bad()), 0);
  }
}

template <class Way>
void record(benchmark::State& state, bool late) {
  Way way;
  Way* in_memory = &way;
  benchmark::DoNotOptimize(in_memory);
  stream s(state.range(0), late);
  for (auto _ : state) {
    for (int i = 0; i < 1000; ++i) {
      s.next([&](instant t, bool good) { in_memory->record(t, good); });
      benchmark::ClobberMemory();  // nothing of the windows stays in registers
    }
  }
  benchmark::DoNotOptimize(way.last(0, s.now()));
  state.SetItemsProcessed(state.iterations() * 1000);
}

void record_relia(benchmark::State& state) { record<by_relia>(state, true); }
void record_relia_in_order(benchmark::State& state) { record<by_relia>(state, false); }
void record_rings(benchmark::State& state) {
  require_same<by_rings>(state.range(0), true);
  record<by_rings>(state, true);
}
void record_queues(benchmark::State& state) {
  require_same<by_queues>(state.range(0), false);
  record<by_queues>(state, false);
}
BENCHMARK(record_relia)->Name("record/relia/per_second")->Arg(100000)->Arg(1000)->Arg(1);
BENCHMARK(record_rings)->Name("record/rings/per_second")->Arg(100000)->Arg(1000)->Arg(1);
BENCHMARK(record_relia_in_order)->Name("record_in_order/relia/per_second")->Arg(1000)->Arg(1);
BENCHMARK(record_queues)->Name("record_in_order/queues/per_second")->Arg(1000)->Arg(1);

/// All seven windows, 30 d after the start.
template <class Way>
void answers(benchmark::State& state) {
  Way way;
  stream s(1, false);
  for (int i = 0; i < 2'600'000; ++i) s.next([&](instant t, bool good) { way.record(t, good); });
  for (auto _ : state) {
    for (std::size_t k = 0; k < windows_held; ++k) {
      benchmark::DoNotOptimize(way.last(k, s.now()));
    }
  }
}
BENCHMARK(answers<by_relia>)->Name("answers/relia");
BENCHMARK(answers<by_rings>)->Name("answers/rings");

}  // namespace
