// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/slo.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using slo::objective;
using std::string;

string quoted(const string& text) { return py::repr(py::str(text)); }
string text_of(count n) { return relia::detail::to_text(n); }

py::array_t<double> array_of(std::span<const double> values) {
  return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

void bind_journey(py::module_& m) {
  using slo::journey_bad_fraction;
  using slo::journey_part;
  py::class_<journey_part>(m, "journey_part", "A part of a journey; the weight is of scores only.")
      .def(py::init([](const string& name, double bad_fraction, double weight) {
             return journey_part{name, bad_fraction, weight};
           }),
           py::arg("name"), py::arg("bad_fraction"), py::arg("weight") = 1.0)
      .def_readonly("name", &journey_part::name)
      .def_readonly("bad_fraction", &journey_part::bad_fraction)
      .def_readonly("weight", &journey_part::weight)
      .def("__repr__", [](const journey_part& p) {
        return "journey_part(" + quoted(p.name) + ", " + repr(p.bad_fraction) + ", " +
               repr(p.weight) + ")";
      });
  py::class_<journey_bad_fraction>(
      m, "journey_bad_fraction",
      "What parts make of a journey. bad_fraction: if they fail independently, and its bounds "
      "whatever their dependence. The scores are no probabilities.")
      .def_readonly("bad_fraction", &journey_bad_fraction::bad_fraction)
      .def_readonly("worst", &journey_bad_fraction::worst)
      .def_readonly("worst_part", &journey_bad_fraction::worst_part)
      .def_readonly("weighted_score", &journey_bad_fraction::weighted_score)
      .def_readonly("summed_score", &journey_bad_fraction::summed_score)
      .def("__repr__", [](const journey_bad_fraction& j) {
        return "<journey_bad_fraction " + repr(j.bad_fraction.independent) + " in [" +
               repr(j.bad_fraction.lower) + ", " + repr(j.bad_fraction.upper) + "]>";
      });
  m.def(
      "journey", [](const std::vector<journey_part>& parts) { return slo::journey(parts); },
      "What parts of known bad fractions make of a journey through all of them. A part that "
      "several steps share is given once. Raises ValueError.",
      py::arg("parts"));
  m.def(
      "journey_of_requests",
      [](const std::vector<py::array_t<bool, py::array::c_style | py::array::forcecast>>& good) {
        std::vector<std::span<const bool>> parts;
        for (const auto& part : good) {
          parts.emplace_back(part.data(), static_cast<std::size_t>(part.size()));
        }
        const py::gil_scoped_release release;
        return slo::journey_of_requests(parts);
      },
      "The journey itself, from traces: arrays of bool, one for each part, of equal length; a "
      "request is good when all its parts were. Raises ValueError.",
      py::arg("good"));
  m.def(
      "allocate",
      [](const objective& journey, count parts, double own_share) {
        return slo::allocate(journey, parts, own_share);
      },
      "Objectives for that many equal parts that together spend the journey's budget, less the "
      "share kept for what belongs to none. Ten parts get one nine more.",
      py::arg("journey"), py::arg("parts"), py::arg("own_share") = 0.0);
  m.def(
      "allocate",
      [](const objective& journey, const reals& weights, double own_share) {
        return slo::allocate(journey, view(weights), own_share);
      },
      "The same by weights. Parts that keep theirs keep the journey's objective, however they "
      "depend on each other. Raises ValueError. Treynor et al., 2017.",
      py::arg("journey"), py::arg("weights"), py::arg("own_share") = 0.0);
}

string repr_of(const slo::budget_stage& s) {
  return "budget_stage(" + quoted(s.name) + ", " + repr(s.enter) + ", " + repr(s.leave) +
         ", freeze=" + (s.freeze ? "True" : "False") + ")";
}

void bind_budget_policy(py::module_& m) {
  using slo::budget_event;
  using slo::budget_machine;
  using slo::budget_policy;
  using slo::budget_stage;
  py::class_<budget_stage>(m, "budget_stage",
                           "Begins when the share of the budget spent reaches enter, ends when it "
                           "falls below leave (by default enter); freeze: changes stop.")
      .def(py::init([](const string& name, double enter, std::optional<double> leave, bool freeze) {
             return budget_stage{name, enter, leave.value_or(enter), freeze};
           }),
           py::arg("name"), py::arg("enter") = 1.0, py::arg("leave") = py::none(), py::kw_only(),
           py::arg("freeze") = false)
      .def_readonly("name", &budget_stage::name)
      .def_readonly("enter", &budget_stage::enter)
      .def_readonly("leave", &budget_stage::leave)
      .def_readonly("freeze", &budget_stage::freeze)
      .def("__eq__", [](const budget_stage& a, const budget_stage& b) { return a == b; })
      .def("__repr__", [](const budget_stage& s) { return repr_of(s); });
  const double none = std::numeric_limits<double>::infinity();
  py::class_<budget_policy>(m, "budget_policy",
                            "What is done about the budget. single_incident: the share that one "
                            "incident may spend without a review; exempt: kinds of change that a "
                            "freeze lets through.")
      .def(py::init([](const string& name, std::vector<budget_stage> stages, double single_incident,
                       std::vector<string> exempt) {
             return budget_policy{name, std::move(stages), single_incident, std::move(exempt)};
           }),
           py::arg("name"), py::arg("stages"), py::arg("single_incident") = none,
           py::arg("exempt") = std::vector<string>{})
      .def_readonly("name", &budget_policy::name)
      .def_readonly("stages", &budget_policy::stages)
      .def_readonly("single_incident", &budget_policy::single_incident)
      .def_readonly("exempt", &budget_policy::exempt)
      .def("__eq__", [](const budget_policy& a, const budget_policy& b) { return a == b; })
      .def("__repr__", [](const budget_policy& p) {
        string text = "budget_policy(" + quoted(p.name) + ", [";
        for (std::size_t i = 0; i < p.stages.size(); ++i) {
          text += (i == 0 ? "" : ", ") + repr_of(p.stages[i]);
        }
        return text + "], " + repr(p.single_incident) + ", " +
               string(py::repr(py::cast(p.exempt))) + ")";
      });
  m.def("workbook_budget_policy", &slo::workbook_budget_policy,
        "The SRE workbook's example: with the budget spent, changes stop but for urgent and "
        "security fixes; an incident over 20 % of it gets a postmortem.");
  py::class_<budget_event>(m, "budget_event",
                           "What changed: \"enter\" or \"leave\" a stage, \"freeze\", \"thaw\", or "
                           "\"review\" of an incident; share: of the budget.")
      .def_property_readonly("at", [](const budget_event& e) { return from_instant(e.at); })
      .def_property_readonly("change",
                             [](const budget_event& e) { return string(to_string(e.change)); })
      .def_property_readonly("stage",
                             [](const budget_event& e) {
                               return e.stage == budget_event::npos
                                          ? std::optional<std::size_t>()
                                          : std::optional<std::size_t>(e.stage);
                             })
      .def_readonly("share", &budget_event::share)
      .def("__eq__", [](const budget_event& a, const budget_event& b) { return a == b; })
      .def("__repr__", [](const budget_event& e) {
        return "<" + string(to_string(e.change)) + " at " + string(py::str(from_instant(e.at))) +
               ", " + repr(e.share) + " of the budget>";
      });
  py::class_<budget_machine>(m, "budget_machine",
                             "A budget policy as time goes on. Raises ValueError for thresholds "
                             "the wrong way round.")
      .def(py::init<budget_policy>(), py::arg("policy"))
      .def(
          "step",
          [](budget_machine& b, const py::object& at, double spent) {
            return b.step(to_instant(at, "at"), spent);
          },
          "The share of the budget spent by a time, and the events that follow. NaN changes "
          "nothing. Raises ValueError for a time before the last one.",
          py::arg("at"), py::arg("spent"))
      .def(
          "incident",
          [](const budget_machine& b, const py::object& at, double share) {
            return b.incident(to_instant(at, "at"), share);
          },
          "What an incident that alone spent this share calls for.", py::arg("at"),
          py::arg("share"))
      .def("active", &budget_machine::active, "Is this stage on?", py::arg("stage"))
      .def(
          "allows", [](const budget_machine& b, const string& kind) { return b.allows(kind); },
          "May a change of this kind go out now?", py::arg("kind"))
      .def_property_readonly("policy", &budget_machine::policy)
      .def_property_readonly("spent", &budget_machine::spent)
      .def_property_readonly("frozen", &budget_machine::frozen)
      .def("__copy__", [](const budget_machine& b) { return b; })
      .def("__repr__", [](const budget_machine& b) {
        return "<budget_machine " + quoted(b.policy().name) + ": " + repr(b.spent()) + " spent, " +
               (b.frozen() ? "frozen" : "open") + ">";
      });
  m.def(
      "replay",
      [](const budget_policy& policy, const py::object& times, const reals& spent) {
        return slo::replay(policy, to_instants(times, "times"), view(spent));
      },
      "Everything a budget policy would have done over a history of spent shares. Raises "
      "ValueError when the sizes differ or the times decrease.",
      py::arg("policy"), py::arg("times"), py::arg("spent"));
  using slo::budget_what_if;
  py::class_<budget_what_if>(m, "budget_what_if",
                             "What would change. until_freeze: how many such incidents freeze it; "
                             "0 when it is frozen, inf when none do.")
      .def_readonly("spent", &budget_what_if::spent)
      .def_readonly("frozen", &budget_what_if::frozen)
      .def_readonly("events", &budget_what_if::events)
      .def_readonly("until_freeze", &budget_what_if::until_freeze)
      .def("__repr__", [](const budget_what_if& w) {
        return "<budget_what_if " + repr(w.spent) + " spent, " + (w.frozen ? "frozen" : "open") +
               ", frozen after " + repr(w.until_freeze) + ">";
      });
  m.def("what_if", &slo::what_if,
        "What if an incident that costs this share of the budget came so many times more, now? "
        "The machine is not changed. Raises ValueError.",
        py::arg("machine"), py::arg("share"), py::arg("times") = 1);
}

void bind_attribution(py::module_& m) {
  using slo::attribution;
  py::class_<attribution>(m, "attribution",
                          "Who spent the budget: the share of each incident, of what remains, and "
                          "the burn rate of that with its standard error.")
      .def_property_readonly("incidents",
                             [](const attribution& a) { return array_of(a.incidents); })
      .def_readonly("base", &attribution::base)
      .def_readonly("base_burn_rate", &attribution::base_burn_rate)
      .def_readonly("base_error", &attribution::base_error)
      .def_property_readonly("state",
                             [](const attribution& a) { return string(to_string(a.state)); })
      .def("__repr__", [](const attribution& a) {
        return "<attribution to " + text_of(count(a.incidents.size())) + " incidents, base " +
               repr(a.base) + ", burning at " + repr(a.base_burn_rate) + ">";
      });
  m.def(
      "attribute",
      [](const slo::ledger& store, const objective& goal, const period& of,
         const std::vector<period>& incidents) {
        const py::gil_scoped_release release;
        return slo::attribute(store, goal, of, incidents);
      },
      "The shares of a period's budget that its incidents spent. A bucket of the ledger belongs to "
      "the first incident that overlaps it. Raises ValueError.",
      py::arg("store"), py::arg("goal"), py::arg("of"), py::arg("incidents"));
}

void bind_budget_forecast(py::module_& m) {
  using slo::budget_forecast;
  using slo::budget_forecast_options;
  constexpr budget_forecast_options defaults;
  const char* coverage = "The interval holds this share of the futures.";
  py::class_<budget_forecast>(
      m, "budget_forecast",
      "The rest of a budget's period, as many possible ones: a base burn and incidents that "
      "arrive at random, as often and as dear as those seen. spent: share of the budget; left, "
      "period, observed: timedelta or seconds; costs: of the incidents seen, as shares of the "
      "budget, collected over `observed`. Raises ValueError.")
      .def(py::init([](double spent, const py::object& left, const py::object& period,
                       const reals& costs, const py::object& observed, double base_burn_rate,
                       double base_error, std::uint64_t seed, count paths, bool estimated_rate,
                       double confidence_level) {
             const slo::budget_position now{spent, to_seconds(left, "left"),
                                            to_seconds(period, "period"), base_burn_rate,
                                            base_error};
             const auto all = view(costs);
             const slo::incident_history past{{all.begin(), all.end()},
                                              to_seconds(observed, "observed")};
             const py::gil_scoped_release release;
             return budget_forecast(now, past, {seed, paths, estimated_rate, confidence_level});
           }),
           py::arg("spent"), py::arg("left"), py::arg("period"), py::arg("costs"),
           py::arg("observed"), py::kw_only(), py::arg("base_burn_rate") = 0.0,
           py::arg("base_error") = 0.0, py::arg("seed") = defaults.seed,
           py::arg("paths") = defaults.paths, py::arg("estimated_rate") = defaults.estimated_rate,
           py::arg("confidence_level") = defaults.confidence_level)
      .def("within", &budget_forecast::within,
           "The probability that the period ends within its budget; the interval is the Monte "
           "Carlo error.")
      .def(
          "exhausted",
          [](const budget_forecast& f, const py::object& after) {
            return f.exhausted(to_seconds(after, "after"));
          },
          "The probability that nothing is left of it within a time from now.", py::arg("after"))
      .def("monte_carlo_error", &budget_forecast::monte_carlo_error,
           "One standard error that the simulation adds to a probability.", py::arg("probability"))
      .def("time_to_exhaustion", &budget_forecast::time_to_exhaustion, coverage,
           py::arg("coverage") = 0.9)
      .def("remaining", &budget_forecast::remaining, coverage, py::arg("coverage") = 0.9)
      .def_property_readonly("spent", [](const budget_forecast& f) { return array_of(f.spent()); })
      .def_property_readonly("times", [](const budget_forecast& f) { return array_of(f.times()); })
      .def(
          "bad_fractions",
          [](const budget_forecast& f, const objective& goal) {
            return array_of(f.bad_fractions(goal));
          },
          "The bad fraction of the whole period in each future, 1 at most.", py::arg("goal"))
      .def_property_readonly("notes", &budget_forecast::notes)
      .def("__repr__", [](const budget_forecast& f) {
        const auto left = f.remaining();
        return "<budget_forecast within budget with probability " + repr(f.within().value) +
               ", left at the end " + repr(left.value) + " [" + repr(left.interval.lower) + ", " +
               repr(left.interval.upper) + "] at 0.9>";
      });
}

void bind_credit(py::module_& m) {
  using slo::credit_forecast;
  using slo::credit_table;
  using slo::credit_tier;
  py::class_<credit_tier>(m, "credit_tier",
                          "Below this target, this share of the fee is given back.")
      .def(py::init([](const objective& target, double credit) {
             return credit_tier{target, credit};
           }),
           py::arg("target"), py::arg("credit"))
      .def_readonly("target", &credit_tier::target)
      .def_readonly("credit", &credit_tier::credit)
      .def("__eq__", [](const credit_tier& a, const credit_tier& b) { return a == b; })
      .def("__repr__", [](const credit_tier& t) {
        return "credit_tier(objective(" + repr(t.target.target()) + "), " + repr(t.credit) + ")";
      });
  py::class_<credit_table>(m, "credit_table",
                           "Tiers from the highest target to the lowest. Raises ValueError for "
                           "another order.")
      .def(py::init<std::vector<credit_tier>>(), py::arg("tiers"))
      .def_property_readonly("tiers",
                             [](const credit_table& t) {
                               return std::vector<credit_tier>(t.tiers().begin(), t.tiers().end());
                             })
      .def("missed", &credit_table::missed, "How many targets are missed.", py::arg("bad_fraction"))
      .def(
          "credit",
          [](const credit_table& t, const reals& bad_fraction) {
            return py::vectorize([&t](double b) { return t.credit(b); })(bad_fraction);
          },
          "The share of the fee given back. Broadcasts. Raises ValueError outside [0, 1].",
          py::arg("bad_fraction"));
  py::class_<credit_forecast>(m, "credit_forecast",
                              "The expected credit, its Monte Carlo error, and the probability of "
                              "missing each target.")
      .def_readonly("credit", &credit_forecast::credit)
      .def_readonly("monte_carlo_error", &credit_forecast::monte_carlo_error)
      .def_readonly("probability", &credit_forecast::probability)
      .def("__repr__", [](const credit_forecast& c) {
        return "<credit_forecast " + repr(c.credit.value) + " +- " + repr(c.monte_carlo_error) +
               ", " + text_of(c.credit.n) + " ends>";
      });
  m.def(
      "expected_credit",
      [](const credit_table& table, const reals& bad_fractions, double level) {
        const auto all = view(bad_fractions);
        const py::gil_scoped_release release;
        return slo::expected_credit(table, all, level);
      },
      "The credit to expect when the period may end with each of these bad fractions, equally "
      "likely: budget_forecast.bad_fractions, or past periods. Raises ValueError.",
      py::arg("table"), py::arg("bad_fractions"), py::kw_only(),
      py::arg("confidence_level") = 0.95);
}

}  // namespace
}  // namespace relia::python

void bind_slo_budget(py::module_& m) {
  using namespace relia::python;
  bind_journey(m);
  bind_budget_policy(m);
  bind_attribution(m);
  bind_budget_forecast(m);
  bind_credit(m);
}
