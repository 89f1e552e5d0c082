// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/survival.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using relia::count;
using relia::interval;
using relia::stats::kaplan_meier;
using relia::test::accuracy;
using relia::test::csv_row;
using relia::test::csv_table;

namespace {

std::map<std::string, kaplan_meier> curves(const char* table) {
  struct rows {
    std::vector<double> times;
    std::vector<std::uint8_t> observed;
    std::vector<count> counts;
  };
  std::map<std::string, rows> sets;
  for (const auto& row : csv_table(table)) {
    rows& set = sets[row.text("dataset")];
    set.times.push_back(row.number("time"));
    set.observed.push_back(static_cast<std::uint8_t>(row.integer("observed")));
    set.counts.push_back(row.integer("count"));
  }
  std::map<std::string, kaplan_meier> curves;
  for (const auto& [name, set] : sets)
    curves.emplace(name, kaplan_meier(set.times, set.observed, set.counts));
  return curves;
}

relia::method scale_of(const csv_row& row) {
  using namespace relia::stats;
  for (const relia::method m : {log_limits, plain_limits, logit_limits, arcsine_limits})
    if (m.name == row.text("method")) return m;
  return log_log_limits;
}

struct accuracies {
  accuracy<> survival, limits, error, quantile, mean;
  accuracies(const char* region, const char* source, double s, double l, double e, double m)
      : survival("stats::kaplan_meier::survival", region, source, s),
        limits("stats::kaplan_meier::limits", region, source, l),
        error("stats::kaplan_meier::standard_error", region, source, e),
        quantile("stats::kaplan_meier::quantile", region, source, 0),
        mean("stats::kaplan_meier::restricted_mean", region, source, m) {}

  static void compare_if_given(accuracy<>& to, double actual, const csv_row& row, const char* at) {
    if (!row.text(at).empty()) to.compare(actual, row.number(at));
  }

  void compare(const std::map<std::string, kaplan_meier>& curves, const csv_row& row) {
    const std::string& quantity = row.text("quantity");
    const double at = row.number("at");
    if (quantity == "restricted_mean_difference") {
      const auto d =
          restricted_mean_difference(curves.at("inc_after"), curves.at("inc_before"), at);
      mean.compare(d.value, row.number("value"));
      mean.compare(d.interval.lower, row.number("lower"));
      mean.compare(d.interval.upper, row.number("upper"));
      return;
    }
    const kaplan_meier& curve = curves.at(row.text("dataset"));
    const relia::stats::survival_options options{.method = scale_of(row)};
    if (quantity == "survival") {
      const auto bounds = curve.limits(at, options);
      compare_if_given(survival, curve.survival(at), row, "value");
      compare_if_given(limits, bounds.lower, row, "lower");
      compare_if_given(limits, bounds.upper, row, "upper");
    } else if (quantity == "standard_error") {
      error.compare(curve.standard_error(at), row.number("value"));
    } else if (quantity == "restricted_mean_error") {
      mean.compare(curve.restricted_mean_error(at), row.number("value"));
    } else {
      const bool is_quantile = quantity == "quantile";
      const auto e = is_quantile ? curve.quantile(at, options) : curve.restricted_mean(at);
      accuracy<>& to = is_quantile ? quantile : mean;
      to.compare(e.value, row.number("value"));
      to.compare(e.interval.lower, row.number("lower"));
      to.compare(e.interval.upper, row.number("upper"));
    }
  }
};

}  // namespace

TEST_CASE("accuracy: kaplan_meier") {
  {
    // R prints 15 digits, and its own rounding reaches the 14th; times are exact.
    accuracies r("published and small sets", "R survival 3.5.3", 3e-15, 1e-13, 1e-14, 1e-13);
    const auto sets = curves("stats/survival_rows.csv");
    for (const auto& row : csv_table("stats/survival.csv")) r.compare(sets, row);
  }
  // Limits near 0 and 1 magnify the error of the scale: log-log by log(S) exp(reach), logit by
  // odds.
  accuracies exact("300 rows with ties and counts", "mpmath, 50 digits", 3e-16, 5e-15, 1e-15,
                   1e-15);
  const auto sets = curves("stats/survival_made_rows.csv");
  for (const auto& row : csv_table("stats/survival_made.csv")) exact.compare(sets, row);
}
