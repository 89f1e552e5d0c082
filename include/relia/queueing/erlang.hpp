// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Does an arrival find every server busy? Poisson arrivals at a pool of identical servers; `load`
/// is the offered load in erlangs, arrival rate times mean service time. Erlang B: who finds no
/// server is turned away (connection limits, load shedding); any service distribution. Erlang C:
/// who finds no server waits; exponential service. Both rest on 1/B, a sum of positive terms, so
/// that nothing cancels next to saturation.
/// Ref: Erlang (1917); Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th
/// ed. (2008), chapter 2.

#include <cmath>
#include <limits>
#include <type_traits>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/part_server.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The largest pool that is computed; the work does not grow with it.
inline constexpr count most_servers = 1'000'000'000;

namespace detail {

/// float is computed as double: it cannot even hold every number of servers.
template <real Real>
using working = std::conditional_t<std::is_same_v<Real, float>, double, Real>;

inline void require_servers(std::string_view where, count servers) {
  relia::detail::require_domain(servers >= 1 && servers <= most_servers, where, "servers",
                                "from 1 to 1e9", servers);
}

template <real Real>
void require_real_servers(std::string_view where, Real servers) {
  relia::detail::require_domain(servers > 0 && servers <= static_cast<Real>(most_servers), where,
                                "servers", "over 0, at most 1e9", servers);
}

/// 1/B - 1, infinite beyond the range of Real. Domain: servers > 0, whole or not, load > 0. All
/// that follows holds for a part of a server, but for where the recurrence starts.
template <real Real>
[[nodiscard]] Real erlang_b_excess(Real servers, Real load) noexcept {
  // Up to here the recurrence is the shortest way, and Stirling's series needs n >= 16.
  if (servers <= 64) {
    Real n = servers - std::floor(servers);
    Real excess = n == 0 ? 0 : detail::part_server_excess(n, load);
    for (n += 1; n <= servers; n += 1) excess = n / load * (1 + excess);
    return excess;
  }
  return poisson_below_ratio(servers, load);
}

/// (1 - C) / C = (slack / servers) (1/B - 1). `load` may be servers - slack rounded: the rounding,
/// lo, is put back by d(1/B)/da = -(1 + (1/B) slack / load). Domain: 0 < slack < servers.
template <real Real>
[[nodiscard]] Real erlang_c_odds_against(Real servers, Real load, Real slack) noexcept {
  Real excess = erlang_b_excess(servers, load);
  if (2 * load >= servers) {
    const Real lo = (servers - load) - slack;  // the first difference is exact (Sterbenz)
    excess -= lo * (1 + (1 + excess) * (slack / load));
  }
  return slack / servers * excess;
}

/// Erlang C as the odds against it, (1 - C) / C; where these are beyond the range of Real, by
/// `log_rest`, its logarithm.
template <real Real>
struct wait_odds {
  Real against = 0;
  Real log_rest = 0;

  [[nodiscard]] Real probability() const noexcept {
    return std::isfinite(against) ? 1 / (1 + against) : std::exp(log_rest);
  }
  [[nodiscard]] Real log_probability() const noexcept {
    return std::isfinite(against) ? 0 - std::log1p(against) : log_rest;
  }
};

/// From the same three numbers; certain without slack.
template <real Real>
[[nodiscard]] wait_odds<Real> odds_of_wait(Real servers, Real load, Real slack) noexcept {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  if (!(slack > 0)) return {0, 0};
  if (load == 0) return {infinity, -infinity};
  const Real against = erlang_c_odds_against(servers, load, slack);
  if (std::isfinite(against)) return {against, 0};
  // B is at most 1e-308: what a Poisson mass leaves out of it no longer shows.
  return {infinity, detail::log_poisson_mass(servers, load) + std::log(servers / slack)};
}

/// Erlang B, of any number of servers above 0.
template <real Real>
[[nodiscard]] Real blocking(Real servers, Real load) noexcept {
  if (load == 0) return 0;
  const Real excess = erlang_b_excess(servers, load);
  return std::isfinite(excess) ? 1 / (1 + excess) : std::exp(log_poisson_mass(servers, load));
}

}  // namespace detail

/// The fraction of arrivals that find every server busy and are turned away.
/// (load^servers / servers!) / sum over k of load^k / k!. Domain: servers from 1 to 1e9, load >= 0
/// and finite. Throws: std::domain_error. Accuracy: docs/accuracy.md. Cost: at most some 200
/// steps, whatever the size.
/// Ref: Erlang's first formula, for any distribution of service by Sevastyanov (1957).
template <real Real>
[[nodiscard]] Real erlang_b(count servers, Real load) {
  detail::require_servers("queueing::erlang_b", servers);
  relia::detail::require_non_negative("queueing::erlang_b", "load", load);
  using working = detail::working<Real>;
  return static_cast<Real>(
      detail::blocking(static_cast<working>(servers), static_cast<working>(load)));
}

/// The logarithm of erlang_b, where the fraction itself may be below the smallest number; -infinity
/// at load 0. Domain, Throws, Cost: as erlang_b.
template <real Real>
[[nodiscard]] Real log_erlang_b(count servers, Real load) {
  detail::require_servers("queueing::log_erlang_b", servers);
  relia::detail::require_non_negative("queueing::log_erlang_b", "load", load);
  using working = detail::working<Real>;
  const auto c = static_cast<working>(servers);
  const auto a = static_cast<working>(load);
  if (load == 0) return -std::numeric_limits<Real>::infinity();
  const working excess = detail::erlang_b_excess(c, a);
  return static_cast<Real>(std::isfinite(excess) ? -std::log1p(excess)
                                                 : detail::log_poisson_mass(c, a));
}

/// The fraction of arrivals that have to wait: servers B / (servers - load + load B). At or over
/// capacity every arrival waits: 1. Domain, Throws, Cost: as erlang_b.
/// Ref: Erlang's second formula.
template <real Real>
[[nodiscard]] Real erlang_c(count servers, Real load) {
  detail::require_servers("queueing::erlang_c", servers);
  relia::detail::require_non_negative("queueing::erlang_c", "load", load);
  const auto c = static_cast<detail::working<Real>>(servers);
  const auto a = static_cast<detail::working<Real>>(load);
  return static_cast<Real>(detail::odds_of_wait(c, a, c - a).probability());
}

/// erlang_c of a pool known by its spare capacity, slack = servers - load, which next to saturation
/// decides every digit and which the load no longer holds. No slack: 1. Domain: slack <= servers,
/// not NaN; the rest as erlang_b.
template <real Real>
[[nodiscard]] Real erlang_c_slack(count servers, Real slack) {
  detail::require_servers("queueing::erlang_c_slack", servers);
  const auto c = static_cast<detail::working<Real>>(servers);
  const auto d = static_cast<detail::working<Real>>(slack);
  relia::detail::require_domain(d <= c, "queueing::erlang_c_slack", "slack",
                                "a number not above servers", slack);
  return static_cast<Real>(detail::odds_of_wait(c, c - d, d).probability());
}

/// The logarithm of erlang_c; -infinity at load 0. Domain, Throws, Cost: as erlang_b.
template <real Real>
[[nodiscard]] Real log_erlang_c(count servers, Real load) {
  detail::require_servers("queueing::log_erlang_c", servers);
  relia::detail::require_non_negative("queueing::log_erlang_c", "load", load);
  const auto c = static_cast<detail::working<Real>>(servers);
  const auto a = static_cast<detail::working<Real>>(load);
  return static_cast<Real>(detail::odds_of_wait(c, a, c - a).log_probability());
}

/// erlang_b of a number of servers that need not be whole: a pool shared, an average over a day.
/// 1 / integral over u > 0 of load e^(-load u) (1 + u)^servers. Domain: servers over 0, at most
/// 1e9; the rest as erlang_b. Ref: Jagerman, Bell System Technical Journal 53 (1974).
template <real Real>
[[nodiscard]] Real erlang_b_real(Real servers, std::type_identity_t<Real> load) {
  detail::require_real_servers("queueing::erlang_b_real", servers);
  relia::detail::require_non_negative("queueing::erlang_b_real", "load", load);
  using working = detail::working<Real>;
  return static_cast<Real>(
      detail::blocking(static_cast<working>(servers), static_cast<working>(load)));
}

/// erlang_c of a number of servers that need not be whole. Domain, Cost, Ref: as erlang_b_real.
template <real Real>
[[nodiscard]] Real erlang_c_real(Real servers, std::type_identity_t<Real> load) {
  detail::require_real_servers("queueing::erlang_c_real", servers);
  relia::detail::require_non_negative("queueing::erlang_c_real", "load", load);
  const auto c = static_cast<detail::working<Real>>(servers);
  const auto a = static_cast<detail::working<Real>>(load);
  return static_cast<Real>(detail::odds_of_wait(c, a, c - a).probability());
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
