// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/native_histogram.hpp>

#include <support/close.hpp>
#include <support/native.hpp>

using namespace relia;
using sli::native_histogram;
using sli::reset_hint;
using test::native;

TEST_SUITE_BEGIN("native_histogram");

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double damaged = std::numeric_limits<double>::quiet_NaN();
constexpr double most = std::numeric_limits<double>::max();

double in_buckets(const native_histogram& h) {
  double n = 0;
  for (std::size_t k = 0; k < h.size(); ++k) n += h[k].count;
  return n;
}

/// Whole counts, so that sums are exact; no bucket inside the zero bucket.
native_histogram random_histogram(std::mt19937_64& random) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  sli::native_counts data;
  data.schema = below(13) - 4;
  data.zeros = below(5);
  data.count = data.zeros;
  for (auto* side : {&data.positive, &data.negative}) {
    int index = -40 + below(40);
    for (int k = below(30); k > 0; --k) {
      index += 1 + below(2);
      side->push_back({index, static_cast<double>(below(6))});
      data.count += side->back().count;
    }
  }
  sli::native_counts zero;
  zero.zero_threshold = below(3) == 0 ? 0.0 : std::ldexp(1 + below(4) / 4.0, below(8) - 4);
  native_histogram h(data);
  h.add(native_histogram(zero));
  return h;
}

}  // namespace

TEST_CASE("native_histogram: buckets end where doubles do") {
  const auto h = native("schema 8|count 3|positive 262144:1 262145:1|negative 262145:1");
  CHECK(h[0].lower == -infinite);
  CHECK(h[0].upper == -most);
  CHECK(h[1].upper == most);
  CHECK(h[2].lower == most);
  CHECK(h[2].upper == infinite);
  CHECK(native("schema -4|positive 64:1 65:1")[0].upper == most);
  CHECK(native("schema -4|positive 64:1 65:1")[1].upper == infinite);
  CHECK(native("schema 0|positive -1073:1")[0].lower == 0x1p-1074);
  CHECK(native("schema 0|positive 0:1")[0].lower == 0.5);
  CHECK(native("schema 0|positive 0:1")[0].upper == 1);
}

TEST_CASE("native_histogram: the zero bucket cuts what it reaches into") {
  const auto h = native("schema 0|count 5|zeros 1|width 0.75|positive 0:2|negative 0:2");
  CHECK(h.size() == 3);
  CHECK(h[0].lower == -1);
  CHECK(h[0].upper == -0.75);
  CHECK(h[1].lower == -0.75);
  CHECK(h[2].lower == 0.75);
}

TEST_CASE("native_histogram: addition loses no count, whatever schemas and zero buckets meet") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto a = random_histogram(random);
    const auto b = random_histogram(random);
    auto sum = a;
    CHECK_FALSE(sum.add(b));
    CHECK(sum.count() == a.count() + b.count());
    CHECK(in_buckets(sum) == a.count() + b.count());
    auto other_way = b;
    other_way.add(a);
    CHECK(test::compare_native(sum, other_way, [](double x, double y) { CHECK(x == y); }));
    sum.subtract(b);
    CHECK(sum.count() == a.count());
    CHECK(in_buckets(sum) == a.count());
    // A part of a counter is no restart, at any resolution.
    CHECK_FALSE(other_way.restarted_since(a));
  }
}

TEST_CASE("native_histogram: a fine bucket in the zero bucket is not counted twice") {
  // (1, sqrt 2] lies in the zero bucket of the coarse one, (sqrt 2, 2] does not: Prometheus adds
  // the 5 to the zeros and then again with the bucket (1, 2] that both become.
  const double root = native("schema 1|positive 1:1")[0].upper;
  sli::native_counts coarse;
  coarse.zero_threshold = root;
  native_histogram sum(coarse);
  sum.add(native("schema 1|count 12|positive 1:5 2:7"));
  CHECK(sum.data().zeros == 5);
  CHECK(in_buckets(sum) == 12);
}

TEST_CASE("native_histogram: a wider zero bucket takes in whole buckets") {
  auto h = native("schema 0|count 9|zeros 1|width 0.001|positive -1:2 0:3|negative 0:3");
  h.add(native("schema 0|width 0.6"));
  CHECK(h.data().zero_threshold == 1);  // 0.6 cuts (0.5, 1], which is populated
  CHECK(h.data().zeros == 9);
  CHECK(h.data().positive.empty());
  auto gap = native("schema 0|count 1|positive -1:1 0:0 3:0");
  gap.add(native("schema 0|width 0.6"));
  CHECK(gap.data().zero_threshold == 0.6);  // nothing is cut
  CHECK(gap.data().zeros == 1);
}

TEST_CASE("native_histogram: custom bounds that differ meet at those that both have") {
  auto h = native("schema -53|count 15|sum 55|positive 0:1 1:2 2:5 3:7|bounds 2 4 6");
  CHECK(h.add(native("schema -53|count 6|positive 0:1 1:2 2:3|bounds 2 5")));
  CHECK(h.data().bounds == std::vector<double>{2});
  CHECK(in_buckets(h) == 21);
  CHECK(h[0].count == 2);
  auto apart = native("schema -53|count 1|positive 0:1|bounds 1");
  CHECK(apart.add(native("schema -53|count 1|positive 0:1|bounds 2")));
  CHECK(apart.data().bounds.empty());
  CHECK(apart[0].lower == -infinite);
  CHECK(apart[0].upper == infinite);
  CHECK(apart[0].count == 2);
}

TEST_CASE("native_histogram: restarted_since knows each sign of a restart") {
  const auto base = native("schema 2|count 6|zeros 1|width 0.001|positive 1:2 2:3");
  const auto restarted = [&](const char* now) { return native(now).restarted_since(base); };
  CHECK_FALSE(base.restarted_since(base));
  CHECK_FALSE(restarted("schema 2|count 7|zeros 1|width 0.001|positive 1:2 2:3 9:1"));
  CHECK(restarted("schema 2|count 5|zeros 1|width 0.001|positive 1:2 2:3"));
  CHECK(restarted("schema 2|count 7|zeros 0|width 0.001|positive 1:2 2:3"));
  CHECK(restarted("schema 2|count 7|zeros 1|width 0.001|positive 1:2 2:2 3:9"));
  CHECK(restarted("schema 2|count 7|zeros 1|width 0.001|positive 1:6"));
  CHECK(restarted("schema 3|count 7|zeros 1|width 0.001|positive 1:2 2:3"));
  CHECK(restarted("schema 2|count 7|zeros 1|width 0.0001|positive 1:2 2:3"));
  // Coarser alone is none: 1 and 2 become 1 at schema 1.
  CHECK_FALSE(restarted("schema 1|count 6|zeros 1|width 0.001|positive 1:5"));
  CHECK(restarted("schema 1|count 6|zeros 1|width 0.001|positive 1:4 2:9"));
  // A wider zero bucket takes in what it covers, and must not cut a populated bucket.
  CHECK_FALSE(restarted("schema 2|count 7|zeros 1|width 0.5|positive 1:2 2:3"));
  CHECK(restarted("schema 2|count 7|zeros 3|width 1.1|positive 2:3"));
  CHECK(restarted("schema 2|count 6|zeros 1|width 0.001|positive 1:2 2:3|hint reset"));
  CHECK_FALSE(restarted("schema 2|count 1|hint not_reset"));
  CHECK(restarted("schema -53|count 9|positive 0:9|bounds 1"));
  CHECK(base.restarted_since(native("schema -53|count 1|positive 0:1|bounds 1")));
  const auto custom = native("schema -53|count 15|positive 0:1 1:2 2:5 3:7|bounds 2 4 6");
  CHECK(native("schema -53|count 15|positive 0:1 1:0 2:1 3:5 4:8|bounds 2 3 4 6")
            .restarted_since(custom));
  CHECK_FALSE(native("schema -53|count 15|positive 0:1 1:1 2:1 3:5 4:7|bounds 2 3 4 6")
                  .restarted_since(custom));
}

TEST_CASE("native_histogram: hints meet as in Prometheus") {
  const auto met = [](reset_hint a, reset_hint b) {
    native_histogram x;
    x.set_hint(a);
    native_histogram y;
    y.set_hint(b);
    x.add(y);
    return x.data().hint;
  };
  CHECK(met(reset_hint::reset, reset_hint::reset) == reset_hint::reset);
  CHECK(met(reset_hint::reset, reset_hint::not_reset) == reset_hint::unknown);
  CHECK(met(reset_hint::unknown, reset_hint::not_reset) == reset_hint::unknown);
  CHECK(met(reset_hint::reset, reset_hint::gauge) == reset_hint::gauge);
  native_histogram h;
  h.multiply(-1);
  CHECK(h.data().hint == reset_hint::gauge);
}

TEST_CASE("native_histogram: fraction undoes quantile") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200; ++i) {
    const auto h = random_histogram(random);
    if (h.count() == 0) continue;
    for (const double level : {0.01, 0.25, 0.5, 0.9, 0.99}) {
      const auto q = h.quantile(level);
      CHECK(q.lower <= q.value);
      CHECK(q.value <= q.upper);
      if (q.lower == q.upper) continue;  // zeros under a threshold of 0: a step, not a line
      const auto back = h.fraction(-infinite, q.value);
      CHECK(back.lower <= back.value);
      CHECK(back.value <= back.upper);
      // A logarithm at one ulp, of 2^-40 to 2^40, across a bucket of at least 2^-8 octaves.
      CHECK(std::abs(back.value - level) < 40 * 256 * 2.3e-16);
    }
  }
}

TEST_CASE("native_histogram: NaN observations are larger than all others") {
  const auto h = native("count 15|sum nan|positive 0:12");
  CHECK(h.quantile(0.8).value == 1);
  CHECK(h.quantile(0.8).reason == "NaN observations count in no bucket");
  CHECK(h.quantile(0.81).state == state::no_data);
  CHECK(std::isnan(h.quantile(0.81).value));
  CHECK(h.fraction(-infinite, infinite).value == 0.8);
  CHECK(h.fraction(-infinite, infinite).reason == "NaN observations count in no bucket");
  // Infinities of both signs make the sum NaN as well, and are in buckets.
  CHECK(native("count 2|sum nan|positive 1025:1|negative 1025:1").quantile(0.9).reason.empty());
}

TEST_CASE("native_histogram: nothing observed has no answer") {
  const native_histogram h;
  CHECK(h.quantile(0.5).reason == "no observations");
  CHECK(h.fraction(0, 1).state == state::no_data);
  CHECK(h.average().state == state::no_data);
  CHECK(h.variance().state == state::no_data);
  CHECK(h.quantile(-1).value == -infinite);
  CHECK(h.quantile(2).value == infinite);
  CHECK(std::isnan(native("count 1|positive 0:1").quantile(damaged).value));
  CHECK(native("count 1|positive 0:1").fraction(2, 1).value == 0);
}

TEST_CASE("native_histogram: to and from exponential counts, index for index") {
  aggregate::exponential_counts counts;
  counts.scale = 3;
  counts.zero_threshold = 0x1p-128;
  counts.zeros = 2;
  counts.positive = {-5, {1, 0, 4}};
  counts.negative = {7, {3}};
  counts.positive_infinities = 1;
  counts.sum = 12;
  const auto h = native_histogram::from_counts(counts);
  CHECK(h.data().schema == 3);
  CHECK(h.count() == 11);
  CHECK(h.sum() == infinite);
  // OpenTelemetry's index i is the bucket from 2^(i/8) on.
  CHECK(h.data().positive.front().index == -4);
  CHECK_ULP(h[2].lower, std::exp2(-5 / 8.0), 1);
  CHECK(h[h.size() - 1].upper == infinite);
  auto back = h.to_counts();
  CHECK(std::isnan(back.sum));  // of the finite values, which the infinity hides
  back.sum = counts.sum;
  CHECK(back == counts);
  counts.nans = 3;
  CHECK(native_histogram::from_counts(counts).to_counts().nans == 3);
  CHECK(native_histogram().to_counts() == aggregate::exponential_counts{});
}

TEST_CASE("native_histogram: a finer scale is folded to schema 8") {
  aggregate::exponential_counts counts;
  counts.scale = 10;
  counts.positive = {-3, {1, 2, 4, 8, 16, 32, 64, 128}};  // -3..4, by fours: -1, 0, 1
  counts.sum = 1;
  const auto h = native_histogram::from_counts(counts);
  CHECK(h.data().schema == 8);
  CHECK(h.data().positive == std::vector<sli::native_bucket>{{0, 7}, {1, 120}, {2, 128}});
}

TEST_CASE("native_histogram: names the argument that it rejects") {
  const auto refused = [](const char* text, const char* message) {
    CHECK_THROWS_WITH((void)native(text), message);
  };
  refused("schema 9",
          "relia::sli::native_histogram: schema must be in [-4, 8], or -53 for custom "
          "bounds, got 9");
  refused("positive 1:1 1:1",
          "relia::sli::native_histogram: index must be strictly increasing, got row 1");
  refused("schema 0|positive 1026:1",
          "relia::sli::native_histogram: index must be that of a bucket which holds doubles, got "
          "1026");
  refused("schema 0|bounds 1",
          "relia::sli::native_histogram: bounds must be empty but for the custom schema, got 1");
  refused("schema -53|zeros 1|bounds 1",
          "relia::sli::native_histogram: zeros must be 0 for the custom schema, got 1");
  refused("schema -53|negative 0:1|bounds 1",
          "relia::sli::native_histogram: negative must be empty for the custom schema, got 1");
  refused("schema -53|bounds 2 1",
          "relia::sli::native_histogram: bounds must be strictly increasing, got row 1");
  refused("width -1",
          "relia::sli::native_histogram: zero_threshold must be at least 0 and finite, got -1");
  auto h = native("schema 0|count 1|positive 0:1");
  const auto custom = native("schema -53|count 1|positive 0:1|bounds 1");
  CHECK_THROWS_WITH_AS(h.add(custom),
                       "relia::sli::native_histogram::add: schema must be exponential or custom as "
                       "that of this histogram, got -53",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(h.reduce_to(1),
                       "relia::sli::native_histogram::reduce_to: schema must be at least -4 and at "
                       "most that of the histogram, got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)custom.to_counts(),
                       "relia::sli::native_histogram::to_counts: schema must be exponential, got "
                       "-53",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)native("count 0.5|positive 0:0.5").to_counts(),
                       "relia::sli::native_histogram::to_counts: count must be a whole number, got "
                       "0.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)native("count 2|positive 0:1").to_counts(),
                       "relia::sli::native_histogram::to_counts: count must be the sum of the "
                       "buckets, or more where the sum is NaN, got 2",
                       std::domain_error);
  aggregate::exponential_counts coarse;
  coarse.scale = -5;
  CHECK_THROWS_WITH_AS((void)native_histogram::from_counts(coarse),
                       "relia::sli::native_histogram::from_counts: scale must be at least -4 (a "
                       "coarser one has no schema), got -5",
                       std::invalid_argument);
}

TEST_SUITE_END();
