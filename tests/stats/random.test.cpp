// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/random.hpp>

#include <support/csv.hpp>

using namespace relia::stats;

TEST_SUITE_BEGIN("random");

TEST_CASE("philox4x32: gives the known answers") {
  // kat_vectors of the Random123 distribution, lines "philox4x32 10".
  using block = std::array<std::uint32_t, 4>;
  static_assert(philox4x32({}, {}) == block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t all = 0xffffffff;
  static_assert(philox4x32({all, all, all, all}, {all, all}) ==
                block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random_stream: is laid out as the header says, at any seed, stream and index") {
  const auto word = [](const relia::test::csv_row& row, const char* column) {
    return static_cast<std::uint64_t>(std::strtoull(row.text(column).c_str(), nullptr, 10));
  };
  for (const auto& row : relia::test::csv_table("stats/random.csv")) {
    const random_stream stream(word(row, "seed"), word(row, "stream"));
    const std::uint64_t index = word(row, "index");
    CAPTURE(index);
    CHECK(stream.bits(index) == word(row, "bits"));
    CHECK(stream.uniform(index) == row.number("uniform"));
    CHECK(stream.below(index, word(row, "n")) == word(row, "below"));
  }
}

TEST_CASE("random_stream: the first words, frozen") {
  // From the first known answer: key 0, counter 0 is seed 0, stream 0, block 0.
  static_assert(random_stream(0).bits(0) == 0xe169c58d6627e8d5);
  static_assert(random_stream(0).bits(1) == 0x9b00dbd8bc57ac4c);
}

TEST_CASE("fill: gives the words of bits, wherever it starts and ends") {
  const random_stream stream(7, 3);
  for (const std::uint64_t first : {0U, 1U, 2U, 5U}) {
    for (std::size_t size = 0; size < 9; ++size) {
      std::vector<std::uint64_t> words(size);
      stream.fill(first, words);
      for (std::size_t i = 0; i < size; ++i) CHECK(words[i] == stream.bits(first + i));
    }
  }
}

TEST_CASE("random_stream: any number of threads reads the same values") {
  const random_stream stream(42);
  std::vector<double> alone(1000);
  for (std::size_t i = 0; i < alone.size(); ++i) alone[i] = stream.normal(i);
  std::vector<double> together(alone.size());
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < together.size(); i += 4) together[i] = stream.normal(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(together == alone);
}

TEST_CASE("random_stream: seeds and streams differ") {
  CHECK(random_stream(1, 0).bits(0) != random_stream(0, 0).bits(0));
  CHECK(random_stream(0, 1).bits(0) != random_stream(0, 0).bits(0));
  CHECK(random_stream(1, 2) == random_stream(1, 2));
}

TEST_CASE("uniform, normal, exponential: have their moments") {
  // Standard errors of the means of 1e5 draws: uniform 9.1e-4, its square 9.4e-4, normal 3.2e-3,
  // its square 4.5e-3, exponential 3.2e-3. Bounds are 4.5 of them; the seed is fixed.
  const random_stream stream(1);
  constexpr int n = 100'000;
  double u = 0, u2 = 0, z = 0, z2 = 0, e = 0;
  double least = 1, most = 0;
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const double x = stream.uniform(at);
    least = std::min(least, x);
    most = std::max(most, x);
    u += x;
    u2 += x * x;
    const double y = stream.normal(at);
    z += y;
    z2 += y * y;
    e += stream.exponential(at);
  }
  CHECK(least > 0.0);
  CHECK(most < 1.0);
  CHECK(std::abs(u / n - 0.5) < 4.5 * 9.1e-4);
  CHECK(std::abs(u2 / n - 1.0 / 3) < 4.5 * 9.4e-4);
  CHECK(std::abs(z / n) < 4.5 * 3.2e-3);
  CHECK(std::abs(z2 / n - 1) < 4.5 * 4.5e-3);
  CHECK(std::abs(e / n - 1) < 4.5 * 3.2e-3);
}

TEST_CASE("below: is even over its range") {
  // Chi-square over 10 cells of 1e4 expected each: 9 degrees of freedom, 1e-4 quantile 33.7.
  const random_stream stream(2);
  std::array<double, 10> cell{};
  for (std::uint64_t i = 0; i < 100'000; ++i) ++cell[stream.below(i, 10)];
  double chi_square = 0;
  for (const double c : cell) chi_square += (c - 1e4) * (c - 1e4) / 1e4;
  CHECK(chi_square < 33.7);
}

TEST_CASE("below: refuses an empty range") {
  CHECK_THROWS_WITH_AS((void)random_stream(0).below(0, 0),
                       "relia::stats::random_stream::below: n must be at least 1, got 0",
                       std::domain_error);
}

TEST_SUITE_END();
