// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when the servers are not equally fast: two generations of machines, noisy
/// neighbours? Poisson arrivals, one queue, exponential service of a rate for each server, and an
/// arrival takes one of the idle servers at random. Exact: the states of that rule are reversible.
/// The usual shortcut, a pool of servers of the mean rate, is mmc(arrival_rate, mean rate,
/// servers): it is too low. Ref: Gumbel, "Waiting lines with heterogeneous servers", Operations
/// Research 8 (1960).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/c queue of unequal servers. At or over capacity `state()` is unstable, delays and numbers
/// are infinite.
class heterogeneous_mmc {
 public:
  /// Domain: arrival_rate >= 0; service_rates, 1 to 256 of them, > 0, the slowest not below
  /// arrival_rate / 1e9. Throws: std::domain_error, std::invalid_argument. Cost: O(servers^2).
  heterogeneous_mmc(double arrival_rate, std::span<const double> service_rates)
      : arrival_rate_(arrival_rate), rates_(service_rates.begin(), service_rates.end()) {
    constexpr std::string_view where = "queueing::heterogeneous_mmc";
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_argument(!rates_.empty() && rates_.size() <= 256, where, "service_rates",
                                    "of 1 to 256 servers", rates_.size());
    double total = 0;
    for (const double rate : rates_) {
      relia::detail::require_positive(where, "service_rates", rate);
      relia::detail::require_domain(rate >= arrival_rate * 1e-9, where, "service_rates",
                                    "at least arrival_rate / 1e9", rate);
      total += rate;
    }
    relia::detail::require_finite(where, "sum of service_rates", total);
    model_.service_rate = total;
    model_.slack = (total - arrival_rate) / total;
    if (!(model_.slack > 0)) {
      model_.slack = 0;
      return;
    }
    solve();
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] std::span<const double> service_rates() const noexcept { return rates_; }
  [[nodiscard]] double utilization() const noexcept { return arrival_rate_ / model_.service_rate; }
  [[nodiscard]] relia::state state() const noexcept {
    return model_.slack > 0 ? relia::state::ok : relia::state::unstable;
  }
  /// The fraction of arrivals that wait.
  [[nodiscard]] double wait_probability() const noexcept { return model_.wait_probability; }
  [[nodiscard]] queueing::waiting_time waiting_time() const noexcept {
    return queueing::waiting_time(model_);
  }
  [[nodiscard]] double mean_in_queue() const noexcept {
    return model_.slack > 0 ? model_.wait_probability * utilization() / model_.slack : infinity;
  }
  /// Servers that are busy, on average. A slow server is so longer: it is more than in an equal
  /// pool.
  [[nodiscard]] double mean_busy() const noexcept { return busy_; }
  [[nodiscard]] double mean_in_system() const noexcept { return mean_in_queue() + busy_; }
  [[nodiscard]] double mean_response() const noexcept {
    if (!(model_.slack > 0)) return infinity;
    if (arrival_rate_ > 0) return mean_in_system() / arrival_rate_;
    double mean = 0;  // of a server at random
    for (const double rate : rates_) mean += 1 / rate / static_cast<double>(rates_.size());
    return mean;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// P(b busy) is lambda^b / b! times the mean, over the choices of b servers, of the products of
  /// their 1 / mu. Scaled down whenever they grow large.
  void solve() {
    const std::size_t m = rates_.size();
    std::vector<double> means(m + 1, 0.0);
    means[0] = 1;
    for (std::size_t k = 1; k <= m; ++k) {
      const auto size = static_cast<double>(k);
      const double x = arrival_rate_ / rates_[k - 1];
      double largest = 0;
      for (std::size_t b = k; b > 0; --b) {
        const auto part = static_cast<double>(b);
        // With 1 / b! taken in: the b-th gains b / k x / b of the one before.
        means[b] = (size - part) / size * means[b] + x / size * means[b - 1];
        largest = std::max(largest, means[b]);
      }
      if (largest > 0x1p500) {
        for (double& value : means) value *= 0x1p-500;  // only their ratios count
      }
    }
    double below = 0;
    double busy = 0;
    for (std::size_t b = 0; b < m; ++b) {
      below += means[b];
      busy += static_cast<double>(b) * means[b];
    }
    const double full = means[m] / model_.slack;  // all busy, whatever waits
    const double total = below + full;
    model_.wait_probability = full / total;
    model_.log_wait_probability = std::log(model_.wait_probability);
    busy_ = (busy + static_cast<double>(m) * full) / total;
  }

  double arrival_rate_;
  std::vector<double> rates_;
  double busy_ = infinity;
  detail::delay_model model_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
