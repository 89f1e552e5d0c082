// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <doctest/doctest.h>

#include <relia/forecast/first_passage.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("first_passage");

namespace {

/// Errors are counted in units of the type's epsilon times the row's own condition: exp(-u^2)
/// magnifies the rounding of u by 2 u^2, and the probability of ever arriving that of its exponent.
template <class Real>
Real condition(const test::csv_row& row) {
  const Real u = row.number<Real>("u");
  const Real exponent = 2 * row.number<Real>("distance") * row.number<Real>("drift") /
                        (row.number<Real>("sd") * row.number<Real>("sd"));
  return 1 + u * u + (exponent < 0 ? -exponent : 0);
}

template <class Real, class Function>
void compare(const char* quantity, Real bound, Function function) {
  test::accuracy<Real> accuracy("forecast::first_passage_" + std::string(quantity),
                                "over 1 + u^2 + 2 distance abs(drift) / sd^2 of a negative drift",
                                "mpmath", static_cast<double>(bound));
  for (const test::csv_row& row : test::csv_table("forecast/first_passage.csv")) {
    if (row.text("quantity") != quantity) continue;
    const auto expected = row.number<Real>("expected");
    if (expected < std::numeric_limits<Real>::min() / std::numeric_limits<Real>::epsilon())
      continue;  // below the type's range
    accuracy.compare(function(row), expected, static_cast<double>(condition<Real>(row)));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("accuracy: first_passage", Real, float, double, long double) {
  constexpr Real eps = std::numeric_limits<Real>::epsilon();
  compare<Real>("probability", 8 * eps, [](const test::csv_row& row) {
    return forecast::first_passage_probability(row.number<Real>("distance"),
                                               row.number<Real>("drift"), row.number<Real>("sd"),
                                               row.number<Real>("time"));
  });
  compare<Real>("survival", 8 * eps, [](const test::csv_row& row) {
    return forecast::first_passage_survival(row.number<Real>("distance"), row.number<Real>("drift"),
                                            row.number<Real>("sd"), row.number<Real>("time"));
  });
}

TEST_CASE("accuracy: first_passage_quantile") {
  test::accuracy<double> accuracy("forecast::first_passage_quantile", "levels 0.001 to 0.875",
                                  "mpmath", 1e-14);
  for (const test::csv_row& row : test::csv_table("forecast/first_passage.csv")) {
    if (row.text("quantity") != "quantile") continue;
    accuracy.compare(forecast::first_passage_quantile(row.number("level"), row.number("distance"),
                                                      row.number("drift"), row.number("sd")),
                     row.number("expected"));
  }
}

TEST_SUITE_END();
