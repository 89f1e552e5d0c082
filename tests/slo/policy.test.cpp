// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/policy.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("policy");

namespace {

const slo::objective three_nines(0.999);
constexpr double none = std::numeric_limits<double>::infinity();

double minutes(real_seconds s) { return s.count() / 60; }

}  // namespace

TEST_CASE("workbook_30d: the four tiers as printed") {
  const slo::policy p = slo::workbook_30d();
  REQUIRE(p.tiers.size() == 4);
  CHECK(p.tiers[0] == slo::tier{1h, 5min, 14.4, slo::severity::page});
  CHECK(p.tiers[1] == slo::tier{6h, 30min, 6, slo::severity::page});
  CHECK(p.tiers[2] == slo::tier{24h, 2h, 3, slo::severity::ticket});
  CHECK(p.tiers[3] == slo::tier{72h, 6h, 1, slo::severity::ticket});
  CHECK(p.notes.empty());
  CHECK(p.period == std::chrono::days(30));
  CHECK(p.name == "workbook_30d");
}

TEST_CASE("detection_time: minutes of the four tiers at 99.9 % over 30 d") {
  // Long window * factor * 0.001 / error ratio, worked by hand; none where the ratio is under the
  // threshold.
  struct expected {
    double error_ratio;
    double minutes[4];
  };
  const expected rows[] = {
      {1.0, {0.864, 2.16, 4.32, 4.32}},   {0.15, {5.76, 14.4, 28.8, 28.8}},
      {0.1, {8.64, 21.6, 43.2, 43.2}},    {0.02, {43.2, 108, 216, 216}},
      {0.0144, {60, 150, 300, 300}},      {0.01, {none, 216, 432, 432}},
      {0.006, {none, 360, 720, 720}},     {0.003, {none, none, 1440, 1440}},
      {0.002, {none, none, none, 2160}},  {0.001, {none, none, none, 4320}},
      {0.0009, {none, none, none, none}}, {0.0, {none, none, none, none}},
  };
  const slo::policy p = slo::workbook_30d();
  for (const expected& row : rows) {
    for (std::size_t k = 0; k < 4; ++k) {
      CAPTURE(row.error_ratio);
      CAPTURE(k);
      // Decimal factors, budgets and ratios are rounded, and three operations follow.
      CHECK_REL(minutes(slo::detection_time(p.tiers[k], three_nines, row.error_ratio)),
                row.minutes[k], 5e-16);
    }
  }
}

TEST_CASE("reset_time: minutes of the four tiers after a total outage") {
  const slo::policy p = slo::workbook_30d();
  const double after_short[] = {4.928, 29.82, 119.64, 359.64};
  const double after_long[] = {59.136, 357.84, 1435.68, 4315.68};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK_REL(minutes(slo::reset_time(p.tiers[k], three_nines, 1)), after_short[k], 5e-16);
    const slo::tier one_window{p.tiers[k].long_window, p.tiers[k].long_window, p.tiers[k].factor};
    CHECK_REL(minutes(slo::reset_time(one_window, three_nines, 1)), after_long[k], 5e-16);
  }
}

TEST_CASE("detection_time, reset_time: the workbook's figures of its iterations") {
  const slo::tier first{10min, 10min, 1};  // 10 min at 0.1 %
  CHECK_ULP(slo::detection_time(first, three_nines, 1).count(), 0.6, 1);
  CHECK_ULP(slo::budget_share(1, 10min, std::chrono::days(30)), 1.0 / 4320, 0);  // 0.0231 %
  const slo::tier second{36h, 36h, 1};
  CHECK_ULP(slo::detection_time(second, three_nines, 1).count(), 129.6, 1);  // "2 m 10 s"
  CHECK_ULP(slo::budget_share(1, 36h, std::chrono::days(30)), 0.05, 1);
  CHECK_ULP(slo::budget_share(1000, 1h, std::chrono::days(30)), 25.0 / 18, 0);  // 138.9 %
  const slo::tier fourth{1h, 1h, 36};
  CHECK_ULP(slo::detection_time(fourth, three_nines, 1).count(), 129.6, 1);
  CHECK_REL(minutes(slo::reset_time(fourth, three_nines, 1)), 57.84, 5e-16);  // "58 minutes"
  CHECK(slo::detection_time(fourth, three_nines, 0.035) == never);            // burn rate 35
  // Figure 5-6, 15 % for 10 minutes: the long window is reached after 5.76 min, the short one after
  // 0.48; they clear 54.24 and 4.52 min after the end.
  const slo::tier wide{1h, 1h, 14.4};
  const slo::tier narrow{5min, 5min, 14.4};
  const slo::tier both{1h, 5min, 14.4};
  CHECK_REL(minutes(slo::detection_time(wide, three_nines, 0.15)), 5.76, 5e-16);
  CHECK_REL(minutes(slo::detection_time(narrow, three_nines, 0.15)), 0.48, 5e-16);
  CHECK_REL(minutes(slo::detection_time(both, three_nines, 0.15)), 5.76, 5e-16);
  CHECK_REL(minutes(slo::reset_time(wide, three_nines, 0.15)), 54.24, 5e-16);
  CHECK_REL(minutes(slo::reset_time(both, three_nines, 0.15)), 4.52, 5e-16);
}

TEST_CASE("budget_spent_at_detection: 2, 5, 10 and 10 % of 30 d, at every ratio that fires") {
  const slo::policy p = slo::workbook_30d();
  const double share[] = {0.02, 0.05, 0.1, 0.1};
  for (std::size_t k = 0; k < 4; ++k) {
    for (const double e : {1.0, 0.1, 0.0144}) {
      CHECK_REL(slo::budget_spent_at_detection(p.tiers[k], three_nines, e, p.period), share[k],
                7e-16);  // five roundings
    }
  }
  CHECK(slo::budget_spent_at_detection(p.tiers[0], three_nines, 0.01, p.period) == none);
}

TEST_CASE("detection_time: extreme objectives") {
  const slo::policy p = slo::workbook_30d();
  // 90 %: an hour of outage is 1.389 % of 30 d, under the 2 % of the first tier: burn rate 10 is
  // all there is.
  CHECK(slo::detection_time(p.tiers[0], slo::objective(0.9), 1) == never);
  CHECK(slo::error_ratio_at(p.tiers[0], slo::objective(0.9)) > 1);
  CHECK_ULP(slo::budget_share(10, 1h, p.period), 1.0 / 72, 0);
  // 99.999 %: the whole budget is 25.92 s of outage; the first tier fires after 0.5184 s of it.
  const slo::objective five_nines(0.99999);
  CHECK_ULP(slo::detection_time(p.tiers[0], five_nines, 1).count(), 0.5184, 1);
  CHECK_ULP(slo::time_to_exhaustion(slo::burn_rate(five_nines, 1), p.period).count(), 25.92, 1);
  // A canary of 1 % that fails entirely burns 2 % in 43.2 min at 99.99 % and factor 72.
  CHECK_REL(minutes(slo::detection_time({1h, 5min, 72}, slo::objective(0.9999), 0.01)), 43.2,
            5e-16);
}

TEST_CASE("single_failure_events: below these one failure fires the tier") {
  // 69.4, 166.7, 333.3 and 1000 events in the long window.
  const slo::policy p = slo::workbook_30d();
  const double events[] = {1000 / 14.4, 1000.0 / 6, 1000.0 / 3, 1000.0};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK_ULP(slo::single_failure_events(p.tiers[k], three_nines), events[k], 1);
  }
}

TEST_CASE("workbook: factors of other periods, and none silently below 1") {
  const auto factors = [](int days, slo::below_one low) {
    std::vector<double> f;
    for (const slo::tier& t : slo::workbook(std::chrono::days(days), low).tiers) {
      f.push_back(t.factor);
    }
    return f;
  };
  const auto check = [&](int days, const std::vector<double>& expected) {
    CAPTURE(days);
    const auto f = factors(days, slo::below_one::keep);
    REQUIRE(f.size() == expected.size());
    for (std::size_t i = 0; i < f.size(); ++i) CHECK_ULP(f[i], expected[i], 1);  // decimal shares
  };
  check(7, {3.36, 1.4, 0.7, 0.7 / 3});
  check(14, {6.72, 2.8, 1.4, 1.4 / 3});
  check(28, {13.44, 5.6, 2.8, 2.8 / 3});
  check(30, {14.4, 6, 3, 1});
  check(90, {43.2, 18, 9, 3});

  const slo::policy weekly = slo::workbook(std::chrono::days(7));
  CHECK(weekly.tiers[2].factor == 1);
  CHECK(weekly.tiers[3].factor == 1);
  REQUIRE(weekly.notes.size() == 2);
  CHECK(weekly.notes[0] ==
        "86400 s: 0.1 of the budget is burn rate 0.7, inside the objective: raised to 1, which is "
        "0.14285714285714285 of the budget");
  CHECK(factors(7, slo::below_one::drop).size() == 2);
  CHECK(slo::workbook(std::chrono::days(7), slo::below_one::drop).notes.size() == 2);
  CHECK(slo::workbook(std::chrono::days(7), slo::below_one::keep).notes.size() == 2);
}

TEST_CASE("workbook: a window longer than the period is left out, and said so") {
  const slo::policy daily = slo::workbook(24h);
  REQUIRE(daily.tiers.size() == 3);
  CHECK(daily.notes.back() == "259200 s: dropped, the window is longer than the period");
  CHECK_THROWS_WITH_AS(
      (void)slo::workbook(30min),
      "relia::slo::from_budget_shares: period must be long enough for a tier, got 1800000000000",
      std::invalid_argument);
  CHECK_THROWS_AS((void)slo::workbook(0s), std::domain_error);
}

TEST_CASE("from_budget_shares: the other published policies") {
  const auto factors = [](int days, const std::vector<slo::budget_tier>& tiers) {
    std::vector<double> f;
    for (const slo::tier& t :
         slo::from_budget_shares("", std::chrono::days(days), tiers, slo::below_one::keep).tiers) {
      f.push_back(t.factor);
    }
    return f;
  };
  // Datadog: 10, 20, 40 % of 7 d; 1, 3, 5 % of 90 d. sloth's 7d example: 8, 12.5, 20, 42 %.
  const auto datadog_7 = factors(7, {{.1, 1h, 5min}, {.2, 6h, 30min}, {.4, 24h, 2h}});
  CHECK_ULP(datadog_7[0], 16.8, 1);
  CHECK_ULP(datadog_7[1], 5.6, 1);
  CHECK_ULP(datadog_7[2], 2.8, 1);
  const auto datadog_90 = factors(90, {{.01, 1h, 5min}, {.03, 6h, 30min}, {.05, 24h, 2h}});
  CHECK_ULP(datadog_90[0], 21.6, 1);
  CHECK_ULP(datadog_90[1], 10.8, 1);
  CHECK_ULP(datadog_90[2], 4.5, 1);
  const auto sloth_7 =
      factors(7, {{.08, 1h, 5min}, {.125, 6h, 30min}, {.2, 24h, 2h}, {.42, 72h, 6h}});
  CHECK_ULP(sloth_7[0], 13.44, 1);
  CHECK_ULP(sloth_7[1], 3.5, 1);
  CHECK_ULP(sloth_7[2], 1.4, 1);
  CHECK_ULP(sloth_7[3], 0.98, 1);
}

TEST_CASE("policy: names the argument that it rejects") {
  const slo::tier t{1h, 5min, 14.4};
  CHECK_THROWS_WITH_AS((void)slo::detection_time(t, three_nines, 15),
                       "relia::slo::detection_time: error_ratio must be a fraction in [0, 1] (99.9 "
                       "% is 0.999), got 15",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::reset_time({1h, 0min, 1}, three_nines, 0.5),
                       "relia::slo::reset_time: short_window must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::single_failure_events({1h, 5min, 0}, three_nines),
                       "relia::slo::single_failure_events: factor must be positive and finite, got "
                       "0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::budget_spent_at_detection(t, three_nines, 1, 0s), std::domain_error);
  CHECK(slo::reset_time(t, three_nines, 0.01) == real_seconds{0});
}

TEST_SUITE_END();
