// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/finite_source.hpp>
#include <relia/queueing/mmck.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_row;
using relia::test::csv_table;

TEST_SUITE_BEGIN("pool");

namespace {

template <class Pool>
double common(const Pool& q, const std::string& what) {
  static const std::map<std::string, std::function<double(const Pool&)>> all = {
      {"P_block", [](const Pool& p) { return p.blocking_probability(); }},
      {"P0", [](const Pool& p) { return p.probability_of(0); }},
      {"log_P0", [](const Pool& p) { return p.log_probability_of(0); }},
      {"throughput", [](const Pool& p) { return p.throughput(); }},
      {"utilization", [](const Pool& p) { return p.utilization(); }},
      {"L", [](const Pool& p) { return p.mean_in_system(); }},
      {"Lq", [](const Pool& p) { return p.mean_in_queue(); }},
      {"var_Nq", [](const Pool& p) { return p.variance_in_queue(); }},
      {"W", [](const Pool& p) { return p.response_time().mean(); }},
      {"Wq", [](const Pool& p) { return p.waiting_time().mean(); }},
      {"P_wait", [](const Pool& p) { return p.wait_probability(); }},
      {"P_wait_accepted", [](const Pool& p) { return p.wait_probability(); }},
      {"P_wait_arrival", [](const Pool& p) { return p.wait_probability(); }},
      {"call_congestion", [](const Pool& p) { return p.blocking_probability(); }},
      {"time_congestion", [](const Pool& p) { return p.full_probability(); }},
      {"Wq_accepted_quantile_0.99",
       [](const Pool& p) { return p.waiting_time().survival_quantile(0.01); }},
  };
  return all.at(what)(q);
}

double impatient(const erlang_a& q, const std::string& what) {
  if (what == "P_abandon") return q.abandonment_probability();
  if (what == "Wq_all") return q.mean_wait();
  if (what == "P(served and Wq<=0.1)") return q.served_within(0.1);
  if (what == "P(still waiting at 0.1)") return q.waits_longer(0.1);
  return common(q, what);
}

double answer(const csv_row& row) {
  const std::string& model = row.text("model");
  const std::string& what = row.text("quantity");
  const double arrival = row.number("arrival_rate");
  const double service = row.number("service_rate");
  const count servers = row.integer("servers");
  const count last = row.integer("last");
  if (model == "M/M/1/K") return common(mm1k(arrival, service, last), what);
  if (model == "M/M/c/K") return common(mmck(arrival, service, servers, last), what);
  if (model == "M/M/c//N") return common(finite_source(arrival, service, servers, last), what);
  if (model == "Engset") return common(engset(arrival, service, servers, last), what);
  return impatient(erlang_a(arrival, service, servers, row.number("last")), what);
}

}  // namespace

TEST_CASE("accuracy: pools that always have a steady state, the shared reference rows") {
  constexpr const char* source = "pool.csv, mpmath 60 digits and published";
  accuracy<> exact("queueing::pool", "M/M/c/K, M/M/c//N, Erlang A, rates exact in double", source,
                   1e-14);
  accuracy<> decimal("queueing::pool", "decimal rates", source, 2e-14);
  std::size_t met = 0;
  for (const auto& row : csv_table("queueing/pool.csv")) {
    ++met;
    const double actual = answer(row);
    const double expected = row.number("value");
    if (row.text("source") != "mpmath 60 digits") {
      CHECK_REL(actual, expected, 1.2e-5);  // five digits and more, some cut off
    } else if (row.integer("dyadic") != 0) {
      exact.compare(actual, expected);
    } else {
      decimal.compare(actual, expected);
    }
  }
  CHECK(met == 305);
}

TEST_SUITE_END();
