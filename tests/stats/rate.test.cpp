// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <doctest/doctest.h>

#include <relia/stats/rate.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("rate");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("rate: agrees with published and recomputed limits") {
  for (const auto& row : test::csv_table("stats/rate_published.csv")) {
    const auto e = rate(
        row.integer("events"), row.number("exposure"),
        {.confidence_level = row.number("confidence_level"),
         .sides = row.text("sides") == "upper" ? sides::upper : sides::both,
         .stopping = row.text("stopping") == "at_event" ? stopping::at_event : stopping::at_time});
    INFO(row.text("name"));
    const double most = row.number("tolerance");
    CHECK_REL(e.value, row.number("rate"), most);
    CHECK_REL(e.interval.lower, row.number("lower"), most);
    CHECK_REL(e.interval.upper, row.number("upper"), most);
    CHECK(e.n == row.integer("events"));
    CHECK(e.method == garwood);
  }
}

TEST_CASE("rate: no events still bound the rate from above") {
  // exp(-rate T) = tail: the rule of three for one side, 3.69 for two.
  const auto one = rate(0, 12, {.sides = sides::upper});
  CHECK_REL(one.interval.upper, -std::log(0.05) / 12, 1e-15);
  CHECK_REL(rate(0, 12).interval.upper, -std::log(0.025) / 12, 1e-15);
  CHECK(one.value == 0.0);
  CHECK(one.interval.lower == 0.0);
  CHECK(rate(0, 12, {.sides = sides::lower}).interval == interval<double>{0, infinity, 0.95});
}

TEST_CASE("rate: covers at least its level") {
  // Exact: Poisson masses by their recurrence, up to 12 deviations past the mean.
  for (const double mean : {0.1, 0.7, 3.0, 9.9, 40.0}) {
    double held = 0;
    double mass = std::exp(-mean);
    const int last = static_cast<int>(mean + 12 * std::sqrt(mean) + 20);
    for (int x = 0; x <= last; mass *= mean / ++x) {
      held += rate(x, 1).interval.contains(mean) ? mass : 0;
    }
    INFO("mean ", mean);
    CHECK(held >= 0.95);
  }
}

TEST_CASE("rate: an empty exposure is no data") {
  const auto e = rate(0, 0);
  CHECK(e.state == state::no_data);
  CHECK(e.interval == interval<double>{0, infinity, 0.95});
}

TEST_CASE("rate: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)rate(-1, 2), "relia::stats::rate: events must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)rate(1, 0),
                       "relia::stats::rate: exposure must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)rate(1, -2),
                       "relia::stats::rate: exposure must be at least 0 and finite, got -2",
                       std::domain_error);
  CHECK_THROWS_AS((void)rate(1, std::nan("")), std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)rate(0, 5, {.stopping = stopping::at_event}),
      "relia::stats::rate: events must be at least 1 when the exposure stops at an event, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)rate(1, 2, {.confidence_level = 1}), std::domain_error);
}

TEST_CASE("quasi_poisson_rate: pages per shift, with their dispersion") {
  // Variance over mean 2.111111 and limits [1.3006683, 3.8922298] with the normal deviate:
  // mpmath 1.2.1, 40 digits.
  const std::vector<count> pages{0, 3, 1, 0, 5, 2, 2, 7, 1, 0, 4, 2};
  const std::vector<double> shifts(12, 1.0);
  const auto r = quasi_poisson_rate(pages, shifts, {.method = quasi_poisson_normal});
  CHECK_REL(r.dispersion, 2.111111111111111, 1e-15);
  CHECK(r.rate.value == 2.25);
  CHECK(r.rate.n == 27);
  CHECK_REL(r.rate.interval.lower, 1.3006683291164691, 1e-9);
  CHECK_REL(r.rate.interval.upper, 3.892229776547958, 1e-9);
  const auto student = quasi_poisson_rate(pages, shifts);
  CHECK(student.rate.method == quasi_poisson);
  CHECK(student.rate.interval.lower < r.rate.interval.lower);
  CHECK(student.rate.interval.upper > r.rate.interval.upper);
}

TEST_CASE("quasi_poisson_rate: the unit of exposure does not matter") {
  const std::vector<count> events{12, 30, 8, 51};
  const std::vector<double> days{7, 7, 5, 7};
  std::vector<double> hours(days);
  for (double& h : hours) h *= 24;
  const auto a = quasi_poisson_rate(events, days);
  const auto b = quasi_poisson_rate(events, hours);
  CHECK_REL(b.rate.value * 24, a.rate.value, 1e-15);
  CHECK_REL(b.dispersion, a.dispersion, 1e-14);
  CHECK_REL(b.rate.interval.upper * 24, a.rate.interval.upper, 1e-14);
}

TEST_CASE("quasi_poisson_rate: counts steadier than Poisson's do not narrow the interval") {
  const std::vector<count> events{10, 10, 10, 10, 10, 10};
  const std::vector<double> weeks(6, 1.0);
  const auto r = quasi_poisson_rate(events, weeks, {.method = quasi_poisson_normal});
  CHECK(r.dispersion == 0.0);
  CHECK(r.p_value == 1.0);
  // 1.959964 from tables, to six decimals.
  CHECK_REL(r.rate.interval.upper, 10 * std::exp(1.959964 / std::sqrt(60.0)), 1e-6);
}

TEST_CASE("quasi_poisson_rate: no period, one period and no event") {
  const auto none = quasi_poisson_rate({}, {});
  CHECK(none.rate.state == state::no_data);
  CHECK(std::isnan(none.dispersion));

  const std::vector<count> three{3};
  const std::vector<double> week{7.0};
  const auto one = quasi_poisson_rate(three, week);
  CHECK_REL(one.rate.value, 3.0 / 7, 1e-15);
  CHECK(one.rate.interval == interval<double>{0, infinity, 0.95});
  CHECK(one.rate.notes.size() == 1);
  CHECK(std::isnan(one.dispersion));

  const std::vector<count> quiet{0, 0, 0};
  const std::vector<double> weeks(3, 7.0);
  const auto r = quasi_poisson_rate(quiet, weeks);
  CHECK(r.rate.value == 0.0);
  CHECK(r.rate.interval == rate(0, 21).interval);
  CHECK(std::isnan(r.dispersion));
  CHECK(r.rate.notes.size() == 1);
}

TEST_CASE("quasi_poisson_rate: covers where Garwood's interval does not") {
  // Counts of 6 periods, mean 20, variance 5 times the mean: a Poisson count whose mean is drawn
  // from a gamma distribution. 2000 samples: the Monte Carlo error of a coverage of 0.95 is 0.005.
  std::mt19937_64 engine(20261123);
  const auto uniform = [&engine] { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; };
  const auto poisson = [&uniform](double mean) {
    count k = 0;
    for (double sum = -std::log(uniform()); sum < mean; sum -= std::log(uniform())) ++k;
    return k;
  };
  const std::vector<double> weeks(6, 1.0);
  int by_quasi = 0;
  int by_garwood = 0;
  constexpr int samples = 2000;
  for (int i = 0; i < samples; ++i) {
    std::vector<count> events;
    for (int period = 0; period < 6; ++period) {
      double mean = 0;  // gamma of shape 5 and scale 4: mean 20, variance 80
      for (int j = 0; j < 5; ++j) mean -= 4 * std::log(uniform());
      events.push_back(poisson(mean));
    }
    by_quasi += quasi_poisson_rate(events, weeks).rate.interval.contains(20);
    const count total = std::accumulate(events.begin(), events.end(), count{0});
    by_garwood += rate(total, 6).interval.contains(20);
  }
  // Four Monte Carlo errors, and the interval is a large-sample one: 0.952 and 0.633 in a run of
  // 10^5 samples with NumPy.
  CHECK(by_quasi > 0.93 * samples);
  CHECK(by_garwood < 0.70 * samples);
}

TEST_CASE("quasi_poisson_rate: names what it refuses") {
  const std::vector<count> two{1, 2};
  const std::vector<double> one{1};
  CHECK_THROWS_WITH_AS((void)quasi_poisson_rate(two, one),
                       "relia::stats::quasi_poisson_rate: exposure must be of size 2, got 1",
                       std::invalid_argument);
  const std::vector<double> zero{1, 0};
  CHECK_THROWS_WITH_AS(
      (void)quasi_poisson_rate(two, zero),
      "relia::stats::quasi_poisson_rate: exposure[1] must be positive and finite, got 0",
      std::domain_error);
  const std::vector<count> negative{1, -2};
  const std::vector<double> fine{1, 1};
  CHECK_THROWS_WITH_AS((void)quasi_poisson_rate(negative, fine),
                       "relia::stats::quasi_poisson_rate: events[1] must be at least 0, got -2",
                       std::domain_error);
  const std::vector<count> large{std::numeric_limits<count>::max(), 1};
  CHECK_THROWS_AS((void)quasi_poisson_rate(large, fine), std::domain_error);
  CHECK_THROWS_WITH_AS((void)quasi_poisson_rate(two, fine, {.method = garwood}),
                       "relia::stats::quasi_poisson_rate: method must be quasi_poisson or "
                       "quasi_poisson_normal, got \"garwood\"",
                       std::invalid_argument);
}

TEST_CASE("rate_ratio: agrees with R") {
  for (const auto& row : test::csv_table("stats/rate_ratio_published.csv")) {
    const count x1 = row.integer("events1");
    const count x2 = row.integer("events2");
    const double t1 = row.number("exposure1");
    const double t2 = row.number("exposure2");
    const double most = row.number("tolerance");
    INFO(row.text("name"));
    const auto e = rate_ratio(x1, t1, x2, t2);
    CHECK_REL(e.value, row.number("ratio"), most);
    CHECK_REL(e.interval.lower, row.number("lower"), most);
    CHECK_REL(e.interval.upper, row.number("upper"), most);
    CHECK(e.n == x1 + x2);
    CHECK_REL(rate_ratio_p_value(x1, t1, x2, t2), row.number("p_value"), most);
  }
}

TEST_CASE("rate_ratio: swapping the sides takes reciprocals") {
  const auto a = rate_ratio(14, 6, 7, 5);
  const auto b = rate_ratio(7, 5, 14, 6);
  CHECK_REL(a.value, 1 / b.value, 1e-15);
  CHECK_REL(a.interval.lower, 1 / b.interval.upper, 1e-14);
  CHECK_REL(a.interval.upper, 1 / b.interval.lower, 1e-14);
  CHECK_REL(rate_ratio_p_value(14, 6, 7, 5), rate_ratio_p_value(7, 5, 14, 6), 1e-14);
}

TEST_CASE("rate_ratio: no events on one side, or on both") {
  const auto first = rate_ratio(5, 1, 0, 1);
  CHECK(first.value == infinity);
  CHECK(first.interval.upper == infinity);
  // The lower limit of the split is tail^(1 / 5); as odds.
  const double p = std::pow(0.025, 0.2);
  CHECK_REL(first.interval.lower, p / (1 - p), 1e-14);
  const auto none = rate_ratio(0, 1, 0, 1);
  CHECK(none.state == state::no_data);
  CHECK(none.interval == interval<double>{0, infinity, 0.95});
  CHECK(rate_ratio_p_value(0, 1, 0, 1) == 1.0);
}

TEST_CASE("rate_ratio_p_value: agrees with the sum over every split") {
  // Every split of up to 40 events, the likelihoods summed one by one.
  for (const double share : {0.5, 0.3, 1 / 7.0, 0.9}) {
    for (int n = 1; n <= 40; n += 3) {
      std::vector<double> pmf;
      for (int k = 0; k <= n; ++k) {
        pmf.push_back(std::exp(boost::math::lgamma(n + 1.0) - boost::math::lgamma(k + 1.0) -
                               boost::math::lgamma(n - k + 1.0) + k * std::log(share) +
                               (n - k) * std::log1p(-share)));
      }
      for (int x = 0; x <= n; ++x) {
        double expected = 0;
        for (const double mass : pmf) {
          if (mass <= pmf[static_cast<std::size_t>(x)] * (1 + 1e-7)) expected += mass;
        }
        INFO("share ", share, ", ", x, " of ", n);
        // lgamma near 40 carries 1e-14; the sum at most forty times a unit.
        CHECK_REL(rate_ratio_p_value(x, share, n - x, 1 - share), std::min(1.0, expected), 1e-13);
      }
    }
  }
}

TEST_CASE("rate_ratio: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)rate_ratio(1, 1, 1, 0),
                       "relia::stats::rate_ratio: exposure2 must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)rate_ratio(1, 1, -1, 1),
                       "relia::stats::rate_ratio: events2 must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)rate_ratio_p_value(1, infinity, 1, 1),
      "relia::stats::rate_ratio_p_value: exposure1 must be positive and finite, got inf",
      std::domain_error);
}

TEST_CASE("rates: refuse sums and ratios that a number cannot hold") {
  constexpr count most = std::numeric_limits<count>::max();
  CHECK_THROWS_WITH_AS(
      (void)rate_ratio(most, 1, 1, 1),
      "relia::stats::rate_ratio: events1 + events2 must be below 2^63, got 9223372036854775808",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)rate_ratio(0, 1e-200, 3, 1e200),
                       "relia::stats::rate_ratio: exposure2 / exposure1 must be positive and "
                       "finite, got inf",
                       std::domain_error);
  const std::vector<count> events{3, 0};
  CHECK_THROWS_AS((void)quasi_poisson_rate(events, std::vector<double>{1e308, 1e308}),
                  std::domain_error);
  CHECK_THROWS_AS((void)quasi_poisson_rate(std::vector<count>{most, 1}, std::vector<double>{1, 1}),
                  std::domain_error);
  // The dispersion is beyond 1e308.
  CHECK_THROWS_AS(
      (void)quasi_poisson_rate(std::vector<count>{most, 0}, std::vector<double>{1e-300, 1}),
      std::domain_error);
}

TEST_SUITE_END();
