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
  const auto numbers = [](const std::vector<double>& values) {
    return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
  };
  py::class_<io::load_test>(
      m, "load_test",
      "The levels of an open-loop load test that are under capacity, as arrays: arrival_rate, the "
      "mean latency of how many requests, and service_time as the workers measured it (empty when "
      "the file has none). notes: the levels left out.")
      .def_property_readonly("arrival_rate",
                             [=](const io::load_test& t) { return numbers(t.arrival_rate); })
      .def_property_readonly("latency", [=](const io::load_test& t) { return numbers(t.latency); })
      .def_property_readonly("requests",
                             [=](const io::load_test& t) { return numbers(t.requests); })
      .def_property_readonly("service_time",
                             [=](const io::load_test& t) { return numbers(t.service_time); })
      .def_readonly("notes", &io::load_test::notes);
  m.def(
      "read_load_test", [](const py::object& path) { return io::read_load_test(to_path(path)); },
      "An open-loop load test in CSV, a row for each level. Columns: sent and duration_seconds, or "
      "arrival_rate or offered_per_second; latency_mean_seconds or latency_seconds; completed or "
      "requests; where present service_mean_seconds or service_seconds. Raises ValueError with "
      "file and line.",
      py::arg("path"));
  py::class_<io::concurrency_test>(
      m, "concurrency_test",
      "A closed-loop load test, as arrays: concurrency, throughput, and the mean latency (empty "
      "when the file has none).")
      .def_property_readonly("concurrency",
                             [=](const io::concurrency_test& t) { return numbers(t.concurrency); })
      .def_property_readonly("throughput",
                             [=](const io::concurrency_test& t) { return numbers(t.throughput); })
      .def_property_readonly("latency",
                             [=](const io::concurrency_test& t) { return numbers(t.latency); });
  m.def(
      "read_concurrency_test",
      [](const py::object& path) { return io::read_concurrency_test(to_path(path)); },
      "A closed-loop load test in CSV, a row for each level. Columns: concurrency; "
      "throughput_per_second or throughput; where present latency_mean_seconds or "
      "latency_seconds. Raises ValueError with file and line.",
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
