// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long until the backlog is worked off? While every server is busy the line is a random walk:
/// down at servers * service_rate, up at arrival_rate. The time until `backlog` requests are gone,
/// and those that came meanwhile, is the first passage of that walk: an exact sum of positive
/// terms, over the number of services, of a ballot probability and a gamma distribution.
/// Ref: Takacs, "Introduction to the Theory of Queues" (1962), ch. 1; Gross, Shortle, Thompson,
/// Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), 2.12.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The time until the line is empty for the first time. At or over capacity `state()` is unstable
/// and the mean infinite; `probability()` that it ever empties is then below 1, or 1 at capacity.
class drain_time {
 public:
  /// Domain: backlog from 0 to 1e9 requests that wait; arrival_rate >= 0; service_rate > 0 of one
  /// server; servers from 1 to 1e9; finite. Throws: std::domain_error.
  drain_time(count backlog, double arrival_rate, double service_rate, count servers)
      : backlog_(static_cast<double>(backlog)), arrivals_(arrival_rate) {
    constexpr std::string_view where = "queueing::drain_time";
    relia::detail::require_domain(backlog >= 0 && backlog <= 1'000'000'000, where, "backlog",
                                  "from 0 to 1e9", backlog);
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    detail::require_servers(where, servers);
    departures_ = service_rate * static_cast<double>(servers);
    relia::detail::require_domain(relia::detail::is_finite(departures_ + arrival_rate), where,
                                  "servers * service_rate + arrival_rate", "finite",
                                  departures_ + arrival_rate);
    drift_ = std::fma(service_rate, static_cast<double>(servers), -arrival_rate);
  }

  [[nodiscard]] relia::state state() const noexcept {
    return drift_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// Requests by which the line shrinks per unit of time; negative when it grows.
  [[nodiscard]] double drift() const noexcept { return drift_; }

  /// That the line ever empties: min(1, servers service_rate / arrival_rate)^backlog.
  [[nodiscard]] double probability() const noexcept {
    if (drift_ >= 0 || backlog_ == 0) return 1;
    return std::exp(backlog_ * std::log1p(drift_ / arrivals_));
  }

  /// backlog / drift.
  [[nodiscard]] double mean() const noexcept {
    if (backlog_ == 0) return 0;
    return drift_ > 0 ? backlog_ / drift_ : infinity;
  }

  /// backlog (arrival_rate + servers service_rate) / drift^3.
  [[nodiscard]] double variance() const noexcept {
    if (backlog_ == 0) return 0;
    return drift_ > 0 ? mean() / drift_ * ((arrivals_ + departures_) / drift_) : infinity;
  }

  /// The probability that the line has been empty by `t`; below 1e-40 it is 0. Domain: t a number.
  /// Throws: std::domain_error; relia::convergence_error past 1e8 terms (a large backlog next to
  /// saturation). Cost: O(standard deviation of the number of services), ten at rho = 0.5 and a
  /// backlog of 1, 3e5 at rho = 0.8 and a backlog of a million.
  [[nodiscard]] double cdf(double t) const {
    relia::detail::require_number("queueing::drain_time::cdf", "t", t);
    if (t < 0) return 0;
    if (backlog_ == 0) return 1;
    const double events = (arrivals_ + departures_) * t;
    return probability() * (events < infinity ? std::min(1.0, summed(events)) : 1);
  }

  /// That it has not: 1 - cdf.
  [[nodiscard]] double survival(double t) const { return 1 - cdf(t); }

  /// The time by which the line has been empty with probability `level`; infinite when it is not
  /// that likely ever to be. Domain: level in (0, 1). Throws: as survival, and std::domain_error.
  [[nodiscard]] double quantile(double level) const {
    relia::detail::require_open_fraction("queueing::drain_time::quantile", "level", level);
    if (backlog_ == 0) return 0;
    if (level >= probability()) return infinity;
    // Beyond the mean the tail falls at least as fast as exp(-decay t): so late the sum is what it
    // ever will be, and rounding may leave it below the level.
    const double roots = std::sqrt(arrivals_) + std::sqrt(departures_);
    const double decay = (drift_ / roots) * (drift_ / roots);
    const double latest = std::min(2 * backlog_ / std::abs(drift_) + 1000 / decay,
                                   std::numeric_limits<double>::max() / 2);
    return detail::tail_root([this](double t) { return -std::log(cdf(t)); }, -std::log(level),
                             drift_ > 0 ? mean() : backlog_ / departures_, 50, latest);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// The logarithm of the probability that k services empty the line, given that it empties: by
  /// the ballot theorem backlog / n Binomial(n, k), n = 2 k - backlog. A walk that drifts up and
  /// yet arrives is one that drifts down, with the rates exchanged.
  [[nodiscard]] double log_weight(double k) const noexcept {
    const double n = 2 * k - backlog_;
    const double total = arrivals_ + departures_;
    const double down = std::max(arrivals_, departures_) / total;
    const double up = std::min(arrivals_, departures_) / total;
    return std::log(backlog_ / n) + detail::log_poisson_mass(k, n * down) +
           detail::log_poisson_mass(n - k, n * up) - detail::log_poisson_mass(n, n);
  }

  /// The sum over k of its probability and that n events of a Poisson process fit into a time in
  /// which `events` are expected. Downwards, so that both are carried on by sums and products of
  /// positive terms; what lies outside weighs e^-100 or does not fit.
  [[nodiscard]] double summed(double events) const {
    constexpr double negligible = -100;
    // Of a large shape and next to no event the incomplete gamma function is 0; on the way to it
    // the complete one may overflow.
    const relia::detail::quiet_policy quiet;
    if (events < 1e-40) return 0;
    if (arrivals_ == 0) {
      return boost::math::gamma_p(backlog_, std::min(events, 1e12), quiet);
    }
    double last = std::ceil((events + 12 * std::sqrt(events) + 60 + backlog_) / 2);
    const double services = backlog_ * std::max(arrivals_, departures_) / std::abs(drift_);
    const double middle = std::min(std::floor(std::max(services, backlog_)), last);
    const auto counts = [&](double k) { return log_weight(k) >= negligible; };
    if (!counts(middle)) return 0;
    const double first = counts(backlog_) ? backlog_ : boundary(counts, backlog_, middle);
    if (!counts(last)) last = boundary(counts, last, middle);
    if (last - first > 1e8) no_convergence(last - first);
    double shape = 2 * last - backlog_;
    double fits = boost::math::gamma_p(shape, events, quiet);
    double exactly = detail::poisson_mass(shape - 1, events);
    double weight = std::exp(log_weight(last));
    const double total = arrivals_ + departures_;
    const double both = total / arrivals_ * (total / departures_);
    double sum = 0;
    for (double k = last; k >= first; k -= 1) {
      sum += weight * fits;
      shape = 2 * k - backlog_;
      weight *= k * (k - backlog_) / ((shape - 1) * (shape - 2)) * both;
      const double before = exactly * ((shape - 1) / events);
      fits += exactly + before;
      exactly = before * ((shape - 2) / events);
    }
    return sum;
  }

  /// The last k from `inside` towards `outside` that still counts.
  template <class Predicate>
  [[nodiscard]] static double boundary(const Predicate& counts, double outside, double inside) {
    while (std::abs(outside - inside) > 1) {
      const double between = std::floor(outside / 2 + inside / 2);
      if (between == outside || between == inside) break;
      (counts(between) ? inside : outside) = between;
    }
    return inside;
  }

  [[noreturn]] static void no_convergence(double terms) {
    RELIA_RAISE(convergence_error,
                "relia::queueing::drain_time: the distribution next to saturation has " +
                    relia::detail::to_text(terms) + " terms; mean() and variance() hold");
  }

  double backlog_ = 0;
  double arrivals_ = 0;
  double departures_ = 0;
  double drift_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
