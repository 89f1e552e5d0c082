// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Sums of log-concave sequences: started at the largest term and carried outward until nothing is
/// left to add. No term is formed from a factorial or a power, none overflows, and the largest one
/// is never lost. A sequence answers next(term, n), its term at n + 1 given that at n, and
/// previous(term, n).

#include <algorithm>
#include <cmath>

#include <relia/core/real.hpp>
#include <relia/detail/two_sum.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// A sum that carries its rounding: a flat sequence has millions of terms.
struct running_sum {
  double sum = 0;
  double lost = 0;

  void add(double x) noexcept {
    const double next = sum + x;
    lost += relia::detail::lost_in_sum(sum, x, next);
    sum = next;
  }
  [[nodiscard]] double value() const noexcept { return sum + lost; }
};

/// Where the terms from `lowest` to `highest` are largest. Domain: next(1, n) does not rise with n.
template <class Sequence>
[[nodiscard]] double mode_of(const Sequence& terms, double lowest, double highest) noexcept {
  while (lowest < highest) {
    const double middle = std::floor(lowest + (highest - lowest) / 2);
    if (terms.next(1.0, middle) >= 1) {
      lowest = middle + 1;
    } else {
      highest = middle;
    }
  }
  return lowest;
}

/// Calls visit(n, term), which returns what the term counts, from `start` upward, then downward,
/// with the term at `start` as 1, until the geometric majorant of what is left is a fraction
/// `negligible` of what was counted: where the likeliest states count nothing, it goes on.
template <class Sequence, class Visit>
void outward(const Sequence& terms, double start, double lowest, double highest, double negligible,
             const Visit& visit) {
  double seen = visit(start, 1.0);
  double term = 1;
  const auto counted = [&](double n, double next) {
    const double part = visit(n, next);
    seen += part;
    // The larger of the two: one state may count nothing, and the next more than itself.
    if (std::max(part, next) * next <= negligible * seen * (term - next)) return true;
    term = next;
    return false;
  };
  for (double n = start; n < highest; n += 1) {
    if (counted(n + 1, terms.next(term, n))) break;
  }
  term = 1;
  for (double n = start; n > lowest; n -= 1) {
    if (counted(n - 1, terms.previous(term, n))) break;
  }
}

/// Moments of a hundred deviations still count in what is left below this.
inline constexpr double left_out = 1e-22;

/// The sum of term(n) value(n), with the term at `start` as 1.
template <class Sequence, class Value>
[[nodiscard]] double outward_sum(const Sequence& terms, double start, double lowest, double highest,
                                 const Value& value) {
  running_sum sum;
  outward(terms, start, lowest, highest, left_out, [&](double n, double term) {
    const double part = term * value(n);
    sum.add(part);
    return part;
  });
  return sum.value();
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
