// SPDX-License-Identifier: BSL-1.0
#include <filesystem>
#include <functional>
#include <string>

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <relia/io/data.hpp>

#include <support/temporary.hpp>

using namespace relia;
using relia::test::temporary_file;

TEST_SUITE_BEGIN("data");

namespace {

/// The block `text` with FILE replaced by the file's name, and the folder it is in.
template <class Read>
auto read_block(const temporary_file& file, std::string text, Read read) {
  const std::filesystem::path path(file.path());
  text.replace(text.find("FILE"), 4, path.filename().string());
  const io::yaml_map block(YAML::Load(text), "rules.yaml", "the block");
  io::data_files files((path.parent_path() / "rules.yaml").string());
  return read(block, files);
}

}  // namespace

TEST_CASE("read_requests: columns by name, rows by value, times in the unit given") {
  const temporary_file file("level,sent,took\n10,0,250\n20,5,100\n10,1000,300\n");
  const auto [table, notes] =
      read_block(file, "{file: FILE, where: {level: 10}, unit: ms, arrival: sent, latency: took}",
                 io::read_requests);
  CHECK(table.rows == 2);
  CHECK(table.arrivals == std::vector<double>{0.0, 1.0});
  CHECK(table.latencies == std::vector<double>{0.25, 0.3});
  CHECK(table.services.empty());
  CHECK(notes.empty());
}

TEST_CASE("read_requests: the unit is required and a negative time is damage") {
  const temporary_file file("took\n1\n-2\nabc\n");
  CHECK_THROWS_AS(read_block(file, "{file: FILE, latency: took}", io::read_requests),
                  io::read_error);
  CHECK_THROWS_AS(read_block(file, "{file: FILE, unit: parsec, latency: took}", io::read_requests),
                  io::read_error);
  CHECK_THROWS_AS(read_block(file, "{file: FILE, unit: s, latency: took}", io::read_requests),
                  io::read_error);
  const auto [table, notes] = read_block(
      file, "{file: FILE, unit: s, latency: took, damaged_at_most: 2}", io::read_requests);
  CHECK(table.rows == 1);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0] ==
        "2 damaged rows left out: line 3 expected a time of at least 0, found -2; line 4 expected "
        "a number, found "
        "\"abc\"");
}

TEST_CASE("read_series: duplicates, disorder and gaps are noted") {
  const temporary_file file(
      "at,used\n2026-01-01T00:00:00Z,1\n2026-01-01T02:00:00Z,3\n2026-01-01T01:00:00Z,2\n2026-01-"
      "01T01:00:00Z,2.5\n"
      "2026-01-01T09:00:00Z,9\n");
  const auto [data, notes] =
      read_block(file, "{file: FILE, time: at, value: used}", io::read_series);
  CHECK(data.size() == 4);
  CHECK(notes.size() == 3);
}

TEST_CASE("read_incidents: blank stamps are not known, damaged rows are kept aside by line") {
  const temporary_file file(
      "id,started_at,resolved_at,severity,planned\n"
      "a,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,high,false\n"
      "b,2026-01-02T00:00:00Z,,low,false\n"
      "c,2026-01-03T01:00:00Z,2026-01-03T00:00:00Z,low,true\n");
  const auto [history, notes] =
      read_block(file, "{file: FILE, as_of: 2026-02-01T00:00:00Z}", io::read_incidents);
  CHECK(history.given() == 3);
  CHECK(history.kept().size() == 2);
  CHECK(history.kept()[1].open == true);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].starts_with("1 incidents kept aside: line 4"));
  const auto unknown = read_block(
      file, "{file: FILE, as_of: 2026-02-01T00:00:00Z, blank_end: unknown}", io::read_incidents);
  CHECK(unknown.data.kept()[1].open == false);
  CHECK_THROWS_AS(read_block(file, "{file: FILE, as_of: 2026-02-01T00:00:00Z, started: begin}",
                             io::read_incidents),
                  io::read_error);
}

TEST_SUITE_END();
