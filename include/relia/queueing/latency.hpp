// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What is the p99 of this pool, and how sure are we, when load and service time were measured?
/// The delay of M/M/c grows with the arrival rate and with the mean service time. Each gets an
/// exact interval (Garwood for the count of arrivals, gamma for the exponential service times) at
/// half of the error (Bonferroni), and the delay at the two extreme corners bounds it: coverage is
/// at least the level, whatever the rates are. It says nothing about a pool that is not M/M/c.
/// Ref: Garwood, Biometrika 28 (1936); Epstein and Sobel, JASA 48 (1953).

#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/stats/rate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Exact limits of load and service time, combined by Bonferroni.
inline constexpr method corners{"corners"};

struct latency_options {
  queueing::delay delay = queueing::delay::response;
  double level = 0.99;
  double confidence_level = 0.95;
};

namespace detail {

[[nodiscard]] inline double delay_quantile(const mmc& pool, queueing::delay which, double level) {
  return which == delay::wait ? pool.waiting_time().quantile(level)
                              : pool.response_time().quantile(level);
}

/// The answer with the delay at the measured rates and, where that is finite, at the corners of
/// their limits: ends() gives the lower and the upper one.
template <class Ends>
[[nodiscard]] estimate<double> between_corners(estimate<double> answer, double value, double load,
                                               count servers, const Ends& ends) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value == infinity) {
    answer.state = state::unstable;
    answer.notes.push_back("the load is " + relia::detail::to_short_text(load) + " of " +
                           relia::detail::to_text(servers) + " servers");
    return answer;
  }
  answer.value = value;
  answer.state = state::ok;
  std::tie(answer.interval.lower, answer.interval.upper) = ends();
  if (answer.interval.upper == infinity) {
    answer.notes.emplace_back(
        "at the upper limits of arrival rate and service time the pool is over capacity");
  }
  return answer;
}

}  // namespace detail

/// The quantile of the delay, with `arrivals` seen in a time `exposure` and `served` requests whose
/// service times add up to `service_total`, in the same unit. n: the arrivals. State no_data
/// without arrivals or served requests, unstable, with the load in a note, when the measured load
/// is at or over capacity; the upper end is infinite, with a note, when only the upper limits are.
/// Domain: counts >= 0; exposure > 0; service_total > 0 unless served is 0; servers from 1 to 1e9;
/// levels in (0, 1). Throws: std::domain_error. Cost: O(1).
[[nodiscard]] inline estimate<double> latency_estimate(count arrivals, double exposure,
                                                       count served, double service_total,
                                                       count servers,
                                                       const latency_options& options = {}) {
  constexpr std::string_view where = "queueing::latency_estimate";
  relia::detail::require_non_negative_count(where, "arrivals", arrivals);
  relia::detail::require_positive(where, "exposure", exposure);
  relia::detail::require_non_negative_count(where, "served", served);
  detail::require_servers(where, servers);
  relia::detail::require_open_fraction(where, "level", options.level);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto answer = no_data<double>(corners, options.confidence_level, 0, infinity);
  answer.n = arrivals;
  if (arrivals == 0 || served == 0) return answer;
  relia::detail::require_positive(where, "service_total", service_total);

  // Half of the error to each of the two rates.
  const double each = 1 - (1 - options.confidence_level) / 2;
  const auto arriving = stats::rate(arrivals, exposure, {.confidence_level = each});
  const auto serving = stats::rate(
      served, service_total, {.confidence_level = each, .stopping = stats::stopping::at_event});
  const auto delay_at = [&](double arrival_rate, double service_rate) {
    return detail::delay_quantile(mmc(arrival_rate, service_rate, servers), options.delay,
                                  options.level);
  };
  return detail::between_corners(std::move(answer), delay_at(arriving.value, serving.value),
                                 arriving.value / serving.value, servers, [&] {
                                   return std::pair(
                                       delay_at(arriving.interval.lower, serving.interval.upper),
                                       delay_at(arriving.interval.upper, serving.interval.lower));
                                 });
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
