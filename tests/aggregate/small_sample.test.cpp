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

#include <relia/aggregate/small_sample.hpp>

#include <support/close.hpp>

using namespace relia;
using aggregate::bounded;
using few = aggregate::small_sample<64>;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<double> stream(std::uint32_t seed, std::size_t n) {
  std::mt19937_64 engine(seed);
  std::lognormal_distribution<double> latency(-4, 1);
  std::vector<double> values(n);
  for (double& x : values) x = latency(engine);
  return values;
}

few sample_of(const std::vector<double>& values) {
  few s;
  s.record(std::span<const double>(values));
  return s;
}

few merged(few a, const few& b) {
  a.merge(b);
  return a;
}

}  // namespace

TEST_SUITE_BEGIN("small_sample");

TEST_CASE("small_sample: quantiles and counts are exact") {
  for (std::size_t n = 1; n <= 64; ++n) {
    std::vector<double> values = stream(static_cast<std::uint32_t>(n), n);
    const few s = sample_of(values);
    std::sort(values.begin(), values.end());
    for (std::size_t k = 0; k <= 100; ++k) {
      const std::size_t rank = std::max<std::size_t>((k * n + 99) / 100, 1);
      const bounded q = s.quantile(static_cast<double>(k) / 100);
      CHECK(q.exact());
      CHECK(q.value == values[rank - 1]);
    }
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(s.at_most(values[i]).value == static_cast<double>(i + 1));
      CHECK(s.at_most(std::nextafter(values[i], 0.0)).upper == static_cast<double>(i));
    }
    CHECK(s.min().value == values.front());
    CHECK(s.max().value == values.back());
  }
}

TEST_CASE("small_sample: the sum is the same in whatever order the values came") {
  // 1e100 absorbs the 1; compensated, it comes back
  std::array<double, 4> values{1e100, 1.0, -1e100, 3.0};
  std::sort(values.begin(), values.end());
  do {
    few s;
    s.record(values);
    CHECK(s.sum() == 4.0);
  } while (std::next_permutation(values.begin(), values.end()));
}

TEST_CASE("small_sample: infinities are values, NaN is an event that is never fast enough") {
  few s;
  for (const double x : {infinity, -infinity, not_a_number, 0.0, -0.0, 2.0}) s.record(x);
  CHECK(s.count() == 5);
  CHECK(s.nans() == 1);
  CHECK(s.positive_infinities() == 1);
  CHECK(s.negative_infinities() == 1);
  CHECK(s.zeros() == 2);
  CHECK(s.sum() == 2.0);
  CHECK(s.min().value == -infinity);
  CHECK(s.max().value == infinity);
  CHECK(s.quantile(0.5).value == 0.0);
  CHECK(s.at_most(infinity).value == 5);
  CHECK(s.at_most(-infinity).value == 1);
  CHECK(s.fraction_at_most(2.0).value == 4.0 / 6);
}

TEST_CASE("small_sample: parts merged in any order are the whole, and a part can be taken away") {
  const std::vector<double> values = stream(1, 60);
  const few whole = sample_of(values);
  std::vector<few> parts(4);
  for (std::size_t i = 0; i < values.size(); ++i) parts[i * i % 4].record(values[i]);
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    few left;
    for (const std::size_t i : order) left.merge(parts[i]);
    CHECK(left == whole);
    left.subtract(parts[order[1]]);
    CHECK(left == merged(parts[order[0]], merged(parts[order[2]], parts[order[3]])));
  } while (std::next_permutation(order.begin(), order.end()));
  few twice = parts[0];
  twice.merge(twice);
  CHECK(twice.count() == 2 * parts[0].count());
}

TEST_CASE("small_sample: what does not fit widens the bounds, which still hold") {
  std::mt19937_64 engine(3);
  for (std::size_t n : {65U, 70U, 100U, 200U}) {
    std::vector<double> values = stream(static_cast<std::uint32_t>(n), n);
    const few s = sample_of(values);
    CHECK(s.saturated());
    CHECK(s.refused() == static_cast<count>(n) - 64);
    CHECK(s.count() == static_cast<count>(n));
    std::sort(values.begin(), values.end());
    for (std::size_t k = 0; k <= 50; ++k) {
      const std::size_t rank = std::max<std::size_t>((k * n + 49) / 50, 1);
      const bounded q = s.quantile(static_cast<double>(k) / 50);
      CHECK(q.contains(values[rank - 1]));
      CHECK(q.contains(q.value));
    }
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(s.at_most(values[i]).contains(static_cast<double>(i + 1)));
      CHECK(s.at_most(values[i]).contains(s.at_most(values[i]).value));
    }
    CHECK(s.at_most(infinity).exact());
  }
  const few full = sample_of(stream(5, 64));
  few one;
  one.record(1.0);
  CHECK_THROWS_WITH_AS(merged(one, full),
                       "relia::aggregate::small_sample::merge: other must be small enough to fit "
                       "beside what is here, got 64",
                       std::invalid_argument);
}

TEST_CASE("small_sample: the byte form is canonical, comes back, and refuses what it is not") {
  const std::vector<double> values = stream(9, 30);
  few s = sample_of(values);
  s.record(not_a_number);
  s.record(infinity);
  const std::vector<std::byte> good = s.to_bytes();
  CHECK(good.size() == 8 + 4 + 31 * 8);
  CHECK(few::from_bytes(good) == s);
  std::vector<double> backwards(values.rbegin(), values.rend());
  few same;
  same.record(not_a_number);
  same.record(infinity);
  same.record(std::span<const double>(backwards));
  CHECK(same.to_bytes() == good);
  for (std::size_t n = 0; n < good.size(); ++n) {
    CHECK_THROWS_AS((void)few::from_bytes(std::span(good.data(), n)), std::invalid_argument);
  }
  std::vector<std::byte> longer = good;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS((void)few::from_bytes(longer), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)aggregate::small_sample<30>::from_bytes(good),
                       "relia::byte_reader: the bytes must hold no more values than the capacity",
                       std::invalid_argument);
  std::mt19937_64 engine(1);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> damaged = good;
    for (std::uint64_t i = 0; i <= engine() % 3; ++i) {
      damaged[8 + engine() % (good.size() - 8)] = static_cast<std::byte>(engine());
    }
    try {
      const few read = few::from_bytes(damaged);
      CHECK(read.to_bytes() == damaged);
    } catch (const std::invalid_argument&) {
    }
  }
  const few overfull = sample_of(stream(2, 80));
  CHECK(few::from_bytes(overfull.to_bytes()) == overfull);
}

TEST_CASE("small_sample: an empty one answers that it has no data") {
  const few s;
  CHECK(s.empty());
  CHECK(s.quantile(0.5).state == state::no_data);
  CHECK(s.min().state == state::no_data);
  CHECK(s.fraction_at_most(1).state == state::no_data);
  CHECK(s.at_most(1).value == 0);
  CHECK(few::from_bytes(s.to_bytes()) == s);
}

TEST_CASE("small_sample: names the argument it rejects") {
  few s;
  s.record(1.0);
  CHECK_THROWS_WITH_AS((void)s.quantile(-0.1),
                       "relia::aggregate::small_sample::quantile: level must be a fraction in "
                       "[0, 1] (99.9 % is 0.999), got -0.1",
                       std::domain_error);
  CHECK_THROWS_AS((void)s.at_most(not_a_number), std::domain_error);
  few other;
  other.record(2.0);
  CHECK_THROWS_WITH_AS(s.subtract(other),
                       "relia::aggregate::small_sample::subtract: part must be a part of the "
                       "sample, got \"another\"",
                       std::invalid_argument);
  static_assert(noexcept(std::declval<few&>().record(5.0)));
}

TEST_SUITE_END();
