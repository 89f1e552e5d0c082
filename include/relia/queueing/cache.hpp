// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does a cache in front of a pool hide? A fraction `hit_ratio` of the requests is answered in
/// `hit_time`; the others take that long to find out and go on to the pool, an M/M/c queue that
/// sees arrival_rate (1 - hit_ratio). Misses are taken as independent of each other, so that they
/// are again Poisson; a cache that is flushed or a tenant that is cold misses in bursts and is
/// worse.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2
/// and, for the splitting of Poisson arrivals, 1.

#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/sizing.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The pool behind a cache, and the response that clients see through it.
class cached_queue {
 public:
  /// Domain: arrival_rate >= 0, hit_ratio in [0, 1], service_rate > 0, servers from 1 to 1e9,
  /// hit_time >= 0. Throws: std::domain_error. Cost: O(1).
  cached_queue(double arrival_rate, double hit_ratio, double service_rate, count servers,
               double hit_time = 0)
      : hit_ratio_(checked(arrival_rate, hit_ratio, hit_time)),
        hit_time_(hit_time),
        pool_(arrival_rate * (1 - hit_ratio), service_rate, servers) {}

  /// The M/M/c queue that the misses see.
  [[nodiscard]] const mmc& pool() const noexcept { return pool_; }

  /// unstable when the misses alone are more than the pool serves.
  [[nodiscard]] relia::state state() const noexcept { return pool_.state(); }

  [[nodiscard]] double mean() const noexcept {
    return hit_ratio_ == 1 ? hit_time_
                           : hit_time_ + (1 - hit_ratio_) * pool_.response_time().mean();
  }

  /// The probability to take longer than t.
  [[nodiscard]] double survival(double t) const noexcept {
    if (t < hit_time_) return 1;
    return hit_ratio_ == 1 ? 0 : (1 - hit_ratio_) * pool_.response_time().survival(t - hit_time_);
  }

  /// The time that a fraction `level` does not exceed; `hit_time` up to the hit ratio. NaN for a
  /// level outside [0, 1].
  [[nodiscard]] double quantile(double level) const noexcept {
    if (!(level >= 0 && level <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (level <= hit_ratio_) return hit_time_;
    return hit_time_ + pool_.response_time().survival_quantile((1 - level) / (1 - hit_ratio_));
  }

 private:
  [[nodiscard]] static double checked(double arrival_rate, double hit_ratio, double hit_time) {
    constexpr std::string_view where = "queueing::cached_queue";
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_fraction(where, "hit_ratio", hit_ratio);
    relia::detail::require_non_negative(where, "hit_time", hit_time);
    return hit_ratio;
  }

  double hit_ratio_;
  double hit_time_;
  mmc pool_;
};

/// The least hit ratio at which a fraction `level` of the requests is answered within `limit`; 0
/// when the pool needs no cache, 1 when only hits are in time. Below it the pool is what the target
/// fails on: a cold cache is a ratio of 0. Rounded up, so that the model meets the target. Domain:
/// as cached_queue; level in (0, 1), limit >= hit_time. Throws: std::domain_error. Cost: some
/// fifty evaluations.
[[nodiscard]] inline double min_hit_ratio(double arrival_rate, double service_rate, count servers,
                                          double limit, double level = 0.99, double hit_time = 0) {
  constexpr std::string_view where = "queueing::min_hit_ratio";
  relia::detail::require_open_fraction(where, "level", level);
  relia::detail::require_non_negative(where, "hit_time", hit_time);
  relia::detail::require_domain(limit >= hit_time && relia::detail::is_finite(limit), where,
                                "limit", "at least hit_time and finite", limit);
  const auto meets = [&](double ratio) {
    return cached_queue(arrival_rate, ratio, service_rate, servers, hit_time).survival(limit) <=
           1 - level;
  };
  if (meets(0)) return 0;
  // More hits are fewer misses at a pool that is less loaded: bisection ends at neighbours.
  double fails = 0;
  double holds = 1;
  for (;;) {
    const double middle = fails + (holds - fails) / 2;
    if (middle <= fails || middle >= holds) return holds;
    (meets(middle) ? holds : fails) = middle;
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
