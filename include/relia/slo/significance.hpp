// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Are so many failures more than bad luck? One failed request of ten is an error ratio of 10 % and
/// says next to nothing. Bad events of a window are compared with how many a burn rate would bring:
/// as Poisson counts, which from mean + 1 on are never surer than binomial ones, or in clusters.
/// Everything is computed in the constructor; the answer is a look-up, for the request path.
/// Ref: S. D. Poisson (1837); clusters: G. Polya, Ann. Inst. H. Poincare 1 (1930), 117.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/detail/clustered_tail.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// For each count k the largest expected number of events at which k are significant: where
/// P(X >= k) = p_value. Memory: 8 bytes per count, none for a p_value of 1.
class significance {
 public:
  /// Asks for nothing.
  significance() = default;

  /// Counts up to `largest` are judged exactly, larger ones by Chernoff's bound, which never takes
  /// chance for significance. Domain: 0 < p_value <= 1, burn_rate > 0, 1 <= dispersion <= 1e6,
  /// 1 <= largest <= 2^20. Throws: std::domain_error. Cost: O(largest), with a dispersion above 1
  /// O(largest^2).
  explicit significance(const slo::evidence& evidence, std::size_t largest = 1024)
      : evidence_(evidence) {
    constexpr const char* where = "slo::significance";
    relia::detail::require_domain(evidence.p_value > 0 && evidence.p_value <= 1, where, "p_value",
                                  "a fraction in (0, 1]", evidence.p_value);
    relia::detail::require_positive(where, "burn_rate", evidence.burn_rate);
    relia::detail::require_domain(evidence.dispersion >= 1 && evidence.dispersion <= 1e6, where,
                                  "dispersion", "from 1 to 1e6", evidence.dispersion);
    relia::detail::require_domain(largest >= 1 && largest <= (std::size_t{1} << 20U), where,
                                  "largest", "from 1 to 2^20", largest);
    if (evidence.p_value == 1) return;
    const std::vector<double> factorials = detail::log_factorials(largest);
    double batches = -std::log1p(-evidence.p_value);
    limits_.reserve(largest);
    limits_.push_back(detail::events_of(batches, evidence.dispersion));
    for (std::size_t k = 2; k <= largest; ++k) {
      batches = detail::clustered_tail(k, evidence.dispersion, factorials)
                    .batches_for(evidence.p_value, batches);
      limits_.push_back(detail::events_of(batches, evidence.dispersion));
    }
  }

  [[nodiscard]] const slo::evidence& evidence() const noexcept { return evidence_; }

  /// Are `bad` events significant where `expected` would come: valid events * error budget *
  /// burn_rate? Always, when the p_value is 1; never, when it is not and nothing is bad.
  [[nodiscard]] bool reached(count bad, double expected) const noexcept {
    if (limits_.empty()) return true;
    if (bad <= 0) return false;
    const auto k = static_cast<std::size_t>(bad);
    if (expected <= limits_[std::min(k, limits_.size()) - 1]) return true;
    return k > limits_.size() &&
           detail::chernoff_exponent(static_cast<double>(bad), expected, evidence_.dispersion) >=
               -std::log(evidence_.p_value);
  }

  /// The smallest count that is significant; 0 when the p_value is 1. Cost: O(log). Domain:
  /// expected below 2^61; NaN gives the largest count.
  [[nodiscard]] count critical(double expected) const noexcept {
    if (limits_.empty()) return 0;
    count high = 1;
    while (!reached(high, expected) && high < (count{1} << 62U)) high *= 2;
    count low = high / 2;
    while (high - low > 1) {
      const count middle = low + (high - low) / 2;
      (reached(middle, expected) ? high : low) = middle;
    }
    return high;
  }

  /// Element k - 1: the largest expected number at which k events are significant. Empty when the
  /// p_value is 1.
  [[nodiscard]] std::span<const double> largest_expected() const noexcept { return limits_; }

 private:
  slo::evidence evidence_{};
  std::vector<double> limits_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
