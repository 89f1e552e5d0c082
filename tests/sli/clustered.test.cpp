// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/clustered.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("clustered");

namespace {

using rows = std::vector<count>;

}  // namespace

TEST_CASE("clustered_bad_fraction: one bad hour in a day says less than its requests seem to") {
  rows good(288, 1000);
  rows bad(288, 0);
  for (std::size_t i = 100; i < 112; ++i) {
    good[i] = 700;
    bad[i] = 300;
  }
  const auto c = sli::clustered_bad_fraction(good, bad);
  CHECK(c.proportion.value == 3600.0 / 288000.0);
  const auto naive = stats::proportion(3600, 288000).interval;
  CHECK(c.proportion.interval.upper > 3 * naive.upper);
  CHECK(c.proportion.interval.lower < naive.lower / 3);
  CHECK(c.dispersion > 100);
  CHECK(c.proportion.interval ==
        stats::clustered_proportion(bad, rows(288, 1000)).proportion.interval);
}

TEST_CASE("clustered_bad_fraction: slices with missing events have the bounds of both extremes") {
  std::vector<sli::bounded_counts> slices;
  rows all_good_as_good, all_good_as_bad, all_bad_as_good, all_bad_as_bad;
  for (count i = 0; i < 40; ++i) {
    const aggregate::counts seen(90, i % 7);
    const count missing = i % 5 == 0 ? 20 : 0;
    slices.push_back(sli::with_missing(seen, missing));
    all_good_as_good.push_back(seen.good() + missing);
    all_good_as_bad.push_back(seen.bad());
    all_bad_as_good.push_back(seen.good());
    all_bad_as_bad.push_back(seen.bad() + missing);
  }
  const auto c = sli::clustered_bad_fraction(slices, {.method = stats::cluster_robust});
  const auto of = [](const rows& good, const rows& bad) {
    return sli::clustered_bad_fraction(good, bad, {.method = stats::cluster_robust})
        .proportion.interval;
  };
  CHECK(c.proportion.interval.lower == of(all_good_as_good, all_good_as_bad).lower);
  CHECK(c.proportion.interval.upper == of(all_bad_as_good, all_bad_as_bad).upper);
  CHECK(c.proportion.notes.back().starts_with("160 of 3875 events may have been good or bad"));
}

TEST_CASE("clustered_bad_fraction: missing events never narrow the interval") {
  // Five bad events more in each of 288 slices make one burst stand out less.
  rows good(288, 1000);
  rows bad(288, 0);
  for (std::size_t i = 100; i < 112; ++i) {
    good[i] = 700;
    bad[i] = 300;
  }
  std::vector<sli::bounded_counts> slices;
  for (std::size_t i = 0; i < 288; ++i) {
    slices.push_back(sli::with_missing(aggregate::counts(good[i], bad[i]), 5));
  }
  const auto known = sli::clustered_bad_fraction(good, bad).proportion.interval;
  const auto doubtful = sli::clustered_bad_fraction(slices).proportion.interval;
  CHECK(doubtful.lower <= known.lower);
  CHECK(doubtful.upper >= known.upper);
}

TEST_CASE("clustered_bad_fraction: no rows are no data, and rows that make no sense are refused") {
  CHECK(sli::clustered_bad_fraction(rows{}, rows{}).proportion.state == state::no_data);
  CHECK_THROWS_WITH_AS((void)sli::clustered_bad_fraction(rows{1}, rows{1, 2}),
                       "relia::sli::clustered_bad_fraction: bad must be of size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::clustered_bad_fraction(rows{1}, rows{-1}),
                       "relia::sli::clustered_bad_fraction: bad must be at least 0, got -1",
                       std::domain_error);
}

TEST_SUITE_END();
