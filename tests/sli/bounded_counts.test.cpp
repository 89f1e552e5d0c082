// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/sli/bounded_counts.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("bounded_counts");

TEST_CASE("with_missing: the bounds are all missing good and all missing bad") {
  const auto events = sli::with_missing({980, 20}, 100);
  CHECK(events.fewest_good == aggregate::counts(980, 120));
  CHECK(events.most_good == aggregate::counts(1080, 20));
  CHECK(events.quoted == aggregate::counts(980, 20));
  CHECK(events.doubtful() == 100);
  const auto bad = sli::bad_fraction(events);
  CHECK(bad.value == 0.02);
  CHECK(bad.interval.lower == stats::proportion(20, 1100).interval.lower);
  CHECK(bad.interval.upper == stats::proportion(120, 1100).interval.upper);
  REQUIRE(bad.notes.size() == 1);
  CHECK(bad.notes[0].starts_with("100 of 1100 events may have been good or bad: "));
}

TEST_CASE("with_missing: nothing missing changes nothing") {
  const auto events = sli::with_missing({980, 20}, 0);
  CHECK(events.exact());
  CHECK(sli::bad_fraction(events).interval == stats::proportion(20, 1000).interval);
  CHECK(sli::attainment(events).interval == stats::proportion(980, 1000).interval);
}

TEST_CASE("with_missing: more missing events never narrow the interval") {
  double lower = 1;
  double upper = 0;
  for (const count missing : {0, 1, 10, 100, 1000, 1000000}) {
    const auto i = sli::bad_fraction(sli::with_missing({95, 5}, missing)).interval;
    CHECK(i.lower <= lower);
    CHECK(i.upper >= upper);
    lower = i.lower;
    upper = i.upper;
  }
  CHECK(upper > 0.999);
  CHECK(lower < 1e-5);
}

TEST_CASE("with_missing: nothing seen is no data, whatever is missing") {
  const auto bad = sli::bad_fraction(sli::with_missing({}, 10));
  CHECK(bad.state == state::no_data);
  CHECK(bad.interval == interval<double>{0, 1, 0.95});
  CHECK_THROWS_WITH_AS((void)sli::with_missing({}, -1),
                       "relia::sli::with_missing: missing must be at least 0, got -1",
                       std::domain_error);
}

TEST_SUITE_END();
