// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/histogram.hpp>
#include <relia/sli/latency.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("latency");

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Cumulative buckets as Prometheus keeps them; linear between bounds.
struct buckets {
  std::vector<std::pair<double, relia::count>>
      at;  // bound and how many are <= it; the last is +Inf
  relia::count not_numbers = 0;

  [[nodiscard]] relia::count count() const { return at.empty() ? 0 : at.back().second; }
  [[nodiscard]] relia::count nans() const { return not_numbers; }
  [[nodiscard]] aggregate::bounded at_most(double x) const {
    std::pair<double, relia::count> below{0, 0};
    for (const auto& bucket : at) {
      const auto n = static_cast<double>(bucket.second);
      const auto before = static_cast<double>(below.second);
      if (x == bucket.first) return {n, n, n, state::ok};
      if (x < bucket.first) {
        const double part =
            std::isinf(bucket.first) ? 0 : (x - below.first) / (bucket.first - below.first);
        return {before + part * (n - before), before, n, state::ok};
      }
      below = bucket;
    }
    const auto n = static_cast<double>(count());
    return {n, n, n, state::ok};
  }
};

// 1000 requests: 900 within 100 ms, 980 within 250 ms, 995 within 1 s.
const buckets page{{{0.1, 900}, {0.25, 980}, {1.0, 995}, {infinity, 1000}}};

static_assert(sli::latency_shape<buckets>);
static_assert(sli::latency_shape<aggregate::histogram>);
static_assert(sli::latency_shape<sli::raw_latencies>);
static_assert(!sli::latency_shape<std::vector<double>>);

}  // namespace

TEST_CASE("events_within: exact where the shape counts at the threshold") {
  const auto events = sli::events_within(page, 0.25);
  CHECK(events.exact());
  CHECK(events.quoted == aggregate::counts(980, 20));
  const auto bad = sli::bad_fraction(events);
  CHECK(bad.interval == stats::proportion(20, 1000).interval);
  CHECK(bad.notes.empty());
}

TEST_CASE("events_within: between buckets every count of the bucket is possible") {
  const auto events = sli::events_within(page, 0.4);
  CHECK(events.fewest_good == aggregate::counts(980, 20));
  CHECK(events.most_good == aggregate::counts(995, 5));
  CHECK(events.quoted == aggregate::counts(983, 17));
  CHECK(events.doubtful() == 15);
}

TEST_CASE("bad_fraction: the interval holds the buckets' doubt and the sampling, and says which") {
  const auto bad = sli::bad_fraction(sli::events_within(page, 0.4));
  CHECK(bad.value == 0.017);
  CHECK(bad.interval.lower == stats::proportion(5, 1000).interval.lower);
  CHECK(bad.interval.upper == stats::proportion(20, 1000).interval.upper);
  // mpmath: Wilson limits of 17 of 1000 are 0.0106407 and 0.0270560, the lower one of 5 is
  // 0.00213754, the upper one of 20 is 0.0306900: 42.5084 % are not sampling.
  REQUIRE(bad.notes.size() == 1);
  CHECK(bad.notes[0] ==
        "15 of 1000 events may have been good or bad: 42.5 % of the interval's width");
  const auto good = sli::attainment(sli::events_within(page, 0.4));
  CHECK(good.value == 0.983);
  CHECK(good.interval.lower == stats::proportion(980, 1000).interval.lower);
  CHECK(good.interval.upper == stats::proportion(995, 1000).interval.upper);
}

TEST_CASE("bad_fraction: covers whatever the latencies inside the bucket were") {
  // The true counts at the threshold range over the bucket; each true interval lies inside ours.
  const auto ours = sli::bad_fraction(sli::events_within(page, 0.4)).interval;
  for (count bad = 5; bad <= 20; ++bad) {
    const auto exact = stats::proportion(bad, 1000).interval;
    CHECK(ours.lower <= exact.lower);
    CHECK(ours.upper >= exact.upper);
  }
}

TEST_CASE("events_within: of a histogram holds the raw truth, and is exact at its threshold") {
  aggregate::basic_histogram<aggregate::histogram_layout{.thresholds = 1}> shape({0.4});
  std::vector<double> raw;
  for (int i = 1; i <= 1000; ++i) raw.push_back(0.001 * i);
  shape.record(raw);
  const auto at_threshold = sli::events_within(shape, 0.4);
  CHECK(at_threshold.exact());
  CHECK(at_threshold == sli::events_within(sli::raw_latencies(raw), 0.4));
  const auto beside = sli::events_within(shape, 0.3);
  const auto truth = sli::events_within(sli::raw_latencies(raw), 0.3).quoted.good();
  CHECK(beside.fewest_good.good() <= truth);
  CHECK(beside.most_good.good() >= truth);
  CHECK(beside.doubtful() < 10);
}

TEST_CASE("events_within: NaN and infinite latencies are never good") {
  buckets with_nan = page;
  with_nan.not_numbers = 10;
  CHECK(sli::events_within(with_nan, 0.25).quoted == aggregate::counts(980, 30));
  const std::vector<double> raw{0.1, not_a_number, 0.2, infinity, 0.3, -0.0};
  const sli::raw_latencies shape(raw);
  CHECK(shape.count() == 5);
  CHECK(shape.nans() == 1);
  CHECK(sli::events_within(shape, 0.2).quoted == aggregate::counts(3, 3));
  CHECK(sli::events_within(shape, 1e300).quoted == aggregate::counts(4, 2));
  CHECK(sli::events_within(shape, infinity).quoted == aggregate::counts(5, 1));
  const std::vector<double> only_nan{not_a_number, not_a_number};
  CHECK(sli::events_within(sli::raw_latencies(only_nan), 1).quoted == aggregate::counts(0, 2));
}

TEST_CASE("events_within: nothing recorded is no data, and a threshold is a number") {
  CHECK(sli::bad_fraction(sli::events_within(buckets{}, 1)).state == state::no_data);
  CHECK(sli::bad_fraction(sli::events_within(sli::raw_latencies({}), 1)).state == state::no_data);
  CHECK_THROWS_WITH_AS((void)sli::events_within(page, not_a_number),
                       "relia::sli::events_within: threshold must be a number in the unit of the "
                       "latencies, got nan",
                       std::domain_error);
}

TEST_SUITE_END();
