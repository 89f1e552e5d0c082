// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A condition as PromQL over the recorded windows of one objective: the comparisons that
/// slo::evaluate_counters makes, number for number.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/io/detail/promql.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/significance.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail {

/// PromQL has no incomplete gamma function. But k failures are significant exactly while at most a
/// known number is expected, and from `implied` on a factor well above the burn rate of the
/// evidence says so itself: between the two, one comparison for each count.
struct evidence_ladder {
  count first = 1;
  count implied = 1;
};

/// Longer ones are exact too, but no rule to keep.
inline constexpr count longest_ladder = 128;

/// For windows of at least `first` failures that burn at the factor. Absent when the factor never
/// implies the evidence, or only beyond the longest ladder.
inline std::optional<evidence_ladder> ladder_of(const slo::significance& s, double factor,
                                                count first) {
  // k or more bad events, and less than k + 1, have at most so many expected beside them.
  const double share = s.evidence().burn_rate / factor * (1 + 1e-12);
  const auto implied = [&](count k) { return s.reached(k, static_cast<double>(k + 1) * share); };
  // Beyond the table the bound's exponent is linear in k: what holds at its end holds after it.
  const auto end = static_cast<count>(s.largest_expected().size()) + 1;
  evidence_ladder ladder{first, end + 1};
  for (count k = end; k >= 1 && implied(k); --k) ladder.implied = k;
  ladder.implied = std::max(ladder.implied, first);
  if (ladder.implied - first > longest_ladder) return std::nullopt;
  return ladder;
}

class condition_writer {
 public:
  /// `matchers`: what picks the objective's records, with braces.
  condition_writer(const char* where, std::string matchers, double error_budget)
      : where_(where), matchers_(std::move(matchers)), budget_(error_budget) {}

  [[nodiscard]] std::string recorded(const char* what, const std::string& window) const {
    return "slo:" + std::string(what) + ":increase" + window + matchers_;
  }

  /// Throws: std::invalid_argument for what PromQL cannot say.
  [[nodiscard]] std::string expression(const slo::condition& c) const {
    return expression(c, nullptr);
  }

  static void windows_of(const slo::condition& c, std::set<duration>& all) {
    if (c.length() > duration{0} && c.parts().empty()) all.insert(c.length());
    for (const slo::condition& part : c.parts()) windows_of(part, all);
  }

 private:
  /// `all`: the all_of that the condition is a part of.
  [[nodiscard]] std::string expression(const slo::condition& c, const slo::condition* all) const {
    using relia::detail::to_text;
    using slo::condition_kind;
    if (c.kind() == condition_kind::all_of || c.kind() == condition_kind::any_of) return joined(c);
    relia::detail::require_argument(c.kind() != condition_kind::hold, where_, "a condition",
                                    "held as a whole (\"for:\" is of an alert, not of its parts)",
                                    std::string_view(to_string(c)));
    const std::string window = promql_duration(where_, "a window", c.length());
    const std::string bad = recorded("bad_events", window);
    const std::string valid = recorded("valid_events", window);
    switch (c.kind()) {
      case condition_kind::failures:
        return bad + " >= " + to_text(c.least());
      case condition_kind::traffic:
        return valid + " >= " + to_text(c.least());
      case condition_kind::silent:
        return valid + " == 0";
      case condition_kind::significant:
        return significant(c, all, bad, valid);
      default:
        break;
    }
    // As detail::reaches, with its slack of four ulp.
    constexpr double slack = 1.0 - 4.0 * std::numeric_limits<double>::epsilon();
    return bad + " > 0\nand " + bad + " >= " + to_text(c.factor()) + " * " + to_text(budget_) +
           " * " + valid + " * " + to_text(slack);
  }

  [[nodiscard]] std::string joined(const slo::condition& c) const {
    const bool all = c.kind() == slo::condition_kind::all_of;
    relia::detail::require_argument(!c.parts().empty(), where_, "a condition",
                                    "one that can be true", std::string_view(to_string(c)));
    std::string text;
    for (const slo::condition& part : c.parts()) {
      const std::string one = expression(part, all ? &c : nullptr);
      if (one.empty()) continue;
      text += (text.empty() ? "" : all ? "\nand " : "\nor ") + one;
    }
    return all ? text : "(\n" + text + "\n)";
  }

  [[nodiscard]] std::string significant(const slo::condition& c, const slo::condition* all,
                                        const std::string& bad, const std::string& valid) const {
    using relia::detail::to_text;
    const slo::significance s(c.evidence());
    if (s.largest_expected().empty()) return valid + " >= 0";
    double factor = 0;
    count first = 1;
    for (const slo::condition& part :
         all == nullptr ? std::vector<slo::condition>{} : all->parts()) {
      if (part.length() != c.length()) continue;
      if (part.kind() == slo::condition_kind::burning) factor = std::max(factor, part.factor());
      if (part.kind() == slo::condition_kind::failures) first = std::max(first, part.least());
    }
    const auto ladder = factor > 0 ? ladder_of(s, factor, first) : std::nullopt;
    if (!ladder) {
      relia::detail::refuse_argument(
          where_, "evidence",
          "what a factor over the same window implies from some number of failures on, as one well "
          "above evidence.burn_rate does (PromQL has no other exact form: ask for min_failures, or "
          "for a larger factor)",
          std::string_view("p_value " + to_text(c.evidence().p_value) + " against burn rate " +
                           to_text(c.evidence().burn_rate) + " at factor " + to_text(factor)));
    }
    if (ladder->implied == ladder->first) return {};
    const std::string expected = valid + " * " + to_text(budget_ * c.evidence().burn_rate) + " <= ";
    std::string text = "(\n" + bad + " >= " + to_text(ladder->implied);
    for (count k = ladder->implied - 1; k >= ladder->first; --k) {
      text.append("\nor ").append(bad).append(" >= ").append(to_text(k)).append(" and ");
      text.append(expected).append(to_text(s.largest_expected()[static_cast<std::size_t>(k) - 1]));
    }
    return text + "\n)";
  }

  const char* where_;
  std::string matchers_;
  double budget_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail
