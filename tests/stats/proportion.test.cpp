// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/proportion.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("proportion");

namespace {

method method_named(const std::string& name) {
  for (const method m : {wilson, clopper_pearson, jeffreys}) {
    if (m.name == name) return m;
  }
  throw std::out_of_range(name);
}

/// The probabilities of 0 ... n successes, by the ratio of neighbours from the mode outward.
std::vector<double> binomial(int n, double p) {
  std::vector<double> pmf(static_cast<std::size_t>(n) + 1);
  const int mode = std::min(n, static_cast<int>((n + 1) * p));
  pmf[static_cast<std::size_t>(mode)] = 1;
  double sum = 1;
  for (int k = mode; k > 0; --k) {
    const auto at = static_cast<std::size_t>(k);
    sum += pmf[at - 1] = pmf[at] * k / (n - k + 1) * (1 - p) / p;
  }
  for (int k = mode; k < n; ++k) {
    const auto at = static_cast<std::size_t>(k);
    sum += pmf[at + 1] = pmf[at] * (n - k) / (k + 1) * p / (1 - p);
  }
  for (double& mass : pmf) mass /= sum;
  return pmf;
}

struct coverage {
  double least = 1;
  double mean = 0;
};

/// Exact, not simulated: for p = 1/1000 ... 999/1000 the probability that the interval holds p.
coverage coverage_of(int n, const proportion_options& options) {
  std::vector<interval<double>> intervals;
  for (int x = 0; x <= n; ++x) intervals.push_back(proportion(x, n, options).interval);
  coverage found;
  for (int i = 1; i < 1000; ++i) {
    const double p = i / 1000.0;
    const auto pmf = binomial(n, p);
    double held = 0;
    for (std::size_t x = 0; x < pmf.size(); ++x) held += intervals[x].contains(p) ? pmf[x] : 0;
    found.least = std::min(found.least, held);
    found.mean += held / 999;
  }
  return found;
}

}  // namespace

TEST_CASE("proportion: agrees with published and recomputed limits") {
  for (const auto& row : test::csv_table("stats/proportion_published.csv")) {
    const auto e = proportion(row.integer("successes"), row.integer("trials"),
                              {.confidence_level = row.number("confidence_level"),
                               .method = method_named(row.text("method"))});
    INFO(row.text("name"), " ", row.text("method"));
    const bool absolute = row.text("tolerance") == "5e-5 absolute";  // printed to four decimals
    for (const auto& [actual, column] :
         {std::pair(e.interval.lower, "lower"), std::pair(e.interval.upper, "upper")}) {
      const double expected = row.number(column);
      const double most = absolute ? 5e-5 : row.number("tolerance") * expected;
      CHECK(std::abs(actual - expected) <= most);
    }
  }
}

TEST_CASE("proportion: no success and no failure close the interval at the end of the domain") {
  for (const method m : {wilson, clopper_pearson, jeffreys}) {
    for (const count n : {count{1}, count{20}, count{1'000'000'000'000}}) {
      const auto none = proportion(0, n, {.method = m});
      CHECK(none.value == 0.0);
      CHECK(none.interval.lower == 0.0);
      CHECK(none.interval.upper > 0.0);
      const auto all = proportion(n, n, {.method = m});
      CHECK(all.value == 1.0);
      CHECK(all.interval.upper == 1.0);
      CHECK(all.interval.lower < 1.0);
      // The mirror image, up to the rounding of 1 - upper near 1.
      CHECK_REL(all.interval.lower, 1 - none.interval.upper, 4e-16);
    }
  }
}

TEST_CASE("proportion: success and failure mirror each other") {
  for (const method m : {wilson, clopper_pearson, jeffreys}) {
    for (const count x : {1, 3, 50, 99, 100}) {
      const auto a = proportion(x, 120, {.method = m});
      const auto b = proportion(120 - x, 120, {.method = m});
      // Each side rounds its own limit and 1 minus the other: two units near 1.
      CHECK(std::abs(a.interval.lower - (1 - b.interval.upper)) <= 5e-16);
    }
  }
}

TEST_CASE("proportion: limits near 0 keep their digits") {
  // One success in 10^12: Clopper-Pearson's lower limit solves (1 - p)^n = 1 - tail.
  const auto e = proportion(1, 1'000'000'000'000, {.method = clopper_pearson});
  CHECK_REL(e.interval.lower, -std::expm1(std::log1p(-0.025) / 1e12), 1e-15);
  // None in 10^12: p^n = tail gives 1 - 0.025^(1e-12).
  const auto none = proportion(0, 1'000'000'000'000, {.method = clopper_pearson});
  CHECK_REL(none.interval.upper, -std::expm1(std::log(0.025) / 1e12), 1e-15);
}

TEST_CASE("proportion: one-sided limits put the whole tail on one side") {
  for (const method m : {wilson, clopper_pearson, jeffreys}) {
    const auto both = proportion(18, 120, {.confidence_level = 0.9, .method = m});
    const auto lower =
        proportion(18, 120, {.confidence_level = 0.95, .method = m, .sides = sides::lower});
    const auto upper =
        proportion(18, 120, {.confidence_level = 0.95, .method = m, .sides = sides::upper});
    // 1 - 0.95 and (1 - 0.9) / 2 differ by a rounding.
    CHECK_REL(lower.interval.lower, both.interval.lower, 1e-15);
    CHECK(lower.interval.upper == 1.0);
    CHECK_REL(upper.interval.upper, both.interval.upper, 1e-15);
    CHECK(upper.interval.lower == 0.0);
    CHECK(upper.interval.confidence_level == 0.95);
  }
}

TEST_CASE("proportion: the fewest requests that show less than 0.1 % errors at 95 %") {
  // 0.999^n <= 0.05 first holds for n = 2995.
  const proportion_options exact{
      .confidence_level = 0.95, .method = clopper_pearson, .sides = sides::upper};
  CHECK(proportion(0, 2994, exact).interval.upper > 0.001);
  CHECK(proportion(0, 2995, exact).interval.upper < 0.001);
}

TEST_CASE("proportion: no trials are no data, not 0 % and not 100 %") {
  const auto e = proportion(0, 0, {.confidence_level = 0.9, .method = jeffreys});
  CHECK(e.state == state::no_data);
  CHECK(std::isnan(e.value));
  CHECK(e.interval == interval<double>{0, 1, 0.9});
  CHECK(e.method == jeffreys);
}

TEST_CASE("proportion: says when few events call for the exact limits") {
  CHECK(proportion(4, 1000).notes.size() == 1);
  CHECK(proportion(996, 1000).notes.size() == 1);
  CHECK(proportion(5, 1000).notes.empty());
  CHECK(proportion(4, 1000, {.method = clopper_pearson}).notes.empty());
}

TEST_CASE("proportion: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)proportion(5, 4),
                       "relia::stats::proportion: successes must be from 0 to the number of "
                       "trials, 4, got 5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)proportion(-1, 4),
                       "relia::stats::proportion: successes must be from 0 to the number of "
                       "trials, 4, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)proportion(0, -4),
                       "relia::stats::proportion: trials must be at least 0, got -4",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)proportion(1, 2, {.confidence_level = 95}),
                       "relia::stats::proportion: confidence_level must be a fraction in (0, 1) "
                       "(95 % is 0.95), got 95",
                       std::domain_error);
  CHECK_THROWS_AS(
      (void)proportion(1, 2, {.confidence_level = std::numeric_limits<double>::quiet_NaN()}),
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)proportion(1, 2, {.confidence_level = 0.5, .sides = sides::lower}),
                       "relia::stats::proportion: confidence_level must be in (0.5, 1) for a "
                       "one-sided interval, got 0.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)proportion(1, 2, {.method = newcombe}),
                       "relia::stats::proportion: method must be wilson, clopper_pearson or "
                       "jeffreys, got \"newcombe\"",
                       std::invalid_argument);
}

TEST_CASE("proportion: Clopper-Pearson covers at least its level, Wilson and Jeffreys on average") {
  for (const int n : {3, 10, 30, 100}) {
    INFO("n = ", n);
    for (const sides s : {sides::both, sides::lower, sides::upper}) {
      CHECK(coverage_of(n, {.method = clopper_pearson, .sides = s}).least >= 0.95);
    }
    // Within 0.015 of the level on average, closer as n grows: Brown, Cai, DasGupta (2001), figure
    // 6 (n from 10 on).
    const double near = n < 10 ? 0.015 : 0.005;
    CHECK(std::abs(coverage_of(n, {.method = wilson}).mean - 0.95) <= near);
    CHECK(std::abs(coverage_of(n, {.method = jeffreys}).mean - 0.95) <= near);
    // Their dip near 0 and 1: at 100 trials P(X = 0) = 0.82 where p is just below the limit of one
    // success, 2 / (n (2 + z^2 + z sqrt(z^2 + 4))) = 0.0022.
    CHECK(coverage_of(n, {.method = wilson, .sides = sides::lower}).least < 0.83);
  }
}

TEST_CASE("proportion_difference: agrees with published and recomputed limits") {
  for (const auto& row : test::csv_table("stats/proportion_difference_published.csv")) {
    const auto e = proportion_difference(row.integer("successes1"), row.integer("trials1"),
                                         row.integer("successes2"), row.integer("trials2"));
    INFO(row.text("name"));
    const bool absolute = row.text("tolerance") == "5e-5 absolute";  // printed to four decimals
    const double most = absolute ? 5e-5 : row.number("tolerance");
    CHECK_REL(e.value, row.number("difference"), 1e-15);
    CHECK(std::abs(e.interval.lower - row.number("lower")) <= most);
    CHECK(std::abs(e.interval.upper - row.number("upper")) <= most);
    CHECK(e.method == newcombe);
  }
}

TEST_CASE("proportion_difference: swapping the sides changes the sign") {
  const auto a = proportion_difference(18, 120, 9, 140);
  const auto b = proportion_difference(9, 140, 18, 120);
  CHECK(a.value == -b.value);
  CHECK(a.interval.lower == -b.interval.upper);
  CHECK(a.interval.upper == -b.interval.lower);
  CHECK(a.n == 260);
}

TEST_CASE("proportion_difference: nearly equal fractions keep their digits") {
  // (5e11 - 1) / 1e12 - 5e11 / 1e12 = -1e-12, which p1 - p2 in doubles gives only to 1e-4.
  const auto e =
      proportion_difference(499'999'999'999, 1'000'000'000'000, 500'000'000'000, 1'000'000'000'000);
  CHECK_REL(e.value, -1e-12, 2e-16);
  CHECK(proportion_difference(1, 3, 333'333'333, 999'999'999).value == 0.0);
}

TEST_CASE("proportion_difference: one side, none, and the ends") {
  const auto lower = proportion_difference(10, 10, 0, 20, {.sides = sides::lower});
  CHECK(lower.interval.upper == 1.0);
  const auto upper = proportion_difference(0, 10, 20, 20, {.sides = sides::upper});
  CHECK(upper.interval.lower == -1.0);
  const auto none = proportion_difference(0, 0, 3, 4);
  CHECK(none.state == state::no_data);
  CHECK(none.interval == interval<double>{-1, 1, 0.95});
  CHECK_THROWS_WITH_AS((void)proportion_difference(1, 2, 3, 2),
                       "relia::stats::proportion_difference: successes2 must be from 0 to the "
                       "number of trials, 2, got 3",
                       std::domain_error);
}

TEST_CASE("proportion_difference: refuses trials that a count cannot hold together") {
  constexpr count most = std::numeric_limits<count>::max();
  CHECK_THROWS_WITH_AS((void)proportion_difference(0, most, 0, most),
                       "relia::stats::proportion_difference: trials1 + trials2 must be below 2^63, "
                       "got 18446744073709551616",
                       std::domain_error);
}

TEST_CASE("proportion_difference: the smallest levels give a number") {
  const auto e = proportion_difference(0, 10, 0, 10, {.confidence_level = 1e-17});
  CHECK(e.interval == interval<double>{0, 0, 1e-17});
}

TEST_SUITE_END();
