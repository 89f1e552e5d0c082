// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/evaluate.hpp>

#include <support/close.hpp>
#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using relia::test::event_rows;

TEST_SUITE_BEGIN("evaluate");

namespace {

const slo::objective three_nines(0.999);

/// Is the tier firing at row i? Sums each window anew.
bool firing_by_resumming(const sli::event_series& s, const slo::tier& t, double budget,
                         std::size_t i, slo::before_start unseen) {
  const auto over = [&](duration window) {
    const instant now = s.times()[i];
    double bad = 0;
    double valid = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      if (s.times()[j] <= now - window) continue;
      const double b = static_cast<double>(s.bad_sums()[j + 1] - s.bad_sums()[j]);
      bad += b;
      valid += b + static_cast<double>(s.good_sums()[j + 1] - s.good_sums()[j]);
    }
    const duration seen = now - s.from();
    if (unseen == slo::before_start::clean && seen < window) {
      valid *= real_seconds(window) / real_seconds(seen);
    }
    return bad > 0 && bad / valid / budget >= t.factor * (1 - 1e-14);
  };
  return over(t.long_window) && over(t.short_window);
}

}  // namespace

TEST_CASE("evaluate: figure 5-6, 15 % errors for ten minutes") {
  // 1000 events a second for 2 h before, 10 min at 15 %, 2 h after. The first tier is reached 5.76
  // min = 345.6 s into it: at the row of second 346; it clears 4.52 min = 271.2 s after the end.
  const std::size_t start = 7200;
  const auto s = event_rows(15000, 1s, 1000, [&](std::size_t i) {
    return i >= start && i < start + 600 ? count{150} : count{0};
  });
  const slo::policy p = slo::workbook_30d();
  const auto e = slo::evaluate(p, three_nines, s);
  REQUIRE(e.tiers[0].alerts == 1);
  const slo::alert& a = e.alerts.front();
  CHECK(a.tier == 0);
  CHECK(a.start == instant(7546s));
  CHECK(a.end == instant(8072s));
  CHECK_FALSE(a.open);
  CHECK(a.short_burn_rate == 150);
  CHECK_ULP(a.long_burn_rate, 346 * 150.0 / 3600, 1);
  CHECK(e.tiers[0].firing == real_seconds(526));
  CHECK(e.tiers[1].alerts == 0);  // 14.4 min are not reached
  CHECK(e.pages() == 1);
}

TEST_CASE("evaluate: agrees with the closed forms at every tier") {
  const slo::policy p = slo::workbook_30d();
  for (const double ratio : {1.0, 0.15, 0.02, 0.0144}) {
    // Minutes; clean for 3 d, then constant. Exactly on the threshold fires.
    const auto s = event_rows(4320 + 600, 1min, 10000, [&](std::size_t i) {
      return i < 4320 ? count{0} : static_cast<count>(std::llround(ratio * 10000));
    });
    const auto e = slo::evaluate(p, three_nines, s);
    for (std::size_t k = 0; k < p.tiers.size(); ++k) {
      const real_seconds expected = slo::detection_time(p.tiers[k], three_nines, ratio);
      const auto first = std::find_if(e.alerts.begin(), e.alerts.end(),
                                      [&](const slo::alert& a) { return a.tier == k; });
      CAPTURE(ratio);
      CAPTURE(k);
      REQUIRE(first != e.alerts.end());
      // The first row at or after it; the slack is a nanosecond of rounding.
      const double rows = std::ceil(expected.count() / 60 - 1e-9);
      CHECK(first->start == instant(4320min + std::chrono::minutes(std::llround(rows))));
      CHECK(first->open);
    }
  }
}

TEST_CASE("evaluate: equals a naive re-summing evaluation at every row") {
  std::mt19937_64 engine(20261123);
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  instant t{};
  double level = 0.001;
  for (int i = 0; i < 1500; ++i) {  // irregular rows, gaps, silence, bursts
    t += std::chrono::seconds(20 + static_cast<int>(engine() % 200));
    if (engine() % 100 == 0) t += 40min;
    if (engine() % 50 == 0) level = engine() % 3 == 0 ? 0.05 : 0.0005;
    const count n = engine() % 20 == 0 ? 0 : static_cast<count>(engine() % 400);
    const count failed = std::binomial_distribution<count>(n, level)(engine);
    times.push_back(t);
    good.push_back(n - failed);
    bad.push_back(failed);
  }
  const sli::event_series s(times, good, bad);
  const slo::policy p = slo::workbook_30d();
  for (const auto unseen : {slo::before_start::clean, slo::before_start::partial}) {
    const auto e = slo::evaluate(p, three_nines, s, {.unseen = unseen});
    for (std::size_t k = 0; k < p.tiers.size(); ++k) {
      std::size_t differing = 0;
      std::size_t firing_rows = 0;
      for (std::size_t i = 0; i < s.size(); ++i) {
        const bool naive = firing_by_resumming(s, p.tiers[k], 0.001, i, unseen);
        const bool ours = std::any_of(e.alerts.begin(), e.alerts.end(), [&](const slo::alert& a) {
          return a.tier == k && a.start <= times[i] && (times[i] < a.end || a.open);
        });
        differing += naive != ours;
        firing_rows += naive;
      }
      CHECK(differing == 0);
      CHECK(firing_rows > 0);
    }
  }
}

TEST_CASE("evaluate: a young series pages for what it burnt, not for its first bad minute") {
  // One failure of five requests in the first minute, then none.
  const auto s = event_rows(60, 1min, 5, [](std::size_t i) { return count{i == 0}; });
  const slo::policy p = slo::workbook_30d();
  const auto partial =
      slo::evaluate(p, slo::objective(0.99), s, {.unseen = slo::before_start::partial});
  CHECK(partial.pages() == 1);
  const auto clean = slo::evaluate(p, slo::objective(0.99), s);
  CHECK(clean.pages() == 0);
  CHECK(clean.unseen == slo::before_start::clean);
  // A total outage from the first row on still pages, after the closed-form 0.864 min.
  const auto outage = event_rows(60, 1s, 5, [](std::size_t) { return count{5}; });
  const auto e = slo::evaluate(p, three_nines, outage);
  REQUIRE(e.pages() == 1);
  CHECK(e.alerts.front().start == instant(52s));  // 51.84 s
}

TEST_CASE("evaluate: at low traffic one failure fires, unless more are asked for") {
  // 10 events an hour: one of 60 in six hours is 1.7 %, over 6 * 0.1 %.
  const auto s = event_rows(2000, 6min, 1, [](std::size_t i) { return count{i == 1000}; });
  const slo::policy p = slo::workbook_30d();
  CHECK(slo::evaluate(p, three_nines, s).pages() == 1);
  CHECK(slo::evaluate(p, three_nines, s, {.min_failures = 2}).pages() == 0);
  CHECK_THROWS_WITH_AS((void)slo::evaluate(p, three_nines, s, {.min_failures = 0}),
                       "relia::slo::evaluate: min_failures must be at least 1, got 0",
                       std::domain_error);
}

TEST_CASE("evaluate: overlapping alerts of one severity are one notification") {
  const auto s = event_rows(4320, 1min, 1000, [](std::size_t i) {
    return i >= 2000 && i < 2120 ? count{200} : count{0};
  });
  const auto e = slo::evaluate(slo::workbook_30d(), three_nines, s);
  CHECK(e.tiers[0].alerts == 1);
  CHECK(e.tiers[1].alerts == 1);
  CHECK(e.pages() == 1);
  REQUIRE(e.notifications.size() == 2);
  CHECK(e.notifications[0].severity == slo::severity::page);
  CHECK(e.notifications[1].severity == slo::severity::ticket);
  CHECK(e.notifications[0].start == e.alerts[0].start);
}

TEST_CASE("evaluate: silence does not alert, and what is still firing is open") {
  const auto silent = event_rows(100, 1min, 0, [](std::size_t) { return count{0}; });
  CHECK(slo::evaluate(slo::workbook_30d(), three_nines, silent).alerts.empty());
  const auto empty = slo::evaluate(slo::workbook_30d(), three_nines, sli::event_series());
  CHECK(empty.alerts.empty());
  CHECK(empty.tiers.size() == 4);
  const auto down = event_rows(100, 1min, 10, [](std::size_t) { return count{10}; });
  const auto e = slo::evaluate(slo::workbook_30d(), three_nines, down);
  REQUIRE(e.alerts.size() == 4);
  CHECK(e.alerts[0].open);
  CHECK(e.alerts[0].end == instant(100min));
  CHECK(e.notifications[0].open);
}

TEST_CASE("evaluate: digits beyond the sixth decide") {
  // Burn rate 1.549 against 1.5 at 99.999 %: rounding the ratio to six digits would lose it.
  const auto s = event_rows(10, 6min, 10000000, [](std::size_t) { return count{155}; });
  const slo::policy p{"", std::chrono::days(30), {{1h, 5min, 1.5}}, {}};
  CHECK(slo::evaluate(p, slo::objective(0.99999), s).alerts.size() == 1);
}

TEST_CASE("evaluate: refuses a tier with an empty window") {
  const slo::policy p{"", std::chrono::days(1), {{1h, 0s, 2}}, {}};
  CHECK_THROWS_WITH_AS((void)slo::evaluate(p, three_nines, sli::event_series()),
                       "relia::slo::evaluate: short_window must be positive, got 0",
                       std::domain_error);
}

TEST_SUITE_END();
