// SPDX-License-Identifier: BSL-1.0
#include <relia/core.hpp>
#include <relia/detail/text.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

template <class T>
double plain(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return value;
  } else {
    return value.count();
  }
}

template <class T>
void bind_interval(py::module_& m, const char* name, const char* doc) {
  using bound = interval<T>;
  py::class_<bound>(m, name, doc)
      .def(py::init([](double lower, double upper, double level) {
             return bound{T(lower), T(upper), level};
           }),
           py::arg("lower"), py::arg("upper"), py::kw_only(), py::arg("confidence_level") = 0.95)
      .def_property_readonly("lower", [](const bound& i) { return plain(i.lower); })
      .def_property_readonly("upper", [](const bound& i) { return plain(i.upper); })
      .def_readonly("confidence_level", &bound::confidence_level)
      .def("__contains__", [](const bound& i, double value) { return i.contains(T(value)); })
      .def(py::pickle(
          [](const bound& i) {
            return py::make_tuple(plain(i.lower), plain(i.upper), i.confidence_level);
          },
          [](const py::tuple& t) {
            return bound{T(t[0].cast<double>()), T(t[1].cast<double>()), t[2].cast<double>()};
          }))
      .def("__eq__", [](const bound& a, const bound& b) { return a == b; })
      .def("__repr__", [name](const bound& i) {
        return std::string(name) + "(" + repr(plain(i.lower)) + ", " + repr(plain(i.upper)) +
               ", confidence_level=" + repr(i.confidence_level) + ")";
      });
}

template <class T>
void bind_estimate(py::module_& m, const char* name, const char* doc) {
  using answer = estimate<T>;
  py::class_<answer>(m, name, doc)
      .def_property_readonly("value", [](const answer& e) { return plain(e.value); })
      .def_readonly("interval", &answer::interval)
      .def_readonly("n", &answer::n)
      .def_readonly("n_open", &answer::n_open)
      .def_property_readonly("method", [](const answer& e) { return std::string(e.method.name); })
      .def_property_readonly("state",
                             [](const answer& e) { return std::string(to_string(e.state)); })
      .def_readonly("notes", &answer::notes)
      .def("has_value", &answer::has_value)
      .def("__float__", [](const answer& e) { return plain(e.value); })
      .def("__repr__",
           [name](const answer& e) {
             std::string text = "<" + std::string(name) + " ";
             if (!e.has_value()) {
               text += std::string(to_string(e.state));
             } else {
               text += repr(plain(e.value)) + " [" + repr(plain(e.interval.lower)) + ", " +
                       repr(plain(e.interval.upper)) + "] at " + repr(e.interval.confidence_level);
             }
             text += ", n=" + detail::to_text(e.n);
             if (e.n_open > 0) text += ", open=" + detail::to_text(e.n_open);
             return text + ", " + std::string(e.method.name) + ">";
           })
      .def("_repr_html_", [](const answer& e) {
        std::string html =
            "<table><tr><th>value</th><th>lower</th><th>upper</th><th>level</th>"
            "<th>n</th><th>open</th><th>method</th><th>state</th></tr><tr><td>";
        html += repr(plain(e.value)) + "</td><td>" + repr(plain(e.interval.lower)) + "</td><td>" +
                repr(plain(e.interval.upper)) + "</td><td>" + repr(e.interval.confidence_level) +
                "</td><td>" + detail::to_text(e.n) + "</td><td>" + detail::to_text(e.n_open) +
                "</td><td>" + html_text(std::string(e.method.name)) + "</td><td>" +
                std::string(to_string(e.state)) + "</td></tr></table>";
        for (const std::string& note : e.notes) html += "<p>" + html_text(note) + "</p>";
        return html;
      });
}

}  // namespace
}  // namespace relia::python

void bind_core(py::module_& m) {
  using namespace relia;
  using namespace relia::python;
  py::register_exception<convergence_error>(m, "ConvergenceError", PyExc_RuntimeError);

  bind_interval<double>(m, "interval", "Values compatible with the data at a confidence level.");
  bind_interval<real_seconds>(m, "duration_interval",
                              "As interval, of lengths of time in seconds.");
  bind_estimate<double>(
      m, "estimate",
      "A value with its interval, the number of observations, and how it was made. Unless "
      "state is \"ok\", value is NaN and the interval is the whole domain.");
  bind_estimate<real_seconds>(m, "duration_estimate",
                              "As estimate, of a length of time in seconds.");

  py::class_<decision>(m, "decision", "A verdict, the bound that decided it, and the reason.")
      .def_property_readonly("verdict",
                             [](const decision& d) { return std::string(to_string(d.verdict)); })
      .def_readonly("bound", &decision::bound)
      .def_readonly("margin", &decision::margin)
      .def_readonly("reason", &decision::reason)
      .def("__repr__", [](const decision& d) {
        return "<decision " + std::string(to_string(d.verdict)) + ": bound " + repr(d.bound) +
               ", margin " + repr(d.margin) + ", " + d.reason + ">";
      });
  const auto to_limit = [](const std::string& side, double value, double level) {
    if (side != "at_most" && side != "at_least") {
      throw py::value_error("sense must be \"at_most\" or \"at_least\", got \"" + side + "\"");
    }
    return limit{side == "at_most" ? sense::at_most : sense::at_least, value, level};
  };
  m.def(
      "decide",
      [to_limit](const estimate<double>& e, const std::string& side, double value, double level) {
        return decide(e, to_limit(side, value, level));
      },
      "Decides whether an estimate meets a limit. Its interval must be two-sided at "
      "two_sided_level(confidence_level). Raises ValueError for another level.",
      py::arg("estimate"), py::arg("sense"), py::arg("limit"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
  m.def(
      "decide_value",
      [to_limit](const estimate<double>& e, const std::string& side, double value) {
        return decide_value(e, to_limit(side, value, 0.95));
      },
      "Decides on the value alone, as for a finished period that was counted whole.",
      py::arg("estimate"), py::arg("sense"), py::arg("limit"));
  m.def(
      "two_sided_level", &two_sided_level,
      "The two-sided level whose ends are the one-sided bounds at confidence_level: 0.90 for 0.95.",
      py::arg("confidence_level"));

  py::class_<period>(m, "period", "The half-open stretch of time [start, end), UTC.")
      .def(py::init([](const py::object& start, const py::object& end) {
             return period(to_instant(start, "start"), to_instant(end, "end"));
           }),
           py::arg("start"), py::arg("end"))
      .def_property_readonly("start", [](const period& p) { return from_instant(p.from()); })
      .def_property_readonly("end", [](const period& p) { return from_instant(p.to()); })
      .def_property_readonly("seconds",
                             [](const period& p) { return real_seconds(p.length()).count(); })
      .def("__contains__",
           [](const period& p, const py::object& t) { return p.contains(to_instant(t, "t")); })
      .def("__eq__", [](const period& a, const period& b) { return a == b; })
      .def(py::pickle(
          [](const period& p) {
            return py::make_tuple(p.from().time_since_epoch().count(),
                                  p.to().time_since_epoch().count());
          },
          [](const py::tuple& t) {
            return period(instant(duration(t[0].cast<std::int64_t>())),
                          instant(duration(t[1].cast<std::int64_t>())));
          }))
      .def("__repr__", [](const period& p) {
        return "period('" + std::string(py::str(from_instant(p.from()))) + "', '" +
               std::string(py::str(from_instant(p.to()))) + "')";
      });
}
