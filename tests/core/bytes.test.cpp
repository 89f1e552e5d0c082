// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/core/bytes.hpp>

using namespace relia;

TEST_SUITE_BEGIN("bytes");

TEST_CASE("bytes: little-endian fields come back as they went in") {
  byte_writer out(byte_kind::counts, 1);
  out.write(std::uint16_t{0x0102});
  out.write(std::int64_t{-5});
  out.write(0.1);
  const std::vector<std::byte> written = out.bytes();
  CHECK(written[8] == std::byte{0x02});
  byte_reader in(written, byte_kind::counts, 1);
  CHECK(in.read<std::uint16_t>() == 0x0102);
  CHECK(in.read_signed() == -5);
  CHECK(in.read_real() == 0.1);
  in.finish();
}

TEST_CASE("bytes: a wrong start, kind or format, an early end and left-over bytes are refused") {
  byte_writer out(byte_kind::counts, 2);
  out.write(std::uint64_t{1});
  const std::vector<std::byte> good = out.bytes();
  CHECK_THROWS_AS(byte_reader(good, byte_kind::counts, 1), std::invalid_argument);
  CHECK_THROWS_AS(byte_reader({}, byte_kind::counts, 2), std::invalid_argument);
  std::vector<std::byte> damaged = good;
  damaged[0] = std::byte{'X'};
  CHECK_THROWS_AS(byte_reader(damaged, byte_kind::counts, 2), std::invalid_argument);
  damaged = good;
  damaged[4] = std::byte{9};
  CHECK_THROWS_AS(byte_reader(damaged, byte_kind::counts, 2), std::invalid_argument);
  byte_reader in(good, byte_kind::counts, 2);
  CHECK_THROWS_AS(in.finish(), std::invalid_argument);
  (void)in.read<std::uint64_t>();
  CHECK_THROWS_WITH_AS((void)in.read<std::uint8_t>(),
                       "relia::byte_reader: the bytes must not end early", std::invalid_argument);
}

TEST_CASE("bytes: a size that cannot follow is refused before anything is allocated") {
  byte_writer out(byte_kind::counts, 1);
  out.write(~std::uint64_t{0});
  const std::vector<std::byte> written = out.bytes();
  byte_reader in(written, byte_kind::counts, 1);
  CHECK_THROWS_AS((void)in.read_size(8), std::invalid_argument);
}

TEST_CASE("bytes: varints come back as they went in, in as few bytes as LEB128 needs") {
  const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  // DWARF 5, 7.6, figure 22: 2 = 02, 127 = 7f, 128 = 80 01, 12857 = b9 64.
  byte_writer published(byte_kind::counts, 1);
  for (const std::uint64_t value : {2U, 127U, 128U, 12857U}) published.write_varint(value);
  const std::vector<std::byte> expected{std::byte{0x02}, std::byte{0x7f}, std::byte{0x80},
                                        std::byte{0x01}, std::byte{0xb9}, std::byte{0x64}};
  const std::vector<std::byte> bytes = published.bytes();
  CHECK(std::vector<std::byte>(bytes.begin() + 8, bytes.end()) == expected);
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value :
         {(std::uint64_t{1} << bits) - 1, std::uint64_t{1} << bits, largest >> (63 - bits)}) {
      byte_writer out(byte_kind::counts, 1);
      out.write_varint(value);
      const std::vector<std::byte> written = out.bytes();
      byte_reader in(written, byte_kind::counts, 1);
      CHECK(in.read_varint() == value);
      in.finish();
    }
  }
}

TEST_CASE("bytes: a varint that is overlong, past 64 bits or cut short is refused") {
  const auto read = [](const std::vector<unsigned>& body) {
    std::vector<std::byte> bytes = byte_writer(byte_kind::counts, 1).bytes();
    for (const unsigned b : body) bytes.push_back(static_cast<std::byte>(b));
    byte_reader in(bytes, byte_kind::counts, 1);
    return in.read_varint();
  };
  CHECK(read({0}) == 0);
  CHECK_THROWS_WITH_AS(read({0x80, 0x00}),
                       "relia::byte_reader: the bytes must hold each integer in its shortest form",
                       std::invalid_argument);
  std::vector<unsigned> ten(9, 0xff);
  ten.push_back(1);
  CHECK(read(ten) == std::numeric_limits<std::uint64_t>::max());
  for (const unsigned last : {2U, 0x81U}) {
    ten.back() = last;
    CHECK_THROWS_WITH_AS(read(ten),
                         "relia::byte_reader: the bytes must hold no integer past 64 bits",
                         std::invalid_argument);
  }
  CHECK_THROWS_AS(read({0x80}), std::invalid_argument);
  CHECK_THROWS_AS(read({}), std::invalid_argument);
}

TEST_CASE("bytes: a varint past 63 bits is no count") {
  byte_writer out(byte_kind::counts, 1);
  out.write_varint(std::uint64_t{1} << 63);
  out.write_varint((std::uint64_t{1} << 63) - 1);
  const std::vector<std::byte> written = out.bytes();
  byte_reader in(written, byte_kind::counts, 1);
  CHECK_THROWS_AS((void)in.read_varint_count(), std::invalid_argument);
  CHECK(in.read_varint_count() == std::numeric_limits<count>::max());
}

namespace {

struct one_count {
  count value = 0;

  static one_count from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::counts, 1);
    return {in.read_count()};
  }
};

}  // namespace

TEST_CASE("bytes: bytes within bytes come back, and no more of them than there are") {
  byte_writer inner(byte_kind::counts, 1);
  inner.write(std::int64_t{7});
  byte_writer out(byte_kind::windows, 1);
  out.write_nested(inner.bytes());
  out.write(std::int64_t{9});
  const std::vector<std::byte> written = out.bytes();
  byte_reader in(written, byte_kind::windows, 1);
  CHECK(in.read_nested<one_count>().value == 7);
  CHECK(in.read_count() == 9);
  in.finish();
  CHECK_THROWS_AS((void)in.read_bytes(1), std::invalid_argument);
  const std::vector<std::byte> early(written.begin(), written.begin() + 20);
  byte_reader cut(early, byte_kind::windows, 1);
  CHECK_THROWS_AS((void)cut.read_nested<one_count>(), std::invalid_argument);
}

TEST_SUITE_END();
