// SPDX-License-Identifier: BSL-1.0
#include <relia/io/otlp.hpp>
#include <relia/io/otlp_json.hpp>
#include <relia/io/prometheus_histogram.hpp>
#include <relia/io/prometheus_histogram_json.hpp>

#include "bind.hpp"

namespace {

using relia::aggregate::exponential_counts;
using relia::io::wire_message;
using relia::io::wire_options;

relia::io::otlp_times to_times(const py::object& start, const py::object& time) {
  relia::io::otlp_times times;
  if (!start.is_none()) times.start = relia::python::to_instant(start, "start");
  if (!time.is_none()) times.time = relia::python::to_instant(time, "time");
  return times;
}

py::object from_time(const std::optional<relia::instant>& t) {
  return t ? relia::python::from_instant(*t) : py::none();
}

wire_options to_options(int max_scale, std::optional<std::size_t> max_buckets) {
  wire_options options{.max_scale = max_scale};
  if (max_buckets) options.max_buckets = *max_buckets;
  return options;
}

/// A reader of bytes, with the limits that all of them take.
template <class Read>
void def_reader(py::module_& m, const char* name, const char* doc, Read read) {
  m.def(
      name,
      [read](const py::bytes& message, int max_scale, std::optional<std::size_t> max_buckets) {
        const auto bytes = static_cast<std::string_view>(message);
        const wire_options options = to_options(max_scale, max_buckets);
        const py::gil_scoped_release release;
        return read(bytes, options);
      },
      doc, py::arg("message"), py::kw_only(), py::arg("max_scale") = wire_options{}.max_scale,
      py::arg("max_buckets") = py::none());
}

template <class Write>
void def_otlp_writer(py::module_& m, const char* name, const char* doc, Write write) {
  m.def(
      name,
      [write](const exponential_counts& counts, const py::object& start, const py::object& time) {
        const auto times = to_times(start, time);
        const py::gil_scoped_release release;
        return write(counts, times);
      },
      doc, py::arg("counts"), py::kw_only(), py::arg("start") = py::none(),
      py::arg("time") = py::none());
}

}  // namespace

void bind_io_wire(py::module_& m) {
  using relia::io::otlp_point;
  py::class_<wire_message>(
      m, "wire_message",
      "A message, and what of the histogram its format has no place for. Nothing else is lost.")
      .def_property_readonly("data", [](const wire_message& w) { return py::bytes(w.data); })
      .def_readonly("dropped", &wire_message::dropped)
      .def("__bytes__", [](const wire_message& w) { return py::bytes(w.data); })
      .def("__repr__", [](const wire_message& w) {
        std::string text = "wire_message(" + std::to_string(w.data.size()) + " bytes, dropped=[";
        for (const std::string& what : w.dropped) {
          text += (&what == w.dropped.data() ? "'" : ", '") + what + "'";
        }
        return text + "])";
      });
  py::class_<otlp_point>(m, "otlp_point", "An OpenTelemetry data point: counts and their times.")
      .def_readonly("counts", &otlp_point::counts)
      .def_property_readonly("start", [](const otlp_point& p) { return from_time(p.times.start); })
      .def_property_readonly("time", [](const otlp_point& p) { return from_time(p.times.time); })
      .def("__repr__", [](const otlp_point& p) {
        return "otlp_point(" + py::repr(py::cast(p.counts)).cast<std::string>() + ")";
      });
  m.def(
      "folded",
      [](const exponential_counts& counts, int scale) {
        const py::gil_scoped_release release;
        return relia::io::folded(counts, scale);
      },
      "The same histogram at a coarser scale: counts, sum and bounds stay exact. Raises ValueError "
      "below scale -10.",
      py::arg("counts"), py::arg("scale"));
  def_otlp_writer(
      m, "to_otlp",
      "The counts as an OpenTelemetry ExponentialHistogramDataPoint, protobuf. NaN and infinities "
      "are "
      "listed in `dropped`. `start` and `time`: datetime64, datetime or RFC 3339 text.",
      [](const exponential_counts& c, const auto& times) { return relia::io::to_otlp(c, times); });
  def_otlp_writer(m, "to_otlp_json", "As to_otlp, in JSON (UTF-8).",
                  [](const exponential_counts& c, const auto& times) {
                    return relia::io::to_otlp_json(c, times);
                  });
  m.def(
      "to_prometheus",
      [](const exponential_counts& counts) {
        const py::gil_scoped_release release;
        return relia::io::to_prometheus(counts);
      },
      "The counts as a Prometheus Histogram with native buckets, protobuf. Scales finer than 8 are "
      "folded to 8; min, max, and a sum that a NaN or an infinity overrides, are listed in "
      "`dropped`. Raises ValueError for scales below -4.",
      py::arg("counts"));
  m.def(
      "to_prometheus",
      [](const relia::aggregate::explicit_histogram& histogram) {
        const py::gil_scoped_release release;
        return relia::io::to_prometheus(histogram);
      },
      "The same for classic buckets, cumulative. A NaN is in the total and in no bucket.",
      py::arg("histogram"));
  def_reader(
      m, "from_otlp",
      "Reads an OpenTelemetry ExponentialHistogramDataPoint, protobuf. Raises ValueError for "
      "bytes that are not one. Finer scales are folded to max_scale, and further until no "
      "side has more than max_buckets.",
      [](std::string_view message, const wire_options& options) {
        return relia::io::from_otlp(message, options);
      });
  def_reader(m, "from_otlp_json", "As from_otlp, from JSON.",
             [](std::string_view message, const wire_options& options) {
               return relia::io::from_otlp_json(message, options);
             });
  def_reader(m, "from_prometheus",
             "Reads a Prometheus Histogram with native buckets, protobuf. Raises ValueError for "
             "bytes that are not one, custom buckets and fractional counts included.",
             [](std::string_view message, const wire_options& options) {
               return relia::io::from_prometheus(message, options);
             });
  m.def(
      "read_prometheus_histograms",
      [](const py::object& given) {
        const auto path = py::module_::import("os").attr("fsdecode")(given).cast<std::string>();
        const auto all = [&] {
          const py::gil_scoped_release release;
          return relia::io::read_prometheus_histograms(path);
        }();
        py::list series;
        for (const relia::io::prometheus_histogram_series& s : all) {
          series.append(py::make_tuple(py::cast(s.labels), relia::python::from_instants(s.times),
                                       py::cast(s.values)));
        }
        return series;
      },
      "The native histograms of a Prometheus API answer (JSON): a list of (labels, times, values), "
      "times as datetime64[ns], values as exponential_counts. The scale comes from the buckets' "
      "bounds; the threshold of an empty zero bucket, min and max are not in an answer. Raises "
      "ValueError for float samples, custom buckets and rates.",
      py::arg("path"));
}
