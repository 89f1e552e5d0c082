// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/side_by_side.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::counts;
using slo::budgeting;
using slo::ledger;
using slo::objective;

TEST_SUITE_BEGIN("side_by_side");

namespace {

constexpr instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

void fill(ledger& l, instant from, int n, const counts& events) {
  for (int i = 0; i < n; ++i) {
    const instant t = from + l.width() * i;
    l.record(period(t, t + l.width()), events);
  }
}

}  // namespace

TEST_CASE("side_by_side: clean data with even traffic leave only the budgeting open") {
  ledger l;
  fill(l, start, 60, {99, 1});
  const auto c = slo::side_by_side(l, objective(0.95), {start, start + 1h});
  REQUIRE(c.statements.size() == 3);
  CHECK(c.statements[0].how.budgeting == budgeting::occurrences);
  REQUIRE(c.effects.size() == 1);
  CHECK(c.effects[0].name == "budgeting");
  CHECK(c.lowest == 0);  // every minute reached 95 %
  CHECK_ULP(c.highest, 0.01, 1);
  CHECK(c.met == 3);
  CHECK(c.unanimous());
}

TEST_CASE("side_by_side: uneven traffic turns the verdict; the budgeting is what it hangs on") {
  ledger l({.width = 5min});
  fill(l, start, 144, {5000, 0});
  fill(l, start + 12h, 144, {95, 5});
  const auto c = slo::side_by_side(l, objective(0.99), {start, start + std::chrono::days(1)});
  CHECK_FALSE(c.unanimous());
  CHECK(c.met == 2);
  CHECK(c.missed == 1);
  CHECK_ULP(c.effects[0].highest, 0.025, 1);
}

TEST_CASE("side_by_side: what the data raise is varied, each choice alone and all together") {
  ledger l({.width = 1min, .late_after = 5min});
  fill(l, start, 30, {98, 2});
  l.watch({start + 30min, start + 40min});  // no traffic; the last 20 minutes are missing
  l.record(period(start, start + 1min), counts(0, 10), start + 1h);
  l.record(period(start + 1min, start + 2min), {counts(5, 0), 1});
  const std::vector<period> maintenance{{start + 5min, start + 10min}};
  const auto c = slo::side_by_side(l, objective(0.9), {start, start + 1h}, {}, maintenance);
  // 2 late * 2 excess * 3 missing * 2 corrections for occurrences, by 3 no_traffic for the others.
  CHECK(c.statements.size() == 24 + 2 * 72);
  CHECK(c.statements[0].how.excess == slo::excess_good::clamp);
  CHECK(c.effects.size() == 6);
  CHECK(c.effects[0].name == "missing");  // twenty minutes bad outweigh everything else
  for (const auto& e : c.effects) {
    CHECK(e.lowest >= c.lowest);
    CHECK(e.highest <= c.highest);
  }
  for (const auto& s : c.statements) {  // from one tally as from the ledger
    const auto again = slo::account(l, objective(0.9), s.period, s.how, maintenance);
    CHECK(again.bad_fraction.value == s.bad_fraction.value);
    CHECK(again.met == s.met);
  }
  CHECK_FALSE(c.unanimous());
}

TEST_CASE("side_by_side: without data there is no verdict") {
  const auto c = slo::side_by_side(ledger(), objective(0.9), {start, start});
  CHECK(c.met + c.missed == 0);
  CHECK(c.effects.empty());
  CHECK(std::isnan(c.lowest));
}

TEST_SUITE_END();
