// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <stdexcept>
#include <utility>

#include <doctest/doctest.h>

#include <relia/slo/condition.hpp>
#include <relia/slo/evaluate.hpp>

#include <support/close.hpp>
#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using slo::condition;
using slo::condition_kind;

TEST_SUITE_BEGIN("condition");

namespace {

const slo::objective three_nines(0.999);

/// Asks a condition anew at every row: sums each window again, keeps nothing but what is held.
class oracle {
 public:
  oracle(const test::random_rows& rows, const slo::objective& goal, slo::before_start unseen)
      : rows_(rows), goal_(goal), unseen_(unseen) {
    from_ = rows.times[0] - (rows.times[1] - rows.times[0]);
  }

  bool at(const condition& c, std::size_t row) {
    bool all = true;
    bool any = false;
    for (const condition& part : c.parts()) {  // every part is asked: some are held
      const bool now = at(part, row);
      all = all && now;
      any = any || now;
    }
    count bad = 0;
    count valid = 0;
    const instant now = rows_.times[row];
    for (std::size_t j = row + 1; j-- > 0 && rows_.times[j] > now - c.length();) {
      bad += rows_.bad[j];
      valid += rows_.bad[j] + rows_.good[j];
    }
    switch (c.kind()) {
      case condition_kind::burning: {
        double presumed = static_cast<double>(valid);
        if (unseen_ == slo::before_start::clean && now - from_ < c.length()) {
          presumed *= real_seconds(c.length()) / real_seconds(now - from_);
        }
        // The slack of decimal equality that the library documents.
        return bad > 0 && static_cast<double>(bad) / presumed / goal_.error_budget() >=
                              c.factor() * (1 - 1e-14);
      }
      case condition_kind::failures:
        return bad >= c.least();
      case condition_kind::traffic:
        return valid >= c.least();
      case condition_kind::silent:
        return valid == 0 && now - from_ >= c.length();
      case condition_kind::significant:
        return slo::significance(c.evidence())
            .reached(bad,
                     static_cast<double>(valid) * goal_.error_budget() * c.evidence().burn_rate);
      case condition_kind::all_of:
        return all;
      case condition_kind::any_of:
        return any;
      case condition_kind::hold:
        break;
    }
    if (!all) {
      since_.erase(&c);
      return false;
    }
    return now - since_.try_emplace(&c, now).first->second >= c.length();
  }

 private:
  const test::random_rows& rows_;
  slo::objective goal_;
  slo::before_start unseen_;
  instant from_;
  std::map<const condition*, instant> since_;
};

condition random_condition(std::mt19937_64& engine, int depth) {
  const duration windows[] = {5min, 17min, 1h, 6h};
  const duration window = windows[engine() % 4];
  switch (depth > 0 ? engine() % 8 : engine() % 4) {
    case 0:
      return slo::burning(window, 0.5 + static_cast<double>(engine() % 200) / 10);
    case 1:
      return slo::failures(window, 1 + static_cast<count>(engine() % 20));
    case 2:
      return slo::traffic(window, 1 + static_cast<count>(engine() % 2000));
    case 3:
      return engine() % 3 == 0 ? slo::silent(5min)
                               : slo::significant(window, {1e-3, 1.0, engine() % 2 == 0 ? 1. : 3.});
    case 4:
      return slo::hold(random_condition(engine, depth - 1), std::chrono::minutes(engine() % 10));
    default:
      break;
  }
  std::vector<condition> parts;
  const std::size_t n = 1 + engine() % 3;
  for (std::size_t i = 0; i < n; ++i) parts.push_back(random_condition(engine, depth - 1));
  return engine() % 2 == 0 ? slo::all_of(parts) : slo::any_of(parts);
}

bool firing_at(const slo::evaluation& e, std::size_t tier, instant t) {
  return std::any_of(e.alerts.begin(), e.alerts.end(), [&](const slo::alert& a) {
    return a.tier == tier && a.start <= t && (t < a.end || a.open);
  });
}

slo::policy of(condition c, duration hold = {}) {
  return {"", std::chrono::days(30), {}, {}, {{"", slo::severity::page, std::move(c), hold}}};
}

}  // namespace

TEST_CASE("condition: random trees equal an evaluation that sums and asks anew at every row") {
  std::mt19937_64 engine(20261123);
  std::size_t fired = 0;
  for (int round = 0; round < 60; ++round) {
    const test::random_rows rows(engine(), 300, round % 2 == 0 ? 60s : 20s, round % 2 != 0);
    const slo::policy p = of(random_condition(engine, 3), std::chrono::minutes(engine() % 3));
    const condition whole = slo::hold(p.rules[0].condition, p.rules[0].hold);
    CAPTURE(to_string(whole));
    for (const auto unseen : {slo::before_start::clean, slo::before_start::partial}) {
      const auto e = slo::evaluate(p, three_nines, rows.series(), {.unseen = unseen});
      oracle expected(rows, three_nines, unseen);
      std::size_t differing = 0;
      for (std::size_t i = 0; i < rows.times.size(); ++i) {
        const bool fires = expected.at(whole, i);
        fired += fires;
        differing += fires != firing_at(e, 0, rows.times[i]);
      }
      CHECK(differing == 0);
    }
  }
  CHECK(fired > 5000);  // the comparison is not of nothing with nothing
}

TEST_CASE("condition: a tier is its own condition, to the bit") {
  slo::policy p = slo::workbook_30d();
  p.tiers[1].min_failures = 3;
  p.tiers[2].min_events = 500;
  p.tiers[3].hold = 7min;
  p.tiers[0].evidence = {1e-4, 1.0, 1.0};
  for (const slo::tier& t : slo::workbook_30d().tiers) p.tiers.push_back(t);
  const std::size_t n = p.tiers.size();
  for (const slo::tier& t : p.tiers) {
    p.rules.push_back({"", t.severity, slo::condition_of(t), 0s});
  }
  const test::random_rows rows(7, 6000, 60s);
  const auto e = slo::evaluate(p, three_nines, rows.series());
  std::vector<slo::alert> of_tiers;
  std::vector<slo::alert> of_rules;
  for (const slo::alert& a : e.alerts) (a.tier < n ? of_tiers : of_rules).push_back(a);
  REQUIRE(of_tiers.size() == of_rules.size());
  CHECK(of_tiers.size() > 50);
  for (std::size_t i = 0; i < of_tiers.size(); ++i) {
    CHECK(of_tiers[i].tier + n == of_rules[i].tier);
    CHECK(of_tiers[i].start == of_rules[i].start);
    CHECK(of_tiers[i].end == of_rules[i].end);
    CHECK(of_tiers[i].long_burn_rate == of_rules[i].long_burn_rate);
    CHECK(of_tiers[i].short_burn_rate == of_rules[i].short_burn_rate);
  }
  for (std::size_t k = 0; k < n; ++k) CHECK(e.tiers[k].firing == e.tiers[n + k].firing);
}

TEST_CASE("condition: either window, with failures, and a rule joins the tiers' notifications") {
  // 48 h at 1 and 15 min at 2, as one vendor's template has it.
  const condition slow = slo::all_of({slo::burning(48h, 1), slo::burning(15min, 2)});
  slo::policy p =
      of(slo::any_of({slow, slo::all_of({slo::burning(5min, 20), slo::failures(5min, 3)})}));
  p.rules[0].severity = slo::severity::ticket;
  const auto s = test::event_rows(
      4000, 1min, 100, [](std::size_t i) { return i >= 3000 && i < 3060 ? count{3} : count{0}; });
  const auto e = slo::evaluate(p, three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  CHECK(e.notifications[0].severity == slo::severity::ticket);
  CHECK(slo::severity_of(p, 0) == slo::severity::ticket);
  // 20 * 0.001 * 500 events are 10 failures in 5 min: the fourth bad minute.
  CHECK(e.alerts[0].start == instant(3004min));
  // Reported over the longest and the shortest window: 12 of 288000, 12 of 500.
  CHECK_REL(e.alerts[0].short_burn_rate, 24, 1e-15);  // two roundings
  CHECK_REL(e.alerts[0].long_burn_rate, 12 / 0.001 / 288000, 1e-15);
}

TEST_CASE("condition: silence alerts once the window is over, and not before the series began") {
  const auto s = test::event_rows(60, 1min, 0, [](std::size_t) { return count{0}; });
  const auto e = slo::evaluate(of(slo::silent(10min)), three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  CHECK(e.alerts[0].start == instant(10min));
  CHECK(std::isnan(e.alerts[0].long_burn_rate));
}

TEST_CASE("condition: the default is never true") {
  const auto s = test::event_rows(60, 1min, 10, [](std::size_t) { return count{10}; });
  CHECK(slo::evaluate(of(condition()), three_nines, s).alerts.empty());
}

TEST_CASE("condition: is a value that compares and can be read") {
  const condition a = slo::hold(slo::all_of({slo::burning(1h, 14.4), slo::failures(1h, 3)}), 2min);
  CHECK(a == slo::hold(slo::all_of({slo::burning(1h, 14.4), slo::failures(1h, 3)}), 2min));
  CHECK_FALSE(a == slo::hold(slo::all_of({slo::burning(1h, 14.4), slo::failures(1h, 4)}), 2min));
  CHECK(to_string(a) == "hold(all_of(burning(3600 s, 14.4), failures(3600 s, 3)), 120 s)");
  CHECK(to_string(slo::any_of({slo::traffic(5min, 10), slo::silent(60s)})) ==
        "any_of(traffic(300 s, 10), silent(60 s))");
  CHECK(to_string(slo::significant(1h, {1e-4, 1.0, 3.0})) ==
        "significant(3600 s, p 1e-04, burn rate 1, dispersion 3)");
  CHECK(a.length() == 2min);
  CHECK(a.parts()[0].parts()[0].factor() == 14.4);
  CHECK(a.parts()[0].parts()[1].least() == 3);
}

TEST_CASE("condition: refuses what cannot be") {
  CHECK_THROWS_WITH_AS((void)slo::burning(0s, 2),
                       "relia::slo::burning: window must be positive, got 0", std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::burning(1h, 0),
                       "relia::slo::burning: factor must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::failures(1h, 0),
                       "relia::slo::failures: least must be at least 1, got 0", std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::traffic(1h, -1),
                       "relia::slo::traffic: least must be at least 1, got -1", std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::silent(-1s),
                       "relia::slo::silent: window must be positive, got -1000000000",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::all_of({}),
                       "relia::slo::all_of: parts must be at least one condition, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)slo::any_of({}),
                       "relia::slo::any_of: parts must be at least one condition, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)slo::hold(slo::silent(1s), -1s),
                       "relia::slo::hold: least must be at least 0, got -1000000000",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::evaluate(of(slo::silent(1s), -1s), three_nines, {}),
                       "relia::slo::evaluate: hold must be at least 0, got -1000000000",
                       std::domain_error);
}

TEST_SUITE_END();
