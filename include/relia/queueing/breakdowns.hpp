// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when servers also break down and wait for repair? M/M/c with breakdowns:
/// every server that is up fails at a rate, busy or idle; so many repairers; an interrupted request
/// goes back to the queue and is resumed. Exact: a quasi-birth-death process whose phase is the
/// number of servers up, solved by logarithmic reduction. Ref: Mitrany and Avi-Itzhak, Operations
/// Research 16 (1968); Latouche and Ramaswami, Journal of Applied Probability 30 (1993).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <Eigen/Core>
#include <Eigen/LU>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// How servers fail and are repaired. `repairers`: how many repairs go on at once; 0 means one for
/// each server.
struct breakdown_rates {
  double failure_rate = 0;  ///< of one server that is up
  double repair_rate = 1;   ///< of one repairer
  count repairers = 0;
};

/// An M/M/c queue with breakdowns. When the servers up on average cannot bear the load, `state()`
/// is unstable and numbers and delays are infinite.
class mmc_breakdowns {
 public:
  /// Domain: arrival_rate >= 0; service_rate > 0; servers from 1 to 200; failure_rate >= 0,
  /// repair_rate > 0, repairers >= 0; rates up to 1e100, failure_rate / repair_rate to 1e50.
  /// Throws: std::domain_error, relia::convergence_error. Cost: O(servers^4): 1 ms for 10 servers.
  mmc_breakdowns(double arrival_rate, double service_rate, count servers,
                 const breakdown_rates& rates)
      : arrival_rate_(arrival_rate), service_rate_(service_rate), servers_(servers), rates_(rates) {
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    relia::detail::require_domain(servers >= 1 && servers <= 200, where, "servers", "from 1 to 200",
                                  servers);
    relia::detail::require_non_negative(where, "failure_rate", rates.failure_rate);
    relia::detail::require_positive(where, "repair_rate", rates.repair_rate);
    relia::detail::require_non_negative_count(where, "repairers", rates.repairers);
    for (const double rate : {arrival_rate, service_rate, rates.failure_rate, rates.repair_rate}) {
      relia::detail::require_domain(rate <= 1e100, where, "rates", "at most 1e100", rate);
    }
    relia::detail::require_domain(rates.failure_rate / rates.repair_rate <= 1e50, where,
                                  "failure_rate / repair_rate", "at most 1e50",
                                  rates.failure_rate / rates.repair_rate);
    if (rates_.repairers == 0) rates_.repairers = servers;
    up_ = phases();
    mean_up_ = 0;
    for (count u = 1; u <= servers_; ++u) {
      mean_up_ += static_cast<double>(u) * up_[static_cast<std::size_t>(u)];
    }
    stable_ = arrival_rate_ / service_rate_ < mean_up_;
    if (!stable_) return;
    if (arrival_rate_ == 0) {
      levels_.push_back(1);
      mean_ = 0;
      return;
    }
    solve();
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return service_rate_; }
  [[nodiscard]] count servers() const noexcept { return servers_; }
  [[nodiscard]] const breakdown_rates& rates() const noexcept { return rates_; }
  [[nodiscard]] relia::state state() const noexcept {
    return stable_ ? relia::state::ok : relia::state::unstable;
  }
  /// The number of servers up, on average, and the probability of exactly n.
  [[nodiscard]] double mean_up() const noexcept { return mean_up_; }
  [[nodiscard]] double probability_up(count n) const noexcept {
    return n < 0 || n > servers_ ? 0 : up_[static_cast<std::size_t>(n)];
  }
  /// The load over the servers up on average.
  [[nodiscard]] double utilization() const noexcept {
    return arrival_rate_ / service_rate_ / mean_up_;
  }
  [[nodiscard]] double mean_in_system() const noexcept { return mean_; }
  [[nodiscard]] double mean_in_queue() const noexcept {
    if (!stable_) return infinity;
    return std::max(0.0, mean_ - arrival_rate_ / service_rate_);
  }
  /// Interruptions included.
  [[nodiscard]] double mean_response() const noexcept {
    if (!stable_) return infinity;
    if (arrival_rate_ > 0) return mean_ / arrival_rate_;
    return std::numeric_limits<double>::quiet_NaN();  // of no request
  }
  /// The probability of exactly n requests in the system; 0 for n < 0 and when unstable. Cost:
  /// O(servers^3 log n) beyond the servers.
  [[nodiscard]] double probability_of(count n) const {
    if (n < 0 || !stable_) return 0;
    if (static_cast<std::size_t>(n) < levels_.size()) return levels_[static_cast<std::size_t>(n)];
    if (arrival_rate_ == 0) return 0;
    Eigen::RowVectorXd level = last_;
    matrix power = ratio_;
    for (count k = n - (servers_ - 1); k > 0; k /= 2) {
      if (k % 2 == 1) level = (level * power).eval();
      if (k > 1) power = (power * power).eval();
    }
    return probability(level.sum());
  }

 private:
  using matrix = Eigen::MatrixXd;

  /// A sum of many, whose rounding may be more than all there is.
  [[nodiscard]] static double probability(double sum) noexcept { return std::clamp(sum, 0.0, 1.0); }

  static constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr std::string_view where = "queueing::mmc_breakdowns";

  [[nodiscard]] double repair_rate(count up) const noexcept {
    return static_cast<double>(std::min(servers_ - up, rates_.repairers)) * rates_.repair_rate;
  }
  [[nodiscard]] double failure_rate(count up) const noexcept {
    return static_cast<double>(up) * rates_.failure_rate;
  }

  /// A birth-death process, from all up downwards: rarely down is what keeps its digits.
  [[nodiscard]] std::vector<double> phases() const {
    std::vector<double> p(static_cast<std::size_t>(servers_) + 1, 0.0);
    double weight = 1;
    double total = 0;
    for (count u = servers_; u >= 0; --u) {
      p[static_cast<std::size_t>(u)] = weight;
      total += weight;
      if (u > 0) weight *= failure_rate(u) / repair_rate(u - 1);
      if (total > 1e250) {
        for (double& value : p) value *= 1e-250;
        total *= 1e-250;
        weight *= 1e-250;
      }
    }
    for (double& value : p) value /= total;
    return p;
  }

  /// Rates within a level of n requests, less those out of it, negated.
  [[nodiscard]] matrix leaving(count n) const {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    matrix a = matrix::Zero(size, size);
    for (Eigen::Index u = 0; u < size; ++u) {
      a(u, u) = arrival_rate_ + served(n, u) + failure_rate(u) + repair_rate(u);
      if (u > 0) a(u, u - 1) = -failure_rate(u);
      if (u + 1 < size) a(u, u + 1) = -repair_rate(u);
    }
    return a;
  }
  [[nodiscard]] double served(count n, Eigen::Index up) const noexcept {
    return static_cast<double>(std::min(n, static_cast<count>(up))) * service_rate_;
  }
  [[nodiscard]] matrix serving(count n) const {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    matrix d = matrix::Zero(size, size);
    for (Eigen::Index u = 0; u < size; ++u) d(u, u) = served(n, u);
    return d;
  }

  /// G, the phases in which one request fewer is first reached, doubles its digits with each step.
  [[nodiscard]] matrix first_passage() const {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    const matrix one = matrix::Identity(size, size);
    const Eigen::PartialPivLU<matrix> out(leaving(servers_));
    matrix up = out.solve(arrival_rate_ * one);
    matrix down = out.solve(serving(servers_));
    matrix g = down;
    matrix product = up;
    double missing = 1;
    for (int i = 0; i < 64; ++i) {
      const Eigen::PartialPivLU<matrix> stay(one - up * down - down * up);
      up = stay.solve((up * up).eval());
      down = stay.solve((down * down).eval());
      const matrix more = product * down;
      g += more;
      product = (product * up).eval();
      missing = more.cwiseAbs().maxCoeff();
      if (missing <= 1e-16) return g;
    }
    RELIA_RAISE(convergence_error, "relia::" + std::string(where) +
                                       ": the first passage did not converge, last change " +
                                       relia::detail::to_text(missing));
  }

  void solve() {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    const matrix one = matrix::Identity(size, size);
    ratio_ = arrival_rate_ * (leaving(servers_) - arrival_rate_ * first_passage()).inverse();
    // The ratios of the levels below, from the top down; then level 0, up to a factor.
    std::vector<matrix> ratios(static_cast<std::size_t>(servers_));
    ratios.back() = ratio_;
    for (count n = servers_ - 2; n >= 0; --n) {
      const auto k = static_cast<std::size_t>(n);
      ratios[k] = arrival_rate_ * (leaving(n + 1) - ratios[k + 1] * serving(n + 2)).inverse();
    }
    matrix balance = ratios[0] * serving(1) - leaving(0);
    balance.col(0).setOnes();  // one equation is the sum of the others
    Eigen::RowVectorXd target = Eigen::RowVectorXd::Zero(size);
    target(0) = 1;
    Eigen::RowVectorXd level =
        balance.transpose().partialPivLu().solve(target.transpose()).transpose();
    double total = 0;
    mean_ = 0;
    for (count n = 0;; ++n) {
      levels_.push_back(level.sum());
      total += level.sum();
      mean_ += static_cast<double>(n) * level.sum();
      if (n == servers_ - 1) break;
      level = (level * ratios[static_cast<std::size_t>(n)]).eval();
    }
    // Beyond: the sum of ratio^k and of k ratio^k, k >= 1.
    const Eigen::PartialPivLU<matrix> geometric((one - ratio_).transpose());
    const Eigen::VectorXd beyond = geometric.solve((level * ratio_).transpose());
    const double more = beyond.sum();
    mean_ += static_cast<double>(servers_ - 1) * more + geometric.solve(beyond).sum();
    total += more;
    if (!relia::detail::is_finite(mean_)) {
      RELIA_RAISE(convergence_error,
                  "relia::" + std::string(where) + ": the rates are too far apart for doubles");
    }
    for (double& p : levels_) p = probability(p / total);
    mean_ = std::max(mean_ / total, arrival_rate_ / service_rate_);  // those in service alone
    last_ = level / total;
  }

  double arrival_rate_;
  double service_rate_;
  count servers_;
  breakdown_rates rates_;
  std::vector<double> up_;
  double mean_up_ = 0;
  bool stable_ = false;
  double mean_ = infinity;
  std::vector<double> levels_;  // up to servers - 1
  Eigen::RowVectorXd last_;     // the last of them, by phase
  matrix ratio_;                // of each level to the one before, from there on
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
