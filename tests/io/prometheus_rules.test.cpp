// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/io/prometheus_rules.hpp>
#include <relia/slo/evaluate_counters.hpp>

#include "support/promtool.hpp"

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("prometheus_rules");

namespace {

constexpr duration ms(std::int64_t n) { return std::chrono::milliseconds(n); }

std::int64_t in_ms(duration d) { return d / ms(1); }

sli::counter counter_of(const test::promtool_series& s) {
  std::vector<instant> times;
  std::vector<double> values;
  for (const auto& [at, value] : s.samples) {
    times.push_back(instant(ms(at)));
    values.push_back(value);
  }
  return {times, values};
}

/// What Prometheus' ALERTS must show at each evaluation, by our reckoning; how many it shows.
std::size_t expect_alerts(test::promtool_test& into, const io::prometheus_slo& s,
                          const slo::event_counters& counters, std::int64_t until,
                          const sli::counter_preset& preset) {
  const slo::evaluation ours =
      slo::evaluate_counters(s.policy, s.goal, counters,
                             {instant{}, instant(ms(until)), ms(into.every)}, {.preset = preset});
  std::size_t firing = 0;
  for (std::int64_t at = 0; at <= until; at += into.every) {
    test::promtool_expectation e{R"(ALERTS{alertstate="firing"})", at, {}};
    for (const slo::alert& a : ours.alerts) {
      const instant t(ms(at));
      if (t < a.start || t > a.end || (t == a.end && !a.open)) continue;
      const auto severity = std::string(to_string(severity_of(s.policy, a.tier)));
      const std::size_t tiers = s.policy.tiers.size();
      const std::string rule =
          a.tier < tiers ? "" : R"(", rule=")" + s.policy.rules[a.tier - tiers].name;
      e.samples.emplace_back(R"(ALERTS{alertname="ErrorBudgetBurn", alertstate="firing)" + rule +
                                 R"(", severity=")" + severity + R"(", slo=")" + s.name +
                                 R"(", tier=")" + std::to_string(a.tier) + R"("})",
                             1);
    }
    firing += e.samples.size();
    into.expected.push_back(std::move(e));
  }
  return firing;
}

void expect_ratio(test::promtool_test& into, const io::prometheus_slo& s,
                  const slo::event_counters& counters, std::int64_t until, duration window,
                  const std::string& written, const sli::counter_preset& preset) {
  for (std::int64_t at = 0; at <= until; at += into.every) {
    const auto grown = slo::event_increase(counters, instant(ms(at)), window, {.preset = preset});
    test::promtool_expectation e{"slo:error_ratio:increase" + written, at, {}};
    if (grown.state == state::ok && grown.valid > 0) {
      e.samples.emplace_back("slo:error_ratio:increase" + written + R"({slo=")" + s.name + R"("})",
                             grown.error_ratio());
    }
    into.expected.push_back(std::move(e));
  }
}

/// Two instances with three codes each, scraped about every 15 s for three hours: quiet spells,
/// incidents, restarts, gaps, and an error series that is born with its first error.
std::vector<test::promtool_series> random_series(std::uint64_t seed, std::int64_t until) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  std::vector<test::promtool_series> all;
  for (const char* instance : {"a", "b"}) {
    std::map<std::string, std::vector<std::pair<std::int64_t, double>>> by_code;
    std::map<std::string, double> value;
    std::int64_t errors_of_thousand = 0;
    const std::int64_t traffic = 1 + below(40);
    for (std::int64_t t = 1000 * below(20); t <= until; t += 1000 * (13 + below(5))) {
      if (below(60) == 0) errors_of_thousand = below(3) == 0 ? 1000 : below(200);
      if (below(20) == 0) errors_of_thousand = 0;
      if (below(400) == 0) value.clear();
      if (below(100) == 0) t += 60000 + 1000 * below(300);
      if (t > until) break;
      for (std::int64_t i = below(static_cast<std::uint64_t>(traffic)); i > 0; --i) {
        const bool bad = below(1000) < errors_of_thousand;
        value[bad ? "500" : below(10) == 0 ? "404" : "200"] += 1;
      }
      for (const auto& [code, v] : value) by_code[code].emplace_back(t, v);
    }
    for (auto& [code, samples] : by_code) {
      all.push_back({R"(http_requests_total{code=")" + code + R"(", instance=")" + instance + "\"}",
                     std::move(samples)});
    }
  }
  std::sort(all.begin(), all.end(),
            [](const auto& x, const auto& y) { return x.labels < y.labels; });
  return all;
}

slo::policy random_policy(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto one_of = [&](std::initializer_list<int> all) {
    return *(all.begin() + static_cast<std::ptrdiff_t>(random() % all.size()));
  };
  slo::policy p{"random", std::chrono::days(30), {}, {}, {}};
  for (int i = 0; i < 4; ++i) {
    slo::tier t{one_of({10, 20, 45, 60}) * 1min, one_of({60, 90, 120, 300}) * 1s,
                one_of({10, 20, 60, 144}) / 10.0,
                i % 2 == 0 ? slo::severity::page : slo::severity::ticket};
    t.min_failures = one_of({1, 1, 2, 5});
    t.min_events = one_of({0, 0, 50, 500});
    t.hold = one_of({0, 0, 1, 3}) * 1min;
    if (t.factor >= 6) t.evidence.p_value = one_of({1, 10, 1000}) == 1 ? 1.0 : 1e-4;
    if (t.factor >= 6 && one_of({0, 1}) == 1) t.evidence.dispersion = 3;
    p.tiers.push_back(t);
  }
  const duration window = one_of({15, 30}) * 1min;
  p.rules.push_back(
      {"tree", slo::severity::page,
       slo::all_of({slo::any_of({slo::burning(window, 6), slo::failures(window, 40)}),
                    slo::any_of({slo::burning(2min, 20), slo::traffic(10min, 2000),
                                 slo::all_of({slo::burning(5min, 8), slo::failures(5min, 2),
                                              slo::significant(5min, {.p_value = 1e-3})})})}),
       one_of({0, 1}) * 1min});
  p.rules.push_back({"silence", slo::severity::ticket, slo::hold(slo::silent(1min), 1min), 0s});
  return p;
}

struct groups {
  std::vector<sli::counter> bad{}, good{}, valid{};
};

groups counters_of(const std::vector<test::promtool_series>& all) {
  groups g;
  for (const auto& s : all) {
    const bool bad = s.labels.find("500") != std::string::npos;
    (bad ? g.bad : g.good).push_back(counter_of(s));
    g.valid.push_back(counter_of(s));
  }
  return g;
}

const io::event_selectors bad_and_good{R"(http_requests_total{code="500"})",
                                       R"(http_requests_total{code!="500"})", ""};
const io::event_selectors bad_and_valid{R"(http_requests_total{code="500"})", "",
                                        "http_requests_total"};
const io::event_selectors good_and_valid{"", R"(http_requests_total{code!="500"})",
                                         "http_requests_total"};

io::prometheus_slo an_slo(slo::policy p = slo::workbook_30d()) {
  return {"checkout", slo::objective(0.99), std::move(p), bad_and_good, {}, {}, {}};
}

}  // namespace

TEST_CASE("prometheus_rules: promtool accepts what is written") {
  io::prometheus_slo s = an_slo();
  s.by = {"route", "tenant"};
  s.labels = {{"team", "it's \"web\" # 1"}};
  s.interval = 30s;
  s.policy.tiers[0].hold = 90s;
  s.policy.tiers[0].min_failures = 3;
  s.policy.tiers[1].min_events = 100;
  s.policy.tiers[1].evidence = {.p_value = 1e-4, .burn_rate = 1, .dispersion = 3};
  io::prometheus_slo other = an_slo();
  other.name = "a \"quoted\\ name: true";
  other.events = bad_and_valid;
  io::prometheus_slo third = an_slo();
  third.name = "true";
  third.events = good_and_valid;
  const std::vector<io::prometheus_slo> all{s, other, third};
  const auto judged = test::check_rules(io::to_prometheus_rules(all));
  INFO(judged.output);
  CHECK(judged.status == 0);
  // Seven windows of three records and four tiers, thrice.
  CHECK(judged.output.find("SUCCESS: 75 rules found") != std::string::npos);
}

TEST_CASE("prometheus_rules: Prometheus fires when evaluate_counters does, over random series") {
  constexpr std::int64_t until = 2 * 3600 * 1000;
  const auto preset = test::promtool_preset();
  std::size_t firing = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    io::prometheus_slo s = an_slo(random_policy(seed));
    s.events = seed % 3 == 0 ? bad_and_good : seed % 3 == 1 ? bad_and_valid : good_and_valid;
    test::promtool_test t{"random", 1000, 60000, random_series(seed, until), {}};
    const groups g = counters_of(t.series);
    slo::event_counters counters;
    if (!s.events.bad.empty()) counters.bad = g.bad;
    if (!s.events.good.empty()) counters.good = g.good;
    if (!s.events.valid.empty()) counters.valid = g.valid;
    firing += expect_alerts(t, s, counters, until, preset);
    const auto judged = test::test_rules(io::to_prometheus_rules(s), {t});
    INFO("seed ", seed, "\n", judged.output.substr(0, 4000));
    CHECK(judged.status == 0);
  }
  CHECK(firing > 100);
  CHECK(firing < 1500);  // of 8 x 121 evaluations of six alerts: neither never nor always
}

TEST_CASE("prometheus_rules: a firing that is off by one evaluation is found out") {
  constexpr std::int64_t until = 3600 * 1000;
  slo::policy p{"", std::chrono::days(30), {{10min, 1min, 1, slo::severity::page}}, {}, {}};
  const io::prometheus_slo s = an_slo(p);
  test::promtool_test t{"off", 1000, 60000, random_series(5, until), {}};
  test::promtool_test late = t;
  const groups g = counters_of(t.series);
  const slo::event_counters counters{.bad = g.bad, .good = g.good};
  REQUIRE(expect_alerts(t, s, counters, until, test::promtool_preset()) > 0);
  CHECK(test::test_rules(io::to_prometheus_rules(s), {t}).status == 0);
  p.tiers[0].hold = 1min;
  (void)expect_alerts(late, an_slo(p), counters, until, test::promtool_preset());
  CHECK(test::test_rules(io::to_prometheus_rules(s), {late}).status != 0);
}

TEST_CASE("prometheus_rules: a total outage fires though no good answer was ever counted") {
  constexpr std::int64_t until = 600 * 1000;
  test::promtool_test t{"outage", 1000, 60000, {}, {}};
  t.series.push_back({R"(http_requests_total{code="500"})", {}});
  for (std::int64_t at = 0; at <= until; at += 15000) {
    t.series[0].samples.emplace_back(at, static_cast<double>(at / 15000));
  }
  const io::prometheus_slo s =
      an_slo({"", std::chrono::days(30), {{5min, 1min, 14.4, slo::severity::page}}, {}, {}});
  const std::vector<sli::counter> bad{counter_of(t.series[0])};
  const slo::event_counters counters{.bad = bad, .good = std::span<const sli::counter>{}};
  CHECK(expect_alerts(t, s, counters, until, test::promtool_preset()) > 5);
  expect_ratio(t, s, counters, until, 1min, "1m", test::promtool_preset());
  const auto judged = test::test_rules(io::to_prometheus_rules(s), {t});
  INFO(judged.output.substr(0, 4000));
  CHECK(judged.status == 0);
}

TEST_CASE("prometheus_rules: labels that have their own alerts") {
  // Only route b fails; route a has no series of errors at all.
  constexpr std::int64_t until = 600 * 1000;
  test::promtool_test t{"routes", 1000, 60000, {}, {}};
  for (const char* labels : {R"(http_requests_total{code="200",route="a"})",
                             R"(http_requests_total{code="200",route="b"})",
                             R"(http_requests_total{code="500",route="b"})"}) {
    test::promtool_series one{labels, {}};
    for (std::int64_t at = 0; at <= until; at += 15000) {
      one.samples.emplace_back(at, static_cast<double>(at / 15000));
    }
    t.series.push_back(std::move(one));
  }
  io::prometheus_slo s =
      an_slo({"", std::chrono::days(30), {{5min, 1min, 14.4, slo::severity::page}}, {}, {}});
  s.by = {"route"};
  s.labels = {{"team", "web"}};
  t.expected.push_back(
      {R"(ALERTS{alertstate="firing"})",
       until,
       {{R"(ALERTS{alertname="ErrorBudgetBurn",alertstate="firing",route="b",severity="page",slo="checkout",team="web",tier="0"})",
         1}}});
  t.expected.push_back(
      {"slo:error_ratio:increase1m",
       until,
       {{R"(slo:error_ratio:increase1m{route="a",slo="checkout",team="web"})", 0},
        {R"(slo:error_ratio:increase1m{route="b",slo="checkout",team="web"})", 0.5}}});
  const auto judged = test::test_rules(io::to_prometheus_rules(s), {t});
  INFO(judged.output.substr(0, 4000));
  CHECK(judged.status == 0);
}

TEST_CASE("prometheus_rules: the recorded service, its ratios and its firing times") {
  // examples/web_pool: 2 s scrapes off the grid by milliseconds, a restart, and an incident of 15
  // %.
  const auto recorded = io::read_prometheus(std::string(RELIA_TEST_DATA) +
                                            "/../../examples/web_pool/data/prometheus_raw.json");
  instant begin = recorded.at(0).times.at(0);
  instant end = begin;
  for (const auto& s : recorded) {
    begin = std::min(begin, s.times.front());
    end = std::max(end, s.times.back());
  }
  begin = std::chrono::floor<std::chrono::seconds>(begin);
  const std::int64_t until = in_ms(std::chrono::floor<std::chrono::seconds>(end - begin));
  test::promtool_test t{"recorded", 1, 5000, {}, {}};
  for (const auto& s : recorded) {
    test::promtool_series one{"http_requests_total{code=\"" + s.labels.at("code") + "\"}", {}};
    for (std::size_t i = 0; i < s.times.size(); ++i) {
      one.samples.emplace_back(in_ms(s.times[i] - begin), s.values[i]);
    }
    t.series.push_back(std::move(one));
  }
  std::sort(t.series.begin(), t.series.end(),
            [](const auto& x, const auto& y) { return x.labels < y.labels; });
  const groups g = counters_of(t.series);
  const slo::event_counters counters{.bad = g.bad, .good = g.good};
  const io::prometheus_slo s = an_slo({"",
                                       std::chrono::days(30),
                                       {{1min, 10s, 10, slo::severity::page},
                                        {5min, 30s, 6, slo::severity::page, 10, 100, 10s},
                                        {10min, 1min, 1, slo::severity::ticket}},
                                       {}});
  const auto preset = test::promtool_preset();
  const std::size_t firing = expect_alerts(t, s, counters, until, preset);
  CHECK(firing > 20);
  CHECK(firing < 300);
  for (const auto& [window, written] :
       std::vector<std::pair<duration, std::string>>{{10s, "10s"}, {1min, "1m"}, {10min, "10m"}}) {
    expect_ratio(t, s, counters, until, window, written, preset);
  }
  const auto judged = test::test_rules(io::to_prometheus_rules(s), {t});
  INFO(judged.output.substr(0, 4000));
  CHECK(judged.status == 0);
}

TEST_CASE(
    "prometheus_rules: evidence as a ladder of counts, as long as the factor does not imply it") {
  io::prometheus_slo s = an_slo(
      {"", {}, {{1h, 5min, 14.4, slo::severity::page, 3, 0, 0s, {.p_value = 1e-4}}}, {}, {}});
  // P(X >= 3 | m) = 1e-4 at m = 0.0861761, P(X >= 4 | m) at 0.231797, P(X >= 5 | m) at 0.444460,
  // and 5 + 1 events at 14.4 times what is expected have at most 6 / 14.4 = 0.417 beside them.
  // By mpmath 1.3.0, 50 digits: findroot of log(gammainc(k, 0, m, regularized=True)) - log(1e-4).
  const std::string rules = io::to_prometheus_rules(s);
  const auto steps = rules.find("and (");
  REQUIRE(steps != std::string::npos);
  const std::string ladder = rules.substr(steps, rules.find(')', steps) - steps);
  CHECK(ladder.find(">= 5\n") != std::string::npos);
  CHECK(ladder.find(">= 4 and slo:valid_events:increase1h{slo=\"checkout\"} * 0.01 <= 0.2317") !=
        std::string::npos);
  CHECK(ladder.find(">= 3 and slo:valid_events:increase1h{slo=\"checkout\"} * 0.01 <= 0.08617") !=
        std::string::npos);
  CHECK(ladder.find(">= 2 ") == std::string::npos);  // min_failures asks for 3
  s.policy.tiers[0].min_failures = 5;
  CHECK(io::to_prometheus_rules(s).find("and (") == std::string::npos);
  s.policy.tiers[0].factor = 1;
  CHECK_THROWS_WITH_AS((void)io::to_prometheus_rules(s),
                       "relia::io::to_prometheus_rules: evidence must be what a factor over the "
                       "same window implies from "
                       "some number of failures on, as one well above evidence.burn_rate does "
                       "(PromQL has no other exact "
                       "form: ask for min_failures, or for a larger factor), got \"p_value 1e-04 "
                       "against burn rate 1 at "
                       "factor 1\"",
                       std::invalid_argument);
}

TEST_CASE("prometheus_rules: what no rule can be made of") {
  const auto with = [](auto change) {
    io::prometheus_slo s = an_slo();
    change(s);
    return io::to_prometheus_rules(s);
  };
  const auto bad = [&](const char* text) {
    return [&with, text] { (void)with([text](auto& s) { s.events.bad = text; }); };
  };
  const std::string head =
      "relia::io::to_prometheus_rules: bad must be a selector of counters such as "
      "http_requests_total{code=\"500\"}";
  CHECK_THROWS_WITH_AS(
      bad("errors[5m]")(),
      (head + " (without a range: the windows are the policy's), got \"errors[5m]\"").c_str(),
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      bad("rate(errors)")(),
      (head + " (without functions: the rules take increase() of each counter, then "
              "sum, so that restarts are seen), got \"rate(errors)\"")
          .c_str(),
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      bad("avg_over_time(job:errors:ratio5m)")(),
      (head +
       " (a mean of ratios weighs a minute of 10 requests as one of 1000: half the time "
       "1000/min without errors and half 10/min with 5 % of them is 2.5 %, where 0.0495 % of "
       "the requests failed), got \"avg_over_time(job:errors:ratio5m)\"")
          .c_str(),
      std::invalid_argument);
  for (const char* text : {"a{", "a{b=\"}\"", "a b", "1", "a{}{}", "{", "a{{}"}) {
    CHECK_THROWS_AS(bad(text)(), std::invalid_argument);
  }
  for (const char* text : {"a", ":a:b", "{__name__=~\"a|b\"}", "a{b=\"}\\\"{\", c='}'}"}) {
    CHECK(with([text](auto& s) { s.events.bad = text; }).find("groups") == 0);
  }
  CHECK_THROWS_WITH_AS(with([](auto& s) { s.events.valid = "all"; }),
                       "relia::io::to_prometheus_rules: the selectors given must be exactly two of "
                       "bad, good and valid, got 3",
                       std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.events.good = s.events.bad; }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.name = ""; }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.name = "two\nlines"; }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.by = {"tier"}; }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.labels = {{"1st", "x"}}; }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.policy.tiers.clear(); }), std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.policy.tiers[0].factor = 0; }), std::domain_error);
  CHECK_THROWS_AS(with([](auto& s) { s.policy.tiers[0].min_failures = 0; }), std::domain_error);
  CHECK_THROWS_WITH_AS(
      with([](auto& s) { s.policy.tiers[0].short_window = 1us; }),
      "relia::io::to_prometheus_rules: a window must be a positive whole number of "
      "milliseconds, got 1e-06",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      with([](auto& s) {
        s.policy.rules = {
            {"", slo::severity::page, slo::any_of({slo::hold(slo::failures(1h, 2), 60s)})}};
      }),
      "relia::io::to_prometheus_rules: a condition must be held as a whole (\"for:\" is "
      "of an alert, not of its parts), got \"hold(failures(3600 s, 2), 60 s)\"",
      std::invalid_argument);
  CHECK_THROWS_AS(with([](auto& s) { s.policy.rules = {slo::alert_rule{}}; }),
                  std::invalid_argument);
  const std::vector<io::prometheus_slo> twice{an_slo(), an_slo()};
  CHECK_THROWS_WITH_AS((void)io::to_prometheus_rules(twice),
                       "relia::io::to_prometheus_rules: name must be given once, got \"checkout\"",
                       std::invalid_argument);
}

TEST_SUITE_END();
