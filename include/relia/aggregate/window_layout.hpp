// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How much memory rolling windows take, and how fine they are. Time is cut into tiers: the newest
/// stretch in fine cells, what is older in coarser ones, so that the old edge of every window falls
/// into cells of at most a stated part of its length. Each grain is a whole multiple of the finer
/// one, and every instant lies in exactly one cell.
///
/// The default, 5 m, 30 m, 1 h, 6 h, 1 d, 3 d and 30 d in cells of at most a sixtieth, has grains
/// of 5 s, 30 s, 1 m, 6 m, 24 m, 72 m and 12 h and takes 337 cells: 5.4 kB of `counts`.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// `allowance` bounds what one sample is believed: how late or early it may be against the newest.
struct window_options {
  count parts = 60;                               ///< a cell is at most length / parts long
  duration allowance = std::chrono::minutes(60);  ///< also the longest silence that is ordinary
  count confirmations = 8;  ///< samples outside the allowance that move the clock

  friend constexpr bool operator==(const window_options&, const window_options&) = default;
};

/// Cells of one grain, the newest of them still open towards the finer tier.
struct window_tier {
  duration grain{};
  std::int64_t cells = 0;

  friend constexpr bool operator==(const window_tier&, const window_tier&) = default;
};

/// The first entries of an array. A std::span in all but the concepts that its constructors check,
/// which cost a compiler 30 ms.
template <class T>
class first_entries {
 public:
  constexpr first_entries(const T* data, std::size_t size) noexcept : data_(data), size_(size) {}

  [[nodiscard]] constexpr const T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr const T* begin() const noexcept { return data_; }
  [[nodiscard]] constexpr const T* end() const noexcept { return data_ + size_; }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const noexcept { return data_[i]; }

 private:
  const T* data_;
  std::size_t size_;
};

class window_layout {
 public:
  static constexpr std::size_t most_lengths = 16;
  static constexpr duration longest_length = std::chrono::hours(24 * 3653);
  static constexpr std::array<duration, 7> usual_lengths{
      std::chrono::minutes(5), std::chrono::minutes(30), std::chrono::hours(1),
      std::chrono::hours(6),   std::chrono::hours(24),   std::chrono::hours(72),
      std::chrono::hours(720)};

  /// 5 m, 30 m, 1 h, 6 h, 1 d, 3 d and 30 d.
  constexpr window_layout() : window_layout(usual_lengths.data(), usual_lengths.size(), {}) {}
  constexpr explicit window_layout(const window_options& options)
      : window_layout(usual_lengths.data(), usual_lengths.size(), options) {}

  constexpr window_layout(std::initializer_list<duration> lengths,
                          const window_options& options = {})
      : window_layout(lengths.begin(), lengths.size(), options) {}

  /// Lengths in any order; one given twice counts once. Domain: lengths of `parts` nanoseconds to
  /// ten years; 1 <= parts <= 1000; 0 <= allowance <= the longest; 2 <= confirmations <= 1000.
  /// Throws: std::domain_error, std::invalid_argument for no length or more than 16.
  constexpr explicit window_layout(const std::span<const duration>& lengths,
                                   const window_options& options = {})
      : window_layout(lengths.data(), lengths.size(), options) {}

  constexpr window_layout(const duration* lengths, std::size_t size, const window_options& options)
      : options_(options) {
    constexpr const char* where = "aggregate::window_layout";
    relia::detail::require_domain(1 <= options.parts && options.parts <= 1000, where, "parts",
                                  "1 to 1000", options.parts);
    relia::detail::require_domain(2 <= options.confirmations && options.confirmations <= 1000,
                                  where, "confirmations", "2 to 1000", options.confirmations);
    for (const duration length : first_entries(lengths, size)) {
      relia::detail::require_domain(
          options.parts <= length.count() && length <= longest_length, where, "length",
          "at least as many nanoseconds as parts, and under ten years", length.count());
      std::size_t at = lengths_held_;
      while (at > 0 && lengths_[at - 1] > length) --at;
      if (at > 0 && lengths_[at - 1] == length) continue;
      relia::detail::require_argument(lengths_held_ < most_lengths, where, "lengths",
                                      "at most 16 different ones", size);
      for (std::size_t k = lengths_held_++; k > at; --k) lengths_[k] = lengths_[k - 1];
      lengths_[at] = length;
    }
    relia::detail::require_argument(lengths_held_ > 0, where, "lengths", "at least one", size);
    relia::detail::require_domain(
        duration{0} <= options.allowance && options.allowance <= longest(), where, "allowance",
        "at least 0 and at most the longest window", options.allowance.count());
    for (const duration length : this->lengths()) add_tier(length);
  }

  /// By increasing length.
  [[nodiscard]] constexpr first_entries<duration> lengths() const noexcept {
    return {lengths_.data(), lengths_held_};
  }
  [[nodiscard]] constexpr duration longest() const noexcept { return lengths_[lengths_held_ - 1]; }
  [[nodiscard]] constexpr const window_options& options() const noexcept { return options_; }

  /// By increasing grain; at most one for each length.
  [[nodiscard]] constexpr first_entries<window_tier> tiers() const noexcept {
    return {tiers_.data(), tiers_held_};
  }

  /// How many aggregates the windows hold; `confirmations` and three more stand beside them.
  [[nodiscard]] constexpr std::size_t cells() const noexcept {
    std::int64_t n = 0;
    for (const window_tier& t : tiers()) n += t.cells;
    return static_cast<std::size_t>(n);
  }

  /// How far back from the newest sample the cells reach at least.
  [[nodiscard]] constexpr duration reach() const noexcept {
    std::int64_t r = 0;
    for (const window_tier& t : tiers()) r += t.grain.count() * (t.cells - 1);
    return duration(r);
  }

  /// The tiers follow from the lengths and the options.
  friend constexpr bool operator==(const window_layout& a, const window_layout& b) noexcept {
    if (a.options_ != b.options_ || a.lengths_held_ != b.lengths_held_) return false;
    for (std::size_t i = 0; i < a.lengths_held_; ++i) {
      if (a.lengths_[i] != b.lengths_[i]) return false;
    }
    return true;
  }

 private:
  constexpr void add_tier(duration length) noexcept {
    std::int64_t grain = length.count() / options_.parts;
    if (tiers_held_ > 0) {
      const std::int64_t finer = tiers_[tiers_held_ - 1].grain.count();
      grain = finer * std::max<std::int64_t>(grain / finer, 1);
      if (grain == finer) --tiers_held_;
    }
    const std::int64_t beyond = length == longest() ? options_.allowance.count() : 0;
    const std::int64_t missing =
        std::max<std::int64_t>(length.count() + beyond - reach().count(), 0);
    // One more than the length takes: the newest cell has only begun.
    tiers_[tiers_held_++] = {duration(grain), (missing + grain - 1) / grain + 1};
  }

  window_options options_{};
  std::array<duration, most_lengths> lengths_{};
  std::array<window_tier, most_lengths> tiers_{};
  std::size_t lengths_held_ = 0;
  std::size_t tiers_held_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
