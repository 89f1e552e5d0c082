// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <doctest/doctest.h>

#include <relia/stats/clustered_proportion.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("clustered_proportion");

namespace {

using counts = std::vector<count>;

struct rows {
  counts successes{}, trials{};
};

/// Reads a stream of random values in order.
struct draws {
  random_stream stream;
  std::uint64_t at = 0;

  double uniform() { return stream.uniform(at++); }
  double normal() { return stream.normal(at++); }
  count binomial(count n, double p) {
    count x = 0;
    for (count i = 0; i < n; ++i) x += uniform() < p;
    return x;
  }
};

/// Clusters of 20 to 180 trials whose own probabilities are beta distributed: mean 0.05, and 0.05
/// the correlation of two trials of a cluster.
rows beta_binomial(draws& d, std::size_t clusters) {
  rows r;
  for (std::size_t i = 0; i < clusters; ++i) {
    const auto n = static_cast<count>(20 + 160 * d.uniform() * d.uniform());
    r.trials.push_back(n);
    r.successes.push_back(d.binomial(n, boost::math::ibeta_inv(0.05 * 19, 0.95 * 19, d.uniform())));
  }
  return r;
}

/// Slices of 40 trials; a burst starts in one of 24 and goes on with 5 / 6; 0.3 fail in it, 0.002
/// outside.
constexpr double burst_share = (1.0 / 24) / (1.0 / 24 + 1.0 / 6);
constexpr double burst_mean = 0.3 * burst_share + 0.002 * (1 - burst_share);
rows bursts(draws& d, std::size_t slices) {
  rows r;
  bool on = d.uniform() < burst_share;
  for (std::size_t i = 0; i < slices; ++i) {
    on = on ? d.uniform() < 5.0 / 6 : d.uniform() < 1.0 / 24;
    r.trials.push_back(40);
    r.successes.push_back(d.binomial(40, on ? 0.3 : 0.002));
  }
  return r;
}

/// How many of `times` intervals hold p.
double coverage(int times, double p, const std::function<rows(draws&)>& make,
                const clustered_proportion_options& options) {
  draws d{random_stream(20261123)};
  int held = 0;
  for (int i = 0; i < times; ++i) {
    const rows r = make(d);
    held += clustered_proportion(r.successes, r.trials, options).proportion.interval.contains(p);
  }
  return static_cast<double>(held) / times;
}

}  // namespace

TEST_CASE("clustered_proportion: the default covers where independent limits do not") {
  // 500 draws at 95 %: one standard error is 1 %, the bound is three of them below. The default has
  // 97 and 96 % here; the seed differs from those the defaults were chosen with.
  const auto clusters = [](draws& d) { return beta_binomial(d, 20); };
  const auto slices = [](draws& d) { return bursts(d, 288); };
  CHECK(coverage(500, 0.05, clusters, {}) >= 0.92);
  CHECK(coverage(500, 0.05, clusters, {.method = cluster_robust}) >= 0.92);
  CHECK(coverage(150, burst_mean, slices, {}) >= 0.90);
  // Neighbours that are alike are no clusters of their own.
  CHECK(coverage(150, burst_mean, slices, {.method = cluster_robust}) < 0.80);
  CHECK(coverage(150, burst_mean, slices, {.method = quasi_binomial}) < 0.80);
}

TEST_CASE("clustered_proportion: independent trials in even rows are as sure as proportion says") {
  // Not exactly: the variance is estimated from 400 rows, and Student's t stands for the normal.
  draws d{random_stream(3)};
  rows r;
  for (int i = 0; i < 400; ++i) {
    r.trials.push_back(100);
    r.successes.push_back(d.binomial(100, 0.2));
  }
  const auto c = clustered_proportion(r.successes, r.trials, {.method = cluster_robust});
  const auto p = proportion(std::reduce(r.successes.begin(), r.successes.end()), 40000);
  CHECK(c.proportion.value == p.value);
  const double width = c.proportion.interval.upper - c.proportion.interval.lower;
  CHECK_REL(width, p.interval.upper - p.interval.lower, 0.15);
  CHECK_REL(c.dispersion, 1.0, 0.25);  // its standard deviation is sqrt(2 / 399) = 7 %
  CHECK_REL(c.design_effect, 1.0, 0.25);
  CHECK_REL(c.effective_trials * c.design_effect, 40000.0, 1e-14);
}

TEST_CASE("clustered_proportion: a copy of each row is no new knowledge to a cluster of its own") {
  // Ten rows of ten trials, each row all or nothing: ten trials are what the rows are worth.
  const counts successes{10, 0, 0, 10, 0, 0, 0, 10, 0, 0};
  const auto c = clustered_proportion(successes, counts(10, 10), {.method = cluster_robust});
  // s^2 of the 0/1 rows is 7/30; the jackknife variance of their mean 7/300; 0.21 / 100 the other.
  CHECK_REL(c.design_effect, (7.0 / 300) / (0.21 / 100), 1e-14);
  CHECK_REL(c.dispersion, (7.0 / 300) / (0.21 / 100), 1e-14);
  CHECK(c.clusters == 10);
}

TEST_CASE("clustered_proportion: a series is joined where neighbours are alike, and says so") {
  counts successes(120, 0);
  for (std::size_t i = 0; i < 12; ++i) successes[i + 30] = successes[i + 80] = 5;
  const auto c = clustered_proportion(successes, counts(120, 10));
  CHECK(c.block_length > 10);
  CHECK(c.clusters == 120 / c.block_length);
  CHECK(c.proportion.notes.size() == 1);
  CHECK(c.proportion.notes[0].find("consecutive rows were joined to a cluster") !=
        std::string::npos);
  const auto forced = clustered_proportion(successes, counts(120, 10), {.block_length = 12});
  CHECK(forced.clusters == 10);
  const auto apart = clustered_proportion(successes, counts(120, 10), {.block_length = 1});
  const auto robust = clustered_proportion(successes, counts(120, 10), {.method = cluster_robust});
  CHECK(apart.proportion.interval == robust.proportion.interval);
}

TEST_CASE("clustered_proportion: rows without trials change nothing") {
  const auto some = clustered_proportion(counts{1, 0, 4}, counts{10, 20, 30});
  const auto more = clustered_proportion(counts{1, 0, 0, 4, 0}, counts{10, 0, 20, 30, 0});
  CHECK(some.proportion.interval == more.proportion.interval);
  CHECK(more.clusters == 3);
}

TEST_CASE("clustered_proportion: no success bounds from above, and says what it cannot see") {
  const auto none = clustered_proportion(counts(30, 0), counts(30, 100));
  CHECK(none.proportion.value == 0.0);
  CHECK(none.proportion.interval.lower == 0.0);
  // At least what 3000 independent trials say (Clopper-Pearson).
  CHECK(none.proportion.interval.upper >=
        proportion(0, 3000, {.method = clopper_pearson}).interval.upper);
  CHECK(std::isnan(none.dispersion));
  CHECK(none.proportion.notes.back().starts_with("all trials ended alike"));
  const auto all = clustered_proportion(counts(30, 100), counts(30, 100));
  CHECK(all.proportion.interval.upper == 1.0);
  CHECK_REL(1 - all.proportion.interval.lower, none.proportion.interval.upper, 1e-13);
}

TEST_CASE("clustered_proportion: one cluster shows no spread, none is no data") {
  const auto one = clustered_proportion(counts{3}, counts{1000});
  CHECK(one.proportion.value == 0.003);
  CHECK(one.proportion.interval == interval<double>{0, 1, 0.95});
  CHECK(clustered_proportion(counts{}, counts{}).proportion.state == state::no_data);
  CHECK(clustered_proportion(counts{0}, counts{0}).proportion.state == state::no_data);
}

TEST_CASE("clustered_proportion: one side is one end of the interval at twice the tail") {
  const counts x{1, 0, 4, 2, 0, 0, 3};
  const counts n{10, 20, 30, 20, 10, 15, 25};
  for (const method how :
       {joined_clusters, cluster_robust, linearised, quasi_binomial, circular_blocks}) {
    const auto at = [&](double level, sides s) {
      return clustered_proportion(
                 x, n, {.confidence_level = level, .method = how, .sides = s, .resamples = 500})
          .proportion.interval;
    };
    INFO(how.name);
    CHECK_REL(at(0.95, sides::lower).lower, at(0.9, sides::both).lower, 1e-12);
    CHECK_REL(at(0.95, sides::upper).upper, at(0.9, sides::both).upper, 1e-12);
    CHECK(at(0.95, sides::lower).upper == 1.0);
    CHECK(at(0.95, sides::upper).lower == 0.0);
  }
}

TEST_CASE("clustered_proportion: refuses what makes no sense") {
  CHECK_THROWS_WITH_AS((void)clustered_proportion(counts{1, 5}, counts{2, 4}),
                       "relia::stats::clustered_proportion: successes must be from 0 to the trials "
                       "of their row, got row 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)clustered_proportion(counts{1}, counts{-2}),
                       "relia::stats::clustered_proportion: trials must be at least 0, got row 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)clustered_proportion(counts{1}, counts{2, 4}),
                       "relia::stats::clustered_proportion: trials must be of size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)clustered_proportion(counts{1}, counts{2}, {.block_length = 2}),
                       "relia::stats::clustered_proportion: block_length must be 0 (automatic) to "
                       "the number of rows with trials, got 2",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)clustered_proportion(counts{1}, counts{2}, {.method = wilson}),
      "relia::stats::clustered_proportion: method must be joined_clusters, cluster_robust, "
      "quasi_binomial, linearised or circular_blocks, got \"wilson\"",
      std::invalid_argument);
}

TEST_SUITE_END();
