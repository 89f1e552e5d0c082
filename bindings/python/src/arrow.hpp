// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Columns of numbers through Arrow's C interface: pandas, Polars, DuckDB and pyarrow columns hand
/// over their own memory, chunk by chunk, and no package of theirs is needed to read it.
/// Ref: Apache Arrow, "The Arrow C data interface" and "The Arrow PyCapsule Interface".

#include <functional>
#include <span>

#include "bind.hpp"

namespace relia::python {

/// Whether the object offers the interface and is no NumPy array.
[[nodiscard]] bool is_arrow(const py::handle& values);

/// Calls `take` with each chunk of an Arrow column of numbers, without the GIL; doubles are not
/// copied. Throws: ValueError for a column that holds nulls, or is not of numbers.
void for_each_chunk(const py::handle& values, const char* name,
                    const std::function<void(std::span<const double>)>& take);

}  // namespace relia::python
