// SPDX-License-Identifier: BSL-1.0
#include <relia/stats.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::stats;
using std::string;

stopping to_stopping(const string& name) {
  if (name == "at_time") return stopping::at_time;
  if (name == "at_event") return stopping::at_event;
  throw py::value_error("stopping must be \"at_time\" or \"at_event\", got \"" + name + "\"");
}

void bind_proportion(py::module_& m) {
  m.def(
      "proportion",
      [](count successes, count trials, double level, const string& how, const string& side) {
        return proportion(
            successes, trials,
            {.confidence_level = level,
             .method = to_method(how, {wilson, clopper_pearson, jeffreys}, "stats::proportion"),
             .sides = to_sides(side)});
      },
      R"(The fraction of trials that succeeded, with its interval.

Near 1 count the failures instead: a limit on 1e-9 keeps its digits, one on 1 - 1e-9 does not.
method: "wilson" (close to the level on average), "clopper_pearson" (never below it) or "jeffreys".
sides: "both", "lower" or "upper". No trials give the state "no_data" and [0, 1].
Raises ValueError for successes outside 0 ... trials. Source: Brown, Cai, DasGupta (2001).)",
      py::arg("successes"), py::arg("trials"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "wilson", py::arg("sides") = "both");
  m.def(
      "proportion_difference",
      [](count s1, count n1, count s2, count n2, double level, const string& side) {
        return proportion_difference(s1, n1, s2, n2,
                                     {.confidence_level = level, .sides = to_sides(side)});
      },
      R"(The first fraction minus the second, with Newcombe's interval.

The interval holds 0 when the data do not tell the fractions apart. No trials on a side give the
state "no_data" and [-1, 1]. Raises ValueError for successes outside 0 ... trials.
Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.)",
      py::arg("successes1"), py::arg("trials1"), py::arg("successes2"), py::arg("trials2"),
      py::kw_only(), py::arg("confidence_level") = 0.95, py::arg("sides") = "both");
}

void bind_rate(py::module_& m) {
  m.def(
      "rate",
      [](count events, double exposure, double level, const string& side, const string& stop) {
        return rate(
            events, exposure,
            {.confidence_level = level, .sides = to_sides(side), .stopping = to_stopping(stop)});
      },
      R"(Events per unit of exposure, with Garwood's exact interval.

exposure: in any unit; the rate is per that unit. stopping: "at_time", or "at_event" when the
exposure ended with the last event. No event in no exposure gives the state "no_data".
Raises ValueError for a negative count or an exposure that is not positive.
Source: Garwood (1936), Biometrika 28.)",
      py::arg("events"), py::arg("exposure"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("sides") = "both", py::arg("stopping") = "at_time");

  py::class_<quasi_poisson_result>(m, "quasi_poisson_result",
                                   "A rate over several periods, with the dispersion of their "
                                   "counts: variance over mean, 1 for Poisson events.")
      .def_readonly("rate", &quasi_poisson_result::rate)
      .def_readonly("dispersion", &quasi_poisson_result::dispersion)
      .def_readonly("p_value", &quasi_poisson_result::p_value)
      .def("__repr__", [](const quasi_poisson_result& r) {
        return "<quasi_poisson_result " + string(py::repr(py::cast(r.rate))) + ", dispersion " +
               repr(r.dispersion) + ", p_value " + repr(r.p_value) + ">";
      });
  m.def(
      "quasi_poisson_rate",
      [](const py::object& events, const reals& exposure, double level, const string& how,
         const string& side) {
        const std::vector<count> counts = to_counts(events, "events");
        const quasi_poisson_options options{
            .confidence_level = level,
            .method =
                to_method(how, {quasi_poisson, quasi_poisson_normal}, "stats::quasi_poisson_rate"),
            .sides = to_sides(side)};
        const auto exposures = view(exposure);
        const py::gil_scoped_release release;
        return quasi_poisson_rate(counts, exposures, options);
      },
      R"(Events per unit of exposure over periods whose counts vary more than Poisson counts do.

events, exposure: one of each per period. The dispersion widens the interval and never narrows it.
method: "quasi_poisson" (Student's t) or "quasi_poisson_normal" (the normal deviate, which covers
too little with few periods). One period gives infinite limits; no event gives Garwood's interval.
Raises ValueError for unequal sizes, negative counts or exposures that are not positive.
Source: McCullagh and Nelder (1989), 6.2.3.)",
      py::arg("events"), py::arg("exposure"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "quasi_poisson", py::arg("sides") = "both");
  m.def(
      "rate_ratio",
      [](count x1, double t1, count x2, double t2, double level, const string& side) {
        return rate_ratio(x1, t1, x2, t2, {.confidence_level = level, .sides = to_sides(side)});
      },
      R"(The first rate over the second, exact given the total number of events.

The interval holds 1 when the data do not tell the rates apart. No event on the second side gives
an infinite value, none on either the state "no_data". Raises ValueError for a negative count or
an exposure that is not positive. Source: Przyborowski and Wilenski (1940), Biometrika 31.)",
      py::arg("events1"), py::arg("exposure1"), py::arg("events2"), py::arg("exposure2"),
      py::kw_only(), py::arg("confidence_level") = 0.95, py::arg("sides") = "both");
  m.def(
      "rate_ratio_p_value",
      [](const py::object& x1, const reals& t1, const py::object& x2, const reals& t2) {
        for (const auto& [events, name] : {std::pair(x1, "events1"), std::pair(x2, "events2")}) {
          (void)to_counts(events, name);  // refuses floats, which vectorize would truncate
        }
        return py::vectorize(&rate_ratio_p_value)(x1, t1, x2, t2);
      },
      R"(How often two equal rates would split the events as unevenly as this or more.

Two-sided and exact; "as unevenly" means "no more likely", as in R's poisson.test. Scalars or
arrays, which broadcast. Raises ValueError as rate_ratio.)",
      py::arg("events1"), py::arg("exposure1"), py::arg("events2"), py::arg("exposure2"));
}

void bind_quantile(py::module_& m) {
  m.def(
      "quantile",
      [](const reals& values, const reals& level) {
        const auto all = view(values);
        return py::vectorize([all](double l) {
          const py::gil_scoped_release release;
          return quantile(all, l);
        })(level);
      },
      R"(The value that the fraction level of the values lies at or below, interpolated (type 7).

level: one or many, in [0, 1]. Infinite values are allowed; NaN and no values raise ValueError.
Source: Hyndman and Fan (1996), definition 7.)",
      py::arg("values"), py::arg("level"));
  m.def(
      "sorted_quantile",
      [](const reals& sorted, const reals& level) {
        const auto all = view(sorted);
        return py::vectorize([all](double l) { return sorted_quantile(all, l); })(level);
      },
      "As quantile, of values that are already in ascending order (not checked).",
      py::arg("sorted"), py::arg("level"));
  m.def(
      "quantile_interval",
      [](const reals& values, double level, double confidence_level, const string& side) {
        const quantile_options options{.confidence_level = confidence_level,
                                       .sides = to_sides(side)};
        const auto all = view(values);
        const py::gil_scoped_release release;
        return quantile_interval(all, level, options);
      },
      R"(The quantile with an interval between two of the values, whatever their distribution.

The ranks and the exact probability to miss are in the notes; an end is infinite when no value can
bound it, and a note says how many values would. No values give the state "no_data".
Raises ValueError for a level outside (0, 1) and for NaN.
Source: David and Nagaraja (2003), 7.1.)",
      py::arg("values"), py::arg("level"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("sides") = "both");
}

void bind_mean(py::module_& m) {
  m.def(
      "mean",
      [](const reals& values, double level, const string& how, const string& side) {
        const mean_options options{
            .confidence_level = level,
            .method = to_method(how, {student_t, modified_cox}, "stats::mean"),
            .sides = to_sides(side)};
        const auto all = view(values);
        const py::gil_scoped_release release;
        return mean(all, options);
      },
      R"(The mean, with the interval of the method.

method: "student_t" (the arithmetic mean) or "modified_cox" (the mean of a log-normal distribution,
for durations: positive values only). No values give the state "no_data", one value infinite
limits. Raises ValueError for values that are not finite. Source: Olsson (2005).)",
      py::arg("values"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("method") = "student_t", py::arg("sides") = "both");
  m.def(
      "geometric_mean",
      [](const reals& values, double level, const string& side) {
        const geometric_mean_options options{.confidence_level = level, .sides = to_sides(side)};
        const auto all = view(values);
        const py::gil_scoped_release release;
        return geometric_mean(all, options);
      },
      R"(The geometric mean, the typical value of log-normal data, with Student's interval of the logarithms.

No values give the state "no_data", one value the interval [0, inf). Raises ValueError for values
that are not positive and finite.)",
      py::arg("values"), py::kw_only(), py::arg("confidence_level") = 0.95,
      py::arg("sides") = "both");
}

}  // namespace
}  // namespace relia::python

void bind_stats_intervals(py::module_& m) {
  relia::python::bind_proportion(m);
  relia::python::bind_rate(m);
  relia::python::bind_quantile(m);
  relia::python::bind_mean(m);
}
