// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "bind.hpp"

namespace relia::python {

/// Whole numbers as an array of their shape, so that py::vectorize cannot truncate a float.
[[nodiscard]] inline py::array_t<count> whole(const py::handle& values, const char* name) {
  (void)to_counts(values, name);
  return py::array_t<count>(py::module_::import("numpy").attr("asarray")(values));
}

}  // namespace relia::python
