// SPDX-License-Identifier: BSL-1.0
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/text.hpp>

#include "bind.hpp"

namespace {

using relia::count;
using relia::aggregate::exponential_buckets;
using relia::aggregate::exponential_counts;
using relia::detail::to_text;

py::array_t<count> to_array(const exponential_buckets& b) {
  return py::array_t<count>(static_cast<py::ssize_t>(b.counts.size()), b.counts.data());
}

std::string repr(const exponential_buckets& b) {
  constexpr std::size_t shown = 8;
  std::string text = "exponential_buckets(offset=" + to_text(b.offset) + ", counts=[";
  for (std::size_t k = 0; k < b.counts.size() && k < shown; ++k) {
    text += (k > 0 ? ", " : "") + to_text(b.counts[k]);
  }
  return text + (b.counts.size() > shown ? ", ...])" : "])");
}

py::tuple state(const exponential_counts& c) {
  return py::make_tuple(c.scale, c.zero_threshold, c.zeros, c.positive, c.negative,
                        c.positive_infinities, c.negative_infinities, c.nans, c.sum, c.min, c.max);
}

}  // namespace

void bind_aggregate_exponential_counts(py::module_& m) {
  py::class_<exponential_buckets>(
      m, "exponential_buckets",
      "Consecutive buckets of an exponential histogram: counts[k] belongs to index offset + k.")
      .def(py::init([](std::int32_t offset, const py::object& counts) {
             return exponential_buckets{offset, relia::python::to_counts(counts, "counts")};
           }),
           "Raises ValueError for counts that are not whole numbers.", py::arg("offset") = 0,
           py::arg("counts") = py::tuple())
      .def_readonly("offset", &exponential_buckets::offset)
      .def_property_readonly("counts", &to_array)
      .def("__eq__",
           [](const exponential_buckets& a, const exponential_buckets& b) { return a == b; })
      .def(py::pickle(
          [](const exponential_buckets& b) { return py::make_tuple(b.offset, to_array(b)); },
          [](const py::tuple& t) {
            return exponential_buckets{t[0].cast<std::int32_t>(),
                                       relia::python::to_counts(t[1], "counts")};
          }))
      .def("__repr__", [](const exponential_buckets& b) { return repr(b); });

  const auto make = [](std::int32_t scale, double zero_threshold, count zeros,
                       const exponential_buckets& positive, const exponential_buckets& negative,
                       count positive_infinities, count negative_infinities, count nans, double sum,
                       std::optional<double> min, std::optional<double> max) {
    return exponential_counts{scale,
                              zero_threshold,
                              zeros,
                              positive,
                              negative,
                              positive_infinities,
                              negative_infinities,
                              nans,
                              sum,
                              min,
                              max};
  };
  py::class_<exponential_counts>(m, "exponential_counts",
                                 "An exponential histogram as plain data: index i at `scale` holds "
                                 "(b**i, b**(i + 1)] with b = "
                                 "2**(2**-scale), negative values by magnitude. NaN and infinities "
                                 "are counted apart; `sum` is "
                                 "that of the finite values, NaN where it is not known.")
      .def(py::init(make), py::kw_only(), py::arg("scale") = 0, py::arg("zero_threshold") = 0.0,
           py::arg("zeros") = 0, py::arg("positive") = exponential_buckets{},
           py::arg("negative") = exponential_buckets{}, py::arg("positive_infinities") = 0,
           py::arg("negative_infinities") = 0, py::arg("nans") = 0, py::arg("sum") = 0.0,
           py::arg("min") = py::none(), py::arg("max") = py::none())
      .def_readonly("scale", &exponential_counts::scale)
      .def_readonly("zero_threshold", &exponential_counts::zero_threshold)
      .def_readonly("zeros", &exponential_counts::zeros)
      .def_readonly("positive", &exponential_counts::positive)
      .def_readonly("negative", &exponential_counts::negative)
      .def_readonly("positive_infinities", &exponential_counts::positive_infinities)
      .def_readonly("negative_infinities", &exponential_counts::negative_infinities)
      .def_readonly("nans", &exponential_counts::nans)
      .def_readonly("sum", &exponential_counts::sum)
      .def_readonly("min", &exponential_counts::min)
      .def_readonly("max", &exponential_counts::max)
      .def("__eq__",
           [](const exponential_counts& a, const exponential_counts& b) { return a == b; })
      .def(py::pickle(&state,
                      [make](const py::tuple& t) {
                        return make(t[0].cast<std::int32_t>(), t[1].cast<double>(),
                                    t[2].cast<count>(), t[3].cast<exponential_buckets>(),
                                    t[4].cast<exponential_buckets>(), t[5].cast<count>(),
                                    t[6].cast<count>(), t[7].cast<count>(), t[8].cast<double>(),
                                    t[9].cast<std::optional<double>>(),
                                    t[10].cast<std::optional<double>>());
                      }))
      .def("__repr__", [](const exponential_counts& c) {
        std::string text = "exponential_counts(scale=" + to_text(c.scale);
        if (c.zeros > 0) text += ", zeros=" + to_text(c.zeros);
        if (!c.positive.counts.empty()) text += ", positive=" + repr(c.positive);
        if (!c.negative.counts.empty()) text += ", negative=" + repr(c.negative);
        if (c.nans > 0) text += ", nans=" + to_text(c.nans);
        return text + ", sum=" + relia::python::repr(c.sum) + ")";
      });
}
