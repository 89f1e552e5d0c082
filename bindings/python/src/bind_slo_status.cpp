// SPDX-License-Identifier: BSL-1.0
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/slo/evaluate_counters.hpp>
#include <relia/slo/status.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "counter_answers.hpp"

namespace relia::python {
namespace {

constexpr choice<slo::before_start> before_starts[] = {{"clean", slo::before_start::clean},
                                                       {"partial", slo::before_start::partial}};

using group = std::optional<std::vector<sli::counter>>;

/// Keeps the counters that its spans look at.
struct held_counters {
  group bad, good, valid;

  [[nodiscard]] slo::event_counters view() const {
    const auto span = [](const group& g) {
      return g ? std::optional(std::span<const sli::counter>(*g)) : std::nullopt;
    };
    return {span(bad), span(good), span(valid)};
  }
};

void bind_counters(py::module_& m) {
  using slo::event_growth;
  py::class_<event_growth>(m, "event_growth",
                           "Bad and valid events of a window, extrapolated as Prometheus does.")
      .def_readonly("bad", &event_growth::bad)
      .def_readonly("valid", &event_growth::valid)
      .def_property_readonly("state",
                             [](const event_growth& g) { return std::string(to_string(g.state)); })
      .def_property_readonly(
          "error_ratio", [](const event_growth& g) { return g.error_ratio(); },
          "At most 1; NaN when nothing was valid.")
      .def("__repr__", [](const event_growth& g) {
        return "<event_growth bad=" + repr(g.bad) + ", valid=" + repr(g.valid) + ">";
      });
  m.def(
      "event_increase",
      [](const py::object& at, const py::object& window, group bad, group good, group valid,
         const std::string& preset, const std::string& edges, const py::object& lookback) {
        const held_counters held{std::move(bad), std::move(good), std::move(valid)};
        return slo::event_increase(held.view(), to_instant(at, "at"), to_duration(window, "window"),
                                   to_counter_options(preset, edges, lookback));
      },
      "What the counters of two of bad, good and valid (lists of sli.counter, in the order of "
      "their "
      "labels) say about the window that ends at a time. Raises ValueError.",
      py::arg("at"), py::arg("window"), py::kw_only(), py::arg("bad") = py::none(),
      py::arg("good") = py::none(), py::arg("valid") = py::none(),
      py::arg("preset") = "prometheus_3", py::arg("edges") = "extrapolated",
      py::arg("lookback") = 300.0);
  m.def(
      "evaluate_counters",
      [](const slo::policy& policy, const slo::objective& goal, const py::object& from,
         const py::object& to, const py::object& every, group bad, group good, group valid,
         const std::string& preset, const std::string& edges, const py::object& lookback) {
        const held_counters held{std::move(bad), std::move(good), std::move(valid)};
        const slo::evaluation_times times{to_instant(from, "start"), to_instant(to, "end"),
                                          to_duration(every, "every")};
        const sli::counter_options options = to_counter_options(preset, edges, lookback);
        const py::gil_scoped_release release;
        return slo::evaluate_counters(policy, goal, held.view(), times, options);
      },
      "The alerts that a Prometheus of a version would have given, its rules evaluated from start "
      "to "
      "end; the rules are io.to_prometheus_rules'. Counters as event_increase. Raises ValueError.",
      py::arg("policy"), py::arg("goal"), py::arg("start"), py::arg("end"), py::arg("every") = 60.0,
      py::kw_only(), py::arg("bad") = py::none(), py::arg("good") = py::none(),
      py::arg("valid") = py::none(), py::arg("preset") = "prometheus_3",
      py::arg("edges") = "extrapolated", py::arg("lookback") = 300.0);
}

void bind_status(py::module_& m) {
  using slo::objective_status;
  using slo::tier_status;
  py::class_<tier_status>(
      m, "tier_status",
      "The burn rates of a tier's windows, whether it fires and since when, and "
      "for how many seconds the budget lasts at the rate of the long window.")
      .def_readonly("long_burn", &tier_status::long_burn)
      .def_readonly("short_burn", &tier_status::short_burn)
      .def_readonly("firing", &tier_status::firing)
      .def_property_readonly("since",
                             [](const tier_status& s) -> py::object {
                               return s.firing ? from_instant(s.since) : py::object(py::none());
                             })
      .def_property_readonly("lasts", [](const tier_status& s) { return s.lasts.count(); })
      .def("__repr__", [](const tier_status& s) {
        return std::string("<tier_status ") + (s.firing ? "firing" : "quiet") + ", burn rates " +
               repr(s.long_burn.rate) + " and " + repr(s.short_burn.rate) + ">";
      });
  py::class_<objective_status>(m, "objective_status",
                               "Where an objective stands at the last row of a series.")
      .def_property_readonly("at",
                             [](const objective_status& s) -> py::object {
                               return s.covered > real_seconds{0} ? from_instant(s.at)
                                                                  : py::object(py::none());
                             })
      .def_readonly("events", &objective_status::events)
      .def_property_readonly("covered", [](const objective_status& s) { return s.covered.count(); })
      .def_readonly("attained", &objective_status::attained)
      .def_readonly("budget", &objective_status::budget)
      .def_readonly("tiers", &objective_status::tiers)
      .def_readonly("pages", &objective_status::pages)
      .def_property_readonly(
          "verdict", [](const objective_status& s) { return std::string(to_string(s.verdict)); })
      .def("__repr__", [](const objective_status& s) {
        return "<objective_status " + std::string(to_string(s.verdict)) + ", budget left " +
               repr(s.budget.remaining_fraction) + ">";
      });
  m.def(
      "status",
      [](const slo::policy& policy, const slo::objective& goal, const sli::event_series& events,
         const std::string& unseen) {
        const slo::evaluate_options options{.unseen = choose(unseen, before_starts, "unseen")};
        const py::gil_scoped_release release;
        return slo::status(policy, goal, events, options);
      },
      "What was attained over the policy's period up to the last row, what is left, what fires, "
      "and "
      "how long the budget lasts. The verdict: \"fail\" when the budget is overspent or a page is "
      "firing, \"inconclusive\" without valid events. Raises ValueError.",
      py::arg("policy"), py::arg("goal"), py::arg("events"), py::kw_only(),
      py::arg("unseen") = "clean");
}

}  // namespace
}  // namespace relia::python

void bind_slo_status(py::module_& m) {
  relia::python::bind_counters(m);
  relia::python::bind_status(m);
}
