// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What every bootstrap shares: which rows a resample takes, and the ranks of its replicates.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

/// Draws whole numbers below n, `size` of them per resample. Several come from one word where n is
/// small: each takes the high half of word * n and leaves the low half to the next, which biases
/// any combination by less than n^draws / 2^64. That is under 2^-24 up to n = 2^20, far below what
/// any feasible number of resamples resolves. Resample r owns words [r * words, (r + 1) * words).
class index_source {
 public:
  index_source(std::uint64_t seed, std::uint64_t n, std::size_t size)
      : stream_(seed),
        n_(n),
        draws_(n <= (1U << 10)   ? 4
               : n <= (1U << 20) ? 2
                                 : 1),
        size_(size),
        words_((size + draws_ - 1) / draws_) {}

  /// Calls sink(i, index) for i = 0 .. size - 1.
  template <class Sink>
  void draw(std::uint64_t resample, Sink sink) {
    stream_.fill(resample * words_.size(), words_);
    if (draws_ == 4) return unpack<4>(sink);
    if (draws_ == 2) return unpack<2>(sink);
    unpack<1>(sink);
  }

 private:
  template <std::size_t Draws, class Sink>
  void unpack(Sink& sink) const {
    const auto some = [&](std::uint64_t word, std::size_t first, std::size_t draws) {
      for (std::size_t k = 0; k < draws; ++k) {
        const product p = multiply(word, n_);
        word = p.low;
        sink(first + k, static_cast<std::size_t>(p.high));
      }
    };
    const std::size_t whole = size_ / Draws;
    for (std::size_t w = 0; w < whole; ++w) some(words_[w], w * Draws, Draws);
    if (whole < words_.size()) some(words_[whole], whole * Draws, size_ - whole * Draws);
  }

  random_stream stream_;
  std::uint64_t n_;
  std::size_t draws_;
  std::size_t size_;
  std::vector<std::uint64_t> words_;
};

inline void require_finite_rows(std::string_view where, std::string_view name,
                                std::span<const double> rows) {
  for (const double row : rows) relia::detail::require_finite(where, name, row);
}

/// At least one, none of them NaN: NaN has no rank.
inline void require_numbers(std::string_view where, std::string_view name,
                            std::span<const double> rows) {
  relia::detail::require_argument(!rows.empty(), where, name, "at least one number", rows.size());
  for (const double row : rows)
    relia::detail::require_domain(!std::isnan(row), where, name, "numbers", row);
}

struct ranked_rows {
  std::vector<double> sorted;
  std::vector<std::size_t> rank;  ///< of each row, in the order given
};

[[nodiscard]] inline ranked_rows sorted_with_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  ranked_rows rows{std::vector<double>(values.size()), std::vector<std::size_t>(values.size())};
  for (std::size_t k = 0; k < order.size(); ++k) {
    rows.sorted[k] = values[order[k]];
    rows.rank[order[k]] = k;
  }
  return rows;
}

/// The ceil(fraction * size)-th smallest replicate. Reorders them.
[[nodiscard]] inline double ranked_from_below(std::span<double> replicates, double fraction) {
  // The level's own rounding must not move 250.00000000000003 to rank 251.
  const double rank = std::ceil(fraction * static_cast<double>(replicates.size()) * (1 - 1e-12));
  const auto top = static_cast<double>(replicates.size());
  const auto at = replicates.begin() + static_cast<std::ptrdiff_t>(std::clamp(rank, 1.0, top)) - 1;
  std::nth_element(replicates.begin(), at, replicates.end());
  return *at;
}

/// The ceil(fraction * size)-th largest, so that an interval of -x is the mirror of that of x.
[[nodiscard]] inline double ranked_from_above(std::span<double> replicates, double fraction) {
  const auto top = static_cast<double>(replicates.size());
  const double rank = std::ceil(fraction * top * (1 - 1e-12));
  const auto at = replicates.end() - static_cast<std::ptrdiff_t>(std::clamp(rank, 1.0, top));
  std::nth_element(replicates.begin(), at, replicates.end());
  return *at;
}

/// Leaves out the replicates that are NaN, with a note; at least one must remain.
inline void drop_nan(std::string_view where, std::vector<double>& replicates,
                     std::vector<std::string>& notes) {
  const auto lost = std::erase_if(replicates, [](double r) { return std::isnan(r); });
  relia::detail::require_domain(!replicates.empty(), where, "the statistic",
                                "a number on some resample",
                                std::numeric_limits<double>::quiet_NaN());
  if (lost == 0) return;
  notes.push_back("the statistic is not a number on " + relia::detail::to_text(lost) +
                  " of the resamples: they are left out");
}

/// Whether the replicates say nothing about the spread because all equal `value`, with a note.
[[nodiscard]] inline bool all_equal(std::span<const double> replicates, double value,
                                    std::vector<std::string>& notes) {
  for (const double r : replicates)
    if (r != value) return false;
  notes.emplace_back(
      "every resample gives the same value: the interval does not show how sure it is");
  return true;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
