// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/status.hpp>

#include "support/close.hpp"

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("status");

namespace {

/// A row a minute for `minutes`, 100 events each, of which `bad` fail in the last `failing` rows.
sli::event_series series_of(int minutes, int failing, count bad) {
  std::vector<instant> times;
  std::vector<count> good_counts;
  std::vector<count> bad_counts;
  for (int i = 1; i <= minutes; ++i) {
    const count b = i > minutes - failing ? bad : 0;
    times.emplace_back(i * 1min);
    bad_counts.push_back(b);
    good_counts.push_back(100 - b);
  }
  return {times, good_counts, bad_counts};
}

const slo::policy hourly{
    "", 10h, {{1h, 5min, 5, slo::severity::page}, {5h, 30min, 1, slo::severity::ticket}}, {}, {}};

}  // namespace

TEST_CASE("status: the last period, its budget, its windows") {
  // 20 hours of 100 a minute; the last 30 minutes fail at 10 %: 300 of the 60000 of the period.
  const auto s = slo::status(hourly, slo::objective(0.99), series_of(1200, 30, 10));
  CHECK(s.at == instant(1200min));
  CHECK(s.events == aggregate::counts(59700, 300));
  CHECK(s.covered == 10h);
  CHECK_REL(s.attained.value, 0.995, 1e-15);
  CHECK(s.attained.interval.lower < 0.995);
  CHECK(s.budget.allowed == 600);
  CHECK(s.budget.remaining == 300);
  REQUIRE(s.tiers.size() == 2);
  CHECK_REL(s.tiers[0].long_burn.rate, 5.0, 1e-15);  // 300 of 6000 at 1 %
  CHECK_REL(s.tiers[0].short_burn.rate, 10.0, 1e-15);
  CHECK(s.tiers[0].firing);
  CHECK(s.tiers[0].since == instant(1200min));
  CHECK_REL(s.tiers[0].lasts.count(), 3600.0, 1e-15);  // half of 10 h at burn rate 5
  CHECK(s.tiers[1].firing);
  CHECK(s.pages == 1);
  CHECK(s.verdict == verdict::fail);
}

TEST_CASE("status: the verdict") {
  const slo::objective goal(0.99);
  CHECK(slo::status(hourly, goal, series_of(1200, 0, 0)).verdict == verdict::pass);
  CHECK(slo::status(hourly, goal, series_of(1200, 0, 0)).tiers[0].lasts == never);
  // A ticket alone is no failure: 2 % for 3 h burns 1.2 over 5 h.
  const auto ticket = slo::status(hourly, goal, series_of(1200, 180, 2));
  CHECK(ticket.tiers[1].firing);
  CHECK_FALSE(ticket.tiers[0].firing);
  CHECK(ticket.verdict == verdict::pass);
  // Overspent: 2 % for the whole period.
  const auto over = slo::status(hourly, goal, series_of(1200, 600, 2));
  CHECK(over.budget.remaining == -600);
  CHECK(over.tiers[0].lasts == 0s);
  CHECK(over.verdict == verdict::fail);
  const auto nothing = slo::status(hourly, goal, {});
  CHECK(nothing.verdict == verdict::inconclusive);
  CHECK(nothing.attained.state == state::no_data);
  CHECK(nothing.covered == 0s);
}

TEST_CASE("status: a series shorter than the period says how much it covers") {
  const auto s = slo::status(hourly, slo::objective(0.99), series_of(90, 0, 0));
  CHECK(s.covered == 90min);
  CHECK(s.budget.allowed == 90);
  CHECK(s.tiers[1].long_burn.covered == 90min);
}

TEST_CASE("status: rules stand after the tiers") {
  slo::policy p = hourly;
  p.tiers.clear();
  p.rules = {{"many", slo::severity::page, slo::failures(1h, 300)}};
  const auto s = slo::status(p, slo::objective(0.99), series_of(1200, 30, 10));
  REQUIRE(s.tiers.size() == 1);
  CHECK(s.tiers[0].firing);
  CHECK(s.tiers[0].since == instant(1200min));
  CHECK(s.verdict == verdict::fail);
}

TEST_CASE("status: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)slo::status({}, slo::objective(0.99), {}),
                       "relia::slo::status: period must be positive, got 0", std::domain_error);
}

TEST_SUITE_END();
