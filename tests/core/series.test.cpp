// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/core/series.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("series");

namespace {
constexpr instant t0{};
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("series: clean input stays as it is") {
  const std::vector<instant> times{t0, t0 + 1min, t0 + 2min};
  const std::vector<double> values{1, 2, 3};
  const series s(times, values);
  CHECK(s.size() == 3);
  CHECK(s.report().clean());
  CHECK(s.report().median_step == 1min);
}

TEST_CASE(
    "series: sorts, keeps the last of duplicates, keeps aside what is not finite, and reports it "
    "all") {
  const std::vector<instant> times{t0 + 2min, t0, t0 + 1min, t0 + 1min, t0 + 3min, t0 + 9min};
  const std::vector<double> values{3, 1, 2, 20, missing, 4};
  const series s(times, values);
  CHECK(std::vector<double>(s.values().begin(), s.values().end()) ==
        std::vector<double>{1, 20, 3, 4});
  const series_report& report = s.report();
  CHECK(report.rows == 6);
  CHECK(report.kept == 4);
  CHECK(report.duplicates == 1);
  CHECK(report.out_of_order == 1);
  CHECK(report.refused == std::vector<std::size_t>{4});
  CHECK(report.gaps == 1);
  CHECK(report.longest_step == 7min);
  CHECK(report.rows == report.kept + report.duplicates + static_cast<count>(report.refused.size()));
}

TEST_CASE("series: empty is a series, sizes that differ are not") {
  CHECK(series({}, {}).empty());
  const std::vector<instant> times{t0};
  CHECK_THROWS_WITH_AS(series(times, {}), "relia::series: values must be of size 1, got 0",
                       std::invalid_argument);
}

TEST_CASE("series: times further apart than a duration are refused, steps of 200 years are not") {
  const std::vector<double> values{1, 2};
  CHECK_THROWS_WITH_AS(series(std::vector<instant>{instant::min(), instant::max()}, values),
                       "relia::series: times must be less than 292 years apart, in nanoseconds "
                       "since 1970, got 9223372036854775807",
                       std::domain_error);
  const series long_step(std::vector<instant>{t0, t0 + std::chrono::hours(24 * 365 * 200)}, values);
  CHECK(long_step.report().gaps == 0);
}

TEST_SUITE_END();
