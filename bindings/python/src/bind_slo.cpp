// SPDX-License-Identifier: BSL-1.0
#include "bind.hpp"

void bind_slo(py::module_&) {}
