// SPDX-License-Identifier: BSL-1.0
// What a monitor costs in the service: per request, and per scrape of 15 s with all windows of the
// workbook's policy looked at. The baseline keeps a std::deque of rows and two sums per window, as
// a rolling window is written by hand, and looks at the same tiers. Bytes stand in the counters.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/slo/monitor.hpp>

#include <support/same.hpp>

namespace {

using namespace relia;
using std::chrono::seconds;

constexpr double budget = 0.001;

/// One window by hand.
class rolling {
 public:
  explicit rolling(duration length) : length_(length) {}

  void add(instant t, count good, count bad) {
    rows_.push_back({t, good, bad});
    good_ += good;
    bad_ += bad;
    while (rows_.front().at <= t - length_) {
      good_ -= rows_.front().good;
      bad_ -= rows_.front().bad;
      rows_.pop_front();
    }
  }

  [[nodiscard]] bool reaches(double factor) const {
    return bad_ > 0 &&
           static_cast<double>(bad_) >= factor * budget * static_cast<double>(good_ + bad_);
  }

  [[nodiscard]] std::size_t bytes() const { return sizeof(*this) + rows_.size() * sizeof(row); }

 private:
  struct row {
    instant at;
    count good;
    count bad;
  };

  duration length_;
  std::deque<row> rows_;
  count good_ = 0;
  count bad_ = 0;
};

/// All windows of a policy by hand, closed every 15 s.
class by_hand {
 public:
  explicit by_hand(const slo::policy& p) {
    for (const slo::tier& t : p.tiers) {
      tiers_.push_back({t.factor, rolling(t.long_window), rolling(t.short_window), false, 0});
    }
  }

  void record(instant now, bool good) {
    while (now >= next_) close();
    ++(good ? good_ : bad_);
  }

  void record(count good, count bad) {
    good_ += good;
    bad_ += bad;
    close();
  }

  [[nodiscard]] count alerts() const {
    count all = 0;
    for (const tier& t : tiers_) all += t.alerts;
    return all;
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t all = sizeof(*this);
    for (const tier& t : tiers_) all += sizeof(t) + t.wide.bytes() + t.narrow.bytes();
    return all;
  }

 private:
  struct tier {
    double factor;
    rolling wide;
    rolling narrow;
    bool firing;
    count alerts;
  };

  void close() {
    for (tier& t : tiers_) {
      t.wide.add(next_, good_, bad_);
      t.narrow.add(next_, good_, bad_);
      const bool now = t.narrow.reaches(t.factor) && t.wide.reaches(t.factor);
      t.alerts += now && !t.firing;
      t.firing = now;
    }
    good_ = bad_ = 0;
    next_ += seconds(15);
  }

  std::vector<tier> tiers_;
  instant next_ = instant(seconds(15));
  count good_ = 0;
  count bad_ = 0;
};

slo::monitor monitor() {
  return {slo::workbook_30d(),
          slo::objective(0.999),
          instant{},
          {.step = seconds(15), .unseen = slo::before_start::partial}};
}

struct scrape {
  count good;
  count bad;
};

/// Ten days of scrapes: failures at half the budget, with incidents.
const std::vector<scrape>& scrapes() {
  static const std::vector<scrape> all = [] {
    std::mt19937_64 engine(20261123);
    std::poisson_distribution<count> arrivals(150);
    std::vector<scrape> made;
    double failing = 0.0005;
    for (int i = 0; i < 10 * 5760; ++i) {
      if (engine() % 4000 == 0) failing = 0.03;
      if (engine() % 240 == 0) failing = 0.0005;
      const count n = arrivals(engine);
      const count b = std::binomial_distribution<count>(n, failing)(engine);
      made.push_back({n - b, b});
    }
    return made;
  }();
  return all;
}

count alerts_of(const slo::monitor& m) {
  count all = 0;
  for (const slo::monitored& s : m.states()) all += s.alerts;
  return all;
}

void feed(slo::monitor& m, instant& t, const scrape& s) {
  m.record(true, s.good);
  m.record(false, s.bad);
  m.advance_to(t += seconds(15));
}

void require_equal() {
  static const bool checked = [] {
    slo::monitor ours = monitor();
    by_hand theirs(slo::workbook_30d());
    instant t{};
    for (const scrape& s : scrapes()) {
      feed(ours, t, s);
      theirs.record(s.good, s.bad);
    }
    // A row exactly at the threshold may fall to the other side by hand.
    bench::require_same("alerts", static_cast<double>(alerts_of(ours)),
                        static_cast<double>(theirs.alerts()), 0.02);
    return true;
  }();
  (void)checked;
}

void scrape_relia(benchmark::State& state) {
  require_equal();
  slo::monitor m = monitor();
  instant t{};
  for (const scrape& s : scrapes()) feed(m, t, s);  // windows are full
  std::size_t i = 0;
  for (auto _ : state) {
    feed(m, t, scrapes()[i]);
    if (++i == scrapes().size()) i = 0;
  }
  benchmark::DoNotOptimize(alerts_of(m));
  state.counters["bytes"] = static_cast<double>(m.bytes());
}
BENCHMARK(scrape_relia)->Name("monitor/relia/scrape_15s");

void scrape_by_hand(benchmark::State& state) {
  require_equal();
  by_hand m(slo::workbook_30d());
  for (const scrape& s : scrapes()) m.record(s.good, s.bad);
  std::size_t i = 0;
  for (auto _ : state) {
    m.record(scrapes()[i].good, scrapes()[i].bad);
    if (++i == scrapes().size()) i = 0;
  }
  benchmark::DoNotOptimize(m.alerts());
  state.counters["bytes"] = static_cast<double>(m.bytes());
}
BENCHMARK(scrape_by_hand)->Name("monitor/deques/scrape_15s");

/// 1000 requests a second, one of 2000 bad; the clock is read outside.
template <class Monitor>
void requests(benchmark::State& state, Monitor m) {
  require_equal();
  instant t{};
  std::uint32_t n = 0;
  for (auto _ : state) {
    m.record(t += std::chrono::milliseconds(1), ++n % 2000 != 0);
  }
  benchmark::DoNotOptimize(m);
}
void request_relia(benchmark::State& state) { requests(state, monitor()); }
BENCHMARK(request_relia)->Name("monitor/relia/request");
void request_by_hand(benchmark::State& state) { requests(state, by_hand(slo::workbook_30d())); }
BENCHMARK(request_by_hand)->Name("monitor/deques/request");

}  // namespace
