// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/io/otlp.hpp>
#include <relia/io/otlp_json.hpp>
#include <relia/io/prometheus_histogram.hpp>
#include <relia/io/wire.hpp>

#include <support/same_counts.hpp>
#include <support/wire.hpp>

using namespace relia;
using aggregate::exponential_counts;
using relia::test::random_counts;
using relia::test::same;

namespace {

/// Bucket by bucket, the index divided by 2^fold and rounded down in floating point: another way
/// than the shift under test. Indices stay below 2^31, so the quotient is exact.
std::map<std::int64_t, count> folded_by_division(const aggregate::exponential_buckets& side,
                                                 int fold) {
  std::map<std::int64_t, count> result;
  for (std::size_t k = 0; k < side.counts.size(); ++k) {
    const double index = side.offset + static_cast<double>(k);
    if (side.counts[k] > 0) {
      result[static_cast<std::int64_t>(std::floor(index / std::exp2(fold)))] += side.counts[k];
    }
  }
  return result;
}

}  // namespace

TEST_SUITE_BEGIN("wire");

TEST_CASE("wire: OTLP -> counts -> Prometheus -> counts -> OTLP loses nothing at scales -4 to 8") {
  const stats::random_stream random(20261123, 1);
  std::uint64_t draw = 0;
  for (int scale = -4; scale <= 8; ++scale) {
    for (int k = 0; k < 100; ++k) {
      const exponential_counts counts = random_counts(random, draw, scale);
      CAPTURE(scale);
      CAPTURE(k);
      const io::wire_message first = io::to_otlp(counts);
      CHECK(first.dropped.empty());
      const exponential_counts read = io::from_otlp(first.data).counts;
      CHECK(read == counts);
      CHECK(io::from_otlp_json(io::to_otlp_json(counts).data).counts == counts);
      const io::wire_message second = io::to_prometheus(read);
      CHECK(second.dropped.empty());
      const exponential_counts back = io::from_prometheus(second.data);
      CHECK(back == counts);
      CHECK(io::to_otlp(back).data == first.data);
    }
  }
}

TEST_CASE("wire: scales 9 to 20 fold to 8, bucket by bucket, and the mass stays") {
  const stats::random_stream random(20261123, 2);
  std::uint64_t draw = 0;
  for (int scale = 9; scale <= 20; ++scale) {
    for (int k = 0; k < 30; ++k) {
      const exponential_counts fine = random_counts(random, draw, scale);
      CAPTURE(scale);
      CAPTURE(k);
      const exponential_counts read = io::from_otlp(io::to_otlp(fine).data).counts;
      CHECK(read.scale == 8);
      CHECK(folded_by_division(read.positive, 0) == folded_by_division(fine.positive, scale - 8));
      CHECK(folded_by_division(read.negative, 0) == folded_by_division(fine.negative, scale - 8));
      CHECK(read.zeros == fine.zeros);
      CHECK(read.sum == fine.sum);
      const io::wire_message out = io::to_prometheus(fine);
      CHECK(out.dropped ==
            std::vector<std::string>{"scale " + std::to_string(scale) + ", folded to 8"});
      CHECK(io::from_prometheus(out.data) == read);
      CHECK(io::folded(fine, 8) == read);
    }
  }
}

TEST_CASE("folded: in one step or in many, down to -10, and never finer") {
  const stats::random_stream random(20261123, 3);
  std::uint64_t draw = 0;
  for (int k = 0; k < 100; ++k) {
    const int scale = static_cast<int>(random.below(draw++, 19)) - 10;
    const exponential_counts counts = random_counts(random, draw, scale);
    exponential_counts step = counts;
    for (int s = scale; s >= -10; --s) {
      step = io::folded(step, s);
      CHECK(step == io::folded(counts, s));
      CHECK(folded_by_division(step.positive, 0) == folded_by_division(counts.positive, scale - s));
    }
    CHECK(io::folded(counts, 20) == counts);
  }
}

TEST_CASE("folded: refuses by name") {
  CHECK_THROWS_WITH_AS((void)io::folded({}, -11),
                       "relia::io::folded: scale must be at least -10, got -11", std::domain_error);
  CHECK_THROWS_WITH_AS((void)io::folded({.zeros = -1}, 0),
                       "relia::io::folded: zeros must be at least 0, got -1", std::domain_error);
  CHECK_THROWS_WITH_AS((void)io::folded({.scale = 0, .positive = {1024, {1}}}, 0),
                       "relia::io::folded: the index of a bucket that holds something must be that "
                       "of a double, got 1024",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)io::folded({.zeros = 1, .positive = {0, {std::numeric_limits<count>::max()}}}, 0),
      "relia::io::folded: the sum of the buckets must be below 2^63, got 9223372036854775808",
      std::domain_error);
}

TEST_CASE("wire: a message of a few bytes makes no more than the buckets that doubles have") {
  // Both ends of the doubles at scale 8, and the same in a reader with less room.
  const exponential_counts ends{
      .scale = 8, .positive = {-274945, std::vector<count>(537089)}, .sum = 1.0};
  exponential_counts wide = ends;
  wide.positive.counts.front() = 1;
  wide.positive.counts.back() = 2;
  const io::wire_message out = io::to_prometheus(wide);
  CHECK(out.data.size() < 64);
  CHECK(io::from_prometheus(out.data) == wide);
  const exponential_counts small = io::from_prometheus(out.data, {.max_buckets = 160});
  CHECK(small.scale == -4);
  CHECK(small == io::folded(wide, -4));
  CHECK(small.positive.counts.size() <= 160);
  CHECK(small.positive.counts.front() == 1);
  CHECK(small.positive.counts.back() == 2);
  const exponential_counts least = io::from_prometheus(out.data, {.max_buckets = 3});
  CHECK(least.positive.counts.size() <= 3);
  CHECK_THROWS_WITH_AS((void)io::from_prometheus(out.data, {.max_buckets = 2}),
                       "relia::io::from_prometheus: max_buckets must be at least 3, the buckets "
                       "that all doubles fill at scale -10, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)io::from_otlp("", {.max_scale = 21}),
                       "relia::io::from_otlp: max_scale must be in -10 to 20, got 21",
                       std::invalid_argument);
}

TEST_SUITE_END();
