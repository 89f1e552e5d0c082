// SPDX-License-Identifier: BSL-1.0
#include <relia/stats/joint.hpp>

#include "bind.hpp"

void bind_stats_joint(py::module_& m) {
  using namespace relia::python;
  using relia::stats::joint;
  py::class_<joint>(m, "joint",
                    "A probability if the events are independent, and its bounds under any "
                    "dependence.")
      .def_readonly("independent", &joint::independent)
      .def_readonly("lower", &joint::lower)
      .def_readonly("upper", &joint::upper)
      .def("__eq__", [](const joint& a, const joint& b) { return a == b; })
      .def("__repr__", [](const joint& j) {
        return "<joint " + repr(j.independent) + " in [" + repr(j.lower) + ", " + repr(j.upper) +
               "]>";
      });
  m.def(
      "at_least", [](const reals& p, relia::count n) { return relia::stats::at_least(view(p), n); },
      "P(at least m of the events happen), from their probabilities: independent, and the bounds "
      "that any dependence allows. Raises ValueError. Morgenstern, 1980.",
      py::arg("probabilities"), py::arg("m"));
  m.def(
      "any_of", [](const reals& p) { return relia::stats::any_of(view(p)); },
      "P(any of the events happens): parts in series, from their unavailabilities.",
      py::arg("probabilities"));
  m.def(
      "all_of", [](const reals& p) { return relia::stats::all_of(view(p)); },
      "P(all of the events happen): parallel parts, from their unavailabilities.",
      py::arg("probabilities"));
}
