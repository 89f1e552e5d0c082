// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mg1.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("mg1");

TEST_CASE("accuracy: mg1 moments") {
  // A load of 0.999999 that is no double is off by half a unit, which 1 / (1 - rho) amplifies, once
  // in the mean and twice in the variance.
  accuracy<> numbers("queueing::mg1", "the shared reference rows", "mg1.csv, mpmath 60 digits",
                     2e-15);
  for (const auto& row : csv_table("queueing/mg1.csv")) {
    const auto check = [&](const auto& law) {
      const mg1 q(row.number("arrival_rate"), law);
      const std::string& what = row.text("quantity");
      const double condition = 1 + 0.2 / (1 - q.utilization());
      const double value = row.number("value");
      if (what == "rho") numbers.compare(q.utilization(), value);
      if (what == "Wq") numbers.compare(q.mean_wait(), value, condition);
      if (what == "W") numbers.compare(q.mean_response(), value, condition);
      if (what == "Lq") numbers.compare(q.mean_in_queue(), value, condition);
      if (what == "L") numbers.compare(q.mean_in_system(), value, condition);
      if (what == "var_Wq") numbers.compare(q.variance_wait(), value, 2 * condition);
    };
    const std::string& law = row.text("law");
    const double probabilities[] = {0.9, 0.1};
    const double means[] = {0.5, 5.5};
    if (law == "deterministic") check(deterministic_time(1));
    if (law == "exponential") check(exponential_time(1));
    if (law == "erlang2") check(erlang_time(2, 1));
    if (law == "hyper") check(hyperexponential_time(probabilities, means));
    if (law == "lognormal4") check(lognormal_time(1, 4));
  }
}

TEST_CASE("accuracy: mg1_delay") {
  constexpr const char* source = "mg1_delay.csv, mpmath 60 digits";
  accuracy<> light("queueing::mg1_delay::survival", "Erlang, hyperexponential, tails to 1e-250",
                   source, 5e-12);
  accuracy<> heavy("queueing::mg1_delay::survival", "log-normal of scv 4, tails to 1e-5", source,
                   1e-10);
  accuracy<> inverse("queueing::mg1_delay::survival_quantile", "the same rows, inverted", source,
                     1e-10);
  for (const auto& row : csv_table("queueing/mg1_delay.csv")) {
    const auto check = [&](const auto& law, accuracy<>& of) {
      const mg1 q(row.number("arrival_rate"), law);
      const auto delay = row.text("delay") == "wait" ? q.waiting_time() : q.response_time();
      const double t = row.number("t");
      const double tail = row.number("tail");
      // Without a decay to scale by, the error is absolute: 1e-12.
      const double allowed = row.text("law") == "lognormal4" ? std::max(1.0, 1e-2 / tail) : 1.0;
      of.compare(delay.survival(t), tail, allowed);
      // Where t moves the tail little, t is known less well: from 0.4 on.
      if (tail < 0.4) inverse.compare(delay.survival_quantile(tail), t, allowed);
    };
    const std::string& law = row.text("law");
    const double probabilities[] = {0.875, 0.125};
    const double means[] = {0.5, 4.5};
    if (law == "erlang2") check(erlang_time(2, 1), light);
    if (law == "erlang5") check(erlang_time(5, 1), light);
    if (law == "hyper") check(hyperexponential_time(probabilities, means), light);
    if (law == "lognormal4") check(lognormal_time(1, 4), heavy);
  }
}

TEST_SUITE_END();
