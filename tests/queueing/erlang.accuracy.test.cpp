// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include <relia/queueing/erlang.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("erlang");

namespace {

// double and long double: recurrences of 64 steps and sums of some 130 rounded factors; above 256
// servers a dozen roundings. float: computed in double, then one rounding.
template <class Real>
constexpr double bound = std::is_same_v<Real, float>    ? 6.0e-8
                         : std::is_same_v<Real, double> ? 5e-15
                                                        : 5e-18;

constexpr const char* region = "1 to 1e9 servers, any load";
constexpr const char* source = "erlang.csv, mpmath 60 digits";

template <class Real>
bool normal(long double x) {
  return std::abs(x) >= static_cast<long double>(std::numeric_limits<Real>::min());
}

}  // namespace

TEST_CASE_TEMPLATE("accuracy: erlang_b and log_erlang_b", Real, float, double, long double) {
  accuracy<Real> value("queueing::erlang_b", region, source, bound<Real>);
  accuracy<Real> log("queueing::log_erlang_b", region, source, bound<Real>);
  for (const auto& row : csv_table("queueing/erlang.csv")) {
    if (row.text("kind") != "load") continue;
    const auto servers = row.integer("servers");
    const auto load = row.number<Real>("given");
    if (normal<Real>(row.number<long double>("erlang_b"))) {
      value.compare(erlang_b(servers, load), row.number<Real>("erlang_b"));
    }
    log.compare(log_erlang_b(servers, load), row.number<Real>("log_erlang_b"));
  }
}

TEST_CASE_TEMPLATE("accuracy: erlang_c and log_erlang_c", Real, float, double, long double) {
  accuracy<Real> value("queueing::erlang_c", region, source, bound<Real>);
  accuracy<Real> log("queueing::log_erlang_c", region, source, bound<Real>);
  for (const auto& row : csv_table("queueing/erlang.csv")) {
    if (row.text("kind") != "load") continue;
    const auto servers = row.integer("servers");
    const auto load = row.number<Real>("given");
    if (normal<Real>(row.number<long double>("erlang_c"))) {
      value.compare(erlang_c(servers, load), row.number<Real>("erlang_c"));
    }
    log.compare(log_erlang_c(servers, load), row.number<Real>("log_erlang_c"));
  }
}

TEST_CASE_TEMPLATE("accuracy: erlang_c_slack", Real, float, double, long double) {
  accuracy<Real> value("queueing::erlang_c_slack", "1 to 1e7 servers, slack from 1e-18", source,
                       bound<Real>);
  for (const auto& row : csv_table("queueing/erlang.csv")) {
    if (row.text("kind") != "slack" || !normal<Real>(row.number<long double>("erlang_c"))) continue;
    value.compare(erlang_c_slack(row.integer("servers"), row.number<Real>("given")),
                  row.number<Real>("erlang_c"));
  }
}

TEST_CASE_TEMPLATE("accuracy: erlang_b_real and erlang_c_real", Real, float, double, long double) {
  constexpr const char* part = "servers from 0.001 to 4097, not whole";
  constexpr const char* table = "erlang_real.csv, mpmath 80 digits";
  // Below 64 servers 1/B is a difference that keeps a third of what it starts from, and Stirling's
  // series at 16 leaves 1e-16 of the logarithm.
  constexpr double most = std::is_same_v<Real, long double> ? 3e-16
                          : std::is_same_v<Real, double>    ? 3e-14
                                                            : bound<Real>;
  accuracy<Real> b("queueing::erlang_b_real", part, table, most);
  accuracy<Real> c("queueing::erlang_c_real", part, table, most);
  for (const auto& row : csv_table("queueing/erlang_real.csv")) {
    if (!normal<Real>(row.number<long double>("value"))) continue;
    const auto servers = row.number<Real>("servers");
    const auto load = row.number<Real>("load");
    if (row.text("quantity") == "erlang_b") {
      b.compare(erlang_b_real(servers, load), row.number<Real>("value"));
    } else {
      c.compare(erlang_c_real(servers, load), row.number<Real>("value"));
    }
  }
  // The shared reference's row, an integral in 60 digits.
  b.compare(erlang_b_real(Real{10.5}, Real{9}), static_cast<Real>(0.1432166746989754953559298L));
}

TEST_CASE("accuracy: erlang_b and erlang_c of the shared reference rows") {
  constexpr const char* all = "reference rows, scaled by their condition";
  accuracy<> b("queueing::erlang_b", all, "erlang_b.csv, mmc.csv", 1e-13);
  accuracy<> c("queueing::erlang_c", all, "mmc.csv", 1e-13);
  const auto compare_b = [&](count servers, double load, const std::string& expected,
                             double slack) {
    // Below the smallest number, the table is held against the logarithm.
    const long double value = std::strtold(expected.c_str(), nullptr);
    if (normal<double>(value)) {
      b.compare(erlang_b(servers, load), static_cast<double>(value), slack);
    } else {
      b.compare(log_erlang_b(servers, load), static_cast<double>(std::log(value)));
    }
  };
  for (const auto& row : csv_table("queueing/erlang_b.csv")) {
    const double servers = row.number("servers");
    const double load = row.number("load");
    // A decimal load is half a unit off its double: d log B / d log a is at most servers - load.
    const double slack = std::max(1.0, 1.2e-16 * std::abs(servers - load) / 1e-13);
    compare_b(row.integer("servers"), load, row.text("blocking"), slack);
  }
  for (const auto& row : csv_table("queueing/mmc.csv")) {
    const double load = row.number("arrival_rate") / row.number("service_rate");
    const double left = row.number("servers") - load;
    // A load that is not a double (decimal, or 10/3) costs 4e-16 a / (c - a) of C, and of B the
    // tail's own condition c - a.
    if (row.text("quantity") == "erlang_B") {
      compare_b(row.integer("servers"), load, row.text("value"),
                std::max(1.0, 1.2e-16 * left / 1e-13));
    }
    if (row.text("quantity") == "erlang_C") {
      const double slack =
          row.integer("dyadic") != 0 ? 1 : std::max(1.0, 4e-16 * load / left / 1e-13);
      const auto value = row.number<long double>("value");
      if (normal<double>(value)) {
        c.compare(erlang_c(row.integer("servers"), load), static_cast<double>(value), slack);
      } else {
        c.compare(log_erlang_c(row.integer("servers"), load), static_cast<double>(std::log(value)));
      }
    }
  }
}

TEST_SUITE_END();
