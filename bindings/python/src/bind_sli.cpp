// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/sli.hpp>

#include "bind.hpp"
#include "choose.hpp"
#include "counter_answers.hpp"
#include "slices.hpp"

namespace relia::python {
namespace {

constexpr choice<sli::excess_policy> excess_policies[] = {{"refuse", sli::excess_policy::refuse},
                                                          {"clamp", sli::excess_policy::clamp}};
constexpr choice<sli::part> parts[] = {{"good", sli::part::good}, {"bad", sli::part::bad}};

using question = sli::counter_answer (sli::counter::*)(instant, duration,
                                                       const sli::counter_options&) const;

counter_answers ask(const sli::counter& c, question q, const py::object& at,
                    const py::object& window, const std::string& preset, const std::string& edges,
                    const py::object& lookback) {
  const sli::counter_options options = to_counter_options(preset, edges, lookback);
  const duration length = to_duration(window, "window");
  const std::vector<instant> times = to_instants(at, "at");
  std::vector<sli::counter_answer> found(times.size());
  {
    const py::gil_scoped_release release;
    for (std::size_t i = 0; i < times.size(); ++i) found[i] = (c.*q)(times[i], length, options);
  }
  return collect(found, is_one(at), preset, edges);
}

std::vector<aggregate::counts> to_slices(const py::object& good, const py::object& bad) {
  const std::vector<count> g = to_counts(good, "good");
  const std::vector<count> b = to_counts(bad, "bad");
  relia::detail::require_same_size("sli::time_slices", "bad", b.size(), g.size());
  std::vector<aggregate::counts> slices;
  slices.reserve(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) slices.emplace_back(g[i], b[i]);
  return slices;
}

std::vector<sli::slice> to_judged(const std::vector<std::string>& words, const char* name) {
  std::vector<sli::slice> judged;
  judged.reserve(words.size());
  for (const std::string& w : words) judged.push_back(choose(w, slice_kinds, name));
  return judged;
}

std::string text(const aggregate::counts& c) {
  return "good=" + relia::detail::to_text(c.good()) + ", bad=" + relia::detail::to_text(c.bad());
}

void bind_ratio(py::module_& m) {
  py::class_<sli::event_counts>(m, "event_counts",
                                "Good and bad events, and by how many a clamped part exceeded the "
                                "whole.")
      .def(py::init([](const aggregate::counts& c, count excess) {
             return sli::event_counts{c, excess};
           }),
           py::arg("counts"), py::arg("excess") = 0)
      .def_property_readonly("counts", [](const sli::event_counts& e) { return e.counts; })
      .def_readonly("excess", &sli::event_counts::excess)
      .def("__repr__", [](const sli::event_counts& e) {
        return "<event_counts " + text(e.counts) + ", excess=" + relia::detail::to_text(e.excess) +
               ">";
      });
  m.def(
      "events",
      [](std::optional<count> good, std::optional<count> bad, std::optional<count> valid,
         const std::string& excess) {
        return sli::events({good, bad, valid}, choose(excess, excess_policies, "excess"));
      },
      "The events that any two of good, bad and valid describe. A part above valid is refused, or "
      "with excess=\"clamp\" taken as the whole and reported. Raises ValueError.",
      py::arg("good") = py::none(), py::arg("bad") = py::none(), py::arg("valid") = py::none(),
      py::kw_only(), py::arg("excess") = "refuse");

  const auto def = [&m](const char* name, auto function, const char* doc) {
    m.def(
        name,
        [=](const sli::event_counts& events, double level, const std::string& method,
            const std::string& sides) {
          return function(events, to_proportion_options(level, method, sides, name));
        },
        doc, py::arg("events"), py::kw_only(), py::arg("confidence_level") = 0.95,
        py::arg("method") = "wilson", py::arg("sides") = "both");
  };
  def(
      "bad_fraction",
      [](const sli::event_counts& e, const stats::proportion_options& o) {
        return sli::bad_fraction(e, o);
      },
      "The fraction of valid events that were bad, with its interval; no valid events give the "
      "state \"no_data\". events: counts or event_counts. Raises ValueError for a bad option.");
  def(
      "attainment",
      [](const sli::event_counts& e, const stats::proportion_options& o) {
        return sli::attainment(e, o);
      },
      "The fraction of valid events that were good: 1 - bad_fraction, rounded once.");
  py::implicitly_convertible<aggregate::counts, sli::event_counts>();
}

void bind_event_series(py::module_& m) {
  using sli::event_series;
  py::class_<event_series>(m, "event_series",
                           "Good and bad events over time: each row counts what happened since "
                           "the row before and is stamped (UTC) when it ended.")
      .def(py::init([](const py::object& times, const py::object& good, const py::object& bad,
                       const py::object& start) {
             std::optional<instant> from;
             if (!start.is_none()) from = to_instant(start, "start");
             return event_series(to_instants(times, "times"), to_counts(good, "good"),
                                 to_counts(bad, "bad"), from);
           }),
           "start: when counting began; by default the first row is taken to be as long as the "
           "second. Raises ValueError unless times increase strictly and counts are at least 0.",
           py::arg("times"), py::arg("good"), py::arg("bad"), py::kw_only(),
           py::arg("start") = py::none())
      .def_property_readonly("times",
                             [](const event_series& s) { return from_instants(s.times()); })
      .def_property_readonly("start", [](const event_series& s) { return from_instant(s.from()); })
      .def("total", &event_series::total, "All events.")
      .def(
          "between",
          [](const event_series& s, const py::object& after, const py::object& until) {
            return s.between(to_instant(after, "after"), to_instant(until, "until"));
          },
          "The rows stamped in (after, until].", py::arg("after"), py::arg("until"))
      .def("__len__", &event_series::size)
      .def("__repr__", [](const event_series& s) {
        return "<event_series of " + relia::detail::to_text(s.size()) + " rows, " +
               text(s.total()) + ">";
      });
}

void bind_time_slice(py::module_& m) {
  using result = sli::time_slice_result;
  py::class_<result>(m, "time_slice_result",
                     "Three indicators of one period, each as the fraction that is bad: of slices, "
                     "the mean of the slices' own, and of requests.")
      .def_property_readonly("slices", [](const result& r) { return r.slices; })
      .def_readonly("empty", &result::empty)
      .def_readonly("bad_fraction", &result::bad_fraction)
      .def_readonly("mean_bad_fraction", &result::mean_bad_fraction)
      .def_readonly("weighted_bad_fraction", &result::weighted_bad_fraction)
      .def_property_readonly("no_traffic",
                             [](const result& r) { return word_of(r.no_traffic, no_traffics); })
      .def_property_readonly("state",
                             [](const result& r) { return std::string(to_string(r.state)); })
      .def("__repr__", [](const result& r) {
        return "<time_slice_result " + std::string(to_string(r.state)) + ": bad slices " +
               repr(r.bad_fraction) + ", mean of slices " + repr(r.mean_bad_fraction) +
               ", of requests " + repr(r.weighted_bad_fraction) + ", " + text(r.slices) +
               ", empty=" + relia::detail::to_text(r.empty) + " as " +
               word_of(r.no_traffic, no_traffics) + ">";
      });
  const auto to_options = [](double threshold, const std::string& policy) {
    return sli::time_slice_options{threshold, choose(policy, no_traffics, "no_traffic")};
  };
  m.def(
      "cut",
      [](const sli::event_series& events, const period& of, const py::object& length) {
        const auto slices = sli::cut(events, of, to_duration(length, "length"));
        const auto n = static_cast<py::ssize_t>(slices.size());
        py::array_t<count> good(n);
        py::array_t<count> bad(n);
        for (std::size_t i = 0; i < slices.size(); ++i) {
          good.mutable_data()[i] = slices[i].good();
          bad.mutable_data()[i] = slices[i].bad();
        }
        return py::make_tuple(good, bad);
      },
      "The good and bad events of each slice of the period, as two arrays. length: timedelta or "
      "seconds; must divide the period. Raises ValueError.",
      py::arg("events"), py::arg("of"), py::arg("length"));
  m.def(
      "judge",
      [=](const py::object& good, const py::object& bad, double threshold,
          const std::string& no_traffic) {
        return from_judged(sli::judge(to_slices(good, bad), to_options(threshold, no_traffic)));
      },
      "Each slice as \"good\", \"bad\" or \"ignored\". good, bad: events of each slice.",
      py::arg("good"), py::arg("bad"), py::kw_only(), py::arg("threshold") = 0.95,
      py::arg("no_traffic") = "ignore");
  m.def(
      "bad_if_any",
      [](const std::vector<std::string>& a, const std::vector<std::string>& b) {
        return from_judged(sli::bad_if_any(to_judged(a, "a"), to_judged(b, "b")));
      },
      "Slices of a composite: bad where any part is bad, else good where any part is good.",
      py::arg("a"), py::arg("b"));
  m.def(
      "tally",
      [](const std::vector<std::string>& judged) {
        return sli::tally(to_judged(judged, "judged"));
      },
      "How many slices are good and bad.", py::arg("judged"));
  m.def(
      "time_slices",
      [=](const py::object& good, const py::object& bad, double threshold,
          const std::string& no_traffic) {
        const auto options = to_options(threshold, no_traffic);
        const auto slices = to_slices(good, bad);
        const py::gil_scoped_release release;
        return sli::time_slices(slices, options);
      },
      "The time-slice indicator, with the mean of slices and the request-weighted one beside it. "
      "good, bad: events of each slice; a slice is good when its attainment reaches the threshold; "
      "one without traffic is \"good\", \"bad\" or \"ignore\"d. Raises ValueError.",
      py::arg("good"), py::arg("bad"), py::kw_only(), py::arg("threshold") = 0.95,
      py::arg("no_traffic") = "ignore");
}

void bind_counter(py::module_& m) {
  py::class_<counter_answers>(m, "counter_answer",
                              "What a counter answers: value is NaN unless state is \"ok\". Asked "
                              "at many times, value, state, samples and resets are arrays.")
      .def_readonly("value", &counter_answers::value)
      .def_readonly("state", &counter_answers::state)
      .def_readonly("samples", &counter_answers::samples)
      .def_readonly("resets", &counter_answers::resets)
      .def_readonly("preset", &counter_answers::preset)
      .def_readonly("edges", &counter_answers::edges)
      .def("__repr__", [](const counter_answers& a) {
        return "<counter_answer " + std::string(py::repr(a.value)) +
               ", samples=" + std::string(py::str(a.samples)) +
               ", resets=" + std::string(py::str(a.resets)) + ", " + a.preset + ", " + a.edges +
               ">";
      });
  py::class_<sli::counter> counter(m, "counter",
                                   "The samples of one counter: cumulative values that restart at "
                                   "zero, read at irregular times. Stale markers are dropped.");
  counter
      .def(py::init([](const py::object& times, const reals& values, const py::object& starts) {
             return sli::counter(to_instants(times, "times"), view(values), to_starts(starts));
           }),
           "starts: when the count behind each sample began; None or NaT where unknown. Raises "
           "ValueError unless times increase strictly.",
           py::arg("times"), py::arg("values"), py::arg("starts") = py::none())
      .def_property_readonly("times",
                             [](const sli::counter& c) { return from_instants(c.times()); })
      .def_property_readonly("values",
                             [](const sli::counter& c) {
                               return py::array_t<double>(static_cast<py::ssize_t>(c.size()),
                                                          c.values().data());
                             })
      .def("__len__", &sli::counter::size)
      .def("__repr__", [](const sli::counter& c) {
        return "<counter of " + relia::detail::to_text(c.size()) + " samples>";
      });
  const auto def = [&](const char* name, question q, const char* doc) {
    counter.def(
        name,
        [q](const sli::counter& c, const py::object& at, const py::object& window,
            const std::string& preset, const std::string& edges,
            const py::object& lookback) { return ask(c, q, at, window, preset, edges, lookback); },
        doc, py::arg("at"), py::arg("window"), py::kw_only(), py::arg("preset") = "prometheus_3",
        py::arg("edges") = "extrapolated", py::arg("lookback") = 300.0);
  };
  def("increase", &sli::counter::increase,
      "By how much the counter grew in the window that ends at each time. window, lookback: "
      "timedelta or seconds; preset \"prometheus_3\" or \"prometheus_2\"; edges \"extrapolated\", "
      "\"anchored\" or \"smoothed\". Raises ValueError.");
  def("rate", &sli::counter::rate, "increase per second of the window.");
  def("irate", &sli::counter::irate, "Growth per second between the last two samples.");
  def("resets", &sli::counter::resets,
      "How often the counter restarted in the window; \"anchored\" from the sample before it.");
  def("changes", &sli::counter::changes,
      "How often the value changed in the window; \"anchored\" from the sample before it.");
  counter.def(
      "reading",
      [](const sli::counter& c, const py::object& at, const std::string& preset,
         const py::object& lookback) {
        const sli::counter_options options = to_counter_options(preset, "extrapolated", lookback);
        std::vector<sli::counter_answer> found;
        for (const instant t : to_instants(at, "at")) found.push_back(c.reading(t, options));
        return collect(found, is_one(at), preset, "extrapolated");
      },
      "The value that an instant query shows at each time: of the last sample within the "
      "lookback, none after a stale marker.",
      py::arg("at"), py::kw_only(), py::arg("preset") = "prometheus_3",
      py::arg("lookback") = 300.0);

  using sli::counter_events;
  py::class_<counter_events>(m, "counter_events", "Events out of two counters.")
      .def_readonly("events", &counter_events::events)
      .def_readonly("resets", &counter_events::resets)
      .def_readonly("born", &counter_events::born)
      .def_readonly("unpaired", &counter_events::unpaired)
      .def_readonly("excess", &counter_events::excess)
      .def("__repr__", [](const counter_events& e) {
        return "<counter_events " + text(e.events.total()) +
               ", resets=" + relia::detail::to_text(e.resets) +
               ", born=" + relia::detail::to_text(e.born) +
               ", unpaired=" + relia::detail::to_text(e.unpaired) +
               ", excess=" + relia::detail::to_text(e.excess) + ">";
      });
  m.def(
      "events_of",
      [](const std::vector<sli::counter>& good, const std::vector<sli::counter>& bad) {
        const py::gil_scoped_release release;
        return sli::events_of(good, bad);
      },
      "Good and bad events from the counters of each, such as one per status code and instance. "
      "Each series restarts on its own; one that appears at a sample of others began at 0. Raises "
      "ValueError for a value that is no count.",
      py::arg("good"), py::arg("bad"));
  m.def(
      "events_of",
      [](const sli::counter& partial, const sli::counter& valid, const std::string& which,
         const std::string& excess) {
        const sli::part kind = choose(which, parts, "which");
        const sli::excess_policy policy = choose(excess, excess_policies, "excess");
        const py::gil_scoped_release release;
        return sli::events_of(partial, valid, kind, policy);
      },
      "What happened between the samples that both counters have: partial counts the \"good\" or "
      "\"bad\" ones of the valid events. Nothing is extrapolated, so no indicator exceeds 1. A "
      "part "
      "that runs ahead is refused, or with excess=\"clamp\" waits for the next step. Raises "
      "ValueError.",
      py::arg("partial"), py::arg("valid"), py::arg("which"), py::kw_only(),
      py::arg("excess") = "refuse");
}

}  // namespace
}  // namespace relia::python

void bind_sli(py::module_& m) {
  relia::python::bind_ratio(m);
  relia::python::bind_event_series(m);
  relia::python::bind_time_slice(m);
  relia::python::bind_counter(m);
  bind_sli_histograms(m);
  bind_sli_kinds(m);
}
