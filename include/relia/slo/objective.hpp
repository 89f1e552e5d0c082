// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The objective: the fraction of valid events, or of time, that must be good. The error budget is
/// what is left of it, and is the number that everything here computes with, so it is kept with all
/// its digits: 0.001 for 0.999, not 0.0010000000000000009.

#include <charconv>
#include <string>

#include <relia/aggregate/counts.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

namespace detail {

/// The fraction that a percentage means: 0.999 for 99.9, by its decimals.
[[nodiscard]] inline double from_percent(double percent) {
  const std::string shifted = relia::detail::to_text(percent) + "e-2";
  double fraction = percent / 100;
  if (shifted.find('e') == shifted.rfind('e')) {
    std::from_chars(shifted.data(), shifted.data() + shifted.size(), fraction);
  }
  return fraction;
}

/// The rule that `target` breaks, with what to write instead where that can be guessed.
[[nodiscard]] inline std::string target_rule(double target) {
  const std::string rule = "a fraction in (0, 1)";
  if (target > 1 && target < 100) {
    return rule + ": for " + relia::detail::to_text(target) + " % write " +
           relia::detail::to_text(from_percent(target));
  }
  return target == 1 || target == 100 ? rule + ": an objective of 100 % leaves no error budget"
                                      : rule;
}

}  // namespace detail

/// A target strictly between 0 and 1.
class objective {
 public:
  /// Domain: 0 < target < 1. Throws: std::domain_error, with the fraction to write for a
  /// percentage.
  explicit objective(double target) : target_(target) {
    if (!(target > 0 && target < 1)) {
      relia::detail::refuse_domain("slo::objective", "target", detail::target_rule(target), target);
    }
    error_budget_ = relia::detail::complement(target);
  }

  /// The objective that leaves this budget: 1e-12 is twelve nines.
  /// Domain: 0 < fraction < 1. Throws: std::domain_error.
  [[nodiscard]] static objective from_error_budget(double fraction) {
    relia::detail::require_domain(fraction > 0 && fraction < 1, "slo::objective::from_error_budget",
                                  "fraction", "a fraction in (0, 1) (0.1 % is 0.001)", fraction);
    objective o;
    o.error_budget_ = fraction;
    o.target_ = relia::detail::complement(fraction);
    return o;
  }

  /// May round to 1 when the budget is under 1e-16; the budget does not.
  [[nodiscard]] double target() const noexcept { return target_; }
  /// The fraction that may be bad: 1 - target.
  [[nodiscard]] double error_budget() const noexcept { return error_budget_; }

  friend bool operator==(const objective&, const objective&) = default;

 private:
  objective() = default;

  double target_ = 0;
  double error_budget_ = 0;
};

/// Did finished counts meet the objective? bad <= budget * valid; exactly on it does, in decimals.
/// Nothing valid: nothing missed.
[[nodiscard]] inline bool is_met(const objective& goal, const aggregate::counts& events) noexcept {
  return relia::detail::within(static_cast<double>(events.bad()), goal.error_budget(),
                               static_cast<double>(events.valid()));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
