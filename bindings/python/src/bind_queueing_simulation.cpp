// SPDX-License-Identifier: BSL-1.0
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/queueing/sequential_mean.hpp>
#include <relia/queueing/simulation.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "laws.hpp"

namespace relia::python {
namespace {

using namespace relia::queueing;

constexpr choice<discipline> disciplines[] = {
    {"first_come", discipline::first_come},
    {"processor_sharing", discipline::processor_sharing},
    {"shortest_remaining", discipline::shortest_remaining},
    {"priority", discipline::priority},
    {"preemptive_priority", discipline::preemptive_priority}};
constexpr choice<delay> delays[] = {{"response", delay::response}, {"wait", delay::wait}};

struct line {
  std::string name;
  const estimate<double>* answer;
};

/// What a reader wants to see first: what applies to the station.
std::vector<line> lines(const simulation& s) {
  std::vector<line> all{{"mean_wait", &s.mean_wait},
                        {"mean_response", &s.mean_response},
                        {"wait_probability", &s.wait_probability}};
  if (s.blocking_probability.interval.upper > 0) {
    all.push_back({"blocking_probability", &s.blocking_probability});
  }
  if (s.abandonment_probability.interval.upper > 0) {
    all.push_back({"abandonment_probability", &s.abandonment_probability});
    all.push_back({"mean_wait_abandoned", &s.mean_wait_abandoned});
  }
  all.push_back({"mean_in_system", &s.mean_in_system});
  all.push_back({"utilization", &s.utilization});
  for (std::size_t i = 0; i < s.quantiles.size(); ++i) {
    all.push_back({"quantiles[" + relia::detail::to_text(i) + "]", &s.quantiles[i]});
  }
  for (std::size_t i = 0; s.classes.size() > 1 && i < s.classes.size(); ++i) {
    const std::string of = "classes[" + relia::detail::to_text(i) + "].";
    all.push_back({of + "mean_wait", &s.classes[i].mean_wait});
    all.push_back({of + "mean_response", &s.classes[i].mean_response});
  }
  return all;
}

std::string title(const simulation& s) {
  if (s.outcome == simulation_outcome::unstable) return "unstable: " + s.mean_wait.notes.at(0);
  return std::string(to_string(s.outcome)) + " after " + relia::detail::to_text(s.customers) +
         " customers";
}

std::string range(const estimate<double>& e) {
  if (!e.has_value()) return std::string(to_string(e.state));
  const auto text = [](double x) { return relia::detail::to_short_text(x); };
  return text(e.value) + " [" + text(e.interval.lower) + ", " + text(e.interval.upper) + "]";
}

std::string plain_text(const simulation& s) {
  std::string text = "<simulation " + title(s);
  if (s.outcome == simulation_outcome::unstable) return text + ">";
  for (const line& l : lines(s)) {
    text += "\n  " + l.name + std::string(l.name.size() < 26 ? 26 - l.name.size() : 1, ' ') +
            range(*l.answer);
  }
  return text + ">";
}

std::string html(const simulation& s) {
  std::string text = "<p>simulation " + html_text(title(s)) + "</p><table>";
  text += "<tr><th></th><th>value</th><th>lower</th><th>upper</th></tr>";
  for (const line& l : lines(s)) {
    text += "<tr><td>" + l.name + "</td><td>" + repr(l.answer->value) + "</td><td>" +
            repr(l.answer->interval.lower) + "</td><td>" + repr(l.answer->interval.upper) +
            "</td></tr>";
  }
  return text + "</table>";
}

void bind_answers(py::module_& m) {
  py::class_<class_simulation>(m, "class_simulation",
                               "Of one class: of those of it that are served.")
      .def_readonly("mean_wait", &class_simulation::mean_wait)
      .def_readonly("mean_response", &class_simulation::mean_response)
      .def("__repr__", [](const class_simulation& c) {
        return "<class_simulation mean_wait " + range(c.mean_wait) + ", mean_response " +
               range(c.mean_response) + ">";
      });
  py::class_<simulation>(
      m, "simulation",
      "What was seen. outcome: \"converged\", \"inconclusive\" (not within max_customers) or "
      "\"unstable\" (not run). Delays are of requests that are served, mean_wait_abandoned of "
      "those that gave up; wait_probability of those let in; mean_in_system and utilization over "
      "time; quantiles as many as levels; classes the most important first.")
      .def_property_readonly("outcome",
                             [](const simulation& s) { return std::string(to_string(s.outcome)); })
      .def_readonly("customers", &simulation::customers)
      .def_readonly("mean_wait", &simulation::mean_wait)
      .def_readonly("mean_response", &simulation::mean_response)
      .def_readonly("mean_wait_abandoned", &simulation::mean_wait_abandoned)
      .def_readonly("wait_probability", &simulation::wait_probability)
      .def_readonly("blocking_probability", &simulation::blocking_probability)
      .def_readonly("abandonment_probability", &simulation::abandonment_probability)
      .def_readonly("mean_in_system", &simulation::mean_in_system)
      .def_readonly("utilization", &simulation::utilization)
      .def_readonly("quantiles", &simulation::quantiles)
      .def_readonly("classes", &simulation::classes)
      .def("__repr__", &plain_text)
      .def("_repr_html_", &html);
}

void bind_simulate(py::module_& m) {
  m.def(
      "simulate",
      [](const py::object& between, const py::object& service, count servers,
         std::optional<count> capacity, const std::string& order, const py::object& patience,
         const std::vector<std::pair<py::object, py::object>>& lower, const reals& batch_sizes,
         std::uint64_t seed, double width, double confidence_level, count max_customers,
         const std::string& watched, const reals& levels) {
        simulation_model model{.between_arrivals = to_law<law>(between, "between_arrivals"),
                               .service = to_law<law>(service, "service"),
                               .servers = servers,
                               .capacity = capacity,
                               .discipline = choose(order, disciplines, "discipline")};
        if (!patience.is_none()) model.patience = to_law<law>(patience, "patience");
        for (const auto& [arrivals, services] : lower) {
          model.lower_classes.push_back(
              {to_law<law>(arrivals, "lower_classes"), to_law<law>(services, "lower_classes")});
        }
        const auto sizes = view(batch_sizes);
        model.batch_sizes.assign(sizes.begin(), sizes.end());
        simulation_options options{.seed = seed,
                                   .relative_half_width = width,
                                   .confidence_level = confidence_level,
                                   .max_customers = max_customers,
                                   .delay = choose(watched, delays, "delay")};
        const auto wanted = view(levels);
        options.levels.assign(wanted.begin(), wanted.end());
        const py::gil_scoped_release release;
        return simulate(model, options);
      },
      "Simulates a station until the mean of delay (\"response\" or \"wait\") is known to "
      "relative_half_width, or max_customers have come. between_arrivals, service, patience: laws "
      "of times, such as exponential_time. discipline: \"first_come\", \"processor_sharing\", "
      "\"shortest_remaining\", \"priority\" or \"preemptive_priority\". lower_classes: pairs of "
      "laws (between_arrivals, service), each class less important than the one before. "
      "batch_sizes: the probabilities of 1, 2, ... requests at each arrival. levels: the quantiles "
      "of delay to give. The same seed gives the same answer. Batch means (Law and Carson 1979). "
      "Raises ValueError.",
      py::arg("between_arrivals"), py::arg("service"), py::arg("servers") = 1, py::kw_only(),
      py::arg("capacity") = py::none(), py::arg("discipline") = "first_come",
      py::arg("patience") = py::none(), py::arg("lower_classes") = py::tuple(),
      py::arg("batch_sizes") = py::tuple(), py::arg("seed") = 0,
      py::arg("relative_half_width") = 0.01, py::arg("confidence_level") = 0.95,
      py::arg("max_customers") = 10'000'000, py::arg("delay") = "response",
      py::arg("levels") = py::make_tuple(0.99));
  m.def(
      "sequential_mean",
      [](const py::function& step, double width, double confidence_level, count max_steps) {
        return sequential_mean(
            [&step] {
              const py::object seen = step();
              if (!py::isinstance<py::tuple>(seen)) return observation{seen.cast<double>(), 1};
              const auto [value, weight] = seen.cast<std::pair<double, double>>();
              return observation{value, weight};
            },
            {.relative_half_width = width,
             .confidence_level = confidence_level,
             .max_steps = max_steps});
      },
      "The long-run mean of what step() returns, called until the interval is narrow enough: a "
      "number, or a pair (value, weight) for sum of values over sum of weights. A note says when "
      "it stopped at max_steps. Raises ValueError.",
      py::arg("step"), py::kw_only(), py::arg("relative_half_width") = 0.01,
      py::arg("confidence_level") = 0.95, py::arg("max_steps") = 10'000'000);
}

}  // namespace
}  // namespace relia::python

void bind_queueing_simulation(py::module_& m) {
  relia::python::bind_answers(m);
  relia::python::bind_simulate(m);
}
