// SPDX-License-Identifier: BSL-1.0
#include <incident/make.hpp>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/incident/durations.hpp>

using namespace relia;
using namespace relia::incident;
using test::as_of;
using test::from_to;
using test::minute;

TEST_SUITE_BEGIN("durations");

TEST_CASE("measure: closed incidents are observed, open ones censored at as_of") {
  const durations d = measure(as_of(100, {from_to(0, 60), from_to(70, std::nullopt)}),
                              milestone::started, milestone::resolved);
  CHECK(d.seconds == std::vector<double>{3600, 1800});
  CHECK(d.ended == std::vector<std::uint8_t>{1, 0});
  CHECK(d.n() == 2);
  CHECK(d.n_open() == 1);
  CHECK(d.how.preset == "custom");
}

TEST_CASE("measure: an open incident counts until it was last seen open") {
  timeline t = from_to(0, std::nullopt);
  t.seen_open = minute(20);
  timeline later = t;
  later.seen_open = minute(200);  // nothing is known beyond as_of
  const durations d = measure(as_of(100, {t, later}, {.blank_end = blank_end::unknown}),
                              milestone::started, milestone::resolved);
  CHECK(d.seconds == std::vector<double>{1200, 6000});
  CHECK(d.n_open() == 2);
}

TEST_CASE("measure: an incident whose end nobody wrote down is not censored") {
  const durations d =
      measure(as_of(100, {from_to(0, std::nullopt)}, {.blank_end = blank_end::unknown}),
              milestone::started, milestone::resolved);
  CHECK(d.n() == 0);
  CHECK(d.left_out == std::vector{left_out{0, reason::unknown_end, never}});
}

TEST_CASE("measure: a mitigation missing before a known resolution follows the named rule") {
  const history h = as_of(100, {from_to(10, 60)});
  definition how{.from = milestone::started, .to = milestone::mitigated};
  const durations out = measure(h, how);
  CHECK(out.n() == 0);
  CHECK(out.left_out == std::vector{left_out{0, reason::missing_to, real_seconds(3000)}});

  how.if_missing = missing_stamp::use_next;
  const durations used = measure(h, how);
  CHECK(used.seconds == std::vector<double>{3000});
  CHECK(used.substituted == 1);
}

TEST_CASE("measure: an incident still open but mitigated has passed its acknowledgement") {
  timeline t = from_to(0, std::nullopt);
  t.detected = minute(2);
  t.mitigated = minute(30);
  const history h = as_of(100, {t});
  CHECK(measure(h, milestone::detected, milestone::acknowledged).left_out ==
        std::vector{left_out{0, reason::missing_to, real_seconds(28 * 60)}});
  CHECK(measure(h, milestone::started, milestone::mitigated).n_open() == 0);
  CHECK(measure(h, milestone::started, milestone::resolved).n_open() == 1);
}

TEST_CASE("measure: a negative phase is left out, other phases of the row are not") {
  timeline t = from_to(0, 60);
  t.detected = minute(40);
  t.mitigated = minute(21);
  const history h = as_of(100, {t});
  CHECK(measure(h, milestone::detected, milestone::mitigated).left_out ==
        std::vector{left_out{0, reason::negative, never}});
  CHECK(measure(h, milestone::started, milestone::mitigated).seconds ==
        std::vector<double>{21 * 60});
  CHECK(measure(h, milestone::acknowledged, milestone::resolved).left_out[0].why ==
        reason::missing_from);
}

TEST_CASE("measure: definitions may drop what is open") {
  timeline acknowledged = from_to(0, std::nullopt);
  acknowledged.acknowledged = minute(4);
  const history h = as_of(100, {acknowledged, from_to(50, std::nullopt)});
  definition how{.from = milestone::started, .to = milestone::acknowledged};
  CHECK(measure(h, how).n_open() == 1);
  how.if_open = open_incidents::leave_out;
  CHECK(measure(h, how).seconds == std::vector<double>{240});
  how.if_open = open_incidents::closed_only;
  CHECK(measure(h, how).n() == 0);
  CHECK(measure(h, how).left_out[0].why == reason::still_open);
}

TEST_CASE("measure: an incident belongs to the period it starts in") {
  timeline unknown_start;
  unknown_start.detected = minute(15);
  unknown_start.resolved = minute(90);
  const history h = as_of(100, {from_to(9, 50), from_to(10, 95), from_to(20, 21), unknown_start});
  const period second(minute(10), minute(20));
  CHECK(measure(h, milestone::started, milestone::resolved, {.starting_in = second}).rows ==
        std::vector<std::size_t>{1});
  CHECK(measure(h, milestone::detected, milestone::resolved, {.starting_in = second}).rows ==
        std::vector<std::size_t>{3});
}

TEST_CASE("measure: rows keep the numbers of the table given") {
  const history h = as_of(100, {from_to(10, 5), from_to(0, 1)});
  CHECK(measure(h, milestone::started, milestone::resolved).rows == std::vector<std::size_t>{1});
}

TEST_CASE("measure: every selected incident has a duration or a reason") {
  std::vector<timeline> rows;
  for (long i = 0; i < 96; ++i) {
    timeline t;
    if (i % 2 != 0) t.started = minute(i);
    if (i % 3 != 0) t.detected = minute(i + i % 4 - 1);
    if (i % 4 != 0) t.mitigated = minute(i + i % 9 - 2);
    if (i % 5 != 0) t.resolved = minute(i + 9);
    rows.push_back(t);
  }
  const history h = as_of(200, rows, {.exclude = {}});
  for (const milestone from : milestones) {
    for (const milestone to : milestones) {
      if (from >= to) continue;
      const durations d = measure(h, from, to);
      CHECK(d.seconds.size() + d.left_out.size() == rows.size());
    }
  }
}

TEST_CASE("measure: refuses a definition that runs backwards") {
  CHECK_THROWS_WITH_AS(
      (void)measure(as_of(0, {}), milestone::resolved, milestone::started),
      "relia::incident::measure: to must be a later milestone than from, got \"started\"",
      std::invalid_argument);
}

TEST_SUITE_END();
