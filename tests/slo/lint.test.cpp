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
  return slo::lint({"", std::chrono::days(30), {t}, {}}, target, options);
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

TEST_CASE("lint: no tiers, a factor that is none, and its own arguments") {
  CHECK(slo::lint({}, 0.999)[0].rule == "no_tiers");
  CHECK(of({1h, 5min, 0})[0].rule == "factor_not_positive");
  CHECK(of({1h, 5min, -1})[0].rule == "factor_not_positive");
  CHECK_THROWS_WITH_AS((void)slo::lint({}, 0.9, {.scrape_interval = 0s}),
                       "relia::slo::lint: scrape_interval must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::lint({}, 0.9, {.events_per_second = -1}), std::domain_error);
}

TEST_SUITE_END();
