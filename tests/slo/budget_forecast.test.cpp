// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/budget_forecast.hpp>
#include <relia/slo/credit.hpp>

#include <support/close.hpp>

using namespace relia;
using slo::budget_forecast;
using slo::budget_position;
using slo::incident_history;
using days = std::chrono::days;

TEST_SUITE_BEGIN("budget_forecast");

namespace {

const budget_position half_way{.spent = 0.25, .left = days(15), .period = days(30)};

/// P(N <= most) of a Poisson, or of a negative binomial with shape k + 1/2 and success probability
/// T / (T + t): by the recurrences of their masses.
double poisson_at_most(int most, double mean) {
  double mass = std::exp(-mean);
  double sum = mass;
  for (int i = 1; i <= most; ++i) sum += mass *= mean / i;
  return sum;
}

double negative_binomial_at_most(int most, double shape, double success) {
  double mass = std::pow(success, shape);
  double sum = mass;
  for (int i = 1; i <= most; ++i) sum += mass *= (shape + i - 1) / i * (1 - success);
  return sum;
}

/// Five Monte Carlo standard errors: one test in 1.7 million fails by chance, were it not seeded.
void check_probability(const budget_forecast& f, double exact) {
  INFO(f.within().value, " for ", exact);
  CHECK(std::abs(f.within().value - exact) < 5 * f.monte_carlo_error(exact));
}

}  // namespace

TEST_CASE("budget_forecast: a known rate of equal incidents is a Poisson number of them") {
  // 0.75 is left; the base takes 0.25 * 15/30 = 0.125, so that six incidents of 0.1 fit.
  budget_position now = half_way;
  now.base_burn_rate = 0.25;
  const incident_history ten{std::vector<double>(10, 0.1), days(60)};
  const budget_forecast f(now, ten, {.paths = 20'000, .estimated_rate = false});
  check_probability(f, poisson_at_most(6, 2.5));
}

TEST_CASE("budget_forecast: a rate estimated from k incidents gives a negative binomial number") {
  const incident_history two{{0.3, 0.3}, days(60)};
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const budget_forecast f(half_way, two, {.seed = seed, .paths = 20'000});
    check_probability(f, negative_binomial_at_most(2, 2.5, 60.0 / 75));  // 0.75 holds two
  }
}

TEST_CASE("budget_forecast: nothing but a base rate is certain") {
  budget_position now = half_way;
  now.base_burn_rate = 1;
  const budget_forecast f(now, {{}, days(30)}, {.paths = 100});
  CHECK(f.within().value == 1);
  CHECK_ULP(f.remaining().value, 0.25, 1);
  CHECK(f.time_to_exhaustion().value == never);
  REQUIRE(f.notes().size() == 1);
  // 30 days without one: at most -ln(0.05) / 30 a day at 95 %, 1 - sqrt(0.05) in 15 days.
  CHECK(f.notes()[0] ==
        "no incident seen, only the base rate is forecast: one comes with a probability of up to "
        "0.776 (95 %)");
  now.base_burn_rate = 3;
  const budget_forecast over(now, {{}, days(30)}, {.paths = 100});
  CHECK(over.within().value == 0);
  CHECK_REL(over.time_to_exhaustion().value.count(), 7.5 * 86400, 1e-15);  // 0.75 * 30 / 3 days
  CHECK_REL(over.remaining().value, -0.75, 1e-15);
}

TEST_CASE("budget_forecast: an uncertain base rate spreads the end as it is uncertain") {
  budget_position now = half_way;
  now.base_burn_rate = 1.5;
  now.base_error = 0.25;  // at the end 1.0 +- 0.125
  const budget_forecast f(now, {{}, days(30)}, {.paths = 20'000});
  check_probability(f, 0.5);
  const auto left = f.remaining(0.6826894921370859);     // one standard deviation either way
  CHECK(std::abs(left.interval.upper - 0.125) < 0.005);  // 20,000 paths: 3 errors of 0.0016
  CHECK(std::abs(left.interval.lower + 0.125) < 0.005);
}

TEST_CASE("budget_forecast: the first incident that takes the rest sets the time") {
  // Every incident takes everything: the time is exponential, its median log(2) of the mean.
  const incident_history ten{std::vector<double>(10, 5.0), days(100)};
  const budget_forecast f(half_way, ten, {.paths = 20'000, .estimated_rate = false});
  const double mean = 10 * 86400.0;
  // The density at the median is 1 / (2 mean): its error is mean / sqrt(paths).
  CHECK(std::abs(f.time_to_exhaustion().value.count() - std::log(2.0) * mean) <
        5 * mean / std::sqrt(20'000.0));
  CHECK(f.time_to_exhaustion().interval.upper == never);
  CHECK(std::abs(f.exhausted(days(5)).value - -std::expm1(-0.5)) < 5 * f.monte_carlo_error(0.393));
  CHECK_ULP(f.exhausted(days(15)).value, 1 - f.within().value, 1);
}

TEST_CASE("budget_forecast: a budget that is gone is gone now; exactly spent is still within") {
  budget_position now = half_way;
  now.spent = 1.5;
  const budget_forecast f(now, {{}, days(30)}, {.paths = 10});
  CHECK(f.time_to_exhaustion().value.count() == 0);
  CHECK(f.within().value == 0);
  now.spent = 1;
  const budget_forecast exact(now, {{}, days(30)}, {.paths = 10});
  CHECK(exact.within().value == 1);
  CHECK(exact.time_to_exhaustion().value.count() == 0);
  now.left = real_seconds(0);
  now.spent = 0.4;
  CHECK(budget_forecast(now, {{0.9}, days(30)}, {.paths = 10}).remaining().value == 0.6);
}

TEST_CASE("budget_forecast: the same seed gives the same futures") {
  const incident_history some{{0.1, 0.4, 0.05}, days(90)};
  const budget_forecast a(half_way, some, {.seed = 4, .paths = 200});
  const budget_forecast b(half_way, some, {.seed = 4, .paths = 200});
  const budget_forecast c(half_way, some, {.seed = 5, .paths = 200});
  CHECK(std::equal(a.spent().begin(), a.spent().end(), b.spent().begin()));
  CHECK_FALSE(std::equal(a.spent().begin(), a.spent().end(), c.spent().begin()));
}

TEST_CASE("budget_forecast: on average as likely as told; sure and wrong less than a known rate") {
  // The truth: 1.5 incidents in 30 days, log-normal costs (median 0.15, sigma 1); three months of
  // it are seen, then half a month is forecast. Over 1500 histories the mean probability is the
  // frequency within four errors of sqrt(.2 / 1500), and the logarithmic score (0 and 1 count as
  // half a path) is better than that of the rate and costs seen, taken as the true ones.
  constexpr int histories = 1500;
  constexpr count paths = 300;
  double told = 0;
  double came = 0;
  double score = 0;
  double plain_score = 0;
  budget_position now = half_way;
  now.base_burn_rate = 1;
  for (std::uint64_t h = 0; h < histories; ++h) {
    const stats::random_stream random(99, h);
    std::uint64_t draw = 0;
    const auto incidents = [&](double length) {  // in days
      std::vector<double> costs;
      for (double t = 20 * random.exponential(draw++); t < length;
           t += 20 * random.exponential(draw++)) {
        costs.push_back(0.15 * std::exp(random.normal(draw++)));
      }
      return costs;
    };
    const incident_history seen{incidents(90), days(90)};
    double spent = 0.25 + 0.5;
    for (const double cost : incidents(15)) spent += cost;
    const auto forecast = [&](bool estimated) {
      return budget_forecast(now, seen, {.seed = h, .paths = paths, .estimated_rate = estimated})
          .within()
          .value;
    };
    const auto surprise = [&](double p) {
      const double happened = spent <= 1 ? p : 1 - p;
      return -std::log(std::clamp(happened, 0.5 / paths, 1 - 0.5 / paths));
    };
    const double p = forecast(true);
    told += p;
    came += spent <= 1 ? 1 : 0;
    score += surprise(p);
    plain_score += surprise(forecast(false));
  }
  INFO("told ", told / histories, " came ", came / histories, " score ", score / histories,
       " against ", plain_score / histories);
  CHECK(std::abs(told - came) / histories < 4 * std::sqrt(0.2 / histories));
  CHECK(score < plain_score);
}

TEST_CASE("budget_forecast: its ends are what an agreement is held to") {
  const slo::objective goal(0.999);
  const budget_forecast f(half_way, {std::vector<double>(12, 0.6), days(180)}, {.paths = 4000});
  const auto ends = f.bad_fractions(goal);
  const slo::credit_table table({{goal, 0.1}, {slo::objective(0.99), 0.25}});
  const auto credit = slo::expected_credit(table, ends);
  CHECK(credit.probability[0].value == 1 - f.within().value);
  CHECK(credit.credit.value > 0);
  CHECK(credit.credit.value < 0.1);
  CHECK(credit.credit.interval.contains(credit.credit.value));
}

TEST_CASE("budget_forecast: few costs are noted, many not") {
  const budget_forecast f(half_way, {{0.1, 0.2}, days(30)}, {.paths = 10});
  REQUIRE(f.within().notes.size() == 1);
  CHECK(f.within().notes[0] == "the costs of 2 incidents stand for all to come");
  CHECK(budget_forecast(half_way, {std::vector<double>(10, 0.1), days(30)}, {.paths = 10})
            .notes()
            .empty());
}

TEST_CASE("budget_forecast: refuses what is no position, cost or probability") {
  const auto refused = [](const budget_position& now, const incident_history& past,
                          const std::string& text) {
    CHECK_THROWS_WITH_AS(budget_forecast(now, past), text.c_str(), std::domain_error);
  };
  const incident_history none{{}, days(30)};
  budget_position bad = half_way;
  bad.left = days(31);
  refused(bad, none, "relia::slo::budget_forecast: left must be from 0 to the period, got 2678400");
  bad = half_way;
  bad.spent = -0.5;
  refused(bad, none, "relia::slo::budget_forecast: spent must be at least 0 and finite, got -0.5");
  refused(half_way, {{0.5, 0}, days(30)},
          "relia::slo::budget_forecast: costs must be positive and finite, got row 1");
  refused(half_way, {{}, days(0)},
          "relia::slo::budget_forecast: observed must be positive and finite, got 0");
  refused(half_way, {{1}, real_seconds(1)},
          "relia::slo::budget_forecast: the incidents to expect must be at most a million (are "
          "`left` and `observed` in one unit?), got 1296000");
  const budget_forecast f(half_way, none, {.paths = 10});
  CHECK_THROWS_AS((void)f.exhausted(days(16)), std::domain_error);
  CHECK_THROWS_AS((void)f.remaining(1), std::domain_error);
  CHECK_THROWS_AS((void)f.monte_carlo_error(2), std::domain_error);
  CHECK_THROWS_AS(budget_forecast(half_way, none, {.paths = 0}), std::domain_error);
}

TEST_SUITE_END();
