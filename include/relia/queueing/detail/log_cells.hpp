// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Times counted in cells of a relative width of 1/1024 to 1/2048, each power of two cut evenly:
/// what a simulation keeps of its delays. Sums of two are two runs after one another.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

class log_cells {
 public:
  /// Domain: x >= 0, finite.
  void add(double x) {
    ++total_;
    if (!(x > 0)) {
      ++zeros_;
      return;
    }
    const std::uint64_t cell = std::bit_cast<std::uint64_t>(x) >> shift;
    reach(cell, cell + 1);
    ++cells_[cell - first_];
  }

  log_cells& operator+=(const log_cells& other) {
    if (!other.cells_.empty()) reach(other.first_, other.first_ + other.cells_.size());
    for (std::size_t i = 0; i < other.cells_.size(); ++i) {
      cells_[other.first_ - first_ + i] += other.cells_[i];
    }
    zeros_ += other.zeros_;
    total_ += other.total_;
    return *this;
  }

  [[nodiscard]] count total() const noexcept { return total_; }

  /// How many are x or less, its cell shared out evenly.
  [[nodiscard]] double up_to(double x) const noexcept {
    auto sum = static_cast<double>(zeros_);
    if (!(x > 0)) return sum;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const double lower = bound(first_ + i);
      if (lower >= x) break;
      const double share = (x - lower) / (bound(first_ + i + 1) - lower);
      sum += static_cast<double>(cells_[i]) * std::min(1.0, share);
    }
    return sum;
  }

  /// The time that a fraction `level` does not exceed; 0 below all, infinite at 1 and beyond.
  [[nodiscard]] double quantile(double level) const noexcept {
    const double wanted = level * static_cast<double>(total_);
    double left = wanted - static_cast<double>(zeros_);
    if (left <= 0) return 0;
    if (level >= 1) return std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const auto here = static_cast<double>(cells_[i]);
      if (left <= here) {
        const double lower = bound(first_ + i);
        return lower + left / here * (bound(first_ + i + 1) - lower);
      }
      left -= here;
    }
    return std::numeric_limits<double>::infinity();
  }

 private:
  static constexpr int shift = 52 - 10;

  [[nodiscard]] static double bound(std::uint64_t cell) noexcept {
    return std::bit_cast<double>(cell << shift);
  }

  /// Holds the cells of [from, to), with room to spare so that growth is rare.
  void reach(std::uint64_t from, std::uint64_t to) {
    constexpr std::uint64_t spare = 256;
    if (cells_.empty()) first_ = from;
    if (from < first_) {
      const std::uint64_t lower = from - std::min(from, spare);
      cells_.insert(cells_.begin(), first_ - lower, 0);
      first_ = lower;
    }
    if (to > first_ + cells_.size()) cells_.resize(to + spare - first_);
  }

  std::uint64_t first_ = 0;
  std::vector<std::uint32_t> cells_;
  count zeros_ = 0;
  count total_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
