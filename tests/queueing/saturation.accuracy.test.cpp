// SPDX-License-Identifier: BSL-1.0
// Stations next to saturation and far from it. Every input of the table is a double exactly, so
// that only the function errs. The stations are classes of double; Erlang B and C, which they rest
// on, are in erlang.accuracy.test.cpp in three types.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/finite_source.hpp>
#include <relia/queueing/ggc.hpp>
#include <relia/queueing/infinite_servers.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmck.hpp>
#include <relia/queueing/sizing.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_row;
using relia::test::csv_table;

TEST_SUITE_BEGIN("saturation");

namespace {

/// What a quantity is asked with: its argument, a number of requests, and both delays.
template <class Queue>
double common(const Queue& q, const std::string& what, double at) {
  const auto n = static_cast<count>(at);
  if constexpr (requires { q.blocking_probability(); }) {
    if (what == "blocking_probability") return q.blocking_probability();
    if (what == "full_probability") return q.full_probability();
    if (what == "throughput") return q.throughput();
  }
  if constexpr (requires { q.log_wait_probability(); }) {
    if (what == "log_wait_probability") return q.log_wait_probability();
  }
  if constexpr (requires { q.log_probability_of(n); }) {
    if (what == "probability_of") return q.probability_of(n);
    if (what == "log_probability_of") return q.log_probability_of(n);
    if (what == "probability_at_least") return q.probability_at_least(n);
  }
  if constexpr (requires { q.variance_in_system(); }) {
    if (what == "variance_in_system") return q.variance_in_system();
  }
  if constexpr (requires { q.variance_response(); }) {
    if (what == "mean_wait") return q.mean_wait();
    if (what == "mean_response") return q.mean_response();
    if (what == "variance_wait") return q.variance_wait();
    if (what == "variance_response") return q.variance_response();
  }
  if constexpr (requires { q.wait_probability(); }) {
    if (what == "wait_probability") return q.wait_probability();
    if (what == "mean_in_queue") return q.mean_in_queue();
    if (what == "mean_wait") return q.waiting_time().mean();
    if (what == "mean_response") return q.response_time().mean();
    if (what == "variance_wait") return q.waiting_time().variance();
    if (what == "wait_cdf") return q.waiting_time().cdf(at);
    if (what == "wait_survival") return q.waiting_time().survival(at);
    if (what == "response_survival") return q.response_time().survival(at);
    if (what == "wait_quantile") return q.waiting_time().survival_quantile(at);
    if (what == "response_quantile") return q.response_time().survival_quantile(at);
  }
  REQUIRE(what == "mean_in_system");
  return q.mean_in_system();
}

double general(double arrival, const std::string& law, const std::string& what) {
  const double probabilities[] = {0.875, 0.125};
  const double means[] = {0.5, 4.5};
  if (law == "exponential") return common(mg1(arrival, exponential_time(1)), what, 0);
  if (law == "deterministic") return common(mg1(arrival, deterministic_time(1)), what, 0);
  if (law == "erlang3") return common(mg1(arrival, erlang_time(3, 1)), what, 0);
  if (law == "lognormal4") return common(mg1(arrival, lognormal_time(1, 4)), what, 0);
  return common(mg1(arrival, hyperexponential_time(probabilities, means)), what, 0);
}

/// The formula of the author that the model is.
double approximate(const csv_row& row) {
  const std::string& author = row.text("model");
  const double a = row.number("arrival_rate");
  const count c = row.integer("servers");
  const std::string& both = row.text("at");
  const double ca = std::stod(both);
  const double cs = std::stod(both.substr(both.find('|') + 1));
  if (author == "allen_cunneen") return allen_cunneen(a, 1, c, ca, cs);
  if (author == "sakasegawa") return sakasegawa(a, 1, c, ca, cs);
  if (author == "whitt") return whitt(a, 1, c, ca, cs);
  if (author == "kimura") return kimura(a, 1, c, ca, cs);
  if (author == "kingman") return kingman(a, 1, ca, cs);
  if (author == "kingman_bound") return kingman_bound(a, 1, ca, cs);
  if (author == "marchal") return marchal(a, 1, ca, cs);
  REQUIRE(author == "kraemer_langenbach_belz");
  return kraemer_langenbach_belz(a, 1, ca, cs);
}

double answer(const csv_row& row) {
  const std::string& model = row.text("model");
  const std::string& what = row.text("quantity");
  const double arrival = row.number("arrival_rate");
  const double service = row.number("service_rate");
  const count servers = row.integer("servers");
  const count last = row.integer("last");
  const double at = row.number("at");
  if (model == "M/M/c") {
    return servers == 1 ? common(mm1(arrival, service), what, at)
                        : common(mmc(arrival, service, servers), what, at);
  }
  if (model == "M/M/c/K") return common(mmck(arrival, service, servers, last), what, at);
  if (model == "M/M/c//N") return common(finite_source(arrival, service, servers, last), what, at);
  if (model == "Engset") return common(engset(arrival, service, servers, last), what, at);
  if (model == "M/M/c+M") {
    const erlang_a q(arrival, service, servers, row.number("last"));
    return what == "abandonment_probability" ? q.abandonment_probability() : common(q, what, at);
  }
  if (model == "M/M/inf") return common(infinite_servers(arrival, service), what, at);
  if (model == "M/D/1") return common(md1(arrival, service), what, at);
  if (model == "Erlang B") return max_load_for_blocking(servers, at);
  if (model.rfind("M/G/1 ", 0) == 0) return general(arrival, model.substr(6), what);
  return approximate(row);
}

struct claim {
  const char* function;
  const char* region;
  double bound;
};

/// By model. In double only: the stations are classes of double.
const std::map<std::string, claim>& claims() {
  static const std::map<std::string, claim> all = {
      {"M/M/c", {"queueing::mmc", "rho 2^-40 to 1 - 2^-40, 1 to 1024 servers", 5e-15}},
      {"M/M/c/K", {"queueing::mmck", "rho 2^-40 to 2^40, 1 to 128 servers", 2e-15}},
      {"M/M/c//N", {"queueing::finite_source", "rates 2^-40 to 2^20, to 1024 sources", 2e-15}},
      {"Engset", {"queueing::engset", "rates 2^-40 to 2^20, to 1024 sources", 2e-15}},
      {"M/M/c+M", {"queueing::erlang_a", "rho 2^-20 to 2, patience 2^-20 to 2^8", 2e-15}},
      {"M/M/inf", {"queueing::infinite_servers", "load 2^-40 to 2^20", 1e-14}},
      {"M/D/1", {"queueing::md1", "rho 2^-40 to 1 - 2^-40, to 64 services", 2e-14}},
      {"M/G/1", {"queueing::mg1, moments", "rho 2^-40 to 1 - 2^-40, five laws", 1e-15}},
      {"Erlang B", {"queueing::max_load_for_blocking", "2^-300 to 1 - 2^-30", 5e-15}},
      {"G/G/c", {"queueing::ggc, each author", "rho 2^-40 to 1 - 2^-40, 1 to 64 servers", 1e-15}},
  };
  return all;
}

}  // namespace

TEST_CASE("accuracy: stations by their distance to saturation") {
  std::map<std::string, std::unique_ptr<accuracy<>>> met;
  for (const auto& row : csv_table("queueing/saturation.csv")) {
    const std::string& model = row.text("model");
    const std::string& what = row.text("quantity");
    // By model, but for the laws of M/G/1; the authors of G/G/c have a claim together.
    auto found = claims().find(model.rfind("M/G/1", 0) == 0 ? "M/G/1" : model);
    if (found == claims().end()) found = claims().find("G/G/c");
    const claim& stated = found->second;
    auto& all = met[found->first];
    if (!all) {
      all = std::make_unique<accuracy<>>(stated.function, stated.region,
                                         "saturation.csv, mpmath 60 digits or more", stated.bound);
    }
    const double value = row.number("value");
    // A tail exp(-y), a state or a power y = log(value) have the condition y: that of an exponent
    // that is right to the last place.
    const bool power = what.find("survival") != std::string::npos || what.rfind("prob", 0) == 0 ||
                       what.rfind("blocking", 0) == 0 || what.rfind("wait_prob", 0) == 0 ||
                       found->first == "G/G/c";
    all->compare(answer(row), value, power ? std::max(1.0, std::abs(std::log(value))) : 1.0);
  }
}

TEST_SUITE_END();
