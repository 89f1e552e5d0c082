// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When does a level that grows by a steady drift plus independent noise first reach its capacity?
/// Brownian motion with drift, in closed form: the inverse Gaussian distribution, which misses part
/// of the mass (never) when the drift is negative. Any one consistent unit of time. Ref: Chhikara &
/// Folks, The Inverse Gaussian Distribution, 1989, ch. 2 and 11.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <boost/math/constants/constants.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast {

namespace detail {

/// exp(x^2) erfc(x) for x >= -1.
template <real Real>
[[nodiscard]] Real scaled_erfc(Real x) {
  // Up to where exp(x^2) stays finite, in float too.
  constexpr Real near = std::numeric_limits<Real>::digits > 24 ? 10 : 8;
  if (x < near) {
    const Real square = x * x;
    const Real rest = std::fma(x, x, -square);  // the exponential would magnify its rounding
    return std::exp(square) * (1 + rest) * boost::math::erfc(x, relia::detail::quiet_policy());
  }
  // Abramowitz & Stegun 7.1.23. From 10 on, 16 terms reach the last digit of a 64-bit mantissa.
  const Real step = -1 / (2 * x * x);
  Real sum = 1;
  Real term = 1;
  for (int k = 1; k <= 16; ++k) {
    term *= step * static_cast<Real>(2 * k - 1);
    sum += term;
  }
  return sum / (x * boost::math::constants::root_pi<Real>());
}

template <real Real>
struct passage {
  Real distance, drift, sd, time;

  /// Both over sqrt(2) sd sqrt(time): the distance, and the way that the drift makes.
  [[nodiscard]] Real away() const { return distance / scale(); }
  [[nodiscard]] Real made() const { return drift * time / scale(); }
  [[nodiscard]] Real scale() const {
    return boost::math::constants::root_two<Real>() * sd * std::sqrt(time);
  }
  /// The logarithm of the probability of ever arriving against the drift.
  [[nodiscard]] Real log_ever() const { return 2 * (distance / sd) * (drift / sd); }

  [[nodiscard]] static Real erfc(Real x) {
    return boost::math::erfc(x, relia::detail::quiet_policy());
  }

  /// Paths that arrived and fell back: exp(log_ever) erfc(away + made) / 2, without the overflow of
  /// the first factor.
  [[nodiscard]] Real fell_back() const {
    const Real mirror = (distance + drift * time) / scale();
    if (mirror < 0) return std::exp(log_ever()) * erfc(mirror) / 2;
    const Real short_by = (distance - drift * time) / scale();
    return std::exp(-short_by * short_by) * scaled_erfc(mirror) / 2;
  }

  [[nodiscard]] Real probability() const {
    return erfc((distance - drift * time) / scale()) / 2 + fell_back();
  }

  [[nodiscard]] Real survival() const {
    using quadrature = boost::math::quadrature::gauss<Real, 10>;
    const Real h = away();
    const Real c = made();
    const Real short_by = (distance - drift * time) / scale();
    if (h > Real{0.25} && short_by > -1) return erfc(-short_by) / 2 - fell_back();
    const Real common = std::exp(-short_by * short_by);
    if (h > Real{0.25}) {
      return common > 0 ? common * (scaled_erfc(c - h) - scaled_erfc(c + h)) / 2 : Real{0};
    }
    // Next to the capacity both parts are nearly equal. Their difference is the integral of
    // something positive over [c - h, c + h]; on [-1, 1], so that c does not swallow h.
    constexpr Real root_pi = boost::math::constants::root_pi<Real>();
    if (c < 0) {
      const auto bell = [=](Real x) { return std::exp(-(c + h * x) * (c + h * x)); };
      return h * quadrature::integrate(bell) / root_pi - std::expm1(log_ever()) * erfc(c + h) / 2;
    }
    const auto fall = [=](Real x) {
      const Real y = c + h * x;
      return 1 / root_pi - y * scaled_erfc(y);
    };
    return common > 0 ? common * h * quadrature::integrate(fall) : Real{0};
  }
};

template <real Real>
void require_passage(const char* where, Real distance, Real drift, Real sd) {
  relia::detail::require_non_negative(where, "distance", distance);
  relia::detail::require_finite(where, "drift", drift);
  relia::detail::require_non_negative(where, "sd", sd);
}

}  // namespace detail

/// The probability that a level which is `distance` short of its capacity, grows by `drift` per
/// unit of time and varies by `sd` per square root of it, has reached the capacity by `time`.
/// Domain: distance >= 0 and finite (0: reached), drift finite, sd >= 0 and finite, time >= 0, may
/// be infinite. Throws: std::domain_error. Accuracy: docs/accuracy.md.
template <real Real>
[[nodiscard]] Real first_passage_probability(Real distance, std::type_identity_t<Real> drift,
                                             std::type_identity_t<Real> sd,
                                             std::type_identity_t<Real> time) {
  constexpr const char* where = "forecast::first_passage_probability";
  detail::require_passage(where, distance, drift, sd);
  relia::detail::require_domain(time >= 0, where, "time", "at least 0", time);
  if (distance == 0) return 1;
  if (time == 0) return 0;
  if (sd == 0) return drift * time >= distance ? Real{1} : Real{0};
  const detail::passage<Real> p{distance, drift, sd, time};
  if (relia::detail::is_finite(time)) return p.probability();
  return drift < 0 ? std::exp(p.log_ever()) : Real{1};
}

/// One minus that probability, to its own last digits: still below capacity at `time`.
/// Domain, Throws: as first_passage_probability.
template <real Real>
[[nodiscard]] Real first_passage_survival(Real distance, std::type_identity_t<Real> drift,
                                          std::type_identity_t<Real> sd,
                                          std::type_identity_t<Real> time) {
  constexpr const char* where = "forecast::first_passage_survival";
  detail::require_passage(where, distance, drift, sd);
  relia::detail::require_domain(time >= 0, where, "time", "at least 0", time);
  if (distance == 0) return 0;
  if (time == 0) return 1;
  if (sd == 0) return drift * time >= distance ? Real{0} : Real{1};
  const detail::passage<Real> p{distance, drift, sd, time};
  if (relia::detail::is_finite(time)) return p.survival();
  return drift < 0 ? -std::expm1(p.log_ever()) : Real{0};
}

/// The time by which the capacity is reached with probability `level`; infinite when that
/// probability is never reached. Domain: level in (0, 1), the rest as first_passage_probability.
/// Throws: std::domain_error; relia::convergence_error. Cost: about 20 evaluations.
template <real Real>
[[nodiscard]] Real first_passage_quantile(Real level, std::type_identity_t<Real> distance,
                                          std::type_identity_t<Real> drift,
                                          std::type_identity_t<Real> sd) {
  constexpr const char* where = "forecast::first_passage_quantile";
  constexpr Real infinite = std::numeric_limits<Real>::infinity();
  relia::detail::require_open_fraction(where, "level", level);
  detail::require_passage(where, distance, drift, sd);
  if (distance == 0) return 0;
  if (sd == 0) return drift > 0 ? distance / drift : infinite;
  if (drift < 0 && std::log(level) >= detail::passage<Real>{distance, drift, sd, 1}.log_ever()) {
    return infinite;
  }

  // Solved for log(time), on the smaller of the two tails.
  const bool upper = level > Real{0.5};
  const auto excess = [&](Real log_time) {
    const detail::passage<Real> p{distance, drift, sd, std::exp(log_time)};
    return upper ? (1 - level) - p.survival() : p.probability() - level;
  };
  const Real pace = std::max(std::abs(drift) / distance, (sd / distance) * (sd / distance));
  Real low = -std::log(pace);
  Real high = low;
  Real at_low = excess(low);
  Real at_high = at_low;
  for (Real stride = 1; at_low > 0; stride *= 2) {
    at_low = excess(low -= stride);
    if (!relia::detail::is_finite(low)) {
      RELIA_RAISE(convergence_error, std::string("relia::") + where +
                                         ": the drift is too steep for the distance and the sd");
    }
  }
  for (Real stride = 1; at_high < 0; stride *= 2) {
    high += stride;
    if (!relia::detail::is_finite(std::exp(high))) return infinite;
    at_high = excess(high);
  }
  if (at_low == 0) return std::exp(low);
  if (at_high == 0) return std::exp(high);
  std::uintmax_t steps = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      excess, low, high, at_low, at_high,
      boost::math::tools::eps_tolerance<Real>(std::numeric_limits<Real>::digits - 2), steps,
      relia::detail::policy());
  if (steps >= 200) {
    RELIA_RAISE(convergence_error, std::string("relia::") + where + ": no root after 200 steps");
  }
  return std::exp((left + right) / 2);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast
