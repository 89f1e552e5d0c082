// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/io/quantity.hpp>
#include <relia/io/yaml.hpp>

#include <support/temporary.hpp>

using namespace relia;
using relia::test::temporary_file;

TEST_SUITE_BEGIN("yaml");

namespace {

std::string error_of(const std::string& text, void (*use)(const io::yaml_map&)) {
  const temporary_file file(text, ".yaml");
  try {
    use(io::read_yaml(file.path()));
  } catch (const io::read_error& e) {
    const std::string what = e.what();
    return what.substr(file.path().size());
  }
  return "no error";
}

}  // namespace

TEST_CASE("yaml_map: an unknown key is named with its line and the nearest key") {
  CHECK(error_of("rule: a\nsevrers: 4\n", [](const io::yaml_map& m) {
          (void)m.required("rule");
          (void)m.optional("servers");
          m.finish();
        }) == ":2: unknown key \"sevrers\"; did you mean \"servers\"? Known: rule, servers");
}

TEST_CASE("yaml_map: a missing key, a key twice, a list where a value belongs") {
  CHECK(error_of("a: 1\n", [](const io::yaml_map& m) { (void)m.required("rule"); }) ==
        ":1: the file needs \"rule\"");
  CHECK(error_of("a: 1\nb: 2\na: 3\n", [](const io::yaml_map&) {}) ==
        ":3: key \"a\" is given twice");
  CHECK(error_of("x: 1\na: [1, 2]\n", [](const io::yaml_map& m) { (void)m.required("a"); }) ==
        ":2: \"a\" must be a single value");
  CHECK(error_of("- 1\n", [](const io::yaml_map&) {}) == ":1: the file must be a mapping of keys");
  CHECK(error_of("checks: []\n", [](const io::yaml_map& m) { (void)m.maps("checks"); }) ==
        ":1: \"checks\" must be a list that is not empty");
}

TEST_CASE("yaml_map: a list of single values") {
  CHECK(error_of("a: [x, y]\n", [](const io::yaml_map& m) {
          REQUIRE(m.texts("a").size() == 2);
          CHECK(m.texts("a")[1].text == "y");
          CHECK(m.texts("b").empty());
        }) == "no error");
  for (const char* text : {"a: x\n", "a: [x, [y]]\n", "a: {x: y}\n"}) {
    CHECK(error_of(text, [](const io::yaml_map& m) { (void)m.texts("a"); }) ==
          ":1: \"a\" must be a list of single values");
  }
}

TEST_CASE("yaml_text: a parser's refusal gains the place") {
  CHECK(error_of("a: 1\nt: 400\n", [](const io::yaml_map& m) {
          (void)m.required("t").as(io::parse_duration);
        }) == ":2: expected a duration such as 400ms, 5min, 6h or 30d, found \"400\"");
}

TEST_CASE("read_yaml: a syntax error has its line, a missing file its name") {
  CHECK(error_of("a: 1\nb: [1\nc: 2\n", [](const io::yaml_map&) {}).substr(0, 3) == ":3:");
  CHECK_THROWS_WITH_AS((void)io::read_yaml("no/such.yaml"), "no/such.yaml: cannot be opened",
                       io::read_error);
}

TEST_CASE("read_yaml: refuses a second document, folders, merge keys and keys that are no words") {
  const auto refusal = [](const std::string& path) {
    try {
      (void)io::read_yaml(path);
    } catch (const io::read_error& e) {
      return std::string(e.what()).substr(path.size());
    }
    return std::string();
  };
  const auto refusal_of = [&](const char* text) { return refusal(temporary_file(text).path()); };
  CHECK(refusal_of("a: 1\n---\na: 2\n") ==
        ":2: begins a second document: write one, without a line of ---");
  CHECK(refusal_of("a: &a {b: 1}\n<<: *a\n").starts_with(":2: merge keys (<<) are not read"));
  CHECK(refusal_of("[a]: 1\n") == ":1: the file has a key that is not a word");
  CHECK(refusal_of("") == ": is empty");
  CHECK(refusal_of(std::string(100'000, '[').c_str()) == ":1: is nested too deeply");
  CHECK(refusal("/") == ": is a folder, not a file");
}

TEST_CASE("read_yaml: a text without end to its documents is refused, not followed") {
  // yaml-cpp 0.7 and 0.8 load null documents for ever: jbeder/yaml-cpp#1319.
  const temporary_file file(",\n");
  CHECK_THROWS_AS((void)io::read_yaml(file.path()), io::read_error);
}

TEST_SUITE_END();
