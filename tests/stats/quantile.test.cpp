// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/quantile.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("quantile");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> data_set(const std::string& name) {
  std::vector<double> values;
  for (const auto& row : test::csv_table("stats/durations.csv")) {
    if (row.text("dataset") == name) values.push_back(row.number("value"));
  }
  return values;
}

}  // namespace

TEST_CASE("quantile: type 7, by hand") {
  const std::vector<double> values{40, 10, 30, 20};
  CHECK(quantile(values, 0) == 10.0);
  CHECK(quantile(values, 1) == 40.0);
  CHECK(quantile(values, 0.5) == 25.0);
  // Position 0.9 * 3 = 2.7 from 0: 30 + 0.7 * 10.
  CHECK_REL(quantile(values, 0.9), 37.0, 1e-15);
  CHECK(quantile(std::vector<double>{7}, 0.3) == 7.0);
}

TEST_CASE("quantile: sorted and unsorted values agree") {
  const std::vector<double> values = data_set("github_2025");
  std::vector<double> sorted(values);
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i <= 1000; ++i) {
    const double level = i / 1000.0;
    CHECK(quantile(values, level) == sorted_quantile(sorted, level));
  }
}

TEST_CASE("quantile: infinite values are values, NaN is not") {
  const std::vector<double> open{1, 2, infinity};
  CHECK(quantile(open, 0.5) == 2.0);
  CHECK(quantile(open, 0.75) == infinity);
  CHECK(quantile(open, 1) == infinity);
  CHECK_THROWS_WITH_AS((void)quantile(std::vector<double>{1, std::nan("")}, 0.5),
                       "relia::stats::quantile: values[1] must be a number (leave out what was "
                       "not measured), got nan",
                       std::domain_error);
  CHECK_THROWS_AS((void)quantile(std::vector<double>{-infinity, infinity}, 0.5), std::domain_error);
  // Far apart, yet the interpolation does not overflow.
  constexpr double huge = std::numeric_limits<double>::max();
  CHECK(quantile(std::vector<double>{-huge, huge}, 0.5) == 0.0);
}

TEST_CASE("quantile: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)quantile({}, 0.5),
                       "relia::stats::quantile: the number of values must be at least 1, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)quantile(std::vector<double>{1}, 99),
                       "relia::stats::quantile: level must be a fraction in [0, 1] (99.9 % is "
                       "0.999), got 99",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)sorted_quantile(std::vector<double>{2, 1}, 0.5),
      "relia::stats::sorted_quantile: sorted must be ascending and free of NaN, got 2",
      std::domain_error);
  CHECK_THROWS_AS((void)sorted_quantile({}, 0.5), std::invalid_argument);
}

TEST_CASE("quantile_interval: agrees with R's binomial ranks") {
  for (const auto& row : test::csv_table("stats/quantile_published.csv")) {
    const auto e = quantile_interval(data_set(row.text("dataset")), row.number("level"),
                                     {.confidence_level = row.number("confidence_level")});
    INFO(row.text("dataset"), " ", row.text("level"));
    CHECK_REL(e.value, row.number("quantile"), 1e-15);
    CHECK(e.interval.lower == row.number("lower"));
    CHECK(e.interval.upper == row.number("upper"));
    CHECK(e.method == order_statistics);
    REQUIRE(e.notes.size() == 1);
    const std::string missed =
        relia::detail::to_short_text(1 - row.number("coverage"));  // the note has three digits
    CHECK(e.notes[0] == "between ranks " + row.text("rank_lower") + " and " +
                            row.text("rank_upper") + " of " + std::to_string(e.n) +
                            "; misses with probability " + missed);
  }
}

TEST_CASE("quantile_interval: too few values leave an end open, and it says how many it takes") {
  std::vector<double> values;
  for (int i = 0; i < 30; ++i) values.push_back(i);
  // 0.99^n <= 0.025 first holds for n = 368 and 0.99^n <= 0.05 for 299; 1 value in 100 for the
  // lower end.
  const auto e = quantile_interval(values, 0.99);
  CHECK(e.interval.upper == infinity);
  CHECK(e.interval.lower == 27.0);
  REQUIRE(e.notes.size() == 2);
  CHECK(e.notes[1] == "too few values for an upper limit: it takes 368");
  const auto one_sided = quantile_interval(values, 0.99, {.sides = sides::upper});
  CHECK(one_sided.interval.lower == -infinity);
  REQUIRE(one_sided.notes.size() == 2);
  CHECK(one_sided.notes[1] == "too few values for an upper limit: it takes 299");

  std::vector<double> enough(298, 1.0);
  CHECK(quantile_interval(enough, 0.99, {.sides = sides::upper}).interval.upper == infinity);
  enough.push_back(1.0);
  CHECK(quantile_interval(enough, 0.99, {.sides = sides::upper}).interval.upper == 1.0);
}

TEST_CASE("quantile_interval: the ranks are the narrowest that cover, on either side") {
  // Exact by the binomial sum: ranks (r, s) miss with P(X < r) + P(X >= s), X of binomial(n,
  // level).
  for (const int n : {1, 5, 6, 40, 200}) {
    std::vector<double> values;
    for (int i = 1; i <= n; ++i) values.push_back(i);
    for (const double level : {0.5, 0.9, 0.25}) {
      std::vector<double> at_most{std::pow(1 - level, n)};
      double mass = at_most[0];
      for (int k = 1; k <= n; ++k) {
        mass *= (n - k + 1.0) / k * level / (1 - level);
        at_most.push_back(at_most.back() + mass);
      }
      const auto e = quantile_interval(values, level);
      INFO("n ", n, ", level ", level);
      if (std::isfinite(e.interval.lower)) {
        const auto rank = static_cast<std::size_t>(e.interval.lower);
        CHECK(at_most[rank - 1] <= 0.025 * (1 + 1e-12));
        CHECK(at_most[rank] > 0.025);
      } else {
        CHECK(at_most[0] > 0.025);
      }
      if (std::isfinite(e.interval.upper)) {
        const auto rank = static_cast<std::size_t>(e.interval.upper);
        CHECK(1 - at_most[rank - 1] <= 0.025 + 1e-12);
        CHECK((rank < 2 || 1 - at_most[rank - 2] > 0.025));
      } else {
        CHECK(1 - at_most[static_cast<std::size_t>(n) - 1] > 0.025);
      }
    }
  }
}

TEST_CASE("quantile_interval: no values are no data") {
  const auto e = quantile_interval({}, 0.5);
  CHECK(e.state == state::no_data);
  CHECK(e.interval == interval<double>{-infinity, infinity, 0.95});
}

TEST_CASE("quantile_interval: names what it refuses") {
  const std::vector<double> values{1, 2, 3};
  CHECK_THROWS_WITH_AS((void)quantile_interval(values, 1),
                       "relia::stats::quantile_interval: level must be a fraction in (0, 1) (95 % "
                       "is 0.95), got 1",
                       std::domain_error);
  CHECK_THROWS_AS((void)quantile_interval(values, 0.5, {.confidence_level = 0}), std::domain_error);
  CHECK_THROWS_AS((void)quantile_interval(std::vector<double>{1, std::nan("")}, 0.5),
                  std::domain_error);
}

TEST_CASE("quantile_interval: says how many values it takes beyond what a count holds") {
  const auto e = quantile_interval(std::vector<double>{1, 2, 3}, 1e-19);
  // ln 0.025 / ln(1 - 1e-19) = 3.689e19.
  REQUIRE(e.notes.size() == 2);
  CHECK(e.notes[1] == "too few values for a lower limit: it takes 3.69e+19");
}

TEST_SUITE_END();
