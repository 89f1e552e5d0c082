// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when servers also break down and wait for repair? M/M/c with breakdowns:
/// every server that is up fails at a rate, busy or idle; so many repairers; an interrupted request
/// goes back to the queue and is resumed. Exact: a quasi-birth-death process whose phase is the
/// number of servers up, solved by logarithmic reduction without a subtraction: failures may be as
/// rare as they are. Ref: Mitrany and Avi-Itzhak, Operations
/// Research 16 (1968); Latouche and Ramaswami, Journal of Applied Probability 30 (1993).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/m_matrix.hpp>

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

  /// Rates between the phases, whatever the number of requests.
  [[nodiscard]] matrix changes() const {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    matrix a = matrix::Zero(size, size);
    for (Eigen::Index u = 0; u < size; ++u) {
      if (u > 0) a(u, u - 1) = failure_rate(u);
      if (u + 1 < size) a(u, u + 1) = repair_rate(u);
    }
    return a;
  }
  /// By phase, with n requests.
  [[nodiscard]] Eigen::VectorXd served(count n) const {
    Eigen::VectorXd rates(servers_ + 1);
    for (count u = 0; u <= servers_; ++u) {
      rates(u) = static_cast<double>(std::min(n, u)) * service_rate_;
    }
    return rates;
  }

  struct passage {
    matrix phase;          // in which one request fewer is first reached, by that of the start
    Eigen::VectorXd time;  // until then, on average
  };

  /// From all servers taken. Each step doubles the number of requests meanwhile; that the ways up
  /// and down of a phase add up to 1 takes the place of every subtraction.
  [[nodiscard]] passage first_passage() const {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    const Eigen::VectorXd serving = served(servers_);
    const detail::m_matrix out(changes(), serving.array() + arrival_rate_);
    matrix up = out.solve(arrival_rate_ * matrix::Identity(size, size));
    matrix down = out.solve(serving.asDiagonal());
    Eigen::VectorXd stay = out.solve(Eigen::VectorXd::Ones(size));
    passage first{down, stay};
    matrix product = up;
    double missing = 1;
    for (int i = 0; i < 1100 && missing <= infinity; ++i) {
      const matrix up_twice = up * up;
      const matrix down_twice = down * down;
      const detail::m_matrix between(up * down + down * up,
                                     (up_twice + down_twice).rowwise().sum());
      stay = between.solve(stay + up * stay + down * stay);
      up = between.solve(up_twice);
      down = between.solve(down_twice);
      const matrix more = product * down;
      const Eigen::VectorXd longer = product * stay;
      first.phase += more;
      first.time += longer;
      product = (product * up).eval();
      missing = std::max((more.array() / first.phase.array().max(1e-300)).maxCoeff(),
                         (longer.array() / first.time.array()).maxCoeff());
      if (missing <= 1e-16) return first;
    }
    RELIA_RAISE(convergence_error, "relia::" + std::string(where) +
                                       ": the first passage did not converge, last change " +
                                       relia::detail::to_text(missing));
  }

  void solve() {
    const auto size = static_cast<Eigen::Index>(servers_ + 1);
    const passage first = first_passage();
    // Seen from its own level and those below, what happens above is a change of the phase.
    const matrix above = changes() + arrival_rate_ * first.phase;
    const detail::m_matrix taken(above, served(servers_));
    ratio_ = taken.solve(arrival_rate_ * matrix::Identity(size, size));
    std::vector<detail::m_matrix> levels;  // servers - 1, ..., 0
    levels.emplace_back(above, served(servers_ - 1));
    for (count n = servers_ - 1; n > 0; --n) {
      const matrix lower = levels.back().solve(served(n).asDiagonal());
      levels.emplace_back(changes() + arrival_rate_ * lower, served(n - 1));
    }
    Eigen::RowVectorXd level = levels.back().stationary();
    double total = 0;
    mean_ = 0;
    for (count n = 0;; ++n) {
      levels_.push_back(level.sum());
      total += level.sum();
      mean_ += static_cast<double>(n) * level.sum();
      if (n == servers_ - 1) break;
      levels.pop_back();
      level = levels.back().solve_left(arrival_rate_ * level);
    }
    // Beyond: the sum of ratio^k and of k ratio^k, k >= 1. With the time T of a passage,
    // `taken` - arrivals has the row sums 1 when its columns are scaled by T.
    const detail::m_matrix spare(above * first.time.asDiagonal(), Eigen::VectorXd::Ones(size));
    const auto later = [&](const Eigen::RowVectorXd& x) {
      return spare.solve_left(arrival_rate_ * x.cwiseProduct(first.time.transpose()));
    };
    const Eigen::RowVectorXd beyond = later(level);
    const double more = beyond.sum();
    mean_ += static_cast<double>(servers_) * more + later(beyond).sum();
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
