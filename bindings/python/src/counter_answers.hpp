// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How windows over a counter are asked for from Python, and how answers at one or at many times
/// come back.

#include <string>
#include <vector>

#include <relia/sli/counter.hpp>

#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {

inline constexpr choice<sli::counter_preset> counter_presets[] = {
    {"prometheus_3", sli::prometheus_3}, {"prometheus_2", sli::prometheus_2}};
inline constexpr choice<sli::edges> all_edges[] = {{"extrapolated", sli::edges::extrapolated},
                                                   {"anchored", sli::edges::anchored},
                                                   {"smoothed", sli::edges::smoothed}};

[[nodiscard]] inline sli::counter_options to_counter_options(const std::string& preset,
                                                             const std::string& edges,
                                                             const py::object& lookback) {
  return {choose(preset, counter_presets, "preset"), choose(edges, all_edges, "edges"),
          to_duration(lookback, "lookback")};
}

/// None and NaT become the epoch, which means unknown.
[[nodiscard]] inline std::vector<instant> to_starts(const py::object& starts) {
  std::vector<instant> began;
  if (starts.is_none()) return began;
  for (const auto& s : to_optional_instants(starts, "starts"))
    began.push_back(s.value_or(instant{}));
  return began;
}

[[nodiscard]] inline bool is_one(const py::object& at) {
  return py::int_(py::module_::import("numpy").attr("ndim")(at)).cast<int>() == 0;
}

/// What a counter answers at one time; at many, value, state, samples and resets are arrays.
struct counter_answers {
  py::object value, state, samples, resets;
  std::string preset, edges;
};

[[nodiscard]] inline counter_answers collect(const std::vector<sli::counter_answer>& found,
                                             bool one, const std::string& preset,
                                             const std::string& edges) {
  const auto n = static_cast<py::ssize_t>(found.size());
  py::array_t<double> value(n);
  py::array_t<count> samples(n);
  py::array_t<count> resets(n);
  py::list state;
  for (std::size_t i = 0; i < found.size(); ++i) {
    value.mutable_data()[i] = found[i].value;
    samples.mutable_data()[i] = found[i].samples;
    resets.mutable_data()[i] = found[i].resets;
    state.append(py::str(std::string(to_string(found[i].state))));
  }
  if (one) {
    return {value.attr("item")(0),  state[0], samples.attr("item")(0),
            resets.attr("item")(0), preset,   edges};
  }
  const auto np = py::module_::import("numpy");
  return {value, np.attr("array")(state, py::arg("dtype") = "U8"), samples, resets, preset, edges};
}

}  // namespace relia::python
