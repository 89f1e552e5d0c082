// SPDX-License-Identifier: BSL-1.0
#include "bind.hpp"

void bind_stats(py::module_& m) {
  bind_stats_intervals(m);
  bind_stats_clusters(m);
  bind_stats_joint(m);
  bind_stats_resampling(m);
}
