// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/classic_histogram.hpp>

#include <support/close.hpp>

using namespace relia;
using sli::classic_bucket;
using sli::classic_histogram;

TEST_SUITE_BEGIN("classic_histogram");

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double damaged = std::numeric_limits<double>::quiet_NaN();

classic_histogram of(const std::vector<classic_bucket>& buckets) {
  return classic_histogram(buckets);
}

}  // namespace

TEST_CASE("classic_histogram: equal bounds are added up, in any order, and reported") {
  const auto h = of({{infinite, 4}, {0.2, 1}, {0.1, 1}, {0.2, 1}, {0.2, 1}});
  CHECK(h.repairs().merged == 2);
  CHECK(std::ranges::equal(h.buckets(),
                           std::vector<classic_bucket>{{0.1, 1}, {0.2, 3}, {infinite, 4}}));
  CHECK_ULP(h.quantile(0.5).value, 0.15, 1);  // 0.1 + 0.1 * 0.5, each rounded
  CHECK(h.quantile(0.5).repairs == h.repairs());
}

TEST_CASE("classic_histogram: counts that decrease are raised for a quantile, and reported") {
  const auto h = of({{0.1, 2}, {1, 1}, {10, 5}, {100, 4}, {1000, 9}, {infinite, 8}});
  CHECK(h.repairs().decreased == 3);
  CHECK(h.repairs().largest_decrease == 1);
  CHECK(h.monotone()[1].count == 2);
  CHECK(h.buckets()[1].count == 1);
  CHECK(h.quantile(0.5).value == 8.5);
  CHECK(h.quantile(0.99).value == 979.75);
}

TEST_CASE("classic_histogram: a difference of rounding alone is no decrease and no increase") {
  const double n = 1e15;
  const auto h = of({{1, n}, {2, n + 100}, {4, n - 100}, {infinite, n * (1 + 3e-12)}});
  CHECK(h.repairs().small == 2);
  CHECK(h.repairs().decreased == 0);
  CHECK(h.monotone()[2].count == n);
  CHECK(h.monotone()[3].count > n);  // 3e-12 of the sum is above the tolerance
}

TEST_CASE("classic_histogram: what cannot be answered says why") {
  CHECK(of({}).quantile(0.5).reason == "no buckets");
  CHECK(of({{1, 5}, {2, 7}}).quantile(0.5).reason == "no +Inf bucket");
  CHECK(of({{1, 5}, {2, 7}}).fraction(0, 1).state == state::no_data);
  CHECK(of({{infinite, 5}}).quantile(0.5).reason == "only the +Inf bucket");
  CHECK(of({{1, 0}, {infinite, 0}}).quantile(0.5).reason == "no observations");
  CHECK(std::isnan(of({{1, 0}, {infinite, 0}}).fraction(0, 1).value));
  CHECK(of({{infinite, 100}}).fraction(0, 1).value == 0);
  const auto h = of({{1, 5}, {infinite, 5}});
  CHECK(std::isnan(h.quantile(damaged).value));
  CHECK(std::isnan(h.fraction(damaged, 1).value));
  CHECK(std::isnan(h.fraction(0, damaged).value));
  CHECK(h.fraction(1, 1).value == 0);
}

TEST_CASE("classic_histogram: the bounds are what the buckets know") {
  const auto h = of({{0.1, 50}, {0.2, 70}, {1, 110}, {infinite, 120}});
  CHECK(h.quantile(0.5).lower == 0.1);
  CHECK(h.quantile(0.5).upper == 0.2);
  CHECK(h.quantile(0.99).value == 1);  // PromQL's answer; the truth is anywhere above
  CHECK(h.quantile(0.99).lower == 1);
  CHECK(h.quantile(0.99).upper == infinite);
  CHECK(h.fraction(-infinite, 0.3).lower == 70.0 / 120);
  CHECK(h.fraction(-infinite, 0.3).upper == 110.0 / 120);
  CHECK(h.fraction(-infinite, 0.2).lower == h.fraction(-infinite, 0.2).upper);
  CHECK(h.fraction(0.3, 0.4).lower == 0);
  CHECK(h.fraction(0.3, 0.4).upper == 40.0 / 120);
  CHECK(h.fraction(5, infinite).lower == 0);
  CHECK(h.fraction(5, infinite).upper == 10.0 / 120);
}

TEST_CASE("classic_histogram: of a recorded histogram, a NaN is never in a fast bucket") {
  aggregate::explicit_histogram recorded(std::array{0.1, 1.0});
  recorded.record(std::array{0.05, 0.5, 3.0, damaged, -infinite, infinite});
  const classic_histogram h(recorded);
  CHECK(std::ranges::equal(h.buckets(),
                           std::vector<classic_bucket>{{0.1, 2}, {1, 3}, {infinite, 6}}));
  CHECK(h.fraction(-infinite, 1).value == recorded.fraction_at_most(1).value);
}

TEST_CASE("classic_histogram: names the argument that it rejects") {
  CHECK_THROWS_WITH_AS((void)of({{damaged, 1}}),
                       "relia::sli::classic_histogram: le must be a number, got nan",
                       std::domain_error);
}

TEST_SUITE_END();
