// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/ggc.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("ggc");

TEST_CASE("accuracy: the formulas of ggc") {
  accuracy<> numbers("queueing::ggc", "every author, of the formula, not of the queue",
                     "ggc.csv, mpmath 60 digits", 2e-15);
  for (const auto& row : csv_table("queueing/ggc.csv")) {
    const std::string& author = row.text("author");
    const double a = row.number("arrival_rate");
    const double s = row.number("service_rate");
    const count c = row.integer("servers");
    const double ca = row.number("arrival_scv");
    const double cs = row.number("service_scv");
    const double wait = row.number("wait");
    if (author == "kingman") numbers.compare(kingman(a, s, ca, cs), wait);
    if (author == "kingman_bound") numbers.compare(kingman_bound(a, s, ca, cs), wait);
    if (author == "kraemer_langenbach_belz") {
      numbers.compare(kraemer_langenbach_belz(a, s, ca, cs), wait);
    }
    if (author == "marchal") numbers.compare(marchal(a, s, ca, cs), wait);
    if (author == "allen_cunneen") numbers.compare(allen_cunneen(a, s, c, ca, cs), wait);
    if (author == "sakasegawa") numbers.compare(sakasegawa(a, s, c, ca, cs), wait);
    if (author == "whitt") numbers.compare(whitt(a, s, c, ca, cs), wait);
    if (author == "kimura") numbers.compare(kimura(a, s, c, ca, cs), wait);
  }
}

TEST_SUITE_END();
