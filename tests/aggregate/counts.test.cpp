// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/counts.hpp>

using namespace relia;
using aggregate::counts;

TEST_SUITE_BEGIN("counts");

TEST_CASE("counts: record, record of a span and merge agree") {
  const std::array<bool, 5> events{true, false, true, true, false};
  counts one_by_one;
  for (const bool good : events) one_by_one.record(good);
  counts at_once;
  at_once.record(events);
  CHECK(one_by_one == counts(3, 2));
  CHECK(at_once == one_by_one);
  counts merged(1, 1);
  merged.merge(counts(2, 1));
  CHECK(merged == one_by_one);
  CHECK(merged.valid() == 5);
}

TEST_CASE("counts: subtract takes out what was merged in, and no more") {
  counts whole(5, 3);
  whole.merge(counts(7, 1));
  whole.subtract(counts(5, 3));
  CHECK(whole == counts(7, 1));
  CHECK_THROWS_WITH_AS(
      whole.subtract(counts(8, 0)),
      "relia::aggregate::counts::subtract: good must be at most the good events here, got 8",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      whole.subtract(counts(0, 2)),
      "relia::aggregate::counts::subtract: bad must be at most the bad events here, got 2",
      std::domain_error);
}

TEST_CASE("counts: merge is associative and commutative, with empty as its identity") {
  const std::vector<counts> parts{{1, 2}, {30, 4}, {0, 0}, {7, 100}};
  for (const counts& a : parts) {
    for (const counts& b : parts) {
      counts ab = a;
      ab.merge(b);
      counts ba = b;
      ba.merge(a);
      CHECK(ab == ba);
      for (const counts& c : parts) {
        counts left = ab;
        left.merge(c);
        counts bc = b;
        bc.merge(c);
        counts right = a;
        right.merge(bc);
        CHECK(left == right);
      }
    }
    counts same = a;
    same.merge({});
    CHECK(same == a);
  }
}

TEST_CASE("counts: saturates visibly, never wraps") {
  constexpr count most = std::numeric_limits<count>::max();
  counts full(most - 1, 0);
  CHECK_FALSE(full.saturated());
  full.record(true, 5);
  CHECK(full.good() == most);
  CHECK(full.saturated());
  full.merge(full);
  CHECK(full.good() == most);
  CHECK(counts(most, most).valid() == most);
  CHECK(counts(most - 1, 5).saturated());  // the sum is cut off
}

TEST_CASE("counts: the byte form is fixed, round-trips, and is not trusted") {
  const counts c(3, 258);
  const auto bytes = c.to_bytes();
  const std::vector<unsigned char> expected{'R', 'L', 'I', 'A', 1, 0, 1, 0, 3, 0, 0, 0,
                                            0,   0,   0,   0,   2, 1, 0, 0, 0, 0, 0, 0};
  REQUIRE(bytes.size() == expected.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    CHECK(static_cast<unsigned char>(bytes[i]) == expected[i]);
  CHECK(counts::from_bytes(bytes) == c);
  auto negative = bytes;
  negative[15] = std::byte{0xff};
  CHECK_THROWS_AS((void)counts::from_bytes(negative), std::invalid_argument);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_THROWS_AS((void)counts::from_bytes(std::span(bytes).first(size)), std::invalid_argument);
  }
}

TEST_CASE("counts: refuses a negative count") {
  CHECK_THROWS_WITH_AS(counts(-1, 0), "relia::aggregate::counts: good must be at least 0, got -1",
                       std::domain_error);
}

TEST_SUITE_END();
