// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate/histogram.hpp>
#include <relia/detail/text.hpp>

#include "aggregate.hpp"

namespace {

using namespace relia::aggregate;
using relia::count;
using relia::python::reals;

// Room for eight thresholds; unused ones cost next to nothing in a span.
constexpr histogram_layout doubles{.thresholds = 8};
constexpr histogram_layout nanoseconds{.thresholds = 8, .ticks_per_unit = 1'000'000'000};
constexpr histogram_layout few_buckets{
    .max_scale = 8, .slots = 160, .negative_slots = 4, .thresholds = 8};

template <class Histogram>
void bind(py::module_& m, const char* name, const char* doc) {
  py::class_<Histogram> c(m, name, doc);
  c.def(py::init([](const reals& thresholds, double zero_threshold) {
          return Histogram(relia::python::view(thresholds), zero_threshold);
        }),
        "thresholds: up to eight limits at which values are counted exactly.",
        py::arg("thresholds") = py::tuple(), py::arg("zero_threshold") = default_zero_threshold);
  relia::python::bind_latency_shape(c);
  c.def_property_readonly("thresholds",
                          [](const Histogram& h) {
                            return std::vector<double>(h.thresholds().begin(),
                                                       h.thresholds().end());
                          })
      .def_property_readonly(
          "at_thresholds",
          [](const Histogram& h) {
            const auto all = h.at_thresholds();
            return std::vector<count>(
                all.begin(), all.begin() + static_cast<std::ptrdiff_t>(h.thresholds().size()));
          })
      .def_property_readonly("scale", &Histogram::scale)
      .def_property_readonly("zero_threshold", &Histogram::zero_threshold)
      .def("snapshot", &Histogram::snapshot, "For asking many questions of one state.")
      .def("to_counts", &Histogram::to_counts,
           "Everything, as plain data at one scale: exponential_counts.")
      .def_static(
          "from_counts", &Histogram::from_counts,
          "From exponential_counts; finer buckets are folded. Raises ValueError for what no "
          "histogram holds.",
          py::arg("data"))
      .def_property_readonly(
          "buckets",
          [](const py::object& self) {
            const auto& h = self.cast<const Histogram&>();
            const std::span<const count> cells = h.positive_cells();
            py::array_t<count> view({cells.size()}, {sizeof(count)}, cells.data(), self);
            view.attr("setflags")(py::arg("write") = false);
            return view;
          },
          "Counts of the positive buckets from the first populated one on: a read-only view, valid "
          "until the next record or merge.")
      .def_property_readonly(
          "bucket_bounds",
          [](const Histogram& h) {
            const std::size_t n = h.positive_cells().size();
            py::array_t<double> bounds(static_cast<py::ssize_t>(n == 0 ? 0 : n + 1));
            for (std::size_t k = 0; k < static_cast<std::size_t>(bounds.size()); ++k) {
              bounds.mutable_at(k) =
                  exponential_bound(h.first_index() + static_cast<std::int64_t>(k), h.scale());
            }
            return bounds;
          },
          "Where the buckets begin and end: bucket k holds (bounds[k], bounds[k + 1]].");
}

}  // namespace

void bind_aggregate_histogram(py::module_& m) {
  py::class_<bounded>(m, "bounded",
                      "A figure between bounds that hold with certainty; no confidence interval.")
      .def_readonly("value", &bounded::value)
      .def_readonly("lower", &bounded::lower)
      .def_readonly("upper", &bounded::upper)
      .def_property_readonly("state",
                             [](const bounded& b) { return std::string(to_string(b.state)); })
      .def_property_readonly("has_value", &bounded::has_value)
      .def_property_readonly("exact", &bounded::exact)
      .def("contains", &bounded::contains, py::arg("x"))
      .def("__repr__", [](const bounded& b) {
        if (!b.has_value()) return "bounded(" + std::string(to_string(b.state)) + ")";
        using relia::python::repr;
        return "bounded(" + repr(b.value) + ", in [" + repr(b.lower) + ", " + repr(b.upper) + "])";
      });
  py::class_<distribution>(m, "distribution",
                           "One state of a histogram, for asking many questions of it.")
      .def_property_readonly("count", &distribution::count)
      .def("quantile", relia::python::quantiles<distribution>,
           "The smallest value that at least `level` of the values do not exceed, with its bounds.",
           py::arg("level"))
      .def("at_most", &distribution::at_most, "How many values are at most x, with bounds.",
           py::arg("x"))
      .def("fraction_at_most", &distribution::fraction_at_most,
           "at_most as a fraction of all recorded; NaN is in the whole and in no part.",
           py::arg("x"));
  bind<basic_histogram<doubles>>(
      m, "histogram",
      "Values of any unit in base-2 exponential buckets, within 0.542 %; mergeable, "
      "bucket for bucket OpenTelemetry's.");
  bind<basic_histogram<nanoseconds>>(
      m, "latency_histogram",
      "Seconds in base-2 exponential buckets; the sum is whole nanoseconds, so that merging gives "
      "equal bytes in any order.");
  bind<basic_histogram<few_buckets>>(
      m, "small_histogram",
      "OpenTelemetry's default budget of 160 buckets, as fine as they allow: 1.7 KB.");
}
