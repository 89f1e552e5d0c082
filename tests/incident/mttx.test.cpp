// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <incident/make.hpp>
#include <random>
#include <stdexcept>
#include <string>

#include <boost/math/special_functions/erf.hpp>
#include <doctest/doctest.h>

#include <relia/incident/mttx.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::incident;
using test::as_of;
using test::from_to;
using test::minute;

TEST_SUITE_BEGIN("mttx");

namespace {

/// The incidents of a sample, each started at 0 and, if open, last seen open after its minutes.
history sample(const std::string& name) {
  std::vector<timeline> rows;
  for (const auto& row : test::csv_table("incident/samples.csv")) {
    if (row.text("dataset") != name) continue;
    const instant end =
        minute(0) + std::chrono::nanoseconds(std::llround(row.number("minutes") * 60e9));
    timeline t = from_to(0, std::nullopt);
    (row.integer("ended") != 0 ? t.resolved : t.seen_open) = end;
    rows.push_back(t);
  }
  return as_of(10'000, rows);
}

bool noted(const estimate<real_seconds>& e, const std::string& words) {
  return std::any_of(e.notes.begin(), e.notes.end(), [&](const std::string& note) {
    return note.find(words) != std::string::npos;
  });
}

timeline stamped(long detected, std::optional<long> acknowledged, std::optional<long> resolved) {
  timeline t;
  t.detected = minute(detected);
  if (acknowledged) t.acknowledged = minute(*acknowledged);
  if (resolved) t.resolved = minute(*resolved);
  return t;
}

constexpr double minutes_of(real_seconds s) { return s.count() / 60; }

}  // namespace

TEST_CASE("time_to: the reference samples") {
  // R's 15 printed digits, and a handful of operations on either side.
  static constexpr double close = 1e-12;
  for (const auto& row : test::csv_table("incident/response.csv")) {
    CAPTURE(row.text("dataset"));
    CAPTURE(row.text("method"));
    response_options options;
    if (row.text("method") == "student_t") options.mean_method = stats::student_t;
    if (!row.text("tau").empty()) options.tau = real_seconds(60 * row.number("tau"));
    const response_time r = mttr(sample(row.text("dataset")), options);
    const auto check = [&row](const char* column, real_seconds actual) {
      CAPTURE(column);
      if (!row.text(column).empty()) CHECK_REL(minutes_of(actual), row.number(column), close);
    };
    CHECK(r.mean.method.name == row.text("method"));
    check("median", r.median.value);
    check("median_lower", r.median.interval.lower);
    check("median_upper", r.median.interval.upper);
    check("mean", r.mean.value);
    check("mean_lower", r.mean.interval.lower);
    check("mean_upper", r.mean.interval.upper);
    check("closed_mean", r.closed_mean);
  }
}

TEST_CASE("time_to: says how many are open and up to where the mean goes") {
  const response_time r = mttr(sample("before"));
  CHECK(r.n() == 20);
  CHECK(r.n_open() == 2);
  CHECK(r.median.n_open == 2);
  CHECK(r.tau == std::chrono::minutes(720));  // the longest that has ended
  CHECK(noted(r.mean, "the mean counts at most 43200 s of each incident; still open: 2"));
  CHECK(r.median.method == stats::log_log_limits);
}

TEST_CASE("time_to: open incidents are not dropped") {
  // Log-normal durations of median 5 days and log deviation 1.8 that start over 30 days, seen at
  // the end of them: the plain median of the closed ones is far too short. 2000 rows; the standard
  // error of the Kaplan-Meier median is below 5 %, and 4 of them are allowed.
  std::mt19937_64 random(5);
  const auto uniform = [&random] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  std::vector<timeline> rows;
  std::vector<double> closed;
  for (int i = 0; i < 2000; ++i) {
    const double z = -std::sqrt(2.0) * boost::math::erfc_inv(2 * uniform());
    const double days = 5 * std::exp(1.8 * z);
    const double start = 30 * uniform();
    timeline t = from_to(std::lround(start * 1440), std::nullopt);
    if (start + days < 30) {
      t.resolved = *t.started + std::chrono::seconds(std::lround(days * 86400));
      closed.push_back(days);
    }
    rows.push_back(t);
  }
  const response_time r = mttr(as_of(30 * 1440, rows));
  CHECK(r.n() == 2000);
  CHECK(r.n_open() == 2000 - static_cast<count>(closed.size()));
  CHECK_REL(r.median.value.count() / 86400, 5.0, 0.2);
  CHECK(r.median.interval.contains(real_seconds(5 * 86400)));
  std::nth_element(closed.begin(), closed.begin() + static_cast<long>(closed.size() / 2),
                   closed.end());
  CHECK(closed[closed.size() / 2] < 0.6 * 5);
}

TEST_CASE("time_to: ends in the wrong year change neither the mean nor the median") {
  using namespace std::chrono;
  std::vector<timeline> rows;
  for (long i = 0; i < 40; ++i) rows.push_back(from_to(i * 1000, i * 1000 + 30 + i * 3));
  const response_time clean = mttr(as_of(5'000'000, rows));
  timeline scraped = from_to(500, 560);
  scraped.resolved = *scraped.resolved + days(365);  // one year late, on the day
  rows.push_back(scraped);
  const history h = as_of(5'000'000, rows);
  const response_time r = mttr(h);
  CHECK(h.found(problem::wrong_year) == 1);
  CHECK(r.mean.value == clean.mean.value);
  CHECK(r.median.value == clean.median.value);
}

TEST_CASE("mtta: every product has its own") {
  const history h = as_of(1000, {
                                    stamped(0, 4, 60),                // acknowledged and closed
                                    stamped(100, std::nullopt, 130),  // closed without
                                    stamped(200, 210, std::nullopt),  // acknowledged, open
                                    stamped(900, std::nullopt, std::nullopt),  // neither
                                });
  const response_time detection = time_to(h, mtta_from_detection);
  CHECK(detection.sample.seconds == std::vector<double>{240, 600, 6000});
  CHECK(detection.n_open() == 1);
  CHECK(detection.sample.left_out.size() == 1);

  const response_time pagerduty = time_to(h, mtta_pagerduty);
  CHECK(pagerduty.closed_mean == std::chrono::minutes(7));
  CHECK(pagerduty.n_open() == 0);
  CHECK(pagerduty.sample.left_out.size() == 2);
  CHECK(pagerduty.how.preset == "pagerduty");

  const response_time opsgenie = time_to(h, mtta_opsgenie);
  CHECK(opsgenie.closed_mean == std::chrono::minutes(17));
  CHECK(opsgenie.sample.substituted == 1);
  CHECK(opsgenie.sample.left_out.size() == 2);
}

TEST_CASE("mtta: Opsgenie takes the close, not the mitigation, for the acknowledgement") {
  timeline t = stamped(0, std::nullopt, 60);
  t.mitigated = minute(20);
  CHECK(time_to(as_of(100, {t}), mtta_opsgenie).closed_mean == std::chrono::hours(1));
}

TEST_CASE("every_definition: names each definition and differs between them") {
  timeline t = from_to(0, 60);
  t.detected = minute(10);
  t.acknowledged = minute(15);
  t.mitigated = minute(40);
  const auto all = every_definition(as_of(100, {t}));
  REQUIRE(all.size() == definitions.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].how == definitions[i]);
    CHECK(all[i].n() == 1);
    for (std::size_t j = 0; j < i; ++j) {
      CHECK((all[i].how.metric != all[j].how.metric || all[i].how.preset != all[j].how.preset));
    }
  }
  CHECK(mttd(as_of(100, {t})).closed_mean == std::chrono::minutes(10));
  CHECK(mtta(as_of(100, {t})).closed_mean == std::chrono::minutes(5));
  CHECK(mttm(as_of(100, {t})).closed_mean == std::chrono::minutes(40));
  CHECK(mttr(as_of(100, {t})).closed_mean == std::chrono::hours(1));
}

TEST_CASE("time_to: the same tau makes two periods comparable") {
  const history h = as_of(1000, {from_to(0, 10), from_to(0, 20), from_to(0, 90)});
  const response_time r = mttr(h, {.tau = std::chrono::minutes(30)});
  CHECK(r.mean.value == std::chrono::minutes(20));
  CHECK(r.mean.method == stats::restricted_mean_area);
  CHECK(r.median.method == stats::order_statistics);
}

TEST_CASE("time_to: zero durations turn the automatic mean to Student's t") {
  const history h = as_of(1000, {from_to(0, 0), from_to(0, 20), from_to(0, 40)});
  const response_time r = mttr(h);
  CHECK(r.mean.method == stats::student_t);
  CHECK(r.mean.value == std::chrono::minutes(20));
  CHECK(noted(r.mean, "durations of zero: 1"));
  CHECK(r.mean.interval.lower == real_seconds(0));  // Student's limit lies below
  CHECK_THROWS_AS((void)mttr(h, {.mean_method = stats::modified_cox}), std::domain_error);
}

TEST_CASE("time_to: doubts about the log-normal are said") {
  CHECK_FALSE(noted(mttr(sample("ball_bearings")).mean, "log-normal"));
  std::vector<timeline> rows;  // most incidents are closed by the same script after ten minutes
  for (long i = 0; i < 60; ++i) rows.push_back(from_to(0, i % 6 == 0 ? 300 + i : 10 + i % 2));
  CHECK(noted(mttr(as_of(1000, rows)).mean, "do not look log-normal"));
}

TEST_CASE("log_normal_misfit: agrees with the reference") {
  for (const auto& row : test::csv_table("incident/log_normality.csv")) {
    CAPTURE(row.text("dataset"));
    const durations d =
        measure(sample(row.text("dataset")), milestone::started, milestone::resolved);
    // -n - sum / n loses a factor n over A^2, some 200, of double's digits.
    CHECK_REL(incident::detail::log_normal_misfit(d.seconds), row.number("misfit"), 1e-12);
  }
  CHECK(incident::detail::log_normal_misfit(std::vector<double>(20, 7.0)) == 0);
  CHECK(incident::detail::log_normal_misfit(std::vector<double>{1, 2, 300}) == 0);
}

TEST_CASE("time_to: nothing measured is no data, all open has a lower limit only") {
  const response_time none = mttr(as_of(100, {}));
  CHECK(none.mean.state == state::no_data);
  CHECK(none.median.state == state::no_data);
  CHECK(std::isnan(none.closed_mean.count()));
  CHECK(none.mean.interval.lower == real_seconds(0));

  const response_time open =
      mttr(as_of(100, {from_to(0, std::nullopt), from_to(40, std::nullopt)}));
  CHECK(open.median.value == never);
  CHECK(open.tau == std::chrono::minutes(100));
  CHECK(open.mean.value <= open.tau);
  CHECK(mttr(as_of(100, {from_to(100, std::nullopt)})).mean.state == state::no_data);
}

TEST_CASE("time_to: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)mttr(as_of(0, {}), {.confidence_level = 95}),
                       "relia::incident::time_to: confidence_level must be a fraction in (0, 1) "
                       "(95 % is 0.95), got 95",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)mttr(as_of(0, {}), {.mean_method = stats::order_statistics}),
                       "relia::incident::time_to: mean_method must be automatic, modified_cox or "
                       "student_t, got \"order_statistics\"",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)mttr(as_of(0, {}), {.tau = real_seconds(-1)}),
                       "relia::incident::time_to: tau must be positive and finite, got -1",
                       std::domain_error);
}

TEST_SUITE_END();
