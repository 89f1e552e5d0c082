// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What is done about the budget, as a state machine: stages that begin when so much of it is spent
/// and end when less of it is (a rolling budget comes back), freezes and thaws of changes, and a
/// review after an incident that cost too much by itself. Fed with the spent share as time goes on,
/// it says what changed; a copy of it answers what would change.
/// Ref: Google SRE workbook (2018), appendix B, example error budget policy.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/slo/budget.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// Begins when the share of the budget spent reaches `enter`, ends when it falls below `leave`: the
/// gap between them keeps a share that hovers from freezing and thawing daily.
struct budget_stage {
  std::string name{};
  double enter = 1;
  double leave = 1;
  bool freeze = false;  ///< changes stop, but for those exempted

  friend bool operator==(const budget_stage&, const budget_stage&) = default;
};

/// `single_incident`: an incident that alone spent more than this share is reviewed; infinity for
/// none. `exempt`: the kinds of change that a freeze lets through.
struct budget_policy {
  std::string name{};
  std::vector<budget_stage> stages{};
  double single_incident = std::numeric_limits<double>::infinity();
  std::vector<std::string> exempt{};

  friend bool operator==(const budget_policy&, const budget_policy&) = default;
};

/// The workbook's example: with the budget spent, changes stop but for urgent and security fixes,
/// until the service is within its objective again; one incident over 20 % of it gets a postmortem.
[[nodiscard]] inline budget_policy workbook_budget_policy() {
  return {"workbook", {{"frozen", 1, 1, true}}, 0.2, {"P0", "security"}};
}

enum class budget_change { enter, leave, freeze, thaw, review };

[[nodiscard]] constexpr std::string_view to_string(budget_change c) noexcept {
  switch (c) {
    case budget_change::enter:
      return "enter";
    case budget_change::leave:
      return "leave";
    case budget_change::freeze:
      return "freeze";
    case budget_change::thaw:
      return "thaw";
    case budget_change::review:
      break;
  }
  return "review";
}

/// `stage`: the one entered or left, npos for the others. `share`: of the budget, that was spent
/// by then or, for a review, by the incident.
struct budget_event {
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  instant at{};
  budget_change change = budget_change::enter;
  std::size_t stage = npos;
  double share = 0;

  friend bool operator==(const budget_event&, const budget_event&) = default;
};

class budget_machine {
 public:
  /// Domain: each stage 0 <= leave <= enter, enter positive; single_incident positive. Throws:
  /// std::domain_error.
  explicit budget_machine(budget_policy policy)
      : policy_(std::move(policy)), active_(policy_.stages.size(), false) {
    for (const budget_stage& s : policy_.stages) {
      relia::detail::require_positive(name, "enter", s.enter);
      relia::detail::require_domain(s.leave >= 0 && s.leave <= s.enter, name, "leave",
                                    "from 0 to enter", s.leave);
    }
    relia::detail::require_domain(policy_.single_incident > 0, name, "single_incident",
                                  "positive (infinite for none)", policy_.single_incident);
  }

  /// The share of the budget spent by now, and what that changes: stages in their order, then the
  /// freeze or thaw. NaN, a budget without data, changes nothing. Throws: std::invalid_argument for
  /// a time before the last one.
  std::vector<budget_event> step(instant at, double spent) {
    relia::detail::require_argument(at >= last_, "slo::budget_machine::step", "at",
                                    "at or after the last time", at.time_since_epoch().count());
    last_ = at;
    std::vector<budget_event> events;
    if (std::isnan(spent)) return events;
    spent_ = spent;
    const bool before = frozen();
    for (std::size_t i = 0; i < active_.size(); ++i) {
      const budget_stage& s = policy_.stages[i];
      const bool now = relia::detail::reaches(spent, active_[i] ? s.leave : s.enter, 1);
      if (now == active_[i]) continue;
      active_[i] = now;
      events.push_back({at, now ? budget_change::enter : budget_change::leave, i, spent});
    }
    if (frozen() != before) {
      events.push_back(
          {at, frozen() ? budget_change::freeze : budget_change::thaw, budget_event::npos, spent});
    }
    return events;
  }

  /// The same for a budget.
  template <class T>
  std::vector<budget_event> step(instant at, const error_budget<T>& budget) {
    return step(at, budget.consumed_fraction);
  }

  /// What an incident that alone spent this share calls for. It does not step: its cost is in the
  /// budget. Domain: share at least 0. Throws: std::domain_error.
  [[nodiscard]] std::vector<budget_event> incident(instant at, double share) const {
    relia::detail::require_non_negative("slo::budget_machine::incident", "share", share);
    if (relia::detail::within(share, policy_.single_incident, 1)) return {};
    return {{at, budget_change::review, budget_event::npos, share}};
  }

  [[nodiscard]] const budget_policy& policy() const noexcept { return policy_; }
  /// The share spent at the last step that knew it; 0 before.
  [[nodiscard]] double spent() const noexcept { return spent_; }
  [[nodiscard]] instant last() const noexcept { return last_; }
  /// Throws: std::domain_error for a stage that the policy has not.
  [[nodiscard]] bool active(std::size_t stage) const {
    relia::detail::require_domain(stage < active_.size(), name, "stage", "one of the policy's",
                                  stage);
    return active_[stage];
  }

  [[nodiscard]] bool frozen() const noexcept {
    for (std::size_t i = 0; i < active_.size(); ++i) {
      if (active_[i] && policy_.stages[i].freeze) return true;
    }
    return false;
  }

  /// May a change of this kind go out now?
  [[nodiscard]] bool allows(std::string_view kind) const noexcept {
    if (!frozen()) return true;
    for (const std::string& exempt : policy_.exempt) {
      if (exempt == kind) return true;
    }
    return false;
  }

 private:
  static constexpr const char* name = "slo::budget_machine";

  budget_policy policy_;
  std::vector<bool> active_;
  double spent_ = 0;
  instant last_ = instant::min();
};

/// Everything that a policy would have done over a history of spent shares.
/// Throws: std::invalid_argument when the sizes differ or the times decrease.
[[nodiscard]] inline std::vector<budget_event> replay(const budget_policy& policy,
                                                      std::span<const instant> times,
                                                      std::span<const double> spent) {
  relia::detail::require_same_size("slo::replay", "spent", spent.size(), times.size());
  budget_machine machine(policy);
  std::vector<budget_event> all;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto events = machine.step(times[i], spent[i]);
    all.insert(all.end(), events.begin(), events.end());
  }
  return all;
}

/// `until_freeze`: how many such incidents change it from thawed to frozen; 0 when it is frozen,
/// infinity when no number does.
struct budget_what_if {
  double spent = 0;
  bool frozen = false;
  std::vector<budget_event> events{};
  double until_freeze = std::numeric_limits<double>::infinity();
};

/// What if this incident, that costs this share of the budget, came so many times more, now?
/// Domain: share at least 0, times at least 0. Throws: std::domain_error.
[[nodiscard]] inline budget_what_if what_if(budget_machine machine, double share, count times = 1) {
  relia::detail::require_non_negative("slo::what_if", "share", share);
  relia::detail::require_non_negative_count("slo::what_if", "times", times);
  budget_what_if result;
  const double start = machine.spent();
  if (machine.frozen()) result.until_freeze = 0;
  for (const budget_stage& s : machine.policy().stages) {
    if (!s.freeze || share == 0 || machine.frozen()) continue;
    const double most = (s.enter - start) / share;  // the rounding of the decimals aside
    result.until_freeze = std::min(result.until_freeze, std::max(0.0, std::ceil(most - 1e-9)));
  }
  for (count i = 1; i <= times; ++i) {
    auto events = machine.step(machine.last(), start + static_cast<double>(i) * share);
    const auto review = machine.incident(machine.last(), share);
    events.insert(events.end(), review.begin(), review.end());
    result.events.insert(result.events.end(), events.begin(), events.end());
  }
  result.spent = machine.spent();
  result.frozen = machine.frozen();
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
