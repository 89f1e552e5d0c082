// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate.hpp>
#include <relia/detail/text.hpp>

#include "aggregate.hpp"

void bind_aggregate(py::module_& m) {
  bind_aggregate_exponential_counts(m);
  using relia::count;
  using relia::aggregate::counts;
  py::class_<counts> c(
      m, "counts", "Good and bad events, counted apart; merges with + and +=, travels as bytes.");
  relia::python::bind_merging(c);
  c.def(py::init<count, count>(), py::arg("good") = 0, py::arg("bad") = 0)
      .def(
          "record",
          [](counts& self, bool good, count times) {
            relia::detail::require_non_negative_count("aggregate::counts::record", "times", times);
            self.record(good, times);
          },
          "Counts one event, or several of the same kind. Raises ValueError for negative times.",
          py::arg("good"), py::arg("times") = 1)
      .def(
          "record_many",
          [](counts& self, const py::array_t<bool, py::array::c_style>& good) {
            const auto view =
                std::span<const bool>(good.data(), static_cast<std::size_t>(good.size()));
            const py::gil_scoped_release release;
            self.record(view);
          },
          "Counts an array of booleans, True for good.", py::arg("good"))
      .def_property_readonly("good", &counts::good)
      .def_property_readonly("bad", &counts::bad)
      .def_property_readonly("valid", &counts::valid)
      .def_property_readonly("saturated", &counts::saturated)
      .def("subtract", &counts::subtract,
           "Takes out what was merged in; raises ValueError when it holds more.", py::arg("part"))
      .def("__repr__", [](const counts& self) {
        return "counts(good=" + relia::detail::to_text(self.good()) +
               ", bad=" + relia::detail::to_text(self.bad()) + ")";
      });
  bind_aggregate_histogram(m);
  bind_aggregate_shapes(m);
  bind_aggregate_explicit(m);
  bind_aggregate_keyed(m);
  bind_aggregate_windows(m);
}
