// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Good and bad events over time, as increments: each row counts what happened since the row
/// before and is stamped when it ended. Prefix sums answer any window in two binary searches, and
/// exactly: the counts are integers.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

class event_series {
 public:
  event_series() = default;

  /// `from`: when counting began; by default the first row is taken to be as long as the second.
  /// Throws: std::invalid_argument when the sizes differ or the times are not strictly increasing,
  /// std::domain_error for a negative count or a sum beyond 64 bits.
  event_series(std::span<const instant> times, std::span<const count> good,
               std::span<const count> bad, std::optional<instant> from = std::nullopt) {
    relia::detail::require_same_size(name, "good", good.size(), times.size());
    relia::detail::require_same_size(name, "bad", bad.size(), times.size());
    times_.assign(times.begin(), times.end());
    good_.reserve(times.size() + 1);
    bad_.reserve(times.size() + 1);
    good_.push_back(0);
    bad_.push_back(0);
    for (std::size_t i = 0; i < times.size(); ++i) {
      relia::detail::require_increasing(name, times, i);
      relia::detail::require_non_negative_count(name, "good", good[i]);
      relia::detail::require_non_negative_count(name, "bad", bad[i]);
      constexpr count most = std::numeric_limits<count>::max();
      relia::detail::require_domain(
          good[i] <= most - good_.back() && bad[i] <= most - bad_.back() &&
              good_.back() + good[i] <= most - bad_.back() - bad[i],
          name, "the sum of all events", "below 2^63", relia::detail::row{i});
      good_.push_back(good_.back() + good[i]);
      bad_.push_back(bad_.back() + bad[i]);
    }
    if (times_.empty()) return;
    from_ = from.value_or(times_.size() > 1 ? times_[0] - (times_[1] - times_[0]) : times_[0]);
    relia::detail::require_argument(from_ <= times_[0], name, "from", "at or before the first time",
                                    (from_ - times_[0]).count());
  }

  [[nodiscard]] bool empty() const noexcept { return times_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return times_.size(); }
  [[nodiscard]] std::span<const instant> times() const noexcept { return times_; }

  /// When counting began. The epoch when empty.
  [[nodiscard]] instant from() const noexcept { return from_; }

  /// Sums of the first rows: element i is the sum of rows 0 to i - 1.
  [[nodiscard]] std::span<const count> good_sums() const noexcept { return good_; }
  [[nodiscard]] std::span<const count> bad_sums() const noexcept { return bad_; }

  [[nodiscard]] aggregate::counts total() const noexcept {
    return empty() ? aggregate::counts{} : sum(0, size());
  }

  /// The rows stamped in (after, until]: what happened between the two, when both are stamps.
  /// Cost: O(log n).
  [[nodiscard]] aggregate::counts between(instant after, instant until) const noexcept {
    const auto index = [&](instant t) {
      return static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), t) -
                                      times_.begin());
    };
    const std::size_t first = index(after);
    const std::size_t last = index(until);
    return last > first ? sum(first, last) : aggregate::counts{};
  }

 private:
  [[nodiscard]] aggregate::counts sum(std::size_t first, std::size_t last) const noexcept {
    aggregate::counts result;
    result.record(true, good_[last] - good_[first]);
    result.record(false, bad_[last] - bad_[first]);
    return result;
  }

  static constexpr const char* name = "sli::event_series";

  std::vector<instant> times_;
  std::vector<count> good_;
  std::vector<count> bad_;
  instant from_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
