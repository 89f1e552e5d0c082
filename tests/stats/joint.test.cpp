// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/joint.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using stats::joint;

TEST_SUITE_BEGIN("joint");

TEST_CASE("any_of: a series of three, as a product of availabilities and within its bounds") {
  // 0.999 * 0.999 * 0.9995 = 0.9975020 (Calculus of Service Availability, worked by hand).
  const std::vector<double> u{1e-3, 1e-3, 5e-4};
  const joint j = stats::any_of(u);
  CHECK_ULP(j.independent, 0.0024980004999999998, 2);  // 1 - 0.9975019995, exactly
  CHECK(j.lower == 1e-3);
  CHECK_ULP(j.upper, 2.5e-3, 1);
}

TEST_CASE("all_of: two parallel parts at 99 % have four nines if independent, two if not") {
  const joint j = stats::all_of(std::vector{0.01, 0.01});
  CHECK_ULP(j.independent, 1e-4, 1);
  CHECK(j.lower == 0);
  CHECK(j.upper == 0.01);
  CHECK(stats::all_of(std::vector{0.75, 0.75}).lower == 0.5);
}

TEST_CASE("at_least: two of three, against the sum written out") {
  const joint j = stats::at_least(std::vector{0.1, 0.2, 0.3}, 2);
  // .1 .2 .7 + .1 .8 .3 + .9 .2 .3 + .1 .2 .3 = .098; bounds (.6 / 2) and 0.
  CHECK_REL(j.independent, 0.098, 1e-15);
  CHECK(j.lower == 0);
  CHECK_ULP(j.upper, 0.3, 1);
  // Dropping the likeliest is better where it is near certain.
  CHECK_ULP(stats::at_least(std::vector{0.1, 0.2, 1.0}, 2).upper, 0.3, 1);
}

TEST_CASE("at_least: eleven nines keep their digits") {
  const std::vector<double> u(3, 1e-11);
  CHECK_REL(stats::any_of(u).independent, 2.99999999997e-11, 1e-15);  // 3u - 3u^2 + u^3
  CHECK_REL(stats::all_of(u).independent, 1e-33, 1e-15);
}

TEST_CASE("at_least: none of none, more than there are, and certain events") {
  const std::vector<double> none;
  CHECK(stats::any_of(none) == joint{0, 0, 0});
  CHECK(stats::all_of(none) == joint{1, 1, 1});
  CHECK(stats::at_least(std::vector{0.5}, 2) == joint{0, 0, 0});
  CHECK(stats::at_least(std::vector{1.0, 1.0, 0.0}, 2) == joint{1, 1, 1});
  CHECK(stats::at_least(std::vector{1.0, 0.0, 0.0}, 2) == joint{0, 0, 0});
}

TEST_CASE("at_least: no simulated dependence leaves the bounds, and some reaches their ends") {
  const std::vector<double> p{0.15, 0.35, 0.5, 0.8};
  // Each event happens on an arc of a circle; turning the arcs makes dependences of all kinds.
  std::vector<double> lowest(5, 1);
  std::vector<double> highest(5, 0);
  const stats::random_stream random(3);
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    std::vector<int> at_least(5, 0);
    constexpr int points = 20;  // every probability is a multiple of 1/20
    for (int x = 0; x < points; ++x) {
      int happened = 0;
      for (std::size_t e = 0; e < p.size(); ++e) {
        const auto turn = static_cast<int>(random.below(4 * trial + e, points));
        happened += (x + turn) % points < static_cast<int>(p[e] * points + 0.5);
      }
      for (int m = 0; m <= happened; ++m) ++at_least[static_cast<std::size_t>(m)];
    }
    for (std::size_t m = 1; m <= 4; ++m) {
      lowest[m] = std::min(lowest[m], at_least[m] / 20.0);
      highest[m] = std::max(highest[m], at_least[m] / 20.0);
    }
  }
  for (int m = 1; m <= 4; ++m) {
    const joint j = stats::at_least(p, m);
    const auto i = static_cast<std::size_t>(m);
    CHECK(j.lower <= lowest[i] + 1e-15);  // sums of twentieths
    CHECK(j.upper >= highest[i] - 1e-15);
    CHECK(j.lower <= j.independent);
    CHECK(j.independent <= j.upper);
  }
  CHECK_ULP(stats::at_least(p, 1).lower, lowest[1], 1);
  CHECK_ULP(stats::at_least(p, 4).upper, highest[4], 1);
}

TEST_CASE("at_least: at least m and at most m - 1 are one") {
  const std::vector<double> p{0.1, 0.25, 0.4, 0.9, 0.05};
  std::vector<double> q;
  for (const double x : p) q.push_back(1 - x);
  for (int m = 1; m <= 5; ++m) {
    const joint happens = stats::at_least(p, m);
    const joint fails = stats::at_least(q, 6 - m);
    CHECK_REL(happens.independent + fails.independent, 1.0, 1e-15);
    CHECK_REL(happens.lower + fails.upper, 1.0, 1e-15);
  }
}

TEST_CASE("at_least: names the row that is no probability") {
  CHECK_THROWS_WITH_AS((void)stats::any_of(std::vector{0.5, 99.9}),
                       "relia::stats::at_least: probabilities must be fractions in [0, 1], got row "
                       "1",
                       std::domain_error);
  CHECK_THROWS_AS((void)stats::any_of(std::vector{std::nan("")}), std::domain_error);
  CHECK_THROWS_WITH_AS((void)stats::at_least(std::vector{0.5}, -1),
                       "relia::stats::at_least: m must be at least 0, got -1", std::domain_error);
}

TEST_SUITE_END();
