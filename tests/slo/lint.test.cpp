// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/lint.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("lint");

namespace {

std::vector<slo::finding> of(const slo::tier& t, double target = 0.999,
                             const slo::lint_options& options = {}) {
  return slo::lint({"", std::chrono::days(30), {t}, {}, {}}, target, options);
}

}  // namespace

TEST_CASE("lint: nothing to say about the workbook at 99.9 %") {
  CHECK(slo::lint(slo::workbook_30d(), 0.999).empty());
}

TEST_CASE("lint: a factor that no outage reaches") {
  const auto f = slo::lint(slo::workbook_30d(), 0.9);
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "never_fires");
  CHECK(f[0].level == slo::finding_level::error);
  CHECK(f[0].tier == 0);
  CHECK(f[0].message ==
        "the factor 14.4 needs an error ratio of 1.44: a total outage burns at 1 / 0.1 = 10");
  CHECK(of({1h, 5min, 10}, 0.9).empty());  // exactly the outage fires
}

TEST_CASE("lint: a tier that fires inside the objective") {
  const auto p = slo::workbook(std::chrono::days(28), slo::below_one::keep);
  const auto f = slo::lint(p, 0.999);
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "fires_inside_objective");
  CHECK(f[0].level == slo::finding_level::warning);
  CHECK(f[0].tier == 3);
  CHECK(f[0].message ==
        "the factor 0.933333 is below 1: errors at 0.933333 of the budget meet the objective and "
        "still alert");
  CHECK(slo::lint(slo::workbook(std::chrono::days(28)), 0.999).empty());
}

TEST_CASE("lint: windows that hold nothing, too little, or too much") {
  // pyrra's short window for a period of 12 h: 12 h / 8064 = 5.4 s, rounded to 0 minutes.
  const auto empty = of({1min, 0s, 14});
  REQUIRE(empty.size() == 2);
  CHECK(empty[0].rule == "window_under_two_scrapes");
  CHECK(empty[0].message ==
        "a window of 60 s is under two scrape intervals of 60 s: most often it has no rate");
  CHECK(empty[1].rule == "empty_window");
  CHECK(empty[1].message == "a window of 0 s holds nothing: the tier can never fire");
  CHECK(of({2min, 30s, 14}, 0.999, {.scrape_interval = 15s}).empty());

  const auto same = of({1h, 1h, 14.4});
  REQUIRE(same.size() == 1);
  CHECK(same[0].rule == "short_not_shorter");
  CHECK(same[0].message ==
        "the short window of 3600 s is not shorter than the long one of 3600 s: the alert resets "
        "no sooner than with one window");

  const auto wide = of({960h, 1h, 2});
  REQUIRE(wide.size() == 1);
  CHECK(wide[0].rule == "window_over_period");
}

TEST_CASE("lint: a percentage and other targets that are none") {
  const auto f = slo::lint(slo::workbook_30d(), 99.9);
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "target_not_a_fraction");
  CHECK(f[0].tier == slo::finding::whole_policy);
  CHECK(f[0].message == "the target 99.9 must be a fraction in (0, 1): for 99.9 % write 0.999");
  CHECK(slo::lint(slo::workbook_30d(), 1).size() == 1);
  CHECK(slo::lint(slo::workbook_30d(), std::numeric_limits<double>::quiet_NaN()).size() == 1);
}

TEST_CASE("lint: traffic so low that one failure fires") {
  // 10 events an hour at 99.9 %: 10 < 69.4, 60 < 166.7, 240 < 333.3, 720 < 1000.
  const auto f = slo::lint(slo::workbook_30d(), 0.999, {.events_per_second = 10.0 / 3600});
  REQUIRE(f.size() == 4);
  CHECK(std::all_of(f.begin(), f.end(),
                    [](const slo::finding& x) { return x.rule == "single_failure_fires"; }));
  CHECK(f[1].message ==
        "60 events in 21600 s are no more than 1 / (6 * 0.001) = 166.667: a single failure fires "
        "the tier");
  CHECK(slo::lint(slo::workbook_30d(), 0.999, {.events_per_second = 100.0 / 3600}).empty());
}

TEST_CASE("lint: a target that is the budget") {
  const auto f = slo::lint(slo::workbook_30d(), 0.001);
  REQUIRE_FALSE(f.empty());
  CHECK(f[0].rule == "target_looks_like_a_budget");
  CHECK(f[0].message ==
        "the target 0.001 lets 0.999 of all events fail: where 0.001 may fail, write 0.999");
  CHECK(slo::lint(slo::workbook_30d(), 0.5).empty() == false);  // 14.4 * 0.5 is above 1
  CHECK(slo::lint(slo::workbook_30d(), 0.5)[0].rule == "never_fires");
}

TEST_CASE("lint: a hold that outlasts the short window") {
  // Needs 14.4 * 0.001 = 0.0144: 3600 + 3600 * 0.0144 - 300 * (1 - 0.0144) = 3356.16 s, of a budget
  // of 2592 s in 30 days.
  slo::tier t{1h, 5min, 14.4};
  t.hold = 1h;
  const auto f = of(t);
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "hold_over_short_window");
  CHECK(f[0].level == slo::finding_level::warning);
  CHECK(
      f[0].message ==
      "a hold of 3600 s outlasts the short window of 300 s: a total outage shorter than 3356.16 s "
      "never fires, and spends up to 1.29481 of the budget");
  t.hold = 5min;
  CHECK(of(t).empty());
}

TEST_CASE("lint: a tier of which another makes a second page") {
  const slo::tier fast{1h, 5min, 14.4};
  const slo::tier slow{6h, 30min, 2};
  const auto f = slo::lint({"", std::chrono::days(30), {fast, slow}, {}, {}}, 0.999);
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "nested_tier");
  CHECK(f[0].tier == 0);
  CHECK(
      f[0].message ==
      "burning at 14.4 for 3600 s spends 51840 s of budget, and tier 1 fires from 43200 s on: one "
      "outage sends two pages");
  const auto twice = slo::lint({"", std::chrono::days(30), {fast, fast}, {}, {}}, 0.999);
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].tier == 1);
  slo::tier ticket = slow;
  ticket.severity = slo::severity::ticket;
  CHECK(slo::lint({"", std::chrono::days(30), {fast, ticket}, {}, {}}, 0.999).empty());
  slo::tier guarded = slow;
  guarded.min_failures = 5;
  CHECK(slo::lint({"", std::chrono::days(30), {fast, guarded}, {}, {}}, 0.999).empty());
}

TEST_CASE("lint: guards that this traffic cannot meet, and guards that one failure does not pass") {
  const slo::lint_options ten_an_hour{.events_per_second = 10.0 / 3600};
  slo::tier t{1h, 5min, 14.4};
  t.min_failures = 11;
  const auto few = of(t, 0.999, ten_an_hour);
  REQUIRE(few.size() == 1);
  CHECK(few[0].rule == "too_few_events");
  CHECK(few[0].level == slo::finding_level::error);
  CHECK(few[0].message == "10 events in 3600 s are fewer than the 11 that the tier asks for");
  t.min_failures = 1;
  t.min_events = 11;
  CHECK(of(t, 0.999, ten_an_hour).at(0).rule == "too_few_events");
  t.min_events = 0;
  // P(X >= 1) = 1e-2 and P(X >= 2) = 5e-5 where 0.01 are expected.
  t.evidence.p_value = 1e-4;
  CHECK(of(t, 0.999, ten_an_hour).empty());
  t.evidence.p_value = 0.5;
  CHECK(of(t, 0.999, ten_an_hour).at(0).rule == "single_failure_fires");
  t.evidence.p_value = 1;
  t.min_failures = 2;
  CHECK(of(t, 0.999, ten_an_hour).empty());
}

TEST_CASE("lint: evidence that cannot be had") {
  slo::tier t{1h, 5min, 14.4};
  t.evidence.p_value = 1e-30;
  const auto f = of(t, 0.999, {.events_per_second = 10.0 / 3600});
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "evidence_never_reached");
  CHECK(f[0].level == slo::finding_level::error);
  // P(X >= 13 | 0.01) = 1.6e-36 and P(X >= 12 | 0.01) = 2.1e-33, P(X >= 11) = 2.5e-30,
  // P(X >= 10) = 2.7e-27: by their first terms m^k exp(-m) / k!.
  CHECK(f[0].message ==
        "10 events in 3600 s, all bad, prove nothing: where 0.01 are expected, a p_value of 1e-30 "
        "takes 12");
  t.evidence = {.p_value = 0.01, .burn_rate = 1000};
  const auto g = of(t);
  REQUIRE(g.size() == 1);
  CHECK(g[0].message ==
        "evidence against a burn rate of 1000 is out of reach: a total outage burns at 1 / 0.001 = "
        "1000");
  t.evidence = {.p_value = 0};
  const auto h = of(t);
  REQUIRE(h.size() == 1);
  CHECK(h[0].rule == "evidence_impossible");
  CHECK(h[0].message ==
        "evidence needs a p_value in (0, 1], a positive burn_rate and a dispersion from 1 to 1e6, "
        "got "
        "0, 1 and 1");
}

TEST_CASE("lint: windows that average ratios, and ratios of nothing") {
  // sloth's way: the mean of 5 min ratios. One failure alone in 5 min is 1/12 of an hour.
  const auto f = of({1h, 5min, 14.4}, 0.999, {.mean_of_ratios = 5min});
  REQUIRE(f.size() == 1);
  CHECK(f[0].rule == "mean_of_ratios");
  CHECK(f[0].message ==
        "a mean of ratios weighs every slice alike: a failure that is alone in its 300 s counts as "
        "300 "
        "/ 3600 = 0.0833333 of the long window, a burn rate of 83.3333");
  // 100 an hour are 5 in 3 min: exp(-5) = 0.00673795, and 1 - (1 - 0.00673795)^20 = 0.126472.
  const auto g =
      of({1h, 5min, 14.4}, 0.999, {.events_per_second = 100.0 / 3600, .mean_of_ratios = 3min});
  REQUIRE(g.size() == 2);
  CHECK(g[1].rule == "ratio_of_nothing");
  CHECK(
      g[1].message ==
      "slices of 5 events are empty with probability exp(-5) = 0.00673795: 0 / 0, and with it the "
      "mean, is NaN in 0.126472 of the long windows");
}

TEST_CASE("lint: no tiers, a factor that is none, and its own arguments") {
  CHECK(slo::lint({}, 0.999)[0].rule == "no_tiers");
  CHECK(slo::lint({"", {}, {}, {}, {{"many", slo::severity::page, slo::failures(1h, 9)}}}, 0.999)
            .empty());
  CHECK(of({1h, 5min, 0})[0].rule == "factor_not_positive");
  CHECK(of({1h, 5min, -1})[0].rule == "factor_not_positive");
  CHECK_THROWS_WITH_AS((void)slo::lint({}, 0.9, {.scrape_interval = 0s}),
                       "relia::slo::lint: scrape_interval must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::lint({}, 0.9, {.events_per_second = -1}), std::domain_error);
  CHECK_THROWS_AS((void)slo::lint({}, 0.9, {.mean_of_ratios = 0s}), std::domain_error);
  slo::tier t{1h, 5min, 14.4};
  t.min_failures = 0;
  CHECK(of(t)[0].rule == "min_failures_below_one");
}

TEST_SUITE_END();
