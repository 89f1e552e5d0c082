// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/attribution.hpp>
#include <relia/stats/ratio.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::counts;
using slo::ledger;
using slo::objective;
using days = std::chrono::days;

TEST_SUITE_BEGIN("attribution");

namespace {

constexpr instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

}  // namespace

TEST_CASE("attribute: incidents and the base together spent what was spent") {
  ledger l({.width = 1h});
  for (int h = 0; h < 72; ++h) {
    const instant t = start + 1h * h;
    l.record(period(t, t + 1h), h == 30 ? counts(500, 500) : counts(999, 1));
  }
  const std::vector<period> incidents{{start + 30h + 10min, start + 30h + 40min},
                                      {start + 50h, start + 52h},
                                      {start + 200h, start + 201h}};
  const auto a = slo::attribute(l, objective(0.99), {start, start + days(3)}, incidents);
  REQUIRE(a.incidents.size() == 3);  // of a budget of 720 events
  CHECK_ULP(a.incidents[0], 500.0 / 720, 1);
  CHECK_ULP(a.incidents[1], 2.0 / 720, 1);
  CHECK(a.incidents[2] == 0);
  CHECK_ULP(a.base, 69.0 / 720, 1);
  CHECK_ULP(a.base_burn_rate, 0.1, 1);
  // Every day has one in a thousand: no spread but that of rounding 0.001 * 24,000.
  CHECK(a.base_error < 1e-15);
}

TEST_CASE("attribute: a bucket belongs to the first incident that overlaps it") {
  ledger l({.width = 1h});
  l.record(period(start, start + 1h), counts(0, 10));
  const std::vector<period> incidents{
      {start + 1h, start + 2h}, {start + 59min, start + 2h}, {start, start + 1h}};
  const auto a = slo::attribute(l, objective(0.5), {start, start + 2h}, incidents);
  CHECK(a.incidents == std::vector<double>{0, 2, 0});
  CHECK(a.base == 0);
  CHECK(std::isnan(a.base_burn_rate));
}

TEST_CASE("attribute: the base's error is that of a ratio of totals over days") {
  ledger l({.width = 1h});
  const std::vector<double> bad{3, 9, 1, 14, 5};
  const std::vector<double> valid{1000, 1200, 800, 1100, 900};
  for (std::size_t d = 0; d < bad.size(); ++d) {
    const instant t = start + days(d) + 5h;
    l.record(period(t, t + 1h),
             counts(static_cast<count>(valid[d] - bad[d]), static_cast<count>(bad[d])));
  }
  const auto a = slo::attribute(l, objective(0.99), {start, start + days(5)}, {});
  // The half-width of the linearised interval over its t quantile, 2.776445105197793 for 4 degrees
  // of freedom and 95 % (NIST/SEMATECH e-Handbook, 1.3.6.7.2: 2.776).
  const auto e = stats::ratio_of_totals(bad, valid, {.method = stats::linearised});
  const double expected = (e.interval.upper - e.value) / 2.776445105197793 / 0.01;
  CHECK_REL(a.base_error, expected, 1e-13);
  CHECK_ULP(a.base_burn_rate, e.value / 0.01, 2);
}

TEST_CASE("attribute: nothing happened, or one day only") {
  const auto none = slo::attribute(ledger(), objective(0.9), {start, start + 1h}, {});
  CHECK(none.state == state::no_data);
  ledger l({.width = 1h});
  l.record(period(start, start + 1h), counts(9, 1));
  const auto one = slo::attribute(l, objective(0.9), {start, start + 1h}, {});
  CHECK(one.state == state::ok);
  CHECK(std::isnan(one.base_error));
  CHECK_THROWS_AS((void)slo::attribute(l, objective(0.9), {start, start + 1s}, {}),
                  std::invalid_argument);
}

TEST_SUITE_END();
