// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/integer_histogram.hpp>
#include <relia/core/time.hpp>

#include <support/csv.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::bounded;
using aggregate::integer_histogram;
using aggregate::integer_histogram_options;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Layouts that differ in unit, digits and range, so that merges fold and cut.
const std::vector<integer_histogram_options> layouts{
    {},
    {.lowest = 1000, .significant_digits = 3},
    {.lowest = 100, .highest = 5'000'000, .significant_digits = 1},
    {.lowest = 7, .highest = largest, .significant_digits = 2},
    {.lowest = 1, .highest = 300'000, .significant_digits = 4}};

/// Log-uniform over `octaves`, with some zeros and negatives.
std::vector<std::int64_t> stream(std::uint32_t seed, std::size_t n, double octaves = 36) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> exponent(-2, octaves);
  std::vector<std::int64_t> values(n);
  for (std::int64_t& x : values) {
    x = static_cast<std::int64_t>(std::exp2(exponent(engine)));
    if (engine() % 64 == 0) x = -x;
  }
  return values;
}

integer_histogram histogram_of(const std::vector<std::int64_t>& values,
                               integer_histogram_options options = {}) {
  integer_histogram h(options);
  h.record(std::span<const std::int64_t>(values));
  return h;
}

integer_histogram merged(integer_histogram a, const integer_histogram& b) {
  a.merge(b);
  return a;
}

/// Against the sorted values themselves.
void check_answers(const integer_histogram& h, std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<count>(values.size());
  REQUIRE(h.count() == n);
  for (int k = 0; k <= 200; ++k) {
    const double level = k / 200.0;
    // the smallest rank r with r / n >= k / 200, in integers
    const count rank = std::max<count>((k * n + 199) / 200, 1);
    const std::int64_t truth = values[static_cast<std::size_t>(rank - 1)];
    const bounded q = h.quantile(level);
    INFO("level ", level, ", value ", truth, ", bounds ", q.lower, " ", q.upper);
    CHECK(q.contains(static_cast<double>(truth)));
    if (truth >= 0 && truth <= h.highest()) {
      const double error = std::abs(q.value - static_cast<double>(truth));
      CHECK(error <= std::max(h.relative_error() * static_cast<double>(truth),
                              static_cast<double>(h.lowest() - 1) / 2));
    }
  }
  for (std::size_t i = 0; i < values.size(); i += 1 + values.size() / 50) {
    for (const double x : {static_cast<double>(values[i]), static_cast<double>(values[i]) + 0.5}) {
      const auto truth =
          static_cast<double>(std::upper_bound(values.begin(), values.end(), x,
                                               [](double limit, std::int64_t v) {
                                                 return limit < static_cast<double>(v);
                                               }) -
                              values.begin());
      const bounded b = h.at_most(x);
      INFO("x ", x, ", truth ", truth, ", bounds ", b.lower, " ", b.upper);
      CHECK(b.contains(truth));
      CHECK(b.contains(b.value));
      CHECK(h.fraction_at_most(x).contains(truth / static_cast<double>(n)));
    }
  }
}

}  // namespace

TEST_SUITE_BEGIN("integer_histogram");

TEST_CASE("integer_histogram: buckets and memory are those of HdrHistogram") {
  const test::csv_table table("aggregate/integer_histogram.csv");
  for (const auto& row : table) {
    const integer_histogram_options options{
        .lowest = row.integer("lowest"),
        .highest = row.integer("highest"),
        .significant_digits = static_cast<int>(row.integer("digits"))};
    const auto counters = static_cast<std::size_t>(row.integer("counters"));
    REQUIRE(integer_histogram::memory(options) == 8 * counters);
    if (counters > 1'000'000) continue;  // the memory is stated; 50 MB need not be filled here
    integer_histogram h(options);
    h.record(row.integer("value"));
    const auto cells = h.counters();
    const auto at =
        static_cast<std::size_t>(std::find(cells.begin(), cells.end(), count{1}) - cells.begin());
    REQUIRE(at < cells.size());
    INFO(options.lowest, " ", options.highest, " ", options.significant_digits, " ",
         row.integer("value"));
    CHECK(h.bucket(at).lowest == row.integer("first"));
    CHECK(h.bucket(at).highest == row.integer("last"));
  }
}

TEST_CASE("integer_histogram: buckets adjoin from 0 to highest()") {
  for (const integer_histogram_options& options : layouts) {
    const integer_histogram h(options);
    std::int64_t next = 0;
    for (std::size_t i = 0; i < h.counters().size(); ++i) {
      const auto r = h.bucket(i);
      CHECK(r.lowest == next);
      next = static_cast<std::int64_t>(static_cast<std::uint64_t>(r.highest) + 1);
      // the middle is within relative_error of every value of its bucket, or of the unit
      const double half = static_cast<double>(r.highest - r.lowest) / 2;
      CHECK(half <= std::max(h.relative_error() * static_cast<double>(r.lowest),
                             static_cast<double>(h.lowest() - 1) / 2));
    }
    CHECK(static_cast<std::uint64_t>(next) == static_cast<std::uint64_t>(h.highest()) + 1);
    CHECK(h.highest() >= options.highest);
    CHECK(h.lowest() <= options.lowest);
    CHECK(h.significant_digits() == options.significant_digits);
  }
}

TEST_CASE("integer_histogram: the bounds contain the true order statistic and the true count") {
  for (const integer_histogram_options& options : layouts) {
    for (const std::size_t n : {1U, 2U, 10U, 1000U, 5000U}) {
      const std::vector<std::int64_t> values = stream(static_cast<std::uint32_t>(n), n);
      check_answers(histogram_of(values, options), values);
    }
  }
}

TEST_CASE("integer_histogram: the extremes and the sum are exact, out of range or not") {
  const std::vector<std::int64_t> values{5, largest, -3, largest, 1'000'000, least};
  const integer_histogram h = histogram_of(values, {.highest = 1000});
  CHECK(h.negatives() == 2);
  CHECK(h.above() == 3);
  CHECK(h.count() == 6);
  // 2 (2^63 - 1) - 2^63 + 5 - 3 + 1000000 = 2^63 + 1000000, beyond 64 bits
  CHECK(h.exact_sum() == integer_histogram::wide{largest} + 1'000'001);
  CHECK(h.sum() == 0x1p63 + 999'424);  // the nearest double: they are 2048 apart here
  CHECK(h.quantile(0.5).value == 5.0);
  CHECK(h.quantile(0.5).exact());
  integer_histogram two({.highest = 1000});
  two.record(-7);
  two.record(4000);
  CHECK(two.min().value == -7);
  CHECK(two.max().value == 4000);
  CHECK(two.quantile(0).exact());
  CHECK(two.quantile(1).exact());
}

TEST_CASE("integer_histogram: parts merged in any order and grouping are the whole") {
  const std::vector<std::int64_t> values = stream(11, 6000);
  for (const integer_histogram_options& options : layouts) {
    const integer_histogram whole = histogram_of(values, options);
    std::vector<integer_histogram> parts(5, integer_histogram(options));
    for (std::size_t i = 0; i < values.size(); ++i) parts[i * i % 5].record(values[i]);
    std::array<std::size_t, 5> order{0, 1, 2, 3, 4};
    do {
      integer_histogram left(options);
      for (const std::size_t i : order) left.merge(parts[i]);
      CHECK(left == whole);
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(merged(merged(parts[0], parts[1]), merged(parts[2], merged(parts[3], parts[4]))) ==
          whole);
  }
}

TEST_CASE(
    "integer_histogram: merging different layouts is associative, commutative, within bounds") {
  std::vector<integer_histogram> parts;
  std::vector<std::vector<std::int64_t>> values;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    // the first five keep within every range, so that some layouts have counted nothing above
    values.push_back(stream(seed, 300, seed < 5 ? 18 : 40));
    parts.push_back(histogram_of(values.back(), layouts[seed % layouts.size()]));
  }
  for (std::size_t a = 0; a < parts.size(); ++a) {
    for (std::size_t b = 0; b < parts.size(); ++b) {
      const integer_histogram ab = merged(parts[a], parts[b]);
      CHECK(ab == merged(parts[b], parts[a]));
      std::vector<std::int64_t> both = values[a];
      both.insert(both.end(), values[b].begin(), values[b].end());
      check_answers(ab, both);
      for (const integer_histogram& c : parts) {
        CHECK(merged(ab, c) == merged(parts[a], merged(parts[b], c)));
      }
    }
  }
}

TEST_CASE("integer_histogram: folding equals recording at the coarser layout") {
  const std::vector<std::int64_t> values = stream(3, 4000);
  const integer_histogram fine = histogram_of(values, {.significant_digits = 4});
  const integer_histogram_options coarse{.lowest = 64, .significant_digits = 1};
  CHECK(merged(fine, integer_histogram(coarse)) == histogram_of(values, coarse));
}

TEST_CASE("integer_histogram: a coarse histogram merged into a fine one moves no quantile") {
  // HdrHistogram_c 0.11.10 records each coarse bucket again at its lowest value: on such data its
  // median fell from 106495 to 102463, below every bound.
  std::vector<std::int64_t> values(10'001);
  std::iota(values.begin(), values.end(), 100'000);
  const integer_histogram coarse = histogram_of(values, {.significant_digits = 1});
  integer_histogram fine({.significant_digits = 3});
  fine.merge(coarse);
  CHECK(fine.significant_digits() == 1);
  CHECK(fine.quantile(0.5).contains(105'000));
  CHECK(fine.quantile(0.5).value == coarse.quantile(0.5).value);
  CHECK(fine.min().value == 100'000);
  CHECK(fine.max().value == 110'000);
}

TEST_CASE("integer_histogram: values above one range are placed in no higher one") {
  integer_histogram low({.highest = 1000});
  low.record(50'000);
  low.record(10);
  integer_histogram high({.highest = 1'000'000});
  high.record(800);
  high.record(70'000);
  const integer_histogram both = merged(low, high);
  CHECK(both.highest() == 1023);
  CHECK(both.above() == 2);
  CHECK(both.quantile(0.5).contains(800));
  CHECK(both.quantile(0.75).lower == 1024);
  CHECK(both.quantile(0.75).upper == 70'000);

  integer_histogram quiet({.highest = 1000});
  quiet.record(10);
  CHECK(merged(quiet, high).highest() == high.highest());
  CHECK(merged(quiet, high).above() == 0);

  integer_histogram seconds({.lowest = 1'000'000'000});
  seconds.record(5'000'000'000);
  CHECK_THROWS_WITH_AS(low.merge(seconds),
                       "relia::aggregate::integer_histogram::merge: lowest must be below the "
                       "highest value of the histogram that counted values above it, got 536870912",
                       std::invalid_argument);
  CHECK_THROWS_AS(seconds.merge(low), std::invalid_argument);
}

TEST_CASE("integer_histogram: what was merged can be subtracted") {
  const std::vector<std::int64_t> first = stream(21, 2000);
  const std::vector<std::int64_t> second = stream(22, 3000);
  for (const integer_histogram_options& options : layouts) {
    const integer_histogram a = histogram_of(first, options);
    integer_histogram b = histogram_of(second, options);
    b.record(not_a_number);
    b.record(1e30);
    integer_histogram rest = merged(a, b);
    rest.subtract(a);
    CHECK(std::equal(rest.counters().begin(), rest.counters().end(), b.counters().begin(),
                     b.counters().end()));
    CHECK(rest.exact_sum() == b.exact_sum());
    CHECK(rest.negatives() == b.negatives());
    CHECK(rest.above() == b.above());
    CHECK(rest.nans() == 1);
    CHECK(rest.positive_infinities() == 1);
    // the extremes are known to a bucket
    CHECK(rest.min().contains(b.min().value));
    CHECK(rest.max().contains(b.max().value));
    rest.subtract(b);
    CHECK(rest == integer_histogram(options));
    rest.record(4);
    CHECK(rest.min().value == 4);
  }
}

TEST_CASE(
    "integer_histogram: a part of another layout can be subtracted, and nothing that is no part") {
  const std::vector<std::int64_t> values = stream(5, 500);
  const integer_histogram coarse = histogram_of(values, {.lowest = 50, .significant_digits = 1});
  integer_histogram both = histogram_of(values, {.significant_digits = 3});
  both.merge(coarse);
  both.subtract(histogram_of(values, {.significant_digits = 3}));
  CHECK(std::equal(both.counters().begin(), both.counters().end(), coarse.counters().begin(),
                   coarse.counters().end()));
  const integer_histogram before = both;
  integer_histogram other;
  other.record(3'000'000'000);
  other.record(3'000'000'000, 1000);
  CHECK_THROWS_WITH_AS(both.subtract(other),
                       "relia::aggregate::integer_histogram::subtract: part must be a part of the "
                       "histogram, got \"another\"",
                       std::invalid_argument);
  CHECK(both == before);
}

TEST_CASE("integer_histogram: subtracting nothing keeps the extremes") {
  integer_histogram h;
  h.record(5);
  h.subtract(integer_histogram());
  CHECK(h.min().exact());
}

TEST_CASE("integer_histogram: correction for coordinated omission is the loop of its definition") {
  std::mt19937_64 engine(9);
  for (const integer_histogram_options& options : layouts) {
    for (int round = 0; round < 300; ++round) {
      const auto value = static_cast<std::int64_t>(engine() % 2'000'000) - 1000;
      const auto interval = static_cast<std::int64_t>(engine() % 5000) - 10;
      integer_histogram corrected(options);
      corrected.record_corrected(value, interval);
      integer_histogram looped(options);
      looped.record(value);
      if (interval >= 1) {
        for (std::int64_t x = value - interval; x >= interval; x -= interval) looped.record(x);
      }
      INFO(value, " ", interval);
      CHECK(corrected == looped);
    }
  }
}

TEST_CASE("integer_histogram: the corrected percentiles that HdrHistogram publishes") {
  // HdrHistogram_c 0.11.10, test/hdr_histogram_test.c, 3 digits: 10000 values of 1000 us, one stall
  // of 100 s, a request expected every 10 ms; percentiles to within 0.1 %, counts exact.
  integer_histogram raw({.highest = 3'600'000'000, .significant_digits = 3});
  integer_histogram corrected = raw;
  for (int i = 0; i < 10'000; ++i) {
    raw.record(1000);
    corrected.record_corrected(1000, 10'000);
  }
  raw.record(100'000'000);
  corrected.record_corrected(100'000'000, 10'000);
  CHECK(raw.count() == 10'001);
  CHECK(corrected.count() == 20'000);
  const auto close = [](const bounded& q, double published) {
    return q.lower <= published * 1.001 && published * 0.999 <= q.upper;
  };
  CHECK(close(raw.quantile(0.9999), 1000));
  CHECK(close(raw.quantile(0.99999), 100'000'000));
  CHECK(close(corrected.quantile(0.5), 1000));
  CHECK(close(corrected.quantile(0.75), 50'000'000));
  CHECK(close(corrected.quantile(0.9), 80'000'000));
  CHECK(close(corrected.quantile(0.99), 98'000'000));
  CHECK(close(corrected.quantile(0.99999), 100'000'000));
}

TEST_CASE("integer_histogram: an hour corrected by a nanosecond takes no hour") {
  integer_histogram h;
  h.record_corrected(1h, 1ns);
  CHECK(h.count() == 3'600'000'000'000);
  // 1 + 2 + ... + n
  const integer_histogram::wide n = 3'600'000'000'000;
  CHECK(h.exact_sum() == n * (n + 1) / 2);
  integer_histogram all({.highest = largest, .significant_digits = 1});
  all.record_corrected(largest, 1);
  CHECK(all.saturated());
  CHECK(all.exact_sum() == integer_histogram::wide{largest} * (integer_histogram::wide{1} << 62));
}

TEST_CASE("integer_histogram: durations are nanoseconds") {
  integer_histogram h({.significant_digits = 5});
  h.record(3us);
  h.record(2ms);
  h.record(std::chrono::seconds(1));
  CHECK(h.exact_sum() == 1'002'003'000);
  static_assert(!std::is_convertible_v<std::chrono::duration<double>, std::chrono::nanoseconds>);
}

TEST_CASE("integer_histogram: NaN and the infinities are counted, apart, and cost nothing") {
  integer_histogram h;
  for (const double x : {not_a_number, infinity, -infinity, 1e300, -1e300, 2.5, 3.5, -0.0})
    h.record(x);
  CHECK(h.count() == 7);
  CHECK(h.nans() == 1);
  CHECK(h.positive_infinities() == 2);  // beyond 64 bits is as good as infinite
  CHECK(h.negative_infinities() == 2);
  CHECK(h.zeros() == 1);
  CHECK(h.exact_sum() == 6);  // ties to even: 2 + 4
  CHECK(h.min().value == -infinity);
  CHECK(h.max().lower == 0x1p63);
  CHECK(h.quantile(0.3).value == 0);
  CHECK(h.quantile(0.7).value == 4);
  CHECK(h.quantile(0).upper == -0x1p63);
  CHECK(h.quantile(1).value == infinity);
  CHECK(h.quantile(0.5).value == 2);
  CHECK(h.at_most(infinity).lower == 7);
  CHECK(h.at_most(1e301).lower == 5);
  CHECK(h.at_most(1e301).upper == 7);
  CHECK(h.at_most(-infinity).lower == 0);
  CHECK(h.at_most(-infinity).upper == 2);
  // a NaN is never fast enough
  CHECK(h.fraction_at_most(infinity).value == 7.0 / 8);
  h.record(std::numeric_limits<std::uint64_t>::max());
  CHECK(h.positive_infinities() == 3);
}

TEST_CASE("integer_histogram: an empty one answers that it has no data") {
  const integer_histogram h;
  CHECK(h.empty());
  CHECK(h.quantile(0.5).state == state::no_data);
  CHECK(h.min().state == state::no_data);
  CHECK(h.max().state == state::no_data);
  CHECK(h.fraction_at_most(5).state == state::no_data);
  CHECK(h.at_most(5).value == 0);
  CHECK(h.sum() == 0);
}

TEST_CASE("integer_histogram: counts saturate visibly") {
  integer_histogram h;
  h.record(5, largest - 1);
  CHECK_FALSE(h.saturated());
  h.record(5);
  CHECK(h.saturated());
  h.record(5);
  h.record(5, 10);
  h.merge(h);
  CHECK(h.count() == largest);
  CHECK(integer_histogram::from_bytes(h.to_bytes()) == h);
  CHECK_THROWS_AS(h.subtract(h), std::invalid_argument);
  integer_histogram sum({.highest = largest});
  for (int i = 0; i < 5; ++i) sum.record(largest, largest);
  CHECK(sum.saturated());
  CHECK(sum.sum() == 0x1p127);
}

TEST_CASE("integer_histogram: counts below 1 record nothing") {
  integer_histogram h;
  h.record(5, 0);
  h.record(5, -3);
  CHECK(h == integer_histogram());
}

TEST_CASE("integer_histogram: bounds stay bounds beyond 2^53") {
  integer_histogram h({.highest = largest, .significant_digits = 5});
  const std::int64_t odd = (std::int64_t{1} << 60) + 1;  // between two doubles
  h.record(odd);
  const bounded q = h.quantile(0.5);
  CHECK(q.lower == 0x1p60);
  CHECK(q.upper == 0x1p60 + 256);
  CHECK(h.at_most(0x1p60).lower == 0);
  CHECK(h.at_most(0x1p60).upper == 1);
  CHECK(h.at_most(0x1p60 + 256).lower == 1);
}

TEST_CASE("integer_histogram: the byte form comes back whole, whatever was recorded") {
  for (const integer_histogram_options& options : layouts) {
    for (const std::size_t n : {0U, 1U, 50U, 3000U}) {
      integer_histogram h = histogram_of(stream(static_cast<std::uint32_t>(n), n), options);
      h.record(not_a_number);
      h.record(-infinity);
      CHECK(integer_histogram::from_bytes(h.to_bytes()) == h);
      const integer_histogram part = histogram_of(stream(99, 10), options);
      h.merge(part);
      h.subtract(part);
      CHECK(integer_histogram::from_bytes(h.to_bytes()) == h);
    }
  }
}

TEST_CASE("integer_histogram: the byte form is the one that is documented") {
  integer_histogram h({.highest = 255, .significant_digits = 1});
  h.record(3);
  h.record(5, 2);
  std::vector<std::byte> expected;
  // RLIA, kind 3, format 1; unit 0, sub 4, top 8; five counts apart; 3 empty, 1, 1 empty, 2, end;
  // min 3, max 5 and sum 13 (low, high) with the signs in the lowest bit
  for (const int b :
       {0x52, 0x4c, 0x49, 0x41, 3, 0, 1, 0, 0, 4, 8, 0, 0, 0, 0, 0, 7, 2, 3, 4, 0, 6, 10, 13, 0}) {
    expected.push_back(static_cast<std::byte>(b));
  }
  CHECK(h.to_bytes() == expected);
}

TEST_CASE("integer_histogram: damaged bytes are refused or mean a valid histogram") {
  integer_histogram h = histogram_of(stream(7, 200), {.lowest = 100, .highest = 5'000'000});
  h.record(not_a_number);
  const std::vector<std::byte> good = h.to_bytes();
  for (std::size_t n = 0; n < good.size(); ++n) {
    const std::span<const std::byte> cut(good.data(), n);
    CHECK_THROWS_AS((void)integer_histogram::from_bytes(cut), std::invalid_argument);
  }
  std::vector<std::byte> longer = good;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS((void)integer_histogram::from_bytes(longer), std::invalid_argument);
  std::mt19937_64 engine(1);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> damaged = good;
    for (std::uint64_t i = 0; i <= engine() % 3; ++i) {
      damaged[8 + engine() % (good.size() - 8)] = static_cast<std::byte>(engine());
    }
    try {
      const integer_histogram read = integer_histogram::from_bytes(damaged);
      // the form is canonical: what is read is written so again
      CHECK(read.to_bytes() == damaged);
      const bounded q = read.quantile(0.5);
      CHECK(q.lower <= q.upper);
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("integer_histogram: bytes with one value have one extreme") {
  integer_histogram h({.highest = 5000, .significant_digits = 1});
  h.record(-5);
  std::vector<std::byte> bytes = h.to_bytes();
  // the smallest, -5 as 9, becomes -13 as 25: still a negative number
  const auto at = std::find(bytes.begin(), bytes.end(), std::byte{9});
  *at = std::byte{25};
  CHECK_THROWS_WITH_AS((void)integer_histogram::from_bytes(bytes),
                       "relia::byte_reader: the bytes must hold no smallest value above the "
                       "largest",
                       std::invalid_argument);
}

TEST_CASE("integer_histogram: bytes with integers above all integers are refused") {
  std::vector<std::byte> bytes =
      integer_histogram({.highest = largest, .significant_digits = 1}).to_bytes();
  bytes[12] = std::byte{1};  // after unit, sub, top and the negatives
  CHECK_THROWS_WITH_AS((void)integer_histogram::from_bytes(bytes),
                       "relia::byte_reader: the bytes must hold no integer above all integers",
                       std::invalid_argument);
}

TEST_CASE("integer_histogram: bytes cannot ask for more memory than they may") {
  const integer_histogram wide({.highest = largest, .significant_digits = 4});
  CHECK_THROWS_WITH_AS((void)integer_histogram::from_bytes(wide.to_bytes()),
                       "relia::byte_reader: the bytes must hold a histogram within memory_limit; "
                       "trusted ones may have a larger limit",
                       std::invalid_argument);
  CHECK(integer_histogram::from_bytes(wide.to_bytes(), 10'000'000) == wide);
  static_assert(integer_histogram::memory({.highest = largest, .significant_digits = 3}) <=
                1'000'000);
}

TEST_CASE("integer_histogram: names the argument it rejects") {
  const auto make = [](integer_histogram_options options) { (void)integer_histogram(options); };
  CHECK_THROWS_WITH_AS(make({.significant_digits = 6}),
                       "relia::aggregate::integer_histogram: significant_digits must be from 1 to "
                       "5, got 6",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(make({.lowest = 0}),
                       "relia::aggregate::integer_histogram: lowest must be at least 1, and its "
                       "significant digits within 63 bits, got 0",
                       std::domain_error);
  CHECK_THROWS_AS(make({.lowest = std::int64_t{1} << 60, .highest = largest}), std::domain_error);
  CHECK_THROWS_WITH_AS(make({.lowest = 10, .highest = 19}),
                       "relia::aggregate::integer_histogram: highest must be at least twice "
                       "lowest, got 19",
                       std::domain_error);
  CHECK_THROWS_AS(make({.highest = -5}), std::domain_error);
  const integer_histogram h;
  CHECK_THROWS_AS((void)h.quantile(1.5), std::domain_error);
  CHECK_THROWS_AS((void)h.quantile(not_a_number), std::domain_error);
  CHECK_THROWS_AS((void)h.at_most(not_a_number), std::domain_error);
  CHECK_THROWS_AS((void)h.bucket(h.counters().size()), std::domain_error);
}

TEST_CASE("integer_histogram: recording throws nothing") {
  static_assert(noexcept(std::declval<integer_histogram&>().record(5)));
  static_assert(noexcept(std::declval<integer_histogram&>().record(5.0)));
  static_assert(noexcept(std::declval<integer_histogram&>().record(std::declval<duration>())));
  static_assert(noexcept(std::declval<integer_histogram&>().record(5, 2)));
  static_assert(noexcept(std::declval<integer_histogram&>().record_corrected(5, 2)));
  static_assert(noexcept(std::declval<integer_histogram&>().record_corrected(
      std::declval<duration>(), std::declval<duration>())));
}

TEST_SUITE_END();
