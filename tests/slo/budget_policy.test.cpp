// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/budget_policy.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using slo::budget_change;
using slo::budget_event;
using slo::budget_machine;
using slo::budget_policy;

TEST_SUITE_BEGIN("budget_policy");

namespace {

constexpr instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

const budget_policy two_stages{
    "two stages", {{"careful", 0.75, 0.5, false}, {"frozen", 1.0, 0.9, true}}, 0.2, {"security"}};

std::vector<budget_change> changes(const std::vector<budget_event>& events) {
  std::vector<budget_change> all;
  for (const budget_event& e : events) all.push_back(e.change);
  return all;
}

using list = std::vector<budget_change>;

}  // namespace

TEST_CASE("budget_machine: stages begin when so much is spent, end when less is") {
  budget_machine m(two_stages);
  CHECK(m.step(start, 0.7).empty());
  CHECK(changes(m.step(start + 1h, 0.75)) == list{budget_change::enter});
  CHECK(m.step(start + 2h, 0.5).empty());  // at `leave` it stays
  CHECK(m.active(0));
  const auto left = m.step(start + 3h, 0.49);
  CHECK(changes(left) == list{budget_change::leave});
  CHECK(left[0] == budget_event{start + 3h, budget_change::leave, 0, 0.49});
  CHECK_FALSE(m.active(0));
}

TEST_CASE("budget_machine: hysteresis keeps a budget that hovers from thawing daily") {
  budget_machine m(two_stages);
  std::vector<budget_event> all;
  for (int day = 0; day < 20; ++day) {  // 0.92 and 1.02 in turn, after 30 % on the first day
    const auto events = m.step(start + std::chrono::days(day), day % 2 == 0 ? 0.92 : 1.02);
    all.insert(all.end(), events.begin(), events.end());
  }
  CHECK(changes(all) == list{budget_change::enter, budget_change::enter, budget_change::freeze});
  CHECK(m.frozen());
  CHECK(changes(m.step(start + std::chrono::days(20), 0.89)) ==
        list{budget_change::leave, budget_change::thaw});
  CHECK_FALSE(m.frozen());
}

TEST_CASE("budget_machine: one step may pass several stages") {
  budget_machine m(two_stages);
  CHECK(changes(m.step(start, 3)) ==
        list{budget_change::enter, budget_change::enter, budget_change::freeze});
  CHECK(changes(m.step(start, 0)) ==
        list{budget_change::leave, budget_change::leave, budget_change::thaw});
}

TEST_CASE("budget_machine: a freeze lets exempted changes through") {
  budget_machine m(slo::workbook_budget_policy());
  CHECK(m.allows("feature"));
  m.step(start, 1.0);
  CHECK_FALSE(m.allows("feature"));
  CHECK(m.allows("P0"));
  CHECK(m.allows("security"));
}

TEST_CASE("budget_machine: the workbook's 20 % of one incident, in decimals") {
  const budget_machine m(slo::workbook_budget_policy());
  CHECK(m.incident(start, 0.2).empty());
  CHECK(m.incident(start, 0.1 + 0.1).empty());
  CHECK(changes(m.incident(start, 0.21)) == list{budget_change::review});
  budget_policy never = slo::workbook_budget_policy();
  never.single_incident = std::numeric_limits<double>::infinity();
  CHECK(budget_machine(never).incident(start, 100).empty());
}

TEST_CASE("budget_machine: a budget without data changes nothing, one that is negative freezes") {
  budget_machine m(two_stages);
  m.step(start, 2.0);
  CHECK(m.step(start + 1h, slo::error_budget<double>{}).empty());
  CHECK(m.frozen());
  CHECK(m.spent() == 2.0);
  budget_machine events(two_stages);
  CHECK_FALSE(events.step(start, slo::event_budget(slo::objective(0.99), {90, 10})).empty());
  CHECK(events.frozen());
}

TEST_CASE("replay: a month of a rolling budget as freezes and thaws") {
  std::vector<instant> times;
  std::vector<double> spent;
  for (int day = 0; day < 30; ++day) {
    times.push_back(start + std::chrono::days(day));
    spent.push_back(day >= 5 && day < 15 ? 1.1 : 0.1);
  }
  const auto events = slo::replay(slo::workbook_budget_policy(), times, spent);
  REQUIRE(events.size() == 4);
  CHECK(events[1].change == budget_change::freeze);
  CHECK(events[1].at == times[5]);
  CHECK(events[3].change == budget_change::thaw);
  CHECK(events[3].at == times[15]);
  CHECK_THROWS_WITH_AS((void)slo::replay(two_stages, times, std::vector<double>{1}),
                       "relia::slo::replay: spent must be of size 30, got 1",
                       std::invalid_argument);
}

TEST_CASE("what_if: three outages of 20 minutes are 60 of the 53 a year that four nines allow") {
  // Treynor et al. (2017): 99.99 % of 525,600 minutes leaves 52.56.
  const double outage = 20 / 52.56;
  budget_machine m(slo::workbook_budget_policy());
  m.step(start, outage);
  const auto once = slo::what_if(m, outage);
  CHECK_FALSE(once.frozen);
  CHECK(changes(once.events) == list{budget_change::review});
  const auto twice = slo::what_if(m, outage, 2);
  CHECK(twice.frozen);
  CHECK_REL(twice.spent, 60 / 52.56, 1e-15);
  CHECK(changes(twice.events) == list{budget_change::review, budget_change::enter,
                                      budget_change::freeze, budget_change::review});
  CHECK(twice.until_freeze == 2);
  CHECK_FALSE(m.frozen());  // a copy was asked
  CHECK(slo::what_if(m, 0, 5).until_freeze == std::numeric_limits<double>::infinity());
}

TEST_CASE("what_if: how many until the freeze agrees with trying") {
  for (const double share : {0.01, 0.1, 0.25, 0.3, 1.5}) {
    budget_machine m(two_stages);
    m.step(start, 0.2);
    const auto needed = static_cast<count>(slo::what_if(m, share, 0).until_freeze);
    CHECK(slo::what_if(m, share, needed).frozen);
    CHECK_FALSE(slo::what_if(m, share, needed - 1).frozen);
  }
  budget_machine frozen(two_stages);
  frozen.step(start, 1);
  CHECK(slo::what_if(frozen, 0.1).until_freeze == 0);
}

TEST_CASE("budget_machine: refuses thresholds the wrong way round and time that runs back") {
  CHECK_THROWS_WITH_AS(budget_machine({"p", {{"s", 0.5, 0.75, true}}}),
                       "relia::slo::budget_machine: leave must be from 0 to enter, got 0.75",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(budget_machine({"p", {{"s", 0, 0, true}}}),
                       "relia::slo::budget_machine: enter must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_AS(budget_machine({"p", {}, 0}), std::domain_error);
  budget_machine m(two_stages);
  m.step(start, 0.1);
  CHECK_THROWS_AS((void)m.step(start - 1ns, 0.1), std::invalid_argument);
  CHECK_THROWS_AS((void)m.active(2), std::domain_error);
  CHECK_THROWS_AS((void)m.incident(start, -1), std::domain_error);
  CHECK_THROWS_AS((void)slo::what_if(m, std::nan("")), std::domain_error);
}

TEST_SUITE_END();
