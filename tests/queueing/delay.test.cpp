// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("delay");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<mmc> pools() {
  return {mmc(3, 4, 1),    mmc(4, 1, 5),      mmc(4 + 0x1p-50, 1, 5),    mmc(0, 2, 3),
          mmc(99, 1, 100), mmc(1e-9, 1e3, 2), mmc(1000 - 1e-6, 1, 1000), mmc(1e6, 1e4, 150)};
}

}  // namespace

TEST_CASE("response_time: quantile and survival are inverse, from 1e-9 to 1 - 1e-9 and beyond") {
  for (const mmc& q : pools()) {
    const auto response = q.response_time();
    for (const double level : {1e-9, 1e-4, 0.1, 0.5, 0.9, 0.99, 0.9999}) {
      // One unit of the quantile moves the cdf by its own condition, at most log(1/tail) units.
      CHECK_REL(response.cdf(response.quantile(level)), level, 1e-14);
    }
    for (const double tail : {0.5, 1e-2, 1e-9, 1e-100, 1e-300}) {
      CHECK_REL(response.survival(response.survival_quantile(tail)), tail, 1e-12);  // 690 units
    }
  }
}

TEST_CASE("waiting_time: has its atom at 0") {
  const mmc q(4, 1, 5);
  const auto wait = q.waiting_time();
  CHECK(wait.survival(0) == q.wait_probability());
  CHECK_REL(wait.cdf(0), 1 - q.wait_probability(), 1e-15);
  CHECK(wait.quantile(0.2) == 0);
  CHECK(wait.quantile(wait.cdf(0)) == 0);
  CHECK(wait.survival_quantile(0.6) == 0);
  CHECK(wait.quantile(0.9) > 0);
}

TEST_CASE("waiting_time and response_time: cdf and survival add up to 1") {
  for (const mmc& q : pools()) {
    for (const double services : {0.0, 1e-6, 0.3, 0.999, 1.001, 4.0, 30.0}) {
      const double t = services / q.service_rate();
      CHECK_ULP(q.waiting_time().cdf(t) + q.waiting_time().survival(t), 1.0, 4);
      CHECK_ULP(q.response_time().cdf(t) + q.response_time().survival(t), 1.0, 8);
    }
  }
}

TEST_CASE("response_time: the density is the slope of the cdf and integrates to it") {
  for (const mmc& q : pools()) {
    const auto response = q.response_time();
    for (const double services : {0.01, 0.7, 1.5, 3.0}) {
      const double t = services / q.service_rate();
      const double h = 1e-4 / q.service_rate();
      // A central difference is off by h^2 f''/6, below 1e-8 of the density.
      const double slope = (response.cdf(t + h) - response.cdf(t - h)) / (2 * h);
      CHECK_REL(slope, response.pdf(t), 1e-6);
    }
  }
}

TEST_CASE("response_time: continuous through the point where drain and service rates meet") {
  // A branch on slack == 1 gives a variance of 1.524 and FW(2) = 0.734 at 4 + 1e-15 (peer).
  // mpmath, 60 digits: mmc.csv.
  const mmc q(4.0000000000000008882, 1, 5);
  CHECK_REL(q.response_time().survival(2), 0.285317242148183693236731, 1e-14);
  CHECK_REL(q.response_time().variance(), 1.801184385599971744160261, 1e-14);
  const double at = mmc(4, 1, 5).response_time().quantile(0.99);
  for (const double off : {0x1p-50, 0x1p-40, 0x1p-30, 0x1p-20}) {
    // d log t / d load is about 0.4: the difference is of the order of `off`.
    CHECK_REL(mmc(4 + off, 1, 5).response_time().quantile(0.99), at, 2 * off);
    CHECK_REL(mmc(4 - off, 1, 5).response_time().quantile(0.99), at, 2 * off);
  }
}

TEST_CASE("response_time: a single server is exponential with the spare rate") {
  const mmc q(3, 4, 1);
  for (const double t : {0.0, 0.5, 3.0, 100.0}) {
    CHECK_REL(q.response_time().survival(t), std::exp(-t), 1e-15);
  }
  CHECK_REL(q.response_time().quantile(0.5), std::log(2.0), 1e-15);
}

TEST_CASE("delays: p99.99 without 1 - p") {
  const auto response = mmc(99, 1, 100).response_time();
  CHECK_REL(response.survival_quantile(0x1p-13), response.quantile(1 - 0x1p-13), 1e-15);
  CHECK(response.survival_quantile(1e-30) > response.survival_quantile(1e-20));
}

TEST_CASE("delays: infinite when the pool is unstable, never negative") {
  for (const mmc& q : {mmc(5, 1, 5), mmc(7, 1, 5), mmc(1e308, 1e-308, 5)}) {
    CHECK(q.state() == state::unstable);
    CHECK(q.waiting_time().mean() == infinity);
    CHECK(q.waiting_time().variance() == infinity);
    CHECK(q.waiting_time().quantile(0.01) == infinity);
    CHECK(q.waiting_time().survival(1e300) == 1);
    CHECK(q.waiting_time().cdf(10) == 0);
    CHECK(q.response_time().mean() == infinity);
    CHECK(q.response_time().variance() == infinity);
    CHECK(q.response_time().quantile(0.01) == infinity);
    CHECK(q.response_time().survival_quantile(0.99) == infinity);
    CHECK(q.response_time().survival(1e300) == 1);
    CHECK(q.response_time().cdf(10) == 0);
  }
}

TEST_CASE("delays: every evaluation of a valid pool is a time, a probability, or NaN for NaN") {
  const double awkward[] = {-infinity, -1, -0.0,  0,        5e-324,      1e-308,
                            0.5,       1,  1e308, infinity, not_a_number};
  std::vector<mmc> all = pools();
  all.insert(all.end(), {mmc(7, 1, 5), mmc(1, 5e-324, 5), mmc(1e308, 1e308, 10), mmc(5e-324, 1, 1),
                         mmc(1e308, 1e308, 1), mmc(1 - 0x1p-53, 1, 1), mmc(1e8, 1, 100'000'001)});
  for (const mmc& q : all) {
    for (const double x : awkward) {
      CAPTURE(q.load());
      CAPTURE(x);
      const auto check = [&](const auto& time) {
        for (const double p : {time.survival(x), time.cdf(x), std::exp(time.log_survival(x))}) {
          CHECK(std::isnan(p) == std::isnan(x));
          CHECK_FALSE((p < 0 || p > 1));
        }
        const bool level = x >= 0 && x <= 1;
        CHECK(std::isnan(time.quantile(x)) == !level);
        CHECK(std::isnan(time.survival_quantile(x)) == !level);
        CHECK_FALSE(time.quantile(x) < 0);
        CHECK_FALSE(time.survival_quantile(x) < 0);
        CHECK(time.mean() >= 0);
        CHECK(time.variance() >= 0);
      };
      check(q.waiting_time());
      check(q.response_time());
      CHECK_FALSE(q.response_time().pdf(x) < 0);
    }
  }
}

TEST_CASE("delay: probabilities of no more than 1") {
  const auto model = mmc(230.63671875, 78.0078125, 3).response_time();
  CHECK(model.cdf(87.01953125) <= 1);
  CHECK(model.cdf(1e9) == 1);
  CHECK(std::isnan(model.cdf(std::nan(""))));
  CHECK(std::isnan(mmc(230.63671875, 78.0078125, 3).waiting_time().cdf(std::nan(""))));
}

TEST_SUITE_END();
