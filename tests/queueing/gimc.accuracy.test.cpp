// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/gimc.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("gimc");

TEST_CASE("accuracy: gimc and gim1") {
  accuracy<> numbers("queueing::gimc", "the shared reference rows", "gimc.csv, mpmath 60 digits",
                     1e-14);
  for (const auto& row : csv_table("queueing/gimc.csv")) {
    const auto check = [&](const auto& law) {
      const gimc q(law, row.number("service_rate"), row.integer("servers"));
      const std::string& what = row.text("quantity");
      const double value = row.number("value");
      if (what == "sigma") numbers.compare(q.sigma(), value);
      if (what == "wait_probability") numbers.compare(q.wait_probability(), value);
      if (what == "mean_wait") numbers.compare(q.waiting_time().mean(), value);
    };
    const double mean = 1 / row.number("arrival_rate");
    const std::string& law = row.text("law");
    if (law == "deterministic") check(deterministic_time(mean));
    if (law == "erlang2") check(erlang_time(2, mean));
    if (law == "exponential") check(exponential_time(mean));
  }
}

TEST_SUITE_END();
