// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Erlang B of less than one server, from which the recurrence reaches any number: 1/B = load times
/// the integral of (1 + u)^servers e^(-load u) over u > 0.
/// Ref: Jagerman, Bell System Technical Journal 53 (1974).

#include <algorithm>
#include <cmath>
#include <limits>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// 1/B - 1 = part Gamma(part, load) e^load / load^part. Domain: 0 < part < 1, load > 0.
template <real Real>
[[nodiscard]] Real part_server_excess(Real part, Real load) noexcept {
  constexpr Real tiny = std::numeric_limits<Real>::epsilon() / 4;
  if (load < 1.5) {
    // As above 64 servers. What cancels is of the size of 1/B, which is all that is asked for; of
    // next to no server it may be more than there is.
    return std::max(Real{0}, inverse_poisson_mass(part, deviance(part, load)) -
                                 poisson_tail_ratio(part, load) - 1);
  }
  // Legendre's continued fraction, forward by Lentz's method. At 1.5 it takes some 150 steps.
  Real b = load + 1 - part;
  Real d = 1 / b;
  Real c = std::numeric_limits<Real>::max();
  Real value = d;
  for (int i = 1; i < 1000; ++i) {
    const Real n = static_cast<Real>(i);
    const Real a = -n * (n - part);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const Real step = c * d;
    value *= step;
    if (std::abs(step - 1) <= tiny) break;
  }
  return part * value;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
