// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <relia/detail/text.hpp>
#include <relia/incident.hpp>

#include "bind.hpp"

namespace relia::python {
namespace {

using namespace relia::incident;
using relia::detail::to_text;
using std::string;
using text_option = std::optional<string>;

/// The value of an enumeration by its name; another name is a ValueError that lists them.
template <class Enum, std::size_t N>
Enum named(const string& name, const std::array<Enum, N>& values, const char* what) {
  string names;
  for (const Enum value : values) {
    if (to_string(value) == name) return value;
    names += (names.empty() ? "" : ", ") + string(to_string(value));
  }
  throw py::value_error(string(what) + " must be one of " + names + ", got \"" + name + "\"");
}

constexpr std::array problems{problem::missing_start, problem::missing_end,  problem::negative,
                              problem::out_of_order,  problem::wrong_year,   problem::in_future,
                              problem::zero_duration, problem::open_longest, problem::contradictory,
                              problem::duplicate_id};
constexpr std::array missing_rules{missing_stamp::leave_out, missing_stamp::use_next,
                                   missing_stamp::use_resolved};
constexpr std::array open_rules{open_incidents::censor, open_incidents::leave_out,
                                open_incidents::closed_only};

/// Whether a cell is blank: None, NaN, NaT, NA.
bool blank(const py::handle& item) {
  const string text = py::str(item);
  return item.is_none() ||
         (!py::isinstance<py::str>(item) && (text == "nan" || text == "NaT" || text == "<NA>"));
}

py::list cells(const py::object& column) {
  return py::module_::import("numpy")
      .attr("asarray")(column, py::arg("dtype") = "object")
      .attr("ravel")()
      .attr("tolist")();
}

std::vector<std::optional<bool>> to_flags(const py::object& column, const string& name) {
  std::vector<std::optional<bool>> flags;
  for (const py::handle item : cells(column)) {
    const string text = blank(item) ? "" : string(py::str(py::str(item).attr("lower")()));
    if (text.empty()) {
      flags.emplace_back();
    } else if (text == "true" || text == "1") {
      flags.emplace_back(true);
    } else if (text == "false" || text == "0") {
      flags.emplace_back(false);
    } else {
      throw py::value_error(name + " must be true, false or blank, got " + string(py::repr(item)));
    }
  }
  return flags;
}

std::vector<string> to_texts(const py::object& column) {
  std::vector<string> texts;
  for (const py::handle item : cells(column)) {
    texts.push_back(blank(item) ? string() : string(py::str(item)));
  }
  return texts;
}

/// A dict of arrays, or a pandas, Polars or Arrow table, or a structured array, by column.
class table {
 public:
  table(py::object data, py::dict columns) : data_(std::move(data)), columns_(std::move(columns)) {
    const std::array fields{"started",  "detected", "acknowledged", "mitigated",
                            "resolved", "open",     "seen_open",    "planned",
                            "id",       "service",  "severity"};
    for (const auto& [field, column] : columns_) {
      const string name = py::str(field);
      if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
        throw py::value_error("columns: there is no field \"" + name + "\"");
      }
    }
    if (py::hasattr(data_, "column_names")) {
      names_ = data_.attr("column_names");
    } else if (py::hasattr(data_, "columns")) {
      names_ = data_.attr("columns");
    } else if (py::hasattr(data_, "dtype")) {
      names_ = data_.attr("dtype").attr("names");
    } else {
      names_ = py::list(data_.attr("keys")());
    }
    names_ = py::list(names_);
  }

  /// The column of a field, if the table has it. A column that was named must be there.
  [[nodiscard]] std::optional<py::object> find(const char* field) const {
    const bool mapped = columns_.contains(field);
    const py::object name = mapped ? py::object(columns_[field]) : py::object(py::str(field));
    if (!names_.contains(name)) {
      if (!mapped) return std::nullopt;
      throw py::value_error("columns: the table has no column " + string(py::repr(name)));
    }
    return data_[name];
  }

 private:
  py::object data_;
  py::dict columns_;
  py::object names_;
};

std::vector<timeline> to_timelines(const table& columns) {
  std::vector<timeline> rows;
  bool sized = false;
  const auto resize = [&](const char* field, std::size_t size) {
    if (!sized) rows.resize(size);
    sized = true;
    if (rows.size() != size) {
      throw py::value_error(string("relia::incident::history: ") + field + " must be of size " +
                            to_text(rows.size()) + ", got " + to_text(size));
    }
  };
  const std::pair<const char*, std::optional<instant> timeline::*> stamps[] = {
      {"started", &timeline::started},           {"detected", &timeline::detected},
      {"acknowledged", &timeline::acknowledged}, {"mitigated", &timeline::mitigated},
      {"resolved", &timeline::resolved},         {"seen_open", &timeline::seen_open}};
  for (const auto& [field, member] : stamps) {
    const auto column = columns.find(field);
    if (!column) continue;
    const auto times = to_optional_instants(*column, field);
    resize(field, times.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = times[i];
  }
  if (!sized) {
    throw py::value_error(
        "relia::incident::history: the table must have a column of stamps (started, detected, "
        "acknowledged, mitigated or resolved); name other columns with columns={\"started\": ...}");
  }
  if (const auto column = columns.find("open")) {
    const auto flags = to_flags(*column, "open");
    resize("open", flags.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].open = flags[i];
  }
  if (const auto column = columns.find("planned")) {
    const auto flags = to_flags(*column, "planned");
    resize("planned", flags.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].planned = flags[i].value_or(false);
  }
  const std::pair<const char*, string timeline::*> texts[] = {
      {"id", &timeline::id}, {"service", &timeline::service}, {"severity", &timeline::severity}};
  for (const auto& [field, member] : texts) {
    const auto column = columns.find(field);
    if (!column) continue;
    const auto words = to_texts(*column);
    resize(field, words.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = words[i];
  }
  return rows;
}

template <class T>
py::array_t<T> to_array(std::span<const T> values) {
  return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

py::array rows_of(std::span<const std::size_t> rows) {
  return to_array<std::int64_t>(std::vector<std::int64_t>(rows.begin(), rows.end()));
}

double seconds(duration d) { return real_seconds(d).count(); }

/// (n, 2) datetime64: where each begins and ends.
py::object from_periods(std::span<const period> periods) {
  std::vector<instant> ends;
  for (const period& p : periods) {
    ends.push_back(p.from());
    ends.push_back(p.to());
  }
  return from_instants(ends).attr("reshape")(-1, 2);
}

/// "missing_end: 3, negative: 1".
string tally(const history& h) {
  string text;
  for (const problem p : problems) {
    if (h.found(p) == 0) continue;
    text += (text.empty() ? "" : ", ") + string(to_string(p)) + ": " + to_text(h.found(p));
  }
  return text.empty() ? "none" : text;
}

measure_options select(const text_option& service, const text_option& severity,
                       const std::optional<bool>& planned,
                       const std::optional<period>& starting_in) {
  return {{service, severity, planned}, starting_in};
}

void bind_timeline(py::module_& m) {
  py::class_<finding>(m, "finding", "What is wrong with a row of the table, and with which stamp.")
      .def_readonly("row", &finding::row)
      .def_property_readonly("what", [](const finding& f) { return string(to_string(f.what)); })
      .def_property_readonly("at", [](const finding& f) { return string(to_string(f.at)); })
      .def("__repr__", [](const finding& f) { return "<finding " + to_string(f) + ">"; });

  py::class_<history>(m, "history",
                      R"(Incidents as they were known at as_of, looked over row by row.

table: a dict of arrays, or a pandas, Polars or Arrow table, with any of the columns started,
detected, acknowledged, mitigated, resolved (times; NaT, None and blank mean not known), open
(whether it goes on; blank: see blank_end), seen_open (a time: when it was last known to go on, if
not at as_of), planned, id, service, severity. columns: other names, as {"started": "created_at"}. blank_end: what a missing resolution means where open does not say:
"open", as in a tracker, or "unknown". exclude: problems that set a row aside; the rest are only
reported. longest_plausible: how far after the start a stamp comes once its year is corrected, to
be reported as of a wrong year. Nothing is repaired. Raises ValueError for columns of different
sizes or unknown names.)")
      .def(py::init([](const py::object& data, const py::object& as_of, const py::dict& columns,
                       const string& end, const std::vector<string>& exclude,
                       const py::object& longest_plausible) {
             history_options options;
             if (end != "open" && end != "unknown") {
               throw py::value_error("blank_end must be \"open\" or \"unknown\", got \"" + end +
                                     "\"");
             }
             options.blank_end = end == "open" ? blank_end::open : blank_end::unknown;
             options.exclude = {};
             for (const string& name : exclude) {
               options.exclude.insert(named(name, problems, "exclude"));
             }
             options.longest_plausible = to_duration(longest_plausible, "longest_plausible");
             const auto rows = to_timelines(table(data, columns));
             const instant now = to_instant(as_of, "as_of");
             const py::gil_scoped_release release;
             return history(rows, now, options);
           }),
           py::arg("table"), py::kw_only(), py::arg("as_of"), py::arg("columns") = py::dict(),
           py::arg("blank_end") = "open",
           py::arg("exclude") =
               std::vector<string>{"negative", "wrong_year", "in_future", "duplicate_id"},
           py::arg("longest_plausible") = 31 * 86400.0)
      .def_property_readonly("as_of", [](const history& h) { return from_instant(h.as_of()); })
      .def_property_readonly("given", &history::given)
      .def_property_readonly("kept", [](const history& h) { return rows_of(h.kept_rows()); })
      .def_property_readonly("excluded", [](const history& h) { return rows_of(h.excluded()); })
      .def_property_readonly("findings",
                             [](const history& h) {
                               return std::vector<finding>(h.findings().begin(),
                                                           h.findings().end());
                             })
      .def(
          "found",
          [](const history& h, const string& what) {
            return h.found(named(what, problems, "what"));
          },
          "How many findings are of this kind.", py::arg("what"))
      .def("__len__", [](const history& h) { return h.kept().size(); })
      .def("__repr__",
           [](const history& h) {
             return "<history as of " + string(py::str(from_instant(h.as_of()))) + ": " +
                    to_text(h.kept().size()) + " of " + to_text(h.given()) +
                    " rows kept, findings: " + tally(h) + ">";
           })
      .def("_repr_html_", [](const history& h) {
        string html = "<p>" + to_text(h.kept().size()) + " of " + to_text(h.given()) +
                      " rows kept</p><table><tr><th>finding</th><th>rows</th></tr>";
        for (const problem p : problems) {
          if (h.found(p) == 0) continue;
          html +=
              "<tr><td>" + string(to_string(p)) + "</td><td>" + to_text(h.found(p)) + "</td></tr>";
        }
        return html + "</table>";
      });
}

string describe(const definition& d) {
  return string(d.metric) + " " + string(d.preset) + ": " + string(to_string(d.from)) + " to " +
         string(to_string(d.to)) + ", if_missing=" + string(to_string(d.if_missing)) +
         ", if_open=" + string(to_string(d.if_open));
}

void bind_durations(py::module_& m) {
  py::class_<definition>(m, "definition",
                         R"(A duration, defined: from which milestone to which, and by which rules.

if_missing, where the end has no stamp and a later milestone has one: "leave_out" (the result lists
how long at most), "use_next" (an upper bound) or "use_resolved"; the result counts these. if_open, for an open
incident that has not got there: "censor" (at least so long), "leave_out", or "closed_only" (drop
whatever is not resolved). Raises ValueError for an unknown name.)")
      .def(py::init([](const string& from, const string& to, const string& if_missing,
                       const string& if_open) {
             return definition{.from = named(from, milestones, "from_"),
                               .to = named(to, milestones, "to"),
                               .if_missing = named(if_missing, missing_rules, "if_missing"),
                               .if_open = named(if_open, open_rules, "if_open")};
           }),
           py::arg("from_"), py::arg("to"), py::kw_only(), py::arg("if_missing") = "leave_out",
           py::arg("if_open") = "censor")
      .def_property_readonly("metric", [](const definition& d) { return string(d.metric); })
      .def_property_readonly("preset", [](const definition& d) { return string(d.preset); })
      .def_property_readonly("from_", [](const definition& d) { return string(to_string(d.from)); })
      .def_property_readonly("to", [](const definition& d) { return string(to_string(d.to)); })
      .def_property_readonly("if_missing",
                             [](const definition& d) { return string(to_string(d.if_missing)); })
      .def_property_readonly("if_open",
                             [](const definition& d) { return string(to_string(d.if_open)); })
      .def("__eq__", [](const definition& a, const definition& b) { return a == b; })
      .def("__repr__", [](const definition& d) { return "<definition " + describe(d) + ">"; });

  py::class_<left_out>(m, "left_out", "A selected incident without a duration, and why.")
      .def_readonly("row", &left_out::row)
      .def_property_readonly("why", [](const left_out& l) { return string(to_string(l.why)); })
      .def_property_readonly("at_most", [](const left_out& l) { return l.at_most.count(); })
      .def("__repr__", [](const left_out& l) {
        return "<left_out row " + to_text(l.row) + ": " + string(to_string(l.why)) + ", at most " +
               repr(l.at_most.count()) + " s>";
      });

  py::class_<durations>(m, "durations",
                        "The durations of one phase in seconds; ended is False where the incident "
                        "was still open and the duration is only a lower bound.")
      .def_readonly("how", &durations::how)
      .def_property_readonly("as_of", [](const durations& d) { return from_instant(d.as_of); })
      .def_property_readonly("seconds",
                             [](const durations& d) { return to_array<double>(d.seconds); })
      .def_property_readonly(
          "ended",
          [](const durations& d) {
            return py::array(to_array<std::uint8_t>(d.ended).attr("astype")("bool"));
          })
      .def_property_readonly("rows", [](const durations& d) { return rows_of(d.rows); })
      .def_readonly("left_out", &durations::left_out)
      .def_readonly("substituted", &durations::substituted)
      .def_property_readonly("n", &durations::n)
      .def_property_readonly("n_open", &durations::n_open)
      .def("__len__", &durations::n)
      .def("__repr__", [](const durations& d) {
        return "<durations " + describe(d.how) + "; n=" + to_text(d.n()) +
               ", open=" + to_text(d.n_open()) + ", left out=" + to_text(d.left_out.size()) + ">";
      });

  m.def(
      "measure",
      [](const history& h, const definition& how, const text_option& service,
         const text_option& severity, const std::optional<bool>& planned,
         const std::optional<period>& starting_in) {
        const py::gil_scoped_release release;
        return measure(h, how, select(service, severity, planned, starting_in));
      },
      R"(How long a phase took for each incident selected, in seconds.

planned: False leaves planned work out, True takes it alone, None takes both. starting_in: only
incidents that start in this relia.period. Raises ValueError when the definition runs backwards.)",
      py::arg("history"), py::arg("how"), py::kw_only(), py::arg("service") = py::none(),
      py::arg("severity") = py::none(), py::arg("planned") = false,
      py::arg("starting_in") = py::none());
}

void bind_downtime(py::module_& m) {
  m.attr("impact") = impact;
  m.attr("until_resolved") = until_resolved;

  py::class_<united>(m, "united", "Time covered by at least one interval, in seconds.")
      .def_property_readonly("covered", [](const united& u) { return seconds(u.covered); })
      .def_property_readonly("sum", [](const united& u) { return seconds(u.sum); })
      .def_readonly("most_at_once", &united::most_at_once)
      .def_property_readonly("episodes", [](const united& u) { return from_periods(u.episodes); })
      .def("__repr__", [](const united& u) {
        return "<united " + repr(seconds(u.covered)) + " s covered, " + repr(seconds(u.sum)) +
               " s in sum, " + to_text(u.episodes.size()) + " episodes>";
      });
  m.def(
      "unite",
      [](const py::object& starts, const py::object& ends, const period& window) {
        const auto from = to_instants(starts, "starts");
        const auto to = to_instants(ends, "ends");
        relia::detail::require_same_size("incident::unite", "ends", to.size(), from.size());
        const py::gil_scoped_release release;
        std::vector<period> intervals;
        intervals.reserve(from.size());
        for (std::size_t i = 0; i < from.size(); ++i) intervals.emplace_back(from[i], to[i]);
        return unite(intervals, window);
      },
      "The union of the intervals within the window (a relia.period). Raises ValueError for an "
      "end before its start.",
      py::arg("starts"), py::arg("ends"), py::arg("window"));

  py::class_<downtime_report>(
      m, "downtime_report",
      "Downtime in a window, a census: seconds, fractions of what was observed, and episodes.")
      .def_readonly("how", &downtime_report::how)
      .def_readonly("window", &downtime_report::window)
      .def_property_readonly("down", [](const downtime_report& d) { return seconds(d.down); })
      .def_property_readonly("sum", [](const downtime_report& d) { return seconds(d.sum); })
      .def_property_readonly("overlap",
                             [](const downtime_report& d) { return seconds(d.overlap()); })
      .def_property_readonly("up", [](const downtime_report& d) { return seconds(d.up()); })
      .def_readonly("unavailability", &downtime_report::unavailability)
      .def_readonly("availability", &downtime_report::availability)
      .def_readonly("incidents", &downtime_report::incidents)
      .def_readonly("n_open", &downtime_report::n_open)
      .def_readonly("substituted", &downtime_report::substituted)
      .def_readonly("most_at_once", &downtime_report::most_at_once)
      .def_readonly("failures", &downtime_report::failures)
      .def_property_readonly("episodes",
                             [](const downtime_report& d) { return from_periods(d.episodes); })
      .def_readonly("left_out", &downtime_report::left_out)
      .def_property_readonly("state",
                             [](const downtime_report& d) { return string(to_string(d.state)); })
      .def("__repr__", [](const downtime_report& d) {
        return "<downtime_report " + repr(seconds(d.down)) + " s down (sum " +
               repr(seconds(d.sum)) + " s) in " + repr(seconds(d.window.length())) +
               " s, unavailability " + repr(d.unavailability) +
               ", incidents=" + to_text(d.incidents) + ", open=" + to_text(d.n_open) +
               ", left out=" + to_text(d.left_out.size()) + ", " + string(to_string(d.state)) + ">";
      });

  m.def(
      "downtime",
      [](const history& h, const period& window, const definition& how, const text_option& service,
         const text_option& severity, const std::optional<bool>& planned) {
        const py::gil_scoped_release release;
        return downtime(h, window, {how, {service, severity, planned}});
      },
      R"(Downtime of everything selected, as one service: the union of the incidents over the window.

The window is a relia.period; it ends at the history's as_of, to which open incidents run. how: a
definition, by default impact (start to mitigation, at the latest resolution). Raises ValueError
when the definition runs backwards.)",
      py::arg("history"), py::arg("window"), py::kw_only(), py::arg("how") = impact,
      py::arg("service") = py::none(), py::arg("severity") = py::none(),
      py::arg("planned") = false);
  m.def(
      "downtime_by_service",
      [](const history& h, const period& window, const definition& how, const text_option& service,
         const text_option& severity, const std::optional<bool>& planned) {
        std::vector<service_downtime> each;
        {
          const py::gil_scoped_release release;
          each = downtime_by_service(h, window, {how, {service, severity, planned}});
        }
        py::dict result;
        for (service_downtime& s : each) result[py::str(s.service)] = std::move(s.downtime);
        return result;
      },
      "Downtime of each service that has an incident selected: a dict from its name to a "
      "downtime_report.",
      py::arg("history"), py::arg("window"), py::kw_only(), py::arg("how") = impact,
      py::arg("service") = py::none(), py::arg("severity") = py::none(),
      py::arg("planned") = false);
}

estimate<real_seconds> mtbf_of(const py::object& failures, const py::object& exposure,
                               const mtbf_options& options) {
  if (exposure.is_none()) return mtbf(failures.cast<const downtime_report&>(), options);
  const auto n = to_counts(failures, "failures");
  if (n.size() != 1) throw py::value_error("failures must be one whole number");
  return mtbf(n.front(), to_seconds(exposure, "exposure"), options);
}

stats::stopping to_stopping(const string& name) {
  if (name == "at_time") return stats::stopping::at_time;
  if (name == "at_event") return stats::stopping::at_event;
  throw py::value_error("stopping must be \"at_time\" or \"at_event\", got \"" + name + "\"");
}

void bind_mtbf(py::module_& m) {
  m.def(
      "mtbf",
      [](const py::object& failures, const py::object& exposure, double level, const string& side,
         const string& stopping) {
        return mtbf_of(failures, exposure, {level, to_sides(side), to_stopping(stopping)});
      },
      R"(Mean time between failures in seconds, with chi-square limits.

failures: a count, with exposure in seconds or a timedelta; or a downtime_report without exposure:
its time up over the episodes that began in its window. No failure gives infinity and a lower limit.
stopping: "at_time", or "at_event" when the exposure ended at the last failure. Raises ValueError
for negative arguments, or an exposure of 0 with failures. Source: Epstein and Sobel (1953).)",
      py::arg("failures"), py::arg("exposure") = py::none(), py::kw_only(),
      py::arg("confidence_level") = 0.95, py::arg("sides") = "both",
      py::arg("stopping") = "at_time");
  m.def(
      "long_run_unavailability",
      [](count failures, const py::object& uptime, const py::object& downtime, double level) {
        return long_run_unavailability(failures, to_seconds(uptime, "uptime"),
                                       to_seconds(downtime, "downtime"), {level});
      },
      R"(The unavailability that repairs of this length after failures this often amount to.

downtime / (uptime + downtime), with F limits for exponential times. No failure gives the state
no_data. Raises ValueError for times that are not positive.)",
      py::arg("failures"), py::arg("uptime"), py::arg("downtime"), py::kw_only(),
      py::arg("confidence_level") = 0.95);

  py::class_<incident_rate_result>(m, "incident_rate_result",
                                   "Incidents per unit of time, and whether they come in clusters.")
      .def_readonly("rate", &incident_rate_result::rate)
      .def_readonly("window", &incident_rate_result::window)
      .def_property_readonly("per", [](const incident_rate_result& r) { return seconds(r.per); })
      .def_readonly("dispersion", &incident_rate_result::dispersion)
      .def_readonly("p_value", &incident_rate_result::p_value)
      .def("__repr__", [](const incident_rate_result& r) {
        return "<incident_rate_result " + string(py::repr(py::cast(r.rate))) + " per " +
               repr(seconds(r.per)) + " s, dispersion " + repr(r.dispersion) + ">";
      });
  m.def(
      "incident_rate",
      [](const history& h, const period& window, const text_option& service,
         const text_option& severity, const std::optional<bool>& planned, double level,
         const py::object& per, const py::object& slice) {
        const incident_rate_options options{{service, severity, planned},
                                            level,
                                            to_duration(per, "per"),
                                            to_duration(slice, "slice")};
        const py::gil_scoped_release release;
        return incident_rate(h, window, options);
      },
      R"(How often incidents start, per unit of time (30 days).

Garwood's exact limits; where the counts of the slices (7 days) show clusters, quasi-Poisson limits.
Raises ValueError for per or slice that are not positive.)",
      py::arg("history"), py::arg("window"), py::kw_only(), py::arg("service") = py::none(),
      py::arg("severity") = py::none(), py::arg("planned") = false,
      py::arg("confidence_level") = 0.95, py::arg("per") = 30 * 86400.0,
      py::arg("slice") = 7 * 86400.0);
}

/// Binds a function that takes the options of a response time after `leading` arguments.
template <class Function, class... Leading>
void def_response(py::module_& m, const char* name, Function function, const char* doc,
                  Leading... leading) {
  m.def(name, function, doc, py::arg("history"), leading..., py::kw_only(),
        py::arg("service") = py::none(), py::arg("severity") = py::none(),
        py::arg("planned") = false, py::arg("starting_in") = py::none(),
        py::arg("confidence_level") = 0.95, py::arg("mean_method") = "automatic",
        py::arg("tau") = py::none());
}

response_options to_options(const text_option& service, const text_option& severity,
                            const std::optional<bool>& planned,
                            const std::optional<period>& starting_in, double level,
                            const string& mean_method, const py::object& tau) {
  response_options options{
      {service, severity, planned},
      starting_in,
      level,
      to_method(mean_method, {automatic, stats::modified_cox, stats::student_t},
                "incident::time_to"),
      std::nullopt};
  if (!tau.is_none()) options.tau = to_seconds(tau, "tau");
  return options;
}

/// mttd, mtta, mttm and mttr: a history and options in, a response_time out.
auto named_metric(response_time (*metric)(const history&, const response_options&)) {
  return [metric](const history& h, const text_option& service, const text_option& severity,
                  const std::optional<bool>& planned, const std::optional<period>& starting_in,
                  double level, const string& mean_method, const py::object& tau) {
    const auto options =
        to_options(service, severity, planned, starting_in, level, mean_method, tau);
    const py::gil_scoped_release release;
    return metric(h, options);
  };
}

void bind_mttx(py::module_& m) {
  for (const definition& how : definitions) {
    m.attr(py::str(string(how.metric) + "_" + string(how.preset))) = how;
  }

  py::class_<response_time>(m, "response_time",
                            R"(How long a phase takes, in seconds, under a named definition.

median and mean say by their method and notes how they were made. closed_mean: the plain mean of
what has ended, too short while incidents are open. tau: up to where the mean counts, or inf.)")
      .def_readonly("how", &response_time::how)
      .def_readonly("median", &response_time::median)
      .def_readonly("mean", &response_time::mean)
      .def_property_readonly("closed_mean",
                             [](const response_time& r) { return r.closed_mean.count(); })
      .def_property_readonly("tau", [](const response_time& r) { return r.tau.count(); })
      .def_readonly("sample", &response_time::sample)
      .def_property_readonly("n", &response_time::n)
      .def_property_readonly("n_open", &response_time::n_open)
      .def("__repr__",
           [](const response_time& r) {
             return "<response_time " + describe(r.how) + "; median " +
                    string(py::repr(py::cast(r.median))) + ", mean " +
                    string(py::repr(py::cast(r.mean))) + ">";
           })
      .def("_repr_html_", [](const response_time& r) {
        return "<p>" + describe(r.how) + "</p><p>median</p>" +
               string(py::str(py::cast(r.median).attr("_repr_html_")())) + "<p>mean</p>" +
               string(py::str(py::cast(r.mean).attr("_repr_html_")()));
      });

  def_response(
      m, "time_to",
      [](const history& h, const definition& how, const text_option& service,
         const text_option& severity, const std::optional<bool>& planned,
         const std::optional<period>& starting_in, double level, const string& mean_method,
         const py::object& tau) {
        const auto options =
            to_options(service, severity, planned, starting_in, level, mean_method, tau);
        const py::gil_scoped_release release;
        return time_to(h, how, options);
      },
      R"(How long a phase takes under a definition, such as mtta_pagerduty or definition(...).

While all have ended: the modified Cox mean and the median between order statistics. While some are
open: the Kaplan-Meier median and the mean up to tau (seconds or timedelta; by default the longest
duration that has ended). mean_method: "automatic", "modified_cox" or "student_t". Raises
ValueError for options outside their domain. Sources: Olsson (2005); Brookmeyer and Crowley (1982).)",
      py::arg("how"));
  const struct {
    const char* name;
    response_time (*metric)(const history&, const response_options&);
    const char* doc;
  } metrics[] = {
      {"mttd", mttd, "Time to detect, from the start of the impact. Options as time_to."},
      {"mtta", mtta, "Time to acknowledge, from detection. Options as time_to."},
      {"mttm", mttm, "Time to mitigate, from the start of the impact. Options as time_to."},
      {"mttr", mttr, "Time to resolve, from the start of the impact. Options as time_to."}};
  for (const auto& each : metrics) def_response(m, each.name, named_metric(each.metric), each.doc);
  def_response(
      m, "every_definition",
      [](const history& h, const text_option& service, const text_option& severity,
         const std::optional<bool>& planned, const std::optional<period>& starting_in, double level,
         const string& mean_method, const py::object& tau) {
        const auto options =
            to_options(service, severity, planned, starting_in, level, mean_method, tau);
        const py::gil_scoped_release release;
        return every_definition(h, options);
      },
      "Every definition on the same incidents: a list of response_time.");
}

void bind_noise(py::module_& m) {
  py::class_<mean_change>(
      m, "mean_change",
      R"(The fall of the mean duration from one period to the next, as chance makes it, in seconds.

mean, deviation: of the durations (seconds or timedelta). before, after: incidents in each period.
reduction: the fraction by which each incident is shortened; 0 when nothing changed. Means are taken
as normal: good from some 30 incidents a period. Raises ValueError outside the domain. Source:
Davidovic, Incident Metrics in SRE (2021).)")
      .def(py::init([](const py::object& mean, const py::object& deviation, count before,
                       count after, double reduction) {
             return mean_change(to_seconds(mean, "mean"), to_seconds(deviation, "deviation"),
                                before, after, reduction);
           }),
           py::arg("mean"), py::arg("deviation"), py::arg("before"), py::arg("after"),
           py::arg("reduction") = 0.0)
      .def_property_readonly("expected", [](const mean_change& c) { return c.expected().count(); })
      .def_property_readonly("standard_error",
                             [](const mean_change& c) { return c.standard_error().count(); })
      .def(
          "falls_by",
          [](const mean_change& c, const py::object& at_least) {
            return c.falls_by(to_seconds(at_least, "at_least"));
          },
          "The probability that the mean falls by at_least or more.", py::arg("at_least"))
      .def(
          "rises_by",
          [](const mean_change& c, const py::object& at_least) {
            return c.rises_by(to_seconds(at_least, "at_least"));
          },
          "The probability that it rises by at_least or more: with 0, that it looks worse.",
          py::arg("at_least"))
      .def("range", &mean_change::range,
           "Where the fall lies with probability level; a negative fall is a rise.",
           py::arg("level") = 0.9)
      .def("__repr__", [](const mean_change& c) {
        return "<mean_change " + repr(c.expected().count()) + " s expected, standard error " +
               repr(c.standard_error().count()) + " s>";
      });
}

}  // namespace
}  // namespace relia::python

void bind_incident(py::module_& m) {
  relia::python::bind_timeline(m);
  relia::python::bind_durations(m);
  relia::python::bind_downtime(m);
  relia::python::bind_mtbf(m);
  relia::python::bind_mttx(m);
  relia::python::bind_noise(m);
}
