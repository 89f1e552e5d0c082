// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/lint.hpp>
#include <relia/slo/presets.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using std::chrono::days;

TEST_SUITE_BEGIN("presets");

namespace {

/// What the tools' sources and documentation say, in minutes; 0 where a policy has no such tier.
void check_tiers(const slo::policy& p, const std::vector<double>& factors,
                 const std::vector<int>& wide, const std::vector<int>& narrow) {
  CAPTURE(p.name);
  REQUIRE(p.tiers.size() == factors.size());
  for (std::size_t k = 0; k < factors.size(); ++k) {
    CAPTURE(k);
    CHECK_REL(p.tiers[k].factor, factors[k], 4e-16);  // share * period / window: two roundings
    CHECK(p.tiers[k].long_window == std::chrono::minutes(wide[k]));
    CHECK(p.tiers[k].short_window == std::chrono::minutes(narrow[k]));
  }
}

const std::vector<int> wide{60, 360, 1440, 4320};
const std::vector<int> narrow{5, 30, 120, 360};

}  // namespace

TEST_CASE("presets: factors and windows as the tools have them") {
  check_tiers(slo::sloth(days(30)), {14.4, 6, 3, 1}, wide, narrow);
  check_tiers(slo::sloth(days(28)), {13.44, 5.6, 2.8, 2.8 / 3}, wide, narrow);
  check_tiers(slo::sloth(days(7)), {13.44, 3.5, 1.4, 0.98}, wide, narrow);
  check_tiers(slo::grafana(days(28)), {14.4, 6, 3, 1}, wide, narrow);
  check_tiers(slo::elastic(days(7)), {14.4, 6, 3, 1}, wide, narrow);
  check_tiers(slo::slo_exporter(), {13.44, 5.6, 2.8, 1}, wide, narrow);
  check_tiers(slo::slo_libsonnet(), {14.4, 6, 3, 1}, wide, narrow);
  check_tiers(slo::slo_generator(), {9, 3, 1.5, 1}, {60, 720, 10080, 40320},
              {60, 720, 10080, 40320});
  check_tiers(slo::google_cloud(days(28)), {10, 2}, {60, 1440}, {60, 1440});
  check_tiers(slo::datadog(days(7)), {16.8, 5.6, 2.8}, {60, 360, 1440}, {5, 30, 120});
  check_tiers(slo::datadog(days(30)), {14.4, 6, 3}, {60, 360, 1440}, {5, 30, 120});
  check_tiers(slo::datadog(days(90)), {21.6, 10.8, 4.5}, {60, 360, 1440}, {5, 30, 120});
  check_tiers(slo::nobl9(days(28)), {20}, {5}, {5});
}

TEST_CASE("presets: the workbook's shares at other periods, kept below 1 as written") {
  const struct {
    int period;
    std::vector<double> factors;
  } rows[] = {{7, {3.36, 1.4, 0.7, 0.7 / 3}},
              {14, {6.72, 2.8, 1.4, 1.4 / 3}},
              {28, {13.44, 5.6, 2.8, 2.8 / 3}},
              {30, {14.4, 6, 3, 1}},
              {90, {43.2, 18, 9, 3}}};
  for (const auto& row : rows) {
    check_tiers(slo::workbook(days(row.period), slo::below_one::keep), row.factors, wide, narrow);
  }
}

TEST_CASE("pyrra: windows are parts of the period, in whole minutes") {
  check_tiers(slo::pyrra(days(28)), {14, 7, 2, 1}, {60, 360, 1440, 5760}, {5, 30, 120, 360});
  check_tiers(slo::pyrra(days(30)), {14, 7, 2, 1}, {64, 386, 1543, 6171}, {5, 32, 129, 386});
  const slo::policy p = slo::pyrra(days(28));
  const std::chrono::minutes held[] = {2min, 15min, 60min, 180min};
  // 2.083, 6.25, 7.143 and 14.29 % of the budget.
  const double shares[] = {14.0 / 672, 7.0 / 112, 2.0 / 28, 1.0 / 7};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(p.tiers[k].hold == held[k]);
    CHECK_REL(slo::budget_share(p.tiers[k].factor, p.tiers[k].long_window, p.period), shares[k],
              3e-16);
  }
  CHECK(p.tiers[1].severity == slo::severity::page);
  CHECK(p.tiers[2].severity == slo::severity::ticket);
}

TEST_CASE("pyrra: how long data may be absent is the detection of an outage with its hold") {
  // 14 * budget * 1 h + 2 min: 624 s at 99 %, 170.4 s at 99.9 %.
  const slo::tier first = slo::pyrra(days(28)).tiers[0];
  CHECK_REL(slo::detection_time(first, slo::objective(0.99), 1).count(), 624, 1e-15);
  CHECK_REL(slo::detection_time(first, slo::objective(0.999), 1).count(), 170.4, 1e-15);
}

TEST_CASE("pyrra: a period that rounds a window to nothing is refused") {
  CHECK(slo::pyrra(4032min).tiers[0].short_window == 1min);  // 2.8 d
  CHECK_THROWS_WITH_AS((void)slo::pyrra(4031min),
                       "relia::slo::pyrra: period must be at least 2.8 days, or its short window "
                       "is rounded to 0 min (in nanoseconds), got 241860000000000",
                       std::domain_error);
}

TEST_CASE("elastic, grafana: the same factors at 7 d spend far more of the budget") {
  // 8.57, 21.4 and 42.9 % where they spend 2, 5 and 10 % at 30 d.
  const slo::policy p = slo::elastic(days(7));
  const double shares[] = {14.4 / 168, 36.0 / 168, 72.0 / 168};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK_REL(slo::budget_share(p.tiers[k].factor, p.tiers[k].long_window, p.period), shares[k],
              3e-16);
  }
}

TEST_CASE("presets: failures, hold times and rules") {
  for (const slo::tier& t : slo::grafana(days(28), 3).tiers) CHECK(t.min_failures == 3);
  const slo::policy exporter = slo::slo_exporter();
  CHECK(exporter.tiers[0].min_failures == 6);  // more than 5
  CHECK(exporter.tiers[1].min_failures == 11);
  CHECK(exporter.tiers[2].min_failures == 1);
  const slo::policy libsonnet = slo::slo_libsonnet();
  CHECK(libsonnet.tiers[0].hold == 2min);
  CHECK(libsonnet.tiers[3].hold == 3h);
  const slo::policy templates = slo::nobl9(days(28));
  REQUIRE(templates.rules.size() == 1);
  CHECK(templates.rules[0].condition ==
        slo::all_of({slo::burning(15min, 2), slo::burning(48h, 1)}));
}

TEST_CASE("presets: a factor below 1 is reproduced, noted, and found by lint") {
  const slo::policy p = slo::sloth(days(28));
  CHECK(p.notes.size() == 1);
  const auto found = slo::lint(p, slo::objective(0.999));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "fires_inside_objective");
}

TEST_CASE("preset: by name, with the period of the tool") {
  for (const std::string_view name : slo::preset_names) {
    CAPTURE(name);
    const duration period = name == "slo_libsonnet" || name == "datadog" ? days(30) : days(28);
    CHECK(slo::preset(name, period).name == name);
    CHECK(slo::preset(name, period).period == period);
  }
  CHECK_THROWS_WITH_AS((void)slo::preset("slo_exporter", days(30)),
                       "relia::slo::preset: period must be 28 days for slo_exporter (in "
                       "nanoseconds), got 2592000000000000",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::preset("nagios", days(30)),
                       "relia::slo::preset: name must be one of workbook, sloth, pyrra, grafana, "
                       "elastic, slo_exporter, slo_libsonnet, slo_generator, google_cloud, "
                       "datadog, nobl9, got \"nagios\"",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)slo::sloth(days(14)), std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::datadog(days(28)),
                       "relia::slo::datadog: period must be 7, 30 or 90 days (in nanoseconds), "
                       "got 2419200000000000",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::preset("grafana", 0s), std::domain_error);
}

TEST_SUITE_END();
