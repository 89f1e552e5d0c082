// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/adaptive.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/integer_histogram.hpp>

using namespace relia;
using aggregate::adaptive;
using aggregate::bounded;
using aggregate::integer_histogram;

// its sum is in whole ticks, so that equal means equal to the bit
using exponential = aggregate::latency_histogram;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Latencies in nanoseconds: whole, so that both kinds of histogram keep the values themselves.
std::vector<double> stream(std::uint32_t seed, std::size_t n) {
  std::mt19937_64 engine(seed);
  std::lognormal_distribution<double> latency(15, 2);
  std::vector<double> values(n);
  for (double& x : values) x = engine() % 50 == 0 ? not_a_number : std::round(latency(engine));
  return values;
}

template <class Adaptive>
Adaptive recorded(const std::vector<double>& values) {
  Adaptive a;
  a.record(std::span<const double>(values));
  return a;
}

template <class Adaptive>
Adaptive merged(Adaptive a, const Adaptive& b) {
  a.merge(b);
  return a;
}

}  // namespace

TEST_SUITE_BEGIN("adaptive");

TEST_CASE_TEMPLATE("adaptive: exact up to the capacity, then the histogram of all values",
                   Histogram, integer_histogram, exponential) {
  using type = adaptive<Histogram, 16>;
  for (const std::size_t n : {0U, 1U, 15U, 16U, 17U, 300U}) {
    const std::vector<double> values = stream(static_cast<std::uint32_t>(n), n);
    const type a = recorded<type>(values);
    Histogram all;
    all.record(std::span<const double>(values));
    CHECK(a.spilled() == (n > 16));
    CHECK(a.to_histogram() == all);
    CHECK(a.count() == all.count());
    CHECK(a.nans() == all.nans());
    CHECK(a.sum() == all.sum());
    CHECK(a.empty() == (n == 0));
    for (int k = 0; k <= 20; ++k) {
      const bounded ours = a.quantile(k / 20.0);
      const bounded theirs = all.quantile(k / 20.0);
      CHECK(ours.state == theirs.state);
      if (ours.has_value()) {
        CHECK(theirs.contains(ours.value));
        CHECK((a.spilled() || ours.exact()));
        CHECK(all.at_most(1e6).contains(a.at_most(1e6).value));
        CHECK(all.fraction_at_most(1e6).contains(a.fraction_at_most(1e6).value));
      }
    }
    CHECK(type::from_bytes(a.to_bytes()) == a);
  }
}

TEST_CASE_TEMPLATE("adaptive: whether it spilled depends on how many values there are alone",
                   Histogram, integer_histogram, exponential) {
  using type = adaptive<Histogram, 16>;
  for (const std::size_t n : {12U, 16U, 17U, 40U, 400U}) {
    const std::vector<double> values = stream(static_cast<std::uint32_t>(n), n);
    const type whole = recorded<type>(values);
    std::array<type, 5> parts;
    // of very different sizes: some spill before they are merged, some do not
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t part = i % 16 < 10 ? 0 : i % 16 < 13 ? 1 : i % 16 < 15 ? 2 : 3;
      parts[part].record(values[i]);
    }
    std::array<std::size_t, 5> order{0, 1, 2, 3, 4};
    do {
      type left;
      for (const std::size_t i : order) left.merge(parts[i]);
      CHECK(left == whole);
      const auto& p = parts;
      CHECK(merged(merged(p[order[0]], p[order[1]]),
                   merged(p[order[2]], merged(p[order[3]], p[order[4]]))) == whole);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_CASE("adaptive: merges with itself") {
  using type = adaptive<integer_histogram, 16>;
  for (const std::size_t n : {5U, 10U, 30U}) {
    const std::vector<double> values = stream(4, n);
    type a = recorded<type>(values);
    a.merge(a);
    std::vector<double> twice = values;
    twice.insert(twice.end(), values.begin(), values.end());
    CHECK(a == recorded<type>(twice));
  }
}

TEST_CASE("adaptive: parts of any size can be taken away") {
  using type = adaptive<integer_histogram, 16>;
  for (const std::size_t n : {5U, 14U, 100U}) {
    for (const std::size_t m : {1U, 3U, 60U}) {
      const type a = recorded<type>(stream(1, n));
      const type b = recorded<type>(stream(2, m));
      type both = merged(a, b);
      both.subtract(b);
      CHECK(both.count() == a.count());
      CHECK(both.nans() == a.nans());
      CHECK(both.sum() == a.sum());
      CHECK(both.quantile(0.5).contains(a.quantile(0.5).value));
    }
  }
  type small = recorded<type>(stream(1, 3));
  CHECK_THROWS_WITH_AS(small.subtract(recorded<type>(stream(1, 50))),
                       "relia::aggregate::adaptive::subtract: part must be a part of the values, "
                       "got \"more of them\"",
                       std::invalid_argument);
}

TEST_CASE("adaptive: histograms of different parameters fold, spilled or not") {
  using type = adaptive<integer_histogram, 16>;
  const auto make = [](int digits, std::size_t n) {
    type a(integer_histogram({.significant_digits = digits}));
    a.record(std::span<const double>(stream(static_cast<std::uint32_t>(digits), n)));
    return a;
  };
  for (const std::size_t n : {3U, 9U, 40U}) {
    const type a = make(1, n);
    const type b = make(3, n);
    const type c = make(2, 5);
    CHECK(merged(a, b) == merged(b, a));
    CHECK(merged(merged(a, b), c) == merged(a, merged(b, c)));
    CHECK(merged(b, a).histogram().significant_digits() == 1);
    CHECK(type::from_bytes(b.to_bytes()) == b);
  }
}

TEST_CASE("adaptive: NaN cannot make spilling endless") {
  using type = adaptive<integer_histogram, 16>;
  type a;
  for (int i = 0; i < 100; ++i) a.record(not_a_number);
  CHECK(a.spilled());
  CHECK(a.nans() == 100);
  CHECK(a.count() == 0);
}

TEST_CASE("adaptive: a histogram that holds values already is refused") {
  integer_histogram h;
  h.record(3);
  CHECK_THROWS_WITH_AS((adaptive<integer_histogram>(h)),
                       "relia::aggregate::adaptive: histogram must be empty, got 1",
                       std::invalid_argument);
}

TEST_CASE("adaptive: damaged bytes are refused or mean a valid aggregate") {
  using type = adaptive<integer_histogram, 16>;
  for (const std::size_t n : {10U, 40U}) {
    type a(integer_histogram({.significant_digits = 1}));
    a.record(std::span<const double>(stream(1, n)));
    const std::vector<std::byte> good = a.to_bytes();
    CHECK(type::from_bytes(good) == a);
    for (std::size_t size = 0; size < good.size(); ++size) {
      CHECK_THROWS_AS((void)type::from_bytes(std::span(good.data(), size)), std::invalid_argument);
    }
    std::mt19937_64 engine(n);
    for (int round = 0; round < 5'000; ++round) {
      std::vector<std::byte> damaged = good;
      for (std::uint64_t i = 0; i <= engine() % 3; ++i) {
        damaged[8 + engine() % (good.size() - 8)] = static_cast<std::byte>(engine());
      }
      try {
        const type read = type::from_bytes(damaged);
        CHECK(type::from_bytes(read.to_bytes()) == read);
        CHECK((read.spilled() || read.count() + read.nans() <= 16));
      } catch (const std::invalid_argument&) {
      }
    }
  }
  aggregate::small_sample<16> alone;
  CHECK_THROWS_WITH_AS((void)type::from_bytes(alone.to_bytes()),
                       "relia::byte_reader: the bytes must hold a sample that goes over to a "
                       "histogram",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)aggregate::small_sample<16>::from_bytes(type().to_bytes()),
                  std::invalid_argument);
}

TEST_CASE("adaptive: recording throws nothing") {
  static_assert(noexcept(std::declval<adaptive<integer_histogram>&>().record(5.0)));
  static_assert(noexcept(std::declval<adaptive<exponential>&>().record(5.0)));
}

TEST_SUITE_END();
