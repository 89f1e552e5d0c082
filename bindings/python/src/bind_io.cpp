// SPDX-License-Identifier: BSL-1.0
#include <relia/io.hpp>

#include "bind.hpp"

namespace {

/// A str, or anything with __fspath__, such as pathlib.Path.
std::string to_path(const py::object& path) {
  return py::module_::import("os").attr("fsdecode")(path).cast<std::string>();
}

}  // namespace

void bind_io(py::module_& m) {
  using namespace relia;
  bind_io_wire(m);
  bind_io_prometheus_rules(m);
  m.def(
      "read_rules",
      [](const py::object& given) {
        const std::string path = to_path(given);
        const py::gil_scoped_release release;
        return io::read_rules(path);
      },
      "The checks of a rules file (YAML), with the data they name. Raises ValueError with file and "
      "line for anything that is not as it must be.",
      py::arg("path"));
  m.def(
      "read_prometheus",
      [](const py::object& given) {
        const std::string path = to_path(given);
        const auto all = [&] {
          const py::gil_scoped_release release;
          return io::read_prometheus(path);
        }();
        py::list series;
        for (const io::prometheus_series& s : all) {
          series.append(py::make_tuple(
              py::cast(s.labels), python::from_instants(s.times),
              py::array_t<double>(static_cast<py::ssize_t>(s.values.size()), s.values.data())));
        }
        return series;
      },
      "The series of a Prometheus API answer (JSON): a list of (labels, times, values), times as "
      "datetime64[ns]. Raises "
      "ValueError for anything but a successful answer with float samples.",
      py::arg("path"));
  m.def(
      "to_text", [](const check::report& r) { return io::to_text(r); },
      "A report for a terminal, without colour.", py::arg("report"));
  m.def(
      "to_json", [](const check::report& r) { return io::to_json(r); },
      "A report as JSON, schema_version 1; infinite numbers are null.", py::arg("report"));
  m.def("to_junit", &io::to_junit, "A report as JUnit XML; an inconclusive check is an error.",
        py::arg("report"));
  m.def("to_markdown", &io::to_markdown, "A report as a Markdown table.", py::arg("report"));
  m.def("to_github", &io::to_github, "A report as GitHub workflow commands.", py::arg("report"));
}
