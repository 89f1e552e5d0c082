// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is a request that is split over n servers and waits for all parts? Each of n servers
/// has its own queue, and every arrival puts one exponential part in each: fork-join. Exact for two
/// servers; for more, approximations by name, beside bounds that hold for certain. The parts arrive
/// together, which makes the queues alike: the maximum of independent ones, fan_out of mm1, is an
/// upper bound in the mean and in every quantile.
/// Ref: Flatto and Hahn, SIAM J. Appl. Math. 44 (1984); Nelson and Tantawi, IEEE Trans. Comput. 37
/// (1988); Varma and Makowski, Performance Evaluation 20 (1994).

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/quadrature.hpp>
#include <relia/queueing/fan_out.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Scales the exact mean of two servers by harmonic numbers, fitted to simulations up to 32
/// servers: within about 5 % there.
inline constexpr method nelson_tantawi{"nelson_tantawi"};
/// Interpolates between the exact limits of light and of heavy traffic: within about 5 %.
inline constexpr method varma{"varma"};

struct fork_join_options {
  relia::method method = varma;
};

namespace detail {

/// The mean of a fork-join at full load, times (1 - rho): the integral of the sum over k <= n of
/// ((1 - exp(-x))^k - (1 - (1 + x) exp(-x))^k) / k over x, which is the authors' alternating sum of
/// binomials with the signs summed out. 11/8 for n = 2.
[[nodiscard]] inline double heavy_traffic_factor(count branches) {
  return integral_to_infinity("queueing::fork_join_response", 1, [branches](double x) {
    const double decay = std::exp(-x);
    if (decay == 0) return 0.0;
    // -log of 1 - exp(-x), and of the gamma distribution of order 2, both in (0, 1).
    const double one = -std::expm1(-x);
    double two = one - x * decay;
    if (x < 0.25) {  // x^2 / 2 by cancellation: its series
      double term = x * x / 2;
      two = term;
      for (int k = 3; term != 0 && k < 24; ++k) {
        term *= -x * (k - 1) / (k * (k - 2.0));
        two += term;
      }
    }
    // a^k - b^k = (a - b) (a^(k-1) + ... + b^(k-1)): the difference is x exp(-x) exactly.
    double power = 1;
    double mixed = 1;
    double sum = 0;
    for (count k = 1; k <= branches; ++k) {
      const double add = mixed / static_cast<double>(k);
      sum += add;
      if (add < 1e-18 * sum) break;
      power *= one;
      mixed = power + two * mixed;
    }
    return decay * sum;
  });
}

}  // namespace detail

/// The mean time from fork to join. `interval` holds for certain: from the larger of two branches
/// and of n services without queues, to n independent queues; its level is 1. With one or two
/// branches the value is exact. State unstable, all infinite, when arrival_rate >= service_rate.
/// Domain: arrival_rate >= 0, service_rate > 0 (of each server), branches from 1 to 1e6. Throws:
/// std::domain_error, std::invalid_argument (method). Cost: varma O(branches) a few hundred times.
[[nodiscard]] inline estimate<double> fork_join_response(double arrival_rate, double service_rate,
                                                         count branches,
                                                         const fork_join_options& options = {}) {
  constexpr std::string_view where = "queueing::fork_join_response";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_positive(where, "service_rate", service_rate);
  relia::detail::require_domain(branches >= 1 && branches <= 1'000'000, where, "branches",
                                "from 1 to 1e6", branches);
  relia::detail::require_argument(options.method == varma || options.method == nelson_tantawi,
                                  where, "method", "varma or nelson_tantawi", options.method.name);
  estimate<double> answer;
  answer.method = options.method;
  answer.interval = {0, std::numeric_limits<double>::infinity(), 1};
  if (!(arrival_rate < service_rate)) {
    answer.state = state::unstable;
    answer.notes.push_back("each server is offered " +
                           relia::detail::to_short_text(arrival_rate / service_rate) +
                           " of its capacity");
    return answer;
  }
  const double rho = arrival_rate / service_rate;
  const double alone = 1 / (service_rate - arrival_rate);
  const double harmonic = order_statistic_mean(branches, branches);
  const double two = alone * (1.5 - rho / 8);
  if (branches <= 2) {
    answer.value = branches == 1 ? alone : two;
    answer.interval = {answer.value, answer.value, 1};
    return answer;
  }
  answer.interval = {std::max(two, harmonic / service_rate), harmonic * alone, 1};
  const double share = harmonic / 1.5;
  answer.value =
      options.method == nelson_tantawi
          ? two * (share + 4.0 / 11 * (1 - share) * rho)
          : alone * (harmonic * (1 - rho) + detail::heavy_traffic_factor(branches) * rho);
  // Without load the three are equal but for their rounding.
  answer.interval.lower = std::min(answer.interval.lower, answer.interval.upper);
  answer.value = std::clamp(answer.value, answer.interval.lower, answer.interval.upper);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
