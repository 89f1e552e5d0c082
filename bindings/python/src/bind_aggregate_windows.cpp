// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <relia/aggregate/windows.hpp>
#include <relia/detail/text.hpp>

#include "aggregate.hpp"
#include "choose.hpp"

namespace relia::python {
namespace {

using aggregate::counts;
using aggregate::window_answer;
using aggregate::window_edge;
using aggregate::window_layout;
using aggregate::window_options;
using aggregate::windows;
using relia::detail::to_text;

enum class part { good, bad, valid };
constexpr choice<part> parts[] = {{"good", part::good}, {"bad", part::bad}, {"valid", part::valid}};

std::string text(const counts& c) {
  return "good=" + to_text(c.good()) + ", bad=" + to_text(c.bad());
}

py::list seconds(std::span<const duration> lengths) {
  py::list out;
  for (const duration d : lengths) out.append(real_seconds(d).count());
  return out;
}

window_layout to_layout(const py::object& lengths, count parts_of_length,
                        const py::object& allowance, count confirmations) {
  const window_options options{parts_of_length, to_duration(allowance, "allowance"), confirmations};
  if (lengths.is_none()) return window_layout(options);
  std::vector<duration> all;
  for (const py::handle length : py::iter(lengths)) all.push_back(to_duration(length, "lengths"));
  return window_layout(std::span<const duration>(all), options);
}

void record_all(windows<counts>& w, std::span<const std::int64_t> times,
                std::span<const bool> good) {
  for (std::size_t i = 0; i < times.size(); ++i) w.record(instant(duration(times[i])), good[i]);
}

/// Nanoseconds of `times`: of their own buffer when that is datetime64[ns] without a gap.
py::array_t<std::int64_t> to_ticks(const py::object& times) {
  const auto np = py::module_::import("numpy");
  const auto is_plain = [&] {
    if (!py::isinstance<py::array>(times)) return false;
    const auto array = py::reinterpret_borrow<py::array>(times);
    return (array.flags() & py::array::c_style) != 0 &&
           array.dtype().equal(np.attr("dtype")("datetime64[ns]"));
  };
  if (!is_plain()) return from_instants(to_instants(times, "times")).attr("view")("int64");
  const py::array_t<std::int64_t> ticks = times.attr("view")("int64");
  for (py::ssize_t i = 0; i < ticks.size(); ++i) {
    if (ticks.data()[i] == std::numeric_limits<std::int64_t>::min()) {  // NaT
      throw py::value_error("times must be known times, got NaT in row " + to_text(i));
    }
  }
  return ticks;
}

void bind_layout(py::module_& m) {
  py::class_<window_layout>(m, "window_layout",
                            "How much memory rolling windows take, and how fine they are.")
      .def(py::init(&to_layout),
           "lengths: timedelta or seconds, in any order; by default 5 m, 30 m, 1 h, 6 h, 1 d, 3 d "
           "and 30 d. parts: a cell is at most length / parts long. allowance: how far from the "
           "newest a sample is believed at once. confirmations: how many samples outside it move "
           "the clock. Raises ValueError.",
           py::arg("lengths") = py::none(), py::kw_only(), py::arg("parts") = 60,
           py::arg("allowance") = 3600.0, py::arg("confirmations") = 8)
      .def_property_readonly("lengths", [](const window_layout& l) { return seconds(l.lengths()); })
      .def_property_readonly(
          "longest", [](const window_layout& l) { return real_seconds(l.longest()).count(); })
      .def_property_readonly(
          "grains",
          [](const window_layout& l) {
            std::vector<duration> grains;
            for (const aggregate::window_tier& t : l.tiers()) grains.push_back(t.grain);
            return seconds(grains);
          },
          "Seconds of a cell, from the newest tier to the oldest.")
      .def_property_readonly("cells", &window_layout::cells)
      .def_property_readonly("reach",
                             [](const window_layout& l) { return real_seconds(l.reach()).count(); })
      .def("__eq__", [](const window_layout& a, const window_layout& b) { return a == b; })
      .def("__repr__", [](const window_layout& l) {
        std::string lengths;
        for (const duration d : l.lengths()) {
          lengths += (lengths.empty() ? "" : ", ") + repr(real_seconds(d).count());
        }
        return "window_layout([" + lengths + "], parts=" + to_text(l.options().parts) +
               ", allowance=" + repr(real_seconds(l.options().allowance).count()) +
               ", confirmations=" + to_text(l.options().confirmations) + ")";
      });
}

void bind_answer(py::module_& m) {
  using answer = window_answer<counts>;
  py::class_<window_edge<counts>>(m, "window_edge", "The cell that an edge of the window cuts.")
      .def_property_readonly("cell", [](const window_edge<counts>& e) { return e.cell; })
      .def_readonly("inside", &window_edge<counts>::inside)
      .def("__repr__", [](const window_edge<counts>& e) {
        return "window_edge(" + text(e.cell) + ", inside=" + repr(e.inside) + ")";
      });
  py::class_<answer>(m, "window_answer",
                     "What a rolling window holds, with the error that its cells add.")
      .def_property_readonly("at_least", [](const answer& a) { return a.at_least; })
      .def_readonly("oldest", &answer::oldest)
      .def_readonly("newest", &answer::newest)
      .def_property_readonly("held", [](const answer& a) { return a.held; })
      .def_readonly("window", &answer::window)
      .def_readonly("covered", &answer::covered)
      .def_readonly("complete", &answer::complete)
      .def("at_most", &answer::at_most, "All that may lie in the window.")
      .def(
          "total", &answer::total,
          "The window rounded to whole cells: with a cut one when at least half of it lies inside.")
      .def(
          "count_of",
          [](const answer& a, const std::string& of) {
            const part which = choose(of, parts, "of");
            return a.count_of([which](const counts& c) {
              return which == part::good ? c.good() : which == part::bad ? c.bad() : c.valid();
            });
          },
          "A count as bounds. of: \"good\", \"bad\" or \"valid\".", py::arg("of"))
      .def("__repr__", [](const answer& a) {
        return "<window_answer at least " + text(a.at_least) + ", at most " + text(a.at_most()) +
               (a.complete ? ">" : ", incomplete>");
      });
  m.def(
      "bad_fraction", [](const answer& window) { return bad_fraction(window); },
      "bad / valid of a window, as bounds.", py::arg("window"));
}

}  // namespace
}  // namespace relia::python

void bind_aggregate_windows(py::module_& m) {
  using namespace relia::python;
  bind_layout(m);
  bind_answer(m);
  using windows_type = windows<counts>;
  py::class_<windows_type> c(
      m, "windows",
      "Several rolling windows over one stream of good and bad events, from one set of cells.");
  bind_merging(c);
  c.def(py::init([](const std::optional<window_layout>& layout) {
          return windows_type(layout.value_or(window_layout{}));
        }),
        "layout: window_layout; by default 5 m to 30 d in 337 cells.",
        py::arg("layout") = py::none())
      .def(
          "record",
          [](windows_type& w, const py::object& time, bool good) {
            w.record(to_instant(time, "time"), good);
          },
          "Records one event at a time (UTC).", py::arg("time"), py::arg("good"))
      .def(
          "record_many",
          [](windows_type& w, const py::object& times,
             const py::array_t<bool, py::array::c_style>& good) {
            const py::array_t<std::int64_t> ticks = to_ticks(times);
            const auto n = static_cast<std::size_t>(ticks.size());
            relia::detail::require_same_size("aggregate::windows::record", "good",
                                             static_cast<std::size_t>(good.size()), n);
            const std::span<const std::int64_t> all(ticks.data(), n);
            const std::span<const bool> flags(good.data(), n);
            const py::gil_scoped_release release;
            record_all(w, all, flags);
          },
          "Records events in the order given, without the GIL; times that are datetime64[ns] and "
          "flags that are bool are read where they lie. Raises ValueError when sizes differ or a "
          "time is not known.",
          py::arg("times"), py::arg("good"))
      .def(
          "last",
          [](const windows_type& w, const py::object& length, const py::object& now) {
            return w.last(to_duration(length, "length"), to_instant(now, "now"));
          },
          "What was recorded in [now - length, now), any length up to the longest. length: "
          "timedelta or seconds. Raises ValueError.",
          py::arg("length"), py::arg("now"))
      .def_property_readonly("layout", &windows_type::layout)
      .def_property_readonly("started", &windows_type::started)
      .def_property_readonly(
          "newest",
          [](const windows_type& w) {
            return w.started() ? from_instant(w.newest()) : py::object(py::none());
          },
          "The newest sample that was believed, or None.")
      .def_property_readonly(
          "oldest",
          [](const windows_type& w) {
            return w.started() ? from_instant(w.oldest()) : py::object(py::none());
          },
          "Where the cell of the oldest sample begins, or None.")
      .def_property_readonly("late", &windows_type::late, "Samples refused as too old.")
      .def_property_readonly("ahead", &windows_type::ahead,
                             "Samples refused as too new and never confirmed.")
      .def_property_readonly("held", &windows_type::held, "Samples that wait to be confirmed.")
      .def_property_readonly(
          "set_aside", [](const windows_type& w) { return w.set_aside(); },
          "What lay in cells that a clock set back took out of the windows.")
      .def_property_readonly("memory", &windows_type::memory, "Bytes.")
      .def("__repr__", [](const windows_type& w) {
        std::string out = "<windows of up to " +
                          repr(relia::real_seconds(w.layout().longest()).count()) + " s in " +
                          to_text(w.layout().cells()) + " cells";
        if (w.started()) {
          out +=
              ", " + text(w.last(w.layout().longest(), w.newest() + relia::duration(1)).at_most());
        }
        return out + ", late=" + to_text(w.late()) + ", ahead=" + to_text(w.ahead()) +
               ", held=" + to_text(w.held()) + ">";
      });
}
