// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <relia/aggregate/exponential.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia::aggregate;
using limits = std::numeric_limits<double>;

TEST_SUITE_BEGIN("exponential");

namespace {

/// 2^(index / 2^scale) rounded down, from the table of 400-bit values and exact scaling only.
class reference {
 public:
  reference() {
    for (const auto& row : relia::test::csv_table("aggregate/exponential.csv")) {
      mantissas_.push_back(row.number("floor_of_2_to_52_plus_j_over_256"));  // integers below 2^53
    }
  }

  [[nodiscard]] double bound(std::int64_t index, int scale) const {
    const std::int64_t in_256ths = index * (std::int64_t{1} << (8 - scale));
    const auto j = static_cast<std::size_t>((in_256ths % 256 + 256) % 256);
    const auto exponent = (in_256ths - static_cast<std::int64_t>(j)) / 256;
    if (exponent > 1023) return limits::max();
    if (exponent < -1200) return 0;
    // Below the normal range, the bits that do not fit are cut off, not rounded.
    const int cut = exponent < -1022 ? static_cast<int>(-1022 - exponent) : 0;
    const double whole = std::floor(std::ldexp(mantissas_[j], -cut));
    return std::ldexp(whole, static_cast<int>(exponent) - 52 + cut);
  }

 private:
  std::vector<double> mantissas_;
};

}  // namespace

TEST_CASE("exponential: every mantissa is 2^(j/256) rounded down, by exact integer powers") {
  using boost::multiprecision::cpp_int;
  for (unsigned j = 0; j < 256; ++j) {
    // m <= 2^(52 + j/256) < m + 1 is m^256 <= 2^(52 * 256 + j) < (m + 1)^256.
    const cpp_int m = (cpp_int(1) << 52) + detail::exponential_mantissas[j];
    const cpp_int power = cpp_int(1) << (52 * 256 + j);
    CHECK(boost::multiprecision::pow(m, 256) <= power);
    CHECK(boost::multiprecision::pow(m + 1, 256) > power);
  }
}

TEST_CASE("exponential_index: right within 3 ulp of every bound, at every scale") {
  const reference exact;
  std::int64_t wrong_bounds = 0;
  std::int64_t wrong_indices = 0;
  std::int64_t tried = 0;
  for (int scale = coarsest_scale; scale <= finest_scale; ++scale) {
    const std::int64_t first = exponential_index(limits::denorm_min(), scale);
    const std::int64_t last = exponential_index(limits::max(), scale);
    for (std::int64_t i = first; i <= last; ++i) {
      const double lower = exact.bound(i, scale);
      wrong_bounds += exponential_bound(i, scale) != lower;
      double x = lower;
      for (int k = 0; k < 4 && x > 0; ++k) {  // the bound itself is in the bucket below
        wrong_indices += exponential_index(x, scale) >= i;
        x = std::nextafter(x, 0.0);
        ++tried;
      }
      x = lower;
      for (int k = 0; k < 3; ++k) {
        x = std::nextafter(x, limits::infinity());
        if (!std::isfinite(x) || x > exact.bound(i + 1, scale)) break;
        wrong_indices += exponential_index(x, scale) != i;
        ++tried;
      }
    }
  }
  CHECK(tried > 3'500'000);
  CHECK(wrong_bounds == 0);
  CHECK(wrong_indices == 0);
}

TEST_CASE("exponential_index: any double lies between the bounds of its bucket") {
  const reference exact;
  std::mt19937_64 random(7);
  std::int64_t wrong = 0;
  for (int n = 0; n < 300'000; ++n) {
    const std::uint64_t bits = random() % 0x7ff0000000000000u;
    if (bits == 0) continue;
    const double x = std::bit_cast<double>(bits);
    const int scale = static_cast<int>(random() % 19) - 10;
    const std::int32_t i = exponential_index(x, scale);
    wrong += !(exact.bound(i, scale) < x && x <= exact.bound(i + 1, scale));
  }
  CHECK(wrong == 0);
}

TEST_CASE("exponential_index: powers of two and their neighbours, as the data model says") {
  for (int scale = coarsest_scale; scale <= finest_scale; ++scale) {
    for (int e = -1074; e <= 1023; ++e) {
      const double x = std::ldexp(1.0, e);
      // 2^e is the upper bound of its bucket: ((e - 1) << s) + 2^s - 1 = (e << s) - 1.
      const std::int64_t at_fine = std::int64_t{e} * 256 - 1;
      CHECK(exponential_index(x, scale) == at_fine >> (8 - scale));
      const double above = std::nextafter(x, limits::infinity());
      if (e >= -1022) {
        CHECK(exponential_index(above, scale) == (at_fine + 1) >> (8 - scale));
      }
    }
  }
  // opentelemetry-cpp 1.28 gives -24: ceil(log(x) * scalbn(1 / ln 2, 3)) - 1.
  CHECK(exponential_index(0.125, 3) == -25);
}

TEST_CASE("lowest_ and highest_exponential_index: where the extreme doubles lie") {
  for (int scale = coarsest_scale; scale <= finest_scale; ++scale) {
    CHECK(lowest_exponential_index(scale) == exponential_index(limits::denorm_min(), scale));
    CHECK(highest_exponential_index(scale) == exponential_index(limits::max(), scale));
  }
  for (int scale = finest_scale; scale < finest_imported_scale; ++scale) {  // folding by one
    CHECK((lowest_exponential_index(scale + 1) >> 1) == lowest_exponential_index(scale));
    CHECK((highest_exponential_index(scale + 1) >> 1) == highest_exponential_index(scale));
  }
}

TEST_CASE("relative_error: the values that the bucket widths give") {
  // (b - 1) / (b + 1) with b = 2^(2^-s), mpmath at 30 digits; 4 ulp for exp2 and tanh in libm.
  CHECK_ULP(relative_error(6), 0.00541515941590256888340881744892, 4);
  CHECK_ULP(relative_error(3), 0.0432946174993891786825996440088, 4);
  CHECK_ULP(relative_error(0), 1.0 / 3.0, 4);
  CHECK_ULP(relative_error(8), 0.00135380225995607938668744595902, 4);
  CHECK_THROWS_WITH_AS((void)relative_error(21),
                       "relia::aggregate::relative_error: scale must be in [-10, 20], got 21",
                       std::domain_error);
}
