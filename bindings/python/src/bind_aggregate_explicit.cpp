// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate/explicit_histogram.hpp>

#include "aggregate.hpp"

void bind_aggregate_explicit(py::module_& m) {
  using relia::aggregate::explicit_histogram;
  using relia::python::reals;
  py::class_<explicit_histogram> c(
      m, "explicit_histogram",
      "Values in buckets whose upper bounds the caller chose, as in a classic Prometheus "
      "histogram; counts at the bounds are exact.");
  c.def(
      py::init([](const reals& bounds) { return explicit_histogram(relia::python::view(bounds)); }),
      "bounds: finite and strictly increasing, at least one. Raises ValueError.",
      py::arg("bounds"));
  relia::python::bind_latency_shape(c);
  c.def_property_readonly("bounds",
                          [](const explicit_histogram& h) {
                            return py::array_t<double>(static_cast<py::ssize_t>(h.bounds().size()),
                                                       h.bounds().data());
                          })
      .def_property_readonly(
          "counts",
          [](const py::object& self) {
            const auto& h = self.cast<const explicit_histogram&>();
            py::array_t<relia::count> view({h.counts().size()}, {sizeof(relia::count)},
                                           h.counts().data(), self);
            view.attr("setflags")(py::arg("write") = false);
            return view;
          },
          "Finite values per bucket, one more than there are bounds: a read-only view.");
}
