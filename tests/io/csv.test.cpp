// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/io/csv.hpp>

#include <support/temporary.hpp>

using namespace relia;
using relia::test::temporary_file;

TEST_SUITE_BEGIN("csv");

TEST_CASE("csv_file: quotes, line breaks in fields, a byte-order mark and CRLF") {
  const temporary_file file("\xEF\xBB\xBFname,note\r\na,\"x, \"\"y\"\"\"\r\n\"b\nc\",\r\nlast,1");
  const io::csv_file csv(file.path());
  REQUIRE(csv.rows().size() == 3);
  CHECK(csv.column("name") == 0);
  CHECK(csv.rows()[0].fields[1] == "x, \"y\"");
  CHECK(csv.rows()[1].fields[0] == "b\nc");
  CHECK(csv.rows()[1].fields[1].empty());
  CHECK(csv.rows()[2].fields[0] == "last");
  CHECK(csv.damaged().empty());
}

TEST_CASE("csv_file: rows of another width are kept aside with their line") {
  const temporary_file file("a,b\n1,2\n3\n4,5,6\n7,8\n");
  const io::csv_file csv(file.path());
  CHECK(csv.rows().size() == 2);
  REQUIRE(csv.damaged().size() == 2);
  CHECK(csv.damaged()[0].line == 3);
  CHECK(csv.damaged()[0].why == "has 1 fields, not 2");
  CHECK(csv.damaged()[1].line == 4);
  CHECK(csv.rows()[1].line == 5);
}

TEST_CASE("csv_file: refuses what is not there, empty or not CSV, and names the columns it has") {
  CHECK_THROWS_AS(io::csv_file("no/such/file.csv"), io::read_error);
  const temporary_file empty("");
  CHECK_THROWS_AS(io::csv_file{empty.path()}, io::read_error);
  const temporary_file open("a,b\n\"1,2\n");
  CHECK_THROWS_AS(io::csv_file{open.path()}, io::read_error);
  const temporary_file good("start,end\n1,2\n");
  const io::csv_file csv(good.path());
  CHECK_THROWS_WITH_AS((void)csv.column("stop"),
                       (good.path() + ":1: has no column \"stop\"; it has start, end").c_str(),
                       io::read_error);
}

TEST_CASE("csv_file: empty lines count, and so do line breaks inside a field") {
  const temporary_file file("a,b\n\n1,2\r\n\n\n\"x\ny\",3\n4\n");
  const io::csv_file csv(file.path());
  REQUIRE(csv.rows().size() == 2);
  CHECK(csv.rows()[0].line == 3);
  CHECK(csv.rows()[1].line == 6);
  REQUIRE(csv.damaged().size() == 1);
  CHECK(csv.damaged()[0].line == 8);
}

TEST_CASE("csv_file: a quoted header after a byte-order mark, and a column given twice") {
  const temporary_file marked("\xEF\xBB\xBF\"a\",\"b\"\n1,2\n");
  CHECK(io::csv_file(marked.path()).column("a") == 0);
  const temporary_file twice("a,b,a\n1,2,3\n");
  const io::csv_file csv(twice.path());
  CHECK(csv.column("b") == 1);
  CHECK_THROWS_WITH_AS((void)csv.column("a"),
                       (twice.path() + ":1: has two columns \"a\": rename one").c_str(),
                       io::read_error);
}

TEST_SUITE_END();
