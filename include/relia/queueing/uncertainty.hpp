// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is the answer when the load and the service time are themselves estimates, and which
/// lever moves the p99 most? M/M/c answers are monotone in both, so that the answer at the extreme
/// corners bounds it: coverage is at least 1 less both errors (Bonferroni), whatever the errors'
/// shapes, also when the two were measured together. Any other model: `propagate`, which draws.
/// Ref: Dunn, JASA 56 (1961), for the corners; JCGM 101 (2008), for the draws.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/math/distributions/normal.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/latency.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/sizing.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

namespace detail {

inline void require_estimate(std::string_view where, std::string_view name,
                             const estimate<double>& e) {
  relia::detail::require_positive(where, name, e.value);
  relia::detail::require_domain(e.interval.lower <= e.value && e.value <= e.interval.upper, where,
                                name, "inside its interval", e.value);
}

/// Two answers of these confidences, both right: at least this often.
[[nodiscard]] inline double joint_level(const estimate<double>& a,
                                        const estimate<double>& b) noexcept {
  return std::max(0.0, a.interval.confidence_level + b.interval.confidence_level - 1);
}

}  // namespace detail

/// The quantile of a delay of `servers` from estimates of the arrival rate and of the mean service
/// time, as M/M/c: exact limits at the corners. State no_data when an input has none, unstable at
/// or over capacity, with the load in a note. Give both inputs 0.975 for an answer of 0.95. Domain:
/// values positive and inside their intervals, level in (0, 1). Throws: std::domain_error.
[[nodiscard]] inline estimate<double> latency_estimate(const estimate<double>& arrival_rate,
                                                       const estimate<double>& service_time,
                                                       count servers,
                                                       queueing::delay delay = delay::response,
                                                       double level = 0.99) {
  constexpr std::string_view where = "queueing::latency_estimate";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  detail::require_servers(where, servers);
  relia::detail::require_open_fraction(where, "level", level);
  auto answer =
      no_data<double>(corners, detail::joint_level(arrival_rate, service_time), 0, infinity);
  if (!arrival_rate.has_value() || !service_time.has_value()) return answer;
  detail::require_estimate(where, "arrival_rate", arrival_rate);
  detail::require_estimate(where, "service_time", service_time);
  answer.n = std::min(arrival_rate.n, service_time.n);
  const auto at = [&](double rate, double time) {
    if (time <= 0) return 0.0;
    if (!(rate < infinity && time < infinity)) return infinity;
    return detail::delay_quantile(mmc(std::max(rate, 0.0), 1 / time, servers), delay, level);
  };
  return detail::between_corners(
      std::move(answer), at(arrival_rate.value, service_time.value),
      arrival_rate.value * service_time.value, servers, [&] {
        return std::pair(at(arrival_rate.interval.lower, service_time.interval.lower),
                         at(arrival_rate.interval.upper, service_time.interval.upper));
      });
}

/// The least number of servers for a latency target, from estimates: plan for the upper end. It is
/// infinite, with a note, when at the upper limit of the service time the service alone is too
/// slow; when it is at the value, state unstable. Domain, Throws: as latency_estimate.
[[nodiscard]] inline estimate<double> servers_estimate(const estimate<double>& arrival_rate,
                                                       const estimate<double>& service_time,
                                                       const latency_target& target) {
  constexpr std::string_view where = "queueing::servers_estimate";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  detail::require_target(where, target);
  auto answer =
      no_data<double>(corners, detail::joint_level(arrival_rate, service_time), 1, infinity);
  if (!arrival_rate.has_value() || !service_time.has_value()) return answer;
  detail::require_estimate(where, "arrival_rate", arrival_rate);
  detail::require_estimate(where, "service_time", service_time);
  answer.n = std::min(arrival_rate.n, service_time.n);
  const auto at = [&](double rate, double time) {
    if (time <= 0) return 1.0;
    if (!(rate < infinity && time < infinity)) return infinity;
    const sizing plan = min_servers(std::max(rate, 0.0), 1 / time, target);
    return plan.outcome == outcome::met ? static_cast<double>(plan.servers) : infinity;
  };
  answer.value = at(arrival_rate.value, service_time.value);
  if (answer.value == infinity) {
    answer.value = std::numeric_limits<double>::quiet_NaN();
    answer.state = state::unstable;
    answer.notes.emplace_back("the service alone takes too long: no number of servers suffices");
    return answer;
  }
  answer.state = state::ok;
  answer.interval.lower = at(arrival_rate.interval.lower, service_time.interval.lower);
  answer.interval.upper = at(arrival_rate.interval.upper, service_time.interval.upper);
  if (answer.interval.upper == infinity) {
    answer.notes.emplace_back("at the upper limit of the service time no number suffices");
  }
  return answer;
}

/// By how many per cent the quantile of a delay falls when one lever moves by one per cent: fewer
/// arrivals, a shorter service, or more servers (whole ones: the effect of one more, divided by its
/// share of the pool). The largest is `best`.
struct latency_levers {
  double latency = 0;
  double arrivals = 0;
  double service = 0;
  double servers = 0;

  [[nodiscard]] std::string_view best() const noexcept {
    if (service >= servers) return service > 0 ? "service" : "none";
    return "servers";
  }
};

/// The levers of M/M/c at a working point. Elasticities by central differences of 1e-5, good to
/// 1e-8; that of the service is that of the arrivals and 1, exactly, since a pool that is all
/// faster only changes the unit of time. Infinite at or over capacity, 0 where the quantile is 0.
/// Domain: as mmc, level in (0, 1). Throws: std::domain_error.
[[nodiscard]] inline latency_levers latency_sensitivity(double arrival_rate, double service_rate,
                                                        count servers,
                                                        queueing::delay delay = delay::response,
                                                        double level = 0.99) {
  constexpr std::string_view where = "queueing::latency_sensitivity";
  relia::detail::require_open_fraction(where, "level", level);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto quantile = [&](double rate, count pool) {
    const mmc q(rate, service_rate, pool);
    return detail::delay_quantile(q, delay, level);
  };
  latency_levers found;
  found.latency = quantile(arrival_rate, servers);
  if (found.latency == 0) return found;
  if (found.latency == infinity) return {infinity, infinity, infinity, infinity};
  // Near capacity the step is a part of what is spare.
  const double spare = static_cast<double>(servers) * service_rate - arrival_rate;
  const double step = std::min(1e-5 * arrival_rate, 1e-3 * spare);
  if (step > 0) {
    const double above = quantile(arrival_rate + step, servers);
    const double below = quantile(arrival_rate - step, servers);
    // By ratios: a latency of 1e-304 has no inverse.
    found.arrivals = (above / found.latency - below / found.latency) / (2 * (step / arrival_rate));
  }
  found.service = 1 + found.arrivals;
  found.servers =
      static_cast<double>(servers) *
      -std::log(std::max(quantile(arrival_rate, servers + 1) / found.latency, 0x1p-1000));
  return found;
}

/// Draws of the inputs, and the quantiles of what they give.
inline constexpr method simulated{"simulated"};

struct propagate_options {
  std::uint64_t seed = 0;
  count draws = 4000;
  double confidence_level = 0.95;
};

/// What the uncertainty of positive inputs does to any answer: each is drawn log-normal, its median
/// the value and its spread that of its interval, and `model` takes a span of them. The interval
/// holds the middle of the answers, and the value; an answer may be infinite, as of a pool over
/// capacity, and a note then says how often. The inputs are taken as independent. Not exact: use
/// the corners where the answer is monotone. Domain: two-sided intervals with positive finite ends.
/// Throws: std::domain_error. Cost: `draws` calls.
template <class Model>
[[nodiscard]] estimate<double> propagate(const Model& model,
                                         std::span<const estimate<double>> inputs,
                                         const propagate_options& options = {}) {
  constexpr std::string_view where = "queueing::propagate";
  relia::detail::require_domain(options.draws >= 100 && options.draws <= 10'000'000, where, "draws",
                                "from 100 to 1e7", options.draws);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  auto answer = no_data<double>(simulated, options.confidence_level);
  const boost::math::normal_distribution<double, relia::detail::policy> normal;
  std::vector<double> centre;
  std::vector<double> spread;
  for (const auto& e : inputs) {
    if (!e.has_value()) return answer;
    detail::require_estimate(where, "inputs", e);
    relia::detail::require_positive(where, "inputs.interval.lower", e.interval.lower);
    relia::detail::require_positive(where, "inputs.interval.upper", e.interval.upper);
    relia::detail::require_open_fraction(where, "inputs.interval.confidence_level",
                                         e.interval.confidence_level);
    const double z = boost::math::quantile(
        boost::math::complement(normal, (1 - e.interval.confidence_level) / 2));
    centre.push_back(e.value);
    spread.push_back(std::log(e.interval.upper / e.interval.lower) / (2 * z));
  }
  std::vector<double> answers;
  answers.reserve(static_cast<std::size_t>(options.draws));
  std::vector<double> drawn(inputs.size());
  count infinite = 0;
  for (count draw = 0; draw < options.draws; ++draw) {
    const stats::random_stream random(options.seed, static_cast<std::uint64_t>(draw));
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      drawn[i] = centre[i] * std::exp(spread[i] * random.normal(i));
    }
    answers.push_back(model(std::span<const double>(drawn)));
    if (std::isinf(answers.back())) ++infinite;
    relia::detail::require_number(where, "model's answer", answers.back());
  }
  std::sort(answers.begin(), answers.end());
  answer.value = model(std::span<const double>(centre));
  answer.state = state::ok;
  answer.n = options.draws;
  // Order statistics, since an infinity has no weighted mean.
  const double tail = tail_probability(options.confidence_level, sides::both);
  const auto rank = static_cast<std::size_t>(tail * static_cast<double>(answers.size() - 1));
  answer.interval.lower = std::min(answers[rank], answer.value);
  answer.interval.upper = std::max(answers[answers.size() - 1 - rank], answer.value);
  if (infinite > 0) {
    answer.notes.push_back(relia::detail::to_short_text(100 * static_cast<double>(infinite) /
                                                        static_cast<double>(options.draws)) +
                           " % of the draws give infinity");
  }
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
