// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/random.hpp>
#include <relia/stats/survival.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("survival");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using flags = std::vector<std::uint8_t>;
using reals = std::vector<double>;

}  // namespace

TEST_CASE("kaplan_meier: steps at each different time, ends before what is still open") {
  const kaplan_meier curve(reals{5, 2, 5, 9, 2}, flags{1, 1, 0, 0, 1});
  CHECK(curve.n() == 5);
  CHECK(curve.n_open() == 2);
  REQUIRE(curve.steps().size() == 3);
  CHECK(curve.steps()[0].time == 2);
  CHECK(curve.steps()[0].at_risk == 5);
  CHECK(curve.steps()[0].events == 2);
  CHECK(curve.steps()[1].at_risk == 3);
  CHECK(curve.steps()[1].events == 1);
  CHECK(curve.steps()[2].events == 0);
  CHECK(curve.survival(1.99) == 1);
  CHECK(curve.survival(2) == 0.6);  // 3/5; then times 2/3
  CHECK_ULP(curve.survival(5), 0.4, 1);
  CHECK(curve.survival(100) == curve.survival(5));
}

TEST_CASE("kaplan_meier: counts stand for rows") {
  const kaplan_meier rows(reals{1, 1, 1, 4, 4, 7}, flags{1, 1, 1, 0, 0, 1});
  const kaplan_meier counted(reals{7, 4, 1, 2}, flags{1, 0, 1, 1}, std::vector<count>{1, 2, 3, 0});
  REQUIRE(rows.steps().size() == counted.steps().size());
  for (std::size_t i = 0; i < rows.steps().size(); ++i)
    CHECK(rows.steps()[i] == counted.steps()[i]);
  CHECK(counted.n() == 6);
  CHECK(counted.n_open() == 2);
}

TEST_CASE("kaplan_meier: without open rows it is the empirical curve, to the last digit") {
  const random_stream stream(3);
  constexpr std::size_t n = 100'000;
  reals times(n);
  for (std::size_t i = 0; i < n; ++i) times[i] = stream.exponential(i);
  const kaplan_meier curve(times, flags(n, 1));
  double worst = 0;
  for (std::size_t i = 0; i + 1 < curve.steps().size(); ++i) {
    const survival_step& s = curve.steps()[i];
    const double exact = static_cast<double>(s.at_risk - s.events) / static_cast<double>(n);
    worst = std::max(worst, test::ulp_distance(s.survival, exact));
  }
  CHECK(worst <= 1);  // the product of 1e5 rounded factors would be off by hundreds
  CHECK(curve.steps().back().survival == 0);
}

TEST_CASE("kaplan_meier: a long product keeps its digits") {
  // Ends and open rows by turns: the product of (n - 1)/n over n = 100000, 99998, ... 50002, by
  // mpmath at 40 digits.
  constexpr std::size_t n = 50'000;
  reals times(2 * n);
  flags observed(2 * n);
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i] = static_cast<double>(i);
    observed[i] = i % 2 == 0;
  }
  CHECK_ULP(kaplan_meier(times, observed).survival(static_cast<double>(n - 1)),
            0.70710854895570999506, 1);
}

TEST_CASE("kaplan_meier: a large set sorts as a small one") {
  // Above 2048 rows the sort is by digits; the same times as counts take the other path.
  const random_stream stream(4);
  reals times, different;
  flags observed, all;
  std::vector<count> counts;
  for (std::uint64_t value = 0; value < 1500; ++value) {
    const double time = std::ldexp(stream.uniform(value), static_cast<int>(value % 40) - 20);
    different.push_back(time);
    all.push_back(value % 3 != 0);
    counts.push_back(3);
    for (int k = 0; k < 3; ++k) {
      times.push_back(time);
      observed.push_back(value % 3 != 0);
    }
  }
  const kaplan_meier large(times, observed);
  const kaplan_meier small(different, all, counts);
  REQUIRE(large.steps().size() == 1500);
  bool same = true;
  for (std::size_t i = 0; i < 1500; ++i) same = same && large.steps()[i] == small.steps()[i];
  CHECK(same);
}

TEST_CASE("kaplan_meier: takes bool flags too") {
  const bool observed[] = {true, false};
  const double times[] = {1, 2};
  const kaplan_meier curve(times, observed);
  CHECK(curve.survival(1) == 0.5);
}

TEST_CASE("quantile: is the middle of a stretch on which the curve equals the level") {
  // S = 3/4 on [1, 2), 1/2 on [2, 7), 1/4 on [7, 11), 0 after.
  const kaplan_meier curve(reals{1, 2, 7, 11}, flags{1, 1, 1, 1});
  CHECK(curve.quantile(0.5).value == 4.5);
  CHECK(curve.quantile(0.25).value == 1.5);
  CHECK(curve.quantile(0.6).value == 7);
  CHECK(curve.quantile(0.9).value == 11);
  // Down to exactly the level and watched on until 13: the middle of [2, 13].
  const kaplan_meier flat(reals{1, 2, 13, 13}, flags{1, 1, 0, 0});
  CHECK(flat.quantile(0.5).value == 7.5);
}

TEST_CASE("quantile: not reached is infinite, with the last time watched as lower end") {
  const kaplan_meier curve(reals{1, 4, 6, 6, 6, 6, 6, 6, 6, 6},
                           flags{1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  const estimate<double> e = curve.quantile(0.99);
  CHECK(e.value == infinity);
  CHECK(e.interval.lower == 6);
  CHECK(e.interval.upper == infinity);
  CHECK(e.n_open == 9);
  REQUIRE(e.notes.size() == 1);
  CHECK(e.notes[0] == "not reached: a fraction of 0.9 had not ended when last watched");
}

TEST_CASE("quantile: few rows have no lower end") {
  // Three rows: the median lies below all of them with probability 1/8, above 2.5 %.
  const kaplan_meier curve(reals{3, 5, 8}, flags{1, 1, 1});
  CHECK(curve.quantile(0.5).interval.lower == 0);
  CHECK(curve.quantile(0.5).interval.upper == infinity);
}

TEST_CASE("quantile: covers the true median of few rows") {
  // 12 exponential rows with mean 1 watched until 1.2: the median log 2 lies in the 95 % interval
  // at least 95 % of the time; 4000 sets have a Monte Carlo error of 0.35 %, allowed three times.
  // The first quartile of 8 rows: with Greenwood's zero variance before the first end, 10 % of the
  // sets would begin above it.
  constexpr int sets = 4000;
  int median_covered = 0;
  int quartile_covered = 0;
  for (int set = 0; set < sets; ++set) {
    const random_stream stream(5, static_cast<std::uint64_t>(set));
    reals times;
    flags observed;
    for (std::uint64_t i = 0; i < 12; ++i) {
      const double t = stream.exponential(i);
      times.push_back(std::min(t, 1.2));
      observed.push_back(t < 1.2);
    }
    median_covered += kaplan_meier(times, observed).quantile(0.5).interval.contains(std::log(2.0));
    times.resize(8);
    observed.resize(8);
    quartile_covered +=
        kaplan_meier(times, observed).quantile(0.25).interval.contains(std::log(4.0 / 3));
  }
  MESSAGE("median ", median_covered, " quartile ", quartile_covered, " of ", sets);
  CHECK(median_covered >= sets * (0.95 - 3 * 0.0035));
  CHECK(quartile_covered >= sets * (0.95 - 3 * 0.0035));
}

TEST_CASE("limits: before the first end the lower one is the exact binomial one") {
  // 0.025^(1/4) and, once one has left, 0.025^(1/3): exp of a rounded logarithm, a few ulp.
  const kaplan_meier curve(reals{2, 5, 6, 9}, flags{0, 1, 1, 0});
  CHECK_ULP(curve.limits(1.0).lower, 0.3976353643835253, 4);
  CHECK_ULP(curve.limits(3.0).lower, 0.2924017738212866, 4);
  CHECK(curve.limits(1.0).upper == 1);
}

TEST_CASE("limits: after the last time nothing is known below") {
  const kaplan_meier curve(reals{2, 5}, flags{1, 0});
  CHECK(curve.limits(5.0).lower > 0);
  CHECK(curve.limits(6.0).lower == 0);
  CHECK(curve.limits(6.0).upper == curve.limits(5.0).upper);
}

TEST_CASE("limits: where all have ended the upper one is that of the step before") {
  const kaplan_meier curve(reals{2, 5}, flags{1, 1});
  CHECK(curve.limits(5.0).lower == 0);
  CHECK(curve.limits(5.0).upper == curve.limits(4.0).upper);
}

TEST_CASE("limits: of all steps are the limits at each") {
  const kaplan_meier curve(reals{2, 5, 5, 8, 9}, flags{1, 1, 0, 1, 0});
  for (const method m : {log_log_limits, log_limits, plain_limits, logit_limits, arcsine_limits}) {
    const auto all = curve.limits(survival_options{.method = m});
    REQUIRE(all.size() == curve.steps().size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i] == curve.limits(curve.steps()[i].time, {.method = m}));
      CHECK(all[i].lower <= curve.steps()[i].survival);
      CHECK(all[i].upper >= curve.steps()[i].survival);
    }
  }
}

TEST_CASE("kaplan_meier: everything open") {
  const kaplan_meier curve(reals{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, flags(10, 0));
  CHECK(curve.survival(12) == 1);
  CHECK(curve.standard_error(12) == 0);
  const estimate<double> median = curve.quantile(0.5);
  CHECK(median.value == infinity);
  // 0.025^(1/5) is 0.478, 0.025^(1/6) is 0.541: no lower end once fewer than six are watched.
  CHECK(median.interval.lower == 7);
  const estimate<double> mean = curve.restricted_mean(3);
  CHECK(mean.value == 3);
  CHECK_ULP(mean.interval.lower, 3 * 0.6915028921812392, 4);  // 3 * 0.025^(1/10)
  CHECK(mean.interval.upper == 3);
  CHECK(mean.notes == std::vector<std::string>{"nothing ended before tau"});
}

TEST_CASE("kaplan_meier: all rows at time 0") {
  const kaplan_meier curve(reals{0, -0.0, 0}, flags{1, 1, 1});
  CHECK(curve.steps().size() == 1);
  CHECK(curve.survival(0) == 0);
  CHECK(curve.limits(0.0).lower == 0);
  CHECK_ULP(curve.limits(0.0).upper, 1 - 0.2924017738212866, 4);  // 1 - 0.025^(1/3)
  CHECK(curve.quantile(0.5).value == 0);
  const estimate<double> mean = curve.restricted_mean(10);
  CHECK(mean.value == 0);
  CHECK(mean.notes == std::vector<std::string>{
                          "all ended at one time: the interval does not show how sure it is"});
}

TEST_CASE("kaplan_meier: one row") {
  const kaplan_meier ended(reals{4}, flags{1});
  CHECK(ended.survival(3) == 1);
  CHECK(ended.survival(4) == 0);
  CHECK(ended.quantile(0.5).value == 4);
  CHECK(ended.quantile(0.5).interval.lower == 0);
  CHECK(ended.quantile(0.5).interval.upper == infinity);
  CHECK(ended.restricted_mean(10).value == 4);
  const kaplan_meier open(reals{4}, flags{0});
  CHECK(open.survival(9) == 1);
  CHECK(open.quantile(0.5).value == infinity);
  CHECK(open.quantile(0.5).interval.lower == 0);
}

TEST_CASE("kaplan_meier: no rows answer no_data") {
  const kaplan_meier curve(reals{}, flags{});
  CHECK(std::isnan(curve.survival(1)));
  CHECK(std::isnan(curve.standard_error(1)));
  CHECK(std::isnan(curve.restricted_mean_error(1)));
  CHECK(curve.limits(1.0) == interval<double>{0, 1, 0.95});
  CHECK(curve.limits().empty());
  CHECK(curve.quantile(0.5).state == state::no_data);
  CHECK(curve.restricted_mean(1).state == state::no_data);
  const kaplan_meier some(reals{1}, flags{1});
  CHECK(restricted_mean_difference(some, curve, 1).state == state::no_data);
}

TEST_CASE("restricted_mean: without open rows it is the mean of min(T, tau)") {
  const kaplan_meier curve(reals{1, 2, 4, 10}, flags{1, 1, 1, 1});
  CHECK(curve.restricted_mean(5).value == 3);  // (1 + 2 + 4 + 5) / 4
  CHECK(curve.restricted_mean(20).value == 4.25);
  // The standard error is that of the mean, sd / sqrt(n) with divisor n: sqrt(12.1875 / 4).
  CHECK_ULP(curve.restricted_mean_error(20), 1.7455300054711177, 2);
}

TEST_CASE("restricted_mean: says when the curve had to be carried on") {
  const kaplan_meier curve(reals{1, 2}, flags{1, 0});
  CHECK(curve.restricted_mean(2).notes.empty());
  CHECK(
      curve.restricted_mean(3).notes ==
      std::vector<std::string>{"the curve is carried flat from the last time watched, 2, to tau"});
}

TEST_CASE("restricted_mean: covers the true mean") {
  // 40 exponential rows with mean 1, watched until 2, tau 1.5: the mean of min(T, tau) is
  // 1 - exp(-1.5). 2000 sets at 95 %: Monte Carlo error 0.5 %. A normal interval of 40 rows is
  // allowed to fall short by 1.5 % more.
  constexpr int sets = 2000;
  int covered = 0;
  for (int set = 0; set < sets; ++set) {
    const random_stream stream(6, static_cast<std::uint64_t>(set));
    reals times;
    flags observed;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const double t = stream.exponential(i);
      const double watched = 2 * stream.uniform(1000 + i);
      times.push_back(std::min(t, watched));
      observed.push_back(t <= watched);
    }
    covered +=
        kaplan_meier(times, observed).restricted_mean(1.5).interval.contains(1 - std::exp(-1.5));
  }
  MESSAGE("covered ", covered, " of ", sets);
  CHECK(covered >= sets * (0.95 - 3 * 0.005 - 0.015));
}

TEST_CASE("kaplan_meier: any argument of an evaluator gives a number or NaN") {
  const kaplan_meier curve(reals{1, 2}, flags{1, 0});
  for (const double t : {-infinity, -1.0, 0.0, 5e-324, 1.0, infinity}) {
    CHECK(curve.survival(t) <= 1);
    CHECK(curve.standard_error(t) >= 0);
  }
  CHECK(std::isnan(curve.survival(not_a_number)));
  CHECK(std::isnan(curve.standard_error(not_a_number)));
}

TEST_CASE("kaplan_meier: names what it refuses") {
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{1, -2}, flags{1, 1}),
                       "relia::stats::kaplan_meier: times must be at least 0 and finite, got -2",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{not_a_number}, flags{1}),
                       "relia::stats::kaplan_meier: times must be at least 0 and finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{1, 2}, flags{1}),
                       "relia::stats::kaplan_meier: observed must be of size 2, got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{1, 2}, flags{1, 1}, std::vector<count>{1}),
                       "relia::stats::kaplan_meier: counts must be of size 2, got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{1}, flags{1}, std::vector<count>{-1}),
                       "relia::stats::kaplan_meier: counts must be at least 0, got -1",
                       std::domain_error);
  const kaplan_meier curve(reals{1, 2}, flags{1, 1});
  CHECK_THROWS_WITH_AS(
      (void)curve.quantile(1.0),
      "relia::stats::kaplan_meier::quantile: level must be a fraction in (0, 1) (95 % is 0.95), "
      "got 1",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)curve.limits(1.0, {.method = {"wilson"}}),
      "relia::stats::kaplan_meier::limits: method must be log_log, log, plain, logit or arcsine, "
      "got \"wilson\"",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)curve.restricted_mean(0),
      "relia::stats::kaplan_meier::restricted_mean: tau must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)curve.limits(not_a_number),
                       "relia::stats::kaplan_meier::limits: t must be a time, got nan",
                       std::domain_error);
}

TEST_CASE("kaplan_meier: refuses counts that add up beyond a count") {
  constexpr count most = std::numeric_limits<count>::max();
  CHECK_THROWS_WITH_AS(kaplan_meier(reals{1, 2}, flags{1, 1}, std::vector<count>{most, 1}),
                       "relia::stats::kaplan_meier: the sum of counts must be below 2^63, got "
                       "9223372036854775808",
                       std::domain_error);
}

TEST_CASE("quantile: a level next to 0 is reached by the first end, not by a censoring before it") {
  const kaplan_meier curve(reals{1, 2, 3}, flags{0, 1, 1});
  CHECK(curve.quantile(1e-9).value == 2);
  // A billion rows of which one ends at 2 and one at 3: 1e-9 have ended at 2, 1.5e-9 only at 3.
  const kaplan_meier large(reals{2, 3, 9}, flags{1, 1, 0},
                           std::vector<count>{1, 1, 1'000'000'000 - 2});
  CHECK(large.quantile(0.5e-9).value == 2);
  CHECK(large.quantile(1.5e-9).value == 3);
}

TEST_CASE("restricted_mean_difference: two groups without an end are not surely equal") {
  const kaplan_meier ten(reals(10, 5), flags(10, 0));
  const auto e = restricted_mean_difference(ten, ten, 4);
  CHECK(e.value == 0);
  // The exact limit of each group: with survival 0.025^(1/10) at tau the area is at least 4 times
  // that.
  const double reach = 4 - 4 * std::pow(0.025, 0.1);
  CHECK_REL(e.interval.lower, -reach, 1e-15);  // pow and exp(log / m) differ in the last digits
  CHECK_REL(e.interval.upper, reach, 1e-15);
}

TEST_SUITE_END();
