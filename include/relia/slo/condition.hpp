// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What must be true before somebody is woken, as a value: burn rates, failures, traffic and
/// evidence over windows of any length, joined by "all of" and "any of", each held for as long as
/// is asked. A tier of a policy is one such condition, written shorter.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

enum class condition_kind : unsigned char {
  burning,      ///< the burn rate reaches a factor; never without a bad event
  failures,     ///< so many bad events
  traffic,      ///< so many valid events
  silent,       ///< no valid event, in a window that the series covers
  significant,  ///< more bad events than luck explains
  all_of,
  any_of,
  hold,  ///< its part has been true for so long
};

/// Made by the functions below, and so always possible. The default is never true.
class condition {
 public:
  condition() = default;

  [[nodiscard]] condition_kind kind() const noexcept { return kind_; }
  /// The window, or how long to hold; 0 for all_of and any_of.
  [[nodiscard]] duration length() const noexcept { return length_; }
  [[nodiscard]] double factor() const noexcept { return factor_; }
  /// The events that failures and traffic ask for.
  [[nodiscard]] count least() const noexcept { return least_; }
  [[nodiscard]] const slo::evidence& evidence() const noexcept { return evidence_; }
  [[nodiscard]] const std::vector<condition>& parts() const noexcept { return parts_; }

  friend bool operator==(const condition&, const condition&) = default;

  friend condition burning(duration window, double factor);
  friend condition failures(duration window, count least);
  friend condition traffic(duration window, count least);
  friend condition silent(duration window);
  friend condition significant(duration window, const slo::evidence& beyond);
  friend condition all_of(std::vector<condition> parts);
  friend condition any_of(std::vector<condition> parts);
  friend condition hold(condition part, duration least);

 private:
  condition(condition_kind kind, duration length, std::string_view where)
      : kind_(kind), length_(length) {
    relia::detail::require_domain(length > duration{0}, where, "window", "positive",
                                  length.count());
  }
  condition(condition_kind kind, std::vector<condition> parts) noexcept
      : kind_(kind), parts_(std::move(parts)) {}

  condition_kind kind_ = condition_kind::any_of;
  duration length_{0};
  double factor_ = 0;
  count least_ = 0;
  slo::evidence evidence_{};
  std::vector<condition> parts_{};
};

/// The burn rate over the window is at least the factor. Domain: both positive. Throws:
/// std::domain_error.
[[nodiscard]] inline condition burning(duration window, double factor) {
  condition c(condition_kind::burning, window, "slo::burning");
  relia::detail::require_positive("slo::burning", "factor", factor);
  c.factor_ = factor;
  return c;
}

/// The window holds at least so many bad events. Domain: window positive, least at least 1.
/// Throws: std::domain_error.
[[nodiscard]] inline condition failures(duration window, count least) {
  condition c(condition_kind::failures, window, "slo::failures");
  relia::detail::require_positive_count("slo::failures", "least", least);
  c.least_ = least;
  return c;
}

/// The window holds at least so many valid events, counted, not presumed: a young series has few.
/// Domain: window positive, least at least 1. Throws: std::domain_error.
[[nodiscard]] inline condition traffic(duration window, count least) {
  condition c(condition_kind::traffic, window, "slo::traffic");
  relia::detail::require_positive_count("slo::traffic", "least", least);
  c.least_ = least;
  return c;
}

/// The window holds no valid event, and the series began before it. Domain: window positive.
/// Throws: std::domain_error.
[[nodiscard]] inline condition silent(duration window) {
  return {condition_kind::silent, window, "slo::silent"};
}

/// The bad events of the window, as counted, are more than the evidence leaves to luck. Domain:
/// window positive; the evidence is judged where it is used (significance.hpp). Throws:
/// std::domain_error.
[[nodiscard]] inline condition significant(duration window, const slo::evidence& beyond) {
  condition c(condition_kind::significant, window, "slo::significant");
  c.evidence_ = beyond;
  return c;
}

/// Every part is true. Throws: std::invalid_argument without parts.
[[nodiscard]] inline condition all_of(std::vector<condition> parts) {
  relia::detail::require_argument(!parts.empty(), "slo::all_of", "parts", "at least one condition",
                                  parts.size());
  return {condition_kind::all_of, std::move(parts)};
}

/// One part or more is true. Throws: std::invalid_argument without parts.
[[nodiscard]] inline condition any_of(std::vector<condition> parts) {
  relia::detail::require_argument(!parts.empty(), "slo::any_of", "parts", "at least one condition",
                                  parts.size());
  return {condition_kind::any_of, std::move(parts)};
}

/// The part has been true at every look for at least so long. Domain: at least 0. Throws:
/// std::domain_error.
[[nodiscard]] inline condition hold(condition part, duration least) {
  relia::detail::require_domain(least >= duration{0}, "slo::hold", "least", "at least 0",
                                least.count());
  std::vector<condition> parts;
  parts.push_back(std::move(part));
  condition c(condition_kind::hold, std::move(parts));
  c.length_ = least;
  return c;
}

/// The condition that a tier writes shorter. Domain: windows and factor positive, min_failures at
/// least 1, min_events and hold at least 0. Throws: std::domain_error.
[[nodiscard]] inline condition condition_of(const tier& t) {
  // The short window first: it is the one that is most often below its factor.
  std::vector<condition> parts{burning(t.short_window, t.factor), burning(t.long_window, t.factor)};
  if (t.min_failures != 1) parts.push_back(failures(t.long_window, t.min_failures));
  if (t.min_events != 0) parts.push_back(traffic(t.long_window, t.min_events));
  if (t.evidence.p_value != 1) parts.push_back(significant(t.long_window, t.evidence));
  condition all = all_of(std::move(parts));
  return t.hold == duration{0} ? all : hold(std::move(all), t.hold);
}

/// The condition as its functions would write it, lengths in seconds.
[[nodiscard]] inline std::string to_string(const condition& c) {
  using relia::detail::to_text;
  const std::string length = to_text(real_seconds(c.length()).count()) + " s";
  const auto joined = [&c] {
    std::string text;
    for (const condition& part : c.parts()) text += (text.empty() ? "" : ", ") + to_string(part);
    return text;
  };
  switch (c.kind()) {
    case condition_kind::burning:
      return "burning(" + length + ", " + to_text(c.factor()) + ")";
    case condition_kind::failures:
      return "failures(" + length + ", " + to_text(c.least()) + ")";
    case condition_kind::traffic:
      return "traffic(" + length + ", " + to_text(c.least()) + ")";
    case condition_kind::silent:
      return "silent(" + length + ")";
    case condition_kind::significant:
      return "significant(" + length + ", p " + to_text(c.evidence().p_value) + ", burn rate " +
             to_text(c.evidence().burn_rate) + ", dispersion " + to_text(c.evidence().dispersion) +
             ")";
    case condition_kind::all_of:
      return "all_of(" + joined() + ")";
    case condition_kind::any_of:
      return "any_of(" + joined() + ")";
    case condition_kind::hold:
      break;
  }
  return "hold(" + joined() + ", " + length + ")";
}

/// An alert with a condition of its own, beside the tiers of a policy.
struct alert_rule {
  std::string name{};
  slo::severity severity = slo::severity::page;
  slo::condition condition{};
  duration hold{0};  ///< how long the condition must last before the alert fires

  friend bool operator==(const alert_rule&, const alert_rule&) = default;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
