// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/low_traffic.hpp>
#include <relia/slo/simulate.hpp>

#include <support/alert_rivals.hpp>
#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("low_traffic");

namespace {

const slo::objective three_nines(0.999);

/// Half the width of the 95 % interval of a median, as a standard error: in seconds, 0 where the
/// order statistics tie.
double error_of(const slo::detection& d) {
  const double width = d.median.interval.upper - d.median.interval.lower;
  return std::isfinite(width) ? width / (2 * 1.96) : 0;
}

void check_no_later(const slo::detection& ours, const slo::detection& rival) {
  if (rival.median.value == never.count()) return;
  CHECK(ours.median.value <= rival.median.value + 2 * (error_of(ours) + error_of(rival)));
}

}  // namespace

TEST_CASE("low_traffic: few false pages at any traffic, and no later than the exact test") {
  // Seeds of their own, not those that the defaults were chosen with. 30 x 30 days: the error of a
  // mean of 0.1 is 0.06, so that 0.22 is two errors above what is allowed; `./dev bench` runs 300.
  const slo::page_options pages{.seed = 20261125, .replicates = 30};
  const slo::detection_options detections{.seed = 20261126, .replicates = 150};
  double most = 0;
  for (const double dispersion : {1.0, 3.0}) {
    for (const double rate : {3., 10., 30., 100., 300., 1000., 3000., 10000.}) {
      CAPTURE(rate);
      CAPTURE(dispersion);
      const slo::page_allowance allowed{.dispersion = dispersion};
      std::vector<slo::policy_alarm> alarms;
      alarms.emplace_back(slo::low_traffic(720h, allowed), three_nines);
      alarms.emplace_back(test::exact_test(dispersion), three_nines);
      const std::span<const slo::policy_alarm> both(alarms);
      const slo::workload load{rate, dispersion};
      const auto half = slo::page_rates(both, load, 0.0005, pages);
      CHECK(half[0].mean < 0.22);
      most = std::max(most, half[0].mean);
      for (const double ratio : {1.0, 0.1}) {
        const auto found = slo::detection_times(both, load, ratio, detections);
        check_no_later(found[0], found[1]);
      }
    }
  }
  CHECK(most > 0);  // the simulation does see false pages
}

TEST_CASE("low_traffic: fires wherever the exact test fires, by construction") {
  for (const double dispersion : {1.0, 1.5, 3.0, 10.0}) {
    const slo::policy p = slo::low_traffic(720h, {.dispersion = dispersion});
    const slo::policy w = slo::workbook_30d();
    REQUIRE(p.tiers.size() == 5);
    for (std::size_t k = 0; k < 2; ++k) {
      const slo::tier& t = p.tiers[k + 1];
      CHECK(t.long_window == w.tiers[k].long_window);
      CHECK(t.short_window == w.tiers[k].short_window);
      CHECK(t.factor == w.tiers[k].factor);
      CHECK(t.evidence.p_value >= 1e-4);
      CHECK(t.evidence.dispersion == dispersion);
    }
  }
}

TEST_CASE("alert_rivals: the published false pages, half the budget being spent") {
  // Pages per 30 d: plain, three failures, Wilson 98 %, weighted by traffic; published from 300 x
  // 30 d as well, with another generator. 40 x 30 d here: allow four errors of both, which for
  // counts that are about Poisson is 4 sqrt(m / 40 + m / 300).
  const struct {
    double rate;
    double pages[5];
  } published[] = {{3, {0.98, 0, 1.05, 0.98, 0}},
                   {10, {3.37, 0, 1.42, 3.37, 0.02}},
                   {30, {12.12, 0.04, 0.08, 10.83, 0}},
                   {100, {1.95, 0.14, 0, 1.93, 0}},
                   {1000, {0, 0, 0, 0, 0}}};
  for (const auto& row : published) {
    CAPTURE(row.rate);
    const auto rows = test::compare({row.rate}, {.seed = 9, .replicates = 40},
                                    {.replicates = 1, .horizon = 1h}, false);
    for (std::size_t a = 0; a < 5; ++a) {
      CAPTURE(a);
      const double m = std::max(row.pages[a], 0.02);
      CHECK(std::abs(rows[a].half.mean - row.pages[a]) < 4 * std::sqrt(m / 40 + m / 300));
    }
  }
}

TEST_CASE("with_evidence: at no traffic more false pages than allowed") {
  for (const slo::page_allowance& a :
       {slo::page_allowance{}, slo::page_allowance{.dispersion = 3}, slo::page_allowance{3, 0.7},
        slo::page_allowance{3, 0.5, 20}, slo::page_allowance{100, 0.5}}) {
    slo::policy p = slo::workbook_30d();
    p.tiers.resize(2);
    p = slo::with_evidence(p, a);
    double most = 0;
    for (double rate = 0.1; rate < 1e4; rate *= 1.07) {
      most = std::max(
          most, slo::false_pages_per_quarter(p, three_nines, rate, a.burn_rate, a.dispersion));
    }
    CHECK(most <= a.false_pages_per_quarter);
    // Nor stricter than it must be: steps of whole counts, and of the rates tried.
    CHECK(most >= 0.5 * a.false_pages_per_quarter);
  }
}

TEST_CASE("false_pages_per_quarter: what two failures in an hour bring, worked by hand") {
  // One tier, 1 h at 14.4, p 1e-4, 10 an hour: two failures are needed. Half the budget brings
  // 0.005 an hour, and each failure finds another with 1 - exp(-0.005): 2191.5 hours a quarter.
  slo::policy p = slo::workbook_30d();
  p.tiers.resize(1);
  p.tiers[0].evidence.p_value = 1e-4;
  CHECK_REL(slo::false_pages_per_quarter(p, three_nines, 10), 2191.5 * 0.005 * 0.00498752080731769,
            1e-12);  // Newton's steps leave 1e-13
  // Without evidence every failure pages.
  p.tiers[0].evidence.p_value = 1;
  CHECK_REL(slo::false_pages_per_quarter(p, three_nines, 10), 2191.5 * 0.005, 1e-12);
  p.tiers[0].min_failures = 2;
  CHECK_REL(slo::false_pages_per_quarter(p, three_nines, 10), 2191.5 * 0.005 * 0.00498752080731769,
            1e-12);
  CHECK(slo::false_pages_per_quarter(p, three_nines, 0) == 0);
}

TEST_CASE("with_evidence: more allowed, earlier; more clusters, later") {
  const slo::policy w = slo::workbook_30d();
  const auto p_value = [&](const slo::page_allowance& a) {
    return slo::with_evidence(w, a).tiers[0].evidence.p_value;
  };
  CHECK(p_value({0.1}) < p_value({0.4}));
  CHECK(p_value({0.4}) < p_value({4}));
  CHECK(p_value({0.4, 0.25}) > p_value({0.4, 0.5}));
  CHECK(slo::with_evidence(w).tiers[2].evidence.p_value < 1);  // tickets too
  CHECK(slo::with_evidence({"none", 720h, {}, {}}).tiers.empty());
}

TEST_CASE("with_evidence: names what it rejects") {
  const slo::policy w = slo::workbook_30d();
  CHECK_THROWS_WITH_AS((void)slo::with_evidence(w, {0}),
                       "relia::slo::with_evidence: false_pages_per_quarter must be positive and "
                       "finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::with_evidence(w, {1, 1}),
                       "relia::slo::with_evidence: burn_rate must be above 0 and below 1: a page "
                       "at a faster burn is not false, got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::with_evidence(w, {1, 0.5, 0}),
                       "relia::slo::with_evidence: dispersion must be from 1 to 1e6, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::false_pages_per_quarter(w, three_nines, -1), std::domain_error);
}

TEST_SUITE_END();
