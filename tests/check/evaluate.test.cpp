// SPDX-License-Identifier: BSL-1.0
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <relia/check/evaluate.hpp>

using namespace relia;

TEST_SUITE_BEGIN("evaluate");

namespace {

check::item ratio(count good, count bad, double target) {
  return {"answers",
          {"capacity.yaml", 3},
          check::sli_ratio{aggregate::counts(good, bad)},
          {sense::at_least, target, 0.95},
          false,
          {"2 rows left out"}};
}

}  // namespace

TEST_CASE("rules: each has a name of its own, an area and an example that names it") {
  std::set<std::string_view> names;
  for (const check::rule_info& info : check::rules()) {
    CAPTURE(info.name);
    CHECK(names.insert(info.name).second);
    CHECK(info.name.find('.') != std::string_view::npos);
    CHECK(info.example.find("rule: " + std::string(info.name)) != std::string_view::npos);
    CHECK(info.question.ends_with('?'));
  }
}

TEST_CASE("evaluate: carries the place, the limit and the notes to the verdict") {
  const check::result r = check::evaluate(ratio(100000, 10, 0.99));
  CHECK(r.decision.verdict == verdict::pass);
  CHECK(r.rule == "sli.ratio");
  CHECK(r.where.text() == "capacity.yaml:3");
  CHECK(r.measured.notes.front() == "2 rows left out");
  CHECK(r.measured.interval.confidence_level == two_sided_level(0.95));
}

TEST_CASE("evaluate: exactly on target passes a census and is inconclusive as a sample") {
  check::item item = ratio(999, 1, 0.999);
  CHECK(check::evaluate(item).decision.verdict == verdict::inconclusive);
  item.census = true;
  CHECK(check::evaluate(item).decision.verdict == verdict::pass);
  item.rule = check::sli_ratio{aggregate::counts(998, 2)};
  CHECK(check::evaluate(item).decision.verdict == verdict::fail);
}

TEST_CASE("evaluate: an unstable queue fails with its load, whatever reading its data noted") {
  check::item item = ratio(1, 0, 0.5);
  item.rule = check::queueing_response{300, 60, 80, 80, 2};  // 5 arrivals/s of 1 s each
  item.limit = {sense::at_most, 10, 0.95};
  const check::result r = check::evaluate(item);
  CHECK(r.decision.verdict == verdict::fail);
  CHECK(r.decision.reason == "unstable: the load is 5 of 2 servers");
  CHECK(r.measured.notes.front() == "2 rows left out");
}

TEST_CASE("evaluate: no data is inconclusive, as a census too") {
  check::item item = ratio(0, 0, 0.5);
  CHECK(check::evaluate(item).decision.verdict == verdict::inconclusive);
  item.census = true;
  CHECK(check::evaluate(item).decision.verdict == verdict::inconclusive);
}

TEST_SUITE_END();
