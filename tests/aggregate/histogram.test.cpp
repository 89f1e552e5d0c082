// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/histogram.hpp>

#include <support/close.hpp>

using namespace relia::aggregate;
using relia::count;
using limits = std::numeric_limits<double>;

TEST_SUITE_BEGIN("histogram");

namespace {

constexpr double infinite = limits::infinity();
constexpr count limits_of_count = std::numeric_limits<count>::max();
constexpr double not_a_number = limits::quiet_NaN();

/// Few slots, so that widening happens often.
using tight = basic_histogram<histogram_layout{
    .max_scale = 8, .slots = 40, .negative_slots = 10, .ticks_per_unit = 1000}>;
/// The same where a merge goes by the extremes.
using folding = basic_histogram<histogram_layout{.max_scale = 8, .slots = 300}>;
using with_limits =
    basic_histogram<histogram_layout{.thresholds = 3, .ticks_per_unit = 1'000'000'000}>;
using tight_with_limits = basic_histogram<histogram_layout{
    .max_scale = 8, .slots = 40, .negative_slots = 10, .thresholds = 5, .ticks_per_unit = 1000}>;
using compact_with_limits = basic_histogram<histogram_layout{
    .slots = 300, .compact = true, .thresholds = 3, .ticks_per_unit = 1'000'000'000}>;

/// Values of every kind that doubles have, mostly near each other.
double any_value(std::mt19937_64& random, int spread) {
  switch (random() % 20) {
    case 0:
      return 0.0;
    case 1:
      return -std::ldexp(1.0 + static_cast<double>(random() % 1000) / 1000.0,
                         static_cast<int>(random() % 8) - 4);
    case 2: {
      constexpr double odd[] = {-0.0,     infinite, -infinite, not_a_number, limits::denorm_min(),
                                0x1p-1030};
      return odd[random() % 6];
    }
    default:
      return std::ldexp(1.0 + static_cast<double>(random() >> 11) * 0x1p-53,
                        static_cast<int>(random() % static_cast<unsigned>(spread)) - spread / 2);
  }
}

/// What a histogram must hold, counted value by value.
template <class Histogram>
exponential_counts recount(const std::vector<double>& values, double zero_threshold) {
  std::map<std::int64_t, count> sides[2];
  exponential_counts out;
  out.zero_threshold = zero_threshold;
  for (const double x : values) {
    if (std::isnan(x)) {
      ++out.nans;
    } else if (std::isinf(x)) {
      ++(x > 0 ? out.positive_infinities : out.negative_infinities);
    } else if (std::abs(x) <= zero_threshold || x == 0) {
      ++out.zeros;
    } else {
      ++sides[x < 0][exponential_index(std::abs(x), Histogram::layout.max_scale)];
    }
    if (std::isnan(x)) continue;
    out.min = out.min ? std::min(*out.min, x) : x;
    out.max = out.max ? std::max(*out.max, x) : x;
  }
  int by = 0;
  const std::size_t slots[] = {Histogram::layout.slots, Histogram::layout.negative_slots};
  for (const int side : {0, 1}) {
    if (sides[side].empty()) continue;
    const std::int64_t first = sides[side].begin()->first;
    const std::int64_t last = sides[side].rbegin()->first;
    while (static_cast<std::size_t>((last >> by) - (first >> by)) >= slots[side]) ++by;
  }
  out.scale = Histogram::layout.max_scale - by;
  for (const int side : {0, 1}) {
    exponential_buckets& buckets = side == 0 ? out.positive : out.negative;
    if (sides[side].empty()) continue;
    buckets.offset = static_cast<std::int32_t>(sides[side].begin()->first >> by);
    for (const auto& [index, n] : sides[side]) {
      buckets.counts.resize(static_cast<std::size_t>((index >> by) - buckets.offset) + 1);
      buckets.counts.back() += n;
    }
  }
  return out;
}

/// Equal but for the sum.
bool same(exponential_counts a, exponential_counts b) {
  a.sum = b.sum = 0;
  return a == b;
}

template <class Histogram>
Histogram of(const std::vector<double>& values) {
  Histogram h;
  h.record(values);
  return h;
}

}  // namespace

TEST_CASE_TEMPLATE("record: agrees with a recount, whatever comes", Histogram, histogram,
                   latency_histogram, compact_histogram, small_histogram, tight) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 60; ++trial) {
    std::vector<double> values(random() % 400);
    const int spread = 1 << (random() % 11);
    for (double& x : values) x = any_value(random, spread);
    Histogram h;
    for (const double x : values) h.record(x);
    exponential_counts expected = recount<Histogram>(values, default_zero_threshold);
    if (expected.positive.counts.empty() && expected.negative.counts.empty()) {
      expected.scale = h.scale();
    }
    CHECK(same(h.to_counts(), expected));
    CHECK(same(of<Histogram>(values).to_counts(), expected));
    CHECK(h.count() + h.nans() == static_cast<count>(values.size()));
  }
}

TEST_CASE_TEMPLATE("merge: the parts give the whole, in any order and grouping", Histogram,
                   latency_histogram, compact_histogram, tight) {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<std::vector<double>> parts(1 + random() % 6);
    std::vector<double> all;
    for (auto& part : parts) {
      part.resize(random() % 100);
      const int spread = 1 << (random() % 11);
      for (double& x : part) x = any_value(random, spread);
      all.insert(all.end(), part.begin(), part.end());
    }
    const Histogram whole = of<Histogram>(all);
    Histogram left;
    for (const auto& part : parts) left.merge(of<Histogram>(part));
    Histogram right;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      Histogram h = of<Histogram>(*part);
      h.merge(right);
      right = h;
    }
    CHECK(same(left.to_counts(), whole.to_counts()));
    CHECK(same(right.to_counts(), whole.to_counts()));
    if (Histogram::layout.ticks_per_unit > 0) {  // integer sums: equal to the bit
      CHECK(left == whole);
      CHECK(right == whole);
    } else {
      CHECK(left.scale() == whole.scale());
    }
  }
}

TEST_CASE("merge: parts with different zero thresholds, in any order and grouping") {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 300; ++trial) {
    constexpr double thresholds[] = {0.0, 0x1p-128, 1e-3, 0.01, 0.37, 3.0};
    std::vector<tight> parts;
    for (int k = 0; k < 3; ++k) {
      tight h({}, thresholds[random() % 6]);
      const int n = static_cast<int>(random() % 30);
      for (int i = 0; i < n; ++i) h.record(any_value(random, 1 << (random() % 6)));
      parts.push_back(h);
    }
    const auto merged = [&](int a, int b, int c, bool right) {
      tight x = parts[static_cast<std::size_t>(a)];
      tight y = parts[static_cast<std::size_t>(b)];
      const tight& z = parts[static_cast<std::size_t>(c)];
      if (right) {
        y.merge(z);
        x.merge(y);
      } else {
        x.merge(y);
        x.merge(z);
      }
      return x;
    };
    const tight first = merged(0, 1, 2, false);
    for (const bool right : {false, true}) {
      CHECK(merged(0, 1, 2, right) == first);
      CHECK(merged(2, 1, 0, right) == first);
      CHECK(merged(1, 0, 2, right) == first);
      CHECK(merged(2, 0, 1, right) == first);
    }
    CHECK(tight::from_bytes(first.to_bytes()) == first);
  }
}

TEST_CASE("merge: a zero threshold takes in the buckets below it and rises over one that it cuts") {
  latency_histogram fine;
  for (const double x : {1e-6, 0.9e-3, 1.001e-3, 0.5}) fine.record(x);
  latency_histogram coarse({}, 1e-3);
  coarse.record(0.25e-3);
  coarse.record(0.7);
  fine.merge(coarse);
  const exponential_counts data = fine.to_counts();
  // 1e-3 lies inside the bucket of 1.001e-3, so that one is taken in as a whole.
  const std::int32_t cut = exponential_index(1e-3, 6);
  CHECK(exponential_index(1.001e-3, 6) == cut);
  CHECK(data.zero_threshold == exponential_bound(cut + 1, 6));
  CHECK(data.zeros == 4);
  CHECK(fine.count() == 6);
}

TEST_CASE("merge: nothing recorded changes nothing, whatever its zero threshold") {
  latency_histogram h;
  h.record(0.01);
  const latency_histogram before = h;
  h.merge(latency_histogram({}, 5.0));
  CHECK(h == before);
  latency_histogram empty({}, 5.0);
  empty.merge(before);
  CHECK(empty == before);
}

TEST_CASE_TEMPLATE("subtract: what was merged comes out again", Histogram, latency_histogram,
                   tight) {
  std::mt19937_64 random(4);
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<double> values(random() % 300);
    for (double& x : values) x = any_value(random, 1 << (random() % 6));
    const std::size_t split = values.empty() ? 0 : random() % values.size();
    Histogram earlier;
    for (std::size_t i = 0; i < split; ++i) earlier.record(values[i]);
    Histogram later = earlier;
    Histogram part;
    for (std::size_t i = split; i < values.size(); ++i) {
      later.record(values[i]);
      part.record(values[i]);
    }
    later.subtract(earlier);
    CHECK(later.count() == part.count());
    CHECK(later.nans() == part.nans());
    CHECK(later.sum() == part.sum());
    Histogram both;  // the part at the scale of the whole
    both.merge(later);
    exponential_counts a = later.to_counts();
    exponential_counts b = part.to_counts();
    if (a.scale == b.scale && split > 0) {
      a.min = a.max = b.min = b.max = {};
      CHECK(same(a, b));
    }
  }
  Histogram small;
  small.record(1.0);
  Histogram other;
  other.record(2.0);
  CHECK_THROWS_AS(small.subtract(other), std::invalid_argument);
}

TEST_CASE("one infinity or NaN costs no resolution and is no good event") {
  latency_histogram h;
  for (int ms = 1; ms <= 100; ++ms) h.record(ms * 1e-3);
  const bounded p50 = h.quantile(0.5);
  h.record(infinite);
  h.record(-infinite);
  for (int k = 0; k < 98; ++k) h.record(not_a_number);
  CHECK(h.scale() == 6);
  CHECK(h.count() == 102);
  CHECK(h.nans() == 98);
  CHECK(std::isfinite(h.sum()));
  CHECK(h.quantile(0.5).value == p50.value);
  CHECK(h.quantile(1.0).value == infinite);
  CHECK(h.quantile(0.0).value == -infinite);
  // 100 of 200 events were under a second, and -infinity.
  CHECK(h.fraction_at_most(1.0).value == 101.0 / 200.0);
  CHECK(h.fraction_at_most(limits::max()).upper == 101.0 / 200.0);
}

TEST_CASE("a subnormal counts as zero by default, and costs resolution only when asked for") {
  histogram h;
  h.record(0.5);
  h.record(limits::denorm_min());
  h.record(-limits::denorm_min());
  CHECK(h.scale() == 6);
  CHECK(h.zeros() == 2);
  histogram all({}, 0.0);
  for (const double x : {limits::denorm_min(), 1.0, limits::max()}) all.record(x);
  CHECK(all.zeros() == 0);
  CHECK(all.count() == 3);
  CHECK(all.scale() == -1);  // 2098 octaves in 2048 buckets
  CHECK(all.quantile(0.5).contains(1.0));
  CHECK(all.sum() == limits::max());
}

TEST_CASE("quantile: the true order statistic lies inside the bounds, the middle within 0.542 %") {
  std::mt19937_64 random(5);
  std::lognormal_distribution<double> latency(std::log(0.02), 1.0);
  for (const std::size_t n : {1u, 2u, 10u, 999u, 20'000u}) {
    std::vector<double> values(n);
    latency_histogram h;
    for (double& x : values) h.record(x = latency(random));
    std::sort(values.begin(), values.end());
    const distribution snapshot = h.snapshot();
    for (int k = 0; k <= 1000; ++k) {
      const double level = k / 1000.0;
      const auto rank = static_cast<std::size_t>(detail::rank_of(level, static_cast<count>(n)));
      const double exact = values[rank - 1];
      for (const bucket_point point : {bucket_point::middle, bucket_point::ranked}) {
        const bounded q = snapshot.quantile(level, point);
        CHECK(q.contains(exact));
        CHECK(q.contains(q.value));
      }
      // The bound is reached at the ends of a bucket; 1e-12 covers the arithmetic.
      CHECK(std::abs(snapshot.quantile(level).value / exact - 1) <= relative_error(6) + 1e-12);
    }
  }
}

TEST_CASE("quantile: extremes are exact, ranks of whole products are not rounded up") {
  latency_histogram h;
  for (int i = 1; i <= 100; ++i) h.record(i);
  CHECK(h.quantile(0.0).value == 1.0);
  CHECK(h.quantile(1.0).exact());
  CHECK(h.quantile(1.0).value == 100.0);
  CHECK(h.quantile(0.07).contains(7.0));
  CHECK_FALSE(h.quantile(0.07).contains(8.0));
  CHECK(h.min().value == 1.0);
  CHECK(h.max().value == 100.0);
}

TEST_CASE("at_most: exact counts lie inside the bounds, on bounds they are exact") {
  std::mt19937_64 random(6);
  for (int trial = 0; trial < 30; ++trial) {
    std::vector<double> values(random() % 2000);
    for (double& x : values) x = any_value(random, 4);
    const histogram h = of<histogram>(values);
    const distribution snapshot = h.snapshot();
    for (int k = 0; k < 200; ++k) {
      const double x = k % 3 == 0 ? exponential_bound(k - 100, h.scale())
                                  : (static_cast<double>(random() % 2000) - 500) / 100;
      const auto exact = static_cast<double>(
          std::count_if(values.begin(), values.end(), [x](double v) { return v <= x; }));
      const bounded n = snapshot.at_most(x);
      CHECK(n.contains(exact));
      CHECK(n.contains(n.value));
      if (k % 3 == 0) CHECK(n.exact());
    }
  }
}

TEST_CASE("negative values widen their own buckets only") {
  latency_histogram h;
  for (int ms = 1; ms <= 1000; ++ms) h.record(ms * 1e-3);
  for (const double x : {-1e-6, -1e-3, -1.0, -1e3}) h.record(x);
  CHECK(h.scale() == 6);
  const bounded p99 = h.quantile(0.99);
  CHECK(p99.upper / p99.lower < 1.0110);  // 2^(1/64)
  CHECK(h.at_most(-0.5).contains(2));
  CHECK(h.to_counts().scale < 6);  // one scale for both in plain data
}

TEST_CASE("thresholds: counted exactly, between buckets as well, and they tighten the bounds") {
  with_limits h({0.1, 0.25, 0.4});
  for (int ms = 1; ms <= 1000; ++ms) h.record(ms * 1e-3);
  h.record(not_a_number);
  h.record(-1.0);
  h.record(0.0);
  CHECK(h.at_thresholds()[0] == 102);
  CHECK(h.at_thresholds()[1] == 252);
  CHECK(h.at_thresholds()[2] == 402);
  CHECK(h.at_most(0.4).exact());
  CHECK(h.at_most(0.4).value == 402);
  CHECK(h.fraction_at_most(0.4).value == 402.0 / 1003.0);
  CHECK(h.at_most(0.4001).lower == 402);
  CHECK_FALSE(h.at_most(0.401).exact());
  with_limits other({0.1, 0.25, 0.5});
  CHECK_THROWS_WITH_AS(
      h.merge(other),
      "relia::aggregate::histogram::merge: thresholds must be equal on both sides, got 0.5",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(with_limits({0.2, 0.1, 0.4}),
                       "relia::aggregate::histogram: thresholds must be increasing, got 0.1",
                       std::domain_error);
  CHECK_THROWS_AS(with_limits({0.1, not_a_number, 0.4}), std::domain_error);
  CHECK_THROWS_AS(with_limits({0.1, 0.2, 0.3, 0.4}), std::invalid_argument);
  with_limits one({0.25});  // fewer than the layout has room for
  for (int ms = 1; ms <= 1000; ++ms) one.record(ms * 1e-3);
  CHECK(one.thresholds().size() == 1);
  CHECK(one.at_thresholds()[0] == 250);
  CHECK(one.at_most(2.0).value == 1000);
  CHECK(with_limits::from_bytes(one.to_bytes()) == one);
  CHECK_THROWS_AS(one.merge(with_limits()), std::invalid_argument);
}

TEST_CASE_TEMPLATE("thresholds: a recount, whatever was done with the histogram", Histogram,
                   with_limits, tight_with_limits, compact_with_limits) {
  std::mt19937_64 random(14);
  const std::size_t most = Histogram::layout.thresholds;
  for (int trial = 0; trial < 300; ++trial) {
    const int spread = 1 << (random() % 8);
    // On bounds of buckets, next to them, inside; zero, negative, subnormal, huge, or a value.
    std::vector<double> chosen;
    while (chosen.size() < random() % (most + 1)) {
      const int scale = static_cast<int>(random() % 9);
      const double bound = exponential_bound(static_cast<std::int64_t>(random() % 64) - 32, scale);
      const double choice[] = {bound,
                               std::nextafter(bound, 0),
                               std::nextafter(bound, infinite),
                               bound * 1.001,
                               0.0,
                               -1.0,
                               -0.3,
                               0x1p-1040,
                               limits::max(),
                               any_value(random, spread)};
      const double t = choice[random() % 10];
      if (std::isfinite(t) && std::find(chosen.begin(), chosen.end(), t) == chosen.end()) {
        chosen.push_back(t);
      }
    }
    std::sort(chosen.begin(), chosen.end());
    constexpr double zero_thresholds[] = {0.0, 0x1p-128, 0.01, 2.0};
    const double zero_threshold = zero_thresholds[random() % 4];
    struct recorded {
      Histogram histogram;
      std::vector<double> values;
    };
    const recorded empty{Histogram(chosen, zero_threshold), {}};
    std::vector<recorded> all(3, empty);
    const auto agrees = [&](const recorded& r) {
      const auto at = r.histogram.at_thresholds();
      for (std::size_t k = 0; k < chosen.size(); ++k) {
        if (at[k] != std::count_if(r.values.begin(), r.values.end(),
                                   [&](double x) { return x <= chosen[k]; })) {
          return false;
        }
      }
      return true;
    };
    for (int step = 0; step < 60; ++step) {
      recorded& a = all[random() % 3];
      const recorded& b = all[random() % 3];
      switch (random() % 8) {
        case 0: {  // of two that may have buckets of different widths
          if (a.values.size() + b.values.size() > 5000) break;
          const std::vector<double> more = b.values;
          a.histogram.merge(Histogram(b.histogram));
          a.values.insert(a.values.end(), more.begin(), more.end());
          break;
        }
        case 1: {  // all but its first part, and then without what came after
          recorded later = a;
          later.histogram.record(later.values.emplace_back(any_value(random, spread)));
          later.histogram.merge(b.histogram);
          later.histogram.subtract(a.histogram);
          recorded rest = empty;
          rest.values.push_back(later.values.back());
          rest.values.insert(rest.values.end(), b.values.begin(), b.values.end());
          rest.histogram = later.histogram;
          CHECK(agrees(rest));
          break;
        }
        case 2:
          a.histogram = Histogram::from_bytes(a.histogram.to_bytes());
          break;
        case 3: {
          Histogram copy;
          copy.copy_shared_from(a.histogram);
          CHECK(copy == a.histogram);
          a.histogram = copy;
          break;
        }
        case 4: {
          std::vector<double> more(random() % 200);
          for (double& x : more) x = any_value(random, spread);
          a.histogram.record(more);
          a.values.insert(a.values.end(), more.begin(), more.end());
          break;
        }
        case 5:
          a.histogram.template record_with<detail::shared>(
              a.values.emplace_back(any_value(random, spread)));
          break;
        default:
          a.histogram.record(a.values.emplace_back(any_value(random, spread)));
          break;
      }
      CHECK(agrees(a));
    }
    // The bytes do not tell how it came about.
    Histogram whole(chosen, zero_threshold);
    Histogram merged(chosen, zero_threshold);
    for (const recorded& r : all) {
      whole.record(r.values);
      merged.merge(r.histogram);
    }
    CHECK(merged.to_bytes() == whole.to_bytes());
  }
}

TEST_CASE("thresholds: room for them that is not used changes nothing") {
  std::mt19937_64 random(16);
  std::vector<double> values(1000);
  for (double& x : values) x = any_value(random, 4);
  const std::vector<double> none;
  with_limits constructed(none);
  constructed.record(values);
  const with_limits made = of<with_limits>(values);
  CHECK(made == constructed);
  CHECK(made.to_bytes() == constructed.to_bytes());
  // Imported, sent to a layout without room and recorded on, each still readable.
  with_limits imported = with_limits::from_counts(constructed.to_counts());
  imported.record(values);
  CHECK(with_limits::from_bytes(imported.to_bytes()) == imported);
  imported.merge(made);
  CHECK(imported.count() == 3 * made.count());
  latency_histogram elsewhere = latency_histogram::from_bytes(imported.to_bytes());
  elsewhere.record(values);
  CHECK(latency_histogram::from_bytes(elsewhere.to_bytes()) == elsewhere);
  CHECK(elsewhere.count() == 4 * made.count());
}

TEST_CASE_TEMPLATE("thresholds: exact when cells are at the end of their range", Histogram,
                   with_limits, compact_with_limits) {
  // Doubled again and again: 0.26 and 0.265 in a bucket with a threshold between them, 0.5 twice in
  // one without; only such ones, which pass the end together; and none in a positive bucket.
  struct start {
    std::vector<double> values;
    std::array<count, 3> at;
  };
  const start starts[] = {{{0.26, 0.265, 0.5, 0.5, 3.0, not_a_number}, {0, 1, 4}},
                          {{0.5, 0.7, 0.9}, {0, 0, 3}},
                          {{-1.0, -1.0, 0.0}, {3, 3, 3}}};
  for (const start& s : starts) {
    Histogram h({0.1, 0.262, 1.0});
    h.record(s.values);
    count times = 1;
    const auto expect = [&](std::array<count, 3> more) {
      for (std::size_t k = 0; k < 3; ++k) {
        const bool fits = s.at[k] == 0 || times <= (limits_of_count - more[k]) / s.at[k];
        CHECK(h.at_thresholds()[k] == (fits ? s.at[k] * times + more[k] : limits_of_count));
      }
      CHECK(Histogram::from_bytes(h.to_bytes()) == h);
    };
    for (int k = Histogram::layout.compact ? 33 : 62; k > 0; --k) {
      Histogram twice = h;
      twice.merge(h);
      h = twice;
      times *= 2;
      expect({});
    }
    if (!Histogram::layout.compact) continue;
    CHECK(h.saturated());
    for (const double x : {0.26, 0.265, 0.05, 0.5}) h.record(x);
    h.record(std::vector<double>{0.26, 0.5});
    expect({1, 3, 6});
    h.record(1e-30);  // and buckets widen
    CHECK(h.scale() < 6);
    expect({2, 4, 7});
  }
}

TEST_CASE("compact cells saturate visibly and never wrap") {
  exponential_counts data;
  data.scale = 6;
  data.positive = {10, {4'294'967'294, 5}};
  compact_histogram h = compact_histogram::from_counts(data);
  CHECK_FALSE(h.saturated());
  compact_histogram again = h;
  h.merge(again);
  CHECK(h.saturated());
  CHECK(h.count() == 4'294'967'295 + 10);
  const double inside = exponential_bound(11, 6);
  h.record(inside);
  CHECK(h.count() == 4'294'967'295 + 10);
  CHECK_THROWS_AS(h.subtract(again), std::invalid_argument);
  CHECK(compact_histogram::from_bytes(h.to_bytes()) == h);
}

TEST_CASE("compact cells saturate when merged with themselves") {
  compact_histogram h;
  for (int doubling = 0; doubling < 33; ++doubling) {
    if (doubling == 0) h.record(3.0);
    h.merge(h);
  }
  CHECK(h.saturated());
  CHECK(h.count() == std::numeric_limits<std::uint32_t>::max());
}

TEST_CASE("a sum in ticks stays at the end of 128 bits") {
  latency_histogram h;
  for (int i = 0; i < 130; ++i) h.record(1e300);  // 2^120 nanoseconds each
  const double end = 0x1p127 / 1e9;
  CHECK_REL(h.sum(), end, 1e-15);  // one division
  auto twice = h;
  twice.merge(h);
  CHECK_REL(twice.sum(), end, 1e-15);
  for (int i = 0; i < 300; ++i) twice.record(-1e300);
  CHECK_REL(twice.sum(), -end, 1e-15);
  twice.merge(twice);
  CHECK_REL(twice.sum(), -end, 1e-15);
}

TEST_CASE("64-bit cells saturate when merged past their range") {
  exponential_counts data;
  data.scale = 6;
  data.positive = {10, {std::numeric_limits<count>::max() - 1, 5}};
  histogram h = histogram::from_counts(data);
  h.merge(h);
  CHECK(h.saturated());
  CHECK(h.to_counts().positive.counts[0] == std::numeric_limits<count>::max());
  CHECK(h.to_counts().positive.counts[1] == 10);
}

TEST_CASE("record: a span and its values one by one, equal to the bit with ticks and thresholds") {
  std::mt19937_64 random(10);
  for (const std::size_t n : {0u, 1u, 2u, 4095u, 4097u, 20'001u}) {
    std::vector<double> values(n);
    for (double& x : values) x = any_value(random, 20);
    with_limits one({0.01, 0.5, 4.0});
    with_limits span({0.01, 0.5, 4.0});
    for (const double x : values) one.record(x);
    span.record(values);
    CHECK(one == span);
  }
  // 4096 values of 26 days each: the sums of a block do not overflow.
  const std::vector<double> long_ones(10'000, 2'251'799.0);
  latency_histogram h;
  h.record(long_ones);
  CHECK(h.sum() == 22'517'990'000.0);
}

TEST_CASE("sum: ticks are whole, doubles compensated") {
  latency_histogram ticks;
  histogram doubles;
  for (int i = 0; i < 1'000'000; ++i) {
    ticks.record(0.1);
    doubles.record(0.1);
  }
  CHECK(ticks.sum() == 100'000.0);
  // A million times the double 0.1 is 100000 + 5.55e-12: the nearest double is 100000.
  CHECK(doubles.sum() == 100'000.0);
  ticks.record(-0.25);
  ticks.record(1e9);  // beyond what the fast path converts
  CHECK(ticks.sum() == 1'000'099'999.75);
}

TEST_CASE_TEMPLATE("bytes: what is written is read, and nothing else", Histogram, histogram,
                   latency_histogram, compact_histogram, small_histogram, tight) {
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<double> values(random() % 300);
    for (double& x : values) x = any_value(random, 1 << (random() % 11));
    const Histogram h = of<Histogram>(values);
    const auto bytes = h.to_bytes();
    CHECK(Histogram::from_bytes(bytes) == h);
    CHECK(Histogram::from_bytes(bytes).to_bytes() == bytes);
    auto longer = bytes;
    longer.push_back(std::byte{0});
    CHECK_THROWS_AS((void)Histogram::from_bytes(longer), std::invalid_argument);
    for (std::size_t n = 0; n < bytes.size(); n += 1 + bytes.size() / 30) {
      CHECK_THROWS_AS((void)Histogram::from_bytes(std::span(bytes).first(n)),
                      std::invalid_argument);
    }
  }
}

TEST_CASE("bytes: a smaller layout reads a larger one's, folded") {
  std::vector<double> values;
  for (int i = 1; i <= 1000; ++i) values.push_back(i * 1e-3);
  const histogram large = of<histogram>(values);
  const small_histogram read = small_histogram::from_bytes(large.to_bytes());
  const small_histogram direct = of<small_histogram>(values);
  CHECK(same(read.to_counts(), direct.to_counts()));
  CHECK_THROWS_WITH_AS((void)latency_histogram::from_bytes(large.to_bytes()),
                       "relia::byte_reader: the bytes must keep the sum in the same ticks",
                       std::invalid_argument);
}

TEST_CASE("bytes: small, as the layout allows") {
  // The bits that the code needs for counts of these streams, simulated apart from it, and a tenth.
  std::mt19937_64 random(9);
  std::lognormal_distribution<double> latency(std::log(0.02), 1.0);
  latency_histogram h;
  for (int i = 0; i < 1000; ++i) h.record(latency(random));
  CHECK(h.to_bytes().size() < 320);
  for (int i = 1000; i < 100'000; ++i) h.record(latency(random));
  CHECK(h.to_bytes().size() < 700);
}

TEST_CASE("bytes: counts of every size, runs of every length") {
  std::mt19937_64 random(10);
  for (int trial = 0; trial < 300; ++trial) {
    exponential_counts data;
    data.scale = 6;
    data.positive.offset = static_cast<std::int32_t>(random() % 4000) - 2000;
    data.positive.counts.resize(1 + random() % 600);
    for (count& n : data.positive.counts) {
      n = random() % 3 == 0 ? 0 : static_cast<count>(random() >> (1 + random() % 63));
    }
    if (trial % 3 == 0) {  // nearly empty
      for (std::size_t k = 0; k < data.positive.counts.size(); ++k) {
        if (k % 97 != 0) data.positive.counts[k] = 0;
      }
    }
    const histogram h = histogram::from_counts(data);
    const auto bytes = h.to_bytes();
    CHECK(histogram::from_bytes(bytes) == h);
    CHECK(histogram::from_bytes(bytes).to_bytes() == bytes);
  }
  exponential_counts greatest;
  greatest.scale = 0;
  greatest.positive.counts = {limits_of_count, limits_of_count, 1, limits_of_count};
  const histogram h = histogram::from_counts(greatest);
  CHECK(histogram::from_bytes(h.to_bytes()) == h);
}

TEST_CASE("bytes: other bits than the writer's are refused") {
  using finest = basic_histogram<histogram_layout{.max_scale = 8, .ticks_per_unit = 1'000'000'000}>;
  // Whichever bit changes, what is still read is written as the same bytes, and merges whole.
  std::vector<finest> all(3, of<finest>({0.001, 0.0011, 0.0011, 0.002, 0.3, 0.31, 0.32, 4.0}));
  all[1].merge(of<finest>({0.0, -1.0, 0x1p-100}));
  finest coarse({}, 0.0015);
  coarse.record(1.0);
  all[2].merge(coarse);
  for (const finest& h : all) {
    const auto bytes = h.to_bytes();
    for (std::size_t k = 8; k < bytes.size(); ++k) {
      for (int bit = 0; bit < 8; ++bit) {
        auto other = bytes;
        other[k] ^= std::byte{1} << bit;
        try {
          const finest read = finest::from_bytes(other);
          CHECK(read.to_bytes() == other);
          finest merged;
          merged.merge(read);
          CHECK(merged == read);
          CHECK(merged.snapshot().count() == read.count());
        } catch (const std::invalid_argument&) {
        }
      }
    }
  }
}

TEST_CASE("from_counts: refuses what no histogram holds") {
  exponential_counts data;
  data.scale = 21;
  CHECK_THROWS_WITH_AS(
      (void)histogram::from_counts(data),
      "relia::aggregate::histogram::from_counts: scale must be in [-10, 20], got 21",
      std::invalid_argument);
  data.scale = 0;
  data.positive = {0, {1, -1}};
  CHECK_THROWS_AS((void)histogram::from_counts(data), std::invalid_argument);
  data.positive = {1024, {1}};
  CHECK_THROWS_AS((void)histogram::from_counts(data), std::invalid_argument);
  data.positive = {};
  data.zero_threshold = not_a_number;
  CHECK_THROWS_AS((void)histogram::from_counts(data), std::invalid_argument);
}

TEST_CASE("from_counts: extremes outside the outermost buckets are not kept") {
  exponential_counts data;
  data.positive = {0, {3, 1}};
  data.min = 1.5;
  data.max = 3.0;
  CHECK(histogram::from_counts(data).to_counts() == data);
  data.max = 4.5;  // its bucket is empty
  const histogram h = histogram::from_counts(data);
  CHECK_FALSE(h.to_counts().max.has_value());
  CHECK(h.quantile(1.0).lower == 2.0);
  CHECK(h.quantile(1.0).upper == 4.0);
  data.max = 3.0;
  data.min = 0.5;
  CHECK(histogram::from_counts(data).min().upper == 2.0);
  data.negative = {3, {1}};
  data.min = -12.0;
  CHECK(histogram::from_counts(data).min().exact());
}

TEST_CASE_TEMPLATE("merge: nothing is left out, wherever in their buckets the extremes lie",
                   Histogram, latency_histogram, compact_histogram, tight, folding) {
  std::mt19937_64 random(13);
  for (int trial = 0; trial < 2000; ++trial) {
    exponential_counts data;
    data.scale = static_cast<std::int32_t>(random() % 9);
    data.positive.offset = static_cast<std::int32_t>(random() % 200) - 100;
    data.positive.counts.resize(1 + random() % 50);
    for (count& n : data.positive.counts) n = static_cast<count>(random() % 3);
    data.positive.counts.front() = data.positive.counts.back() = 1;
    if (random() % 4 == 0) data.negative = {-3, {1, 1}};
    if (random() % 4 == 0) data.zeros = 1;
    if (random() % 4 == 0) data.positive_infinities = 1;
    data.zero_threshold = random() % 2 == 0 ? 0.0 : 0x1p-300;
    const std::int32_t last =
        data.positive.offset + static_cast<std::int32_t>(data.positive.counts.size()) - 1;
    const auto either = [&](std::int32_t index) {
      return exponential_bound(index + static_cast<std::int32_t>(random() % 2), data.scale);
    };
    data.max = data.positive_infinities > 0 ? infinite : either(last);
    data.min = !data.negative.counts.empty() ? -either(-2) : 0.0;
    if (data.negative.counts.empty() && data.zeros == 0) data.min = either(data.positive.offset);
    const Histogram part = Histogram::from_counts(data);
    Histogram whole;
    for (std::size_t k = random() % 4; k > 0; --k) whole.record(any_value(random, 8));
    const count before = whole.count();
    whole.merge(part);
    CHECK(whole.count() == before + part.count());
    CHECK(part.snapshot().count() == part.count());
    CHECK(whole.snapshot().count() == whole.count());
  }
}

TEST_CASE("from_counts: a sum that is not known stays NaN, and ticks have no NaN") {
  exponential_counts data;
  data.positive = {0, {1}};
  data.sum = not_a_number;
  const histogram h = histogram::from_counts(data);
  CHECK(std::isnan(h.sum()));
  CHECK(histogram::from_bytes(h.to_bytes()) == h);
  CHECK_THROWS_AS((void)latency_histogram::from_counts(data), std::invalid_argument);
}

TEST_CASE("from_counts: scales up to 20 fold by a shift, coarser ones stay") {
  for (int scale = coarsest_scale; scale <= 20; ++scale) {
    exponential_counts data;
    data.scale = scale;
    data.positive = {-3, {1, 0, 2, 3, 0, 4}};
    if (scale < -8) data.positive = {-1, {1, 2}};
    const exponential_counts back = histogram::from_counts(data).to_counts();
    const int by = std::max(0, scale - 6);
    CHECK(back.scale == scale - by);
    std::map<std::int64_t, count> expected;
    for (std::size_t k = 0; k < data.positive.counts.size(); ++k) {
      if (data.positive.counts[k] > 0) {
        expected[(data.positive.offset + static_cast<std::int64_t>(k)) >> by] +=
            data.positive.counts[k];
      }
    }
    for (const auto& [index, n] : expected) {
      CHECK(back.positive.counts[static_cast<std::size_t>(index - back.positive.offset)] == n);
    }
    CHECK(back.sum == data.sum);
  }
}

TEST_CASE("an empty histogram has no quantile, and says so") {
  const histogram h;
  CHECK(h.empty());
  CHECK(h.quantile(0.5).state == relia::state::no_data);
  CHECK(h.fraction_at_most(1.0).state == relia::state::no_data);
  CHECK(h.at_most(1.0).value == 0);
  CHECK(h.to_bytes().size() < 60);
  CHECK_THROWS_AS((void)h.quantile(1.5), std::domain_error);
  CHECK_THROWS_AS((void)h.at_most(not_a_number), std::domain_error);
}

TEST_CASE("the sizes that the header states") {
  static_assert(std::is_trivially_copyable_v<histogram>);
  CHECK(sizeof(histogram) < 17'000);
  CHECK(sizeof(compact_histogram) < 8'700);
  CHECK(sizeof(small_histogram) <= 1536);
}

TEST_CASE("histogram: less all of itself it is empty, sums and extremes too, and reads back") {
  histogram whole;
  for (const double x : {0.1, 0.7, 1e-300, -3.0, 0.0}) whole.record(x);
  histogram rest = whole;
  rest.subtract(whole);
  CHECK(rest.empty());
  CHECK(rest.sum() == 0);
  CHECK_FALSE(rest.min().has_value());
  CHECK(histogram::from_bytes(rest.to_bytes()) == rest);
  histogram nothing;
  nothing.record(limits::quiet_NaN());
  histogram less = nothing;
  less.subtract(nothing);
  CHECK(histogram::from_bytes(less.to_bytes()) == less);
}
