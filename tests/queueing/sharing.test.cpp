// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/sharing.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("sharing");

TEST_CASE("processor_sharing: the shared reference rows") {
  // mpmath 1.2.1, 60 digits.
  CHECK_REL(processor_sharing(0.5, 1).mean_response(), 2.0, 1e-15);
  CHECK_REL(processor_sharing(0.5, 1).variance_response_exponential(), 6.666666666666666666666667,
            1e-15);
  CHECK_REL(processor_sharing(0.9, 1).mean_response(), 10.0, 1e-15);
  CHECK_REL(processor_sharing(0.9, 1).mean_response_of(3), 30.0, 1e-15);
}

TEST_CASE("processor_sharing: the number is geometric, and Little's law") {
  const processor_sharing q(0.75, 1);
  double sum = 0;
  for (count n = 1; n < 300; ++n) sum += q.probability_at_least(n);
  CHECK_REL(sum, q.mean_in_system(), 1e-14);
  CHECK_REL(q.arrival_rate() * q.mean_response(), q.mean_in_system(), 1e-15);
  CHECK(q.mean_slowdown() == 4);
}

TEST_CASE("sharing_response: agrees with the moments, and with the first moments of a given size") {
  // The mean is the integral of the tail, the second moment twice that of t times the tail;
  // Simpson's rule with steps of a tenth of a service, on a tail that changes over one, is good to
  // 1e-5.
  for (const double rho : {0.25, 0.75}) {
    CAPTURE(rho);
    const processor_sharing q(rho, 1);
    const auto r = q.response_time_exponential();
    constexpr int steps = 4000;
    constexpr double step = 0.1;
    double mean = 0;
    double square = 0;
    for (int i = 0; i <= steps; ++i) {
      const double weight = (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * step / 3;
      mean += weight * r.survival(i * step);
      square += 2 * weight * i * step * r.survival(i * step);
    }
    CHECK_REL(mean, q.mean_response(), 1e-5);
    CHECK_REL(square - mean * mean, q.variance_response_exponential(), 1e-5);
    // Its own variance, and that of the means of the sizes: 1 / (1 - rho)^2 of a mean service of 1.
    double within = 0;
    for (int i = 0; i <= steps; ++i) {
      const double weight = (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * step / 3;
      within += weight * std::exp(-i * step) * q.variance_response_exponential_of(i * step);
    }
    CHECK_REL(within + 1 / (1 - rho) / (1 - rho), q.variance_response_exponential(), 1e-5);
  }
  // A small request: 2 rho (x - (1 - e^-x)) / (1 - rho)^4 is rho size^2 / (1 - rho)^2 at first.
  CHECK_REL(processor_sharing(0.25, 2).variance_response_exponential_of(1e-9), 2e-18, 1e-9);
}

TEST_CASE("sharing_response: an idle server, an unstable one, and the ends") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const auto idle = processor_sharing(0, 2).response_time_exponential();
  CHECK_REL(idle.survival(3), std::exp(-1.5), 1e-15);
  CHECK_REL(idle.cdf(1e-12), 5e-13, 1e-12);
  for (const double load : {1.0, 2.0}) {
    const auto r = processor_sharing(load, 1).response_time_exponential();
    CHECK(r.survival(1e300) == 1);
    CHECK(r.cdf(1e300) == 0);
    CHECK(r.quantile(0.5) == infinity);
  }
  const auto r = processor_sharing(0.5, 1).response_time_exponential();
  CHECK(r.survival(-1) == 1);
  CHECK(r.cdf(0) == 0);
  CHECK(r.survival(infinity) == 0);
  CHECK(r.cdf(infinity) == 1);
  CHECK(r.log_survival(1e300) < -1e298);
  CHECK(r.quantile(0) == 0);
  CHECK(r.quantile(1) == infinity);
  CHECK(r.survival_quantile(0) == infinity);
  CHECK(std::isnan(r.quantile(1.5)));
  CHECK(std::isnan(r.cdf(not_a_number)));
  for (const double p : {1e-12, 0.3, 0.5, 0.99}) CHECK_REL(r.cdf(r.quantile(p)), p, 1e-12);
  for (const double q : {1e-3, 1e-12, 1e-100}) {
    // A rounding of t, times the hazard times t.
    CHECK_REL(r.survival(r.survival_quantile(q)), q, 1e-12);
  }
}

TEST_CASE("processor_sharing: unstable, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const processor_sharing q(1, 1);
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_response() == infinity);
  CHECK(q.mean_response_of(2) == infinity);
  CHECK(q.mean_response_of(0) == 0);
  CHECK(q.variance_response_exponential() == infinity);
  CHECK(q.probability_at_least(1000) == 1);
  CHECK_THROWS_WITH_AS(
      (void)processor_sharing(1, 0),
      "relia::queueing::processor_sharing: mean_service must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)q.mean_response_of(-1), std::domain_error);
}

TEST_CASE("sharing: quantiles at the ends of the doubles") {
  // Hardly any load: exponential, of which so early a fraction is level times the mean.
  const processor_sharing q(6.0418701835592239e-34, 12128704715532.428);
  CHECK_REL(q.response_time_exponential().quantile(6.790928853230768e-304),
            12128704715532.428 * 6.790928853230768e-304, 1e-13);  // sought to 46 bits
  const processor_sharing early(2.9292552675845567e-130, 8.4720259578092217e-21);
  CHECK(early.response_time_exponential().quantile(1.4997124224956341e-303) < 1e-300);
}

TEST_SUITE_END();
