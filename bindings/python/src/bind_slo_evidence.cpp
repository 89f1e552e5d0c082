// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/slo.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "whole.hpp"

namespace relia::python {
namespace {

using slo::objective;
using std::string;

constexpr choice<slo::before_start> before_starts[] = {{"clean", slo::before_start::clean},
                                                       {"partial", slo::before_start::partial}};

double seconds(duration d) { return real_seconds(d).count(); }

string text(count n) { return relia::detail::to_text(n); }

void bind_failure_tests(py::module_& m) {
  m.def(
      "binomial_p_value",
      [](const py::object& bad, const py::object& valid, const reals& error_ratio) {
        return py::vectorize(&slo::binomial_p_value)(whole(bad, "bad"), whole(valid, "valid"),
                                                     error_ratio);
      },
      "P(as many bad events or more), of `valid` independent ones at this error ratio. Numbers "
      "or arrays. Raises ValueError.",
      py::arg("bad"), py::arg("valid"), py::arg("error_ratio"));
  m.def(
      "poisson_p_value",
      [](const py::object& bad, const reals& expected, const reals& dispersion) {
        return py::vectorize(&slo::poisson_p_value)(whole(bad, "bad"), expected, dispersion);
      },
      "P(as many bad events or more) where `expected` come on average, in clusters of this "
      "dispersion (variance over mean). Numbers or arrays. Raises ValueError.",
      py::arg("bad"), py::arg("expected"), py::arg("dispersion") = 1.0);
  m.def(
      "critical_failures",
      [](const py::object& valid, const reals& error_ratio, const reals& p_value) {
        return py::vectorize(&slo::critical_failures)(whole(valid, "valid"), error_ratio, p_value);
      },
      "The smallest number of bad events, of `valid`, that independent failures at this error "
      "ratio reach with a probability of at most p_value; valid + 1 when there is none.",
      py::arg("valid"), py::arg("error_ratio"), py::arg("p_value"));
  m.def(
      "probability_above",
      [](const objective& goal, const aggregate::counts& events, const py::object& burn_rate,
         double prior_bad, double prior_good) {
        return py::vectorize([&](double rate) {
          return slo::probability_above(goal, events, rate, {prior_bad, prior_good});
        })(reals(burn_rate));
      },
      "The probability that the budget burns faster than burn_rate after these events: the Beta "
      "posterior, from pseudo-counts of bad and good events (1/2 and 1/2 are Jeffreys').",
      py::arg("goal"), py::arg("events"), py::arg("burn_rate"), py::kw_only(),
      py::arg("prior_bad") = 0.5, py::arg("prior_good") = 0.5);
  m.def("events_without_failure", py::vectorize(&slo::events_without_failure),
        "How many events without a failure show that the error ratio is below this one.",
        py::arg("error_ratio"), py::arg("confidence_level") = 0.95);

  using slo::significance;
  py::class_<significance>(m, "significance",
                           "Are so many failures more than bad luck? A look-up of evidence.")
      .def(py::init([](const slo::evidence& e, count largest) {
             relia::detail::require_positive_count("slo::significance", "largest", largest);
             return significance(e, static_cast<std::size_t>(largest));
           }),
           py::arg("evidence"), py::arg("largest") = 1024)
      .def(
          "reached",
          [](const significance& s, const py::object& bad, const reals& expected) {
            return py::vectorize([&s](count n, double mean) { return s.reached(n, mean); })(
                whole(bad, "bad"), expected);
          },
          "Are `bad` events significant where `expected` would come: valid events * error budget "
          "* burn_rate? Numbers or arrays.",
          py::arg("bad"), py::arg("expected"))
      .def("critical", py::vectorize(&significance::critical),
           "The smallest count that is significant; 0 when the p_value is 1.", py::arg("expected"))
      .def_property_readonly("evidence", &significance::evidence)
      .def_property_readonly(
          "largest_expected",
          [](const significance& s) {
            const auto limits = s.largest_expected();
            return py::array_t<double>(static_cast<py::ssize_t>(limits.size()), limits.data());
          },
          "Element k - 1: the largest expected number at which k events are significant.")
      .def("__repr__", [](const significance& s) {
        return "significance(evidence(" + repr(s.evidence().p_value) + ", " +
               repr(s.evidence().burn_rate) + ", " + repr(s.evidence().dispersion) + "))";
      });
}

void bind_low_traffic(py::module_& m) {
  using slo::page_allowance;
  m.attr("quarter") = seconds(slo::quarter);
  m.attr("low_traffic_tiers") = py::cast(std::vector<slo::budget_tier>(
      std::begin(slo::low_traffic_tiers), std::end(slo::low_traffic_tiers)));
  py::class_<page_allowance>(m, "page_allowance",
                             "How many false pages a quarter are too many, while the budget burns "
                             "at no more than burn_rate; errors cluster with this dispersion.")
      .def(py::init([](double pages, double burn_rate, double dispersion) {
             return page_allowance{pages, burn_rate, dispersion};
           }),
           py::arg("false_pages_per_quarter") = page_allowance{}.false_pages_per_quarter,
           py::arg("burn_rate") = page_allowance{}.burn_rate,
           py::arg("dispersion") = page_allowance{}.dispersion)
      .def_readonly("false_pages_per_quarter", &page_allowance::false_pages_per_quarter)
      .def_readonly("burn_rate", &page_allowance::burn_rate)
      .def_readonly("dispersion", &page_allowance::dispersion)
      .def("__repr__", [](const page_allowance& a) {
        return "page_allowance(" + repr(a.false_pages_per_quarter) + ", " + repr(a.burn_rate) +
               ", " + repr(a.dispersion) + ")";
      });
  m.def(
      "false_pages_per_quarter",
      [](const slo::policy& p, const objective& goal, const py::object& events_per_hour,
         double burn_rate, double dispersion) {
        return py::vectorize([&](double n) {
          return slo::false_pages_per_quarter(p, goal, n, burn_rate, dispersion);
        })(reals(events_per_hour));
      },
      "How many pages a quarter a policy can be expected to send, at most, at steady traffic "
      "while the budget burns at burn_rate. events_per_hour: float or array.",
      py::arg("policy"), py::arg("goal"), py::arg("events_per_hour"), py::arg("burn_rate") = 0.5,
      py::arg("dispersion") = 1.0);
  m.def("with_evidence", &slo::with_evidence,
        "The policy with evidence for every tier, so that at no traffic its pages are false more "
        "often than allowed; its tickets neither. Raises ValueError.",
        py::arg("policy"), py::arg("allowed") = page_allowance{},
        py::call_guard<py::gil_scoped_release>());
  m.def(
      "low_traffic",
      [](const py::object& period, const page_allowance& allowed) {
        return slo::low_traffic(to_duration(period, "period"), allowed);
      },
      "The recommended policy for traffic that is, or may become, low.", py::arg("period"),
      py::arg("allowed") = page_allowance{});

  using slo::sequential_test;
  py::class_<sequential_test>(m, "sequential_test",
                              "An alert without windows: evidence after every step that the budget "
                              "has begun to burn, valid at any time and any traffic.")
      .def(py::init([](const objective& goal, const page_allowance& allowed, double slowest,
                       const py::object& step) {
             return sequential_test(goal, {allowed, slowest, to_duration(step, "step")});
           }),
           "slowest: the slowest burn rate that it looks for. step: timedelta or seconds. Raises "
           "ValueError.",
           py::arg("goal"), py::kw_only(), py::arg("allowed") = page_allowance{},
           py::arg("slowest") = 6.0, py::arg("step") = 60.0)
      .def("record", &sequential_test::record,
           "The counts of one step. True while it pages: from when the evidence reaches the "
           "threshold until it has fallen to a hundredth of it.",
           py::arg("bad"), py::arg("valid"))
      .def_property_readonly("evidence", &sequential_test::evidence)
      .def_property_readonly("threshold", &sequential_test::threshold)
      .def("__repr__", [](const sequential_test& t) {
        return "<sequential_test evidence=" + repr(t.evidence()) + " of " + repr(t.threshold()) +
               ">";
      });
  m.def(
      "dispersion",
      [](const sli::event_series& events, const py::object& slice,
         const std::vector<period>& leave_out, double confidence_level, std::uint64_t seed,
         count resamples) {
        const duration length = to_duration(slice, "slice");
        const py::gil_scoped_release release;
        return slo::dispersion(events, {length, leave_out, confidence_level, seed, resamples});
      },
      "Do errors come alone or in clusters? Variance over mean of the bad events of equal slices "
      "(timedelta or seconds), 1 where errors are independent, with a bootstrap interval. "
      "leave_out: periods of known incidents. State \"no_data\" when nothing shows it.",
      py::arg("events"), py::kw_only(), py::arg("slice") = 3600.0,
      py::arg("leave_out") = std::vector<period>{}, py::arg("confidence_level") = 0.95,
      py::arg("seed") = 0, py::arg("resamples") = 2000);
}

/// Policies' alarms or sequential tests: a list of one kind.
template <class Function>
auto with_alarms(const py::list& alarms, Function f) {
  if (!alarms.empty() && py::isinstance<slo::sequential_test>(alarms[0])) {
    return f(alarms.cast<std::vector<slo::sequential_test>>());
  }
  return f(alarms.cast<std::vector<slo::policy_alarm>>());
}

void bind_simulation_types(py::module_& m) {
  using slo::workload;
  py::class_<workload>(m, "workload",
                       "Simulated traffic: events an hour on average, the dispersion of its bad "
                       "events, and what each of 24 hours has of it (none: all the same).")
      .def(py::init([](double events_per_hour, double dispersion, std::vector<double> hours) {
             return workload{events_per_hour, dispersion, std::move(hours)};
           }),
           py::arg("events_per_hour"), py::arg("dispersion") = 1.0,
           py::arg("hours") = std::vector<double>{})
      .def_readonly("events_per_hour", &workload::events_per_hour)
      .def_readonly("dispersion", &workload::dispersion)
      .def_readonly("hours", &workload::hours)
      .def("__repr__", [](const workload& w) {
        return "workload(" + repr(w.events_per_hour) + ", " + repr(w.dispersion) +
               (w.hours.empty() ? "" : ", " + string(py::repr(py::cast(w.hours)))) + ")";
      });
  using slo::event_trace;
  py::class_<event_trace>(m, "event_trace",
                          "Simulated events, step by step: Poisson good events, bad events in "
                          "Poisson clusters of geometric size. Seeded.")
      .def(py::init([](std::uint64_t seed, std::uint64_t replicate, const py::object& step) {
             return event_trace(seed, replicate, to_duration(step, "step"));
           }),
           py::arg("seed"), py::arg("replicate") = 0, py::arg("step") = 60.0)
      .def(
          "append",
          [](event_trace& t, const workload& load, double error_ratio, count steps) {
            relia::detail::require_non_negative_count("slo::event_trace", "steps", steps);
            t.append(load, error_ratio, static_cast<std::size_t>(steps));
          },
          "As many more steps at this error ratio. Raises ValueError.", py::arg("load"),
          py::arg("error_ratio"), py::arg("steps"))
      .def(
          "series",
          [](const event_trace& t, const py::object& from) {
            return t.series(from.is_none() ? instant{} : to_instant(from, "start"));
          },
          "All steps as a sli.event_series that begins at `start` (default: the epoch).",
          py::arg("start") = py::none())
      .def("__len__", &event_trace::size)
      .def("__repr__", [](const event_trace& t) {
        return "<event_trace of " + relia::detail::to_text(t.size()) + " steps>";
      });
  using slo::policy_alarm;
  py::class_<policy_alarm>(m, "policy_alarm",
                           "The page tiers and page rules of a policy, as a simulation runs them.")
      .def(py::init([](const slo::policy& p, const objective& goal, const py::object& step,
                       const string& unseen) {
             return policy_alarm(p, goal, to_duration(step, "step"),
                                 choose(unseen, before_starts, "unseen"));
           }),
           py::arg("policy"), py::arg("goal"), py::arg("step") = 60.0, py::arg("unseen") = "clean")
      .def("__repr__", [](const policy_alarm&) { return "<policy_alarm>"; });
  using slo::page_rate;
  py::class_<page_rate>(m, "page_rate",
                        "Pages per replicate: the mean, and its Monte Carlo error (one standard "
                        "deviation).")
      .def_readonly("mean", &page_rate::mean)
      .def_readonly("standard_error", &page_rate::standard_error)
      .def_readonly("pages", &page_rate::pages)
      .def("__repr__", [](const page_rate& r) {
        return "<page_rate " + repr(r.mean) + " +- " + repr(r.standard_error) + ">";
      });
  using slo::detection;
  py::class_<detection>(m, "detection",
                        "Seconds until outages are found: the median with its interval, the 90 % "
                        "quantile, and the fraction found at all.")
      .def_readonly("median", &detection::median)
      .def_readonly("quantile_90", &detection::quantile_90)
      .def_readonly("detected", &detection::detected)
      .def("__repr__", [](const detection& d) {
        return "<detection median=" + repr(d.median.value) + " s, 90 %: " + repr(d.quantile_90) +
               " s>";
      });
}

void bind_simulate(py::module_& m) {
  bind_simulation_types(m);
  m.def(
      "page_rates",
      [](const py::list& alarms, const slo::workload& load, double error_ratio, std::uint64_t seed,
         count replicates, const py::object& length, const py::object& warm_up,
         const py::object& step) {
        const slo::page_options options{seed, replicates, to_duration(length, "length"),
                                        to_duration(warm_up, "warm_up"), to_duration(step, "step")};
        return with_alarms(alarms, [&]<class Alarm>(const std::vector<Alarm>& all) {
          const py::gil_scoped_release release;
          return slo::page_rates(std::span<const Alarm>(all), load, error_ratio, options);
        });
      },
      "How often each alarm (a list of policy_alarm or of sequential_test) pages while the error "
      "ratio is constant: a page_rate each. Lengths: timedelta or seconds. Raises ValueError.",
      py::arg("alarms"), py::arg("load"), py::arg("error_ratio"), py::kw_only(),
      py::arg("seed") = 0, py::arg("replicates") = 300, py::arg("length") = 30 * 86400.0,
      py::arg("warm_up") = 43200.0, py::arg("step") = 60.0);
  m.def(
      "detection_times",
      [](const py::list& alarms, const slo::workload& load, double error_ratio, std::uint64_t seed,
         count replicates, double before, const py::object& warm_up, const py::object& horizon,
         const py::object& step) {
        const slo::detection_options options{seed,
                                             replicates,
                                             before,
                                             to_duration(warm_up, "warm_up"),
                                             to_duration(horizon, "horizon"),
                                             to_duration(step, "step")};
        return with_alarms(alarms, [&]<class Alarm>(const std::vector<Alarm>& all) {
          const py::gil_scoped_release release;
          return slo::detection_times(std::span<const Alarm>(all), load, error_ratio, options);
        });
      },
      "How late each alarm fires in an outage of this error ratio: a detection each. before: the "
      "error ratio until then. Raises ValueError.",
      py::arg("alarms"), py::arg("load"), py::arg("error_ratio"), py::kw_only(),
      py::arg("seed") = 0, py::arg("replicates") = 2000, py::arg("before") = 0.0,
      py::arg("warm_up") = 43200.0, py::arg("horizon") = 3 * 86400.0, py::arg("step") = 60.0);
}

void bind_design(py::module_& m) {
  using slo::incident_class;
  py::class_<incident_class>(m, "incident_class",
                             "A kind of incident: its error ratio, how long it lasts, and in what "
                             "time nine of ten are to be found (timedelta or seconds).")
      .def(py::init([](const string& name, double error_ratio, const py::object& lasts,
                       const py::object& detect_within) {
             return incident_class{name, error_ratio, to_duration(lasts, "lasts"),
                                   to_duration(detect_within, "detect_within")};
           }),
           py::arg("name"), py::arg("error_ratio"), py::arg("lasts"), py::arg("detect_within"))
      .def_readonly("name", &incident_class::name)
      .def_readonly("error_ratio", &incident_class::error_ratio)
      .def_property_readonly("lasts", [](const incident_class& c) { return seconds(c.lasts); })
      .def_property_readonly("detect_within",
                             [](const incident_class& c) { return seconds(c.detect_within); })
      .def("__repr__", [](const incident_class& c) {
        return "incident_class(" + string(py::repr(py::str(c.name))) + ", " + repr(c.error_ratio) +
               ", " + repr(seconds(c.lasts)) + ", " + repr(seconds(c.detect_within)) + ")";
      });
  using slo::class_outcome;
  py::class_<class_outcome>(m, "class_outcome",
                            "How a policy finds a kind of incident, and how long its page "
                            "stays, in seconds.")
      .def_readonly("found", &class_outcome::found)
      .def_property_readonly("reset", [](const class_outcome& o) { return o.reset.count(); })
      .def_readonly("in_time", &class_outcome::in_time)
      .def_readonly("reset_in_time", &class_outcome::reset_in_time);
  using slo::design_outcome;
  py::class_<design_outcome>(m, "design_outcome", "A policy under all requirements.")
      .def_readonly("policy", &design_outcome::policy)
      .def_readonly("incidents", &design_outcome::incidents)
      .def_readonly("false_pages", &design_outcome::false_pages)
      .def_readonly("quiet", &design_outcome::quiet)
      .def_readonly("missed", &design_outcome::missed)
      .def("__repr__", [](const design_outcome& o) {
        return "<design_outcome " + o.policy.name + ", missed=" + text(o.missed) + ">";
      });
  using slo::curve_point;
  py::class_<curve_point>(m, "curve_point",
                          "Detection (closed form, and simulated median) and reset at an error "
                          "ratio, in seconds.")
      .def_readonly("error_ratio", &curve_point::error_ratio)
      .def_property_readonly("detection", [](const curve_point& p) { return p.detection.count(); })
      .def_readonly("simulated", &curve_point::simulated)
      .def_property_readonly("reset", [](const curve_point& p) { return p.reset.count(); });
  using slo::design_result;
  py::class_<design_result>(m, "design_result",
                            "The chosen policy beside the workbook's, the slowest burn that it "
                            "pages for, its curve, and why requirements are missed.")
      .def_readonly("chosen", &design_result::chosen)
      .def_readonly("workbook", &design_result::workbook)
      .def_readonly("slowest_burn", &design_result::slowest_burn)
      .def_property_readonly("unseen_exhaustion",
                             [](const design_result& d) { return d.unseen_exhaustion.count(); })
      .def_readonly("curve", &design_result::curve)
      .def_readonly("reasons", &design_result::reasons)
      .def("__repr__", [](const design_result& d) {
        return "<design_result " + d.chosen.policy.name + ", missed=" + text(d.chosen.missed) +
               ", workbook missed=" + text(d.workbook.missed) + ">";
      });
  m.def(
      "design",
      [](const objective& goal, const slo::workload& load,
         const std::vector<incident_class>& incidents, const py::object& period,
         const slo::page_allowance& allowed, const py::object& reset_within, const py::object& step,
         std::uint64_t seed, count months, count outages) {
        const slo::design_request request{to_duration(period, "period"),
                                          load,
                                          incidents,
                                          allowed,
                                          to_duration(reset_within, "reset_within"),
                                          to_duration(step, "step"),
                                          seed,
                                          months,
                                          outages};
        const py::gil_scoped_release release;
        return slo::design(goal, request);
      },
      "The policy that misses the fewest requirements on this traffic, never more than the "
      "workbook's, and why it misses those that it does. Raises ValueError.",
      py::arg("goal"), py::arg("load"), py::arg("incidents"), py::kw_only(),
      py::arg("period") = 30 * 86400.0, py::arg("allowed") = slo::page_allowance{},
      py::arg("reset_within") = 3600.0, py::arg("step") = 60.0, py::arg("seed") = 0,
      py::arg("months") = 100, py::arg("outages") = 200);
}

}  // namespace
}  // namespace relia::python

void bind_slo_evidence(py::module_& m) {
  relia::python::bind_failure_tests(m);
  relia::python::bind_low_traffic(m);
  relia::python::bind_simulate(m);
  relia::python::bind_design(m);
}
