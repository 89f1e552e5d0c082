// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <cstdlib>

#include <doctest/doctest.h>

#include <relia/stats/random.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using relia::stats::random_stream;
using relia::test::accuracy;
using relia::test::csv_row;

namespace {

std::uint64_t word(const csv_row& row, const char* column) {
  return std::strtoull(row.text(column).c_str(), nullptr, 10);
}

}  // namespace

TEST_CASE("accuracy: random_stream") {
  accuracy<> normal("stats::random_stream::normal", "any index", "mpmath, 50 digits", 1e-15);
  accuracy<> exponential("stats::random_stream::exponential", "any index", "mpmath, 50 digits",
                         3e-16);
  for (const auto& row : relia::test::csv_table("stats/random.csv")) {
    const random_stream stream(word(row, "seed"), word(row, "stream"));
    normal.compare(stream.normal(word(row, "index")), row.number("normal"));
    exponential.compare(stream.exponential(word(row, "index")), row.number("exponential"));
  }
}
