// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Slices and their policies as words, and the options of a proportion: shared by the files that
/// bind sli.

#include <string>
#include <vector>

#include <relia/sli/time_slice.hpp>
#include <relia/stats/proportion.hpp>

#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {

inline constexpr choice<sli::no_traffic> no_traffics[] = {{"good", sli::no_traffic::good},
                                                          {"bad", sli::no_traffic::bad},
                                                          {"ignore", sli::no_traffic::ignore}};
inline constexpr choice<sli::slice> slice_kinds[] = {
    {"good", sli::slice::good}, {"bad", sli::slice::bad}, {"ignored", sli::slice::ignored}};

[[nodiscard]] inline py::object from_judged(const std::vector<sli::slice>& judged) {
  py::list words;
  for (const sli::slice s : judged) words.append(py::str(word_of(s, slice_kinds)));
  return py::module_::import("numpy").attr("array")(words, py::arg("dtype") = "U7");
}

[[nodiscard]] inline stats::proportion_options to_proportion_options(double level,
                                                                     const std::string& method,
                                                                     const std::string& sides,
                                                                     const char* function) {
  return {level,
          to_method(method, {stats::wilson, stats::clopper_pearson, stats::jeffreys}, function),
          to_sides(sides)};
}

}  // namespace relia::python
