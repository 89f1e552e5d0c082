// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One bind function per area, and the arguments that every area takes: times, durations, counts
/// and arrays. Periods cross as relia.period, zones as names or tzinfo; lengths of time come back
/// as float seconds.

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/core/zone.hpp>

namespace py = pybind11;

void bind_core(py::module_& m);
void bind_aggregate(py::module_& m);
void bind_aggregate_histogram(py::module_& m);
void bind_aggregate_keyed(py::module_& m);
void bind_aggregate_shapes(py::module_& m);
void bind_aggregate_explicit(py::module_& m);
void bind_aggregate_exponential_counts(py::module_& m);
void bind_aggregate_windows(py::module_& m);
void bind_incident(py::module_& m);
void bind_check(py::module_& m);
void bind_io(py::module_& m);
void bind_io_wire(py::module_& m);
void bind_io_prometheus_rules(py::module_& m);
void bind_queueing(py::module_& m);
void bind_queueing_behaviour(py::module_& m);
void bind_queueing_stations(py::module_& m);
void bind_queueing_general(py::module_& m);
void bind_queueing_networks(py::module_& m);
void bind_queueing_load_test(py::module_& m);
void bind_queueing_measured(py::module_& m);
void bind_queueing_scalability(py::module_& m);
void bind_queueing_simulation(py::module_& m);
void bind_forecast(py::module_& m);
void bind_slo(py::module_& m);
void bind_slo_accounting(py::module_& m);
void bind_slo_budget(py::module_& m);
void bind_slo_alerts(py::module_& m);
void bind_slo_evidence(py::module_& m);
void bind_slo_status(py::module_& m);
void bind_sli(py::module_& m);
void bind_sli_histograms(py::module_& m);
void bind_sli_kinds(py::module_& m);
void bind_stats(py::module_& m);
void bind_stats_clusters(py::module_& m);
void bind_stats_intervals(py::module_& m);
void bind_stats_joint(py::module_& m);
void bind_stats_resampling(py::module_& m);

namespace relia::python {

/// Reals as a contiguous array: NumPy, a list, or anything NumPy can read (pandas, Polars, Arrow
/// columns).
using reals = py::array_t<double, py::array::c_style | py::array::forcecast>;

[[nodiscard]] inline std::span<const double> view(const reals& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

/// Whole numbers. Floats are refused, not truncated.
[[nodiscard]] std::vector<count> to_counts(const py::handle& values, const char* name);

/// datetime64 of any unit, datetime (aware, or naive meaning UTC), pandas Timestamps, RFC 3339
/// text; one or many. NaT and None are refused.
[[nodiscard]] std::vector<instant> to_instants(const py::handle& values, const char* name);
[[nodiscard]] instant to_instant(const py::handle& value, const char* name);

/// As to_instants, with NaT, None, NaN and blank text as "not known".
[[nodiscard]] std::vector<std::optional<instant>> to_optional_instants(const py::handle& values,
                                                                       const char* name);

/// timedelta, timedelta64, or a number of seconds.
[[nodiscard]] real_seconds to_seconds(const py::handle& value, const char* name);
[[nodiscard]] duration to_duration(const py::handle& value, const char* name);

/// An IANA name (by zoneinfo) or a tzinfo, with the changes of its offset from 1970 to 2100.
[[nodiscard]] zone to_zone(const py::handle& where, const char* name);

/// datetime64[ns], UTC.
[[nodiscard]] py::object from_instant(instant t);
[[nodiscard]] py::array from_instants(std::span<const instant> times);

/// "wilson" as the method value of that name. The names a function knows are given; another is a
/// ValueError that lists them.
[[nodiscard]] method to_method(const std::string& name, std::initializer_list<method> known,
                               const char* function);

/// "both", "lower" or "upper".
[[nodiscard]] sides to_sides(const std::string& name);

/// A number as Python writes it, for reprs.
[[nodiscard]] std::string repr(double value);

/// Text that means nothing to HTML.
[[nodiscard]] std::string html_text(const std::string& text);

}  // namespace relia::python
