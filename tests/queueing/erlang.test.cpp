// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/erlang.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("erlang");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("erlang_b and erlang_c: one server has the closed forms a / (1 + a) and a") {
  for (const double a : {0x1p-1000, 0x1p-30, 0.25, 0.75, 1 - 0x1p-40}) {
    CHECK_ULP(erlang_b(1, a), a / (1 + a), 1);  // two roundings on either side
    CHECK_ULP(erlang_c(1, a), a, 2);            // 1 / (1 + (1 - a) / a): three roundings
  }
}

TEST_CASE(
    "erlang_b: satisfies the recurrence B(c) = a B(c-1) / (c + a B(c-1)) across its methods") {
  for (const double load : {0.5, 20.0, 63.5, 64.0, 65.25, 100.0, 3000.0}) {
    for (const count servers : {2, 63, 64, 65, 66, 100, 1000}) {
      const double before = load * erlang_b(servers - 1, load);
      const double expected = before / (static_cast<double>(servers) + before);
      if (expected < 1e-300) continue;  // the recurrence itself meets subnormal numbers
      CHECK_REL(erlang_b(servers, load), expected, 1e-14);  // both sides sum hundreds of terms
    }
  }
}

TEST_CASE("erlang_c: falls with servers, rises with load, and never falls below erlang_b") {
  for (const count servers : {1, 10, 64, 65, 500, 20000}) {
    double before = 0;
    for (const double rho : {0.0, 0.01, 0.3, 0.7, 0.9, 0.99, 0.999999}) {
      const double load = rho * static_cast<double>(servers);
      const double c = erlang_c(servers, load);
      CHECK(c >= before);
      CHECK(c >= erlang_b(servers, load));
      CHECK(erlang_c(servers + 1, load) <= c);
      before = c;
    }
  }
}

TEST_CASE("erlang_c: tends to the limit of Halfin and Whitt") {
  // beta = 1: 0.2233612747982607 (mpmath, 60 digits). The first correction is of the order of
  // 1 / sqrt(servers), 3.2e-5 here, with a factor below 1 (Janssen, van Leeuwaarden, Zwart 2008).
  const double limit = 0.2233612747982607;
  CHECK_REL(erlang_c_slack(1'000'000'000, std::sqrt(1e9)), limit, 3.2e-5);
}

TEST_CASE("erlang_c_slack: agrees with erlang_c where the load holds the slack") {
  for (const double slack : {0x1p-10, 0.5, 3.25, 60.0, 99.0}) {
    CHECK_REL(erlang_c_slack(100, slack), erlang_c(100, 100 - slack), 1e-15);  // the same numbers
  }
}

TEST_CASE("erlang_c: at or over capacity every arrival waits") {
  CHECK(erlang_c(5, 5.0) == 1);
  CHECK(erlang_c(5, 1e308) == 1);
  CHECK(log_erlang_c(5, 6.0) == 0);
  CHECK(erlang_c_slack(5, 0.0) == 1);
  CHECK(erlang_c_slack(5, -infinity) == 1);
}

TEST_CASE("erlang_b and erlang_c: without load nobody is turned away or waits") {
  CHECK(erlang_b(3, 0.0) == 0);
  CHECK(erlang_c(3, 0.0) == 0);
  CHECK(erlang_c_slack(3, 3.0) == 0);
  CHECK(log_erlang_b(3, 0.0) == -infinity);
  CHECK(log_erlang_c(3, 0.0) == -infinity);
}

TEST_CASE("erlang_b: a load far above the servers, where the ratio of densities is 0 / 0") {
  // mpmath: erlang_b.csv. A quotient of gamma functions gives NaN here.
  CHECK_ULP(erlang_b(10, 1e10), 0.9999999990000000001, 1);
}

TEST_CASE("erlang_c: defined where factorials overflow") {
  // mpmath, 60 digits: mmc.csv. Sums of powers over factorials give NaN from 150 servers on.
  CHECK_REL(erlang_c(200, 190.0), 0.3652638565625463953730392, 1e-14);
  CHECK(erlang_c(150, 135.0) > 0);
  CHECK(erlang_c(1000, 900.0) > 0);
  CHECK_REL(erlang_c(100'000, 99'900.0), 0.6579935117953026494532864, 1e-13);
}

TEST_CASE("erlang: every argument gives a probability or an error") {
  for (const double x :
       {-infinity, -1.0, -0.0, 0.0, 5e-324, 1e-308, 1.0, 1e8, 1e308, infinity, not_a_number}) {
    for (const count servers : {count{-1}, count{0}, count{1}, count{64}, count{65}, count{100'000},
                                most_servers, std::numeric_limits<count>::max()}) {
      const bool good = x >= 0 && x < infinity && servers >= 1 && servers <= most_servers;
      CAPTURE(x);
      CAPTURE(servers);
      if (good) {
        CHECK((erlang_b(servers, x) >= 0 && erlang_b(servers, x) <= 1));
        CHECK((erlang_c(servers, x) >= 0 && erlang_c(servers, x) <= 1));
        CHECK(log_erlang_b(servers, x) <= 0);
        CHECK(log_erlang_c(servers, x) <= 0);
      } else {
        CHECK_THROWS_AS((void)erlang_b(servers, x), std::domain_error);
        CHECK_THROWS_AS((void)erlang_c(servers, x), std::domain_error);
        CHECK_THROWS_AS((void)log_erlang_b(servers, x), std::domain_error);
        CHECK_THROWS_AS((void)log_erlang_c(servers, x), std::domain_error);
      }
    }
  }
}

TEST_CASE("erlang: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)erlang_b(0, 1.0),
                       "relia::queueing::erlang_b: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)erlang_c(2, -1.0),
                       "relia::queueing::erlang_c: load must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)erlang_c_slack(2, 2.5),
      "relia::queueing::erlang_c_slack: slack must be a number not above servers, got 2.5",
      std::domain_error);
  CHECK_THROWS_AS((void)erlang_c_slack(2, not_a_number), std::domain_error);
}

TEST_CASE("erlang_b_real and erlang_c_real: whole numbers give the whole functions") {
  for (const count c : {1, 7, 64, 65, 1000}) {
    for (const double load : {1e-9, 0.5, 3.0, 63.5, 999.0, 1e6}) {
      CAPTURE(c);
      CAPTURE(load);
      CHECK(erlang_b_real(static_cast<double>(c), load) == erlang_b(c, load));
      CHECK(erlang_c_real(static_cast<double>(c), load) == erlang_c(c, load));
    }
  }
}

TEST_CASE("erlang_b_real: falls with every part of a server") {
  for (const double load : {0.1, 1.4999, 1.5, 9.0, 70.0}) {
    double before = 1;
    for (double servers = 0.0625; servers < 80; servers += 0.0625) {
      const double b = erlang_b_real(servers, load);
      CHECK(b < before);
      before = b;
    }
  }
  CHECK(erlang_b_real(2.5, 0.0) == 0);
}

TEST_CASE("erlang_b_real: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)erlang_b_real(0.0, 1.0),
                       "relia::queueing::erlang_b_real: servers must be over 0, at most 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)erlang_b_real(std::nan(""), 1.0), std::domain_error);
  CHECK_THROWS_AS((void)erlang_c_real(1.5, std::nan("")), std::domain_error);
  CHECK_THROWS_AS((void)erlang_c_real(1.5, -1.0), std::domain_error);
}

TEST_CASE("erlang_b_real: next to no server is still a fraction") {
  CHECK(erlang_b_real(1e-308, 0.001) <= 1);
  CHECK(erlang_c_real(1e-308, 1e-309) <= 1);
}

TEST_SUITE_END();
