// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Where a function passes 0, and where a tail reaches a probability. Functions that are steps,
/// plateaus or infinite in parts, as tails are where a double ends, get an answer: the search never
/// throws, and ends.
/// Ref: Alefeld, Potra, Shi, "Algorithm 748", ACM TOMS 21 (1995).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/math/tools/toms748_solve.hpp>

#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

struct bracket {
  double lower = 0;
  double upper = 0;

  [[nodiscard]] double middle() const noexcept { return lower + (upper - lower) / 2; }
};

/// Between which neighbours, to `bits` bits, `f` changes its sign; the end where it is nearer to 0
/// when it does not.
template <class Function>
[[nodiscard]] bracket sign_change(const Function& f, double lower, double upper, int bits) {
  // Differences of infinite values would be no numbers.
  const auto value = [&](double x) { return std::clamp(f(x), -1e300, 1e300); };
  const double at_lower = value(lower);
  if (at_lower == 0 || !(lower < upper)) return {lower, lower};
  const double at_upper = value(upper);
  if (at_upper == 0) return {upper, upper};
  if ((at_lower > 0) == (at_upper > 0)) {
    const double nearer = std::abs(at_lower) < std::abs(at_upper) ? lower : upper;
    return {nearer, nearer};
  }
  // The interpolation may overflow, and so leave its bracket: this one is kept beside it.
  bracket kept{lower, upper};
  const auto narrowed = [&](double x) {
    const double y = value(x);
    if (x > kept.lower && x < kept.upper) {
      ((y > 0) == (at_lower > 0) ? kept.lower : kept.upper) = x;
    }
    return y;
  };
  const boost::math::tools::eps_tolerance<double> near(static_cast<unsigned>(bits));
  std::uintmax_t most = 100;
  const auto found = boost::math::tools::toms748_solve(narrowed, lower, upper, at_lower, at_upper,
                                                       near, most, relia::detail::policy());
  if (found.first == found.second) return {found.first, found.first};
  for (auto ends = near; !ends(kept.lower, kept.upper);) {
    const double middle = kept.middle();
    if (!(middle > kept.lower && middle < kept.upper)) break;
    if (narrowed(middle) == 0) return {middle, middle};
  }
  return kept;
}

/// The t at which a falling log_tail(t) reaches `log_probability`, from above; `scale`: a typical
/// t. 0 where none is above it, infinity where none up to `latest` is below. Domain:
/// log_probability finite.
template <class LogTail>
[[nodiscard]] double tail_root(const LogTail& log_tail, double log_probability, double scale,
                               int bits = 46,
                               double latest = std::numeric_limits<double>::max() / 2) {
  constexpr double smallest = std::numeric_limits<double>::min();
  // No probability is below e^-745: far beyond it a number only has to say so.
  const auto over = [&](double t) { return std::clamp(log_probability - log_tail(t), -1e4, 1e4); };
  double lower = 0;
  double upper = std::clamp(scale, smallest, latest);
  while (over(upper) < 0) {
    if (upper == latest) return std::numeric_limits<double>::infinity();
    lower = upper;
    upper = std::min(2 * upper, latest);
  }
  while (lower == 0 && over(upper / 2) >= 0) {
    upper /= 2;
    if (!(upper > smallest)) return 0;
  }
  return sign_change(over, std::max(lower, upper / 2), upper, bits).upper;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
