// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long do requests wait when neither arrivals nor services are Poisson, and only their means
/// and variability are known? The approximations of the mean wait of G/G/1 and G/G/c, each under
/// the name of its author, from the squared coefficients of variation (scv) of the times between
/// arrivals and of the services. They are guesses about a queue that two numbers do not determine;
/// each names its known error. The exact neighbours: mg1, mdc, gimc, mmc. All are infinite at or
/// over capacity. "Measured" is the ratio to the exact M/M/c, M/D/c, D/M/c and E2/M/c with 1 to
/// 10 servers at utilizations of 0.9 to 0.99, in tests/queueing/ggc.test.cpp.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

namespace detail {

/// What every approximation is made of, checked once.
struct variable_load {
  double service_rate;
  double servers;
  double rho;
  double slack;  ///< servers - load; 0 when unstable
  double arrival_scv;
  double service_scv;
  double exponential_wait;  ///< of M/M/c

  variable_load(std::string_view where, double arrival_rate, double rate, count c, double ca,
                double cs)
      : service_rate(rate), servers(static_cast<double>(c)), arrival_scv(ca), service_scv(cs) {
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", rate);
    detail::require_servers(where, c);
    relia::detail::require_non_negative(where, "arrival_scv", ca);
    relia::detail::require_non_negative(where, "service_scv", cs);
    const delay_model model = detail::delay_of(arrival_rate, rate, servers);
    rho = arrival_rate / rate / servers;
    slack = model.slack;
    exponential_wait = queueing::waiting_time(model).mean();
  }

  [[nodiscard]] bool stable() const noexcept { return slack > 0; }
  [[nodiscard]] double idle() const noexcept { return slack / servers; }
  [[nodiscard]] double variability() const noexcept { return arrival_scv / 2 + service_scv / 2; }

  /// `factor` waits of M/M/c; of 0 of them, which may be infinite, it is 0.
  [[nodiscard]] double waits(double factor) const noexcept {
    return factor == 0 ? 0 : factor * exponential_wait;
  }

  /// Cosmetatos's correction of M/D/c, as Whitt bounds it.
  [[nodiscard]] double gamma() const noexcept {
    if (servers == 1) return 0;
    return std::min(
        0.24, idle() * (servers - 1) * (std::sqrt(4 + 5 * servers) - 2) / (16 * servers * rho));
  }
  [[nodiscard]] double of_deterministic_service() const noexcept { return 1 + gamma(); }
  [[nodiscard]] double of_deterministic_arrivals() const noexcept {
    return (1 - 4 * gamma()) * std::exp(-2 * idle() / (3 * rho));
  }
};

inline constexpr double never = std::numeric_limits<double>::infinity();

}  // namespace detail

/// Kingman's heavy-traffic mean wait of G/G/1, (ca + cs) / 2 x that of M/M/1. Exact for M/G/1;
/// right in the limit of saturation; too high by a factor without bound at low load when ca < 1.
/// Domain: arrival_rate >= 0, service_rate > 0, scv >= 0, finite. Throws: std::domain_error.
/// Ref: Kingman, Proc. Cambridge Phil. Soc. 57 (1961).
[[nodiscard]] inline double kingman(double arrival_rate, double service_rate, double arrival_scv,
                                    double service_scv) {
  const detail::variable_load q("queueing::kingman", arrival_rate, service_rate, 1, arrival_scv,
                                service_scv);
  return q.stable() ? q.waits(q.variability()) : detail::never;
}

/// Kingman's bound, no approximation: no G/G/1 with independent times waits longer on average.
/// lambda (var of arrivals + var of services) / (2 (1 - rho)). Domain: arrival_rate > 0; the rest
/// as kingman. Ref: Kingman, "Some inequalities for the queue GI/G/1", Biometrika 49 (1962).
[[nodiscard]] inline double kingman_bound(double arrival_rate, double service_rate,
                                          double arrival_scv, double service_scv) {
  relia::detail::require_positive("queueing::kingman_bound", "arrival_rate", arrival_rate);
  const detail::variable_load q("queueing::kingman_bound", arrival_rate, service_rate, 1,
                                arrival_scv, service_scv);
  if (!q.stable()) return detail::never;
  const double arrivals = arrival_scv == 0 ? 0 : arrival_scv / q.rho;
  return (arrivals + service_scv * q.rho) / (2 * q.slack) / service_rate;
}

/// Kraemer and Langenbach-Belz: kingman with a correction for arrivals that are not Poisson.
/// Measured at 0.5 to 0.9: 1.00 to 1.09; for ca > 1 the two scv do not determine the wait. Domain
/// as kingman. Ref: Kraemer, Langenbach-Belz, 8th International Teletraffic Congress (1976).
[[nodiscard]] inline double kraemer_langenbach_belz(double arrival_rate, double service_rate,
                                                    double arrival_scv, double service_scv) {
  const detail::variable_load q("queueing::kraemer_langenbach_belz", arrival_rate, service_rate, 1,
                                arrival_scv, service_scv);
  if (!q.stable()) return detail::never;
  if (q.variability() == 0 || q.rho == 0) return 0;
  const double off = arrival_scv - 1;
  const double exponent = off < 0 ? 2 * off * off / (3 * q.rho * (arrival_scv + service_scv))
                                  : off / (arrival_scv + 4 * service_scv);
  return q.waits(q.variability() * std::exp(-q.slack * exponent));
}

/// Marchal: kingman_bound scaled to be exact for M/G/1. Domain: as kingman_bound.
/// Ref: Marchal, AIIE Transactions 8 (1976).
[[nodiscard]] inline double marchal(double arrival_rate, double service_rate, double arrival_scv,
                                    double service_scv) {
  relia::detail::require_positive("queueing::marchal", "arrival_rate", arrival_rate);
  const detail::variable_load q("queueing::marchal", arrival_rate, service_rate, 1, arrival_scv,
                                service_scv);
  if (!q.stable()) return detail::never;
  // (1 + cs) / (1 / rho^2 + cs) x the bound, with the powers of 1 / rho taken together.
  const double square = q.rho * q.rho;
  if (q.rho == 0) return 0;
  return (1 + service_scv) / (1 + service_scv * square) * q.rho *
         (arrival_scv + service_scv * square) / (2 * q.slack) / service_rate;
}

/// Allen and Cunneen: (ca + cs) / 2 x the wait of M/M/c. Exact for M/M/c and M/G/1.
/// Measured: 0.97 to 1.24; at half load with many servers and regular arrivals without bound.
/// Domain: servers from 1 to 1e9; the rest as kingman. Ref: Allen, "Probability, Statistics, and
/// Queueing Theory", 2nd ed. (1990), 5.3.
[[nodiscard]] inline double allen_cunneen(double arrival_rate, double service_rate, count servers,
                                          double arrival_scv, double service_scv) {
  const detail::variable_load q("queueing::allen_cunneen", arrival_rate, service_rate, servers,
                                arrival_scv, service_scv);
  return q.stable() ? q.waits(q.variability()) : detail::never;
}

/// Sakasegawa: Allen and Cunneen without Erlang C, rho^(sqrt(2 (c + 1)) - 1) in its place.
/// Measured: 0.98 to 1.26; at low load and many servers too high without bound. Domain: as
/// allen_cunneen. Ref: Sakasegawa, Annals of the Institute of Statistical Mathematics 29 (1977).
[[nodiscard]] inline double sakasegawa(double arrival_rate, double service_rate, count servers,
                                       double arrival_scv, double service_scv) {
  const detail::variable_load q("queueing::sakasegawa", arrival_rate, service_rate, servers,
                                arrival_scv, service_scv);
  if (!q.stable()) return detail::never;
  const double factor = q.variability() * std::pow(q.rho, std::sqrt(2 * (q.servers + 1)) - 1);
  return factor == 0 ? 0 : factor / q.slack / service_rate;
}

/// Whitt's refinement of Allen and Cunneen, made to be right in heavy traffic and at M/M/c, M/D/c
/// and D/M/c. Measured: 0.99 to 1.07; worse for many servers at low load and for scv above 1, M/G/1
/// included. Domain: as allen_cunneen. Ref: Whitt, Production and Operations Management 2 (1993),
/// eqs. 2.16 to 2.25.
[[nodiscard]] inline double whitt(double arrival_rate, double service_rate, count servers,
                                  double arrival_scv, double service_scv) {
  const detail::variable_load q("queueing::whitt", arrival_rate, service_rate, servers, arrival_scv,
                                service_scv);
  if (!q.stable()) return detail::never;
  if (q.variability() == 0 || q.rho == 0) return 0;
  const double service = q.of_deterministic_service();
  const double arrivals = q.of_deterministic_arrivals();
  const double both = std::min(1.0, (service + arrivals) / 2);
  const double c = q.variability();
  const double psi = c >= 1 ? 1 : std::pow(both, 2 * (1 - c));
  const double larger = std::max(arrival_scv, service_scv);  // only their ratio counts
  const double ca = arrival_scv / larger;
  const double cs = service_scv / larger;
  const double phi = ca >= cs ? (4 * (ca - cs) * service + cs * psi) / (4 * ca - 3 * cs)
                              : ((cs - ca) * arrivals + (cs + 3 * ca) * psi) / (2 * ca + 2 * cs);
  return q.waits(phi * c);
}

/// Kimura's interpolation between M/M/c, M/D/c and D/M/c, the last two by Cosmetatos's formulas.
/// Measured: 0.96 to 1.01; with many servers at low load that of D/M/c fails, and this with it.
/// Domain: arrival_scv and service_scv up to 1; the rest as allen_cunneen.
/// Ref: Kimura, Queueing Systems 17 (1994), eq. 3.
[[nodiscard]] inline double kimura(double arrival_rate, double service_rate, count servers,
                                   double arrival_scv, double service_scv) {
  constexpr std::string_view where = "queueing::kimura";
  const detail::variable_load q(where, arrival_rate, service_rate, servers, arrival_scv,
                                service_scv);
  relia::detail::require_domain(arrival_scv <= 1, where, "arrival_scv", "at most 1", arrival_scv);
  relia::detail::require_domain(service_scv <= 1, where, "service_scv", "at most 1", service_scv);
  if (!q.stable()) return detail::never;
  if (q.variability() == 0 || q.rho == 0) return 0;
  const double arrivals = q.of_deterministic_arrivals();
  // In units of M/M/c: the harmonic mean of 2 / D/M/c, 2 / M/D/c and 1, of weights that add to 1.
  const double inverse = 2 * (1 - service_scv) / q.of_deterministic_service() +
                         2 * (arrival_scv + service_scv - 1) +
                         (arrival_scv < 1 ? 2 * (1 - arrival_scv) / arrivals : 0);
  if (!(inverse < detail::never)) return 0;
  return q.waits((arrival_scv + service_scv) / inverse);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
