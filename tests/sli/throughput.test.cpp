// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/throughput.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using enum sli::slice;

TEST_SUITE_BEGIN("throughput");

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("judge_throughput: a slice is good at its floor, and no work is bad") {
  const std::vector<double> rows{6000, 5999, 0, 1e9};
  CHECK(sli::judge_throughput(rows, 1min, 100) == std::vector{good, bad, bad, good});
  // 0.1 * 0.3 s is 0.03 in decimals; in doubles the product lies above it.
  CHECK(sli::judge_throughput(std::vector{0.03}, 300ms, 0.1) == std::vector{good});
}

TEST_CASE("judge_throughput: unknown slices are what the policy says") {
  const std::vector<double> rows{6000, unknown};
  CHECK(sli::judge_throughput(rows, 1min, 100) == std::vector{good, ignored});
  CHECK(sli::judge_throughput(rows, 1min, 100, sli::no_traffic::bad) == std::vector{good, bad});
  CHECK(sli::judge_throughput(rows, 1min, 100, sli::no_traffic::good) == std::vector{good, good});
  CHECK(sli::tally(sli::judge_throughput(rows, 1min, 100)) == aggregate::counts(1, 0));
}

TEST_CASE("judge_throughput: refuses what makes no sense") {
  CHECK_THROWS_WITH_AS((void)sli::judge_throughput(std::vector{1.0, -1.0}, 1min, 100),
                       "relia::sli::judge_throughput: work must be at least 0, or NaN, got row 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::judge_throughput({}, 0min, 100),
                       "relia::sli::judge_throughput: length must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)sli::judge_throughput({}, 1min, 0),
      "relia::sli::judge_throughput: floor_per_second must be positive and finite, got 0",
      std::domain_error);
}

TEST_SUITE_END();
