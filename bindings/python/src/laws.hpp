// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The laws of times as arguments: any of them, or one of those that a model can take.

#include <string>
#include <variant>

#include <pybind11/pybind11.h>

#include <relia/queueing/simulation.hpp>

namespace relia::python {

/// What mg1, gimc and simulate take in Python: one of the laws.
using law = queueing::time_law;
using continuous_law = std::variant<queueing::exponential_time, queueing::erlang_time,
                                    queueing::hyperexponential_time, queueing::lognormal_time>;

/// The law that an argument is, of those of the variant.
template <class Laws, std::size_t At = 0>
Laws to_law(const pybind11::handle& given, const char* name) {
  if constexpr (At == std::variant_size_v<Laws>) {
    throw pybind11::type_error(
        std::string(name) +
        " must be a law of times, such as lognormal_time or exponential_time; srpt "
        "needs one with a density");
  } else {
    using time = std::variant_alternative_t<At, Laws>;
    if (pybind11::isinstance<time>(given)) return given.cast<time>();
    return to_law<Laws, At + 1>(given, name);
  }
}

}  // namespace relia::python
