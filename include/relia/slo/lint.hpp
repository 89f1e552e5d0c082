// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Is this policy possible, and is it wise? Each finding names its tier and shows the arithmetic: a
/// rule that can never fire, fires inside the objective, or is fired by a single failure looks just
/// like a good one.

#include <algorithm>
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
#include <relia/slo/detail/lint_arithmetic.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>

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
  /// To find tiers that one failure fires, and conditions that this traffic cannot meet.
  std::optional<double> events_per_second = {};
  /// The slices whose ratios the windows average, where they do: avg_over_time(ratio5m[1h]).
  std::optional<duration> mean_of_ratios = {};
};

namespace detail {

class linter {
 public:
  linter(const policy& p, const lint_options& options) : policy_(p), options_(options) {
    relia::detail::require_domain(options.scrape_interval > duration{0}, "slo::lint",
                                  "scrape_interval", "positive", options.scrape_interval.count());
    relia::detail::require_non_negative("slo::lint", "events_per_second",
                                        options.events_per_second.value_or(0.0));
    const duration slice = options.mean_of_ratios.value_or(duration{1});
    relia::detail::require_domain(slice > duration{0}, "slo::lint", "mean_of_ratios", "positive",
                                  slice.count());
  }

  void add(finding_level level, std::string_view rule, std::size_t tier, std::string message) {
    findings_.push_back({level, rule, tier, std::move(message)});
  }

  /// goal: null when there is none.
  void tiers(const objective* goal) {
    if (policy_.tiers.empty() && policy_.rules.empty()) {
      add(finding_level::error, "no_tiers", finding::whole_policy,
          "a policy without tiers never alerts");
    }
    for (std::size_t k = 0; k < policy_.tiers.size(); ++k) {
      const std::size_t before = findings_.size();
      windows(k);
      factor(k);
      guards(k);
      const bool possible =
          std::none_of(findings_.begin() + static_cast<std::ptrdiff_t>(before), findings_.end(),
                       [](const finding& f) { return f.level == finding_level::error; });
      if (goal != nullptr) reach(k, *goal, possible);
      if (possible) nested(k);
    }
  }

  void target(const objective& goal) {
    if (goal.target() < 0.5) {
      add(finding_level::warning, "target_looks_like_a_budget", finding::whole_policy,
          "the target " + relia::detail::to_text(goal.target()) + " lets " +
              relia::detail::to_text(goal.error_budget()) + " of all events fail: where " +
              relia::detail::to_text(goal.target()) + " may fail, write " +
              relia::detail::to_text(goal.error_budget()));
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

  void guards(std::size_t k) {
    const tier& t = policy_.tiers[k];
    if (t.min_failures < 1) {
      add(finding_level::error, "min_failures_below_one", k,
          "min_failures " + relia::detail::to_text(t.min_failures) +
              " must be at least 1: no window without failures fires");
    }
    const evidence& e = t.evidence;
    if (!(e.p_value > 0 && e.p_value <= 1 && e.burn_rate > 0 && std::isfinite(e.burn_rate) &&
          e.dispersion >= 1 && e.dispersion <= 1e6)) {
      add(finding_level::error, "evidence_impossible", k,
          "evidence needs a p_value in (0, 1], a positive burn_rate and a dispersion from 1 to "
          "1e6, "
          "got " +
              six_digits(e.p_value) + ", " + six_digits(e.burn_rate) + " and " +
              six_digits(e.dispersion));
    }
  }

  void reach(std::size_t k, const objective& goal, bool possible) {
    const tier& t = policy_.tiers[k];
    const double ratio = error_ratio_at(t, goal);
    const double highest = 1 / goal.error_budget();
    if (!relia::detail::within(ratio, 1, 1)) {
      add(finding_level::error, "never_fires", k,
          "the factor " + six_digits(t.factor) + " needs an error ratio of " + six_digits(ratio) +
              ": a total outage burns at 1 / " + six_digits(goal.error_budget()) + " = " +
              six_digits(highest));
      return;
    }
    if (!possible) return;
    hold(k, goal);
    mean(k, goal);
    if (t.evidence.burn_rate >= highest && t.evidence.p_value < 1) {
      add(finding_level::error, "evidence_never_reached", k,
          "evidence against a burn rate of " + six_digits(t.evidence.burn_rate) +
              " is out of reach: a total outage burns at 1 / " + six_digits(goal.error_budget()) +
              " = " + six_digits(highest));
    } else if (options_.events_per_second) {
      traffic(k, goal, *options_.events_per_second * real_seconds(t.long_window).count());
    }
  }

  /// `held`: the events of a long window.
  void traffic(std::size_t k, const objective& goal, double held) {
    const tier& t = policy_.tiers[k];
    const std::string window = six_digits(held) + " events in " + in_seconds(t.long_window);
    const auto most = static_cast<double>(std::max(t.min_failures, t.min_events));
    const significance evident(t.evidence);
    const double expected = held * goal.error_budget() * t.evidence.burn_rate;
    if (held < most) {
      add(finding_level::error, "too_few_events", k,
          window + " are fewer than the " + six_digits(most) + " that the tier asks for");
    } else if (!evident.reached(static_cast<count>(std::min(held, 1e15)), expected)) {
      add(finding_level::error, "evidence_never_reached", k,
          window + ", all bad, prove nothing: where " + six_digits(expected) +
              " are expected, a p_value of " + six_digits(t.evidence.p_value) + " takes " +
              relia::detail::to_text(evident.critical(expected)));
    } else if (t.min_failures <= 1 && evident.reached(1, expected) &&
               held * error_ratio_at(t, goal) <= 1) {
      add(finding_level::warning, "single_failure_fires", k,
          window + " are no more than 1 / (" + six_digits(t.factor) + " * " +
              six_digits(goal.error_budget()) + ") = " +
              six_digits(single_failure_events(t, goal)) + ": a single failure fires the tier");
    }
  }

  void hold(std::size_t k, const objective& goal) {
    const tier& t = policy_.tiers[k];
    if (t.hold <= t.short_window) return;
    const real_seconds missed = longest_unseen_outage(t, error_ratio_at(t, goal));
    std::string message = "a hold of " + in_seconds(t.hold) + " outlasts the short window of " +
                          in_seconds(t.short_window) + ": a total outage shorter than " +
                          in_seconds(missed) + " never fires";
    if (policy_.period > duration{0}) {
      message += ", and spends up to " +
                 six_digits(budget_share(1 / goal.error_budget(), missed, policy_.period)) +
                 " of the budget";
    }
    add(finding_level::warning, "hold_over_short_window", k, std::move(message));
  }

  void mean(std::size_t k, const objective& goal) {
    const tier& t = policy_.tiers[k];
    if (!options_.mean_of_ratios || *options_.mean_of_ratios >= t.long_window) return;
    const duration slice = *options_.mean_of_ratios;
    const double share = real_seconds(slice) / real_seconds(t.long_window);
    add(finding_level::warning, "mean_of_ratios", k,
        "a mean of ratios weighs every slice alike: a failure that is alone in its " +
            in_seconds(slice) + " counts as " + six_digits(real_seconds(slice).count()) + " / " +
            six_digits(real_seconds(t.long_window).count()) + " = " + six_digits(share) +
            " of the long window, a burn rate of " + six_digits(share / goal.error_budget()));
    if (!options_.events_per_second) return;
    const double held = *options_.events_per_second * real_seconds(slice).count();
    const double none = -std::expm1(std::log1p(-std::exp(-held)) / share);
    if (none >= 1e-3) {
      add(finding_level::warning, "ratio_of_nothing", k,
          "slices of " + six_digits(held) + " events are empty with probability exp(-" +
              six_digits(held) + ") = " + six_digits(std::exp(-held)) +
              ": 0 / 0, and with it the mean, is NaN in " + six_digits(none) +
              " of the long windows");
    }
  }

  void nested(std::size_t k) {
    for (std::size_t j = 0; j < policy_.tiers.size(); ++j) {
      const tier& a = policy_.tiers[k];
      const tier& b = policy_.tiers[j];
      if (j == k || a.severity != b.severity || !implies(a, b) || (j > k && implies(b, a)))
        continue;
      add(finding_level::warning, "nested_tier", k,
          "burning at " + six_digits(a.factor) + " for " + in_seconds(a.long_window) + " spends " +
              in_seconds(a.factor * real_seconds(a.long_window)) + " of budget, and tier " +
              relia::detail::to_text(j) + " fires from " +
              in_seconds(b.factor * real_seconds(b.long_window)) + " on: one outage sends two " +
              std::string(to_string(a.severity)) + "s");
      return;
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
  found.target(goal);
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
