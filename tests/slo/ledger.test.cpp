// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/ledger.hpp>
#include <relia/stats/random.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::counts;
using slo::ledger;

TEST_SUITE_BEGIN("ledger");

namespace {

constexpr instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

/// Random records over three hours, some late, some not watched, some with good above valid.
ledger random_ledger(std::uint64_t stream, count rows = 200) {
  const stats::random_stream random(7, stream);
  ledger l({.width = 1min, .late_after = 5min});
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(rows); ++i) {
    const instant from = start + std::chrono::seconds(random.below(5 * i, 10'000));
    const instant to = from + std::chrono::seconds(random.below(5 * i + 1, 90));
    const auto good = static_cast<count>(random.below(5 * i + 2, 50));
    const auto excess = static_cast<count>(random.below(5 * i + 3, 20) / 19);
    const instant arrived = to + std::chrono::seconds(random.below(5 * i + 4, 600));
    l.record(period(from, to), {counts(good, 3), excess}, arrived);
  }
  return l;
}

ledger merged(ledger a, const ledger& b) {
  a.merge(b);
  return a;
}

count cells_of(const ledger& l, instant from, instant to) {
  return l.sum({from, to}).watched_cells;
}

}  // namespace

TEST_CASE("ledger: events count in the bucket that their row ends in, as in sli::cut") {
  ledger l;
  l.record(period(start, start + 1min), counts(10, 1));
  l.record(period(start + 45s, start + 75s), counts(20, 2));
  l.record(start + 2min, false, 3);  // an instant belongs to the bucket it starts
  REQUIRE(l.buckets().size() == 3);
  CHECK(l.buckets()[0].events == counts(10, 1));
  CHECK(l.buckets()[1].events == counts(20, 2));
  CHECK(l.buckets()[2].events == counts(0, 3));
  CHECK(l.extent() == period(start, start + 3min));
  CHECK(l.sum({start, start + 2min}).events == counts(30, 3));
  CHECK(l.sum(period(start, start)).missing());
}

TEST_CASE("ledger: watched time is what rows cover together, to a sixtieth of a bucket") {
  ledger l;
  l.watch({start + 15s, start + 45s});
  CHECK(cells_of(l, start, start + 1min) == 30);
  l.watch({start + 15s, start + 45s});  // twice the same time is that time
  CHECK(cells_of(l, start, start + 1min) == 30);
  l.watch({start + 30s, start + 3min});
  CHECK(cells_of(l, start, start + 3min) == 45 + 60 + 60);
  CHECK(l.watched_time(165) == real_seconds(165));
  l.watch({start - 1h, start - 1h});
  CHECK(l.extent().from() == start);
}

TEST_CASE("ledger: contiguous rows of any length watch each moment once") {
  ledger l({.width = 7s});
  instant t = start;
  count before = 0;
  for (int i = 0; i < 400; ++i) {
    const duration row = 1ms * (137 + i * 31 % 977);
    ledger one({.width = 7s});
    one.watch({t, t + row});
    before += one.buckets().empty() ? 0 : one.sum(one.extent()).watched_cells;
    l.merge(one);
    t += row;
  }
  CHECK(l.sum(l.extent()).watched_cells == before);
}

TEST_CASE("ledger: a row of increments watches no further back than the longest row allowed") {
  const std::vector<instant> times{start + 1min, start + 2min, start + 12min};
  const std::vector<count> good{10, 10, 100};
  const std::vector<count> bad{0, 1, 2};
  const sli::event_series rows(times, good, bad);
  ledger l;
  l.record(rows);
  CHECK(l.sum(l.extent()).events == counts(120, 3));
  CHECK(l.buckets().size() == 3);  // the nine minutes between are missing
  CHECK(cells_of(l, start + 2min, start + 11min) == 0);
  ledger trusting;
  trusting.record(rows, 10min);  // a counter that was read after a pause lost nothing
  CHECK(trusting.buckets().size() == 12);
}

TEST_CASE("ledger: what arrives later than allowed after its bucket ended stands apart") {
  ledger l({.width = 1min, .late_after = 5min});
  l.record(period(start, start + 30s), counts(1, 0), start + 6min);
  l.record(period(start, start + 30s), counts(0, 1), start + 6min + 1ns);
  l.record(period(start, start + 30s), counts(1, 0));  // nobody said when
  CHECK(l.buckets()[0].events == counts(2, 0));
  CHECK(l.buckets()[0].late == counts(0, 1));
  ledger far({.width = 1min, .late_after = 1min});
  far.record(instant::min() + 5min, true);
  far.record(period(instant::min() + 5min, instant::min() + 6min), counts(0, 1), instant::max());
  CHECK(far.sum(far.extent()).late == counts(0, 1));
}

TEST_CASE("ledger: good events above the valid ones are kept beside the events") {
  ledger l;
  l.record(period(start, start + 1min),
           sli::events({.good = 105, .valid = 100}, sli::excess_policy::clamp));
  CHECK(l.buckets()[0].events == counts(100, 0));
  CHECK(l.buckets()[0].excess == 5);
}

TEST_CASE("ledger: merging is associative and commutative, and the empty ledger is neutral") {
  const ledger a = random_ledger(1);
  const ledger b = random_ledger(2);
  const ledger c = random_ledger(3, 5);
  CHECK(merged(a, b) == merged(b, a));
  CHECK(merged(merged(a, b), c) == merged(a, merged(b, c)));
  CHECK(merged(a, ledger(a.options())) == a);
  CHECK(merged(ledger(a.options()), a) == a);
}

TEST_CASE("ledger: parts merge to what one ledger would have recorded") {
  ledger whole({.width = 1min, .late_after = 5min});
  for (const std::uint64_t stream : {1u, 2u, 3u}) whole.merge(random_ledger(stream));
  CHECK(merged(merged(random_ledger(3), random_ledger(1)), random_ledger(2)) == whole);
  ledger backwards;
  ledger forwards;
  for (int i = 0; i < 50; ++i) {
    const auto row = [&](int k) { return period(start + k * 100s, start + k * 100s + 250s); };
    forwards.record(row(i), counts(i, 1));
    backwards.record(row(49 - i), counts(49 - i, 1));
  }
  CHECK(forwards == backwards);
}

TEST_CASE("ledger: slices are whole buckets of the grid; the last may be shorter") {
  ledger l;
  for (int i = 0; i < 10; ++i) l.record(start + i * 1min, true);
  std::vector<count> good;
  l.each_slice({start - 4min, start + 10min}, 4min,
               [&](instant, const slo::ledger_sum& s) { good.push_back(s.events.good()); });
  CHECK(good == std::vector<count>{0, 4, 4, 2});
  CHECK(l.floor(start + 59s) == start);
  CHECK(ledger({.width = 1min}).floor(instant(-1ns)) == instant(-1min));
  CHECK_THROWS_WITH_AS((void)l.sum({start + 1s, start + 1min}),
                       "relia::slo::ledger: from must be an edge of the grid of buckets (see "
                       "floor), got 1772323201000000000",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(l.each_slice({start, start + 1min}, 90s, [](auto, auto) {}),
                       "relia::slo::ledger: the slice must be a positive multiple of the bucket's "
                       "width, got 90000000000",
                       std::invalid_argument);
}

TEST_CASE("ledger: refuses other grids, impossible widths and endless stretches") {
  CHECK_THROWS_WITH_AS(ledger().merge(ledger({.width = 2min})),
                       "relia::slo::ledger::merge: width must be the same, got 120000000000",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(ledger().merge(ledger({.late_after = 0s})),
                       "relia::slo::ledger::merge: late_after must be the same, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(ledger({.width = 1ns}),
                       "relia::slo::ledger: width must be between 1 us and 366 d, in nanoseconds, "
                       "got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(ledger({.late_after = -1ns}),
                       "relia::slo::ledger: late_after must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(ledger().watch({start, start + std::chrono::years(20)}),
                       "relia::slo::ledger: the watched time must be at most 4194304 buckets long, "
                       "got 10518984",
                       std::domain_error);
  CHECK_THROWS_AS(ledger().record(instant::max(), true), std::domain_error);
  CHECK_THROWS_AS(ledger().record(sli::event_series(), duration(0)), std::domain_error);
}

TEST_CASE("ledger: the byte form reads back equal, and damaged bytes are refused") {
  for (const std::uint64_t stream : {1u, 2u}) {
    const ledger l = random_ledger(stream);
    CHECK(ledger::from_bytes(l.to_bytes()) == l);
  }
  CHECK(ledger::from_bytes(ledger().to_bytes()) == ledger());
  ledger old;
  old.record(instant(-3h), true);
  CHECK(ledger::from_bytes(old.to_bytes()) == old);

  const std::vector<std::byte> bytes = random_ledger(1).to_bytes();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_THROWS_AS((void)ledger::from_bytes(std::span(bytes).first(n)), std::invalid_argument);
  }
  for (std::size_t n = 0; n < 400; ++n) {  // a flipped bit is refused or reads as a ledger
    std::vector<std::byte> other = bytes;
    other[n % other.size()] ^= std::byte(1 << (n % 8));
    try {
      const ledger l = ledger::from_bytes(other);
      CHECK(l.to_bytes() == other);
    } catch (const std::invalid_argument&) {
    }
  }
}

TEST_CASE("ledger: the byte form is pinned") {
  ledger l;
  l.record(period(instant(1min), instant(2min)), {counts(200, 1), 3});
  std::string hex;
  for (const std::byte b : l.to_bytes()) {
    constexpr const char* digits = "0123456789abcdef";
    hex += digits[std::to_integer<int>(b) >> 4];
    hex += digits[std::to_integer<int>(b) & 15];
  }
  // "RLIA", kind 8, format 1, width 6e10 ns, late_after 2^63 - 1, one bucket: index 1 (zigzag 2),
  // all sixty cells, 200 = c8 01 good, 1 bad, none late, 3 in excess.
  CHECK(hex ==
        "524c494108000100"
        "005847f80d000000"
        "ffffffffffffff7f"
        "0100000000000000"
        "02"
        "ffffffffffffff0f"
        "c80101000003");
}

TEST_SUITE_END();
