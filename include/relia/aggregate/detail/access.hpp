// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How a recording aggregate touches its cells: plainly when one thread owns it, or so that another
/// thread may read while the one writer records. Both compile to the same moves on x86-64.

#include <atomic>
#include <bit>
#include <cstdint>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

struct owned {
  template <class T>
  [[nodiscard]] static constexpr T load(const T& cell) noexcept {
    return cell;
  }
  template <class T>
  static constexpr void store(T& cell, T value) noexcept {
    cell = value;
  }
  /// Of a positive number.
  [[nodiscard]] static constexpr bool below(double x, const double& cell) noexcept {
    return x < cell;
  }
  [[nodiscard]] static constexpr bool above(double x, const double& cell) noexcept {
    return x > cell;
  }
};

/// Stores are releases and loads are acquires, so that a sequence number written before and after
/// them tells a reader whether it saw one state (Boehm 2012, "Can seqlocks get along with
/// programming language memory models?").
struct shared {
  template <class T>
  [[nodiscard]] static T load(const T& cell) noexcept {
    return std::atomic_ref<T>(const_cast<T&>(cell)).load(std::memory_order_acquire);
  }
  template <class T>
  static void store(T& cell, T value) noexcept {
    std::atomic_ref<T>(cell).store(value, std::memory_order_release);
  }
  /// An atomic load comes as an integer, and the bits of a positive number compare with those of
  /// any other as the numbers do.
  [[nodiscard]] static bool below(double x, const double& cell) noexcept {
    return std::bit_cast<std::int64_t>(x) < std::bit_cast<std::int64_t>(load(cell));
  }
  [[nodiscard]] static bool above(double x, const double& cell) noexcept {
    return std::bit_cast<std::int64_t>(x) > std::bit_cast<std::int64_t>(load(cell));
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
