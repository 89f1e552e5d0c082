// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/windows.hpp>

using namespace relia;
using aggregate::counts;
using aggregate::window_layout;
using aggregate::windows;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("windows");

namespace {

constexpr instant t0{};
constexpr std::uint64_t seed = 20261123;  // any: the properties hold for all

struct event {
  instant at;
  bool good;
};

counts recount(const std::vector<event>& events, const period& of) {
  counts c;
  for (const event& e : events) {
    if (of.contains(e.at)) c.record(e.good);
  }
  return c;
}

/// Everything that is in the windows, by way of the longest one and what lies after it.
template <class Windows>
counts inside(const Windows& w) {
  return w.last(w.layout().longest(), w.newest() + 1ns).at_most();
}

count refused(const windows<counts>& w) { return w.late() + w.ahead() + w.held(); }

/// A stream in which every event is late by up to `lateness`.
std::vector<event> stream(std::mt19937_64& random, int n, duration step, duration lateness) {
  std::vector<event> events;
  instant now = t0 - 36h;  // across 1970, where division rounds the other way
  for (int i = 0; i < n; ++i) {
    now += duration(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(step.count())));
    const auto late =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(lateness.count() + 1));
    events.push_back({now - duration(late), random() % 10 != 0});
  }
  return events;
}

/// The answer for [now - length, now) against the events themselves.
void check_answer(const windows<counts>& w, const std::vector<event>& events, duration length,
                  instant now) {
  const auto answer = w.last(length, now);
  const counts exact = recount(events, {now - length, now});
  const counts most = answer.at_most();
  REQUIRE(answer.window == period(now - length, now));
  REQUIRE(answer.complete);
  REQUIRE(answer.at_least == recount(events, answer.covered));
  REQUIRE(answer.at_least.good() <= exact.good());
  REQUIRE(answer.at_least.bad() <= exact.bad());
  REQUIRE(exact.good() <= most.good());
  REQUIRE(exact.bad() <= most.bad());
  if (exact.valid() > 0) {
    const double fraction = static_cast<double>(exact.bad()) / static_cast<double>(exact.valid());
    REQUIRE(bad_fraction(answer).contains(fraction));
  }
}

}  // namespace

TEST_CASE("windows: agree with a recount of every event, in any order within the allowance") {
  std::mt19937_64 random(seed);
  const window_layout layouts[] = {
      window_layout({5min, 30min, 1h, 6h}, {.allowance = 10min}),
      window_layout({1min, 10min}, {.parts = 7, .allowance = 10min}),
      window_layout({100s, 6h}, {.parts = 3, .allowance = 6h}),
      window_layout({1h}, {.parts = 1, .allowance = 1h}),
  };
  for (const window_layout& layout : layouts) {
    for (const duration step : {duration(3s), duration(1min), duration(11min)}) {
      windows<counts> w(layout);
      const duration allowance = layout.options().allowance;
      const duration lateness = step < allowance ? allowance - step : duration(0);
      std::vector<event> events = stream(random, 1500, std::min(step, allowance), lateness);
      std::vector<event> seen;
      for (const event& e : events) {
        w.record(e.at, e.good);
        seen.push_back(e);
        if (random() % 25 != 0) continue;
        for (const duration length : layout.lengths()) {
          check_answer(w, seen, length, w.newest() + 1ns);
          check_answer(w, seen, length,
                       w.newest() + 1ns + std::chrono::milliseconds(random() % 1000000));
          const auto answer = w.last(length, w.newest() + 1ns);
          REQUIRE(answer.covered.to() == answer.window.to());
          REQUIRE(length - answer.covered.length() <= length / layout.options().parts);
          // Up to the allowance before the newest, the cells still reach.
          check_answer(w, seen, length,
                       w.newest() + 1ns - allowance * static_cast<int>(random() % 1001) / 1000);
        }
        check_answer(w, seen, layout.longest() * static_cast<int>(1 + random() % 1000) / 1000,
                     w.newest() + 1ns);
      }
      REQUIRE(w.late() == 0);
      REQUIRE(w.ahead() == 0);
    }
  }
}

TEST_CASE("windows: a window on whole cells is exact") {
  windows<counts> w;
  for (int s = 0; s < 7200; ++s) w.record(t0 + s * 1s, s % 100 != 0);
  for (const duration length : {duration(5min), duration(30min), duration(1h)}) {
    const auto answer = w.last(length, t0 + 2h);
    CHECK(answer.oldest.cell.empty());
    CHECK(answer.newest.cell.empty());
    CHECK(answer.total().valid() == length / 1s);
    CHECK(bad_fraction(answer).exact());
  }
}

TEST_CASE("windows: hosts add up to what one would have recorded, in any order of merging") {
  std::mt19937_64 random(seed + 1);
  const window_layout layout({5min, 1h, 6h}, {.parts = 20, .allowance = 30min});
  for (int round = 0; round < 20; ++round) {
    windows<counts> whole(layout);
    std::array<windows<counts>, 3> parts{windows<counts>(layout), windows<counts>(layout),
                                         windows<counts>(layout)};
    for (const event& e : stream(random, 2000, 30s, 25min)) {
      whole.record(e.at, e.good);
      parts[random() % 3].record(e.at, e.good);
    }
    windows<counts> left = parts[0];
    left.merge(parts[1]);
    left.merge(parts[2]);
    windows<counts> right = parts[2];
    right.merge(parts[1]);
    windows<counts> outer = parts[0];
    outer.merge(right);
    REQUIRE(left == whole);
    REQUIRE(outer == whole);
    windows<counts> with_empty(layout);
    with_empty.merge(whole);
    REQUIRE(with_empty == whole);
    with_empty.merge(windows<counts>(layout));
    REQUIRE(with_empty == whole);
  }
}

TEST_CASE("windows: late samples go to their cell, also where cells have become coarse") {
  windows<counts> w;
  w.record(t0 + 3h, true);
  w.record(t0 + 2h + 1min, false);  // 59 minutes late
  CHECK(w.last(1h, t0 + 3h).at_least.bad() == 1);
  CHECK(w.last(30min, t0 + 3h).at_most().bad() == 0);
  w.record(t0 + 1h, false);  // two hours late
  CHECK(w.held() == 1);
  CHECK(w.last(6h, t0 + 3h + 1s).at_most().bad() == 2);  // held, but it may be true
  CHECK(w.last(6h, t0 + 3h + 1s).at_least.bad() == 1);
  w.record(t0 + 3h, true);
  CHECK(w.held() == 0);
  CHECK(w.late() == 1);
  CHECK(inside(w) == counts(2, 1));
}

TEST_CASE("windows: no single wrong stamp makes the right samples refused") {
  for (const duration wrong : {duration(59min), duration(61min), duration(24h * 400),
                               duration(-59min), duration(-61min), duration(-24h * 400)}) {
    windows<counts> w;
    count recorded = 0;
    for (int s = 0; s < 4000; ++s) {
      w.record(t0 + s * 1s, true);
      if (s == 2000) w.record(t0 + s * 1s + wrong, false);
      ++recorded;
    }
    CHECK(inside(w).good() == recorded);
    CHECK(w.set_aside().empty());
    CHECK(inside(w).bad() + refused(w) == 1);
  }
}

TEST_CASE("windows: a clock that steps forward for good is believed, and loses no sample") {
  windows<counts> w;
  for (int s = 0; s < 3600; ++s) w.record(t0 + s * 1s, true);
  const instant later = t0 + 48h;
  for (int i = 0; i < 7; ++i) w.record(later + i * 1s, false);
  CHECK(w.held() == 7);
  CHECK(w.newest() == t0 + 3599s);
  CHECK(w.last(5min, later + 10s).at_least.empty());
  CHECK(w.last(5min, later + 10s).at_most() == counts(0, 7));
  w.record(later + 7s, false);
  CHECK(w.held() == 0);
  CHECK(w.ahead() == 0);
  CHECK(w.last(5min, later + 10s).at_least == counts(0, 8));
  CHECK(w.last(72h, later + 10s).total() == counts(3600, 8));
}

TEST_CASE("windows: the last of a run is judged by itself") {
  windows<counts> w;
  w.record(t0, true);
  for (int i = 0; i < 7; ++i) w.record(t0 + 2h + i * 1s, false);
  w.record(t0 + 24h * 10000, false);  // the eighth is garbage
  CHECK(w.newest() == t0 + 2h + 6s);
  CHECK(w.held() == 1);
  w.record(t0 + 2h + 8s, false);
  CHECK(w.ahead() == 1);
  CHECK(inside(w) == counts(1, 8));
}

TEST_CASE("windows: seldom samples, each after a silence over the allowance, are all recorded") {
  windows<counts> w;
  for (int i = 0; i < 100; ++i) w.record(t0 + i * 2h, true);
  CHECK(w.ahead() == 0);
  CHECK(inside(w).good() + w.held() == 100);
  CHECK(w.last(24h, t0 + 199h).at_most().good() == 12);  // 176 h to 198 h
}

TEST_CASE("windows: a run that samples within the allowance interrupt is refused and counted") {
  windows<counts> w;
  for (int i = 0; i < 1000; ++i) {
    w.record(t0 + i * 1s, true);
    w.record(t0 + 24h + i * 1s, false);  // another host, a day ahead
    if (i % 3 == 0) w.record(t0 - 24h + i * 1s, false);
  }
  w.record(t0 + 1000s, true);
  CHECK(inside(w) == counts(1001, 0));
  CHECK(w.ahead() == 1000);
  CHECK(w.late() == 334);
}

TEST_CASE("windows: a clock that steps back for good is followed; what it disowns is set aside") {
  windows<counts> w;
  for (int s = 0; s < 7200; ++s) w.record(t0 + s * 1s, true);  // true time
  const instant wrong = t0 + 30h;                              // then a wrong clock, for a minute
  for (int s = 0; s < 60; ++s) w.record(wrong + s * 1s, false);
  CHECK(w.newest() == wrong + 59s);
  const instant back = t0 + 7260s;
  for (int s = 0; s < 3600; ++s) w.record(back + s * 1s, true);
  CHECK(w.newest() == back + 3599s);
  CHECK(refused(w) == 0);
  // Of the true hours before, only the cell is lost that the step falls into: at 28 h back cells
  // are 72 minutes long, and that of 7260 s begins at 4320 s.
  CHECK(w.set_aside() == counts(7200 - 4320, 60));
  CHECK(inside(w) == counts(4320 + 3600, 0));
  CHECK(w.last(30min, back + 3600s).at_least.good() >= 1770);
  CHECK(w.last(30min, back + 3600s).at_most().good() <= 1830);
  windows<counts> far;
  far.record(t0 + 24h * 100, false);
  for (int s = 0; s < 20; ++s) far.record(t0 + s * 1s, true);  // further back than cells reach
  CHECK(far.set_aside() == counts(0, 1));
  CHECK(inside(far) == counts(20, 0));
}

TEST_CASE("windows: whatever a clock does, every sample is inside, set aside, held or refused") {
  std::mt19937_64 random(seed + 2);
  for (int round = 0; round < 200; ++round) {
    const window_layout layout({1min, 10min, 4000h}, {.parts = 6, .allowance = 5min});
    windows<counts> a(layout);
    windows<counts> b(layout);
    std::vector<event> events;
    instant now = t0;
    count recorded = 0;
    for (int i = 0; i < 400; ++i) {
      if (random() % 50 == 0) now += std::chrono::minutes(static_cast<int>(random() % 4000) - 2000);
      now += std::chrono::seconds(random() % 20);
      const instant at = random() % 20 == 0
                             ? now + std::chrono::minutes(static_cast<int>(random() % 200) - 100)
                             : now;
      windows<counts>& host = random() % 2 ? a : b;
      host.record(at, true);
      events.push_back({at, true});
      ++recorded;
      if (host.started()) {  // what is certain was recorded with a stamp inside
        const auto answer = host.last(std::chrono::minutes(1 + random() % 100), now);
        REQUIRE(answer.at_least.good() <= recount(events, answer.covered).good());
      }
      const auto kept = [](const windows<counts>& w) {
        return w.started() ? inside(w).good() - w.last(4000h, w.newest() + 1ns).held.good() +
                                 w.set_aside().good() + refused(w)
                           : 0;
      };
      REQUIRE(kept(a) + kept(b) == recorded);
      if (random() % 100 == 0) {
        const bool both = a.started() && b.started();
        windows<counts> other = b;
        other.merge(a);
        a.merge(b);
        if (both) REQUIRE(a.held() == 0);
        REQUIRE(inside(a) == inside(other));
        REQUIRE(kept(a) == recorded);
        b = windows<counts>(layout);
      }
    }
  }
}

TEST_CASE("windows: what has been dropped is not silently missing") {
  const window_layout layout({1min, 10min}, {.allowance = 10min});
  windows<counts> w(layout);
  for (int s = 0; s < 3600; ++s) w.record(t0 + s * 1s, true);
  CHECK(w.last(10min, w.newest()).complete);
  const auto answer = w.last(10min, t0 + 40min);
  CHECK_FALSE(answer.complete);
  CHECK(answer.at_least.good() == answer.covered.length() / 1s);
  CHECK(answer.covered.from() > answer.window.from());
  const auto gone = w.last(10min, t0 + 20min);
  CHECK_FALSE(gone.complete);
  CHECK(gone.covered.empty());
  CHECK(gone.at_most().empty());
}

TEST_CASE("windows: neither times nor answers overflow at the ends of the clock") {
  windows<counts> w;
  w.record(instant::max(), true);
  w.record(instant::min(), true);
  CHECK_FALSE(w.started());
  CHECK(w.ahead() == 1);
  CHECK(w.late() == 1);
  CHECK(w.last(1h, instant::min()).at_most().empty());
  CHECK(w.last(1h, instant::max()).at_most().empty());
  const instant last = instant::max() - 24h * 40;
  const instant first = instant::min() + 24h * 40;
  for (int i = 0; i < 20; ++i) w.record(last, true);
  CHECK(inside(w).good() == 20);
  for (int i = 0; i < 20; ++i) w.record(first, false);  // 584 years back
  CHECK(w.newest() == first);
  CHECK(inside(w) == counts(0, 20));
  CHECK(w.set_aside() == counts(20, 0));
  CHECK(w.last(720h, instant::max()).at_most().empty());
  CHECK(w.last(720h, instant::min()).at_most().empty());
  CHECK(windows<counts>::from_bytes(w.to_bytes()) == w);
}

TEST_CASE("windows: an event stamped `now` is not before it; an edge rounds its cell") {
  windows<counts> w;
  for (int s = 0; s <= 3600; ++s) w.record(t0 + s * 1s, true);
  const auto whole = w.last(1h, t0 + 1h);
  CHECK(whole.at_most().good() == 3600);
  CHECK(whole.covered == whole.window);
  w.record(t0 + 1h + 2s, true);
  const auto answer = w.last(1h, t0 + 1h + 2s);
  CHECK(answer.covered == period(t0 + 60s, t0 + 1h));
  CHECK(answer.at_least.good() == 3540);
  CHECK(answer.oldest.cell.good() == 60);
  CHECK(answer.oldest.inside == 58.0 / 60);
  CHECK(answer.newest.cell.good() == 2);  // at 3600 s and at 3602 s, which is `now`
  CHECK(answer.total().good() == 3602);   // in truth 3599: those of 2 s to 3600 s
}

TEST_CASE("windows: a span of samples is recorded as one by one") {
  const std::vector<instant> times{t0, t0 + 1s, t0 - 1s};
  const std::array<bool, 3> good{true, false, true};
  windows<counts> w;
  w.record(std::span(times), std::span<const bool>(good));
  CHECK(inside(w) == counts(2, 1));
  CHECK_THROWS_WITH_AS(w.record(std::span(times), std::span<const bool>(good).first(2)),
                       "relia::aggregate::windows::record: values must be of size 3, got 2",
                       std::invalid_argument);
}

namespace {

/// An aggregate with a parameter and no meaningful default; incompatible ones do not merge.
struct slower_than {
  double limit;
  count slow = 0;
  count all = 0;

  void record(double seconds) noexcept {
    slow += seconds > limit;
    ++all;
  }
  void merge(const slower_than& other) {
    if (other.limit != limit) throw std::invalid_argument("limits differ");
    slow += other.slow;
    all += other.all;
  }
  [[nodiscard]] bool empty() const noexcept { return all == 0; }
  friend bool operator==(const slower_than&, const slower_than&) = default;
};

}  // namespace

TEST_CASE("windows: any aggregate that merges, with parameters taken from a prototype") {
  windows<slower_than> w(window_layout{}, slower_than{0.3});
  for (int s = 0; s < 86400; ++s) w.record(t0 + s * 1s, s % 1000 == 0 ? 0.4 : 0.1);
  const auto day = w.last(24h, t0 + 24h);
  CHECK(day.at_least.all == 86400);
  CHECK(day.count_of([](const slower_than& a) { return a.slow; }).value == 87);
  CHECK(w.memory() == sizeof(w) + 337 * sizeof(slower_than) + 8 * (8 + sizeof(slower_than)));
  CHECK_THROWS_AS(w.merge(windows<slower_than>(window_layout{}, slower_than{0.5})),
                  std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      windows<slower_than>(window_layout{}, slower_than{0.3, 0, 1}),
      "relia::aggregate::windows: prototype must be empty, got \"one that holds events\"",
      std::invalid_argument);
}

TEST_CASE("windows: refuse a length they do not reach, and windows of another layout") {
  const windows<counts> w(window_layout({1h}));
  CHECK_THROWS_WITH_AS((void)w.last(61min, t0),
                       "relia::aggregate::windows::last: length must be positive and at most the "
                       "longest window, got 3660000000000",
                       std::domain_error);
  CHECK_THROWS_AS((void)w.last(0s, t0), std::domain_error);
  windows<counts> other(window_layout({2h}));
  CHECK_THROWS_AS(other.merge(w), std::invalid_argument);
}

TEST_CASE("windows: bytes come back as the same windows, whatever state they are in") {
  std::mt19937_64 random(seed + 3);
  const window_layout layout({1min, 10min, 24h}, {.parts = 6, .allowance = 5min});
  windows<counts> w(layout);
  CHECK(windows<counts>::from_bytes(w.to_bytes()) == w);
  instant now = t0;
  for (int i = 0; i < 2000; ++i) {
    if (random() % 100 == 0) now += std::chrono::minutes(static_cast<int>(random() % 400) - 200);
    now += std::chrono::seconds(random() % 20);
    w.record(random() % 20 == 0 ? now + 1h : now, random() % 2 == 0);
    if (i % 20 != 0) continue;
    windows<counts> copy = windows<counts>::from_bytes(w.to_bytes());
    REQUIRE(copy == w);
    REQUIRE(copy.to_bytes() == w.to_bytes());
    windows<counts> original = w;
    for (int s = 0; s < 20; ++s) {
      copy.record(now + s * 1s, true);
      original.record(now + s * 1s, true);
    }
    REQUIRE(copy == original);
  }
}

TEST_CASE("windows: damaged bytes are refused, or are the bytes of other windows") {
  const window_layout layout({1min, 10min}, {.parts = 6, .allowance = 5min});
  windows<counts> w(layout);
  for (int s = 0; s < 900; ++s) w.record(t0 + s * 1s, s % 7 != 0);
  for (int s = 0; s < 3; ++s) w.record(t0 + 24h + s * 1s, true);
  const auto bytes = w.to_bytes();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_THROWS_AS((void)windows<counts>::from_bytes(std::span(bytes).first(n)),
                    std::invalid_argument);
  }
  std::mt19937_64 random(seed + 4);
  int read = 0;
  for (int round = 0; round < 20000; ++round) {
    auto damaged = bytes;
    for (std::uint64_t k = 0; k <= random() % 3; ++k) {
      damaged[random() % damaged.size()] ^= static_cast<std::byte>(1 << random() % 8);
    }
    try {
      windows<counts> other = windows<counts>::from_bytes(damaged);
      ++read;
      for (int s = 0; s < 10; ++s) other.record(t0 + 15min + s * 1s, true);
      for (int s = 0; s < 10; ++s) other.record(t0 + 48h + s * 1s, true);
      other.merge(other);
      (void)other.last(10min, t0 + 15min).total();
    } catch (const std::invalid_argument&) {
    }
  }
  CHECK(read > 0);
}

TEST_SUITE_END();
