// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The byte form of aggregates: "RLIA", a kind, a format version, then little-endian fields, the
/// same on every platform and from every language. The reader trusts nothing: every read is
/// bounded, counts are checked against what is left before anything is allocated, and bytes left
/// over are an error.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// What a byte form holds. Numbers are part of the format: never reuse one.
enum class byte_kind : std::uint16_t {
  counts = 1,
  histogram = 2,
  integer_histogram = 3,
  small_sample = 4,
  explicit_histogram = 5,
  keyed = 6,
  windows = 7,
  ledger = 8,
};

class byte_writer {
 public:
  byte_writer(byte_kind kind, std::uint16_t format) {
    append("RLIA", 4);
    write(static_cast<std::uint16_t>(kind));
    write(format);
  }

  template <std::unsigned_integral Integer>
  void write(Integer value) {
    write_little_endian(value, sizeof(Integer));
  }

  void write(std::int64_t value) { write(static_cast<std::uint64_t>(value)); }
  void write(double value) { write(std::bit_cast<std::uint64_t>(value)); }

  /// LEB128: seven bits a byte, the lowest first. One byte below 128, ten at most.
  void write_varint(std::uint64_t value) {
    std::array<unsigned char, 10> groups;
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7) groups[size++] = static_cast<unsigned char>(value | 0x80);
    groups[size++] = static_cast<unsigned char>(value);
    append(groups.data(), size);
  }

  /// A varint of a number near zero on either side: 0, -1, 1, -2 ... are 0, 1, 2, 3 ...
  void write_signed_varint(std::int64_t value) {
    write_varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }

  /// Bytes of another kind within these, with their number in front.
  void write_nested(const std::vector<std::byte>& inner) {
    write_varint(inner.size());
    append(inner.data(), inner.size());
  }

  /// A copy of what was written so far.
  [[nodiscard]] std::vector<std::byte> bytes() const {
    std::vector<std::byte> copy(bytes_.size());
    std::memcpy(copy.data(), bytes_.data(), copy.size());
    return copy;
  }

 private:
  void write_little_endian(std::uint64_t value, std::size_t size) {
    std::array<unsigned char, 8> bytes;
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = static_cast<unsigned char>(value >> (8 * i) & 0xff);
    }
    append(bytes.data(), size);
  }

  void append(const void* data, std::size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }

  std::string bytes_;  // a vector of bytes that grows costs a compiler 5 ms
};

/// Throws std::invalid_argument on the first thing that is not as it must be.
class byte_reader {
 public:
  /// By reference, because the first copy of a span costs a compiler 15 ms.
  byte_reader(const std::span<const std::byte>& bytes, byte_kind kind, std::uint16_t newest_format)
      : next_(bytes.data()), left_(bytes.size()) {
    for (const char c : std::string_view("RLIA")) {
      check(read<std::uint8_t>() == static_cast<std::uint8_t>(c), "start with \"RLIA\"");
    }
    check(read<std::uint16_t>() == static_cast<std::uint16_t>(kind), "be of the kind asked for");
    format_ = read<std::uint16_t>();
    check(format_ >= 1 && format_ <= newest_format, "be of a format this version knows");
  }

  [[nodiscard]] std::uint16_t format() const noexcept { return format_; }

  template <std::unsigned_integral Integer>
  [[nodiscard]] Integer read() {
    const std::byte* from = read_bytes(sizeof(Integer));
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      value = static_cast<Integer>(value | static_cast<Integer>(Integer(from[i]) << (8 * i)));
    }
    return value;
  }

  [[nodiscard]] std::int64_t read_signed() {
    return static_cast<std::int64_t>(read<std::uint64_t>());
  }
  [[nodiscard]] double read_real() { return std::bit_cast<double>(read<std::uint64_t>()); }

  /// The one shortest form of each value is read; a longer one, or one past 64 bits, is refused.
  [[nodiscard]] std::uint64_t read_varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = read<std::uint8_t>();
      check(shift < 63 || byte <= 1, "hold no integer past 64 bits");
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        check(byte != 0 || shift == 0, "hold each integer in its shortest form");
        return value;
      }
    }
  }

  [[nodiscard]] std::int64_t read_signed_varint() {
    const std::uint64_t value = read_varint();
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
  }

  /// A varint of things not below zero, as a count.
  [[nodiscard]] count read_varint_count() {
    const std::uint64_t value = read_varint();
    check(value <= static_cast<std::uint64_t>(std::numeric_limits<count>::max()),
          "hold no count past 63 bits");
    return static_cast<count>(value);
  }

  /// A count of things not below zero.
  [[nodiscard]] count read_count() {
    const std::int64_t value = read_signed();
    check(value >= 0, "hold no negative count");
    return value;
  }

  /// The next bytes, as they are in the bytes given.
  [[nodiscard]] const std::byte* read_bytes(std::uint64_t size) {
    check(size <= left_, "not end early");
    const std::byte* first = next_;
    next_ += size;
    left_ -= static_cast<std::size_t>(size);
    return first;
  }

  /// How many items of `item_bytes` each follow; refused when that many cannot follow.
  [[nodiscard]] std::size_t read_size(std::size_t item_bytes) {
    const auto items = read<std::uint64_t>();
    check(items <= left_ / item_bytes, "hold as many items as it says");
    return static_cast<std::size_t>(items);
  }

  /// What write_nested wrote, read by the aggregate's own from_bytes.
  template <class Aggregate>
  [[nodiscard]] Aggregate read_nested() {
    const std::uint64_t size = read_varint();
    check(size <= left_, "hold as many items as it says");
    return Aggregate::from_bytes({read_bytes(size), static_cast<std::size_t>(size)});
  }

  /// What a reader of one kind checks of its own fields.
  void check(bool holds, std::string_view rule) const {
    if (!holds) [[unlikely]] {
      RELIA_RAISE(std::invalid_argument,
                  relia::detail::joined({"relia::byte_reader: the bytes must ", rule}));
    }
  }

  /// Nothing may follow the last field.
  void finish() const { check(left_ == 0, "end where the last field ends"); }

 private:
  const std::byte* next_;
  std::size_t left_;
  std::uint16_t format_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
