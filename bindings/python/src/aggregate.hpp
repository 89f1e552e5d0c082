// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What every aggregate offers to Python: + and +=, ==, bytes and pickle; and what every latency
/// shape offers: recording arrays, quantiles and counts with bounds.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/detail/text.hpp>

#include "arrow.hpp"
#include "bind.hpp"

namespace relia::python {

[[nodiscard]] inline py::bytes to_python(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline std::span<const std::byte> view(const std::string_view& bytes) {
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

/// The byte form as an aggregate of any size that its parameters allow.
template <class Aggregate>
[[nodiscard]] Aggregate read(const std::string_view& bytes) {
  if constexpr (requires { Aggregate::from_bytes(view(bytes), std::size_t{}); }) {
    return Aggregate::from_bytes(view(bytes), std::size_t{1} << 26);
  } else {
    return Aggregate::from_bytes(view(bytes));
  }
}

/// merge, +, +=, ==, to_bytes, from_bytes, merge_all, pickle, copy.
template <class Aggregate, class... Options>
void bind_merging(py::class_<Aggregate, Options...>& c) {
  c.def(
       "merge", [](Aggregate& a, const Aggregate& b) { a.merge(b); },
       "Adds what other holds. Raises ValueError when their parameters differ.", py::arg("other"))
      .def("__add__",
           [](const Aggregate& a, const Aggregate& b) {
             Aggregate sum = a;
             sum.merge(b);
             return sum;
           })
      .def("__iadd__",
           [](Aggregate& a, const Aggregate& b) -> Aggregate& {
             a.merge(b);
             return a;
           })
      .def("__eq__", [](const Aggregate& a, const Aggregate& b) { return a == b; })
      .def("__copy__", [](const Aggregate& a) { return a; })
      .def(
          "__deepcopy__", [](const Aggregate& a, const py::dict&) { return a; }, py::arg("memo"))
      .def(
          "to_bytes", [](const Aggregate& a) { return to_python(a.to_bytes()); },
          "The byte form, the same from C++ and on every platform.")
      .def("__bytes__", [](const Aggregate& a) { return to_python(a.to_bytes()); })
      .def_static(
          "from_bytes",
          [](const py::bytes& data) { return read<Aggregate>(std::string_view(data)); },
          "Reads the byte form; raises ValueError when it is damaged.", py::arg("data"))
      .def_static(
          "merge_all",
          [](const py::iterable& parts) {
            // The byte forms are borrowed, and merged without the GIL.
            std::vector<py::object> kept;
            std::vector<std::string_view> bytes;
            std::vector<const Aggregate*> whole;
            for (const py::handle part : parts) {
              kept.push_back(py::reinterpret_borrow<py::object>(part));
              if (py::isinstance<py::bytes>(part)) {
                bytes.emplace_back(py::reinterpret_borrow<py::bytes>(part));
              } else {
                whole.push_back(&part.cast<const Aggregate&>());
              }
            }
            if (kept.empty()) {
              throw py::value_error(
                  "parts must hold at least one aggregate or its bytes, got none");
            }
            const py::gil_scoped_release release;
            Aggregate total = bytes.empty() ? *whole.front() : read<Aggregate>(bytes[0]);
            for (std::size_t k = 1; k < bytes.size(); ++k) {
              total.merge(read<Aggregate>(bytes[k]));
            }
            for (std::size_t k = bytes.empty() ? 1 : 0; k < whole.size(); ++k)
              total.merge(*whole[k]);
            return total;
          },
          "Merges aggregates or their byte forms, such as the partial results of a cluster. Raises "
          "ValueError for none, or damaged bytes.",
          py::arg("parts"))
      .def(py::pickle(
          [](const Aggregate& a) { return to_python(a.to_bytes()); },
          [](const py::bytes& data) { return read<Aggregate>(std::string_view(data)); }));
  c.attr("__hash__") = py::none();  // what can change is no key
}

/// Quantiles of one level, or of many without the GIL: a list in their order.
template <class Shape>
[[nodiscard]] py::object quantiles(const Shape& shape, const reals& levels) {
  if (levels.ndim() == 0) return py::cast(shape.quantile(*levels.data()));
  std::vector<aggregate::bounded> out;
  for (const double level : view(levels)) out.push_back(shape.quantile(level));
  return py::cast(out);
}

/// What all latency shapes answer, with bind_merging.
template <class Shape, class... Options>
void bind_latency_answers(py::class_<Shape, Options...>& c) {
  bind_merging(c);
  c.def(
       "quantile",
       [](const Shape& s, const reals& l) {
         if constexpr (requires { s.snapshot(); }) {
           return quantiles(s.snapshot(), l);
         } else {
           return quantiles(s, l);
         }
       },
       "The smallest value that at least `level` of the values do not exceed, with its bounds; "
       "a "
       "list for many levels. Raises ValueError outside [0, 1].",
       py::arg("level"))
      .def("at_most", &Shape::at_most, "How many values are at most x, with bounds.", py::arg("x"))
      .def("fraction_at_most", &Shape::fraction_at_most,
           "at_most as a fraction of all recorded; NaN is in the whole and in no part.",
           py::arg("x"))
      .def(
          "subtract", [](Shape& a, const Shape& part) { a.subtract(part); },
          "Takes away an earlier state of the same. Raises ValueError when part is none.",
          py::arg("part"))
      .def_property_readonly("count", &Shape::count)
      .def_property_readonly("nans", &Shape::nans)
      .def_property_readonly("zeros", &Shape::zeros)
      .def_property_readonly("positive_infinities", &Shape::positive_infinities)
      .def_property_readonly("negative_infinities", &Shape::negative_infinities)
      .def_property_readonly("sum", &Shape::sum)
      .def_property_readonly("min", &Shape::min)
      .def_property_readonly("max", &Shape::max)
      .def_property_readonly("empty", &Shape::empty)
      .def_property_readonly("saturated", &Shape::saturated)
      .def("__repr__", [c](const Shape& s) {
        std::string text = c.attr("__name__").template cast<std::string>();
        text += "(count=" + relia::detail::to_text(s.count());
        if (s.count() > 0) {
          text += ", p50=" + repr(s.quantile(0.5).value) + ", p99=" + repr(s.quantile(0.99).value);
        }
        if (s.nans() > 0) text += ", nans=" + relia::detail::to_text(s.nans());
        return text + ")";
      });
}

/// The interface that all latency shapes share.
template <class Shape, class... Options>
void bind_latency_shape(py::class_<Shape, Options...>& c) {
  bind_latency_answers(c);
  c.def(
      "record",
      [](Shape& shape, const py::object& values) {
        if (is_arrow(values)) {
          // Into a copy, so that a chunk that is refused leaves nothing behind.
          Shape part = shape;
          for_each_chunk(values, "values",
                         [&](std::span<const double> chunk) { part.record(chunk); });
          shape = part;
          return;
        }
        const auto array = values.cast<reals>();
        const auto all = view(array);
        const py::gil_scoped_release release;
        shape.record(all);
      },
      "Records a number, an array or an Arrow column of numbers, without a copy and without the "
      "GIL. Raises ValueError for a column with nulls.",
      py::arg("values"));
}

}  // namespace relia::python
