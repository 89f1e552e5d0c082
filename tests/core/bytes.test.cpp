// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
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
  CHECK(out.bytes()[8] == std::byte{0x02});
  byte_reader in(out.bytes(), byte_kind::counts, 1);
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
  byte_reader in(out.bytes(), byte_kind::counts, 1);
  CHECK_THROWS_AS((void)in.read_size(8), std::invalid_argument);
}

TEST_SUITE_END();
