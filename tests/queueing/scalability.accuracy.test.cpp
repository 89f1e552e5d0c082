// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/scalability.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("accuracy");

TEST_CASE("accuracy: usl, amdahl_speedup and gustafson_speedup of the shared reference rows") {
  test::accuracy<> peak("queueing::usl::peak_concurrency", "contention 0.05, coherency 2e-4",
                        "scalability.csv, mpmath 60 digits", 1e-15);
  test::accuracy<> most("queueing::usl::peak_throughput", "contention 0.05, coherency 2e-4",
                        "scalability.csv, mpmath 60 digits", 1e-15);
  test::accuracy<> amdahl("queueing::amdahl_speedup", "serial 0.05, 64 workers",
                          "scalability.csv, mpmath 60 digits", 1e-15);
  test::accuracy<> gustafson("queueing::gustafson_speedup", "serial 0.05, 64 workers",
                             "scalability.csv, mpmath 60 digits", 1e-15);
  const usl law(0.05, 0.0002, 20);
  for (const auto& row : test::csv_table("queueing/scalability.csv")) {
    const std::string& model = row.text("model");
    const double value = row.number("value");
    if (model == "Amdahl") amdahl.compare(amdahl_speedup(0.05, 64), value);
    if (model == "Gustafson") gustafson.compare(gustafson_speedup(0.05, 64), value);
    if (model != "USL") continue;
    if (row.text("quantity") == "N_peak") peak.compare(law.peak_concurrency(), value);
    if (row.text("quantity") == "X_peak") most.compare(law.peak_throughput(), value);
  }
}

TEST_CASE_TEMPLATE("accuracy: amdahl_speedup and gustafson_speedup by exponent", Real, float,
                   double, long double) {
  // Fractions and counts that are exact in float; the expected values are a quotient and a product
  // of exact numbers, rounded once, in long double: (2^k n) / (2^k + m (n - 1)) with serial m/2^k.
  const double bound = 3 * static_cast<double>(std::numeric_limits<Real>::epsilon());
  const std::string source = "a quotient of whole numbers, in long double";
  test::accuracy<Real> amdahl("queueing::amdahl_speedup", "serial 2^-20 to 1, 1 to 2^24 workers",
                              source, bound);
  test::accuracy<Real> gustafson("queueing::gustafson_speedup",
                                 "serial 2^-20 to 1, 1 to 2^24 workers", source, bound);
  for (int k = 0; k <= 20; ++k) {
    for (int j = 0; j <= 24; ++j) {
      const long double whole = std::ldexp(1.0L, k);
      const long double n = std::ldexp(1.0L, j);
      const auto serial = static_cast<Real>(1 / whole);
      amdahl.compare(amdahl_speedup(serial, static_cast<Real>(n)),
                     static_cast<Real>(whole * n / (whole + (n - 1))));
      gustafson.compare(gustafson_speedup(serial, static_cast<Real>(n)),
                        static_cast<Real>((whole * n - (n - 1)) / whole));
    }
  }
}

TEST_SUITE_END();
