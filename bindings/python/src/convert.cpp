// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include "bind.hpp"

namespace relia::python {
namespace {

py::module_ numpy() { return py::module_::import("numpy"); }

[[noreturn]] void refuse(const char* name, const std::string& rule, const py::handle& got) {
  throw py::value_error(std::string(name) + " must be " + rule + ", got " +
                        std::string(py::repr(got)));
}

// The whole years of 64-bit nanoseconds. NumPy takes 0001 and 9999, which other tools write for
// "never", to some time between.
constexpr int first_year = 1678;
constexpr int last_year = 2261;
constexpr const char* in_range = "times of the years 1678 to 2261";

bool covers(int year) { return first_year <= year && year <= last_year; }

/// Times as int64 nanoseconds since 1970 UTC; NaT is the smallest integer, as in NumPy.
py::array_t<std::int64_t> to_nanoseconds(const py::handle& values, const char* name) {
  const auto np = numpy();
  py::object array = np.attr("asarray")(values);
  std::string kind = py::str(array.attr("dtype").attr("kind"));
  if (kind == "f" && np.attr("isnan")(array).attr("all")().cast<bool>()) {
    array = array.attr("astype")("object");  // a column without one time, as pandas reads it
    kind = "O";
  }
  if (kind == "O" || kind == "U") {
    // datetime objects and text, one by one: aware ones are moved to UTC, because datetime64 knows
    // no zone.
    const auto datetime = py::module_::import("datetime");
    const auto utc = datetime.attr("timezone").attr("utc");
    py::list moved;
    for (py::handle item : array.attr("ravel")()) {
      py::object t = py::reinterpret_borrow<py::object>(item);
      if (py::isinstance<py::float_>(t) && std::isnan(t.cast<double>())) t = py::none();
      if (py::isinstance<py::str>(t)) {
        py::object text = t.attr("strip")();
        if (py::len(text) == 0) {  // a blank cell, as the csv module reads it
          moved.append(np.attr("datetime64")("NaT", "ns"));
          continue;
        }
        if (py::bool_(text.attr("endswith")("Z")))
          text = text.attr("__getitem__")(py::slice(0, -1, 1)) + py::str("+00:00");
        try {
          t = datetime.attr("datetime").attr("fromisoformat")(text);
        } catch (py::error_already_set& e) {
          if (!e.matches(PyExc_ValueError)) throw;
          refuse(name, "times such as 2026-03-01T09:30:00Z", py::str(item));
        }
      }
      if (py::hasattr(t, "tz_localize")) {  // pandas Timestamp keeps its nanoseconds
        if (!t.attr("tzinfo").is_none()) t = t.attr("tz_convert")(py::none());
        moved.append(t.attr("to_datetime64")());
        continue;
      }
      if (py::hasattr(t, "utcoffset") && !t.attr("utcoffset")().is_none()) {
        t = t.attr("astimezone")(utc).attr("replace")(py::arg("tzinfo") = py::none());
      }
      if (py::hasattr(t, "year") && !covers(py::int_(t.attr("year")).cast<int>())) {
        refuse(name, in_range, item);
      }
      moved.append(np.attr("datetime64")(t.is_none() ? py::object(py::str("NaT")) : t, "ns"));
    }
    array = np.attr("array")(moved, py::arg("dtype") = "datetime64[ns]")
                .attr("reshape")(array.attr("shape"));
    kind = "M";
  }
  if (kind != "M") refuse(name, "times (datetime64, datetime or RFC 3339 text)", values);
  const py::object seconds = array.attr("astype")("datetime64[s]");
  const auto year = [&](int y) { return np.attr("datetime64")(std::to_string(y), "s"); };
  const py::object outside =
      np.attr("logical_or")(np.attr("less")(seconds, year(first_year)),
                            np.attr("greater_equal")(seconds, year(last_year + 1)));
  if (outside.attr("any")().cast<bool>()) refuse(name, in_range, values);
  return py::array_t<std::int64_t>(array.attr("astype")("datetime64[ns]").attr("astype")("int64"));
}

constexpr std::int64_t not_a_time = std::numeric_limits<std::int64_t>::min();

}  // namespace

std::vector<count> to_counts(const py::handle& values, const char* name) {
  const py::object array = numpy().attr("asarray")(values);
  const std::string kind = py::str(array.attr("dtype").attr("kind"));
  if (kind != "i" && kind != "u" && kind != "b") {
    if (array.attr("size").cast<py::ssize_t>() != 0) refuse(name, "whole numbers", values);
  }
  if (kind == "u" && array.attr("size").cast<py::ssize_t>() != 0) {
    const auto most = py::int_(array.attr("max")()).cast<std::uint64_t>();
    if (most > static_cast<std::uint64_t>(std::numeric_limits<count>::max()))
      refuse(name, "whole numbers below 2**63", values);  // NumPy wraps them
  }
  const py::array_t<count, py::array::c_style | py::array::forcecast> whole(array);
  return {whole.data(), whole.data() + whole.size()};
}

std::vector<std::optional<instant>> to_optional_instants(const py::handle& values,
                                                         const char* name) {
  const auto raw = to_nanoseconds(values, name);
  std::vector<std::optional<instant>> times(static_cast<std::size_t>(raw.size()));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t t = raw.data()[i];
    if (t != not_a_time) times[i] = instant(duration(t));
  }
  return times;
}

std::vector<instant> to_instants(const py::handle& values, const char* name) {
  const auto raw = to_nanoseconds(values, name);
  std::vector<instant> times(static_cast<std::size_t>(raw.size()));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t t = raw.data()[i];
    if (t == not_a_time) refuse(name, "known times", values);
    times[i] = instant(duration(t));
  }
  return times;
}

instant to_instant(const py::handle& value, const char* name) {
  const auto times = to_instants(value, name);
  if (times.size() != 1) refuse(name, "one time", value);
  return times.front();
}

real_seconds to_seconds(const py::handle& value, const char* name) {
  if (py::hasattr(value, "total_seconds")) {
    return real_seconds(py::float_(value.attr("total_seconds")()).cast<double>());
  }
  const auto np = numpy();
  if (py::isinstance(value, np.attr("timedelta64"))) {
    return real_seconds(py::float_(value / np.attr("timedelta64")(1, "s")).cast<double>());
  }
  if (!py::isinstance<py::float_>(value) && !py::isinstance<py::int_>(value) &&
      !py::isinstance(value, np.attr("number"))) {
    refuse(name, "a timedelta or a number of seconds", value);
  }
  return real_seconds(py::float_(py::reinterpret_borrow<py::object>(value)).cast<double>());
}

duration to_duration(const py::handle& value, const char* name) {
  const double nanoseconds = to_seconds(value, name).count() * 1e9;
  if (!(std::abs(nanoseconds) < 9.2e18))
    refuse(name, "a finite length of time under 292 years", value);
  return duration(std::llround(nanoseconds));
}

zone to_zone(const py::handle& where, const char* name) {
  py::object tz = py::reinterpret_borrow<py::object>(where);
  if (py::isinstance<py::str>(where)) {
    const auto zoneinfo = py::module_::import("zoneinfo");
    try {
      tz = zoneinfo.attr("ZoneInfo")(where);
    } catch (py::error_already_set& e) {
      if (!e.matches(PyExc_KeyError) && !e.matches(PyExc_ValueError)) throw;
      refuse(name, "the name of a time zone, such as \"Europe/Madrid\"", where);
    }
  } else if (!py::hasattr(where, "utcoffset")) {
    refuse(name, "the name of a time zone or a tzinfo", where);
  }
  // A tzinfo tells its offset at an instant, not when it changes: a look at each day, and into the
  // days that differ.
  const auto datetime = py::module_::import("datetime").attr("datetime");
  const auto offset_at = [&](std::int64_t second) {
    const auto local = datetime.attr("fromtimestamp")(second, tz);
    const double s = local.attr("utcoffset")().attr("total_seconds")().cast<double>();
    return std::chrono::seconds(std::llround(s));
  };
  constexpr std::int64_t day = 86400;
  constexpr std::int64_t end = 47482 * day;  // 2100-01-01
  const std::chrono::seconds initial = offset_at(0);
  std::chrono::seconds offset = initial;
  std::vector<offset_change> changes;
  for (std::int64_t t = day; t <= end; t += day) {
    const std::chrono::seconds later = offset_at(t);
    if (later == offset) continue;
    std::int64_t before = t - day;
    std::int64_t after = t;
    while (after - before > 1) {
      const std::int64_t middle = before + (after - before) / 2;
      (offset_at(middle) == offset ? before : after) = middle;
    }
    offset = later;
    changes.push_back({instant(std::chrono::seconds(after)), later});
  }
  return {py::str(tz), initial, std::move(changes)};
}

py::object from_instant(instant t) {
  return numpy().attr("datetime64")(t.time_since_epoch().count(), "ns");
}

py::array from_instants(std::span<const instant> times) {
  py::array_t<std::int64_t> raw(static_cast<py::ssize_t>(times.size()));
  for (std::size_t i = 0; i < times.size(); ++i)
    raw.mutable_data()[i] = times[i].time_since_epoch().count();
  return py::array(raw.attr("view")("datetime64[ns]"));
}

method to_method(const std::string& name, std::initializer_list<method> known,
                 const char* function) {
  std::string names;
  for (const method m : known) {
    if (m.name == name) return m;
    names += (names.empty() ? "" : ", ") + std::string(m.name);
  }
  throw py::value_error(std::string("relia::") + function + ": method must be one of " + names +
                        ", got \"" + name + "\"");
}

sides to_sides(const std::string& name) {
  if (name == "both") return sides::both;
  if (name == "lower") return sides::lower;
  if (name == "upper") return sides::upper;
  throw py::value_error("sides must be \"both\", \"lower\" or \"upper\", got \"" + name + "\"");
}

std::string repr(double value) { return py::repr(py::float_(value)); }

std::string html_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace relia::python
