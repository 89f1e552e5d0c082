// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/erlang.hpp>
#include <relia/queueing/halfin_whitt.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("halfin_whitt");

TEST_CASE("accuracy: halfin_whitt_wait_probability and halfin_whitt_beta") {
  constexpr const char* source = "halfin_whitt.csv, mpmath 60 digits";
  // erfc and exp err by about an ulp each.
  test::accuracy<> limit("queueing::halfin_whitt_wait_probability", "beta 2^-30 to 37", source,
                         2e-15);
  test::accuracy<> beta("queueing::halfin_whitt_beta", "1e-300 to 1 - 2^-30", source, 2e-15);
  for (const auto& row : test::csv_table("queueing/halfin_whitt.csv")) {
    const double at = row.number("at");
    const double value = row.number("value");
    if (row.text("quantity") == "beta") {
      beta.compare(halfin_whitt_beta(at), value);
    } else {
      limit.compare(halfin_whitt_wait_probability(at), value);
    }
  }
}

TEST_CASE("halfin_whitt_wait_probability: what a rule of thumb promises") {
  // A capacity planner's comments say 0.2 for 1.16 and 0.29 for 1. mpmath, 60 digits.
  CHECK_REL(halfin_whitt_wait_probability(1.16), 0.1667438318844905221818552, 1e-15);
  CHECK_REL(halfin_whitt_wait_probability(1), 0.2233612747982607402528077, 1e-15);
}

TEST_CASE("halfin_whitt_wait_probability: the limit of Erlang C") {
  // The first correction is of the order of 1 / sqrt(servers), 3.2e-5 here, with a factor of about
  // beta^2 (Janssen, van Leeuwaarden, Zwart 2008).
  for (const double beta : {0.125, 0.5, 1.0, 2.0}) {
    CHECK_REL(erlang_c_slack(1'000'000'000, beta * std::sqrt(1e9)),
              halfin_whitt_wait_probability(beta), 3.2e-5 * (1 + beta * beta));
  }
}

TEST_CASE("halfin_whitt: ends, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(halfin_whitt_wait_probability(0) == 1);
  CHECK(halfin_whitt_wait_probability(-infinity) == 1);
  CHECK(halfin_whitt_wait_probability(infinity) == 0);
  CHECK(halfin_whitt_wait_probability(1e-320) == 1);
  CHECK(halfin_whitt_wait_probability(38) > 0);
  for (const double p : {5e-324, 1e-308, 1e-9, 0.5, 1 - 0x1p-53}) {
    CAPTURE(p);
    const double beta = halfin_whitt_beta(p);
    CHECK(beta > 0);
    CHECK(beta < 39);
  }
  CHECK_THROWS_WITH_AS((void)halfin_whitt_beta(1),
                       "relia::queueing::halfin_whitt_beta: wait_probability must be a fraction in "
                       "(0, 1) (95 % is 0.95), got 1",
                       std::domain_error);
  CHECK_THROWS_AS((void)halfin_whitt_wait_probability(std::nan("")), std::domain_error);
}

TEST_SUITE_END();
