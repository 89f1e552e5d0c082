// SPDX-License-Identifier: BSL-1.0
#include <relia/check.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_markdown.hpp>
#include <relia/io/report_text.hpp>

#include "bind.hpp"

namespace {

using namespace relia;

std::string html(const check::report& report) {
  std::string rows;
  for (const check::result& r : report.results) {
    rows += "<tr>";
    for (const std::string& cell : {std::string(to_string(r.decision.verdict)), r.name, r.rule,
                                    io::measurement(r), io::limit_text(r), r.decision.reason}) {
      rows += "<td>" + python::html_text(cell) + "</td>";
    }
    rows += "</tr>";
  }
  return "<table><tr><th>verdict</th><th>check</th><th>rule</th><th>measured</th><th>limit</"
         "th><th>why</th></tr>" +
         rows + "</table><p>" + io::summary(report) + "</p>";
}

check::inconclusive to_policy(const std::string& name) {
  if (name == "fail") return check::inconclusive::fail;
  if (name == "warn") return check::inconclusive::warn;
  if (name == "pass") return check::inconclusive::pass;
  throw py::value_error("inconclusive must be \"fail\", \"warn\" or \"pass\", got \"" + name +
                        "\"");
}

}  // namespace

void bind_check(py::module_& m) {
  py::class_<check::result>(m, "result", "The outcome of one check.")
      .def_readonly("name", &check::result::name)
      .def_readonly("rule", &check::result::rule)
      .def_property_readonly("file", [](const check::result& r) { return r.where.file; })
      .def_property_readonly("line", [](const check::result& r) { return r.where.line; })
      .def_readonly("measured", &check::result::measured)
      .def_property_readonly("limit", [](const check::result& r) { return r.limit.value; })
      .def_property_readonly("sense",
                             [](const check::result& r) {
                               return r.limit.sense == sense::at_most ? "at_most" : "at_least";
                             })
      .def_readonly("decision", &check::result::decision)
      .def("__repr__", [](const check::result& r) {
        return "<result " + r.name + ": " + std::string(to_string(r.decision.verdict)) + ", " +
               io::measurement(r) + ", limit " + io::limit_text(r) + ">";
      });

  py::class_<check::report>(m, "report", "The results of a set of checks.")
      .def_readonly("results", &check::report::results)
      .def_property_readonly("passed",
                             [](const check::report& r) { return r.number_of(verdict::pass); })
      .def_property_readonly("failed",
                             [](const check::report& r) { return r.number_of(verdict::fail); })
      .def_property_readonly(
          "inconclusive", [](const check::report& r) { return r.number_of(verdict::inconclusive); })
      .def(
          "exit_code",
          [](const check::report& r, const std::string& policy) {
            return r.exit_code(to_policy(policy));
          },
          "0 all passed, 1 a check failed, 2 nothing was checked, 3 inconclusive.",
          py::arg("inconclusive") = "fail")
      .def("__repr__", [](const check::report& r) { return "<report of " + io::summary(r) + ">"; })
      .def("__str__", [](const check::report& r) { return io::to_text(r); })
      .def("_repr_html_", &html);

  py::class_<check::item>(m, "item", "One check, read and not yet evaluated.")
      .def_readonly("name", &check::item::name)
      .def_property_readonly("rule",
                             [](const check::item& i) {
                               return std::visit(
                                   [](const auto& r) { return std::string(r.info.name); }, i.rule);
                             })
      .def_readonly("notes", &check::item::notes);

  m.def(
      "evaluate",
      [](const std::vector<check::item>& items) {
        const py::gil_scoped_release release;
        check::report report;
        for (const check::item& i : items) report.results.push_back(check::evaluate(i));
        return report;
      },
      "Measures and decides each check, in order.", py::arg("items"));
  m.def(
      "rules",
      [] {
        py::dict all;
        for (const check::rule_info& info : check::rules()) {
          all[py::str(std::string(info.name))] = py::str(std::string(info.question));
        }
        return all;
      },
      "Every rule by name, with the question it answers.");
}
