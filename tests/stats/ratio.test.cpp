// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/ratio.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("ratio");

namespace {

using reals = std::vector<double>;

}  // namespace

TEST_CASE("ratio_of_totals: is the ratio of totals, not the mean of ratios") {
  const auto e = ratio_of_totals(reals{1, 90}, reals{10, 100});
  CHECK_REL(e.value, 91.0 / 110.0, 1e-15);
  CHECK(e.n == 2);
  CHECK(e.method == jackknife);
}

TEST_CASE(
    "ratio_of_totals: with equal denominators it is the mean, and linearised its t interval") {
  // Mean 4, standard deviation 1.5811388300841898 (numbers 2 3 4 5 6), t(4) at 0.975 is
  // 2.7764451051977987 (mpmath): 4 -+ 2.7764451051977987 * 1.5811388300841898 / sqrt(5).
  const auto e =
      ratio_of_totals(reals{2, 3, 4, 5, 6}, reals{1, 1, 1, 1, 1}, {.method = linearised});
  const double distance = 2.7764451051977987 * 1.5811388300841898 / std::sqrt(5.0);
  CHECK_REL(e.interval.lower, 4 - distance, 1e-14);
  CHECK_REL(e.interval.upper, 4 + distance, 1e-14);
}

TEST_CASE("ratio_of_totals: scales with its unit, up and down to the ends of the range") {
  const reals y{1, 2, 2.5, 4};
  const reals x{2, 1, 3, 5};
  const auto e = ratio_of_totals(y, x);
  for (const double unit : {1e-150, 1e-60, 1e60, 1e150}) {  // powers of ten round once each
    reals scaled;
    for (const double v : y) scaled.push_back(v * unit);
    const auto s = ratio_of_totals(scaled, x);
    CHECK_REL(s.interval.lower, e.interval.lower * unit, 1e-13);
    CHECK_REL(s.interval.upper, e.interval.upper * unit, 1e-13);
  }
}

TEST_CASE("ratio_of_totals: equal ratios have no spread, one row shows none") {
  const auto same = ratio_of_totals(reals{2, 4, 8}, reals{1, 2, 4});
  CHECK(same.interval.lower == 2.0);
  CHECK(same.interval.upper == 2.0);
  for (const auto& denominators : {reals{5}, reals{0, 5}}) {
    const auto one = ratio_of_totals(reals(denominators.size(), 1.0), denominators);
    CHECK(one.interval.lower == -std::numeric_limits<double>::infinity());
    CHECK(one.interval.upper == std::numeric_limits<double>::infinity());
    CHECK(one.notes.size() == 1);
  }
}

TEST_CASE("ratio_of_totals: no rows are no data, and bad rows are named") {
  CHECK(ratio_of_totals({}, {}).state == state::no_data);
  CHECK_THROWS_WITH_AS((void)ratio_of_totals(reals{1, 2}, reals{1, -2}),
                       "relia::stats::ratio_of_totals: denominators must be at least 0 and finite, "
                       "got row 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)ratio_of_totals(reals{std::nan("")}, reals{1}),
                       "relia::stats::ratio_of_totals: numerators must be finite, got row 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)ratio_of_totals(reals{1}, reals{0}),
      "relia::stats::ratio_of_totals: the sum of denominators must be positive and "
      "finite, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)ratio_of_totals(reals{1}, reals{1, 2}),
                       "relia::stats::ratio_of_totals: denominators must be of size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)ratio_of_totals(reals{1}, reals{1}, {.method = {"wald"}}),
                       "relia::stats::ratio_of_totals: method must be jackknife or linearised, got "
                       "\"wald\"",
                       std::invalid_argument);
}

TEST_SUITE_END();
