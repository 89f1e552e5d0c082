// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/aggregate/distribution.hpp>

#include <support/close.hpp>

using namespace relia::aggregate;

TEST_SUITE_BEGIN("distribution");

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Two values in [-4, -2), three zeros within 0.5, four in (1, 2], one in (4, 8], one infinity.
exponential_counts both_signs() {
  exponential_counts data;
  data.zero_threshold = 0.5;
  data.zeros = 3;
  data.negative = {1, {2}};
  data.positive = {0, {4, 0, 1}};
  data.positive_infinities = 1;
  return data;
}

}  // namespace

TEST_CASE("quantile: goes through the negative buckets from the far end") {
  const distribution d(both_signs());
  CHECK(d.count() == 11);
  const bounded lowest = d.quantile(0.0);
  CHECK(lowest.lower == -4.0);
  CHECK(lowest.upper == -2.0);
  CHECK_ULP(lowest.value, -8.0 / 3.0, 1);  // 2 L U / (L + U), two roundings
  const bounded zero = d.quantile(4.0 / 11.0);
  CHECK(zero.lower == -0.5);
  CHECK(zero.upper == 0.5);
  CHECK(zero.value == 0.0);
  CHECK(d.quantile(1.0).value == infinite);
  CHECK(d.quantile(10.0 / 11.0).lower == 4.0);
}

TEST_CASE("quantile: the ranked point goes geometrically through the bucket") {
  const distribution d(both_signs());
  // Ranks 6 to 9 are in (1, 2]: the second of four is at 2^(3/8).
  const bounded q = d.quantile(7.0 / 11.0, bucket_point::ranked);
  CHECK_ULP(q.value, std::exp2(0.375), 2);  // pow and exp2 of libm
  CHECK(d.quantile(7.0 / 11.0).lower == 1.0);
}

TEST_CASE("at_most: whole buckets are exact, inside a wide one the logarithm interpolates") {
  const distribution d(both_signs());
  CHECK(d.at_most(-5.0).value == 0);
  CHECK(d.at_most(-2.0).upper == 2);
  CHECK(d.at_most(0.5).value == 5);
  CHECK(d.at_most(0.5).exact());
  const bounded inside = d.at_most(std::sqrt(2.0));
  CHECK(inside.lower == 5);
  CHECK(inside.upper == 9);
  CHECK_ULP(inside.value, 7.0, 4);   // half of the octave; log and sqrt round
  CHECK(d.at_most(3.0).value == 9);  // an empty bucket
  CHECK(d.at_most(1e9).value == 10);
  CHECK(d.at_most(infinite).value == 11);
  CHECK(d.at_most(-infinite).value == 0);
}

TEST_CASE("at_most: what is known exactly tightens the bounds on both sides of it") {
  const std::array known = {exact_count{1.5, 8}};
  const distribution d(both_signs(), known);
  CHECK(d.at_most(1.5).exact());
  CHECK(d.at_most(1.5).value == 8);
  CHECK(d.at_most(1.2).upper == 8);
  CHECK(d.at_most(1.8).lower == 8);
  CHECK(d.at_most(1.8).upper == 9);
}

TEST_CASE("fraction_at_most: a NaN is in the whole and in no part") {
  exponential_counts data = both_signs();
  data.nans = 9;
  CHECK(distribution(data).fraction_at_most(0.5).value == 5.0 / 20.0);
  CHECK_THROWS_WITH_AS(
      (void)distribution(data).fraction_at_most(std::numeric_limits<double>::quiet_NaN()),
      "relia::aggregate::distribution::fraction_at_most: x must be a number, got nan",
      std::domain_error);
}

TEST_CASE("quantile: known extremes bound the outermost buckets") {
  exponential_counts data;
  data.positive = {0, {10}};
  data.min = 1.25;
  data.max = 1.5;
  const distribution d(data);
  CHECK(d.quantile(0.5).lower == 1.25);
  CHECK(d.quantile(0.5).upper == 1.5);
  CHECK(d.min().exact());
  CHECK(d.at_most(1.2).value == 0);
  CHECK(d.at_most(1.5).exact());
}

TEST_CASE("distribution: nothing recorded") {
  const distribution none;
  CHECK(none.count() == 0);
  CHECK(none.quantile(0.5).state == relia::state::no_data);
  CHECK(none.max().state == relia::state::no_data);
  CHECK(none.fraction_at_most(1.0).state == relia::state::no_data);
}

TEST_CASE("distribution: extremes and exact counts that contradict the buckets cross no bounds") {
  // As a producer that is a bucket off may send, or damaged bytes say.
  exponential_counts data;
  data.zeros = 4;
  data.positive = {0, {3, 3}};
  data.min = 3.5;
  data.max = 0.5;
  const exact_count exact[] = {{1.5, 1000}, {2.5, 0}};
  const distribution d(data, exact);
  for (const double level : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    const bounded q = d.quantile(level);
    CHECK(q.contains(q.value));
  }
  for (const double x : {3.6, 1.2, 1.6, 2.0, 2.7}) {
    const bounded n = d.at_most(x);
    CHECK(n.contains(n.value));
  }
}

TEST_CASE("distribution: counts at the end of their range saturate, and never turn negative") {
  exponential_counts data;
  data.positive = {0, {std::numeric_limits<relia::count>::max(), 1, 5}};
  data.positive_infinities = 7;
  const distribution d(data);
  CHECK(d.count() == std::numeric_limits<relia::count>::max());
  CHECK(d.quantile(0.5).upper == 2.0);
  CHECK(d.at_most(100.0).value == 0x1p63);
  CHECK(d.at_most(0.5).value == 0);
}

TEST_CASE("distribution: a fraction inside a bucket whose ends have no finite ratio") {
  exponential_counts data;
  data.scale = -10;
  data.zero_threshold = 0x1p1000;
  data.zeros = 4;
  data.min = 0x1p-1030;
  data.max = 0x1p400;
  const bounded n = distribution(data).at_most(1.0);
  CHECK_REL(n.value, 4 * 1030.0 / 1430.0, 4e-16);  // on the line of logarithms; two roundings
  CHECK(n.lower == 0);
  CHECK(n.upper == 4);
}
