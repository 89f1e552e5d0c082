// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Poisson counts of one mean by inversion: one random word each, whatever the mean, so that the
/// count at an index does not depend on those before it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail {

/// Keeps the distribution function where it is not 0 or 1 to a double. Domain: 0 <= mean <= 1e6.
class poisson_draw {
 public:
  explicit poisson_draw(double mean) {
    if (mean == 0) return;
    // Twelve deviations and some: what is cut off is below 1e-30.
    const double reach = 12 * std::sqrt(mean) + 40;
    first_ = static_cast<count>(std::max(0.0, std::floor(mean - reach)));
    const auto mode = static_cast<count>(mean);
    const auto last = static_cast<count>(mean + reach);
    std::vector<double> mass(static_cast<std::size_t>(last - first_ + 1));
    const auto at = [this](count k) { return static_cast<std::size_t>(k - first_); };
    mass[at(mode)] = 1;
    for (count k = mode; k > first_; --k) {
      mass[at(k - 1)] = mass[at(k)] * (static_cast<double>(k) / mean);
    }
    for (count k = mode; k < last; ++k) {
      mass[at(k + 1)] = mass[at(k)] * (mean / static_cast<double>(k + 1));
    }
    double total = 0;
    for (const double m : mass) total += m;
    double sum = 0;
    below_.reserve(mass.size());
    for (const double m : mass) {
      sum += m;
      below_.push_back(sum / total);
    }
    below_.back() = 2;  // whatever the word, the search ends
    std::size_t k = 0;
    for (std::size_t g = 0; g < guide_.size(); ++g) {
      while (below_[k] <= static_cast<double>(g) / guides) ++k;
      guide_[g] = static_cast<std::uint32_t>(k);
    }
  }

  [[nodiscard]] count operator()(std::uint64_t word) const noexcept {
    if (below_.empty()) return 0;
    const double u = static_cast<double>(word >> 11U) * 0x1p-53;
    std::size_t k = guide_[word >> 56U];
    while (below_[k] <= u) ++k;
    return first_ + static_cast<count>(k);
  }

 private:
  static constexpr double guides = 256;

  count first_ = 0;
  std::vector<double> below_{};  ///< P(X <= first + k)
  std::array<std::uint32_t, 256> guide_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail
