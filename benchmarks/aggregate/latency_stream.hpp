// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Latencies in seconds for all sketches alike, and the exact answers to compare with.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace relia::bench {

/// 64 KiB: a block stays in the second-level cache. A longer stream would time the memory, and the
/// sketch whose loop is shortest would win.
inline constexpr std::size_t block_size = 8192;

/// Around 20 ms, one in a hundred of them 10 to 100 times slower.
class log_normal_stream {
 public:
  static constexpr const char* name = "lognormal";
  double operator()() {
    const double x = normal_(random_);
    return random_() % 100 == 0 ? x * slower_(random_) : x;
  }

 private:
  std::mt19937_64 random_{20261123};
  std::lognormal_distribution<double> normal_{std::log(0.02), 1.0};
  std::uniform_real_distribution<double> slower_{10.0, 100.0};
};

/// At least 1 ms, with a tail of index 1.2.
class pareto_stream {
 public:
  static constexpr const char* name = "pareto";
  double operator()() { return 1e-3 * std::pow(1.0 - uniform_(random_), -1.0 / 1.2); }

 private:
  std::mt19937_64 random_{20261123};
  std::uniform_real_distribution<double> uniform_{0.0, 1.0};
};

/// The first million values of a stream.
template <class Stream>
const std::vector<double>& latencies() {
  static const std::vector<double> values = [] {
    std::vector<double> out(1'000'000);
    std::generate(out.begin(), out.end(), Stream{});
    return out;
  }();
  return values;
}

/// Exact order statistics.
class ordered {
 public:
  explicit ordered(std::span<const double> values) : sorted_(values.begin(), values.end()) {
    std::sort(sorted_.begin(), sorted_.end());
  }
  [[nodiscard]] double count() const { return static_cast<double>(sorted_.size()); }
  [[nodiscard]] double at_most(double x) const {
    return static_cast<double>(std::upper_bound(sorted_.begin(), sorted_.end(), x) -
                               sorted_.begin());
  }
  /// The value of a rank counted from 1.
  [[nodiscard]] double of_rank(double rank) const {
    return sorted_[static_cast<std::size_t>(std::clamp(rank, 1.0, count())) - 1];
  }

 private:
  std::vector<double> sorted_;
};

}  // namespace relia::bench
