// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The one numeric concept of relia: IEC 60559 floating point. Integers do not promote silently;
/// write 720.0.

#include <concepts>
#include <cstdint>
#include <limits>

#include <relia/version.hpp>

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ && !defined(RELIA_ALLOW_FINITE_MATH)
#error \
    "relia checks its arguments for NaN and infinity, which -ffast-math / -ffinite-math-only removes. \
Build without it, or define RELIA_ALLOW_FINITE_MATH and pass finite values only."
#endif

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// An IEC 60559 floating-point type: float, double or long double.
template <class T>
concept real = std::floating_point<T> && std::numeric_limits<T>::is_iec559;

/// How many: events, trials, failures, servers.
using count = std::int64_t;

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
