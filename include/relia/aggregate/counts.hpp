// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Good and bad events, counted apart: near 1 the bad count is the datum. A commutative monoid of
/// two integers; recording is an increment. At the end of the 64-bit range a count stays at the
/// largest value and `saturated()` says so.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/aggregate/detail/access.hpp>
#include <relia/aggregate/detail/saturating.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

class counts {
 public:
  constexpr counts() = default;

  /// Domain: good >= 0, bad >= 0. Throws: std::domain_error.
  constexpr counts(count good, count bad) : good_(good), bad_(bad) {
    relia::detail::require_non_negative_count("aggregate::counts", "good", good);
    relia::detail::require_non_negative_count("aggregate::counts", "bad", bad);
  }

  /// Times below 1 record nothing.
  constexpr void record(bool good, count times = 1) noexcept {
    record_with<detail::owned>(good, times);
  }

  /// record, through cells that another thread may be reading (recorder.hpp).
  template <class Access>
  constexpr void record_with(bool good, count times = 1) noexcept {
    count& cell = good ? good_ : bad_;
    Access::store(cell, detail::saturating_add(Access::load(cell), times > 0 ? times : 0));
  }

  /// A copy of what another thread may be recording into: of one state only where a sequence number
  /// says so (recorder.hpp).
  void copy_shared_from(const counts& other) noexcept {
    good_ = detail::shared::load(other.good_);
    bad_ = detail::shared::load(other.bad_);
  }

  constexpr void record(std::span<const bool> good) noexcept {
    count n = 0;
    for (const bool g : good) n += g;
    record(true, n);
    record(false, static_cast<count>(good.size()) - n);
  }

  constexpr void merge(const counts& other) noexcept {
    good_ = detail::saturating_add(good_, other.good_);
    bad_ = detail::saturating_add(bad_, other.bad_);
  }

  /// Takes out what was merged in. Domain: `part` holds no more good and no more bad events.
  /// Throws: std::domain_error.
  constexpr void subtract(const counts& part) {
    relia::detail::require_domain(part.good_ <= good_, "aggregate::counts::subtract", "good",
                                  "at most the good events here", part.good_);
    relia::detail::require_domain(part.bad_ <= bad_, "aggregate::counts::subtract", "bad",
                                  "at most the bad events here", part.bad_);
    good_ -= part.good_;
    bad_ -= part.bad_;
  }

  [[nodiscard]] constexpr count good() const noexcept { return good_; }
  [[nodiscard]] constexpr count bad() const noexcept { return bad_; }
  [[nodiscard]] constexpr count valid() const noexcept {
    return detail::saturating_add(good_, bad_);
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return good_ == 0 && bad_ == 0; }
  /// Whether a count, or their sum, has reached the end of its range.
  [[nodiscard]] constexpr bool saturated() const noexcept { return valid() == most; }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::counts, 1);
    out.write(good_);
    out.write(bad_);
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of counts.
  [[nodiscard]] static counts from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::counts, 1);
    const count good = in.read_count();
    const count bad = in.read_count();
    in.finish();
    return {good, bad};
  }

  friend constexpr bool operator==(const counts&, const counts&) = default;

 private:
  static constexpr count most = std::numeric_limits<count>::max();

  count good_ = 0;
  count bad_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
