// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
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

TEST_SUITE_BEGIN("pool_delay");

namespace {

template <class Pool>
double common(const Pool& q, const csv_row& row) {
  const std::string& what = row.text("quantity");
  const double at = row.number("at");
  if (what == "variance_in_system") return q.variance_in_system();
  if (what == "variance_in_queue") return q.variance_in_queue();
  if (what == "wait_mean") return q.waiting_time().mean();
  if (what == "wait_variance") return q.waiting_time().variance();
  if (what == "response_variance") return q.response_time().variance();
  if (what == "wait_survival") return q.waiting_time().survival(at);
  if (what == "wait_quantile") return q.waiting_time().survival_quantile(at);
  if (what == "response_survival") return q.response_time().survival(at);
  if (what == "response_quantile") return q.response_time().survival_quantile(at);
  throw std::out_of_range(what);
}

double impatient(const erlang_a& q, const csv_row& row) {
  const std::string& what = row.text("quantity");
  if (what == "abandonment") return q.abandonment_probability();
  if (what == "abandoned_mean") return q.mean_wait_given_abandoned();
  if (what == "offered_survival") return q.offered_wait().survival(row.number("at"));
  return common(q, row);
}

}  // namespace

TEST_CASE("accuracy: pool_delay, and the variances of pools") {
  constexpr const char* source = "pool_delay.csv, mpmath 60 digits";
  accuracy<> patient("queueing::pool_delay", "M/M/c/K and M/M/c//N", source, 1e-13);
  accuracy<> given_up("queueing::pool_delay", "Erlang A", source, 1e-13);
  for (const auto& row : csv_table("queueing/pool_delay.csv")) {
    const std::string& model = row.text("model");
    const double arrival = row.number("arrival_rate");
    const double service = row.number("service_rate");
    const count servers = row.integer("servers");
    const double expected = row.number("value");
    if (model == "M/M/c+M") {
      given_up.compare(impatient(erlang_a(arrival, service, servers, row.number("last")), row),
                       expected);
    } else if (model == "M/M/c/K") {
      patient.compare(common(mmck(arrival, service, servers, row.integer("last")), row), expected);
    } else {
      patient.compare(common(finite_source(arrival, service, servers, row.integer("last")), row),
                      expected);
    }
  }
}

TEST_SUITE_END();
