// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/service.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("service");

namespace {

/// complement and excess agree with the moments next to 0, and with each other everywhere.
template <service_time Time>
void check_transform(const Time& time) {
  const double m = time.mean();
  const double s = 1e-6 / m;
  // 1 - E exp(-s T) = s m - s^2 m2 / 2 + s^3 m3 / 6 - ..., the next term relative 1e-18 m4 / 24
  // m^4.
  const double series =
      s * m - s * s * time.second_moment() / 2 + s * s * s * time.third_moment() / 6;
  CHECK_REL(time.complement({s, 0.0}).real(), series, 1e-13);
  const double excess = s * time.second_moment() / (2 * m) - s * s * time.third_moment() / (6 * m);
  CHECK_REL(time.excess({s, 0.0}).real(), excess, 1e-9);  // s^2 m4 / 24, of a log-normal up to 300
  for (const double at : {0.09, 0.11, 0.5, 3.0, 40.0}) {
    for (const double turn : {0.0, 0.7, 1.5}) {
      const std::complex<double> z = std::polar(at / m, turn);
      const std::complex<double> difference = time.excess(z) - (1.0 - time.complement(z) / (z * m));
      CHECK(std::abs(difference) < 1e-14);  // both of the order of at: a few units over 0.09
    }
    CHECK(std::abs(time.transform(at / m) - (1 - time.complement({at / m, 0.0}).real())) < 1e-14);
  }
  CHECK_REL(time.second_moment(), (1 + time.scv()) * m * m, 1e-14);
}

}  // namespace

TEST_CASE("service_time: transforms, next to 0 and far from it") {
  check_transform(exponential_time(2.5));
  check_transform(deterministic_time(0.1));
  check_transform(erlang_time(1, 3));
  check_transform(erlang_time(7, 0.2));
  check_transform(hyperexponential_time::of_scv(2, 9));
  check_transform(lognormal_time(1, 0.5));
  check_transform(lognormal_time(3, 4));
}

TEST_CASE("hyperexponential_time: of a mean and a scv") {
  for (const double scv : {1.0, 1.5, 4.0, 1e6}) {
    const auto time = hyperexponential_time::of_scv(3, scv);
    CHECK_REL(time.mean(), 3.0, 1e-15);
    CHECK_REL(time.scv(), scv, 1e-13);
    CHECK_REL(time.probabilities()[0] * time.means()[0], 1.5, 1e-15);  // balanced
  }
}

TEST_CASE("service_time: densities integrate to the survival") {
  const auto check = [](const auto& time) {
    for (const double x : {0.3, 1.0, 2.5}) {
      const double h = 1e-5;  // a central difference is off by h^2 f''/6
      CHECK_REL((time.survival(x - h) - time.survival(x + h)) / (2 * h), time.pdf(x), 1e-7);
    }
    CHECK(time.survival(0) == 1);
    CHECK(time.survival(-1) == 1);
    CHECK(time.pdf(-1) == 0);
  };
  check(exponential_time(1));
  check(erlang_time(3, 1));
  check(hyperexponential_time::of_scv(1, 3));
  check(lognormal_time(1, 2));
}

TEST_CASE("service_time: draws follow the law") {
  const auto check = [](const auto& time, std::uint64_t stream) {
    static_assert(random_service_time<std::remove_cvref_t<decltype(time)>>);
    const stats::random_stream random(20261123, stream);
    constexpr std::size_t n = 20'000;
    std::vector<double> drawn(n);
    for (std::size_t i = 0; i < n; ++i) drawn[i] = time.draw(random, i);
    CHECK(drawn[7] == time.draw(random, 7));
    std::sort(drawn.begin(), drawn.end());
    double apart = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double here = 1 - time.survival(drawn[i]);
      apart = std::max({apart, std::abs(here - static_cast<double>(i) / n),
                        std::abs(here - static_cast<double>(i + 1) / n)});
    }
    // Kolmogorov's limit law: 1 in 10 000 draws of the law are further off.
    CHECK(apart < 2.23 / std::sqrt(static_cast<double>(n)));
  };
  check(exponential_time(3), 0);
  check(erlang_time(3, 0.5), 1);
  check(erlang_time(16, 2), 2);
  check(erlang_time(17, 2), 3);  // by inversion
  check(hyperexponential_time::of_scv(2, 9), 4);
  const double parts[] = {0.2, 0.5, 0.3};
  const double means[] = {1, 5, 0.1};
  check(hyperexponential_time(parts, means), 5);
  check(lognormal_time(0.1, 4), 6);
  CHECK(deterministic_time(3).draw(stats::random_stream(0), 5) == 3);
}

TEST_CASE("service_time: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)exponential_time(0),
                       "relia::queueing::exponential_time: mean must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)erlang_time(0, 1),
                       "relia::queueing::erlang_time: stages must be from 1 to 10000, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)deterministic_time(HUGE_VAL), std::domain_error);
  CHECK_THROWS_AS((void)hyperexponential_time::of_scv(1, 0.5), std::domain_error);
  const double half[] = {0.5};
  const double two[] = {1, 2};
  CHECK_THROWS_WITH_AS(
      (void)hyperexponential_time(half, half),
      "relia::queueing::hyperexponential_time: sum of probabilities must be 1, got 0.5",
      std::domain_error);
  CHECK_THROWS_AS((void)hyperexponential_time(half, two), std::invalid_argument);
}

TEST_CASE("laws of times: a mean whose cube is no number is refused") {
  CHECK_THROWS_WITH_AS(exponential_time(1e-101),
                       "relia::queueing::exponential_time: mean must be from 1e-100 to 1e100, got "
                       "1e-101",
                       std::domain_error);
  CHECK_THROWS_AS(deterministic_time(1e101), std::domain_error);
}

TEST_SUITE_END();
