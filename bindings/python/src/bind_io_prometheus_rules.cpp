// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <relia/io/prometheus_rules.hpp>
#include <relia/io/slo_spec.hpp>
#include <relia/io/slo_tiers.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using io::prometheus_slo;
using io::slo_spec;

void bind_rules(py::module_& m) {
  py::class_<prometheus_slo>(
      m, "prometheus_slo",
      "An objective, its policy and PromQL selectors of the counters of two of bad, good and valid "
      "events.")
      .def(
          py::init([](const std::string& name, const slo::objective& goal,
                      const slo::policy& policy, const std::string& bad, const std::string& good,
                      const std::string& valid, const std::vector<std::string>& by,
                      const io::labels& labels, const py::object& interval) {
            return prometheus_slo{name,
                                  goal,
                                  policy,
                                  {bad, good, valid},
                                  by,
                                  labels,
                                  to_duration(interval, "interval")};
          }),
          "by: labels whose every value has its own alerts. labels: added to every rule. interval: "
          "between evaluations; 0 leaves it to Prometheus.",
          py::arg("name"), py::arg("goal"), py::arg("policy"), py::kw_only(), py::arg("bad") = "",
          py::arg("good") = "", py::arg("valid") = "", py::arg("by") = std::vector<std::string>{},
          py::arg("labels") = io::labels{}, py::arg("interval") = 0.0)
      .def_readonly("name", &prometheus_slo::name)
      .def_readonly("goal", &prometheus_slo::goal)
      .def_readonly("policy", &prometheus_slo::policy)
      .def_property_readonly("bad", [](const prometheus_slo& s) { return s.events.bad; })
      .def_property_readonly("good", [](const prometheus_slo& s) { return s.events.good; })
      .def_property_readonly("valid", [](const prometheus_slo& s) { return s.events.valid; })
      .def_readonly("by", &prometheus_slo::by)
      .def_readonly("labels", &prometheus_slo::labels)
      .def_property_readonly(
          "interval", [](const prometheus_slo& s) { return real_seconds(s.interval).count(); })
      .def("__repr__", [](const prometheus_slo& s) {
        return "<prometheus_slo " + std::string(py::repr(py::str(s.name))) + ">";
      });
  m.def(
      "to_prometheus_rules",
      [](const std::vector<prometheus_slo>& objectives) {
        const py::gil_scoped_release release;
        return io::to_prometheus_rules(objectives);
      },
      "A Prometheus rules file (YAML): the windows recorded, an alert for each tier and rule. It "
      "fires when slo.evaluate_counters says so. Raises ValueError for what no rule can be made "
      "of.",
      py::arg("objectives"));
  m.def(
      "to_yaml", [](const std::vector<slo::tier>& tiers) { return io::to_yaml(tiers); },
      "Tiers in the form of a file of objectives, a line each; they read back to the bit.",
      py::arg("tiers"));
}

void bind_spec(py::module_& m) {
  py::class_<slo_spec>(m, "slo_spec", "One objective of a file, with what the file says about it.")
      .def_readonly("rules", &slo_spec::rules)
      .def_readonly("events", &slo_spec::events)
      .def_readonly("notes", &slo_spec::notes)
      .def_readonly("file", &slo_spec::file)
      .def_readonly("line", &slo_spec::line)
      .def_property_readonly(
          "scrape_interval",
          [](const slo_spec& s) { return real_seconds(s.lint.scrape_interval).count(); })
      .def_property_readonly("events_per_second",
                             [](const slo_spec& s) { return s.lint.events_per_second; })
      .def("__repr__", [](const slo_spec& s) {
        return "<slo_spec " + std::string(py::repr(py::str(s.rules.name))) + ", " + s.file + ":" +
               std::to_string(s.line) + ">";
      });
  m.def(
      "read_slos",
      [](const py::object& given, bool data) {
        const auto path = py::module_::import("os").attr("fsdecode")(given).cast<std::string>();
        const py::gil_scoped_release release;
        return io::read_slos(path, data ? io::slo_data::read : io::slo_data::leave);
      },
      "The objectives of a file (YAML), and with data the recorded events that it names. Raises "
      "ValueError with file and line for anything that is not as it must be.",
      py::arg("path"), py::kw_only(), py::arg("data") = true);
}

}  // namespace
}  // namespace relia::python

void bind_io_prometheus_rules(py::module_& m) {
  relia::python::bind_rules(m);
  relia::python::bind_spec(m);
}
