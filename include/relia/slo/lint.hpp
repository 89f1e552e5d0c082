// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Is this policy possible, and is it wise? Each finding names its tier and shows the arithmetic: a
/// rule that can never fire, fires inside the objective, or is fired by a single failure looks just
/// like a good one.

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `error`: the rule cannot work. `warning`: it works, and will be regretted.
enum class finding_level { error, warning };

[[nodiscard]] constexpr std::string_view to_string(finding_level l) noexcept {
  return l == finding_level::error ? "error" : "warning";
}

/// `rule`: a stable name, such as "never_fires". `tier`: whole_policy when it is no tier's.
struct finding {
  static constexpr std::size_t whole_policy = std::numeric_limits<std::size_t>::max();

  finding_level level = finding_level::error;
  std::string_view rule{};
  std::size_t tier = whole_policy;
  std::string message{};
};

struct lint_options {
  duration scrape_interval = std::chrono::seconds(60);
  std::optional<double> events_per_second = {};  ///< to find tiers that one failure fires
};

namespace detail {

/// 14.4 rather than 14.399999999999999: six digits are enough to follow the arithmetic.
[[nodiscard]] inline std::string six_digits(double value) {
  std::array<char, 32> text;
  char* const begin = text.data();
  const auto end = std::to_chars(begin, begin + text.size(), value, std::chars_format::general, 6);
  return {begin, end.ptr};
}

[[nodiscard]] inline std::string in_seconds(duration d) {
  return six_digits(real_seconds(d).count()) + " s";
}

class linter {
 public:
  linter(const policy& p, const lint_options& options) : policy_(p), options_(options) {
    relia::detail::require_domain(options.scrape_interval > duration{0}, "slo::lint",
                                  "scrape_interval", "positive", options.scrape_interval.count());
    relia::detail::require_non_negative("slo::lint", "events_per_second",
                                        options.events_per_second.value_or(0.0));
  }

  void add(finding_level level, std::string_view rule, std::size_t tier, std::string message) {
    findings_.push_back({level, rule, tier, std::move(message)});
  }

  /// goal: null when there is none.
  void tiers(const objective* goal) {
    if (policy_.tiers.empty()) {
      add(finding_level::error, "no_tiers", finding::whole_policy,
          "a policy without tiers never alerts");
    }
    for (std::size_t k = 0; k < policy_.tiers.size(); ++k) {
      windows(k);
      factor(k);
      if (goal != nullptr) reach(k, *goal);
    }
  }

  [[nodiscard]] std::vector<finding> take() { return std::move(findings_); }

 private:
  void windows(std::size_t k) {
    const tier& t = policy_.tiers[k];
    const duration two = 2 * options_.scrape_interval;
    for (const duration w : {t.long_window, t.short_window}) {
      if (w <= duration{0}) {
        add(finding_level::error, "empty_window", k,
            "a window of " + in_seconds(w) + " holds nothing: the tier can never fire");
      } else if (w < two) {
        add(finding_level::error, "window_under_two_scrapes", k,
            "a window of " + in_seconds(w) + " is under two scrape intervals of " +
                in_seconds(options_.scrape_interval) + ": most often it has no rate");
      }
    }
    if (t.short_window >= t.long_window) {
      add(finding_level::warning, "short_not_shorter", k,
          "the short window of " + in_seconds(t.short_window) +
              " is not shorter than the long one of " + in_seconds(t.long_window) +
              ": the alert resets no sooner than with one window");
    }
    if (policy_.period > duration{0} && t.long_window > policy_.period) {
      add(finding_level::error, "window_over_period", k,
          "the window of " + in_seconds(t.long_window) + " is longer than the period of " +
              in_seconds(policy_.period));
    }
  }

  void factor(std::size_t k) {
    const tier& t = policy_.tiers[k];
    if (!(t.factor > 0) || !std::isfinite(t.factor)) {
      add(finding_level::error, "factor_not_positive", k,
          "the factor " + six_digits(t.factor) + " must be positive and finite");
    } else if (t.factor < 1) {
      add(finding_level::warning, "fires_inside_objective", k,
          "the factor " + six_digits(t.factor) + " is below 1: errors at " + six_digits(t.factor) +
              " of the budget meet the objective and still alert");
    }
  }

  void reach(std::size_t k, const objective& goal) {
    const tier& t = policy_.tiers[k];
    const double ratio = error_ratio_at(t, goal);
    const double highest = 1 / goal.error_budget();
    if (!relia::detail::within(ratio, 1, 1)) {
      add(finding_level::error, "never_fires", k,
          "the factor " + six_digits(t.factor) + " needs an error ratio of " + six_digits(ratio) +
              ": a total outage burns at 1 / " + six_digits(goal.error_budget()) + " = " +
              six_digits(highest));
    }
    if (!options_.events_per_second || !(t.factor > 0) || t.long_window <= duration{0}) return;
    const double held = *options_.events_per_second * real_seconds(t.long_window).count();
    if (ratio <= 1 && held * ratio <= 1) {
      add(finding_level::warning, "single_failure_fires", k,
          six_digits(held) + " events in " + in_seconds(t.long_window) + " are no more than 1 / (" +
              six_digits(t.factor) + " * " + six_digits(goal.error_budget()) + ") = " +
              six_digits(single_failure_events(t, goal)) + ": a single failure fires the tier");
    }
  }

  const policy& policy_;
  const lint_options& options_;
  std::vector<finding> findings_;
};

}  // namespace detail

/// What is wrong with a policy for this objective, tier by tier. An empty answer means that nothing
/// was found. Domain: scrape_interval positive, events_per_second at least 0. Throws:
/// std::domain_error.
[[nodiscard]] inline std::vector<finding> lint(const policy& p, const objective& goal,
                                               const lint_options& options = {}) {
  detail::linter found(p, options);
  found.tiers(&goal);
  return found.take();
}

/// As above, for a target as somebody wrote it: one that is no objective is a finding.
[[nodiscard]] inline std::vector<finding> lint(const policy& p, double target,
                                               const lint_options& options = {}) {
  if (target > 0 && target < 1) return lint(p, objective(target), options);
  detail::linter found(p, options);
  found.add(
      finding_level::error, "target_not_a_fraction", finding::whole_policy,
      "the target " + relia::detail::to_text(target) + " must be " + detail::target_rule(target));
  found.tiers(nullptr);
  return found.take();
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
