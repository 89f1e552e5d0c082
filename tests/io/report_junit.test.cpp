// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>
#include <pugixml.hpp>

#include <relia/io/report_junit.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report_junit");

TEST_CASE("to_junit: well-formed whatever the names hold; inconclusive is an error") {
  pugi::xml_document xml;
  REQUIRE(xml.load_string(io::to_junit(three_verdicts()).c_str()));
  const auto suite = xml.child("testsuites").child("testsuite");
  CHECK(suite.attribute("tests").as_int() == 3);
  CHECK(suite.attribute("failures").as_int() == 1);
  CHECK(suite.attribute("errors").as_int() == 1);
  CHECK(std::string(suite.first_child().attribute("name").value()) == "p99 <of> a|b:   100%, done");
}

TEST_SUITE_END();
