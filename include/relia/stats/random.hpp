// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Random numbers by position: the value at (seed, stream, index) is a pure function, so that any
/// number of threads, in any order, on any platform, draws the same integers and uniforms.
///
/// Generator: Philox4x32-10. One block of 128 bits comes from the key {seed low, seed high} and the
/// counter {block low, block high, stream low, stream high}, least significant word first. A block
/// holds two 64-bit words, {first, second} and {third, fourth} output, the low half first; word
/// `index` of a stream is half `index & 1` of block `index >> 1`. Each of the 2^64 seeds has 2^64
/// streams of 2^64 words. Not for secrets.
/// Ref: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as
/// 1, 2, 3, SC11 (2011), section 3.3 and table 2.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <relia/detail/check.hpp>
#include <relia/stats/detail/gaussian.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

namespace detail {

inline constexpr std::uint64_t philox_multiplier_0 = 0xD2511F53;
inline constexpr std::uint64_t philox_multiplier_1 = 0xCD9E8D57;
inline constexpr std::uint32_t philox_weyl_0 = 0x9E3779B9;  // golden ratio
inline constexpr std::uint32_t philox_weyl_1 = 0xBB67AE85;  // sqrt(3) - 1
inline constexpr int philox_rounds = 10;

struct product {
  std::uint64_t high;
  std::uint64_t low;
};

/// The 128-bit product of two words.
[[nodiscard]] constexpr product multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using twice = unsigned __int128;
  const twice p = static_cast<twice>(a) * b;
  return {static_cast<std::uint64_t>(p >> 64), static_cast<std::uint64_t>(p)};
#else
  constexpr std::uint64_t half = 0xFFFFFFFF;
  const std::uint64_t low = (a & half) * (b & half);
  const std::uint64_t mid = (a >> 32) * (b & half) + (low >> 32);
  const std::uint64_t cross = (a & half) * (b >> 32) + (mid & half);
  return {(a >> 32) * (b >> 32) + (mid >> 32) + (cross >> 32), a * b};
#endif
}

}  // namespace detail

/// One block of Philox4x32-10: four random words from a counter and a key.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox4x32(
    const std::array<std::uint32_t, 4>& counter, const std::array<std::uint32_t, 2>& key) noexcept {
  auto [w0, w1, w2, w3] = counter;
  auto [key_0, key_1] = key;
#pragma GCC unroll 10
  for (int round = 0; round < detail::philox_rounds; ++round) {
    const std::uint64_t a = detail::philox_multiplier_0 * w0;
    const std::uint64_t b = detail::philox_multiplier_1 * w2;
    w0 = static_cast<std::uint32_t>(b >> 32) ^ w1 ^ key_0;
    w1 = static_cast<std::uint32_t>(b);
    w2 = static_cast<std::uint32_t>(a >> 32) ^ w3 ^ key_1;
    w3 = static_cast<std::uint32_t>(a);
    key_0 += detail::philox_weyl_0;
    key_1 += detail::philox_weyl_1;
  }
  return {w0, w1, w2, w3};
}

/// A sequence of independent random values, read at any index in O(1). Holds no state but its seed
/// and stream: copies are free, and reading is safe from any thread.
class random_stream {
 public:
  /// Streams of one seed are independent of each other: give each purpose, host or replicate one.
  constexpr explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : seed_(seed), stream_(stream) {}

  [[nodiscard]] constexpr std::uint64_t seed() const noexcept { return seed_; }
  [[nodiscard]] constexpr std::uint64_t stream() const noexcept { return stream_; }

  /// 64 random bits.
  [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const noexcept {
    return block(index >> 1)[index & 1];
  }

  /// words[i] = bits(first + i), at half the cost of one by one.
  constexpr void fill(std::uint64_t first, std::span<std::uint64_t> words) const noexcept {
    std::size_t i = 0;
    if ((first & 1) != 0 && !words.empty()) words[i++] = bits(first);
    for (; i + 2 <= words.size(); i += 2) {
      const auto two = block((first + i) >> 1);
      words[i] = two[0];
      words[i + 1] = two[1];
    }
    if (i < words.size()) words[i] = bits(first + i);
  }

  /// Uniform on (0, 1): an odd multiple of 2^-53, so that neither end occurs, u and 1 - u are
  /// equally exact, and the mean is 1/2.
  [[nodiscard]] constexpr double uniform(std::uint64_t index) const noexcept {
    return static_cast<double>((bits(index) >> 11) | 1) * 0x1p-53;
  }

  /// A whole number in [0, n), the high half of bits(index) * n. Each has a probability within
  /// 2^-64 of 1/n. Always one word: a rejection would move every later position.
  /// Throws: std::domain_error when n is 0.
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t n) const {
    relia::detail::require_domain(n > 0, "stats::random_stream::below", "n", "at least 1", n);
    return detail::multiply(bits(index), n).high;
  }

  /// Standard normal, by inversion of uniform(index): monotone in it, within 8.3 of 0.
  [[nodiscard]] double normal(std::uint64_t index) const noexcept {
    return detail::gaussian_quantile(uniform(index));
  }

  /// Exponential with mean 1, by inversion: -log(uniform(index)), in (0, 36.8).
  [[nodiscard]] double exponential(std::uint64_t index) const noexcept {
    return -std::log(uniform(index));
  }

  friend constexpr bool operator==(const random_stream&, const random_stream&) = default;

 private:
  [[nodiscard]] static constexpr std::uint32_t low(std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(word);
  }
  [[nodiscard]] static constexpr std::uint32_t high(std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(word >> 32);
  }
  [[nodiscard]] static constexpr std::uint64_t join(std::uint32_t l, std::uint32_t h) noexcept {
    return std::uint64_t{h} << 32 | l;
  }

  [[nodiscard]] constexpr std::array<std::uint64_t, 2> block(std::uint64_t at) const noexcept {
    const auto word =
        philox4x32({low(at), high(at), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
    return {join(word[0], word[1]), join(word[2], word[3])};
  }

  std::uint64_t seed_;
  std::uint64_t stream_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
