// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/stats/clustered_proportion.hpp>
#include <relia/stats/finite_proportion.hpp>
#include <relia/stats/ratio.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::stats;
using std::string;

void bind_clusters(py::module_& m) {
  using result = clustered_proportion_result;
  py::class_<result>(m, "clustered_proportion_result",
                     "A fraction whose rows are the sample, and how much more they vary than "
                     "independent trials: dispersion and design_effect are 1 for those.")
      .def_readonly("proportion", &result::proportion)
      .def_readonly("dispersion", &result::dispersion)
      .def_readonly("design_effect", &result::design_effect)
      .def_readonly("effective_trials", &result::effective_trials)
      .def_readonly("clusters", &result::clusters)
      .def_readonly("block_length", &result::block_length)
      .def("__repr__", [](const result& r) {
        return "<clustered_proportion_result " + string(py::repr(py::cast(r.proportion))) +
               ", design_effect " + repr(r.design_effect) + ", clusters " +
               relia::detail::to_text(r.clusters) + " of " +
               relia::detail::to_text(r.block_length) + (r.block_length == 1 ? " row>" : " rows>");
      });
  m.def(
      "clustered_proportion",
      [](const py::object& successes, const py::object& trials, double level, const string& how,
         const string& side, count block_length, std::uint64_t seed, count resamples) {
        const std::vector<count> x = to_counts(successes, "successes");
        const std::vector<count> n = to_counts(trials, "trials");
        const clustered_proportion_options options{
            level,
            to_method(
                how, {joined_clusters, cluster_robust, quasi_binomial, linearised, circular_blocks},
                "stats::clustered_proportion"),
            to_sides(side),
            block_length,
            seed,
            resamples};
        const py::gil_scoped_release release;
        return clustered_proportion(x, n, options);
      },
      R"(The fraction of all trials that succeeded, with an interval for which the rows are the sample.

successes, trials: one of each per row. method: "joined_clusters" (rows in the order of time;
neighbours that are alike are joined), "cluster_robust" (each row is a cluster, in any order),
"quasi_binomial", "linearised" (Cochran's t interval) or "circular_blocks" (bootstrap; seed and
resamples). block_length: rows per cluster or block, 0 is automatic.
Raises ValueError for unequal sizes or successes outside 0 ... trials.
Source: Korn and Graubard (1998), Survey Methodology 24, 193; Cochran (1977), eq. 6.13.)",
      py::arg("successes"), py::arg("trials"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "joined_clusters", py::arg("sides") = "both", py::arg("block_length") = 0,
      py::arg("seed") = 0, py::arg("resamples") = 10'000);
}

void bind_ratio(py::module_& m) {
  m.def(
      "ratio_of_totals",
      [](const reals& numerators, const reals& denominators, double level, const string& how,
         const string& side) {
        const auto y = view(numerators);
        const auto x = view(denominators);
        const ratio_options options{
            level, to_method(how, {jackknife, linearised}, "stats::ratio_of_totals"),
            to_sides(side)};
        const py::gil_scoped_release release;
        return ratio_of_totals(y, x, options);
      },
      R"(The sum of numerators over the sum of denominators, with an interval for which the rows are
the sample.

method: "jackknife" or "linearised" (Cochran's t interval, which covers too little when few rows
hold most). Raises ValueError for unequal sizes, or denominators that are negative or all 0.
Source: Cochran (1977), Sampling Techniques, eq. 6.13; Efron (1982).)",
      py::arg("numerators"), py::arg("denominators"), py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("method") = "jackknife",
      py::arg("sides") = "both");
  m.def(
      "finite_proportion",
      [](count successes, count trials, count population, double level, const string& side) {
        return finite_proportion(successes, trials, population,
                                 {.confidence_level = level, .sides = to_sides(side)});
      },
      R"(The fraction of successes in a lot of which a part was drawn and checked, with exact limits.

The limits close in as more of the lot is checked, and meet when all is. Nothing checked gives the
state "no_data". Raises ValueError unless successes <= trials <= population.
Source: Cochran (1977), Sampling Techniques, 3.6.)",
      py::arg("successes"), py::arg("trials"), py::arg("population"), py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("sides") = "both");
}

}  // namespace
}  // namespace relia::python

void bind_stats_clusters(py::module_& m) {
  relia::python::bind_clusters(m);
  relia::python::bind_ratio(m);
}
