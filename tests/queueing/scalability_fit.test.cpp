// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/scalability_fit.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("scalability");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

using numbers = std::vector<double>;

numbers curve(const usl& law, const numbers& n) {
  numbers x;
  for (const double at : n) x.push_back(law.throughput(at));
  return x;
}

}  // namespace

TEST_CASE("fit_usl: brings back the law that exact measurements follow") {
  // No measurement at a concurrency of 1 is needed; the unit of the concurrency does not matter.
  for (const double unit : {1.0, 1000.0, 1e6}) {
    CAPTURE(unit);
    const usl law(0.04 / unit, 2e-4 / unit / unit, 30);
    const numbers n = {8 * unit, 16 * unit, 24 * unit, 40 * unit, 64 * unit, 100 * unit};
    const usl_fit fit = fit_usl(n, curve(law, n));
    // Rounding of the throughputs, times the distance of the measurements from where the
    // coefficients act: 8 units to 1.
    CHECK_REL(fit.model().contention(), law.contention(), 1e-12 * unit);
    CHECK_REL(fit.model().coherency(), law.coherency(), 1e-12 * unit);
    CHECK_REL(fit.model().peak_concurrency(), law.peak_concurrency(), 1e-12);
    CHECK_REL(fit.model().throughput(50 * unit), law.throughput(50 * unit), 1e-13);
  }
}

TEST_CASE("fit_usl: the order of the measurements does not matter, and repeats count") {
  const numbers n = {32, 1, 8, 16, 8, 64, 1, 32};
  const numbers x = {610, 30, 200, 370, 210, 790, 31, 600};
  const usl_fit fit = fit_usl(n, x);
  CHECK(fit.n() == 8);
  CHECK(fit.levels() == 5);
  numbers m = n;
  numbers y = x;
  std::swap(m[0], m[5]);
  std::swap(y[0], y[5]);
  CHECK_REL(fit_usl(m, y).coherency().value, fit.coherency().value, 1e-12);
  // The squares of the repeats around their means are in the residual.
  double sse = 0;
  for (std::size_t i = 0; i < n.size(); ++i) {
    sse += std::pow(x[i] - fit.model().throughput(n[i]), 2);
  }
  CHECK_REL(fit.sse(), sse, 1e-12);
  CHECK_REL(fit.residual_deviation(), std::sqrt(sse / 5), 1e-12);
}

TEST_CASE("fit_usl: a curve that bends upwards is held at its bounds") {
  const numbers n = {1, 2, 4, 8, 16, 32};
  const usl_fit fit = fit_usl(n, numbers{10, 21, 43, 90, 185, 380});  // more than linear
  CHECK(fit.model().contention() == 0);
  CHECK(fit.model().coherency() == 0);
  CHECK(fit.peak_concurrency().value == infinity);
  CHECK(fit.peak_concurrency().interval.upper == infinity);
  CHECK(fit.coherency().interval.lower == 0);
  CHECK(fit.coherency().interval.upper > 0);
  CHECK_FALSE(fit.coherency().notes.empty());
  CHECK_FALSE(fit.peak_concurrency().notes.empty());
  // A throughput that does not depend on the concurrency: contention 1.
  const usl_fit flat = fit_usl(n, numbers{10, 10, 10, 10, 10, 10});
  CHECK_REL(flat.model().contention(), 1.0, 1e-12);
  CHECK_REL(flat.model().single_rate(), 10.0, 1e-12);
}

TEST_CASE("fit_usl: a fit without a peak in reach says so") {
  // Half way up: a peak would be an extrapolation.
  const usl law(0.01, 1e-5, 100);
  const usl_fit fit =
      fit_usl(numbers{1, 2, 4, 8, 16, 32}, numbers{99.5, 198.4, 388, 748, 1390, 2430});
  CHECK(fit.peak_concurrency().value > 32);
  CHECK_FALSE(fit.peak_concurrency().notes.empty());
}

TEST_CASE("usl_fit::throughput: a band around the curve") {
  const numbers n = {1, 18, 36, 72, 108, 144, 216};
  const usl_fit fit = fit_usl(n, numbers{64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2});
  for (const double at : {1.0, 50.0, 216.0, 400.0}) {
    const auto band = fit.throughput(at);
    CHECK(band.value == fit.model().throughput(at));
    CHECK(band.interval.lower < band.value);
    CHECK(band.interval.upper > band.value);
    CHECK(band.notes.empty() == (at <= 216));
  }
  CHECK(fit.throughput(1).interval == fit.single_rate().interval);
  CHECK_THROWS_AS((void)fit.throughput(0), std::domain_error);
}

TEST_CASE("fit_usl: an exact fit has intervals of rounding only, and none is NaN") {
  const usl_fit fit = fit_usl(numbers{1, 2, 4, 8}, numbers{1, 2, 4, 8});
  CHECK_REL(fit.single_rate().value, 1.0, 1e-14);
  for (const auto* e : {&fit.contention(), &fit.coherency(), &fit.single_rate()}) {
    CHECK(e->interval.lower <= e->value);
    CHECK(e->interval.upper >= e->value);
  }
}

TEST_CASE("fit_usl: intervals cover as often as they say, on the bound too") {
  // 300 experiments: three standard deviations of a coverage of 0.95 are 0.038.
  for (const double coherency : {2e-4, 0.0}) {
    CAPTURE(coherency);
    const usl law(0.05, coherency, 100);
    const numbers n = {1, 2, 4, 8, 12, 16, 24, 32, 48, 64};
    const numbers exact = curve(law, n);
    int contention = 0;
    int rate = 0;
    int peak = 0;
    int at_40 = 0;
    constexpr int experiments = 300;
    for (int e = 0; e < experiments; ++e) {
      const stats::random_stream random(7, static_cast<std::uint64_t>(e));
      numbers x = exact;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += 15 * random.normal(i);
      const usl_fit fit = fit_usl(n, x);
      contention += fit.contention().interval.contains(law.contention());
      rate += fit.single_rate().interval.contains(100);
      peak += fit.peak_concurrency().interval.contains(law.peak_concurrency());
      at_40 += fit.throughput(40).interval.contains(law.throughput(40));
    }
    // On the bound of the coherency the interval for the peak, and those that lean on it, cover
    // more.
    for (const int covered : {contention, rate, peak, at_40}) {
      CHECK(covered >= (0.95 - 0.038) * experiments);
      if (coherency > 0) CHECK(covered <= (0.95 + 0.038) * experiments);
    }
  }
}

TEST_CASE("fit_usl: names what it rejects") {
  const numbers n = {1, 2, 4, 8};
  CHECK_THROWS_WITH_AS((void)fit_usl(numbers{1, 2, 4, 4}, n),
                       "relia::queueing::fit_usl: concurrency must be of at least 4 different "
                       "levels, one more than there are coefficients, got 3",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_usl({}, {}),
                       "relia::queueing::fit_usl: concurrency must be of at least 4 different "
                       "levels, one more than there are coefficients, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_usl(n, numbers{1, 2}),
                       "relia::queueing::fit_usl: throughput must be of size 4, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_usl(numbers{1, 2, 0, 8}, n),
                       "relia::queueing::fit_usl: concurrency must be positive and finite, got row "
                       "2",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)fit_usl(n, numbers{1, not_a_number, 1, 1}),
      "relia::queueing::fit_usl: throughput must be positive and finite, got row 1",
      std::domain_error);
  CHECK_THROWS_AS((void)fit_usl(n, n, {.confidence_level = 1}), std::domain_error);
}

TEST_CASE("fit_usl: any positive measurements give a fit, never a NaN or a hang") {
  for (std::uint64_t e = 0; e < 300; ++e) {
    CAPTURE(e);
    const stats::random_stream random(11, e);
    numbers n;
    numbers x;
    for (std::uint64_t i = 0; i < 4 + e % 7; ++i) {
      n.push_back(std::exp(40 * random.uniform(2 * i) - 20));
      x.push_back(std::exp(40 * random.uniform(2 * i + 1) - 20));
    }
    try {
      const usl_fit fit = fit_usl(n, x);
      CHECK(fit.sse() >= 0);
      for (const auto* each :
           {&fit.contention(), &fit.coherency(), &fit.single_rate(), &fit.peak_concurrency()}) {
        CHECK(each->value >= 0);
        CHECK(each->interval.lower <= each->interval.upper);
      }
    } catch (const std::invalid_argument&) {
    } catch (const std::domain_error&) {
    } catch (const convergence_error&) {
    }
  }
}

TEST_SUITE_END();
