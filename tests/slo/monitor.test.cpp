// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdlib>
#include <new>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/evaluate.hpp>
#include <relia/slo/monitor.hpp>
#include <relia/slo/presets.hpp>

#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

std::size_t allocations = 0;

}  // namespace

// Counts what the tests of this binary allocate: the monitor must not, once it is made.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

TEST_SUITE_BEGIN("monitor");

namespace {

const slo::objective three_nines(0.999);

slo::policy everything() {
  slo::policy p = slo::workbook_30d();
  p.tiers[0].evidence = {1e-4, 1.0, 1.0};
  p.tiers[1].min_failures = 3;
  p.tiers[1].hold = 3min;
  p.tiers[2].min_events = 100;
  p.tiers.push_back({47min, 125s, 3, slo::severity::ticket});  // on no grid
  p.rules.push_back({"", slo::severity::page,
                     slo::any_of({slo::hold(slo::silent(7min), 2min),
                                  slo::all_of({slo::burning(2h, 2), slo::failures(20min, 4)})}),
                     1min});
  return p;
}

/// The alerts that a monitor saw, in the form of an evaluation's.
class watcher {
 public:
  explicit watcher(const slo::monitor& m) : monitor_(m), was_(m.states().size()) {}

  void look() {
    for (std::size_t k = 0; k < was_.size(); ++k) {
      const slo::monitored& now = monitor_.states()[k];
      if (now.firing == was_[k]) continue;
      was_[k] = now.firing;
      if (now.firing) {
        alerts.push_back({k, now.since, {}, true, now.long_burn_rate, now.short_burn_rate});
        continue;
      }
      for (auto a = alerts.rbegin(); a != alerts.rend(); ++a) {
        if (a->tier != k) continue;
        a->end = now.since;
        a->open = false;
        break;
      }
    }
  }

  std::vector<slo::alert> alerts;

 private:
  const slo::monitor& monitor_;
  std::vector<bool> was_;
};

void check_same(const std::vector<slo::alert>& ours, const slo::evaluation& batch) {
  REQUIRE(ours.size() == batch.alerts.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const slo::alert& a = ours[i];
    const slo::alert& b = batch.alerts[i];
    CHECK(a.tier == b.tier);
    CHECK(a.start == b.start);
    CHECK(a.open == b.open);
    if (!a.open) CHECK(a.end == b.end);
    // A rule of silence has the burn rate of no events: NaN.
    CHECK((a.long_burn_rate == b.long_burn_rate || std::isnan(b.long_burn_rate)));
    CHECK((a.short_burn_rate == b.short_burn_rate || std::isnan(b.short_burn_rate)));
  }
}

}  // namespace

TEST_CASE("monitor: equals the batch evaluation, to the bit, on random series") {
  std::size_t alerts = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const duration step = seed % 3 == 0 ? duration(15s) : seed % 3 == 1 ? duration(1min) : 40s;
    const test::random_rows rows(seed, 3000, step);
    for (const auto unseen : {slo::before_start::clean, slo::before_start::partial}) {
      const slo::policy p = everything();
      slo::monitor m(p, three_nines, instant{}, {step, unseen});
      watcher w(m);
      for (std::size_t i = 0; i < rows.times.size(); ++i) {
        m.record(true, rows.good[i]);
        m.record(false, rows.bad[i]);
        m.advance_to(rows.times[i]);
        w.look();
      }
      CAPTURE(seed);
      const sli::event_series series(rows.times, rows.good, rows.bad, instant{});
      check_same(w.alerts, slo::evaluate(p, three_nines, series, {.unseen = unseen}));
      alerts += w.alerts.size();
      for (const duration lookback : {duration(5min), duration(1h), duration(47min)}) {
        const slo::burn ours = m.burn_rate(lookback);
        const slo::burn batch =
            slo::burn_rate(three_nines, series, rows.times.back(), lookback, unseen);
        CHECK(ours.rate == batch.rate);
        CHECK(ours.events == batch.events);
        CHECK(ours.covered == batch.covered);
      }
    }
  }
  CHECK(alerts > 500);
}

TEST_CASE("monitor: events at their times are those of the cell they fall in") {
  std::mt19937_64 engine(7);
  const slo::policy p = everything();
  slo::monitor m(p, three_nines, instant{}, {.step = 1min});
  watcher w(m);
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  instant t{};
  for (int i = 1; i <= 600; ++i) {
    times.emplace_back(std::chrono::minutes(i));
    good.push_back(0);
    bad.push_back(0);
  }
  while (t < instant(599min)) {
    t += std::chrono::milliseconds(engine() % 4000);
    if (engine() % 3000 == 0) t += 30min;  // silence, longer than the short windows
    if (t >= instant(599min)) break;
    const bool is_good = engine() % 100 >= (t > instant(200min) && t < instant(260min) ? 30U : 0U);
    const auto cell = static_cast<std::size_t>(t.time_since_epoch() / 1min);
    ++(is_good ? good : bad)[cell];
    m.record(t, is_good);
    w.look();
  }
  m.advance_to(instant(600min));
  w.look();
  const auto e = slo::evaluate(p, three_nines, {times, good, bad, instant{}});
  CHECK(e.alerts.size() > 3);
  // Several edges may lie in one gap; what fires and how often is the same.
  for (std::size_t k = 0; k < e.tiers.size(); ++k) CHECK(m.states()[k].alerts == e.tiers[k].alerts);
}

TEST_CASE("monitor: a gap of years costs no more than its windows, and changes nothing else") {
  const slo::policy p = everything();
  slo::monitor quick(p, three_nines, instant{}, {.step = 1min});
  slo::monitor slow(p, three_nines, instant{}, {.step = 1min});
  for (int i = 0; i < 30; ++i) {
    quick.record(instant(i * 1min), false, 10);
    slow.record(instant(i * 1min), false, 10);
  }
  CHECK(quick.firing(slo::severity::page));
  const instant later(365 * 24h);
  quick.advance_to(later);
  for (instant t{}; t <= later; t += 24h) slow.advance_to(t);
  CHECK(quick.looked_at() == later);
  for (std::size_t k = 0; k < quick.states().size(); ++k) {
    CHECK(quick.states()[k].firing == slow.states()[k].firing);
    CHECK(quick.states()[k].since == slow.states()[k].since);
    CHECK(quick.states()[k].alerts == slow.states()[k].alerts);
  }
  CHECK(quick.firing(p.tiers.size()));  // the rule of silence
  // And it works on.
  for (int i = 0; i < 30; ++i) quick.record(later + i * 1min, false, 10);
  CHECK(quick.firing(0));
  CHECK(quick.states()[0].since == later + 1min);
}

TEST_CASE("monitor: clocks that step back, and the ends of the clock") {
  slo::monitor m(slo::workbook_30d(), three_nines, instant(1h), {.step = 1min});
  m.record(instant(2h), true, 100);
  m.record(instant(90min), false, 50);  // late: counts in the open cell
  m.record(instant::min(), false, 50);
  m.advance_to(instant(2h + 1min));
  CHECK(m.burn_rate(1min).events == aggregate::counts(100, 100));
  CHECK(m.firing(0));
  m.record(instant::max(), true, -5);  // records nothing
  CHECK(m.looked_at() > instant(365 * 24h));
  CHECK_FALSE(m.firing(slo::severity::page));
  m.record(instant::max(), false, 5);
  CHECK(m.burn_rate(72h).events.empty());

  slo::monitor first(slo::workbook_30d(), three_nines, instant::min(), {.step = 1min});
  first.record(instant::max(), false);
  CHECK(first.looked_at() > instant{});
  CHECK_THROWS_AS(slo::monitor(slo::workbook_30d(), three_nines, instant::max()),
                  std::domain_error);
}

TEST_CASE("monitor: allocates nothing once it is made, and does not throw") {
  slo::monitor m(everything(), three_nines, instant{}, {.step = 1min});
  const instant t{};
  static_assert(noexcept(m.record(t, true)));
  static_assert(noexcept(m.advance_to(t)));
  const std::size_t before = allocations;
  for (int i = 0; i < 20000; ++i) m.record(instant(i * 20s), i % 7000 > 500, 3);
  m.advance_to(instant(40 * 365 * 24h));
  const std::size_t after = allocations;
  CHECK(after == before);
  CHECK(m.states()[0].alerts > 0);
}

TEST_CASE("monitor: memory is what the header says") {
  const slo::monitor plain(slo::workbook_30d(), three_nines, instant{});
  CHECK(plain.bytes() >= 16 * (4 * 60 * 72 + 1));
  CHECK(plain.bytes() < 16 * (4 * 60 * 72 + 1) + 4 * 1024);
  slo::policy p = slo::workbook_30d();
  p.tiers[0].evidence.p_value = 1e-4;
  const slo::monitor sure(p, three_nines, instant{});
  CHECK(sure.bytes() >= plain.bytes() + 8 * 1024);
  CHECK(sure.bytes() < plain.bytes() + 9 * 1024);
}

TEST_CASE("monitor: refuses what cannot be") {
  const slo::policy p = slo::workbook_30d();
  CHECK_THROWS_WITH_AS(slo::monitor(p, three_nines, instant{}, {.step = 0s}),
                       "relia::slo::monitor: step must be positive, got 0", std::domain_error);
  CHECK_THROWS_WITH_AS(slo::monitor(p, three_nines, instant{}, {.step = 1us}),
                       "relia::slo::monitor: step must be long enough for 2^26 cells to hold the "
                       "longest window, got 1000",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(slo::monitor({"", days(1), {{1h, 0s, 2}}, {}, {}}, three_nines, instant{}),
                       "relia::slo::monitor: short_window must be positive, got 0",
                       std::domain_error);
  const slo::monitor m(p, three_nines, instant{});
  CHECK_THROWS_WITH_AS((void)m.burn_rate(73h),
                       "relia::slo::monitor::burn_rate: lookback must be positive and at most the "
                       "longest window, got 262800000000000",
                       std::domain_error);
}

TEST_SUITE_END();
