// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when requests arrive in batches: page loads that fan out, polled queues,
/// cron? M^X/M/1: batches as a Poisson process, of independent sizes, one server, exponential
/// service. Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed.
/// (2008), 3.1.

#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M^X/M/1 queue. At or over capacity `state()` is unstable and the answers are infinite.
class batch_mm1 {
 public:
  /// batch_rate: batches per unit of time; mean_batch and batch_scv of the requests in one: scv 0
  /// for equal batches, 1 - 1 / mean for geometric ones. Domain: batch_rate >= 0, service_rate > 0,
  /// mean_batch >= 1, batch_scv >= 0, finite. Throws: std::domain_error.
  batch_mm1(double batch_rate, double service_rate, double mean_batch, double batch_scv)
      : batch_rate_(batch_rate),
        service_rate_(service_rate),
        mean_batch_(mean_batch),
        batch_scv_(batch_scv) {
    constexpr std::string_view where = "queueing::batch_mm1";
    relia::detail::require_non_negative(where, "batch_rate", batch_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    relia::detail::require_domain(mean_batch >= 1 && relia::detail::is_finite(mean_batch), where,
                                  "mean_batch", "at least 1 and finite", mean_batch);
    relia::detail::require_non_negative(where, "batch_scv", batch_scv);
    if (batch_rate == 0) return;
    const double per_batch = mean_batch / service_rate;
    load_ = batch_rate * per_batch;
    slack_ = std::fma(-batch_rate, per_batch, 1.0);
  }

  [[nodiscard]] double batch_rate() const noexcept { return batch_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return service_rate_; }
  [[nodiscard]] double mean_batch() const noexcept { return mean_batch_; }
  [[nodiscard]] double batch_scv() const noexcept { return batch_scv_; }
  [[nodiscard]] double utilization() const noexcept { return load_; }
  [[nodiscard]] relia::state state() const noexcept {
    return slack_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// Of a request: that of its batch behind those before it, and its place in the batch. (E X^2 / E
  /// X
  /// + 1) / (2 (1 - rho)) services.
  [[nodiscard]] double mean_response() const noexcept {
    if (!(slack_ > 0)) return std::numeric_limits<double>::infinity();
    return (mean_batch_ * (1 + batch_scv_) + 1) / (2 * slack_) / service_rate_;
  }
  /// mean_response less one service, from terms that are not negative.
  [[nodiscard]] double mean_wait() const noexcept {
    if (!(slack_ > 0)) return std::numeric_limits<double>::infinity();
    return ((mean_batch_ - 1) + mean_batch_ * batch_scv_ + 2 * load_) / (2 * slack_) /
           service_rate_;
  }
  [[nodiscard]] double mean_in_system() const noexcept { return number(mean_response()); }
  [[nodiscard]] double mean_in_queue() const noexcept { return number(mean_wait()); }

 private:
  [[nodiscard]] double number(double delay) const noexcept {
    if (batch_rate_ == 0) return 0;
    return slack_ > 0 ? batch_rate_ * mean_batch_ * delay : delay;
  }

  double batch_rate_;
  double service_rate_;
  double mean_batch_;
  double batch_scv_;
  double load_ = 0;
  double slack_ = 1;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
