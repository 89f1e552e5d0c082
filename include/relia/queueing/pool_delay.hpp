// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The wait and the response of a request that is accepted, or served, by a pool with a finite
/// waiting room, finite sources or impatient requests. It finds some number waiting ahead; these
/// leave one by one. The tail of the wait is the sum over k of P(k have left by t) P(more than k
/// were ahead): terms of one sign, summed from the largest.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2;
/// Riordan, "Stochastic Service Systems" (1962), for impatience.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/departures.hpp>
#include <relia/queueing/detail/outward.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/detail/stages.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

namespace detail {

/// What a request finds. `ahead[i]`: the probability that it has to wait behind first + i others
/// and is served; or, with `served` false, as if it never gave up. Time in units of `unit`.
struct queue_seen {
  double immediate = 1;
  double first = 0;
  std::vector<double> ahead = {};
  double service = 1;
  double servers = 1;
  double abandonment = 0;
  double unit = 1;
  bool served = true;
};

}  // namespace detail

/// One of the two delays. `survival` keeps its digits down to 1e-45 of the probability of waiting,
/// which counts as 0 below 1e-240.
class pool_delay {
 public:
  pool_delay(queueing::delay kind, detail::queue_seen seen) : kind_(kind), seen_(std::move(seen)) {
    moments();
    const std::size_t n = seen_.ahead.size();
    if (n == 0) return;
    prepare_response();
    detail::running_sum more;
    for (std::size_t i = n; i-- > 0;) {
      more.add(seen_.ahead[i]);
      seen_.ahead[i] = more.value();
    }
  }

  /// The probability of a longer delay than t; 1 for t < 0. Cost: O(sqrt) of the departures in t.
  [[nodiscard]] double survival(double t) const noexcept {
    return std::isnan(t) ? t : tail(t / seen_.unit);
  }

  /// 1 - survival(t), to an absolute 1e-15.
  [[nodiscard]] double cdf(double t) const noexcept { return 1 - survival(t); }

  /// The delay that a fraction `level` does not exceed; infinite at 1. NaN for a level outside
  /// [0, 1]. Cost: some fifteen survivals.
  [[nodiscard]] double quantile(double level) const { return survival_quantile(1 - level); }

  /// The delay that a fraction `probability` exceeds: 1e-4 for the p99.99.
  [[nodiscard]] double survival_quantile(double probability) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (tail(0) <= probability) return 0;
    if (probability == 0) return infinity;
    return detail::tail_root([this](double x) { return std::log(tail(x)); }, std::log(probability),
                             std::max(mean_, std::sqrt(variance_)), 51) *
           seen_.unit;
  }

  [[nodiscard]] double mean() const noexcept { return mean_ == 0 ? 0 : mean_ * seen_.unit; }
  [[nodiscard]] double variance() const noexcept {
    return variance_ == 0 ? 0 : variance_ * seen_.unit * seen_.unit;
  }

 private:
  /// survival, of a time in units of `unit`.
  [[nodiscard]] double tail(double x) const noexcept {
    if (x < 0) return 1;
    if (!(x < std::numeric_limits<double>::max()) || never(x)) return 0;
    const bool responds = kind_ == delay::response;
    const double in_service = responds ? seen_.immediate * std::exp(-seen_.service * x) : 0.0;
    if (seen_.ahead.empty()) return in_service;
    if (x == 0) return responds ? 1.0 : std::min(1.0, seen_.ahead.front());
    const double waiting = waiting_tail(x);
    return std::min(1.0, responds ? in_service + waiting + served_tail(x) : waiting);
  }

  /// P(more than k are ahead), with its steps; constant below `first`.
  struct wait_terms {
    const detail::queue_seen& seen;
    const detail::departures& left;
    [[nodiscard]] double more_than(double k) const noexcept {
      return seen.ahead[k > seen.first ? static_cast<std::size_t>(k - seen.first) : 0];
    }
    [[nodiscard]] double next(double term, double k) const noexcept {
      return left.next(term, k) * (k < seen.first ? 1 : more_than(k + 1) / more_than(k));
    }
    [[nodiscard]] double previous(double term, double k) const noexcept {
      return left.previous(term, k) * (k <= seen.first ? 1 : more_than(k - 1) / more_than(k));
    }
  };

  /// Those that have waited and are in service after k departures; see prepare_response.
  struct service_terms {
    const std::vector<double>& steps;
    const detail::departures& left;
    double lowest;
    double last_step;
    [[nodiscard]] double step(double k) const noexcept {
      const auto i = static_cast<std::size_t>(std::min(k - lowest, 1e15));
      return i < steps.size() ? steps[i] : last_step;
    }
    [[nodiscard]] double next(double term, double k) const noexcept {
      return left.next(term, k) * step(k);
    }
    [[nodiscard]] double previous(double term, double k) const noexcept {
      return left.previous(term, k) / step(k - 1);
    }
  };

  [[nodiscard]] double size() const noexcept {
    return seen_.servers * seen_.service / seen_.abandonment;
  }
  [[nodiscard]] bool patient() const noexcept { return seen_.abandonment == 0; }

  [[nodiscard]] static double one(double) noexcept { return 1; }

  /// Below e^-750: the wait takes half of x with the probability that a Poisson number of mean m =
  /// servers service x / 2 is half of m or less, exp(-m / 8), and the service the other half.
  [[nodiscard]] bool never(double x) const noexcept {
    const double departures = seen_.servers * seen_.service * x / 2;
    return seen_.service * x > 1500 && departures > 6000 &&
           departures > 2 * (seen_.first + static_cast<double>(seen_.ahead.size()));
  }

  /// So late that none waits, whoever was ahead has left: exp(-theta t) is below the smallest
  /// number, or the line could have been served a million times.
  [[nodiscard]] bool beyond(double x) const noexcept {
    return seen_.abandonment * x > 700 || (patient() && seen_.servers * seen_.service * x > 1e15);
  }

  [[nodiscard]] double waiting_tail(double x) const {
    if (beyond(x)) return 0;
    const auto left = patient() ? detail::departures::poisson(seen_.servers * seen_.service * x)
                                : detail::departures::negative_binomial(
                                      size() + (seen_.served ? 1 : 0), seen_.abandonment * x);
    const wait_terms terms{seen_, left};
    const double last = seen_.first + static_cast<double>(seen_.ahead.size() - 1);
    // Far over capacity nobody finds a short line: P(no more than `first` have left) is closed, and
    // may be flat over all of a billion.
    double lowest = 0;
    double closed = 0;
    if (seen_.first > 1e6) {
      lowest = seen_.first + 1;
      const relia::detail::quiet_policy quiet;
      closed = seen_.ahead.front() *
               (patient() ? boost::math::gamma_q(lowest, left.mean, quiet)
                          : boost::math::ibeta(left.size, lowest, std::exp(-left.decay), quiet));
      if (lowest > last) return closed;
    }
    const double start = detail::mode_of(terms, lowest, last);
    return closed + std::exp(left.log_mass(start)) * terms.more_than(start) *
                        detail::outward_sum(terms, start, lowest, last, &one);
  }

  /// P(waited, and still in service at x).
  [[nodiscard]] double served_tail(double x) const {
    if (beyond(x)) return patient() ? 0 : std::exp(log_weights_.back() - seen_.service * x);
    const auto left = patient() ? detail::departures::poisson(seen_.servers * seen_.service * x)
                                : detail::departures::negative_binomial(
                                      (seen_.servers - 1) * seen_.service / seen_.abandonment + 1,
                                      seen_.abandonment * x);
    const double lowest = seen_.first + 1;
    const double last_step = patient() ? 1 - 1 / seen_.servers : 1.0;
    const double last = seen_.first + static_cast<double>(seen_.ahead.size());
    const double highest = patient() && last_step > 0 ? 1e15 : last;
    const service_terms terms{steps_, left, lowest, last_step};
    const double start = detail::mode_of(terms, lowest, highest);
    const auto at = static_cast<std::size_t>(start - lowest);
    const double log_weight =
        at < log_weights_.size()
            ? log_weights_[at]
            : log_weights_.back() +
                  (start - lowest - static_cast<double>(log_weights_.size() - 1)) *
                      std::log(last_step);
    const double sum =
        std::exp(left.log_mass(start) + log_weight - (patient() ? 0 : seen_.service * x)) *
        detail::outward_sum(terms, start, lowest, highest, &one);
    if (patient()) return sum;
    // Whoever was ahead has left: the weight stays, and the departures may be any number more.
    const double log_left = log_weights_.back() - seen_.service * x;
    if (log_left > 500) {  // a weight beyond the doubles of what is below them: by its first term
      return sum + std::exp(log_left + left.log_mass(last + 1)) *
                       detail::outward_sum(left, last + 1, last + 1, 1e15, &one);
    }
    return sum + std::exp(log_left) * boost::math::ibetac(left.size, last + 1,
                                                          std::exp(-left.decay),
                                                          relia::detail::quiet_policy());
  }

  /// Weights D of "waited, k departures, still in service". Patient: per departure a request in
  /// service stays with 1 - 1/c, and those with k ahead join: D(k+1) = (1 - 1/c) D(k) + g(k), g =
  /// ahead. Impatient: the same sum with exp(-mu t) taken out, whose g falls like (servers - 1) mu
  /// + (k + 1) theta. Kept as logarithms and ratios, for the second kind overflows.
  void prepare_response() {
    if (kind_ != delay::response) return;
    const std::size_t n = seen_.ahead.size();
    const double stay = patient() ? 1 - 1 / seen_.servers : 1.0;
    long double log_weight = std::log(seen_.ahead[0]);
    if (!patient()) log_weight += log_first_join();
    log_weights_.reserve(n);
    steps_.reserve(n);
    log_weights_.push_back(static_cast<double>(log_weight));
    double joining = 0;  // g(k) / D(k)
    for (std::size_t i = 1; i < n; ++i) {
      const double growth = join_ratio(i - 1);
      joining = i == 1 ? growth : growth * joining / (stay + joining);
      steps_.push_back(stay + joining);
      log_weight += std::log(stay + joining);
      log_weights_.push_back(static_cast<double>(log_weight));
    }
  }

  /// g(k + 1) / g(k) at k = first + i.
  [[nodiscard]] double join_ratio(std::size_t i) const noexcept {
    const double growth = seen_.ahead[i + 1] / seen_.ahead[i];
    if (patient()) return growth;
    const double gone = (seen_.first + static_cast<double>(i) + 2) * seen_.abandonment;
    return growth * (seen_.servers * seen_.service + gone) /
           ((seen_.servers - 1) * seen_.service + gone);
  }

  /// log of g / ahead at `first`: Gamma(b + f + 2) Gamma(b' + 1) / (Gamma(b' + f + 2) Gamma(b +
  /// 1)), b = c mu / theta, b' = (c - 1) mu / theta.
  [[nodiscard]] double log_first_join() const noexcept {
    const double b = size();
    const double d = seen_.service / seen_.abandonment;
    const double n = seen_.first + 1;
    return std::log((b + 1) / (b - d + 1)) + log_gamma_growth(b - d + n, d) -
           log_gamma_growth(b - d + 1, d);
  }

  /// log Gamma(m + d + 1) - log Gamma(m + 1), by Stirling's series with the leading terms taken
  /// apart. Domain: m >= 1.
  [[nodiscard]] static double log_gamma_growth(double m, double d) noexcept {
    const auto apart = detail::deviance(m, m + d);
    return d * std::log(m + d) - apart.high - apart.low + std::log1p(d / m) / 2 +
           detail::stirling_error(m + d) - detail::stirling_error(m);
  }

  void moments() {
    const double busy = seen_.servers * seen_.service;
    // A request that is served is one that did not give up first: theta once more.
    const double own = seen_.served ? 1 : 0;
    const auto before = detail::stages(busy, seen_.abandonment, own, seen_.first);
    const auto over_stages = [&](const auto& visit) {
      auto behind = before;
      double k = seen_.first + own;
      for (const double p : seen_.ahead) {
        behind.add(busy + k * seen_.abandonment);
        visit(p, behind.mean.value(), behind.variance.value());
        k += 1;
      }
    };
    detail::running_sum first;
    over_stages([&](double p, double m, double) { first.add(p * m); });
    double mean = first.value();
    detail::running_sum second;
    second.add(seen_.immediate * mean * mean);
    over_stages(
        [&](double p, double m, double v) { second.add(p * (v + (m - mean) * (m - mean))); });
    double variance = second.value();
    if (kind_ == delay::response) {
      mean += 1 / seen_.service;
      variance += 1 / (seen_.service * seen_.service);
    }
    mean_ = mean;
    variance_ = variance;
  }

  queueing::delay kind_;
  detail::queue_seen seen_;
  std::vector<double> steps_;
  std::vector<double> log_weights_;
  double mean_ = 0;
  double variance_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
