// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <incident/make.hpp>
#include <sstream>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/incident/downtime.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::incident;
using test::as_of;
using test::from_to;
using test::minute;

TEST_SUITE_BEGIN("downtime");

namespace {

period between(long from, long to) { return {minute(from), minute(to)}; }

}  // namespace

TEST_CASE("downtime: the union and the sum of the reference cases") {
  for (const auto& row : test::csv_table("incident/downtime.csv")) {
    CAPTURE(row.text("name"));
    std::vector<timeline> rows;
    std::istringstream cells(row.text("incidents_min"));
    for (std::string cell; cells >> cell;) {
      const auto dots = cell.find("..");
      const std::string end = cell.substr(dots + 2);
      rows.push_back(from_to(std::stol(cell.substr(0, dots)),
                             end == "open" ? std::nullopt : std::optional(std::stol(end))));
    }
    const history h = as_of(row.integer("now_min"), rows);
    const downtime_report d = downtime(h, between(row.integer("from_min"), row.integer("to_min")));
    CHECK(d.down == std::chrono::minutes(row.integer("union_min")));
    CHECK(d.sum == std::chrono::minutes(row.integer("sum_min")));
    CHECK(d.most_at_once == row.integer("most_at_once"));
    CHECK(static_cast<count>(d.episodes.size()) == row.integer("episodes"));
    CHECK_ULP(d.availability, row.number("availability"), 1);  // one division
  }
}

TEST_CASE("downtime: never more than the window, however long the incidents") {
  // kuvasz-uptime/kuvasz#219: more than seven days down in seven days.
  const downtime_report d =
      downtime(as_of(50'000, {from_to(-20'000, 30'000), from_to(100, 40'000)}), between(0, 10'080));
  CHECK(d.down == std::chrono::minutes(10'080));
  CHECK(d.unavailability == 1.0);
  CHECK(d.availability == 0.0);  // icinga-core#1193, uptime-monitor#287: negative
  CHECK(d.overlap() == std::chrono::minutes(9'980));
}

TEST_CASE("downtime: an open incident runs to as_of, and so does the window") {
  const downtime_report d = downtime(as_of(60, {from_to(50, std::nullopt)}), between(0, 240));
  CHECK(d.window == between(0, 60));
  CHECK(d.down == std::chrono::minutes(10));
  CHECK(d.n_open == 1);
  CHECK_ULP(d.unavailability, 1.0 / 6, 1);
}

TEST_CASE("downtime: impact ends at mitigation, at the latest at resolution") {
  timeline mitigated = from_to(0, 60);
  mitigated.mitigated = minute(20);
  timeline late;  // mitigated, and the resolution not written down
  late.started = minute(100);
  late.mitigated = minute(110);
  const history h = as_of(1000, {mitigated, from_to(200, 230), late});
  const downtime_report d = downtime(h, between(0, 1000));
  CHECK(d.down == std::chrono::minutes(60));
  CHECK(d.substituted == 1);
  CHECK(d.n_open == 0);
  const downtime_report resolved = downtime(h, between(0, 1000), {.how = until_resolved});
  CHECK(resolved.down == std::chrono::minutes(60 + 900));  // open from 100, over the other
  CHECK(resolved.n_open == 1);
}

TEST_CASE("downtime: incidents without a start or an end are listed, not counted as zero") {
  timeline no_start;
  no_start.resolved = minute(30);
  const downtime_report d =
      downtime(as_of(100, {no_start, from_to(40, std::nullopt), from_to(0, 5)},
                     {.blank_end = blank_end::unknown}),
               between(0, 100));
  CHECK(d.down == std::chrono::minutes(5));
  CHECK(d.incidents == 1);
  REQUIRE(d.left_out.size() == 2);
  CHECK(d.left_out[0].why == reason::missing_from);
  CHECK(d.left_out[1].why == reason::unknown_end);
}

TEST_CASE("downtime: planned work is left out unless asked for") {
  timeline planned = from_to(0, 30);
  planned.planned = true;
  const history h = as_of(100, {planned, from_to(20, 40)});
  CHECK(downtime(h, between(0, 100)).down == std::chrono::minutes(20));
  CHECK(downtime(h, between(0, 100), {.select = {.planned = std::nullopt}}).down ==
        std::chrono::minutes(40));
}

TEST_CASE("downtime: of each service apart, overlaps between services are not merged") {
  timeline api = from_to(0, 30);
  api.service = "api";
  timeline web = from_to(20, 40);
  web.service = "web";
  const auto services = downtime_by_service(as_of(100, {web, api, api}), between(0, 100));
  REQUIRE(services.size() == 2);
  CHECK(services[0].service == "api");
  CHECK(services[0].downtime.down == std::chrono::minutes(30));
  CHECK(services[0].downtime.most_at_once == 2);
  CHECK(services[1].downtime.down == std::chrono::minutes(20));
}

TEST_CASE("downtime: a window that has not begun has no data") {
  const downtime_report d = downtime(as_of(-5, {}), between(0, 240));
  CHECK(d.state == state::no_data);
  CHECK(d.unavailability != d.unavailability);
  CHECK(downtime(as_of(100, {}), between(0, 100)).unavailability == 0.0);
}

TEST_CASE("downtime: refuses a definition that runs backwards") {
  CHECK_THROWS_WITH_AS(
      (void)downtime(as_of(0, {}), between(0, 1),
                     {.how = {.from = milestone::resolved, .to = milestone::started}}),
      "relia::incident::downtime: how.to must be a later milestone than how.from, got \"started\"",
      std::invalid_argument);
}

TEST_SUITE_END();
