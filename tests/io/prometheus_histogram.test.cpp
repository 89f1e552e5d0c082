// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/io/prometheus_histogram.hpp>

#include <support/same_counts.hpp>
#include <support/wire.hpp>

using namespace relia;
using aggregate::exponential_buckets;
using aggregate::exponential_counts;
using relia::test::from_hex;
using relia::test::message;
using relia::test::same;
using relia::test::to_hex;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string span(std::int32_t offset, std::uint32_t length) {
  return message([&](auto& out) {
    out.add_sint32(1, offset);
    out.add_uint32(2, length);
  });
}

template <class Fields>
void refuses(Fields fields, const char* text) {
  CHECK_THROWS_WITH_AS((void)io::from_prometheus(message(fields)), text, std::invalid_argument);
}

/// What a message can hold of the counts.
exponential_counts carried(exponential_counts counts) {
  counts.min = counts.max = std::nullopt;
  const bool finite =
      counts.zeros > 0 || !counts.positive.counts.empty() || !counts.negative.counts.empty();
  if (counts.nans + counts.positive_infinities + counts.negative_infinities > 0) {
    counts.sum = finite ? not_a_number : 0.0;
  }
  return counts;
}

}  // namespace

TEST_SUITE_BEGIN("prometheus_histogram");

TEST_CASE("prometheus_histogram: reads the messages of the official definition, packed or not") {
  int written = 0;
  for (const auto& row : test::csv_table("io/wire.csv")) {
    if (row.text("prometheus_hex").empty()) continue;
    CAPTURE(row.text("name"));
    const exponential_counts counts = test::counts_of(row);
    CHECK(same(io::from_prometheus(from_hex(row.text("prometheus_hex"))), carried(counts)));
    // The population_* rows are spelled in other ways than the writer's.
    if (row.text("name").starts_with("population")) continue;
    CHECK(to_hex(io::to_prometheus(counts).data) == row.text("prometheus_hex"));
    ++written;
  }
  CHECK(written > 30);
}

TEST_CASE("prometheus_histogram: scales coarser than -4 are refused") {
  CHECK_THROWS_WITH_AS((void)io::to_prometheus({.scale = -5}),
                       "relia::io::to_prometheus: scale must be at least -4, the coarsest that "
                       "Prometheus has, got -5",
                       std::domain_error);
}

TEST_CASE("prometheus_histogram: NaN and infinities travel; what they cost is listed") {
  const exponential_counts counts{.scale = 8,
                                  .zero_threshold = 0x1p-128,
                                  .positive = {0, {4}},
                                  .positive_infinities = 2,
                                  .negative_infinities = 1,
                                  .nans = 5,
                                  .sum = 6.0,
                                  .min = -infinity,
                                  .max = infinity};
  const io::wire_message out = io::to_prometheus(counts);
  CHECK(out.dropped ==
        std::vector<std::string>{"min -inf", "max inf", "sum 6 of the finite values"});
  const exponential_counts read = io::from_prometheus(out.data);
  CHECK(read.positive_infinities == 2);
  CHECK(read.negative_infinities == 1);
  CHECK(read.nans == 5);
  CHECK(std::isnan(read.sum));
  CHECK(read.positive == counts.positive);
  // One infinity costs no resolution: at scale 8 it lies in bucket 262145, as documented.
  const exponential_counts one = io::from_prometheus(message([](auto& out_) {
    out_.add_uint64(1, 1);
    out_.add_double(2, infinity);
    out_.add_sint32(5, 8);
    out_.add_message(12, span(262145, 1));
    out_.add_sint64(13, 1);
  }));
  CHECK(one == exponential_counts{.scale = 8, .positive_infinities = 1});
}

TEST_CASE("prometheus_histogram: a histogram without observations is still native") {
  const std::string bytes = io::to_prometheus({.scale = 3}).data;
  CHECK(io::from_prometheus(bytes) == exponential_counts{.scale = 3});
}

TEST_CASE("prometheus_histogram: classic buckets, byte for byte the official message") {
  // Generator: protobuf 4.21.12 and prometheus/client_model v0.6.2-38-g10dc9df, 2026-11-23, from
  // the cumulative counts by hand: a NaN is in the total and in no bucket.
  const std::vector<double> bounds{0.1, 0.5, 1.0};
  aggregate::explicit_histogram h(bounds);
  for (const double x : {0.05, 0.7, 2.0}) h.record(x);
  const io::wire_message plain = io::to_prometheus(h);
  CHECK(to_hex(plain.data) ==
        "08031100000000000006401a0b0801119a9999999999b93f1a0b080111000000000000e03f1a0b080211000000"
        "000000f03f");
  CHECK(plain.dropped == std::vector<std::string>{"min 0.05", "max 2"});
  for (const double x : {-infinity, infinity, not_a_number}) h.record(x);
  for (const double x : {0.5, 0.25}) h.record(x);
  h.record(-0.0);
  const io::wire_message all = io::to_prometheus(h);
  CHECK(to_hex(all.data) ==
        "080911000000000000f87f1a0b0803119a9999999999b93f1a0b080511000000000000e03f1a0b080611000000"
        "000000f03f");
  CHECK(all.dropped ==
        std::vector<std::string>{"min -inf", "max inf", "sum 3.5 of the finite values"});
  CHECK_THROWS_AS((void)io::from_prometheus(all.data), std::invalid_argument);
}

TEST_CASE("prometheus_histogram: infinities of every schema, before folding") {
  for (int schema = -4; schema <= 20; ++schema) {
    CAPTURE(schema);
    // ceil(1024 * 2^schema) is the bucket that ends at the largest double.
    const auto overflow = static_cast<std::int32_t>(std::ceil(std::ldexp(1024.0, schema))) + 1;
    const auto read = [&](std::int32_t n) {
      return io::from_prometheus(message([&](auto& out) {
        out.add_uint64(1, 1);
        out.add_sint32(5, schema);
        out.add_message(12, span(n, 1));
        out.add_sint64(13, 1);
      }));
    };
    CHECK(read(overflow).positive_infinities == 1);
    CHECK(read(overflow - 1).positive.counts == std::vector<count>{1});
    CHECK_THROWS_AS((void)read(overflow + 1), std::invalid_argument);
  }
}

TEST_CASE("prometheus_histogram: folding shifts the index before one is added") {
  // Bucket n of schema s is index n - 1, and ((n - 1) >> d) + 1 of schema s - d: never n >> d.
  for (std::int32_t n = -9; n <= 9; ++n) {
    const std::string bytes = message([&](auto& out) {
      out.add_uint64(1, 1);
      out.add_sint32(5, 3);
      out.add_message(12, span(n, 1));
      out.add_sint64(13, 1);
    });
    const auto folded = io::from_prometheus(bytes, {.max_scale = 1});
    // Upper bound of bucket n at schema 3 is 2^(n/8); at schema 1 the bucket that ends at or after
    // it has upper bound 2^(m/2), m = ceil(n/4).
    const auto m = static_cast<std::int32_t>(std::ceil(n / 4.0));
    CHECK(folded.positive == exponential_buckets{m - 1, {1}});
  }
}

TEST_CASE("prometheus_histogram: float histograms with whole counts") {
  const auto read = [](double n) {
    return io::from_prometheus(message([&](auto& out) {
      out.add_double(4, 2 * n);
      out.add_double(8, n);
      out.add_double(2, 5.0);
      out.add_message(12, span(1, 1));
      out.add_double(14, n);
    }));
  };
  CHECK(read(3) == exponential_counts{.zeros = 3, .positive = {0, {3}}, .sum = 5.0});
  CHECK_THROWS_WITH_AS((void)read(0.5),
                       "relia::io::from_prometheus: zero_count_float must be a whole number of "
                       "observations below 2^63 (a rate has none), got 0.5",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)read(-1), std::invalid_argument);
  CHECK_THROWS_AS((void)read(not_a_number), std::invalid_argument);
  CHECK_THROWS_AS((void)read(0x1p63), std::invalid_argument);
}

TEST_CASE("prometheus_histogram: the reader refuses what cannot be") {
  refuses(
      [](auto&) {},
      "relia::io::from_prometheus: message must be a native histogram: with a zero threshold, a "
      "zero count or a span, got \"none of these\"");
  refuses(
      [](auto& out) { out.add_message(3, std::string()); },
      "relia::io::from_prometheus: message must be a native histogram: with a zero threshold, a "
      "zero count or a span, got \"classic buckets only\"");
  const auto with = [](auto more) {
    return [=](auto& out) {
      out.add_double(6, 1e-9);
      more(out);
    };
  };
  refuses(with([](auto& out) { out.add_sint32(5, -53); }),
          "relia::io::from_prometheus: schema must be exponential; custom buckets (-53) have no "
          "base, got -53");
  refuses(with([](auto& out) { out.add_sint32(5, -5); }),
          "relia::io::from_prometheus: schema must be in -4 to 20, the exponential buckets of "
          "Prometheus or finer, got -5");
  refuses(with([](auto& out) { out.add_sint32(5, 21); }),
          "relia::io::from_prometheus: schema must be in -4 to 20, the exponential buckets of "
          "Prometheus or finer, got 21");
  refuses([](auto& out) { out.add_double(6, not_a_number); },
          "relia::io::from_prometheus: zero_threshold must be at least 0 and finite, got nan");
  refuses(with([](auto& out) { out.add_message(12, span(0, 4'000'000'000)); }),
          "relia::io::from_prometheus: the lengths of the spans must be the number of buckets, 0, "
          "got 4000000000");
  refuses(
      with([](auto& out) {
        out.add_message(12, span(5, 1));
        out.add_message(12, span(-1, 1));
        out.add_sint64(13, 1);
        out.add_sint64(13, 1);
      }),
      "relia::io::from_prometheus: the offset of a span after the first must be at least 0, got "
      "-1");
  refuses(
      with([](auto& out) {
        out.add_message(12, span(0, 2));
        out.add_sint64(13, 1);
        out.add_sint64(13, -2);
      }),
      "relia::io::from_prometheus: a bucket's count must be at least 0 and below 2^63 after its "
      "delta, got -2");
  refuses(
      with([](auto& out) {
        out.add_message(12, span(0, 2));
        out.add_sint64(13, std::numeric_limits<std::int64_t>::max());
        out.add_sint64(13, 1);
      }),
      "relia::io::from_prometheus: a bucket's count must be at least 0 and below 2^63 after its "
      "delta, got 1");
  refuses(with([](auto& out) {
            out.add_message(9, span(-1075, 1));
            out.add_sint64(10, 1);
          }),
          "relia::io::from_prometheus: a bucket's index must be that of a double: in -1075 to 1023 "
          "at this scale, got -1076");
  refuses(
      with([](auto& out) {
        out.add_uint64(1, 5);
        out.add_uint64(7, 3);
      }),
      "relia::io::from_prometheus: sample_count must be zero_count and the buckets together, 3, "
      "or more where a NaN has made the sum NaN, got 5");
  refuses(
      with([](auto& out) {
        out.add_uint64(1, 2);
        out.add_double(2, not_a_number);
        out.add_uint64(7, 3);
      }),
      "relia::io::from_prometheus: sample_count must be zero_count and the buckets together, 3, "
      "or more where a NaN has made the sum NaN, got 2");
  CHECK_THROWS_WITH_AS((void)io::from_prometheus("\x0b"),
                       "relia::io::from_prometheus: message must be protobuf, got \"unknown pbf "
                       "field type exception\"",
                       std::invalid_argument);
}

TEST_SUITE_END();
