// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/explicit_histogram.hpp>

#include <support/close.hpp>

using namespace relia;
using aggregate::bounded;
using aggregate::explicit_histogram;

TEST_SUITE_BEGIN("explicit_histogram");

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double damaged = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 4> bounds{0.1, 0.2, 0.5, 1.0};

explicit_histogram of(const std::vector<double>& values) {
  explicit_histogram h(bounds);
  h.record(values);
  return h;
}

std::vector<double> latencies(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> seconds(-1.5, 1.0);
  std::vector<double> values(n);
  for (double& v : values) v = seconds(random);
  return values;
}

}  // namespace

TEST_CASE("explicit_histogram: a value on a bound belongs below it, its neighbour above") {
  const auto h = of({0.1, std::nextafter(0.1, 1.0), std::nextafter(0.1, 0.0), 1.0, 1.5, 0.0, -3});
  const std::vector<count> expected{4, 1, 0, 1, 1};
  CHECK(std::vector<count>(h.counts().begin(), h.counts().end()) == expected);
  CHECK(h.count() == 7);
  CHECK(h.zeros() == 1);
  CHECK(h.min().value == -3);
  CHECK(h.min().exact());
  CHECK(h.max().value == 1.5);
}

TEST_CASE("explicit_histogram: every number of buckets finds the bucket a plain search finds") {
  for (std::size_t n = 1; n <= 40; ++n) {
    std::vector<double> edges(n);
    for (std::size_t i = 0; i < n; ++i) edges[i] = static_cast<double>(2 * i);
    for (double x = -1; x <= static_cast<double>(2 * n) + 1; x += 0.5) {
      explicit_histogram h(edges);
      h.record(x);
      const auto at = std::lower_bound(edges.begin(), edges.end(), x) - edges.begin();
      CHECK(h.counts()[static_cast<std::size_t>(at)] == 1);
    }
  }
}

TEST_CASE("explicit_histogram: a NaN is a valid event that is never a good one") {
  // prometheus-cpp counts it in the fastest bucket.
  const auto h = of({0.05, damaged, damaged, 0.7});
  CHECK(h.count() == 2);
  CHECK(h.nans() == 2);
  CHECK(h.at_most(0.1).value == 1);
  CHECK(h.fraction_at_most(0.1).value == 0.25);
  CHECK(h.fraction_at_most(infinite).value == 0.5);
  CHECK(h.sum() == 0.75);
}

TEST_CASE("explicit_histogram: an infinity is counted apart and keeps the sum") {
  const auto h = of({-infinite, 0.05, infinite, 0.7});
  CHECK(h.count() == 4);
  CHECK(h.positive_infinities() == 1);
  CHECK(h.negative_infinities() == 1);
  CHECK(h.sum() == 0.75);
  CHECK(h.min().value == -infinite);
  CHECK(h.max().value == infinite);
  CHECK(h.quantile(0).value == -infinite);
  CHECK(h.quantile(1).value == infinite);
  CHECK(h.at_most(-infinite).value == 1);
  CHECK(h.at_most(1).value == 3);
  CHECK(h.at_most(1).exact());
  CHECK(h.at_most(infinite).value == 4);
  CHECK(of({infinite}).quantile(0.5).value == infinite);
}

TEST_CASE("explicit_histogram: the bounds hold the true quantile and the true count") {
  std::vector<double> values = latencies(5000, 1);
  const auto h = of(values);
  std::sort(values.begin(), values.end());
  for (int k = 0; k <= 1000; ++k) {
    const double level = k / 1000.0;
    const auto rank = aggregate::detail::rank_of(level, h.count());
    const double truth = values[static_cast<std::size_t>(rank - 1)];
    const bounded q = h.quantile(level);
    CHECK(q.contains(truth));
    CHECK(q.contains(q.value));
    const double x = k / 400.0;
    const auto below =
        static_cast<double>(std::upper_bound(values.begin(), values.end(), x) - values.begin());
    const bounded n = h.at_most(x);
    CHECK(n.contains(below));
    CHECK(n.contains(n.value));
  }
  for (const double b : bounds) CHECK(h.at_most(b).exact());
  CHECK(h.quantile(0).lower == values.front());
  CHECK(h.quantile(1).upper == values.back());
}

TEST_CASE("explicit_histogram: merging parts in any order is recording the whole") {
  const std::vector<double> values = latencies(900, 2);
  const std::span<const double> all(values);
  const auto whole = of(values);
  std::array<explicit_histogram, 3> parts{explicit_histogram(bounds), explicit_histogram(bounds),
                                          explicit_histogram(bounds)};
  for (std::size_t i = 0; i < 3; ++i) parts[i].record(all.subspan(300 * i, 300));
  std::array<int, 3> order{0, 1, 2};
  do {
    explicit_histogram merged(bounds);
    for (const int i : order) merged.merge(parts[static_cast<std::size_t>(i)]);
    CHECK(std::ranges::equal(merged.counts(), whole.counts()));
    CHECK(merged.min().value == whole.min().value);
    CHECK(merged.max().value == whole.max().value);
    // A compensated sum of 900 loses less than one rounding of the result.
    CHECK_ULP(merged.sum(), whole.sum(), 1);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("explicit_histogram: what is subtracted again was never there") {
  const auto early = of({0.05, 0.3, damaged, infinite, 0.0});
  auto later = early;
  const std::vector<double> since{0.15, 0.4, 7.0};
  later.record(since);
  later.subtract(early);
  const auto expected = of(since);
  CHECK(std::ranges::equal(later.counts(), expected.counts()));
  CHECK(later.nans() == 0);
  CHECK(later.positive_infinities() == 0);
  CHECK(later.zeros() == 0);
  // Two additions and two subtractions, compensated.
  CHECK_ULP(later.sum(), expected.sum(), 1);
  CHECK_FALSE(later.min().exact());
  CHECK(later.min().contains(0.15));
  CHECK(later.max().contains(7.0));
  auto nothing = early;
  nothing.subtract(early);
  CHECK(nothing == explicit_histogram(bounds));
}

TEST_CASE("explicit_histogram: an empty one has no quantile and counts nothing") {
  const explicit_histogram h(bounds);
  CHECK(h.empty());
  CHECK(h.quantile(0.5).state == state::no_data);
  CHECK(h.fraction_at_most(1).state == state::no_data);
  CHECK(h.at_most(1).value == 0);
  CHECK(h.min().state == state::no_data);
  CHECK(of({damaged}).quantile(0.5).state == state::no_data);
  CHECK(of({damaged}).fraction_at_most(1).value == 0);
  CHECK_FALSE(of({damaged}).empty());
}

TEST_CASE("explicit_histogram: saturates visibly, never wraps") {
  auto h = of({0.15});
  for (int i = 0; i < 63; ++i) {
    const auto twice = h;
    h.merge(twice);
  }
  CHECK(h.saturated());
  CHECK(h.count() == std::numeric_limits<count>::max());
  h.record(0.15);
  h.record(0.7);
  CHECK(h.count() == std::numeric_limits<count>::max());
  CHECK(h.quantile(0.5).contains(0.15));
  // Found by fuzzing: the point must not pass the count that was cut off.
  auto full = of({0.05, 0.15, 0.19});
  for (int i = 0; i < 63; ++i) full.merge(explicit_histogram(full));
  CHECK(full.at_most(0.189).contains(full.at_most(0.189).value));
}

TEST_CASE("explicit_histogram: the ends of the double range") {
  constexpr double most = std::numeric_limits<double>::max();
  explicit_histogram h(std::array{-most, 0.0, most});
  h.record(std::array{-most, most, std::numeric_limits<double>::denorm_min(), -0.0});
  CHECK(std::ranges::equal(h.counts(), std::array<count, 4>{1, 1, 2, 0}));
  CHECK(h.zeros() == 1);
  CHECK(h.at_most(most / 2).contains(3));
  CHECK(std::isfinite(h.quantile(1).value));
}

TEST_CASE("explicit_histogram: the byte form comes back equal, and damage is refused") {
  auto h = of(latencies(200, 3));
  h.record(damaged);
  h.record(-infinite);
  const auto bytes = h.to_bytes();
  CHECK(explicit_histogram::from_bytes(bytes) == h);
  CHECK(explicit_histogram::from_bytes(explicit_histogram(bounds).to_bytes()) ==
        explicit_histogram(bounds));
  auto subtracted = h;
  subtracted.subtract(of({}));
  CHECK(explicit_histogram::from_bytes(subtracted.to_bytes()) == h);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_THROWS_AS((void)explicit_histogram::from_bytes(std::span(bytes).first(n)),
                    std::invalid_argument);
  }
  int accepted = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto altered = bytes;
    altered[i] ^= std::byte{0x80};
    try {
      const auto read = explicit_histogram::from_bytes(altered);
      CHECK(explicit_histogram::from_bytes(read.to_bytes()) == read);
      (void)read.quantile(0.5);
      ++accepted;
    } catch (const std::invalid_argument&) {
    }
  }
  CHECK(accepted > 0);  // a changed bound or sum is another valid histogram
}

TEST_CASE("explicit_histogram: names the argument that it rejects") {
  CHECK_THROWS_WITH_AS((void)explicit_histogram(std::span<const double>()),
                       "relia::aggregate::explicit_histogram: bounds must be at least one, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)explicit_histogram(std::array{1.0, 1.0}),
      "relia::aggregate::explicit_histogram: bounds must be strictly increasing, got row 1",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)explicit_histogram(std::array{1.0, infinite}),
                       "relia::aggregate::explicit_histogram: bounds must be finite, got inf",
                       std::domain_error);
  auto h = of({0.3});
  CHECK_THROWS_WITH_AS(h.merge(explicit_histogram(std::array{1.0})),
                       "relia::aggregate::explicit_histogram::merge: bounds must be those of the "
                       "other histogram, got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(h.subtract(of({0.3, 0.3})),
                       "relia::aggregate::explicit_histogram::subtract: part must be a part of "
                       "the histogram, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)h.quantile(1.5),
                       "relia::aggregate::explicit_histogram::quantile: level must be a fraction "
                       "in [0, 1] (99.9 % is 0.999), got 1.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)h.at_most(damaged),
                       "relia::aggregate::explicit_histogram::at_most: x must be a number, got nan",
                       std::domain_error);
}

TEST_SUITE_END();
