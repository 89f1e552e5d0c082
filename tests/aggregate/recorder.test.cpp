// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/recorder.hpp>

#include <support/close.hpp>

using namespace relia;
using aggregate::counts;
using aggregate::recorder;

// ThreadSanitizer links its own allocation functions.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RELIA_TEST_OWN_NEW 0
#endif
#endif
#if !defined(RELIA_TEST_OWN_NEW)
#define RELIA_TEST_OWN_NEW 1
#endif

#if RELIA_TEST_OWN_NEW

namespace {

bool no_memory_for_shards = false;

}  // namespace

// What the recorder takes its shards by; nothing else in these tests does.
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return no_memory_for_shards ? nullptr : ::operator new(size, alignment);
}

#endif

namespace {

/// The two ends of a long copy, tied by every record: a torn copy breaks `whole`. A record is short
/// and a copy long, so that writers come by while it is made.
class tied {
 public:
  template <class Access>
  void record_with(std::int64_t value) noexcept {
    Access::store(sum_, Access::load(sum_) + value);
    Access::store(min_, std::min(Access::load(min_), value));
    Access::store(max_, std::max(Access::load(max_), value));
    Access::store(records_, Access::load(records_) + 1);
    Access::store(sum_again_, Access::load(sum_again_) + value);
  }

  void copy_shared_from(const tied& other) noexcept {
    using shared = aggregate::detail::shared;
    sum_ = shared::load(other.sum_);
    for (std::size_t i = 0; i < between; ++i) cell_[i] = shared::load(other.cell_[i]);
    min_ = shared::load(other.min_);
    max_ = shared::load(other.max_);
    records_ = shared::load(other.records_);
    sum_again_ = shared::load(other.sum_again_);
  }

  void merge(const tied& other) noexcept {
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    records_ += other.records_;
    sum_again_ += other.sum_again_;
  }

  void subtract(const tied& part) noexcept {
    sum_ -= part.sum_;
    records_ -= part.records_;
    sum_again_ -= part.sum_again_;
  }

  [[nodiscard]] bool empty() const noexcept { return records_ == 0; }
  [[nodiscard]] std::int64_t records() const noexcept { return records_; }
  [[nodiscard]] std::int64_t sum() const noexcept { return sum_; }
  [[nodiscard]] std::int64_t min() const noexcept { return min_; }
  [[nodiscard]] std::int64_t max() const noexcept { return max_; }

  [[nodiscard]] bool whole() const noexcept {
    return sum_ == sum_again_ &&
           (records_ == 0 ? sum_ == 0 : min_ * records_ <= sum_ && sum_ <= max_ * records_);
  }

 private:
  static constexpr std::size_t between = 500;

  std::int64_t sum_ = 0;
  std::int64_t cell_[between]{};
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t records_ = 0;
  std::int64_t sum_again_ = 0;
};

/// Runs `work(i)` on n threads and waits for them.
template <class Work>
void on_threads(int n, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([work, i] { work(i); });
  for (std::thread& t : threads) t.join();
}

}  // namespace

TEST_SUITE_BEGIN("recorder");

TEST_CASE("recorder: a snapshot holds what was recorded, as often as it is taken") {
  recorder<counts> requests;
  CHECK(requests.snapshot().empty());
  requests.record(true);
  requests.record(false, 3);
  CHECK(requests.snapshot() == counts(1, 3));
  CHECK(requests.snapshot() == counts(1, 3));
  requests.record(true);
  CHECK(requests.snapshot() == counts(2, 3));
  CHECK(requests.lost() == 0);
}

#if RELIA_TEST_OWN_NEW

TEST_CASE("lost: counts records without memory for a shard; the next one tries again") {
  recorder<counts> requests;
  no_memory_for_shards = true;
  auto without = requests.writer();
  without.record(true);
  requests.record(true);
  requests.record(false);
  no_memory_for_shards = false;
  CHECK(requests.lost() == 3);
  CHECK(requests.snapshot().empty());
  requests.record(true);
  CHECK(requests.snapshot() == counts(1, 0));
  CHECK(requests.lost() == 3);
}

#endif

TEST_CASE("recorder: costs a thread two aggregates and at most 152 bytes") {
  CHECK(recorder<counts>::bytes_per_thread <= 2 * sizeof(counts) + 152);
  using aggregate::histogram;
  CHECK(recorder<histogram>::bytes_per_thread <= 2 * sizeof(histogram) + 152);
}

TEST_CASE("drain: each record is in exactly one, and snapshots keep all") {
  recorder<counts> requests;
  requests.record(true);
  CHECK(requests.drain() == counts(1, 0));
  CHECK(requests.drain().empty());
  requests.record(false);
  requests.record(true, 5);
  CHECK(requests.snapshot() == counts(6, 1));
  CHECK(requests.drain() == counts(5, 1));
  CHECK(requests.drain().empty());
  requests.record(true);
  requests.record(true);
  CHECK(requests.drain() == counts(2, 0));
  CHECK(requests.snapshot() == counts(8, 1));
}

TEST_CASE("drain: has the extremes of its own records") {
  recorder<tied> values;
  values.record(1000);
  values.record(1);
  CHECK(values.drain().max() == 1000);
  values.record(7);
  values.record(8);
  const tied second = values.drain();
  CHECK(second.min() == 7);
  CHECK(second.max() == 8);
  CHECK(values.snapshot().max() == 1000);
}

namespace {

/// Two equal cells, between which a test can act as the other thread would.
struct interrupted {
  static inline std::function<void()> by{};
  std::int64_t first = 0;
  std::int64_t second = 0;

  static void interrupt() {
    if (by) std::exchange(by, nullptr)();
  }
  template <class Access>
  void record_with(std::int64_t value) noexcept {
    Access::store(first, Access::load(first) + value);
    interrupt();
    Access::store(second, Access::load(second) + value);
  }
  void copy_shared_from(const interrupted& other) noexcept {
    first = aggregate::detail::shared::load(other.first);
    interrupt();
    second = aggregate::detail::shared::load(other.second);
  }
  void merge(const interrupted& other) noexcept {
    first += other.first;
    second += other.second;
  }
  [[nodiscard]] bool empty() const noexcept { return first == 0; }
};

}  // namespace

TEST_CASE("shard: a copy is refused within a record, and when a record came by") {
  aggregate::detail::shard<interrupted> shard(interrupted{});
  interrupted copy;
  shard.record(1);
  bool within = true;
  interrupted::by = [&] { within = shard.copy_live(copy); };
  shard.record(2);
  CHECK_FALSE(within);
  interrupted::by = [&] { shard.record(4); };
  CHECK_FALSE(shard.copy_live(copy));
  CHECK(shard.copy_live(copy));
  CHECK(copy.first == 7);
  CHECK(copy.second == 7);
}

TEST_CASE(
    "snapshot: of a thread that records during its copy, which then moves to the spare side") {
  recorder<interrupted> values;
  values.record(1);
  interrupted::by = [&] {
    values.record(2);
    interrupted::by = [&] { values.record(4); };  // during the next copy, on the spare side
  };
  const interrupted all = values.snapshot();
  CHECK(all.first == 3);
  CHECK(all.second == 3);
  const interrupted later = values.snapshot();
  CHECK(later.first == 7);
  CHECK(later.second == 7);
}

TEST_CASE("shard: a record that missed the request to move is still in exactly one drain") {
  // The steps of recorder::drain by hand, with records where a store not yet seen would put them.
  const counts empty;
  aggregate::detail::shard<counts> shard(empty);
  counts all;
  counts fresh;
  counts copy;
  CHECK_FALSE(shard.has_news());
  shard.record(true);
  REQUIRE(shard.copy_live(copy));
  shard.report(copy, fresh);
  CHECK(fresh == counts(1, 0));
  shard.record(true, 2);
  CHECK(shard.has_news());
  REQUIRE(shard.copy_live(copy));
  shard.report(copy, fresh);
  CHECK(fresh == counts(3, 0));
  CHECK_FALSE(shard.has_news());
  shard.record(false, 4);
  shard.ask_for_flip();
  CHECK_FALSE(shard.take_retired(empty, all, fresh));
  shard.record(true, 10);  // the first in the clean aggregate
  CHECK(shard.take_retired(empty, all, fresh));
  CHECK(all == counts(3, 4));
  CHECK(fresh == counts(3, 4));
  CHECK(shard.has_news());
  REQUIRE(shard.copy_live(copy));
  CHECK(copy == counts(10, 0));
  // Reported, and nothing recorded since: the retired side has nothing fresh.
  shard.report(copy, fresh);
  shard.ask_for_flip();
  shard.record(false, 5);
  CHECK(shard.take_retired(empty, all, fresh));
  CHECK(all == counts(13, 4));
  CHECK(fresh == counts(13, 4));
}

TEST_CASE("recorder: refuses to start from an aggregate that holds records") {
  CHECK_THROWS_WITH_AS(
      recorder<counts>(counts(1, 0)),
      "relia::aggregate::recorder: empty must be without records, got one that holds some",
      std::invalid_argument);
}

TEST_CASE("snapshot: no record is torn while threads record back to back") {
  recorder<tied> values;
  constexpr int writers = 3;
  constexpr std::int64_t round = 1000;  // each thread goes through 1 .. 1000 again and again
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> rounds{0};
  std::int64_t drained = 0;
  std::thread reader([&] {
    while (values.snapshot().empty()) std::this_thread::yield();
    std::int64_t seen = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(150);
    for (int i = 0; std::chrono::steady_clock::now() < end; ++i) {
      const tied all = values.snapshot();
      CHECK(all.whole());
      CHECK(all.records() >= seen);
      seen = all.records();
      if (i % 3 == 0) {
        const tied fresh = values.drain();
        CHECK(fresh.whole());
        drained += fresh.records();
        CHECK(drained >= seen);
      }
    }
    stop = true;
  });
  on_threads(writers, [&](int) {
    for (; !stop; ++rounds) {
      for (std::int64_t n = 1; n <= round; ++n) values.record(n);
    }
  });
  reader.join();
  CHECK(drained + values.drain().records() == rounds * round);
  const tied all = values.snapshot();
  CHECK(all.whole());
  CHECK(all.records() == rounds * round);
  CHECK(all.sum() == rounds * 500500);  // 1 + ... + 1000
  CHECK(all.min() == 1);
  CHECK(all.max() == 1000);
}

TEST_CASE("snapshot: a histogram is whole even while its buckets widen") {
  // Every thread records 1, 2, 4 ... 2^63, round after round, which needs more octaves than a small
  // histogram has. In a state after whole records, sum and extremes follow from the count.
  recorder<aggregate::small_histogram> values;
  constexpr int writers = 2;
  constexpr int rounds = 300;
  std::atomic<int> writing{writers};
  std::thread reader([&] {
    count drained = 0;
    while (writing > 0) {
      const aggregate::small_histogram all = values.snapshot();
      const aggregate::small_histogram fresh = values.drain();
      REQUIRE(all.at_most(0x1p63).value == static_cast<double>(all.count()));
      REQUIRE(all.count() >= drained);
      if (!all.empty()) REQUIRE(all.min().value == 1);
      drained += fresh.count();
    }
    CHECK(drained + values.drain().count() == writers * rounds * 64);
  });
  on_threads(writers, [&](int) {
    for (int n = 0; n < rounds * 64; ++n) values.record(static_cast<double>(1ull << (n % 64)));
    --writing;
  });
  reader.join();
  const aggregate::small_histogram all = values.snapshot();
  CHECK(all.count() == writers * rounds * 64);
  CHECK(all.max().value == 0x1p63);
  // 2^64 - 1 per round, and as a double 2^64: 600 of them.
  CHECK_REL(all.sum(), 600 * 0x1p64, 4e-16);  // one rounding of the total
}

TEST_CASE("snapshot: what it counts at thresholds are its own records, while buckets widen") {
  using limited = aggregate::basic_histogram<aggregate::histogram_layout{
      .max_scale = 8, .slots = 160, .negative_slots = 4, .thresholds = 3}>;
  constexpr std::size_t size = 20'000;
  const limited empty({0.7, 1.0, 10.0});
  std::mt19937_64 random(15);
  std::vector<double> values(size);
  std::vector<std::array<count, 3>> upto(size + 1);  // of the first n values
  for (std::size_t n = 0; n < size; ++n) {
    const double spread = 0.1 + 40.0 * static_cast<double>(n) / size;
    const double share = static_cast<double>(random() >> 11) * 0x1p-53;
    values[n] = n % 50 == 0 ? -1.0 : n % 51 == 0 ? 0.0 : std::exp2((share - 0.5) * spread);
    upto[n + 1] = upto[n];
    for (std::size_t k = 0; k < 3; ++k) upto[n + 1][k] += values[n] <= empty.thresholds()[k];
  }
  for (int round = 0; round < 20; ++round) {
    recorder<limited> all(empty);
    std::atomic<bool> recorded{false};
    limited drained = empty;
    std::thread reader([&] {
      do {
        const limited now = all.snapshot();
        CHECK(now.at_thresholds() == upto[static_cast<std::size_t>(now.count())]);
        drained.merge(all.drain());
        CHECK(drained.at_thresholds() == upto[static_cast<std::size_t>(drained.count())]);
      } while (!recorded);
    });
    for (const double x : values) all.record(x);
    recorded = true;
    reader.join();
    drained.merge(all.drain());
    CHECK(drained.at_thresholds() == upto[size]);
    CHECK(all.snapshot().at_thresholds() == upto[size]);
  }
}

TEST_CASE("snapshot: what happened before it is in it") {
  recorder<counts> requests;
  std::atomic<std::int64_t> recorded{0};
  std::thread writer([&] {
    for (int i = 0; i < 20000; ++i) {
      requests.record(true);
      recorded.store(i + 1, std::memory_order_release);
    }
  });
  for (std::int64_t before = 0; before < 20000;) {
    before = recorded.load(std::memory_order_acquire);
    REQUIRE(requests.snapshot().good() >= before);
  }
  writer.join();
}

TEST_CASE("drain: readers at once take each record once") {
  recorder<counts> requests;
  std::atomic<std::int64_t> taken{0};
  std::atomic<int> writing{2};
  on_threads(4, [&](int i) {
    if (i < 2) {
      for (int n = 0; n < 50000; ++n) requests.record(n % 2 == 0);
      --writing;
    } else {
      while (writing > 0) taken += requests.drain().valid();
    }
  });
  taken += requests.drain().valid();
  CHECK(taken == 100000);
  CHECK(requests.snapshot() == counts(50000, 50000));
}

TEST_CASE("recorder: records of threads that have ended stay, and their shards are used again") {
  recorder<counts> requests;
  for (int round = 0; round < 200; ++round) {
    on_threads(2, [&](int i) { requests.record(i == 0); });
    if (round % 50 == 0) CHECK(requests.snapshot() == counts(round + 1, round + 1));
  }
  CHECK(requests.snapshot() == counts(200, 200));
}

TEST_CASE("recorder: threads that outlive it, and recorders that share a row of a thread's table") {
  std::atomic<int> step{0};
  auto first = std::make_unique<recorder<counts>>();
  std::thread thread([&] {
    first->record(true);
    step = 1;
    while (step != 2) std::this_thread::yield();
    // Its lease of `first` is a dead one now, and goes when this recorder's is taken.
    recorder<counts> second;
    second.record(true);
    CHECK(second.snapshot() == counts(1, 0));
  });
  while (step != 1) std::this_thread::yield();
  first.reset();
  step = 2;
  thread.join();

  std::vector<std::unique_ptr<recorder<counts>>> many;
  for (int i = 0; i < 40; ++i) many.push_back(std::make_unique<recorder<counts>>());
  for (int round = 0; round < 3; ++round) {
    for (auto& r : many) r->record(true);
  }
  for (auto& r : many) CHECK(r->snapshot() == counts(3, 0));
}

TEST_CASE("recorder: an object that a thread destroys late may still record") {
  static recorder<counts> requests;  // outlives the thread
  struct late {
    ~late() { requests.record(false); }
  };
  std::thread([] {
    static thread_local late first_made;  // made before the leases, destroyed after them
    (void)&first_made;
    requests.record(true);
  }).join();
  CHECK(requests.snapshot() == counts(1, 1));
  std::thread([] { requests.record(true); }).join();
  CHECK(requests.snapshot() == counts(2, 1));
}

TEST_CASE("writer: records without a look-up, moves, and gives its shard back") {
  recorder<counts> requests;
  {
    auto a = requests.writer();
    auto b = requests.writer();
    a.record(true);
    b.record(false);
    auto moved = std::move(a);
    moved.record(true);
    b = std::move(moved);
    b.record(true);
    requests.record(false);
  }
  CHECK(requests.snapshot() == counts(3, 2));
  auto again = requests.writer();
  again.record(true);
  CHECK(requests.snapshot() == counts(4, 2));
  CHECK(requests.lost() == 0);

  std::optional<recorder<counts>> brief(std::in_place);
  auto outlives = brief->writer();
  outlives.record(true);
  brief.reset();
}

namespace {

/// A request as one record: its outcome and how long it took, in or out together.
struct served {
  counts outcome{};
  tied latency{};

  template <class Access>
  void record_with(bool good, std::int64_t nanoseconds) noexcept {
    outcome.record_with<Access>(good);
    latency.record_with<Access>(nanoseconds);
  }
  void copy_shared_from(const served& other) noexcept {
    outcome.copy_shared_from(other.outcome);
    latency.copy_shared_from(other.latency);
  }
  void merge(const served& other) noexcept {
    outcome.merge(other.outcome);
    latency.merge(other.latency);
  }
  [[nodiscard]] bool empty() const noexcept { return outcome.empty(); }
};

}  // namespace

TEST_CASE("recorder: an aggregate of several is one record") {
  recorder<served> requests;
  std::thread writer([&] {
    for (int i = 0; i < 20000; ++i) requests.record(i % 100 != 0, i % 500);
  });
  for (int i = 0; i < 200; ++i) {
    const served now = requests.snapshot();
    REQUIRE(now.latency.whole());
    REQUIRE(now.outcome.valid() == now.latency.records());
  }
  writer.join();
  CHECK(requests.snapshot().outcome == counts(19800, 200));
}
