// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/slo.hpp>

#include "alerting.hpp"
#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {
namespace {

using python::repr_of;
using slo::objective;

constexpr choice<slo::below_one> below_ones[] = {{"raise", slo::below_one::raise},
                                                 {"drop", slo::below_one::drop},
                                                 {"keep", slo::below_one::keep}};

/// A function of one number: float to float, array to array.
template <class F>
py::object each(F f, const py::object& x) {
  return py::vectorize([&f](double v) { return f(v); })(reals(x));
}

void bind_objective(py::module_& m) {
  py::class_<objective>(m, "objective",
                        "The fraction of valid events, or of time, that must be good: strictly "
                        "between 0 and 1. The error budget keeps the digits of the decimal.")
      .def(py::init<double>(),
           "Raises ValueError, with the fraction to write, for a percentage such as 99.9.",
           py::arg("target"))
      .def_static("from_error_budget", &objective::from_error_budget,
                  "The objective that leaves this fraction: 1e-12 is twelve nines.",
                  py::arg("fraction"))
      .def_property_readonly("target", &objective::target)
      .def_property_readonly("error_budget", &objective::error_budget)
      .def("__eq__", [](const objective& a, const objective& b) { return a == b; })
      .def(py::pickle(
          [](const objective& o) { return py::make_tuple(o.error_budget()); },
          [](const py::tuple& t) { return objective::from_error_budget(t[0].cast<double>()); }))
      .def("__repr__", [](const objective& o) {
        return o.target() < 1 ? "objective(" + repr(o.target()) + ")"
                              : "objective.from_error_budget(" + repr(o.error_budget()) + ")";
      });
  m.def("is_met", &slo::is_met,
        "Did finished counts meet the objective? Exactly on it does, in decimals.", py::arg("goal"),
        py::arg("events"));
}

void bind_burn_rate(py::module_& m) {
  using slo::burn;
  py::class_<burn>(m, "burn",
                   "A burn rate (NaN unless state is \"ok\"), the events it is of, and the seconds "
                   "of the lookback that the series covers.")
      .def_readonly("rate", &burn::rate)
      .def_property_readonly("state", [](const burn& b) { return std::string(to_string(b.state)); })
      .def_readonly("events", &burn::events)
      .def_property_readonly("covered", [](const burn& b) { return b.covered.count(); })
      .def("__float__", [](const burn& b) { return b.rate; })
      .def("__repr__", [](const burn& b) {
        return "<burn " + repr(b.rate) + ", " + std::string(to_string(b.state)) +
               ", good=" + relia::detail::to_text(b.events.good()) +
               ", bad=" + relia::detail::to_text(b.events.bad()) + ">";
      });
  m.def(
      "burn_rate",
      [](const objective& goal, const aggregate::counts& events) {
        return slo::burn_rate(goal, events);
      },
      "The burn rate of counted events: bad fraction / error budget. No valid events give the "
      "state "
      "\"no_data\".",
      py::arg("goal"), py::arg("events"));
  m.def(
      "burn_rate",
      [](const objective& goal, const sli::event_series& events, const py::object& at,
         const py::object& lookback, const std::string& unseen) {
        return slo::burn_rate(goal, events, to_instant(at, "at"), to_duration(lookback, "lookback"),
                              choose(unseen, before_starts, "unseen"));
      },
      "The burn rate over the lookback (timedelta or seconds) that ends at a time. unseen: what "
      "stands for the time before the series, \"clean\" traffic or, with \"partial\", nothing.",
      py::arg("goal"), py::arg("events"), py::arg("at"), py::arg("lookback"), py::kw_only(),
      py::arg("unseen") = "clean");
  m.def(
      "burn_rate",
      [](const objective& goal, const py::object& bad_fraction) {
        return each([&](double e) { return slo::burn_rate(goal, e); }, bad_fraction);
      },
      "bad fraction / error budget, for a float or an array. Raises ValueError outside [0, 1].",
      py::arg("goal"), py::arg("bad_fraction"));
  m.def(
      "effective_burn_rate",
      [](const objective& goal, const aggregate::counts& events, const py::object& lookback,
         const py::object& period, count expected_valid) {
        return slo::effective_burn_rate(goal, events, to_seconds(lookback, "lookback"),
                                        to_seconds(period, "period"), expected_valid);
      },
      "The burn rate weighted by traffic: bad * period / (error budget * lookback * "
      "expected_valid), the valid events of the whole period.",
      py::arg("goal"), py::arg("events"), py::arg("lookback"), py::arg("period"),
      py::arg("expected_valid"));
  m.def(
      "burn_rate_for",
      [](const py::object& share, const py::object& window, const py::object& period) {
        const real_seconds w = to_seconds(window, "window");
        const real_seconds p = to_seconds(period, "period");
        return each([=](double s) { return slo::burn_rate_for(s, w, p); }, share);
      },
      "The burn rate that spends this share of the budget within the window: share * period / "
      "window.",
      py::arg("budget_share"), py::arg("window"), py::arg("period"));
  m.def(
      "budget_share",
      [](const py::object& rate, const py::object& window, const py::object& period) {
        const real_seconds w = to_seconds(window, "window");
        const real_seconds p = to_seconds(period, "period");
        return each([=](double r) { return slo::budget_share(r, w, p); }, rate);
      },
      "The share of the budget that this burn rate spends within the window: rate * window / "
      "period.",
      py::arg("rate"), py::arg("window"), py::arg("period"));
}

template <class T>
void bind_error_budget(py::module_& m, const char* name, const char* doc) {
  using budget = slo::error_budget<T>;
  const auto plain = [](T budget::*member) {
    return [member](const budget& b) {
      if constexpr (std::is_same_v<T, double>) {
        return b.*member;
      } else {
        return (b.*member).count();
      }
    };
  };
  py::class_<budget>(m, name, doc)
      .def_property_readonly("allowed", plain(&budget::allowed))
      .def_property_readonly("consumed", plain(&budget::consumed))
      .def_property_readonly("remaining", plain(&budget::remaining))
      .def_readonly("consumed_fraction", &budget::consumed_fraction)
      .def_readonly("remaining_fraction", &budget::remaining_fraction)
      .def_property_readonly("state",
                             [](const budget& b) { return std::string(to_string(b.state)); })
      .def("__repr__", [name, plain](const budget& b) {
        return "<" + std::string(name) + " " + repr(plain(&budget::remaining)(b)) + " left of " +
               repr(plain(&budget::allowed)(b)) + ", consumed " + repr(b.consumed_fraction) + ">";
      });
}

void bind_budget(py::module_& m) {
  bind_error_budget<double>(m, "error_budget",
                            "What a period allowed, spent and has left, in events; negative when "
                            "overspent.");
  bind_error_budget<real_seconds>(m, "duration_error_budget",
                                  "As error_budget, of time in seconds.");
  m.def(
      "event_budget",
      [](const objective& goal, const aggregate::counts& events,
         std::optional<count> expected_valid) {
        return expected_valid ? slo::event_budget(goal, events, *expected_valid)
                              : slo::event_budget(goal, events);
      },
      "The budget in events. expected_valid: the valid events of the whole period, where it is "
      "not over; else the budget is what the events so far have earned. Raises ValueError.",
      py::arg("goal"), py::arg("events"), py::arg("expected_valid") = py::none());
  m.def(
      "time_budget",
      [](const objective& goal, const py::object& period, const py::object& bad_time) {
        return slo::time_budget(goal, to_seconds(period, "period"),
                                to_seconds(bad_time, "bad_time"));
      },
      "The budget in time: error budget * period, of which bad_time is spent. Raises ValueError.",
      py::arg("goal"), py::arg("period"), py::arg("bad_time") = 0.0);
  m.def(
      "time_to_exhaustion",
      [](const slo::error_budget<double>& budget, const slo::burn& now, const py::object& period) {
        return slo::time_to_exhaustion(budget, now, to_seconds(period, "period")).count();
      },
      "Seconds until this budget is gone if errors go on as now; inf when never.",
      py::arg("budget"), py::arg("now"), py::arg("period"));
  m.def(
      "time_to_exhaustion",
      [](const py::object& rate, const py::object& period, double remaining) {
        const real_seconds p = to_seconds(period, "period");
        return each([=](double r) { return slo::time_to_exhaustion(r, p, remaining).count(); },
                    rate);
      },
      "Seconds until nothing is left at this burn rate: remaining * period / rate; inf when never, "
      "0 when nothing is left. Raises ValueError.",
      py::arg("rate"), py::arg("period"), py::arg("remaining") = 1.0);
}

slo::tier make_tier(const py::object& wide, const py::object& narrow, double factor,
                    const std::string& severity) {
  return {to_duration(wide, "long_window"), to_duration(narrow, "short_window"), factor,
          choose(severity, severities, "severity")};
}

template <class Class, class Tier>
void def_windows(Class& c) {
  c.def_property_readonly("long_window",
                          [](const Tier& t) { return real_seconds(t.long_window).count(); })
      .def_property_readonly("short_window",
                             [](const Tier& t) { return real_seconds(t.short_window).count(); })
      .def_property_readonly("severity",
                             [](const Tier& t) { return std::string(to_string(t.severity)); });
}

std::string repr_of(const slo::tier& t) {
  std::string text = "tier(" + repr_of(t.long_window) + ", " + repr_of(t.short_window) + ", " +
                     repr(t.factor) + ", " + quoted(std::string(to_string(t.severity)));
  using relia::detail::to_text;
  if (t.min_failures != 1) text += ", min_failures=" + to_text(t.min_failures);
  if (t.min_events != 0) text += ", min_events=" + to_text(t.min_events);
  if (t.hold != duration{0}) text += ", hold=" + repr_of(t.hold);
  if (t.evidence != slo::evidence{}) text += ", evidence=" + repr_of(t.evidence);
  return text + ")";
}

std::string table_of(const slo::policy& p) {
  std::string html =
      "<table><tr><th>long window (s)</th><th>short window (s)</th><th>factor</th>"
      "<th>severity</th></tr>";
  for (const slo::tier& t : p.tiers) {
    html += "<tr><td>" + repr_of(t.long_window) + "</td><td>" + repr_of(t.short_window) +
            "</td><td>" + repr(t.factor) + "</td><td>" + std::string(to_string(t.severity)) +
            "</td></tr>";
  }
  return html + "</table>";
}

void bind_policy_types(py::module_& m) {
  using slo::tier;
  py::class_<tier> tiers(m, "tier",
                         "Fires while the burn rate over both windows reaches the factor, and its "
                         "failures, events, evidence and hold time are there. Windows in seconds.");
  tiers
      .def(
          py::init([](const py::object& wide, const py::object& narrow, double factor,
                      const std::string& severity, count min_failures, count min_events,
                      const py::object& hold, const slo::evidence& evidence) {
            tier t = make_tier(wide, narrow, factor, severity);
            t.min_failures = min_failures;
            t.min_events = min_events;
            t.hold = to_duration(hold, "hold");
            t.evidence = evidence;
            return t;
          }),
          "Windows and hold: timedelta or seconds; severity \"page\" or \"ticket\". "
          "min_failures "
          "and min_events: bad and valid events that the long window must hold; hold: how long all "
          "of it must last.",
          py::arg("long_window"), py::arg("short_window"), py::arg("factor"),
          py::arg("severity") = "page", py::kw_only(), py::arg("min_failures") = 1,
          py::arg("min_events") = 0, py::arg("hold") = 0.0, py::arg("evidence") = slo::evidence{})
      .def_readonly("factor", &tier::factor)
      .def_readonly("min_failures", &tier::min_failures)
      .def_readonly("min_events", &tier::min_events)
      .def_property_readonly("hold", [](const tier& t) { return real_seconds(t.hold).count(); })
      .def_property_readonly("evidence", [](const tier& t) { return t.evidence; })
      .def("__eq__", [](const tier& a, const tier& b) { return a == b; })
      .def(py::pickle(
          [](const tier& t) {
            return py::make_tuple(t.long_window.count(), t.short_window.count(), t.factor,
                                  std::string(to_string(t.severity)), t.min_failures, t.min_events,
                                  t.hold.count(), t.evidence);
          },
          [](const py::tuple& t) {
            return tier{duration(t[0].cast<std::int64_t>()),
                        duration(t[1].cast<std::int64_t>()),
                        t[2].cast<double>(),
                        choose(t[3].cast<std::string>(), severities, "severity"),
                        t[4].cast<count>(),
                        t[5].cast<count>(),
                        duration(t[6].cast<std::int64_t>()),
                        t[7].cast<slo::evidence>()};
          }))
      .def("__repr__", [](const tier& t) { return repr_of(t); });
  def_windows<py::class_<tier>, tier>(tiers);

  using slo::budget_tier;
  py::class_<budget_tier> shares(m, "budget_tier",
                                 "A tier by what it protects: it fires when this share of the "
                                 "period's budget is spent within the long window.");
  shares
      .def(py::init([](double share, const py::object& wide, const py::object& narrow,
                       const std::string& severity) {
             const tier t = make_tier(wide, narrow, 0, severity);
             return budget_tier{share, t.long_window, t.short_window, t.severity};
           }),
           py::arg("budget_share"), py::arg("long_window"), py::arg("short_window"),
           py::arg("severity") = "page")
      .def_readonly("budget_share", &budget_tier::budget_share)
      .def("__repr__", [](const budget_tier& t) {
        return "budget_tier(" + repr(t.budget_share) + ", " + repr_of(t.long_window) + ", " +
               repr_of(t.short_window) + ", " + quoted(std::string(to_string(t.severity))) + ")";
      });
  def_windows<py::class_<budget_tier>, budget_tier>(shares);

  using slo::policy;
  py::class_<policy>(m, "policy",
                     "A burn-rate alerting policy over a period in seconds: tiers, and rules with "
                     "conditions of their own, which are numbered after the tiers.")
      .def(py::init([](const std::string& name, const py::object& period, std::vector<tier> t,
                       std::vector<std::string> notes, std::vector<slo::alert_rule> rules) {
             return policy{name, to_duration(period, "period"), std::move(t), std::move(notes),
                           std::move(rules)};
           }),
           py::arg("name"), py::arg("period"), py::arg("tiers"),
           py::arg("notes") = std::vector<std::string>{},
           py::arg("rules") = std::vector<slo::alert_rule>{})
      .def_readonly("name", &policy::name)
      .def_property_readonly("period",
                             [](const policy& p) { return real_seconds(p.period).count(); })
      .def_readonly("tiers", &policy::tiers)
      .def_readonly("notes", &policy::notes)
      .def_readonly("rules", &policy::rules)
      .def("__eq__", [](const policy& a, const policy& b) { return a == b; })
      .def(py::pickle(
          [](const policy& p) {
            return py::make_tuple(p.name, p.period.count(), p.tiers, p.notes, p.rules);
          },
          [](const py::tuple& t) {
            return policy{t[0].cast<std::string>(), duration(t[1].cast<std::int64_t>()),
                          t[2].cast<std::vector<tier>>(), t[3].cast<std::vector<std::string>>(),
                          t[4].cast<std::vector<slo::alert_rule>>()};
          }))
      .def("_repr_html_", [](const policy& p) { return table_of(p); })
      .def("__repr__", [](const policy& p) {
        std::string text = "policy(" + quoted(p.name) + ", " + repr_of(p.period) + ", [";
        for (std::size_t i = 0; i < p.tiers.size(); ++i) {
          text += (i == 0 ? "" : ", ") + repr_of(p.tiers[i]);
        }
        text += "]";
        if (!p.notes.empty()) text += ", " + std::string(py::repr(py::cast(p.notes)));
        for (std::size_t i = 0; i < p.rules.size(); ++i) {
          text += (i == 0 ? ", rules=[" : ", ") + repr_of(p.rules[i]);
        }
        if (!p.rules.empty()) text += "]";
        return text + ")";
      });
}

void bind_policy(py::module_& m) {
  bind_slo_conditions(m);
  bind_policy_types(m);
  m.attr("workbook_tiers") = py::cast(std::vector<slo::budget_tier>(std::begin(slo::workbook_tiers),
                                                                    std::end(slo::workbook_tiers)));
  m.def(
      "from_budget_shares",
      [](const std::string& name, const py::object& period,
         const std::vector<slo::budget_tier>& tiers, const std::string& low) {
        return slo::from_budget_shares(name, to_duration(period, "period"), tiers,
                                       choose(low, below_ones, "low"));
      },
      "A policy from budget shares: factor = share * period / long window. low: a factor below 1 "
      "is "
      "\"raise\"d to 1, \"drop\"ped or \"keep\"t, and noted. A window longer than the period is "
      "dropped and noted. Raises ValueError when no tier remains.",
      py::arg("name"), py::arg("period"), py::arg("tiers"), py::arg("low") = "raise");
  m.def(
      "workbook",
      [](const py::object& period, const std::string& low) {
        return slo::workbook(to_duration(period, "period"), choose(low, below_ones, "low"));
      },
      "The SRE workbook's policy for any period of an hour or more.", py::arg("period"),
      py::arg("low") = "raise");
  m.def("workbook_30d", &slo::workbook_30d,
        "The SRE workbook's policy as printed: 14.4, 6, 3 and 1 over 30 days.");
  m.def("error_ratio_at", &slo::error_ratio_at,
        "The error ratio at which a tier fires: factor * error budget. Above 1 it never does.",
        py::arg("tier"), py::arg("goal"));
  m.def(
      "detection_time",
      [](const slo::tier& t, const objective& goal, const py::object& ratio) {
        return each([&](double e) { return slo::detection_time(t, goal, e).count(); }, ratio);
      },
      "Seconds from the start of a constant error ratio until the tier fires; inf when never. "
      "error_ratio: float or array. Raises ValueError outside [0, 1].",
      py::arg("tier"), py::arg("goal"), py::arg("error_ratio"));
  m.def(
      "reset_time",
      [](const slo::tier& t, const objective& goal, const py::object& ratio) {
        return each([&](double e) { return slo::reset_time(t, goal, e).count(); }, ratio);
      },
      "Seconds from the end of errors that fired the tier until it stops; 0 when it does not fire.",
      py::arg("tier"), py::arg("goal"), py::arg("error_ratio"));
  m.def(
      "budget_spent_at_detection",
      [](const slo::tier& t, const objective& goal, const py::object& ratio,
         const py::object& period) {
        const duration p = to_duration(period, "period");
        return each([&](double e) { return slo::budget_spent_at_detection(t, goal, e, p); }, ratio);
      },
      "The share of the period's budget that is spent when the tier fires; inf when it never does.",
      py::arg("tier"), py::arg("goal"), py::arg("error_ratio"), py::arg("period"));
  m.def("single_failure_events", &slo::single_failure_events,
        "How many events a long window must hold so that one failure does not fire the tier.",
        py::arg("tier"), py::arg("goal"));
}

void bind_evaluate(py::module_& m) {
  using slo::alert;
  using slo::evaluation;
  using slo::notification;
  py::class_<alert>(m, "alert",
                    "One uninterrupted firing of one tier, [start, end); open when it still fired "
                    "at the last row.")
      .def_readonly("tier", &alert::tier)
      .def_property_readonly("start", [](const alert& a) { return from_instant(a.start); })
      .def_property_readonly("end", [](const alert& a) { return from_instant(a.end); })
      .def_readonly("open", &alert::open)
      .def_readonly("long_burn_rate", &alert::long_burn_rate)
      .def_readonly("short_burn_rate", &alert::short_burn_rate)
      .def("__repr__", [](const alert& a) {
        return "<alert of tier " + relia::detail::to_text(a.tier) + ", " + time_text(a.start) +
               " to " + (a.open ? "now" : time_text(a.end)) + ", burn rates " +
               repr(a.long_burn_rate) + " and " + repr(a.short_burn_rate) + ">";
      });
  py::class_<notification>(m, "notification",
                           "What a person is sent: overlapping alerts of one severity are one.")
      .def_property_readonly("severity",
                             [](const notification& n) { return word_of(n.severity, severities); })
      .def_property_readonly("start", [](const notification& n) { return from_instant(n.start); })
      .def_property_readonly("end", [](const notification& n) { return from_instant(n.end); })
      .def_readonly("open", &notification::open)
      .def("__repr__", [](const notification& n) {
        return "<" + word_of(n.severity, severities) + ", " + time_text(n.start) + " to " +
               (n.open ? "now" : time_text(n.end)) + ">";
      });
  py::class_<slo::tier_summary>(m, "tier_summary",
                                "How often and for how many seconds a tier fired.")
      .def_readonly("alerts", &slo::tier_summary::alerts)
      .def_property_readonly("firing", [](const slo::tier_summary& t) { return t.firing.count(); })
      .def("__repr__", [](const slo::tier_summary& t) {
        return "<tier_summary alerts=" + relia::detail::to_text(t.alerts) +
               ", firing=" + repr(t.firing.count()) + ">";
      });
  py::class_<evaluation>(
      m, "evaluation",
      "When a policy would have fired: alerts and "
      "notifications by start, tiers as in the policy, then its rules; suppressed: "
      "tickets not sent because a page was open.")
      .def_readonly("alerts", &evaluation::alerts)
      .def_readonly("notifications", &evaluation::notifications)
      .def_readonly("tiers", &evaluation::tiers)
      .def_readonly("suppressed", &evaluation::suppressed)
      .def_property_readonly("unseen",
                             [](const evaluation& e) { return word_of(e.unseen, before_starts); })
      .def("pages", &evaluation::pages, "How many notifications are pages.")
      .def("__repr__",
           [](const evaluation& e) {
             return "<evaluation alerts=" + relia::detail::to_text(e.alerts.size()) +
                    ", pages=" + relia::detail::to_text(e.pages()) + ">";
           })
      .def("_repr_html_", [](const evaluation& e) {
        std::string html =
            "<table><tr><th>tier</th><th>start</th><th>end</th><th>long burn rate</th>"
            "<th>short burn rate</th></tr>";
        for (const alert& a : e.alerts) {
          html += "<tr><td>" + relia::detail::to_text(a.tier) + "</td><td>" + time_text(a.start) +
                  "</td><td>" + (a.open ? "now" : time_text(a.end)) + "</td><td>" +
                  repr(a.long_burn_rate) + "</td><td>" + repr(a.short_burn_rate) + "</td></tr>";
        }
        return html + "</table>";
      });
  m.def(
      "evaluate",
      [](const slo::policy& p, const objective& goal, const sli::event_series& events,
         const std::string& unseen, count min_failures, bool suppress_covered) {
        const slo::evaluate_options options{choose(unseen, before_starts, "unseen"), min_failures,
                                            suppress_covered};
        const py::gil_scoped_release release;
        return slo::evaluate(p, goal, events, options);
      },
      "The alerts of a policy over a series of events. unseen: what stands for the time before the "
      "series, \"clean\" traffic or, with \"partial\", nothing; min_failures: a tier fires only "
      "with "
      "as many bad events in its long window; suppress_covered: a ticket is sent only once no page "
      "is open. Raises ValueError.",
      py::arg("policy"), py::arg("goal"), py::arg("events"), py::kw_only(),
      py::arg("unseen") = "clean", py::arg("min_failures") = 1, py::arg("suppress_covered") = true);
}

void bind_lint(py::module_& m) {
  using slo::finding;
  py::class_<finding>(m, "finding",
                      "What is wrong with a policy: level \"error\" or \"warning\", the rule's "
                      "name, the tier (None for the whole policy) and the arithmetic.")
      .def_property_readonly("level",
                             [](const finding& f) { return std::string(to_string(f.level)); })
      .def_property_readonly("rule", [](const finding& f) { return std::string(f.rule); })
      .def_property_readonly("tier",
                             [](const finding& f) {
                               return f.tier == finding::whole_policy
                                          ? std::optional<std::size_t>()
                                          : std::optional<std::size_t>(f.tier);
                             })
      .def_readonly("message", &finding::message)
      .def("__repr__", [](const finding& f) {
        return "<" + std::string(to_string(f.level)) + " " + std::string(f.rule) + ": " +
               f.message + ">";
      });
  m.def(
      "lint",
      [](const slo::policy& p, double target, const py::object& scrape_interval,
         std::optional<double> events_per_second, const py::object& mean_of_ratios) {
        slo::lint_options options{to_duration(scrape_interval, "scrape_interval"),
                                  events_per_second, std::nullopt};
        if (!mean_of_ratios.is_none()) {
          options.mean_of_ratios = to_duration(mean_of_ratios, "mean_of_ratios");
        }
        return slo::lint(p, target, options);
      },
      "What is impossible or unwise in a policy for this target; an empty list when nothing was "
      "found. A target that is no objective is a finding, not an error. mean_of_ratios: the slices "
      "whose ratios the windows average, where they do. Raises ValueError for a bad option.",
      py::arg("policy"), py::arg("target"), py::kw_only(), py::arg("scrape_interval") = 60.0,
      py::arg("events_per_second") = py::none(), py::arg("mean_of_ratios") = py::none());
}

}  // namespace
}  // namespace relia::python

void bind_slo(py::module_& m) {
  using namespace relia::python;
  bind_objective(m);
  bind_burn_rate(m);
  bind_budget(m);
  bind_policy(m);
  bind_evaluate(m);
  bind_lint(m);
  bind_slo_accounting(m);
  bind_slo_budget(m);
  bind_slo_alerts(m);
  bind_slo_evidence(m);
  bind_slo_status(m);
}
