// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line at one server? M/M/1, the pool of one: its answers are those of `mmc`, in
/// closed form, and it has busy periods.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2.

#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/1 queue; see mmc for what it answers.
class mm1 : public mmc {
 public:
  /// Domain: arrival_rate >= 0, service_rate > 0, finite. Throws: std::domain_error.
  mm1(double arrival_rate, double service_rate)
      : mmc("queueing::mm1", arrival_rate, service_rate, 1) {}

  /// How long the server stays busy from an arrival that finds it idle, on average: 1 /
  /// (service_rate - arrival_rate); infinite when unstable.
  [[nodiscard]] double mean_busy_period() const noexcept {
    return waiting_time().mean_given_wait();
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
