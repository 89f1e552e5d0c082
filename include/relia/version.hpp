// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The version of relia, and the inline namespace that carries it. Two versions, or two modes whose
/// errors behave differently, can meet in one program without meeting each other.

#define RELIA_VERSION "0.1.0"

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define RELIA_VERSION_NAMESPACE v0_1
#else
#define RELIA_VERSION_NAMESPACE v0_1_noexcept
#endif

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// The version of these headers, "major.minor.patch".
inline constexpr const char* version = RELIA_VERSION;

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
