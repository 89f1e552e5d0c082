// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("mmc");

namespace {

using answer = std::function<double(const mmc&)>;

const std::map<std::string, answer>& answers() {
  static const std::map<std::string, answer> all = {
      {"rho", [](const mmc& q) { return q.utilization(); }},
      {"L", [](const mmc& q) { return q.mean_in_system(); }},
      {"Lq", [](const mmc& q) { return q.mean_in_queue(); }},
      {"W", [](const mmc& q) { return q.response_time().mean(); }},
      {"Wq", [](const mmc& q) { return q.waiting_time().mean(); }},
      {"var_N", [](const mmc& q) { return q.variance_in_system(); }},
      {"var_Nq", [](const mmc& q) { return q.variance_in_queue(); }},
      {"var_Wq", [](const mmc& q) { return q.waiting_time().variance(); }},
      {"var_W", [](const mmc& q) { return q.response_time().variance(); }},
      {"erlang_C", [](const mmc& q) { return q.wait_probability(); }},
      {"P0", [](const mmc& q) { return q.probability_of(0); }},
      {"log_P0", [](const mmc& q) { return q.log_probability_of(0); }},
      {"P(N>=50)", [](const mmc& q) { return q.probability_at_least(50); }},
      {"P(W>20)", [](const mmc& q) { return q.response_time().survival(20); }},
      {"P(Wq>1/mu)", [](const mmc& q) { return q.waiting_time().survival(1 / q.service_rate()); }},
      {"P(W>2/mu)", [](const mmc& q) { return q.response_time().survival(2 / q.service_rate()); }},
      {"Wq_quantile_0.5", [](const mmc& q) { return q.waiting_time().quantile(0.5); }},
      {"Wq_quantile_0.9", [](const mmc& q) { return q.waiting_time().survival_quantile(0.1); }},
      {"Wq_quantile_0.99", [](const mmc& q) { return q.waiting_time().survival_quantile(0.01); }},
      {"Wq_quantile_0.999", [](const mmc& q) { return q.waiting_time().survival_quantile(0.001); }},
      {"W_quantile_0.5", [](const mmc& q) { return q.response_time().quantile(0.5); }},
      {"W_quantile_0.9", [](const mmc& q) { return q.response_time().survival_quantile(0.1); }},
      {"W_quantile_0.99", [](const mmc& q) { return q.response_time().survival_quantile(0.01); }},
      {"W_quantile_0.999", [](const mmc& q) { return q.response_time().survival_quantile(0.001); }},
      {"mean_busy_period",
       [](const mmc& q) { return mm1(q.arrival_rate(), q.service_rate()).mean_busy_period(); }},
  };
  return all;
}

}  // namespace

TEST_CASE("accuracy: mmc and mm1 of the shared reference rows") {
  constexpr const char* source = "mmc.csv, mpmath 60 digits and published";
  accuracy<> exact("queueing::mmc", "1 to 1e6 servers, rates exact in double", source, 1e-14);
  accuracy<> decimal("queueing::mmc", "decimal rates, scaled by 4e-16 a/(c - a)", source, 1e-13);
  std::size_t met = 0;
  for (const auto& row : csv_table("queueing/mmc.csv")) {
    const std::string& what = row.text("quantity");
    if (what == "erlang_B") continue;  // erlang.accuracy.test.cpp
    ++met;
    const mmc q(row.number("arrival_rate"), row.number("service_rate"), row.integer("servers"));
    const auto value = row.number<long double>("value");
    double actual = answers().at(what)(q);
    double expected = static_cast<double>(value);
    if (value != 0 &&
        std::abs(value) < static_cast<long double>(std::numeric_limits<double>::min())) {
      // Below the smallest number: the logarithm, where there is one, else nothing but 0.
      if (what == "P(Wq>1/mu)") {
        actual = q.waiting_time().log_survival(1 / q.service_rate());
        expected = static_cast<double>(std::log(value));
      } else if (what == "erlang_C") {
        actual = q.log_wait_probability();
        expected = static_cast<double>(std::log(value));
      } else {
        expected = 0;
      }
    }
    if (row.text("source") != "mpmath 60 digits") {
      CHECK_REL(actual, expected, 1e-12);  // published exactly; 1.3333333333333333 is not 4/3
    } else if (row.integer("dyadic") != 0) {
      exact.compare(actual, expected);
    } else {
      // The decimal rate is half a unit off its double, which C and the delays multiply by up to
      // twice a / (c - a); the variances square it, and a tail far out has the condition of its
      // exponent.
      const double condition = q.load() / (static_cast<double>(q.servers()) - q.load());
      decimal.compare(actual, expected, std::max(1.0, 4e-16 * condition / 1e-13));
    }
  }
  CHECK(met == 308);
}

TEST_SUITE_END();
