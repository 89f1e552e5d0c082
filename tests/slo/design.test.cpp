// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include <relia/slo/design.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("design");

namespace {

const slo::objective three_nines(0.999);

slo::design_request quick(double events_per_hour, std::vector<slo::incident_class> incidents) {
  slo::design_request r;
  r.load.events_per_hour = events_per_hour;
  r.incidents = std::move(incidents);
  r.months = 6;
  r.outages = 40;
  return r;
}

bool mentions(const slo::design_result& d, const std::string& text) {
  return std::any_of(d.reasons.begin(), d.reasons.end(),
                     [&](const std::string& r) { return r.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("design: finds what the workbook is too slow for") {
  // A tenth of the requests fails: the workbook takes 8.64 minutes; 4 are asked.
  const auto d = slo::design(
      three_nines, quick(6000, {{"outage", 1, 30min, 2min}, {"tenth", 0.1, 30min, 4min}}));
  CHECK(d.chosen.missed == 0);
  CHECK(d.reasons.empty());
  CHECK(d.workbook.missed > 0);
  CHECK(d.chosen.incidents[1].found.quantile_90 <= 240);
  CHECK(d.chosen.false_pages.mean <= 0.2);
}

TEST_CASE("design: keeps the workbook's wide view where nothing faster is asked") {
  const auto d = slo::design(three_nines, quick(6000, {{"outage", 1, 30min, 10min}}));
  CHECK(d.chosen.missed == 0);
  CHECK(d.slowest_burn <= 6);
  CHECK_REL(d.unseen_exhaustion.count(), 30 * 86400 / d.slowest_burn, 1e-15);  // one quotient
}

TEST_CASE("design: the curve starts at the slowest burn and ends at a total outage") {
  const auto d = slo::design(three_nines, quick(6000, {{"outage", 1, 30min, 10min}}));
  REQUIRE(d.curve.size() == 9);
  CHECK_REL(d.curve.front().error_ratio, d.slowest_burn * 0.001, 1e-14);  // a power of it
  CHECK(d.curve.back().error_ratio == 1);
  for (std::size_t i = 1; i < d.curve.size(); ++i) {
    CHECK(d.curve[i].detection <= d.curve[i - 1].detection);
    CHECK(d.curve[i].simulated <= d.curve[i - 1].simulated);
  }
  CHECK(d.curve.back().reset <= 1h);
}

TEST_CASE("design: never worse than the workbook, over random requirements") {
  const stats::random_stream random(20261123);
  std::uint64_t at = 0;
  for (int i = 0; i < 5; ++i) {
    const slo::objective goal(std::vector{0.99, 0.999, 0.9999}[random.below(at++, 3)]);
    auto r = quick(std::pow(10.0, 1 + 3 * random.uniform(at++)), {});
    for (std::uint64_t k = 0; k <= random.below(at, 3); ++k) {
      const double ratio = std::pow(10.0, -2 * random.uniform(at++));
      const auto minutes = static_cast<int>(2 + random.below(at++, 60));
      r.incidents.push_back(
          {"kind", ratio, std::chrono::minutes(2 * minutes), std::chrono::minutes(minutes)});
    }
    ++at;
    r.load.dispersion = i % 2 == 0 ? 1 : 3;
    r.allowed.dispersion = r.load.dispersion;
    const auto d = slo::design(goal, r);
    CHECK(d.chosen.missed <= d.workbook.missed);
    CHECK((d.chosen.missed == 0 || !d.reasons.empty()));
    // On traffic that the choice has not seen: at most one requirement that lay on its edge.
    r.seed = 99;
    const auto again = slo::detail::judge({d.chosen.policy, d.workbook.policy}, goal, r);
    CHECK(again[0].missed <= again[1].missed + 1);
  }
}

TEST_CASE("design: says why it cannot be done") {
  // 0.05 % of 99.9 % is half the budget; a minute is one step; three an hour hold 0.25 failures.
  const auto inside = slo::design(three_nines, quick(600, {{"slow", 0.0005, 24h, 12h}}));
  CHECK(mentions(inside, "slow: burn rate 0.5 is inside the objective"));
  const auto fast = slo::design(three_nines, quick(600, {{"blink", 1, 30min, 1min}}));
  CHECK(mentions(fast, "blink: to be found within 60 s, which is under two steps of 60 s"));
  const auto few = slo::design(three_nines, quick(3, {{"outage", 1, 1h, 5min}}));
  CHECK(mentions(few, "that time holds 0.25 failures on average"));
  // A total outage spends a five-nines month in 25.92 seconds.
  const auto nines = slo::design(slo::objective(0.99999), quick(6000, {{"outage", 1, 1h, 5min}}));
  CHECK(mentions(nines, "outage: when it is to be found 11.6 times"));
}

TEST_CASE("design: names what it rejects") {
  CHECK_THROWS_WITH_AS((void)slo::design(three_nines, quick(10, {})),
                       "relia::slo::design: incidents must be at least one, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)slo::design(three_nines, quick(10, {{"x", 0, 1h, 1h}})),
                       "relia::slo::design: error_ratio must be a fraction in (0, 1], got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::design(three_nines, quick(10, {{"x", 1, 0h, 1h}})), std::domain_error);
  CHECK_THROWS_AS((void)slo::design(three_nines, quick(10, {{"x", 1, 1h, 0h}})), std::domain_error);
  CHECK_THROWS_AS((void)slo::design(three_nines, quick(-1, {{"x", 1, 1h, 1h}})), std::domain_error);
}

TEST_SUITE_END();
