// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A store's buckets as bytes. Neighbouring counts of a smooth distribution are close, so a count
/// is written as its difference from the one before, in about as many bits as such differences
/// have lately needed: half a byte for a bucket of a thousand values, one at ten million.
/// Ref: Elias (1975), gamma code; Teuhola (1978), exponential Golomb codes.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <relia/aggregate/detail/bucket_form.hpp>
#include <relia/aggregate/detail/bucket_store.hpp>
#include <relia/core/bytes.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Bits fill each byte from the lowest.
class bit_writer {
 public:
  explicit bit_writer(byte_writer& out) noexcept : out_(out) {}

  /// The lowest `size` bits of value, 64 at most.
  void write(std::uint64_t value, int size) {
    while (size > 0) {
      const int taken = std::min(8 - filled_, size);
      byte_ |= static_cast<std::uint32_t>(value & ((1U << taken) - 1)) << filled_;
      value >>= taken;
      size -= taken;
      filled_ += taken;
      if (filled_ == 8) flush();
    }
  }

  /// The lowest `free` bits as they are; what is above them by its length in unary, less one, and
  /// its bits. Domain: value < 2^64 - 1.
  void write_integer(std::uint64_t value, int free) {
    const std::uint64_t above = (value >> free) + 1;
    const int length = static_cast<int>(std::bit_width(above)) - 1;
    write(0, length);
    write(1, 1);
    write(above, length);
    write(value, free);
  }

  /// Fills the last byte with zeros.
  void finish() {
    if (filled_ > 0) flush();
  }

 private:
  void flush() {
    out_.write(static_cast<std::uint8_t>(byte_));
    byte_ = 0;
    filled_ = 0;
  }

  byte_writer& out_;
  std::uint32_t byte_ = 0;
  int filled_ = 0;
};

class bit_reader {
 public:
  explicit bit_reader(byte_reader& in) noexcept : in_(in) {}

  [[nodiscard]] std::uint64_t read(int size) {
    std::uint64_t value = 0;
    for (int done = 0; done < size;) {
      fetch();
      const int taken = std::min(left_, size - done);
      value |= static_cast<std::uint64_t>(byte_ & ((1U << taken) - 1)) << done;
      drop(taken);
      done += taken;
    }
    return value;
  }

  [[nodiscard]] std::uint64_t read_integer(int free) {
    int length = 0;
    for (fetch(); byte_ == 0; fetch()) {
      length += left_;
      left_ = 0;
      in_.check(length < 64, past_64);
    }
    const int zeros = std::countr_zero(byte_);
    length += zeros;
    drop(zeros + 1);
    in_.check(length < 64, past_64);
    const std::uint64_t above = (std::uint64_t{1} << length | read(length)) - 1;
    in_.check(above <= std::numeric_limits<std::uint64_t>::max() >> free, past_64);
    return above << free | read(free);
  }

  void finish() const { in_.check(byte_ == 0, "fill their last byte with zeros"); }

 private:
  static constexpr std::string_view past_64 = "hold no integer past 64 bits";

  void fetch() {
    if (left_ > 0) return;
    byte_ = in_.read<std::uint8_t>();
    left_ = 8;
  }
  void drop(int size) noexcept {
    byte_ >>= size;
    left_ -= size;
  }

  byte_reader& in_;
  std::uint32_t byte_ = 0;
  int left_ = 0;
};

/// How a count is told from the one before it; the writer and the reader see the same.
class count_code {
 public:
  /// How many bits to write as they are: as many as the last numbers had.
  [[nodiscard]] int free() const noexcept {
    return std::max(0, static_cast<int>(std::bit_width(recent_ / 4)) - 1);
  }

  /// A number for each count, the smaller the closer: 0 for the same, then one below, one above
  /// and so on while both exist, then the count itself.
  [[nodiscard]] std::uint64_t to_number(std::uint64_t n) const noexcept {
    if (n > 2 * before_) return n;
    return n >= before_ ? 2 * (n - before_) : 2 * (before_ - n) - 1;
  }
  [[nodiscard]] std::uint64_t to_count(std::uint64_t number) const noexcept {
    if (number > 2 * before_) return number;
    return number % 2 == 0 ? before_ + number / 2 : before_ - number / 2 - 1;
  }

  void note(std::uint64_t number) noexcept {
    recent_ += std::min(number, std::uint64_t{1} << 60) - recent_ / 4;
  }
  void follow(std::uint64_t n) noexcept { before_ = n; }

 private:
  std::uint64_t before_ = 0;
  std::uint64_t recent_ = 4;  // four times a moving mean of the numbers
};

/// Scale, how many buckets lie from the first populated one to the last, and if any the index of
/// the first; then in bits the counts: each as its number, and after an empty bucket the length of
/// the run of further empty ones and the count that ends it, less one.
template <class Store>
void write_buckets(byte_writer& out, const Store& store) {
  const index_range range = store.range();
  out.write_varint(static_cast<std::uint64_t>(store.scale() - coarsest_scale));
  out.write_varint(range.empty() ? 0 : static_cast<std::uint64_t>(range.last - range.first + 1));
  if (range.empty()) return;
  out.write_signed_varint(range.first);
  bit_writer bits(out);
  count_code code;
  for (std::int64_t i = range.first; i <= range.last; ++i) {
    auto n = static_cast<std::uint64_t>(store.at(i));
    const std::uint64_t number = code.to_number(n);
    bits.write_integer(number, code.free());
    code.note(number);
    if (n == 0) {
      std::uint64_t run = 0;
      for (++i; store.at(i) == 0; ++i) ++run;
      n = static_cast<std::uint64_t>(store.at(i));
      bits.write_integer(run, 1);
      bits.write_integer(n - 1, 0);
    }
    code.follow(n);
  }
  bits.finish();
}

template <class Store>
void read_buckets(byte_reader& in, Store& store) {
  constexpr std::uint64_t most = std::numeric_limits<count>::max();
  const std::uint64_t finer = in.read_varint();
  in.check(finer <= finest_scale - coarsest_scale, "hold a scale in [-10, 8]");
  const int scale = coarsest_scale + static_cast<int>(finer);
  store.template cover<owned>({}, scale);
  std::uint64_t left = in.read_varint();
  if (left == 0) return;
  const index_range known = indices_of_doubles(scale);
  std::int64_t index = in.read_signed_varint();
  in.check(index >= known.first && index <= known.last &&
               left <= static_cast<std::uint64_t>(known.last - index) + 1,
           "hold bucket indices that doubles have");
  bit_reader bits(in);
  count_code code;
  for (bool first = true; left > 0; first = false) {
    const std::uint64_t number = bits.read_integer(code.free());
    std::uint64_t n = code.to_count(number);
    code.note(number);
    if (n == 0) {
      in.check(!first, "begin with a populated bucket");
      const std::uint64_t run = bits.read_integer(1);
      in.check(left >= 2 && run <= left - 2, "end with a populated bucket");
      left -= run + 1;
      index += static_cast<std::int64_t>(run) + 1;
      n = bits.read_integer(0);
      in.check(n < most, "hold no count past 63 bits");
      ++n;
    }
    in.check(n <= most, "hold no count past 63 bits");
    code.follow(n);
    store.template add<owned>(index, scale, static_cast<count>(n));
    ++index;
    --left;
  }
  bits.finish();
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
