// SPDX-License-Identifier: BSL-1.0
#include <relia/detail/text.hpp>
#include <relia/slo.hpp>

#include "aggregate.hpp"
#include "bind.hpp"
#include "choose.hpp"
#include "slices.hpp"

namespace relia::python {
namespace {

using slo::objective;
using std::string;

constexpr choice<slo::budgeting> budgetings[] = {{"occurrences", slo::budgeting::occurrences},
                                                 {"time_slices", slo::budgeting::time_slices},
                                                 {"slice_ratios", slo::budgeting::slice_ratios}};
constexpr choice<slo::correction_effect> effects[] = {
    {"exclude", slo::correction_effect::exclude},
    {"count_good", slo::correction_effect::count_good}};
constexpr choice<slo::late_events> lates[] = {{"include", slo::late_events::include},
                                              {"drop", slo::late_events::drop}};
constexpr choice<slo::excess_good> excesses[] = {{"refuse", slo::excess_good::refuse},
                                                 {"clamp", slo::excess_good::clamp},
                                                 {"net", slo::excess_good::net}};
constexpr choice<calendar_unit> units[] = {{"day", calendar_unit::day},
                                           {"week", calendar_unit::week},
                                           {"month", calendar_unit::month},
                                           {"quarter", calendar_unit::quarter},
                                           {"year", calendar_unit::year}};

string quoted(const string& text) { return py::repr(py::str(text)); }
string text_of(count n) { return relia::detail::to_text(n); }
double seconds(duration d) { return real_seconds(d).count(); }
string text_of(instant t) { return py::str(from_instant(t)); }

std::optional<instant> optional_instant(const py::object& t, const char* name) {
  return t.is_none() ? std::optional<instant>() : to_instant(t, name);
}

void bind_ledger(py::module_& m) {
  using slo::ledger;
  py::class_<slo::ledger_bucket>(m, "ledger_bucket",
                                 "What one bucket of a ledger holds; watched: sixtieths of it, as "
                                 "a set of bits. Bucket `index` begins index widths after 1970.")
      .def_readonly("index", &slo::ledger_bucket::index)
      .def_readonly("events", &slo::ledger_bucket::events)
      .def_readonly("late", &slo::ledger_bucket::late)
      .def_readonly("excess", &slo::ledger_bucket::excess)
      .def_readonly("watched", &slo::ledger_bucket::watched)
      .def("__repr__", [](const slo::ledger_bucket& b) {
        return "<ledger_bucket " + text_of(b.index) + ": good=" + text_of(b.events.good()) +
               ", bad=" + text_of(b.events.bad()) + ">";
      });
  py::class_<ledger> c(m, "ledger",
                       "What happened to an objective, bucket by bucket on a fixed grid: the store "
                       "from which every window and way of counting is derived. Ledgers of hosts "
                       "or partitions merge in any order. width, late_after: timedelta or "
                       "seconds; None: nothing is late. Raises ValueError.");
  c.def(py::init([](const py::object& width, const py::object& late_after) {
          return ledger({to_duration(width, "width"), late_after.is_none()
                                                          ? duration::max()
                                                          : to_duration(late_after, "late_after")});
        }),
        py::arg("width") = 60.0, py::kw_only(), py::arg("late_after") = py::none())
      .def(
          "record",
          [](ledger& l, const period& watched, const aggregate::counts& events,
             const py::object& arrived) {
            l.record(watched, events, optional_instant(arrived, "arrived"));
          },
          "Events of a period that was watched; they count in the bucket that it ends in. arrived: "
          "when they were recorded, for data that may be late.",
          py::arg("watched"), py::arg("events"), py::arg("arrived") = py::none())
      .def(
          "record",
          [](ledger& l, const period& watched, const sli::event_counts& events,
             const py::object& arrived) {
            l.record(watched, events, optional_instant(arrived, "arrived"));
          },
          "The same for clamped counts (relia.sli.events), whose excess is kept.",
          py::arg("watched"), py::arg("events"), py::arg("arrived") = py::none())
      .def(
          "record",
          [](ledger& l, const sli::event_series& rows, const py::object& longest_row) {
            std::optional<duration> longest;
            if (!longest_row.is_none()) longest = to_duration(longest_row, "longest_row");
            const py::gil_scoped_release release;
            l.record(rows, longest);
          },
          "The rows of an event series; each watches the time since the row before, but at most "
          "longest_row (a width by default): what a gap hid stays missing.",
          py::arg("rows"), py::arg("longest_row") = py::none())
      .def(
          "record",
          [](ledger& l, const py::object& at, bool good, count times) {
            l.record(to_instant(at, "at"), good, times);
          },
          "Events at one instant; watches no time.", py::arg("at"), py::arg("good"),
          py::arg("times") = 1)
      .def("watch", &ledger::watch, "The time was watched, whatever happened in it.",
           py::arg("watched"))
      .def_property_readonly("width", [](const ledger& l) { return seconds(l.width()); })
      .def_property_readonly("late_after",
                             [](const ledger& l) {
                               const duration d = l.options().late_after;
                               return d == duration::max() ? never.count() : seconds(d);
                             })
      .def_property_readonly("empty", &ledger::empty)
      .def_property_readonly("extent", &ledger::extent)
      .def(
          "buckets",
          [](const ledger& l) {
            return std::vector<slo::ledger_bucket>(l.buckets().begin(), l.buckets().end());
          },
          "The buckets that hold something, first to last.")
      .def(
          "floor",
          [](const ledger& l, const py::object& t) {
            return from_instant(l.floor(to_instant(t, "t")));
          },
          "The last edge of the grid at or before a time.", py::arg("t"))
      .def("__repr__", [](const ledger& l) {
        return "<ledger of " + repr(seconds(l.width())) + " s, " +
               text_of(count(l.buckets().size())) + " buckets>";
      });
  bind_merging(c);
}

void bind_accounting(py::module_& m) {
  using slo::accounting;
  const auto make = [](const string& budgeting, const py::object& slice, double slice_target,
                       const string& no_traffic, const string& missing, const string& corrections,
                       const string& late, const string& excess) {
    return accounting{choose(budgeting, budgetings, "budgeting"),
                      to_duration(slice, "slice"),
                      slice_target,
                      choose(no_traffic, no_traffics, "no_traffic"),
                      choose(missing, no_traffics, "missing"),
                      choose(corrections, effects, "corrections"),
                      choose(late, lates, "late"),
                      choose(excess, excesses, "excess")};
  };
  py::class_<accounting>(
      m, "accounting",
      "Every choice that vendors differ in. budgeting: \"occurrences\", \"time_slices\" or "
      "\"slice_ratios\"; slice: timedelta or seconds, 0 for the ledger's width; slice_target: the "
      "attainment that makes a slice good; no_traffic and missing: \"good\", \"bad\" or "
      "\"ignore\"; corrections: \"exclude\" or \"count_good\"; late: \"include\" or \"drop\"; "
      "excess (good events above the valid ones): \"refuse\", \"clamp\" or \"net\".")
      .def(py::init(make), py::kw_only(), py::arg("budgeting") = "occurrences",
           py::arg("slice") = 0.0, py::arg("slice_target") = accounting{}.slice_target,
           py::arg("no_traffic") = "ignore", py::arg("missing") = "ignore",
           py::arg("corrections") = "exclude", py::arg("late") = "include",
           py::arg("excess") = "refuse")
      .def_property_readonly("budgeting",
                             [](const accounting& a) { return string(to_string(a.budgeting)); })
      .def_property_readonly("slice", [](const accounting& a) { return seconds(a.slice); })
      .def_readonly("slice_target", &accounting::slice_target)
      .def_property_readonly("no_traffic",
                             [](const accounting& a) { return string(to_string(a.no_traffic)); })
      .def_property_readonly("missing",
                             [](const accounting& a) { return string(to_string(a.missing)); })
      .def_property_readonly("corrections",
                             [](const accounting& a) { return string(to_string(a.corrections)); })
      .def_property_readonly("late", [](const accounting& a) { return string(to_string(a.late)); })
      .def_property_readonly("excess",
                             [](const accounting& a) { return string(to_string(a.excess)); })
      .def("__eq__", [](const accounting& a, const accounting& b) { return a == b; })
      .def(py::pickle(
          [](const accounting& a) {
            return py::make_tuple(string(to_string(a.budgeting)), a.slice.count(), a.slice_target,
                                  string(to_string(a.no_traffic)), string(to_string(a.missing)),
                                  string(to_string(a.corrections)), string(to_string(a.late)),
                                  string(to_string(a.excess)));
          },
          [make](const py::tuple& t) {
            const auto word = [&](std::size_t i) { return t[i].cast<string>(); };
            accounting a = make(word(0), py::float_(0.0), t[2].cast<double>(), word(3), word(4),
                                word(5), word(6), word(7));
            a.slice = duration(t[1].cast<std::int64_t>());
            return a;
          }))
      .def("__repr__", [](const accounting& a) {
        string text = "accounting(budgeting=" + quoted(string(to_string(a.budgeting)));
        text += ", slice=" + repr(seconds(a.slice)) + ", slice_target=" + repr(a.slice_target);
        text += ", no_traffic=" + quoted(string(to_string(a.no_traffic)));
        text += ", missing=" + quoted(string(to_string(a.missing)));
        text += ", corrections=" + quoted(string(to_string(a.corrections)));
        text += ", late=" + quoted(string(to_string(a.late)));
        return text + ", excess=" + quoted(string(to_string(a.excess))) + ")";
      });

  using slo::budget_window;
  py::class_<budget_window>(m, "budget_window",
                            "Over which time a budget is counted: rolling, or a calendar period.")
      .def_static(
          "rolling",
          [](const py::object& length) {
            return budget_window::rolling(to_duration(length, "length"));
          },
          "The stretch of this length that ends now.", py::arg("length"))
      .def_static(
          "calendar",
          [](const string& unit, const py::object& where) {
            return budget_window::calendar(choose(unit, units, "unit"), to_zone(where, "where"));
          },
          "The calendar \"day\", \"week\" (from Monday), \"month\", \"quarter\" or \"year\" of a "
          "zone: an IANA name or a tzinfo. Days of 23 and 25 hours are right.",
          py::arg("unit"), py::arg("where") = "UTC")
      .def_property_readonly("is_calendar", &budget_window::is_calendar)
      .def(
          "whole",
          [](const budget_window& w, const py::object& at) {
            return w.whole(to_instant(at, "at"));
          },
          "The whole window at a time, with what is to come of a calendar period.", py::arg("at"))
      .def(
          "elapsed",
          [](const budget_window& w, const py::object& at) {
            return w.elapsed(to_instant(at, "at"));
          },
          "The part of it before that time.", py::arg("at"));
}

string row_of(const slo::statement& s) {
  const auto cell = [](const string& text) { return "<td>" + html_text(text) + "</td>"; };
  return "<tr>" + cell(text_of(s.period.from())) + cell(text_of(s.period.to())) +
         cell(string(to_string(s.how.budgeting))) + cell(string(to_string(s.how.no_traffic))) +
         cell(string(to_string(s.how.missing))) + cell(string(to_string(s.how.corrections))) +
         cell(repr(s.bad_fraction.value)) + cell(s.met ? "yes" : "no") + "</tr>";
}

constexpr const char* statement_heads =
    "<tr><th>from</th><th>to</th><th>budgeting</th><th>no traffic</th><th>missing</th>"
    "<th>corrections</th><th>bad fraction</th><th>met</th></tr>";

void bind_statement(py::module_& m) {
  using slo::statement;
  py::class_<statement>(m, "statement",
                        "What happened in a period, and what it cost, under an accounting. "
                        "bad_fraction has bounds: time nobody watched as all good and all bad. "
                        "Times in seconds.")
      .def_readonly("period", &statement::period)
      .def_readonly("how", &statement::how)
      .def_readonly("bad_fraction", &statement::bad_fraction)
      .def_readonly("met", &statement::met)
      .def_readonly("events", &statement::events)
      .def_property_readonly("good_time", [](const statement& s) { return s.good_time.count(); })
      .def_property_readonly("bad_time", [](const statement& s) { return s.bad_time.count(); })
      .def_readonly("event_budget", &statement::event_budget)
      .def_readonly("time_budget", &statement::time_budget)
      .def_readonly("no_traffic_slices", &statement::no_traffic_slices)
      .def_readonly("missing_slices", &statement::missing_slices)
      .def_readonly("corrected_slices", &statement::corrected_slices)
      .def_readonly("late", &statement::late)
      .def_readonly("excess", &statement::excess)
      .def_readonly("assumed", &statement::assumed)
      .def_property_readonly("watched", [](const statement& s) { return s.watched.count(); })
      .def("_repr_html_",
           [](const statement& s) {
             return string("<table>") + statement_heads + row_of(s) + "</table>";
           })
      .def("__repr__", [](const statement& s) {
        return "<statement by " + string(to_string(s.how.budgeting)) + ": bad fraction " +
               repr(s.bad_fraction.value) + ", " +
               (s.bad_fraction.has_value() ? s.met ? "met" : "missed"
                                           : string(to_string(s.bad_fraction.state))) +
               ">";
      });
  m.def(
      "account",
      [](const slo::ledger& store, const objective& goal, const period& of,
         const slo::accounting& how, const std::vector<period>& corrections) {
        const py::gil_scoped_release release;
        return slo::account(store, goal, of, how, corrections);
      },
      "The indicator and the budgets of a period of a ledger, its ends on the grid. corrections: "
      "periods taken out by agreement; a slice is corrected when one of them holds its start. "
      "Raises ValueError.",
      py::arg("store"), py::arg("goal"), py::arg("of"), py::arg("how") = slo::accounting{},
      py::arg("corrections") = std::vector<period>{});
  m.def(
      "account",
      [](const slo::ledger& store, const objective& goal,
         const std::vector<slo::budget_window>& windows, const py::object& at,
         const slo::accounting& how, const std::vector<period>& corrections) {
        const instant now = to_instant(at, "at");
        const py::gil_scoped_release release;
        return slo::account(store, goal, windows, now, how, corrections);
      },
      "The statements of several windows of one objective, each up to the last edge of the grid "
      "at or before a time.",
      py::arg("store"), py::arg("goal"), py::arg("windows"), py::arg("at"),
      py::arg("how") = slo::accounting{}, py::arg("corrections") = std::vector<period>{});

  py::class_<slo::choice_effect>(m, "choice_effect",
                                 "The bad fractions that one choice of an accounting alone can "
                                 "give.")
      .def_property_readonly("name", [](const slo::choice_effect& e) { return string(e.name); })
      .def_readonly("lowest", &slo::choice_effect::lowest)
      .def_readonly("highest", &slo::choice_effect::highest)
      .def("__repr__", [](const slo::choice_effect& e) {
        return "<choice_effect of " + string(e.name) + ": " + repr(e.lowest) + " to " +
               repr(e.highest) + ">";
      });
  using slo::comparison;
  py::class_<comparison>(m, "comparison",
                         "A period under every accounting that makes a difference to it: the one "
                         "given first. effects: of each choice alone, the largest first.")
      .def_readonly("statements", &comparison::statements)
      .def_readonly("effects", &comparison::effects)
      .def_readonly("lowest", &comparison::lowest)
      .def_readonly("highest", &comparison::highest)
      .def_readonly("met", &comparison::met)
      .def_readonly("missed", &comparison::missed)
      .def_property_readonly("unanimous", &comparison::unanimous)
      .def("_repr_html_",
           [](const comparison& c) {
             string html = string("<table>") + statement_heads;
             for (const statement& s : c.statements) html += row_of(s);
             return html + "</table>";
           })
      .def("__repr__", [](const comparison& c) {
        return "<comparison of " + text_of(count(c.statements.size())) +
               " accountings: " + repr(c.lowest) + " to " + repr(c.highest) + ", " +
               text_of(c.met) + " met, " + text_of(c.missed) + " missed>";
      });
  m.def(
      "side_by_side",
      [](const slo::ledger& store, const objective& goal, const period& of,
         const slo::accounting& how, const std::vector<period>& corrections) {
        const py::gil_scoped_release release;
        return slo::side_by_side(store, goal, of, how, corrections);
      },
      "The period under every combination of choices that makes a difference to it, and how far "
      "each choice alone moves the bad fraction. Refused excess is clamped. Raises ValueError.",
      py::arg("store"), py::arg("goal"), py::arg("of"), py::arg("how") = slo::accounting{},
      py::arg("corrections") = std::vector<period>{});
}

void bind_calendar_budget(py::module_& m) {
  using slo::calendar_budget;
  py::class_<calendar_budget>(m, "calendar_budget",
                              "The budget in events of a period that is not over: of the events so "
                              "far, prorated, and by the season's history.")
      .def_readonly("conservative", &calendar_budget::conservative)
      .def_readonly("prorated", &calendar_budget::prorated)
      .def_readonly("forecast", &calendar_budget::forecast)
      .def_readonly("events", &calendar_budget::events)
      .def_readonly("prorated_valid", &calendar_budget::prorated_valid)
      .def_readonly("forecast_valid", &calendar_budget::forecast_valid)
      .def("__repr__", [](const calendar_budget& b) {
        return "<calendar_budget allows " + repr(b.conservative.allowed) + ", " +
               repr(b.prorated.allowed) + " or " + repr(b.forecast.allowed) + ", spent " +
               text_of(b.events.bad()) + ">";
      });
  m.def(
      "expected_events",
      [](const slo::ledger& past, const period& of, const py::object& season) {
        const duration s = to_duration(season, "season");
        const py::gil_scoped_release release;
        return slo::expected_events(past, of, s);
      },
      "The valid events to expect in a period: for each bucket the mean of the watched buckets at "
      "the same place in the season (timedelta or seconds). Raises ValueError.",
      py::arg("past"), py::arg("of"), py::arg("season") = 7 * 86400.0);
  m.def(
      "calendar_budgets",
      [](const objective& goal, const aggregate::counts& so_far, const period& whole,
         const py::object& at, const slo::ledger& past, const py::object& season) {
        const instant now = to_instant(at, "at");
        const duration s = to_duration(season, "season");
        const py::gil_scoped_release release;
        return slo::calendar_budgets(goal, so_far, whole, now, past, s);
      },
      "The budget in events of a whole period at a time within it. so_far: its events until then; "
      "past: the ledger that the forecast of traffic learns from. Raises ValueError.",
      py::arg("goal"), py::arg("so_far"), py::arg("whole"), py::arg("at"), py::arg("past"),
      py::arg("season") = 7 * 86400.0);
}

}  // namespace
}  // namespace relia::python

void bind_slo_accounting(py::module_& m) {
  using namespace relia::python;
  bind_ledger(m);
  bind_accounting(m);
  bind_statement(m);
  bind_calendar_budget(m);
}
