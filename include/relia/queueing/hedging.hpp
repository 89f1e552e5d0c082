// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does a second copy of a slow request buy, and what does it cost? Hedged: a copy is sent
/// when no answer came within `delay`; the first answer wins. Tied: copies are queued at once, and
/// the one that starts first cancels the others. Copies go to different replicas and are taken as
/// independent of each other; a slow database behind both would make the answers too good.
/// Ref: Dean and Barroso, CACM 56 (2013); tied: Hellemans and Van Houdt, Proc. ACM Meas. Anal.
/// Comput. Syst. 2 (2018).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/quadrature.hpp>
#include <relia/queueing/fan_out.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The latency with a copy sent after `delay`: survival(t) = S(t) before it, S(t) S(t - delay)
/// after. Itself a latency_tail.
template <latency_tail Leaf>
class hedged {
 public:
  /// Domain: delay >= 0, finite; 0 sends both at once. leaf.survival_quantile(0.05) hedges 5 %.
  /// Throws: std::domain_error.
  hedged(Leaf leaf, double delay) : leaf_(std::move(leaf)), delay_(delay) {
    relia::detail::require_non_negative("queueing::hedged", "delay", delay);
  }

  [[nodiscard]] const Leaf& leaf() const noexcept { return leaf_; }
  [[nodiscard]] double delay() const noexcept { return delay_; }

  /// The fraction of requests that send a copy: S(delay). The work grows by as much at most; less
  /// when the loser is cancelled.
  [[nodiscard]] double extra_load() const { return leaf_.survival(delay_); }

  [[nodiscard]] double survival(double t) const {
    const double first = leaf_.survival(t);
    return t < delay_ ? first : first * leaf_.survival(t - delay_);
  }

  /// The least time that at most the fraction `probability` exceeds; NaN outside [0, 1]. Cost:
  /// bisection to the last digit between the delay and the quantile without the copy.
  [[nodiscard]] double survival_quantile(double probability) const {
    const double alone = leaf_.survival_quantile(probability);
    if (!(alone > delay_) || probability == 0) return alone;
    double low = delay_;
    double high = alone;
    if (survival(low) <= probability) return low;
    if (high == infinity) {  // a single copy never meets it; two may
      high = std::max(2 * delay_, std::numeric_limits<double>::min());
      while (survival(high) > probability && high < infinity) high *= 2;
      if (high == infinity) return infinity;
    }
    for (int i = 0; i < 1100; ++i) {
      const double middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) break;
      (survival(middle) <= probability ? high : low) = middle;
    }
    return high;
  }

  [[nodiscard]] double quantile(double level) const { return survival_quantile(1 - level); }

  /// Domain: a leaf whose tail is smooth, or a latency_sample. Throws: convergence_error.
  [[nodiscard]] double mean() const {
    if constexpr (requires { leaf_.sorted(); }) {
      return mean_of_sample();
    } else {
      constexpr std::string_view where = "queueing::hedged";
      const double none = leaf_.survival(0);
      double scale = none > 0 ? leaf_.survival_quantile(none / 2) : 0;
      if (scale == infinity) return infinity;
      if (!(scale > 0)) return 0;
      // Before the delay by t = delay y / (1 + y), after it by t - delay.
      double before = 0;
      if (delay_ > 0) {
        before = delay_ * detail::integral_to_infinity(where, scale / delay_, [&](double y) {
                   return leaf_.survival(delay_ * (y / (1 + y))) / ((1 + y) * (1 + y));
                 });
      }
      if (leaf_.survival(delay_) == 0) return before;
      return before + detail::integral_to_infinity(where, scale, [&](double t) {
               return leaf_.survival(delay_ + t) * leaf_.survival(t);
             });
    }
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// The steps of S(t) and of S(t - delay), merged.
  [[nodiscard]] double mean_of_sample() const {
    const auto values = leaf_.sorted();
    const auto size = static_cast<double>(values.size());
    double sum = 0;
    double from = 0;
    std::size_t first = 0;
    std::size_t second = 0;
    while (first < values.size() && second < values.size()) {
      const double one = values[first];
      const double two = delay_ + values[second];
      const double to = std::min(one, two);
      sum += (to - from) * (static_cast<double>(values.size() - first) / size) *
             (static_cast<double>(values.size() - second) / size);
      from = to;
      if (one <= two) ++first;
      if (two <= one) ++second;
    }
    return sum;
  }

  Leaf leaf_;
  double delay_;
};

/// Replicas that hedge among themselves, with the copies in the load. `attempt_rate`: of requests
/// and copies, per replica, where both agree; `extra_load`: copies per request; `replica`: the pool
/// at that rate. Unstable: no rate below the capacity of the replica agrees with its copies.
struct hedged_replicas {
  relia::state state = relia::state::unstable;
  double attempt_rate = 0;
  double extra_load = 0;
  mmc replica;
  hedged<response_time> response;
};

/// The fixed point attempt_rate = arrival_rate (1 + S(delay)), S the response of a replica at the
/// attempt rate: the least one, which a fleet that starts idle comes to. No copy is cancelled, the
/// careful side. Domain: as mmc and hedged. Throws: std::domain_error; convergence_error within
/// about 1e-9 of the load at which the fixed point vanishes. Cost: some M/M/c.
[[nodiscard]] inline hedged_replicas hedge_replicas(double arrival_rate, double service_rate,
                                                    count servers, double delay) {
  constexpr std::string_view where = "queueing::hedge_replicas";
  relia::detail::require_non_negative(where, "delay", delay);
  double rate = arrival_rate;
  for (int i = 0; i < 100'000; ++i) {
    const mmc replica(rate, service_rate, servers);
    if (replica.state() != relia::state::ok) {
      return {relia::state::unstable, rate, 1, replica,
              hedged<response_time>(replica.response_time(), delay)};
    }
    const double extra = replica.response_time().survival(delay);
    const double next = arrival_rate * (1 + extra);
    // The steps are all upwards; rounding may stop or turn them.
    if (next - rate <= 1e-15 * rate) {
      return {relia::state::ok, rate, extra, replica,
              hedged<response_time>(replica.response_time(), delay)};
    }
    rate = next;
  }
  RELIA_RAISE(convergence_error,
              "relia::" + std::string(where) +
                  ": the load still grows after 100000 steps: it is next to that without a steady "
                  "state");
}

/// The arrival rate per replica up to which a copy after `delay` shortens the quantile that a
/// fraction `probability` exceeds, the copies in the load; beyond it the copies cost more than they
/// save, and soon the replicas. Copies at once, single servers: a third of the capacity, for every
/// quantile. 0 when it never pays. Domain: probability in (0, 1), the rest as hedge_replicas.
/// Throws: std::domain_error. Cost: some hundred hedge_replicas. The first crossing of a scan in 64
/// steps, then bisection to 1e-7 of the capacity, from below.
[[nodiscard]] inline double hedging_break_even(double service_rate, count servers, double delay,
                                               double probability) {
  constexpr std::string_view where = "queueing::hedging_break_even";
  relia::detail::require_open_fraction(where, "probability", probability);
  relia::detail::require_non_negative(where, "delay", delay);
  const double capacity =
      mmc(0, service_rate, servers).service_rate() * static_cast<double>(servers);
  const auto pays = [&](double rate) {
    const auto found = hedge_replicas(rate, service_rate, servers, delay);
    return found.state == relia::state::ok &&
           found.response.survival_quantile(probability) <
               mmc(rate, service_rate, servers).response_time().survival_quantile(probability);
  };
  constexpr int steps = 64;
  int step = 0;
  while (step + 1 < steps && pays(capacity * (step + 1) / steps)) ++step;
  double low = capacity * step / steps;
  double high = capacity * (step + 1) / steps;
  if (step == 0 && !pays(capacity * 1e-6)) return 0;
  while (high - low > 1e-7 * capacity) {
    const double middle = low + (high - low) / 2;
    (pays(middle) ? low : high) = middle;
  }
  return low;
}

/// Requests queued at `copies` replicas at once; the first to start cancels the others, in no time.
/// Single servers, exponential service, many replicas, chosen at random: exact in the limit of
/// many. No extra work. survival(t) = (r + (1 - r) e^{(d-1) t})^{-1/(d-1)}, d copies, r = rho^d, t
/// in services. Itself a latency_tail.
class tied_requests {
 public:
  /// Domain: arrival_rate >= 0 (of requests, per replica), service_rate > 0, copies from 1 to 1e6.
  /// Throws: std::domain_error.
  tied_requests(double arrival_rate, double service_rate, count copies = 2)
      : service_rate_(service_rate), others_(static_cast<double>(copies) - 1) {
    constexpr std::string_view where = "queueing::tied_requests";
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    relia::detail::require_domain(copies >= 1 && copies <= 1'000'000, where, "copies",
                                  "from 1 to 1e6", copies);
    if (!(arrival_rate < service_rate)) return;
    const double idle = (service_rate - arrival_rate) / service_rate;
    const double log_busy = std::log1p(-idle) * static_cast<double>(copies);
    all_busy_ = std::exp(log_busy);
    some_idle_ = -std::expm1(log_busy);
  }

  /// unstable: every time is infinite.
  [[nodiscard]] relia::state state() const noexcept {
    return some_idle_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// The fraction of requests that wait: all their replicas are busy.
  [[nodiscard]] double wait_probability() const noexcept { return all_busy_; }

  [[nodiscard]] double survival(double t) const noexcept {
    if (t < 0 || state() != relia::state::ok) return std::isnan(t) ? t : 1;
    const double x = service_rate_ * t;
    if (others_ == 0) return std::exp(-some_idle_ * x);
    // e^{-x} (1 - r + r e^{-(d-1) x})^{-1/(d-1)}; near saturation r has lost what 1 - r keeps.
    const double fallen = -all_busy_ * std::expm1(-others_ * x);
    const double log = fallen < 0.5 ? std::log1p(-fallen)
                                    : std::log(some_idle_ + all_busy_ * std::exp(-others_ * x));
    return std::exp(-x - log / others_);
  }

  /// NaN outside [0, 1].
  [[nodiscard]] double survival_quantile(double probability) const noexcept {
    if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (probability == 1) return 0;
    if (probability == 0 || state() != relia::state::ok) {
      return std::numeric_limits<double>::infinity();
    }
    const double log = -std::log(probability);
    if (others_ == 0) return log / some_idle_ / service_rate_;
    // x = log(1 + (q^{-(d-1)} - 1) / (1 - r)) / (d - 1), for large powers with the power out.
    const double power = others_ * log;
    const double x = power < 40 ? std::log1p(std::expm1(power) / some_idle_)
                                : power - std::log(some_idle_);  // the 1 is below the last digit
    return x / others_ / service_rate_;
  }

  [[nodiscard]] double quantile(double level) const noexcept {
    return survival_quantile(1 - level);
  }

  /// Throws: convergence_error.
  [[nodiscard]] double mean() const {
    if (state() != relia::state::ok) return std::numeric_limits<double>::infinity();
    return detail::integral_to_infinity("queueing::tied_requests", 1 / service_rate_,
                                        [this](double t) { return survival(t); });
  }

 private:
  double service_rate_;
  double others_;
  double all_busy_ = 1;
  double some_idle_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
