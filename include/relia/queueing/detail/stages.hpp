// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The time until n requests ahead have left, when with k of them ahead they leave at rate busy + k
/// step: mean and variance of a sum of exponential times.

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/detail/outward.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

struct stage_sum {
  running_sum mean = {};
  running_sum variance = {};

  void add(double rate) noexcept {
    mean.add(1 / rate);
    variance.add(1 / (rate * rate));
  }
};

/// The sum over k = from, ..., from + n - 1 of 1 / (busy + k step), and of its square. One by one
/// while that is quick; then by the digamma function, whose difference has lost little by then.
[[nodiscard]] inline stage_sum stages(double busy, double step, double from, double n) {
  if (step == 0) return {{n / busy}, {n / (busy * busy)}};
  stage_sum sum;
  if (n <= 1e5) {
    for (double k = 0; k < n; k += 1) sum.add(busy + (from + k) * step);
    return sum;
  }
  const relia::detail::quiet_policy quiet;
  const double x = busy / step + from;
  sum.mean.add((boost::math::digamma(x + n, quiet) - boost::math::digamma(x, quiet)) / step);
  sum.variance.add((boost::math::trigamma(x, quiet) - boost::math::trigamma(x + n, quiet)) /
                   (step * step));
  return sum;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
