// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <incident/make.hpp>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/incident/mtbf.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::incident;
using test::as_of;
using test::from_to;
using test::minute;

TEST_SUITE_BEGIN("mtbf");

namespace {

constexpr long day = 24 * 60;

period days(long from, long to) { return {minute(from * day), minute(to * day)}; }

}  // namespace

TEST_CASE("mtbf: the published rows") {
  for (const auto& row : test::csv_table("incident/mtbf_published.csv")) {
    CAPTURE(row.text("name"));
    const auto e =
        mtbf(row.integer("failures"), real_seconds(row.number("exposure")),
             {.confidence_level = row.number("confidence_level"),
              .sides = row.text("sides") == "lower" ? sides::lower : sides::both,
              .stopping = row.text("stopping") == "at_event" ? stats::stopping::at_event
                                                             : stats::stopping::at_time});
    // The rows are printed to 15 digits.
    CHECK_REL(e.value.count(), row.number("mtbf"), 1e-14);
    CHECK_REL(e.interval.lower.count(), row.number("lower"), 1e-14);
    CHECK_REL(e.interval.upper.count(), row.number("upper"), 1e-14);
    CHECK(e.method == chi_square);
  }
}

TEST_CASE("mtbf: zero failures still bound the time between them") {
  const auto e = mtbf(0, std::chrono::hours(1000));
  CHECK(e.has_value());
  CHECK(e.value == never);
  CHECK(e.interval.lower > real_seconds(0));
  CHECK(e.interval.upper == never);
  CHECK(e.notes[0] == "no failures: only the lower limit is known");
}

TEST_CASE("mtbf: nothing watched is no data") {
  const auto e = mtbf(0, real_seconds(0));
  CHECK(e.state == state::no_data);
  CHECK(e.interval.upper == never);
}

TEST_CASE("mtbf: is the reciprocal of the rate") {
  const auto e = mtbf(7, real_seconds(350), {.sides = sides::lower});
  const auto r = stats::rate(7, 350, {.sides = sides::upper});
  CHECK_ULP(e.interval.lower.count(), 1 / r.interval.upper, 1);
  CHECK(e.interval.upper == never);
}

TEST_CASE("mtbf: of a measured window counts overlapping incidents once, and one that was there") {
  // opsknight-labs/OpsKnight#323: one incident made MTBF / (MTBF + MTTR) come out as 0.
  const downtime_report one = downtime(as_of(100 * day, {from_to(day, day + 60)}), days(0, 100));
  const auto e = mtbf(one);
  CHECK(e.n == 1);
  CHECK(e.value == real_seconds(std::chrono::hours(2399)));

  const downtime_report overlapping =
      downtime(as_of(100 * day, {from_to(-60, 60), from_to(day, day + 60),
                                 from_to(day + 30, 2 * day), from_to(5 * day, 5 * day + 1)}),
               days(0, 100));
  CHECK(overlapping.episodes.size() == 3);
  CHECK(overlapping.failures == 2);
  CHECK(mtbf(overlapping).n == 2);
}

TEST_CASE("mtbf: names what it refuses") {
  const auto fails = [](count failures, double exposure, const mtbf_options& options = {}) {
    (void)mtbf(failures, real_seconds(exposure), options);
  };
  CHECK_THROWS_WITH_AS(fails(-1, 1), "relia::incident::mtbf: failures must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(fails(1, 0),
                       "relia::incident::mtbf: exposure must be positive when there are failures, "
                       "got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(fails(1, NAN),
                       "relia::incident::mtbf: exposure must be at least 0 and finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(fails(0, 1, {.stopping = stats::stopping::at_event}),
                       "relia::incident::mtbf: failures must be at least 1 when the exposure stops "
                       "at a failure, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(fails(1, 1, {.confidence_level = 95}),
                       "relia::incident::mtbf: confidence_level must be a fraction in (0, 1) (95 % "
                       "is 0.95), got 95",
                       std::domain_error);
}

TEST_CASE("long_run_unavailability: the published row") {
  // F(12, 12) limits by scipy 1.10.1: availability 0.9883217646509329 to 0.9983656296844301.
  const auto e = long_run_unavailability(6, std::chrono::hours(2160), real_seconds(9.5 * 3600),
                                         {.confidence_level = 0.9});
  CHECK_REL(1 - e.value, 0.9956211108550357, 1e-14);
  CHECK_REL(1 - e.interval.upper, 0.9883217646509329, 1e-13);
  CHECK_REL(1 - e.interval.lower, 0.9983656296844301, 1e-13);
}

TEST_CASE("long_run_unavailability: as many failures as a count holds") {
  // The logarithm of F(2 r, 2 r) is normal with variance 2 / r, to a relative error near 1 / r.
  const auto e = long_run_unavailability(1'000'000'000'000, real_seconds(1e15), real_seconds(1e9));
  const double reach = 1.959963984540054 * std::sqrt(2e-12);
  CHECK_REL(e.interval.lower, e.value * std::exp(-reach), 1e-11);  // 1 - value is 1 - 1e-6
  CHECK_REL(e.interval.upper, e.value * std::exp(reach), 1e-11);
}

TEST_CASE("long_run_unavailability: without failures nothing is known of repairs") {
  CHECK(long_run_unavailability(0, std::chrono::hours(1), real_seconds(0)).state == state::no_data);
  CHECK_THROWS_AS((void)long_run_unavailability(1, std::chrono::hours(1), real_seconds(0)),
                  std::domain_error);
}

TEST_CASE("incident_rate: counts what starts in the window, per 30 days") {
  timeline planned = from_to(3 * day, 3 * day + 1);
  planned.planned = true;
  const history h =
      as_of(200 * day, {from_to(-1, 10), from_to(0, 10), planned, from_to(40 * day, 40 * day + 5),
                        from_to(60 * day, 61 * day)});
  const auto r = incident_rate(h, days(0, 60));
  CHECK(r.rate.n == 2);
  CHECK_ULP(r.rate.value, 1.0, 1);
  CHECK(r.rate.method == stats::garwood);
  // Garwood's limits of 2 events over 2 units, to four digits: 0.2422 to 7.2247 (over 1 unit).
  CHECK_REL(r.rate.interval.upper, 7.224688 / 2, 1e-6);
}

TEST_CASE("incident_rate: the window ends at as_of") {
  const auto r = incident_rate(as_of(15 * day, {from_to(day, day + 1)}), days(0, 60));
  CHECK(r.window == days(0, 15));
  CHECK_ULP(r.rate.value, 2.0, 1);
  CHECK(incident_rate(as_of(-day, {}), days(0, 60)).rate.state == state::no_data);
}

TEST_CASE("incident_rate: clusters widen the interval and are named") {
  std::vector<timeline> rows;
  for (long i = 0; i < 40; ++i) rows.push_back(from_to((i < 20 ? 10 : 45) * day + i, 90 * day));
  const auto r = incident_rate(as_of(100 * day, rows), days(0, 90));
  CHECK(r.rate.n == 40);
  CHECK(r.dispersion > 10);
  CHECK(r.p_value < 1e-10);
  CHECK(r.rate.method == stats::quasi_poisson);
  const auto single = stats::rate(40, 3);
  CHECK(r.rate.interval.upper > single.interval.upper);
  CHECK(r.rate.interval.lower < single.interval.lower);
}

TEST_CASE("incident_rate: the remainder of the window joins the last slice") {
  // 10 days in slices of 7 are one slice: nothing can be said of clusters.
  const auto r = incident_rate(as_of(100 * day, {from_to(9 * day, 10 * day)}), days(0, 10));
  CHECK(std::isnan(r.dispersion));
  CHECK(r.rate.notes[0] == "too little to see whether incidents come in clusters");
  CHECK_THROWS_WITH_AS(
      (void)incident_rate(as_of(0, {}), days(0, 1), {.slice = duration{0}}),
      "relia::incident::incident_rate: slice must be positive, in nanoseconds, got 0",
      std::domain_error);
}

TEST_SUITE_END();
