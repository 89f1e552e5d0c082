// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/slo/backtest.hpp>
#include <relia/slo/explain.hpp>
#include <relia/slo/monitor.hpp>
#include <relia/slo/presets.hpp>

#include "alerting.hpp"
#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {
namespace {

using python::repr_of;
using relia::detail::to_text;
using slo::condition;
using slo::condition_kind;
using slo::objective;

constexpr choice<condition_kind> kinds[] = {
    {"burning", condition_kind::burning},         {"failures", condition_kind::failures},
    {"traffic", condition_kind::traffic},         {"silent", condition_kind::silent},
    {"significant", condition_kind::significant}, {"all_of", condition_kind::all_of},
    {"any_of", condition_kind::any_of},           {"hold", condition_kind::hold}};

std::string repr_of(const condition& c) {
  const std::string name = word_of(c.kind(), kinds) + "(";
  const std::string length = repr_of(c.length());
  switch (c.kind()) {
    case condition_kind::burning:
      return name + length + ", " + repr(c.factor()) + ")";
    case condition_kind::failures:
    case condition_kind::traffic:
      return name + length + ", " + to_text(c.least()) + ")";
    case condition_kind::silent:
      return name + length + ")";
    case condition_kind::significant:
      return name + length + ", " + repr_of(c.evidence()) + ")";
    case condition_kind::hold:
      return name + repr_of(c.parts().front()) + ", " + length + ")";
    case condition_kind::all_of:
    case condition_kind::any_of:
      break;
  }
  if (c.parts().empty()) return "condition()";
  std::string text = name;
  for (const condition& part : c.parts()) {
    text.append(text.size() == name.size() ? "[" : ", ").append(repr_of(part));
  }
  return text + "])";
}

condition from_state(const py::tuple& t) {
  const duration length(t[1].cast<std::int64_t>());
  auto parts = t[5].cast<std::vector<condition>>();
  switch (choose(t[0].cast<std::string>(), kinds, "kind")) {
    case condition_kind::burning:
      return slo::burning(length, t[2].cast<double>());
    case condition_kind::failures:
      return slo::failures(length, t[3].cast<count>());
    case condition_kind::traffic:
      return slo::traffic(length, t[3].cast<count>());
    case condition_kind::silent:
      return slo::silent(length);
    case condition_kind::significant:
      return slo::significant(length, t[4].cast<slo::evidence>());
    case condition_kind::all_of:
      return slo::all_of(std::move(parts));
    case condition_kind::any_of:
      return parts.empty() ? condition() : slo::any_of(std::move(parts));
    case condition_kind::hold:
      break;
  }
  return slo::hold(parts.at(0), length);
}

void bind_evidence(py::module_& m) {
  using slo::evidence;
  py::class_<evidence>(m, "evidence",
                       "How improbable the bad events of a long window must be while the budget "
                       "burns at burn_rate: P(as many or more) <= p_value. 1 asks for nothing.")
      .def(py::init([](double p_value, double burn_rate, double dispersion) {
             return evidence{p_value, burn_rate, dispersion};
           }),
           "dispersion: variance of the bad events over their mean; above 1 they cluster.",
           py::arg("p_value") = 1.0, py::arg("burn_rate") = 1.0, py::arg("dispersion") = 1.0)
      .def_readonly("p_value", &evidence::p_value)
      .def_readonly("burn_rate", &evidence::burn_rate)
      .def_readonly("dispersion", &evidence::dispersion)
      .def("__eq__", [](const evidence& a, const evidence& b) { return a == b; })
      .def(py::pickle(
          [](const evidence& e) { return py::make_tuple(e.p_value, e.burn_rate, e.dispersion); },
          [](const py::tuple& t) {
            return evidence{t[0].cast<double>(), t[1].cast<double>(), t[2].cast<double>()};
          }))
      .def("__repr__", [](const evidence& e) { return repr_of(e); })
      .attr("__hash__") = py::none();
}

void bind_condition(py::module_& m) {
  py::class_<condition>(m, "condition",
                        "What must be true for an alert: made by burning, failures, traffic, "
                        "silent, significant, all_of, any_of and hold. condition() is never true.")
      .def(py::init<>())
      .def_property_readonly("kind", [](const condition& c) { return word_of(c.kind(), kinds); })
      .def_property_readonly("length",
                             [](const condition& c) { return real_seconds(c.length()).count(); })
      .def_property_readonly("factor", &condition::factor)
      .def_property_readonly("least", &condition::least)
      .def_property_readonly("evidence", [](const condition& c) { return c.evidence(); })
      .def_property_readonly("parts", [](const condition& c) { return c.parts(); })
      .def("__eq__", [](const condition& a, const condition& b) { return a == b; })
      .def(py::pickle(
          [](const condition& c) {
            return py::make_tuple(word_of(c.kind(), kinds), c.length().count(), c.factor(),
                                  c.least(), c.evidence(), c.parts());
          },
          &from_state))
      .def("__repr__", [](const condition& c) { return repr_of(c); })
      .attr("__hash__") = py::none();
  m.def(
      "burning",
      [](const py::object& window, double factor) {
        return slo::burning(to_duration(window, "window"), factor);
      },
      "The burn rate over the window (timedelta or seconds) is at least the factor. Raises "
      "ValueError.",
      py::arg("window"), py::arg("factor"));
  m.def(
      "failures",
      [](const py::object& window, count least) {
        return slo::failures(to_duration(window, "window"), least);
      },
      "The window holds at least so many bad events. Raises ValueError.", py::arg("window"),
      py::arg("least"));
  m.def(
      "traffic",
      [](const py::object& window, count least) {
        return slo::traffic(to_duration(window, "window"), least);
      },
      "The window holds at least so many valid events, counted, not presumed. Raises ValueError.",
      py::arg("window"), py::arg("least"));
  m.def(
      "silent", [](const py::object& window) { return slo::silent(to_duration(window, "window")); },
      "The window holds no valid event, and the series began before it. Raises ValueError.",
      py::arg("window"));
  m.def(
      "significant",
      [](const py::object& window, const slo::evidence& beyond) {
        return slo::significant(to_duration(window, "window"), beyond);
      },
      "The bad events of the window are more than the evidence leaves to luck. Raises ValueError.",
      py::arg("window"), py::arg("beyond"));
  m.def("all_of", &slo::all_of, "Every part is true. Raises ValueError without parts.",
        py::arg("parts"));
  m.def("any_of", &slo::any_of, "One part or more is true. Raises ValueError without parts.",
        py::arg("parts"));
  m.def(
      "hold",
      [](const condition& part, const py::object& least) {
        return slo::hold(part, to_duration(least, "least"));
      },
      "The part has been true at every look for at least so long. Raises ValueError.",
      py::arg("part"), py::arg("least"));
}

void bind_alert_rule(py::module_& m) {
  using slo::alert_rule;
  const auto make = [](const std::string& name, const std::string& severity, const condition& when,
                       const py::object& hold) {
    return alert_rule{name, choose(severity, severities, "severity"), when,
                      to_duration(hold, "hold")};
  };
  py::class_<alert_rule>(m, "alert_rule",
                         "An alert with a condition of its own, beside the tiers of a policy.")
      .def(py::init(make), "hold: how long the condition must last; timedelta or seconds.",
           py::arg("name"), py::arg("severity"), py::arg("condition"), py::arg("hold") = 0.0)
      .def_readonly("name", &alert_rule::name)
      .def_property_readonly("severity",
                             [](const alert_rule& r) { return word_of(r.severity, severities); })
      .def_property_readonly("condition", [](const alert_rule& r) { return r.condition; })
      .def_property_readonly("hold",
                             [](const alert_rule& r) { return real_seconds(r.hold).count(); })
      .def("__eq__", [](const alert_rule& a, const alert_rule& b) { return a == b; })
      .def(py::pickle(
          [](const alert_rule& r) {
            return py::make_tuple(r.name, word_of(r.severity, severities), r.condition,
                                  r.hold.count());
          },
          [](const py::tuple& t) {
            return alert_rule{t[0].cast<std::string>(),
                              choose(t[1].cast<std::string>(), severities, "severity"),
                              t[2].cast<condition>(), duration(t[3].cast<std::int64_t>())};
          }))
      .def("__repr__", [](const alert_rule& r) { return repr_of(r); })
      .attr("__hash__") = py::none();
}

void bind_condition_of(py::module_& m) {
  m.def("condition_of", &slo::condition_of,
        "The condition that a tier writes shorter. Raises ValueError.", py::arg("tier"));
  m.def(
      "severity_of",
      [](const slo::policy& p, std::size_t index) {
        if (index >= p.tiers.size() + p.rules.size()) throw py::index_error("no such tier or rule");
        return word_of(slo::severity_of(p, index), severities);
      },
      "The severity of a tier, or of the rule numbered after them.", py::arg("policy"),
      py::arg("index"));
}

void bind_presets(py::module_& m) {
  const auto of_period = [&m](const char* name, slo::policy (*make)(duration), const char* doc) {
    m.def(
        name, [make](const py::object& period) { return make(to_duration(period, "period")); }, doc,
        py::arg("period"));
  };
  of_period("sloth", &slo::sloth,
            "Sloth: the workbook's budget shares for 30 and 28 days, its example file for 7. "
            "Raises ValueError for another period.");
  of_period("pyrra", &slo::pyrra,
            "Pyrra: 14, 7, 2 and 1, with windows that are parts of the period. Raises ValueError "
            "below 2.8 days, where a window is rounded to nothing.");
  of_period("elastic", &slo::elastic,
            "Elastic's burn rate rule: 14.4, 6, 3 and 1 whatever the period.");
  of_period("google_cloud", &slo::google_cloud,
            "What Google Cloud Monitoring's documentation advises: 10 over 1 h, 2 over 24 h.");
  of_period("datadog", &slo::datadog,
            "Datadog's documented factors for 7, 30 and 90 days. Raises ValueError for another "
            "period.");
  of_period("nobl9", &slo::nobl9,
            "Nobl9's templates: 20 over 5 min; 1 over 48 h while it is 2 over 15 min, a rule.");
  m.def(
      "grafana",
      [](const py::object& period, count min_failures) {
        return slo::grafana(to_duration(period, "period"), min_failures);
      },
      "Grafana SLO: 14.4, 6, 3 and 1 whatever the period, with its smallest number of failures.",
      py::arg("period"), py::arg("min_failures") = 1);
  m.def("slo_exporter", &slo::slo_exporter,
        "slo-exporter over four weeks: 13.44, 5.6, 2.8 and 1; pages need more than 5 and 10 "
        "failures.");
  m.def("slo_libsonnet", &slo::slo_libsonnet,
        "slo-libsonnet: the workbook's factors, held for 2 min, 15 min, 1 h and 3 h.");
  m.def("slo_generator", &slo::slo_generator,
        "slo-generator: single windows, 1 h at 9, 12 h at 3, 7 d at 1.5 and 28 d at 1.");
  m.def(
      "preset",
      [](const std::string& name, const py::object& period) {
        return slo::preset(name, to_duration(period, "period"));
      },
      "A preset by its name, one of preset_names. Raises ValueError for another name, and for a "
      "period that the tool does not have.",
      py::arg("name"), py::arg("period"));
  py::list names;
  for (const std::string_view name : slo::preset_names) names.append(py::str(std::string(name)));
  m.attr("preset_names") = names;
}

void bind_explain(py::module_& m) {
  using slo::explanation;
  py::class_<explanation>(
      m, "explanation",
      "The arithmetic behind an alert, and `text` for whoever is woken. Lengths "
      "of time in seconds; spent: the share of the period's budget.")
      .def_readonly("name", &explanation::name)
      .def_property_readonly("window",
                             [](const explanation& e) { return real_seconds(e.window).count(); })
      .def_readonly("burn_rate", &explanation::burn_rate)
      .def_property_readonly("lasting", [](const explanation& e) { return e.lasting.count(); })
      .def_readonly("spent", &explanation::spent)
      .def_property_readonly("empty_in", [](const explanation& e) { return e.empty_in.count(); })
      .def_readonly("text", &explanation::text)
      .def("__str__", [](const explanation& e) { return e.text; })
      .def("__repr__", [](const explanation& e) { return "<explanation " + e.text + ">"; });
  m.def("explain", &slo::explain,
        "What to tell whoever is woken by this alert: window, burn rate, cost so far, time left. "
        "Raises ValueError for an alert of another policy.",
        py::arg("policy"), py::arg("goal"), py::arg("events"), py::arg("alert"));
}

void bind_monitor(py::module_& m) {
  using slo::monitor;
  using slo::monitored;
  py::class_<monitored>(m, "monitored",
                        "What a monitor knows of one tier or rule: since when it fires or does "
                        "not, how often it began to, and its burn rates when it last did.")
      .def_property_readonly("severity",
                             [](const monitored& s) { return word_of(s.severity, severities); })
      .def_readonly("firing", &monitored::firing)
      .def_property_readonly("since", [](const monitored& s) { return from_instant(s.since); })
      .def_readonly("alerts", &monitored::alerts)
      .def_readonly("long_burn_rate", &monitored::long_burn_rate)
      .def_readonly("short_burn_rate", &monitored::short_burn_rate)
      .def("__repr__", [](const monitored& s) {
        return "<monitored " + word_of(s.severity, severities) + (s.firing ? " firing" : " quiet") +
               " since " + time_text(s.since) + ", alerts=" + to_text(s.alerts) + ">";
      });
  py::class_<monitor>(m, "monitor",
                      "Watches a policy as events happen, or once a scrape, in fixed memory: 16 "
                      "bytes per cell of `step` in the longest window. Answers what evaluate "
                      "answers for rows of that length.")
      .def(py::init([](const slo::policy& p, const objective& goal, const py::object& start,
                       const py::object& step, const std::string& unseen) {
             return monitor(p, goal, to_instant(start, "start"),
                            {to_duration(step, "step"), choose(unseen, before_starts, "unseen")});
           }),
           "Cells begin at start. Raises ValueError.", py::arg("policy"), py::arg("goal"),
           py::arg("start"), py::kw_only(), py::arg("step") = 15.0, py::arg("unseen") = "clean")
      .def(
          "record", [](monitor& self, bool good, count times) { self.record(good, times); },
          "Events of the open cell.", py::arg("good").noconvert(), py::arg("times") = 1)
      .def(
          "record",
          [](monitor& self, const py::object& now, bool good, count times) {
            self.record(to_instant(now, "now"), good, times);
          },
          "Events at a time; one before the open cell counts in it.", py::arg("now"),
          py::arg("good"), py::arg("times") = 1)
      .def(
          "advance_to",
          [](monitor& self, const py::object& now) { self.advance_to(to_instant(now, "now")); },
          "Ends every cell that is over at `now` and looks at each in turn.", py::arg("now"))
      .def_property_readonly("states", &monitor::states)
      .def(
          "firing",
          [](const monitor& self, std::size_t index) {
            if (index >= self.states().size()) throw py::index_error("no such tier or rule");
            return self.firing(index);
          },
          "Does the tier, or the rule numbered after them, fire?", py::arg("index"))
      .def(
          "firing",
          [](const monitor& self, const std::string& severity) {
            return self.firing(choose(severity, severities, "severity"));
          },
          "Does any of this severity?", py::arg("severity"))
      .def(
          "burn_rate",
          [](const monitor& self, const py::object& lookback) {
            return self.burn_rate(to_duration(lookback, "lookback"));
          },
          "The burn rate over the lookback that ends with the last cell. Raises ValueError.",
          py::arg("lookback"))
      .def_property_readonly("looked_at",
                             [](const monitor& self) { return from_instant(self.looked_at()); })
      .def_property_readonly("bytes", &monitor::bytes)
      .def("__repr__", [](const monitor& self) {
        return "<monitor of " + to_text(self.states().size()) + " tiers and rules, looked at " +
               time_text(self.looked_at()) + ">";
      });
}

void bind_backtest_types(py::module_& m) {
  using slo::backtest_result;
  using slo::incident_outcome;
  py::class_<incident_outcome>(m, "incident_outcome",
                               "One labelled incident under a policy: seconds from its start to "
                               "the page (inf when missed) and from its end to the page's end (nan "
                               "when missed).")
      .def_property_readonly("found", &incident_outcome::found)
      .def_property_readonly("detected_after",
                             [](const incident_outcome& o) { return o.detected_after.count(); })
      .def_property_readonly("reset_after",
                             [](const incident_outcome& o) { return o.reset_after.count(); })
      .def_readonly("open", &incident_outcome::open)
      .def("__repr__", [](const incident_outcome& o) {
        return "<incident_outcome detected_after=" + repr(o.detected_after.count()) +
               ", reset_after=" + repr(o.reset_after.count()) + (o.open ? ", open" : "") + ">";
      });
  py::class_<backtest_result>(
      m, "backtest_result",
      "What a policy would have done, judged by labelled incidents. pages: "
      "what was judged, overlapping ones as one; outcomes: as the incidents "
      "that were given; paging: seconds with a page open.")
      .def_readonly("policy", &backtest_result::policy)
      .def_readonly("evaluation", &backtest_result::evaluation)
      .def_readonly("pages", &backtest_result::pages)
      .def_readonly("incidents", &backtest_result::incidents)
      .def_readonly("outcomes", &backtest_result::outcomes)
      .def_readonly("true_pages", &backtest_result::true_pages)
      .def_readonly("found", &backtest_result::found)
      .def_property_readonly("paging", [](const backtest_result& r) { return r.paging.count(); })
      .def_readonly("precision", &backtest_result::precision)
      .def_readonly("recall", &backtest_result::recall)
      .def("detection_time", &backtest_result::detection_time,
           "A quantile of the seconds to detection, missed incidents as infinite ones, with its "
           "interval. Raises ValueError for a level outside (0, 1).",
           py::arg("level") = 0.5)
      .def("reset_time", &backtest_result::reset_time,
           "The same of the seconds from the end of an incident that was found to the end of its "
           "page.",
           py::arg("level") = 0.5)
      .def("__repr__", [](const backtest_result& r) {
        return "<backtest_result of " + quoted(r.policy) + ", pages=" + to_text(r.pages.size()) +
               ", of incidents=" + to_text(r.true_pages) + ", found=" + to_text(r.found) + " of " +
               to_text(r.incidents.size()) + ">";
      });
  using slo::backtest_difference;
  py::class_<backtest_difference>(m, "backtest_difference",
                                  "What changes from one policy to another on the same events: the "
                                  "second less the first. gained and lost: indices of incidents.")
      .def_readonly("pages", &backtest_difference::pages)
      .def_readonly("false_pages", &backtest_difference::false_pages)
      .def_property_readonly("paging",
                             [](const backtest_difference& d) { return d.paging.count(); })
      .def_readonly("gained", &backtest_difference::gained)
      .def_readonly("lost", &backtest_difference::lost)
      .def_readonly("recall", &backtest_difference::recall)
      .def_readonly("detection", &backtest_difference::detection)
      .def_readonly("only_first", &backtest_difference::only_first)
      .def_readonly("only_second", &backtest_difference::only_second)
      .def("__repr__", [](const backtest_difference& d) {
        return "<backtest_difference pages=" + to_text(d.pages) +
               ", false_pages=" + to_text(d.false_pages) + ", gained=" + to_text(d.gained.size()) +
               ", lost=" + to_text(d.lost.size()) + ">";
      });
}

slo::backtest_options backtest_options_of(const std::string& judged, const py::object& grace,
                                          double confidence_level, const std::string& method,
                                          const std::string& unseen, count min_failures) {
  return {
      {choose(unseen, before_starts, "unseen"), min_failures, true},
      choose(judged, severities, "judged"),
      to_duration(grace, "grace"),
      confidence_level,
      to_method(method, {stats::clopper_pearson, stats::wilson, stats::jeffreys}, "slo::backtest")};
}

/// One policy gives a result, several a list of them.
template <class Policies>
void def_backtest(py::module_& m, const char* first, const char* doc) {
  m.def(
      "backtest",
      [](const Policies& policies, const objective& goal, const sli::event_series& events,
         const std::vector<period>& incidents, const std::string& judged, const py::object& grace,
         double confidence_level, const std::string& method, const std::string& unseen,
         count min_failures) {
        const auto options =
            backtest_options_of(judged, grace, confidence_level, method, unseen, min_failures);
        const py::gil_scoped_release release;
        return slo::backtest(policies, goal, events, incidents, options);
      },
      doc, py::arg(first), py::arg("goal"), py::arg("events"),
      py::arg("incidents") = std::vector<period>{}, py::kw_only(), py::arg("judged") = "page",
      py::arg("grace") = 0.0, py::arg("confidence_level") = 0.95,
      py::arg("method") = "clopper_pearson", py::arg("unseen") = "clean",
      py::arg("min_failures") = 1);
}

void bind_backtest(py::module_& m) {
  bind_backtest_types(m);
  def_backtest<slo::policy>(
      m, "policy",
      "What a policy would have done over these events, judged by labelled incidents "
      "(relia.period). judged: \"page\" judges pages, \"ticket\" both; grace: how long after an "
      "incident's end a page may begin (timedelta or seconds). Raw counters: "
      "sli.events_of(...).events. Raises ValueError.");
  def_backtest<std::vector<slo::policy>>(m, "policies",
                                         "Several policies over the same events, in their order.");
  m.def(
      "difference",
      [](const slo::backtest_result& first, const slo::backtest_result& second, std::uint64_t seed,
         count resamples, double confidence_level, const std::string& method) {
        const stats::bootstrap_options options{
            seed, resamples, confidence_level,
            to_method(method, {stats::bca, stats::percentile}, "slo::difference")};
        const py::gil_scoped_release release;
        return slo::difference(first, second, options);
      },
      "The difference of two backtests of the same incidents, with bootstrap intervals over them. "
      "Raises ValueError when the incidents differ.",
      py::arg("first"), py::arg("second"), py::kw_only(), py::arg("seed") = 0,
      py::arg("resamples") = 10'000, py::arg("confidence_level") = 0.95, py::arg("method") = "bca");
}

}  // namespace

std::string repr_of(const slo::evidence& e) {
  return "evidence(" + repr(e.p_value) + ", " + repr(e.burn_rate) + ", " + repr(e.dispersion) + ")";
}

std::string repr_of(const slo::alert_rule& r) {
  return "alert_rule(" + quoted(r.name) + ", " + quoted(word_of(r.severity, severities)) + ", " +
         repr_of(r.condition) + ", " + repr_of(r.hold) + ")";
}

void bind_slo_conditions(py::module_& m) {
  bind_evidence(m);
  bind_condition(m);
  bind_alert_rule(m);
}

}  // namespace relia::python

void bind_slo_alerts(py::module_& m) {
  using namespace relia::python;
  bind_condition_of(m);
  bind_presets(m);
  bind_explain(m);
  bind_monitor(m);
  bind_backtest(m);
}
