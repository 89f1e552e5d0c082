// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/bootstrap.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("bootstrap");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using reals = std::vector<double>;

reals data(const std::string& set) {
  reals values;
  for (const auto& row : test::csv_table("stats/bootstrap_rows.csv"))
    if (row.text("dataset") == set) values.push_back(row.number("value"));
  return values;
}

/// The mean without the short cut.
double plain_mean(std::span<const double> rows) { return sample_mean(rows); }
double plain_median(std::span<double> rows) { return sample_median(rows); }

}  // namespace

TEST_CASE("bca_interval: on all 3125 resamples of five rows") {
  // Full enumeration with numpy, inverse-cdf quantiles, ties counted half: deterministic.
  const reals rows = {12, 31, 47, 95, 480};
  reals replicates;
  for (int code = 0; code < 3125; ++code) {
    double sum = 0;
    for (int rest = code, i = 0; i < 5; ++i, rest /= 5)
      sum += rows[static_cast<std::size_t>(rest % 5)];
    replicates.push_back(sum / 5);
  }
  const double acceleration = jackknife_acceleration(rows, sample_mean);
  CHECK_REL(acceleration, 0.10520830428225296, 1e-15);
  CHECK_REL(bias_correction(replicates, 133), 0.09761249791744803, 1e-15);
  CHECK(percentile_interval(replicates) == interval<double>{26.6, 309.4, 0.95});
  CHECK(bca_interval(133, replicates, acceleration) == interval<double>{35.6, 393.4, 0.95});
}

TEST_CASE("bca_interval: without bias and acceleration it is the percentile interval") {
  reals replicates(999);
  for (std::size_t i = 0; i < replicates.size(); ++i) replicates[i] = static_cast<double>(i);
  CHECK(bca_interval(499, replicates, 0) == percentile_interval(replicates));
  CHECK(percentile_interval(replicates) == interval<double>{24, 974, 0.95});
}

TEST_CASE("bias_correction: counts ties half") {
  CHECK(bias_correction(reals{1, 2, 2, 3}, 2) == 0);
  CHECK(bias_correction(reals{2, 2}, 2) == 0);
  CHECK(bias_correction(reals{3, 4}, 2) == -infinity);
  CHECK(bias_correction(reals{1, 1}, 2) == infinity);
}

TEST_CASE("jackknife_acceleration: of the mean, in closed form and by leaving out") {
  const reals rows = data("aircondit");
  // R boot, closed form: sum d^3 / (6 (sum d^2)^1.5).
  CHECK_REL(jackknife_acceleration(rows, sample_mean), 0.0937980738838676, 1e-14);
  // The figures without one row differ by a tenth of their size: one digit is lost.
  CHECK_REL(jackknife_acceleration(rows, plain_mean), 0.0937980738838676, 1e-13);
  CHECK(jackknife_acceleration(reals{2, 2, 2}, sample_mean) == 0);
}

TEST_CASE("bootstrap: agrees with R boot's 199999 resamples") {
  // R boot, 199999 resamples; the tail (one incident of 3377 minutes) makes the ends vary, so 2 %
  // for 10000 of ours. The median's ends are rows.
  const reals github = data("github_2025");
  const estimate<double> mean = bootstrap(github, sample_mean);
  CHECK_REL(mean.value, 179.037837837838, 1e-14);
  CHECK_REL(mean.interval.lower, 138.11433127856, 0.02);
  CHECK_REL(mean.interval.upper, 258.337062075581, 0.02);
  CHECK(mean.method == bca);
  CHECK(mean.n == 185);
  const estimate<double> plain = bootstrap(github, sample_mean, {.method = percentile});
  CHECK_REL(plain.interval.lower, 130.432432432432, 0.02);
  CHECK_REL(plain.interval.upper, 239.281081081081, 0.02);
  const estimate<double> median = bootstrap(github, sample_median, {.method = percentile});
  CHECK(median.value == 85);
  CHECK(median.interval == interval<double>{72, 98, 0.95});
}

TEST_CASE("bootstrap: the short cuts give what the plain way gives") {
  for (const std::size_t n : {2U, 3U, 10U, 11U, 185U}) {
    const reals all = data("github_2025");
    const reals rows(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
    const bootstrap_options options{.seed = 9, .resamples = 200};
    CHECK(bootstrap_replicates(rows, sample_mean, options) ==
          bootstrap_replicates(rows, plain_mean, options));
    CHECK(bootstrap_replicates(rows, sample_median, options) ==
          bootstrap_replicates(rows, plain_median, options));
    CHECK(jackknife_acceleration(rows, sample_median) ==
          jackknife_acceleration(rows, plain_median));
  }
}

TEST_CASE("bootstrap_replicates: each depends on the seed and its position only") {
  const reals rows = data("aircondit");
  const reals few = bootstrap_replicates(rows, sample_mean, {.seed = 4, .resamples = 10});
  const reals many = bootstrap_replicates(rows, sample_mean, {.seed = 4, .resamples = 100});
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(bootstrap_replicates(rows, sample_mean, {.seed = 5, .resamples = 10}) != few);
}

TEST_CASE("bootstrap_replicates: draws the rows that the layout in detail/resample.hpp says") {
  // n = 5 takes four rows from a word by chained multiplication: five rows need two words.
  const reals rows = {0, 1, 2, 3, 4};
  const auto digits = [](std::span<const double> r) {
    double code = 0;
    for (const double x : r) code = 10 * code + x;
    return code;
  };
  double expected = 0;
  const random_stream stream(11);
  for (std::uint64_t i = 0; i < 5; ++i) {
    std::uint64_t word = stream.bits(3 * 2 + i / 4);  // resample 3
    for (std::uint64_t k = 0; k < i % 4; ++k) word *= 5;
    expected = 10 * expected + static_cast<double>(stats::detail::multiply(word, 5).high);
  }
  CHECK(bootstrap_replicates(rows, digits, {.seed = 11, .resamples = 4})[3] == expected);
}

TEST_CASE("bootstrap_replicates: every row is as likely, few or many") {
  // 4000 draws per row: a standard error of 63; 4.5 of them. Sizes on each side of the layouts.
  for (const std::size_t n : {7U, 1024U, 1025U}) {
    reals rows(n);
    for (std::size_t i = 0; i < n; ++i) rows[i] = static_cast<double>(i);
    std::vector<int> times(n);
    const auto tally = [&](std::span<const double> r) {
      for (const double x : r) ++times[static_cast<std::size_t>(x)];
      return 0.0;
    };
    (void)bootstrap_replicates(rows, tally, {.seed = 12, .resamples = 4000});
    CHECK(*std::min_element(times.begin(), times.end()) > 4000 - 4.5 * 63);
    CHECK(*std::max_element(times.begin(), times.end()) < 4000 + 4.5 * 63);
  }
}

TEST_CASE("bootstrap: the interval of -x mirrors that of x") {
  const reals rows = data("aircondit");
  reals negated = rows;
  for (double& x : negated) x = -x;
  for (const method m : {bca, percentile}) {
    const auto e = bootstrap(rows, sample_mean, {.method = m});
    const auto mirror = bootstrap(negated, sample_mean, {.method = m});
    CHECK(mirror.interval.lower == -e.interval.upper);
    CHECK(mirror.interval.upper == -e.interval.lower);
  }
}

TEST_CASE("bootstrap: equal rows give the value and say so") {
  const estimate<double> e = bootstrap(reals(20, 7.5), sample_mean);
  CHECK(e.value == 7.5);
  CHECK(e.interval == interval<double>{7.5, 7.5, 0.95});
  CHECK(e.notes == std::vector<std::string>{
                       "every resample gives the same value: the interval does not show how sure "
                       "it is"});
}

TEST_CASE("bootstrap: one row has an unbounded interval") {
  const estimate<double> e = bootstrap(reals{3}, sample_mean);
  CHECK(e.value == 3);
  CHECK(e.interval == interval<double>{-infinity, infinity, 0.95});
  CHECK(e.notes.size() == 1);
}

TEST_CASE("bootstrap: no rows are no_data") {
  CHECK(bootstrap(reals{}, sample_mean).state == state::no_data);
}

TEST_CASE("bootstrap: a figure at the end of its replicates falls back to percentiles") {
  // How many different values: no resample of 30 different rows has all 30 of them.
  const auto different = [](std::span<double> r) {
    std::sort(r.begin(), r.end());
    return static_cast<double>(std::unique(r.begin(), r.end()) - r.begin());
  };
  reals rows(30);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<double>(i);
  const estimate<double> e = bootstrap(rows, different, {.resamples = 500});
  CHECK(e.value == 30);
  CHECK(e.interval.upper < 30);
  CHECK(e.method == percentile);
  CHECK(e.notes == std::vector<std::string>{
                       "every resample lies on one side of the value: percentile limits, not BCa"});
}

TEST_CASE("bootstrap: leaves out the resamples on which the figure is not a number") {
  // The coefficient of variation of an all-zero resample is 0/0.
  const auto spread = [](std::span<const double> r) {
    const double m = sample_mean(r);
    double squares = 0;
    for (const double x : r) squares += (x - m) * (x - m);
    return std::sqrt(squares) / m;
  };
  const estimate<double> e = bootstrap(reals{0, 0, 5}, spread, {.method = percentile});
  REQUIRE(e.notes.size() == 1);
  CHECK(e.notes[0].find(" of the resamples: they are left out") != std::string::npos);
  CHECK(std::isfinite(e.interval.lower));
}

TEST_CASE("bootstrap: BCa covers the mean of skewed rows as the header says") {
  // 50 log-normal rows, standard deviation of logs 1.14: mean exp(1.14^2 / 2). 1000 sets; Monte
  // Carlo error of 0.89 is 1 %, three of them. Normal rows: 95 % within 3 * 0.7 % + 1 %.
  constexpr int sets = 1000;
  int skewed = 0;
  int normal = 0;
  for (int set = 0; set < sets; ++set) {
    const random_stream stream(21, static_cast<std::uint64_t>(set));
    reals logs(50);
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] = stream.normal(i);
    const bootstrap_options options{.seed = static_cast<std::uint64_t>(set), .resamples = 999};
    normal += bootstrap(logs, sample_mean, options).interval.contains(0);
    for (double& x : logs) x = std::exp(1.14 * x);
    skewed += bootstrap(logs, sample_mean, options).interval.contains(std::exp(0.5 * 1.14 * 1.14));
  }
  MESSAGE("skewed ", skewed, ", normal ", normal, " of ", sets);
  CHECK(std::abs(skewed / double{sets} - 0.89) < 0.03);
  CHECK(std::abs(normal / double{sets} - 0.94) < 0.03);
}

TEST_CASE("bootstrap: names what it refuses") {
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const reals rows = {1, 2};
  CHECK_THROWS_WITH_AS((void)bootstrap(reals{1, not_a_number}, sample_mean),
                       "relia::stats::bootstrap: values must be finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)bootstrap(rows, sample_mean, {.resamples = 0}),
                       "relia::stats::bootstrap: resamples must be at least 1, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)bootstrap(rows, sample_mean, {.confidence_level = 95}),
                       "relia::stats::bootstrap: confidence_level must be a fraction in (0, 1) "
                       "(95 % is 0.95), got 95",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)bootstrap(rows, sample_mean, {.method = {"basic"}}),
                       "relia::stats::bootstrap: method must be bca or percentile, got \"basic\"",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)bootstrap(rows, [&](std::span<const double>) { return not_a_number; }),
                       "relia::stats::bootstrap: the statistic of values must be finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)bootstrap_replicates(reals{}, sample_mean),
                       "relia::stats::bootstrap_replicates: values must be at least one row, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)jackknife_acceleration(reals{1}, sample_mean),
      "relia::stats::jackknife_acceleration: values must be at least two rows, got 1",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)percentile_interval({}),
      "relia::stats::percentile_interval: replicates must be at least one number, got 0",
      std::invalid_argument);
}

TEST_CASE("bootstrap: a statistic that one row less leaves undefined gets percentile limits") {
  const auto sd = [](std::span<double> rows) {
    const double centre = sample_mean(rows);
    double squares = 0;
    for (const double r : rows) squares += (r - centre) * (r - centre);
    return std::sqrt(squares / (static_cast<double>(rows.size()) - 1));
  };
  CHECK(std::isnan(jackknife_acceleration(reals{1, 2}, sd)));
  const auto e = bootstrap(reals{1, 2}, sd);
  CHECK(e.method == percentile);
  CHECK(e.notes == std::vector<std::string>{
                       "the statistic is not finite with one row left out: percentile limits, not "
                       "BCa"});
}

TEST_CASE("percentile_interval, bca_interval: refuse NaN, which has no rank") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS((void)percentile_interval({1, nan}),
                       "relia::stats::percentile_interval: replicates must be numbers, got nan",
                       std::domain_error);
  CHECK_THROWS_AS((void)bca_interval(1, {1, nan}, 0), std::domain_error);
  CHECK_THROWS_AS((void)bca_interval(nan, {1, 2}, 0), std::domain_error);
}

TEST_SUITE_END();
