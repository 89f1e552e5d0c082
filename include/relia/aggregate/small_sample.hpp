// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long did it take, when it happened only a few times? The values themselves, up to a fixed
/// number of them: every answer is exact. They are kept as they came and put in order when
/// somebody asks, so that recording is one store. What does not fit is refused, counted, and makes
/// the bounds as wide as it could have; aggregate/adaptive.hpp goes over to a histogram instead.
/// Memory: 8 bytes for each of Capacity values and 24 more, inside the object.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/detail/rank.hpp>
#include <relia/aggregate/detail/sums.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

template <std::size_t Capacity = 64>
class small_sample {
  static_assert(Capacity >= 1 && Capacity <= 4096, "answers sort a copy on the stack");

 public:
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }

  /// NaN is counted in nans() alone and takes no room.
  void record(double value) noexcept {
    if (std::isnan(value)) return increase(nans_, 1);
    if (size_ == Capacity) return increase(refused_, 1);
    values_[size_++] = value + 0.0;  // one zero: -0 becomes 0
  }

  void record(std::span<const double> values) noexcept {
    for (const double x : values) record(x);
  }

  /// Adds the values of `other`. Throws: std::invalid_argument when both do not fit.
  void merge(const small_sample& other) {
    relia::detail::require_argument(other.size_ <= Capacity - size_,
                                    "aggregate::small_sample::merge", "other",
                                    "small enough to fit beside what is here", other.size_);
    std::copy_n(other.values_.begin(), other.size_,
                values_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += other.size_;
    increase(nans_, other.nans_);
    increase(refused_, other.refused_);
  }

  /// Takes away values that were merged or recorded into this. Throws: std::invalid_argument when
  /// `part` is not a part, or either has refused a value.
  void subtract(const small_sample& part) {
    const sorted_values whole(*this);
    const sorted_values less(part);
    relia::detail::require_argument(
        refused_ == 0 && part.refused_ == 0 && part.nans_ <= nans_ &&
            std::includes(whole.begin(), whole.end(), less.begin(), less.end()),
        "aggregate::small_sample::subtract", "part", "a part of the sample",
        std::string_view("another"));
    const auto end =
        std::set_difference(whole.begin(), whole.end(), less.begin(), less.end(), values_.begin());
    size_ = static_cast<std::size_t>(end - values_.begin());
    nans_ -= part.nans_;
  }

  /// Everything recorded but NaN, refused values included.
  [[nodiscard]] relia::count count() const noexcept {
    relia::count n = refused_;
    increase(n, static_cast<relia::count>(size_));
    return n;
  }
  [[nodiscard]] relia::count nans() const noexcept { return nans_; }
  /// Values that came when the sample was full.
  [[nodiscard]] relia::count refused() const noexcept { return refused_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0 && nans_ == 0; }
  /// Whether a value was refused, or a count has reached the end of its range.
  [[nodiscard]] bool saturated() const noexcept { return refused_ != 0 || nans_ == most; }
  /// The values kept, as they came.
  [[nodiscard]] std::span<const double> values() const noexcept { return {values_.data(), size_}; }

  /// Among the values kept.
  [[nodiscard]] relia::count positive_infinities() const noexcept { return equal_to(infinite); }
  [[nodiscard]] relia::count negative_infinities() const noexcept { return equal_to(-infinite); }
  [[nodiscard]] relia::count zeros() const noexcept { return equal_to(0.0); }
  /// Of the finite values kept: compensated, and the same in whatever order they came.
  [[nodiscard]] double sum() const noexcept {
    detail::compensated_sum total;
    for (const double x : sorted_values(*this)) {
      if (std::isfinite(x)) total.template add<detail::owned>(x);
    }
    return total.value();
  }
  [[nodiscard]] bounded min() const { return quantile(0.0); }
  [[nodiscard]] bounded max() const { return quantile(1.0); }

  /// The smallest value that at least a fraction `level` of the values lies at or below; exact,
  /// unless values were refused: they may have lain on either side. Domain: [0, 1]. Throws:
  /// std::domain_error. Cost: O(n log n), as sum, min and max; no allocation.
  [[nodiscard]] bounded quantile(double level) const {
    relia::detail::require_fraction("aggregate::small_sample::quantile", "level", level);
    if (count() == 0) return {};
    return ranked(detail::rank_of(level, count()));
  }

  /// How many values are at most x. Domain: x not NaN. Throws: std::domain_error. Cost: O(n).
  [[nodiscard]] bounded at_most(double x) const {
    relia::detail::require_number("aggregate::small_sample::at_most", "x", x);
    const auto kept = static_cast<double>(
        std::count_if(values().begin(), values().end(), [x](double value) { return value <= x; }));
    if (refused_ == 0 || x == infinite) {
      const double n = kept + static_cast<double>(refused_);
      return {n, n, n, state::ok};
    }
    const auto all = static_cast<double>(count());
    return {kept / static_cast<double>(Capacity) * all, kept, kept + static_cast<double>(refused_),
            state::ok};
  }

  /// at_most(x) / (count() + nans()): a NaN is an event that is never fast enough.
  [[nodiscard]] bounded fraction_at_most(double x) const {
    const bounded b = at_most(x);
    const double n = static_cast<double>(count()) + static_cast<double>(nans_);
    if (n == 0) return {};
    return {b.value / n, b.lower / n, b.upper / n, state::ok};
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::small_sample, 1);
    out.write_varint(0);  // 1 is the adaptive form
    write(out);
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of a small sample, or hold
  /// more than Capacity values.
  [[nodiscard]] static small_sample from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::small_sample, 1);
    in.check(in.read_varint() == 0, "hold a sample that goes over to no histogram");
    const small_sample sample = read(in);
    in.finish();
    return sample;
  }

  /// Without the head: NaNs, refused values, size, then the values in order.
  void write(byte_writer& out) const {
    out.write_varint(static_cast<std::uint64_t>(nans_));
    out.write_varint(static_cast<std::uint64_t>(refused_));
    out.write_varint(size_);
    for (const double x : sorted_values(*this)) out.write(x);
  }

  [[nodiscard]] static small_sample read(byte_reader& in) {
    small_sample sample;
    sample.nans_ = in.read_varint_count();
    sample.refused_ = in.read_varint_count();
    const std::uint64_t size = in.read_varint();
    in.check(size <= Capacity, "hold no more values than the capacity");
    in.check(sample.refused_ == 0 || size == Capacity, "refuse no value while there is room");
    double before = -infinite;
    for (; sample.size_ < size; ++sample.size_) {
      const double x = in.read_real();
      in.check(x >= before && !(x == 0 && std::signbit(x)), "hold values in order, none NaN or -0");
      sample.values_[sample.size_] = before = x;
    }
    return sample;
  }

  /// The same values, in whatever order they came.
  friend bool operator==(const small_sample& a, const small_sample& b) noexcept {
    if (a.size_ != b.size_ || a.nans_ != b.nans_ || a.refused_ != b.refused_) return false;
    const sorted_values x(a);
    const sorted_values y(b);
    return std::equal(x.begin(), x.end(), y.begin());
  }

 private:
  static constexpr relia::count most = std::numeric_limits<relia::count>::max();
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  /// A copy, so that a question changes nothing and any thread may ask.
  class sorted_values {
   public:
    explicit sorted_values(const small_sample& sample) noexcept : size_(sample.size_) {
      std::copy_n(sample.values_.begin(), size_, values_.begin());
      std::sort(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(size_));
    }
    [[nodiscard]] const double* begin() const noexcept { return values_.data(); }
    [[nodiscard]] const double* end() const noexcept { return values_.data() + size_; }

   private:
    std::array<double, Capacity> values_;
    std::size_t size_;
  };

  static void increase(relia::count& cell, relia::count n) noexcept {
    cell = cell > most - n ? most : cell + n;
  }

  [[nodiscard]] relia::count equal_to(double x) const noexcept {
    return std::count(values().begin(), values().end(), x);
  }

  /// With r values refused, of which 0 to r came before it, the value of rank k is one of those
  /// kept with ranks k - r to k.
  [[nodiscard]] bounded ranked(relia::count rank) const noexcept {
    const sorted_values sorted(*this);
    const auto size = static_cast<relia::count>(size_);
    const relia::count least = rank - refused_;
    const double lower = least < 1 ? -infinite : sorted.begin()[least - 1];
    const double upper = rank > size ? infinite : sorted.begin()[rank - 1];
    if (refused_ == 0) return {lower, lower, lower, state::ok};
    const double share = static_cast<double>(rank) / static_cast<double>(count());
    return {sorted.begin()[detail::rank_of(share, size) - 1], lower, upper, state::ok};
  }

  std::array<double, Capacity> values_{};
  std::size_t size_ = 0;
  relia::count nans_ = 0;
  relia::count refused_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
