// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <relia/aggregate/adaptive.hpp>
#include <relia/aggregate/histogram.hpp>
#include <relia/aggregate/integer_histogram.hpp>
#include <relia/aggregate/small_sample.hpp>

#include "aggregate.hpp"

namespace {

using namespace relia::aggregate;
using relia::count;
using relia::python::reals;
using integers = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

constexpr auto not_a_time = std::numeric_limits<std::int64_t>::min();

[[nodiscard]] std::span<const std::int64_t> view(const integers& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

struct whole_numbers {
  py::object array = py::none();  ///< of int64; None when the values were no whole numbers
  bool times = false;             ///< NaT is then the smallest integer
};

/// Whole numbers, and lengths of time as nanoseconds; int64 and timedelta64[ns] are not copied.
[[nodiscard]] whole_numbers to_integers(const py::handle& values) {
  const py::object array = py::module_::import("numpy").attr("asarray")(values);
  const std::string kind = py::str(array.attr("dtype").attr("kind"));
  if (kind == "i" || kind == "b") return {integers(array), false};
  if (kind == "u" && (array.attr("size").cast<py::ssize_t>() == 0 ||
                      py::int_(array.attr("max")()).cast<std::uint64_t>() <=
                          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))) {
    return {integers(array), false};
  }
  if (kind != "m" && kind != "O") return {};
  const py::object times = array.attr("astype")("timedelta64[ns]", py::arg("copy") = false);
  return {integers(times.attr("view")("int64")), true};
}

void record(integer_histogram& self, const py::object& values) {
  const whole_numbers whole = to_integers(values);
  if (whole.array.is_none()) {
    const reals array(values);
    const auto all = relia::python::view(array);
    const py::gil_scoped_release release;
    self.record(all);
    return;
  }
  const integers array(whole.array);
  const auto all = view(array);
  const py::gil_scoped_release release;
  if (!whole.times) return self.record(all);
  for (const std::int64_t x : all) {  // NaT is no time, as NaN is no number
    x == not_a_time ? self.record(std::numeric_limits<double>::quiet_NaN()) : self.record(x);
  }
}

void record_corrected(integer_histogram& self, const py::object& values,
                      const py::object& interval) {
  const whole_numbers whole = to_integers(values);
  const whole_numbers step = to_integers(interval);
  if (whole.array.is_none() || step.array.is_none() || py::len(step.array.attr("ravel")()) != 1) {
    throw py::value_error(
        "relia::aggregate::integer_histogram::record_corrected: values and one expected_interval "
        "must be whole numbers or lengths of time");
  }
  const integers array(whole.array);
  const auto all = view(array);
  const std::int64_t expected = *integers(step.array).data();
  const py::gil_scoped_release release;
  for (const std::int64_t x : all) self.record_corrected(x, expected);
}

[[nodiscard]] py::object to_python(integer_histogram::wide value) {
  const py::int_ high(static_cast<std::int64_t>(value >> 64));
  const py::int_ low(static_cast<std::uint64_t>(value));
  return (high << py::int_(64)) + low;
}

void bind_integer_histogram(py::module_& m) {
  py::class_<integer_histogram> c(
      m, "integer_histogram",
      "Whole numbers, such as nanoseconds, in log-linear buckets to a number of significant "
      "digits; what lies outside is counted apart. Any two merge, to the coarser of both.");
  c.def(py::init([](std::int64_t lowest, std::int64_t highest, int significant_digits) {
          return integer_histogram({lowest, highest, significant_digits});
        }),
        "Covers 0 to highest, telling multiples of lowest apart. Raises ValueError unless lowest "
        ">= 1, highest >= 2 lowest and significant_digits is 1 to 5.",
        py::kw_only(), py::arg("lowest") = integer_histogram_options{}.lowest,
        py::arg("highest") = integer_histogram_options{}.highest,
        py::arg("significant_digits") = integer_histogram_options{}.significant_digits);
  relia::python::bind_latency_answers(c);
  c.def("record", record,
        "Records a number or an array of them, without the GIL, and without a copy of int64, "
        "float64 and timedelta64[ns]; lengths of time count as nanoseconds, NaT as NaN.",
        py::arg("values"))
      .def(
          "record",
          [](integer_histogram& self, std::int64_t value, count times) {
            relia::detail::require_non_negative_count("aggregate::integer_histogram::record",
                                                      "times", times);
            self.record(value, times);
          },
          "Records one value several times.", py::arg("value"), py::arg("times"))
      .def("record_corrected", record_corrected,
           "Records, and adds what a client would have seen that sends a request every "
           "expected_interval and waits for no answer.",
           py::arg("values"), py::arg("expected_interval"))
      .def_property_readonly("negatives", &integer_histogram::negatives)
      .def_property_readonly("above", &integer_histogram::above)
      .def_property_readonly("exact_sum",
                             [](const integer_histogram& h) { return to_python(h.exact_sum()); })
      .def_property_readonly("lowest", &integer_histogram::lowest)
      .def_property_readonly("highest", &integer_histogram::highest)
      .def_property_readonly("significant_digits", &integer_histogram::significant_digits)
      .def_property_readonly("relative_error", &integer_histogram::relative_error)
      .def(
          "bucket",
          [](const integer_histogram& h, std::size_t index) {
            const auto r = h.bucket(index);
            return py::make_tuple(r.lowest, r.highest);
          },
          "The lowest and the highest value that a counter counts.", py::arg("index"))
      .def_property_readonly(
          "counters",
          [](const py::object& self) {
            const auto cells = self.cast<const integer_histogram&>().counters();
            py::array_t<count> array({cells.size()}, {sizeof(count)}, cells.data(), self);
            array.attr("setflags")(py::arg("write") = false);
            return array;
          },
          "The counters of 0 to highest: a read-only view, valid until a merge.")
      .def_static(
          "memory",
          [](std::int64_t lowest, std::int64_t highest, int significant_digits) {
            return integer_histogram::memory({lowest, highest, significant_digits});
          },
          "Bytes of counters that a histogram of these parameters takes.", py::kw_only(),
          py::arg("lowest") = integer_histogram_options{}.lowest,
          py::arg("highest") = integer_histogram_options{}.highest,
          py::arg("significant_digits") = integer_histogram_options{}.significant_digits);
}

template <class Adaptive>
void bind_adaptive(py::class_<Adaptive>& c) {
  relia::python::bind_latency_shape(c);
  c.def_property_readonly("spilled", &Adaptive::spilled)
      .def_property_readonly(
          "values",
          [](const Adaptive& a) {
            const auto values = a.sample().values();
            return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
          },
          "The values kept, as they came; none once spilled.")
      .def("to_histogram", &Adaptive::to_histogram, "Everything in a histogram, spilled or not.");
}

}  // namespace

void bind_aggregate_shapes(py::module_& m) {
  bind_integer_histogram(m);
  using sample = small_sample<>;
  py::class_<sample> few(m, "small_sample",
                         "Up to 64 values themselves: every answer is exact. Those that do not "
                         "fit are refused, counted, and make the bounds wider.");
  few.def(py::init<>());
  relia::python::bind_latency_shape(few);
  few.def_property_readonly_static("capacity", [](const py::object&) { return sample::capacity(); })
      .def_property_readonly("refused", &sample::refused)
      .def_property_readonly(
          "values",
          [](const sample& s) {
            return py::array_t<double>(static_cast<py::ssize_t>(s.values().size()),
                                       s.values().data());
          },
          "The values kept, as they came.");
  constexpr histogram_layout with_thresholds{.thresholds = 8};  // as aggregate.histogram
  using exponential = adaptive<basic_histogram<with_thresholds>>;
  py::class_<exponential> a(m, "adaptive_histogram",
                            "Exact up to 64 values, then all of them in a histogram.");
  a.def(py::init<>());
  bind_adaptive(a);
  using whole = adaptive<integer_histogram>;
  py::class_<whole> b(m, "adaptive_integer_histogram",
                      "Exact up to 64 values, then all of them in an integer_histogram.");
  b.def(py::init([](std::int64_t lowest, std::int64_t highest, int significant_digits) {
          return whole(integer_histogram({lowest, highest, significant_digits}));
        }),
        "Parameters of the histogram.", py::kw_only(),
        py::arg("lowest") = integer_histogram_options{}.lowest,
        py::arg("highest") = integer_histogram_options{}.highest,
        py::arg("significant_digits") = integer_histogram_options{}.significant_digits);
  bind_adaptive(b);
}
