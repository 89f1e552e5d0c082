// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Counts that stay at the end of their range, visibly, and never wrap.

#include <cstdint>
#include <limits>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Domain: a and b at least 0.
template <class Counter>
[[nodiscard]] constexpr Counter saturating_add(Counter a, count b) noexcept {
  constexpr Counter most = std::numeric_limits<Counter>::max();
  return static_cast<std::uint64_t>(b) > static_cast<std::uint64_t>(most - a)
             ? most
             : static_cast<Counter>(a + static_cast<Counter>(b));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
