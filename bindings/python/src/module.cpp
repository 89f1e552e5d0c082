// SPDX-License-Identifier: BSL-1.0
#include <relia/version.hpp>

#include "bind.hpp"

namespace {

/// A submodule that is imported by its own name: relia.stats, not relia._core.stats.
py::module_ submodule(py::module_& package, const char* name, const char* doc) {
  const std::string full = std::string("relia.") + name;
  auto m = py::reinterpret_borrow<py::module_>(PyImport_AddModule(full.c_str()));
  m.attr("__doc__") = doc;
  package.attr(name) = m;
  return m;
}

}  // namespace

PYBIND11_MODULE(_core, core) {
  core.doc() = "The compiled part of relia; import relia instead.";
  // The names of relia::core belong to the package itself, which is importing this module right
  // now.
  auto package = py::module_::import("relia");
  package.attr("__version__") = RELIA_VERSION;
  bind_core(package);

  using binder = void (*)(py::module_&);
  const struct {
    const char* name;
    const char* doc;
    binder bind;
  } areas[] = {
      {"aggregate", "What runs in a request path and merges: counts and windows.", bind_aggregate},
      {"stats", "Intervals, tests, resampling and survival: statistics that know no SRE word.",
       bind_stats},
      {"sli", "How good was the service? Good and valid events, time slices, counters.", bind_sli},
      {"slo", "How fast is the error budget burning, and should somebody be woken?", bind_slo},
      {"forecast", "When does it run out, and with what probability?", bind_forecast},
      {"queueing", "How many servers does this latency need?", bind_queueing},
      {"incident", "How fast do we notice and repair?", bind_incident},
      {"check", "Rules evaluated to verdicts. Call it: relia.check(\"capacity.yaml\").",
       bind_check},
      {"io", "Formats in, formats out.", bind_io},
  };
  for (const auto& area : areas) {
    auto m = submodule(package, area.name, area.doc);
    area.bind(m);
  }
}
