// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/explain.hpp>

#include <support/close.hpp>
#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using relia::test::event_rows;

TEST_SUITE_BEGIN("explain");

namespace {

const slo::objective three_nines(0.999);

}  // namespace

TEST_CASE("explain: which window, how fast, at what cost, until when") {
  // Half the budget burns all the time; from minute 1000 on, 40 of 1000 fail. 14.4 * 0.001 * 60000
  // are 864 failures: 22 * 40 and 38 / 2 before them make 899, where 21 * 40 and 20 make 860.
  const auto s = event_rows(1100, 1min, 1000,
                            [](std::size_t i) { return i >= 1000 ? count{40} : count(i % 2); });
  const slo::policy p = slo::workbook_30d();
  const auto e = slo::evaluate(p, three_nines, s);
  REQUIRE(e.alerts[0].tier == 0);
  const slo::explanation why = slo::explain(p, three_nines, s, e.alerts[0]);
  CHECK(e.alerts[0].start == instant(1022min));
  CHECK(why.window == 1h);
  CHECK(why.lasting == real_seconds(22 * 60));
  CHECK_REL(why.burn_rate, 899.0 / 60, 1e-15);     // two roundings
  CHECK_REL(why.spent, 40.0 * 22 / 43200, 1e-15);  // burn rate 40 for 22 min of 30 d
  CHECK_REL(why.empty_in.count(), 2592000 * 60.0 / 899, 1e-15);
  CHECK(why.text == "page: 1 h = 15x, 2 % of the budget in 22 min, a full budget is empty in 2 d");
}

TEST_CASE("explain: a burn rate of 23 over an hour empties a budget of 30 d in 31 h") {
  // 37 min at 37.3 times the budget.
  slo::policy p{"", std::chrono::days(30), {{1h, 5min, 23, slo::severity::page}}, {}, {}};
  const auto s =
      event_rows(400, 1min, 10000, [](std::size_t i) { return i >= 300 ? count{373} : count{0}; });
  const auto e = slo::evaluate(p, three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  CHECK(slo::explain(p, three_nines, s, e.alerts[0]).text ==
        "page: 1 h = 23x, 3.2 % of the budget in 37 min, a full budget is empty in 31 h");
}

TEST_CASE("explain: rules by their name, and silence") {
  slo::policy p{"", std::chrono::days(28), {}, {}, {}};
  p.rules.push_back({"slow burn", slo::severity::ticket,
                     slo::all_of({slo::burning(15min, 2), slo::burning(48h, 1)}), 0s});
  p.rules.push_back({"", slo::severity::page, slo::silent(10min), 0s});
  const auto s = event_rows(4000, 1min, 1000,
                            [](std::size_t i) { return i >= 3000 ? count{1000} : count{0}; });
  const auto e = slo::evaluate(p, three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  const auto why = slo::explain(p, three_nines, s, e.alerts[0]);
  CHECK(why.window == 48h);
  CHECK(why.text.starts_with("slow burn: 2 d = 1x, 7.4 % of the budget in 3 min"));
  const auto quiet = event_rows(20, 1min, 0, [](std::size_t) { return count{0}; });
  const auto silence = slo::evaluate(p, three_nines, quiet);
  REQUIRE(silence.alerts.size() == 1);
  CHECK(slo::explain(p, three_nines, quiet, silence.alerts[0]).text ==
        "page: nothing burns in 10 min");
}

TEST_CASE("explain: refuses an alert of another policy") {
  slo::alert a;
  a.tier = 4;
  CHECK_THROWS_WITH_AS((void)slo::explain(slo::workbook_30d(), three_nines, {}, a),
                       "relia::slo::explain: of.tier must be a tier or rule of the policy, got 4",
                       std::invalid_argument);
}

TEST_SUITE_END();
