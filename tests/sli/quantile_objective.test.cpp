// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/quantile_objective.hpp>

#include <support/close.hpp>

using namespace relia;
using enum sli::slice;

TEST_SUITE_BEGIN("quantile_objective");

namespace {

/// A shape that says outright how many of its events are within any limit.
struct known {
  relia::count events = 0;
  relia::count lower = 0;
  relia::count upper = 0;
  relia::count not_numbers = 0;

  [[nodiscard]] relia::count count() const { return events; }
  [[nodiscard]] relia::count nans() const { return not_numbers; }
  [[nodiscard]] aggregate::bounded at_most(double) const {
    const auto low = static_cast<double>(lower);
    const auto high = static_cast<double>(upper);
    return {low + (high - low) / 2, low, high, state::ok};
  }
};

}  // namespace

TEST_CASE("quantile_objective: met when the rank of the quantile is within the limit") {
  // p99 of 1000 is the 990th: 990 within is met, 989 is not.
  const std::vector<known> slices{{1000, 990, 990}, {1000, 989, 989}, {1000, 1000, 1000}};
  const auto r = sli::quantile_objective<known>(slices, 0.99, 0.4);
  CHECK(r.judged == std::vector{good, bad, good});
  CHECK(r.slices.exact());
  CHECK(r.slices.quoted == aggregate::counts(2, 1));
}

TEST_CASE("quantile_objective: raw values agree with their own quantile") {
  std::vector<double> fast(200, 0.1);
  fast[7] = fast[50] = 3.0;  // the 198th is still 0.1
  std::vector<double> slow = fast;
  slow[90] = 3.0;
  const std::vector<sli::raw_latencies> slices{sli::raw_latencies(fast), sli::raw_latencies(slow)};
  const auto r = sli::quantile_objective<sli::raw_latencies>(slices, 0.99, 0.4);
  CHECK(r.judged == std::vector{good, bad});
}

TEST_CASE("quantile_objective: buckets that cannot tell leave the slice undecided") {
  const std::vector<known> slices{{1000, 980, 997}, {1000, 950, 989}, {1000, 990, 999}};
  const auto r = sli::quantile_objective<known>(slices, 0.99, 0.4);
  CHECK(r.undecided == 1);
  CHECK(r.slices.fewest_good == aggregate::counts(1, 2));
  CHECK(r.slices.most_good == aggregate::counts(2, 1));
  CHECK(r.judged == std::vector{bad, bad, good});  // 988.5 events quoted: not the 990th
  const auto fraction = sli::bad_fraction(r.slices);
  CHECK(fraction.interval.lower == stats::proportion(1, 3).interval.lower);
  CHECK(fraction.interval.upper == stats::proportion(2, 3).interval.upper);
}

TEST_CASE("quantile_objective: slices without enough data follow the policy") {
  const std::vector<known> slices{{99, 99, 99}, {100, 99, 99}, {0, 0, 0}};
  const auto ignoring = sli::quantile_objective<known>(slices, 0.99, 0.4);
  CHECK(ignoring.judged == std::vector{ignored, good, ignored});
  CHECK(ignoring.short_of_data == 2);
  CHECK(ignoring.slices.quoted == aggregate::counts(1, 0));
  const auto strict =
      sli::quantile_objective<known>(slices, 0.99, 0.4, {.not_enough = sli::no_traffic::bad});
  CHECK(strict.slices.quoted == aggregate::counts(1, 2));
  CHECK(strict.slices.exact());
  const auto any = sli::quantile_objective<known>(slices, 0.99, 0.4, {.fewest = 1});
  CHECK(any.judged == std::vector{good, good, ignored});
}

TEST_CASE("quantile_objective: a NaN is an event that is never within the limit") {
  const std::vector<known> slices{{990, 990, 990, 10}, {989, 989, 989, 11}};
  CHECK(sli::quantile_objective<known>(slices, 0.99, 0.4).judged == std::vector{good, bad});
}

TEST_CASE("quantile_objective: refuses what makes no sense") {
  const std::vector<known> slices;
  CHECK_THROWS_WITH_AS(
      (void)sli::quantile_objective<known>(slices, 99, 0.4),
      "relia::sli::quantile_objective: level must be a fraction in (0, 1) (95 % is "
      "0.95), got 99",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)sli::quantile_objective<known>(slices, 0.99, std::numeric_limits<double>::quiet_NaN()),
      "relia::sli::quantile_objective: limit must be a number in the unit of the latencies, got "
      "nan",
      std::domain_error);
}

TEST_SUITE_END();
