// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many values were at most each of a few thresholds, exactly and nearly for nothing: a bucket
/// that no threshold cuts counts its values for the interval in which it lies. Counted one by one
/// are the strays: values in a bucket with a threshold inside it, in no positive bucket, or in one
/// that cannot count further. Where buckets widen, `keep` tells the strays anew.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <relia/aggregate/detail/access.hpp>
#include <relia/aggregate/detail/bucket_store.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Where the buckets of a window pass a threshold: at the end of `last`, or inside it.
struct threshold_place {
  std::int64_t last = 0;
  bool inside = false;
};

template <class Store>
[[nodiscard]] threshold_place place_of_threshold(double t, const Store& positive) noexcept {
  const index_range all = positive.window();
  if (t <= 0) return {all.first - 1, false};
  if (std::isinf(t)) return {all.last, false};
  const std::int64_t index = exponential_index(t, positive.scale());
  if (index < all.first) return {all.first - 1, false};
  if (index > all.last) return {all.last, false};
  return {index, exponential_bound(index + 1, positive.scale()) != t};
}

template <std::size_t N>
struct threshold_counts {
  /// By interval: up to the first threshold, (limits[k - 1], limits[k]], and above the last.
  using numbers = std::array<count, N + 1>;

  std::array<double, N> limits = none();      // infinite from the first unused one on
  std::array<std::uint64_t, N + 1> strays{};  // modulo 2^64: plain data has values by bucket only

  [[nodiscard]] static constexpr std::array<double, N> none() noexcept {
    std::array<double, N> out{};
    out.fill(std::numeric_limits<double>::infinity());
    return out;
  }

  [[nodiscard]] std::size_t used() const noexcept {
    std::size_t n = 0;
    for (const double t : limits) n += std::isfinite(t);
    return n;
  }

  template <class Access>
  void add_stray(double value) noexcept {
    if constexpr (N > 0) {
      std::size_t k = 0;
      for (const double t : limits) k += value > t;
      Access::store(strays[k], Access::load(strays[k]) + 1);
    }
  }

  /// So few strays that twice as many, and the buckets of a merge_alike, are less than 2^63.
  [[nodiscard]] bool few() const noexcept {
    std::uint64_t any = 0;
    for (const std::uint64_t n : strays) any |= n;
    return any < std::uint64_t{1} << 60;
  }
  void add_strays(const threshold_counts& other) noexcept {
    for (std::size_t k = 0; k <= N; ++k) strays[k] += other.strays[k];
  }

  /// All values, `positive` holding some in a part of its window.
  template <class Store>
  [[nodiscard]] numbers total(const Store& positive, const index_range& part) const noexcept {
    numbers n = in_whole_buckets(positive, part);
    for (std::size_t k = 0; k <= N; ++k) {
      n[k] = static_cast<count>(static_cast<std::uint64_t>(n[k]) + strays[k]);
    }
    return n;
  }

  /// Makes `n` the total beside what `positive` holds now.
  template <class Access, class Store>
  void keep(const numbers& n, const Store& positive) noexcept {
    const numbers whole = in_whole_buckets(positive, positive.window());
    for (std::size_t k = 0; k <= N; ++k) {
      Access::store(strays[k],
                    static_cast<std::uint64_t>(n[k]) - static_cast<std::uint64_t>(whole[k]));
    }
  }

  friend bool operator==(const threshold_counts&, const threshold_counts&) = default;

 private:
  template <class Store>
  [[nodiscard]] numbers in_whole_buckets(const Store& positive,
                                         const index_range& part) const noexcept {
    numbers n{};
    if constexpr (N > 0) {
      std::int64_t first = part.first;
      for (std::size_t k = 0; k < N; ++k) {
        const threshold_place at = place_of_threshold(limits[k], positive);
        n[k] = positive.sum({first, std::min(at.last - at.inside, part.last)});
        first = std::max(first, at.last + 1);
      }
      n[N] = positive.sum({first, part.last});
    }
    return n;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
