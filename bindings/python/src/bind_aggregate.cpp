// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate.hpp>
#include <relia/detail/text.hpp>

#include "bind.hpp"

void bind_aggregate(py::module_& m) {
  using relia::count;
  using relia::aggregate::counts;
  py::class_<counts>(m, "counts",
                     "Good and bad events, counted apart; merges with + and +=, travels as bytes.")
      .def(py::init<count, count>(), py::arg("good") = 0, py::arg("bad") = 0)
      .def(
          "record",
          [](counts& c, bool good, count times) {
            relia::detail::require_non_negative_count("aggregate::counts::record", "times", times);
            c.record(good, times);
          },
          "Counts one event, or several of the same kind. Raises ValueError for negative times.",
          py::arg("good"), py::arg("times") = 1)
      .def(
          "record_many",
          [](counts& c, const py::array_t<bool, py::array::c_style>& good) {
            const auto view =
                std::span<const bool>(good.data(), static_cast<std::size_t>(good.size()));
            const py::gil_scoped_release release;
            c.record(view);
          },
          "Counts an array of booleans, True for good.", py::arg("good"))
      .def_property_readonly("good", &counts::good)
      .def_property_readonly("bad", &counts::bad)
      .def_property_readonly("valid", &counts::valid)
      .def_property_readonly("saturated", &counts::saturated)
      .def("__add__",
           [](counts a, const counts& b) {
             a.merge(b);
             return a;
           })
      .def("__iadd__",
           [](counts& a, const counts& b) -> counts& {
             a.merge(b);
             return a;
           })
      .def("subtract", &counts::subtract,
           "Takes out what was merged in; raises ValueError when it holds more.", py::arg("part"))
      .def("__eq__", [](const counts& a, const counts& b) { return a == b; })
      .def("to_bytes",
           [](const counts& c) {
             const auto bytes = c.to_bytes();
             return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
           })
      .def_static(
          "from_bytes",
          [](const std::string& bytes) {
            return counts::from_bytes(std::as_bytes(std::span(bytes.data(), bytes.size())));
          },
          "Reads the byte form; raises ValueError when it is damaged.", py::arg("data"))
      .def(py::pickle(
          [](const counts& c) { return py::make_tuple(c.good(), c.bad()); },
          [](const py::tuple& t) { return counts(t[0].cast<count>(), t[1].cast<count>()); }))
      .def("__repr__", [](const counts& c) {
        return "counts(good=" + relia::detail::to_text(c.good()) +
               ", bad=" + relia::detail::to_text(c.bad()) + ")";
      });
}
