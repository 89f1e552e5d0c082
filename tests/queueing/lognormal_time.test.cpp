// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <complex>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/lognormal_time.hpp>

using namespace relia::queueing;

TEST_SUITE_BEGIN("lognormal_time");

TEST_CASE("lognormal_time: the transform against quadrature at 25 digits") {
  // mpmath 1.2.1: the integral along the line rotated by arg s, 25 digits.
  const struct {
    double mean, scv, re, im, complement_re, complement_im;
  } rows[] = {
      {1, 4, 0.5, 3, 0.73543965639160052, 0.3420720155790404},
      {1, 4, 3, 50, 1.0172824405435389, 0.010681218795933545},
      {1, 0.1, 0.5, 3, 1.4003135850197133, 0.15705199559164159},
      {2, 25, 0.5, 3, 0.64933261729083359, 0.26868728678632767},
      {2, 25, 0.05, 400, 1.0033533524689005, 0.0032709641848134008},
      {1, 4, 0.01, 0.3, 0.10000671823270095, 0.21695826446681911},
  };
  for (const auto& row : rows) {
    const auto value = lognormal_time(row.mean, row.scv).complement({row.re, row.im});
    CHECK(std::abs(value - std::complex<double>(row.complement_re, row.complement_im)) < 2e-13);
  }
}

TEST_CASE("lognormal_time: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)lognormal_time(1, 0),
                       "relia::queueing::lognormal_time: scv must be above 0, up to 1e4, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)lognormal_time(1, std::nan("")), std::domain_error);
  CHECK_THROWS_AS((void)lognormal_time(1e101, 1), std::domain_error);
}

TEST_SUITE_END();
