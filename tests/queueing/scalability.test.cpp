// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/scalability.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("scalability");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("usl: concurrency, throughput and latency follow from one another") {
  // The book's Cisco example (Schwartz 2015); each inverse must bring back where it came from.
  const usl law(0.02671591, 7.690945e-4, 995.6486);
  for (const double n : {0.01, 0.5, 1.0, 5.0, 20.0, 35.0}) {
    const double x = law.throughput(n);
    // Next to the peak a rounding of x moves n by its root: sqrt(2e-16 n / (1 - n / peak)).
    CHECK_REL(law.concurrency_at_throughput(x), n, n > 30 ? 1e-11 : 1e-14);
    CHECK_REL(law.latency(n) * x, n, 1e-15);
    CHECK_REL(law.latency_at_throughput(x), law.latency(n), n > 30 ? 1e-11 : 1e-14);
  }
  for (const double n : {1.0, 20.0, 100.0, 1e6}) {
    const double t = law.latency(n);
    CHECK_REL(law.concurrency_at_latency(t), n, 1e-14);
    CHECK_REL(law.throughput_at_latency(t), law.throughput(n), 1e-14);
  }
}

TEST_CASE("usl: the latency at a throughput counts the cost of coherency") {
  // A peer's formula leaves it out and gives 1.2036 ms here, the latency of 6730 per second.
  const usl law(0.02671591, 7.690945e-4, 995.6486);
  const double t = law.latency_at_throughput(7000);
  CHECK_REL(law.throughput(7000 * t), 7000.0, 1e-14);
  CHECK(t > 0.00123);
}

TEST_CASE("usl: the peak") {
  const usl law(0.05, 0.0002, 20);
  CHECK_REL(law.throughput(law.peak_concurrency()), law.peak_throughput(), 1e-15);
  CHECK(law.throughput(law.peak_concurrency() * 0.99) < law.peak_throughput());
  CHECK(law.throughput(law.peak_concurrency() * 1.01) < law.peak_throughput());
  // Rounded up, the peak is out of reach; it is reached itself, and not far from where it is.
  CHECK(law.concurrency_at_throughput(law.peak_throughput() * (1 + 1e-12)) == infinity);
  CHECK_REL(law.concurrency_at_throughput(law.peak_throughput()), law.peak_concurrency(), 1e-7);
}

TEST_CASE("usl: without coherency there is no peak, only a limit") {
  const usl amdahl(0.05, 0, 20);
  CHECK(amdahl.peak_concurrency() == infinity);
  CHECK_REL(amdahl.peak_throughput(), 400.0, 1e-15);
  CHECK_REL(amdahl.throughput(infinity), 400.0, 1e-15);
  CHECK_REL(amdahl.throughput(64), 20 * amdahl_speedup(0.05, 64), 1e-15);
  CHECK(amdahl.concurrency_at_throughput(401) == infinity);
  CHECK_REL(amdahl.concurrency_at_throughput(200), 19.0, 1e-15);  // 20 n = 200 + 10 (n - 1)
  const usl linear(0, 0, 20);
  CHECK(linear.peak_throughput() == infinity);
  CHECK_REL(linear.concurrency_at_throughput(1e9), 5e7, 1e-15);
  CHECK(linear.concurrency_at_latency(0.05) == infinity);
  CHECK(linear.concurrency_at_latency(0.04) == 0);
  CHECK(linear.efficiency(1e300) == 1);
}

TEST_CASE("usl: evaluation never throws, and is 0, infinite or NaN where it should be") {
  for (const usl& law :
       {usl(0, 0, 1), usl(1, 0, 1), usl(0, 1, 1), usl(1, 1e100, 1e-308), usl(0.5, 1e-308, 1e308)}) {
    for (const double at : {-infinity, -1.0, 0.0, 5e-324, 1.0, 1e308, infinity}) {
      CAPTURE(at);
      CHECK(law.throughput(at) >= 0);
      CHECK(law.latency(at) >= 0);
      CHECK(law.efficiency(at) >= 0);
      CHECK(law.concurrency_at_throughput(at) >= 0);
      CHECK(law.concurrency_at_latency(at) >= 0);
      CHECK(law.latency_at_throughput(at) >= 0);
      CHECK(law.throughput_at_latency(at) >= 0);
    }
    CHECK(std::isnan(law.throughput(not_a_number)));
    CHECK(std::isnan(law.concurrency_at_throughput(not_a_number)));
    CHECK(std::isnan(law.concurrency_at_latency(not_a_number)));
  }
}

TEST_CASE("usl: names the argument it rejects") {
  CHECK_THROWS_WITH_AS(usl(-0.1, 0, 1),
                       "relia::queueing::usl: contention must be a fraction in [0, 1] (99.9 % is "
                       "0.999), got -0.1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(usl(0.1, -0.25, 1),
                       "relia::queueing::usl: coherency must be from 0 to 1e100, got -0.25",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(usl(0.1, 0, 0),
                       "relia::queueing::usl: single_rate must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_AS(usl(not_a_number, 0, 1), std::domain_error);
}

TEST_CASE("amdahl_speedup and gustafson_speedup: ends and errors") {
  CHECK(amdahl_speedup(0.3, 1) == 1);
  CHECK(gustafson_speedup(0.3, 1) == 1);
  CHECK(amdahl_speedup(0.0, 1e308) == 1e308);
  CHECK(amdahl_speedup(0.25, 1e308) == 4);
  CHECK_THROWS_WITH_AS((void)amdahl_speedup(0.1, 0.5),
                       "relia::queueing::amdahl_speedup: n must be at least 1 and finite, got 0.5",
                       std::domain_error);
  CHECK_THROWS_AS((void)gustafson_speedup(1.5, 2), std::domain_error);
}

TEST_CASE("usl: at a latency of -0 the throughput is that of 0") {
  const usl law(1, 5.25, 4.7e285);
  CHECK(law.throughput_at_latency(-0.0) == std::numeric_limits<double>::infinity());
  CHECK(law.throughput_at_latency(0.0) == std::numeric_limits<double>::infinity());
}

TEST_SUITE_END();
