// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Positive numbers of any size: a double times a power of 2^480. Normalising constants of closed
/// networks pass 1e+-30000; their terms are all positive, so sums and products of such numbers keep
/// every digit. The step is that large so that neighbours in a sequence mostly share it, and a sum
/// of products runs over plain doubles.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

struct scaled {
  static constexpr int step = 480;

  double mantissa = 0;
  std::int64_t exponent = 0;
};

/// The mantissa brought within 2^-240 and 2^240: a product of two, summed 2^30 times, stays finite.
[[nodiscard]] inline scaled normalized(double mantissa, std::int64_t exponent) noexcept {
  constexpr double highest = 0x1p240;
  constexpr double lowest = 0x1p-240;
  if ((mantissa >= lowest && mantissa < highest) || mantissa == 0) return {mantissa, exponent};
  const int bits = std::ilogb(mantissa);
  const int steps = (bits + (bits < 0 ? -1 : 1) * (scaled::step / 2)) / scaled::step;
  return {std::scalbn(mantissa, -steps * scaled::step), exponent + steps};
}

[[nodiscard]] inline scaled operator*(scaled a, scaled b) noexcept {
  return normalized(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

[[nodiscard]] inline scaled operator+(scaled a, scaled b) noexcept {
  if (a.mantissa == 0) return b;
  if (b.mantissa == 0) return a;
  if (a.exponent < b.exponent) std::swap(a, b);
  if (a.exponent - b.exponent > 1) return a;
  const double small = a.exponent == b.exponent ? b.mantissa : b.mantissa * 0x1p-480;
  return normalized(a.mantissa + small, a.exponent);
}

/// a / b as a double: 0 or infinite where a double cannot hold it.
[[nodiscard]] inline double ratio(scaled a, scaled b) noexcept {
  const std::int64_t steps = std::clamp<std::int64_t>(a.exponent - b.exponent, -8, 8);
  return std::scalbn(a.mantissa / b.mantissa, static_cast<int>(steps) * scaled::step);
}

/// A sequence of them that knows where the exponent changes.
class scaled_sequence {
 public:
  void reserve(std::size_t size) {
    mantissas_.reserve(size);
    exponents_.reserve(size);
    begins_.reserve(size);
  }
  void push_back(scaled x) {
    const std::size_t at = mantissas_.size();
    begins_.push_back(at > 0 && exponents_.back() == x.exponent ? begins_.back() : at);
    mantissas_.push_back(x.mantissa);
    exponents_.push_back(x.exponent);
  }
  [[nodiscard]] std::size_t size() const noexcept { return mantissas_.size(); }
  [[nodiscard]] scaled operator[](std::size_t i) const noexcept {
    return {mantissas_[i], exponents_[i]};
  }
  [[nodiscard]] const double* mantissas() const noexcept { return mantissas_.data(); }
  /// The first of the neighbours up to i that share its exponent.
  [[nodiscard]] std::size_t run_begin(std::size_t i) const noexcept { return begins_[i]; }

 private:
  std::vector<double> mantissas_;
  std::vector<std::int64_t> exponents_;
  std::vector<std::size_t> begins_;
};

/// The sum of the first[i] second[n - i], i <= n, over all of `first`, or n + 1 terms of it. Cost:
/// the number of terms.
[[nodiscard]] inline scaled convolution_at(const scaled_sequence& first,
                                           const scaled_sequence& second, std::size_t n) noexcept {
  scaled sum;
  // Downwards in `first`, so that a run of it ends where it begins; upwards in `second`.
  std::size_t left = std::min(n + 1, first.size());
  while (left > 0) {
    const std::size_t high = left - 1;
    const std::size_t low_second = n - high;
    std::size_t low = first.run_begin(high);
    // The run of `second` that starts here ends at an index that only its own later members know.
    std::size_t top = n - low;
    while (second.run_begin(top) > low_second) top = second.run_begin(top) - 1;
    low = n - top;
    const std::int64_t exponent = first[high].exponent + second[low_second].exponent;
    if (sum.mantissa == 0 || exponent + 1 >= sum.exponent) {
      const double* a = first.mantissas() + low;
      const double* b = second.mantissas() + top;
      const std::size_t length = high - low + 1;
      std::array<double, 4> part{};
      std::size_t i = 0;
      for (; i + 4 <= length; i += 4) {
        part[0] += a[i] * *(b - i);
        part[1] += a[i + 1] * *(b - i - 1);
        part[2] += a[i + 2] * *(b - i - 2);
        part[3] += a[i + 3] * *(b - i - 3);
      }
      for (; i < length; ++i) part[0] += a[i] * *(b - i);
      sum = sum + normalized((part[0] + part[1]) + (part[2] + part[3]), exponent);
    }
    left = low;
  }
  return sum;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
