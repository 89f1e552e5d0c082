// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Does a figure meet its limit? Three answers: pass when the one-sided bound at the rule's
/// confidence meets the limit, fail when the opposite one-sided bound misses it, else inconclusive.
/// A gate never passes for want of data.

#include <string>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

enum class verdict { pass, fail, inconclusive };

[[nodiscard]] constexpr std::string_view to_string(verdict v) noexcept {
  return v == verdict::pass ? "pass" : v == verdict::fail ? "fail" : "inconclusive";
}

/// Which side of the limit is good.
enum class sense { at_most, at_least };

[[nodiscard]] constexpr std::string_view to_string(sense s) noexcept {
  return s == sense::at_most ? "at most" : "at least";
}

/// A limit and the confidence with which it must be met.
struct limit {
  relia::sense sense = relia::sense::at_most;
  double value = 0;
  double confidence_level = 0.95;
};

/// A verdict with the bound that decided it and a reason that a person can act on.
/// `margin`: how far that bound lies inside the limit; negative when it misses it.
struct decision {
  relia::verdict verdict = relia::verdict::inconclusive;
  double bound = detail::limits_of<double>::nan;
  double margin = detail::limits_of<double>::nan;
  std::string reason;
};

/// The two-sided level whose ends are the one-sided bounds at `confidence_level`: 0.90 for 0.95.
/// Domain: confidence_level in (0.5, 1). Throws: std::domain_error.
[[nodiscard]] constexpr double two_sided_level(double confidence_level) {
  detail::require_domain(confidence_level > 0.5 && confidence_level < 1.0, "two_sided_level",
                         "confidence_level", "in (0.5, 1)", confidence_level);
  return confidence_level - (1.0 - confidence_level);
}

/// Decides on an estimate whose interval is two-sided at `two_sided_level(limit.confidence_level)`.
/// An unstable model fails, with its first note, which states the load, as the reason.
/// Throws: std::domain_error for a NaN limit, std::invalid_argument for an interval at another
/// level.
[[nodiscard]] inline decision decide(const estimate<double>& e, const limit& rule) {
  detail::require_domain(rule.value == rule.value, "decide", "limit", "a number", rule.value);
  if (e.state == state::no_data) {
    return {verdict::inconclusive, detail::limits_of<double>::nan, detail::limits_of<double>::nan,
            "no data: nothing was observed"};
  }
  if (e.state == state::unstable) {
    return {verdict::fail, detail::limits_of<double>::nan, detail::limits_of<double>::nan,
            "unstable: " + (e.notes.empty() ? "the load is at or over capacity" : e.notes.front())};
  }
  const double level = two_sided_level(rule.confidence_level);
  const double difference = level - e.interval.confidence_level;
  detail::require_argument(difference < 1e-12 && difference > -1e-12, "decide",
                           "interval.confidence_level", detail::to_text(level),
                           e.interval.confidence_level);
  const bool most = rule.sense == sense::at_most;
  const double sign = most ? 1.0 : -1.0;
  const double worst = most ? e.interval.upper : e.interval.lower;
  const double best = most ? e.interval.lower : e.interval.upper;
  if (sign * worst <= sign * rule.value) {
    return {verdict::pass, worst, sign * (rule.value - worst), "the bound meets the limit"};
  }
  if (sign * best > sign * rule.value) {
    return {verdict::fail, best, sign * (rule.value - best), "the opposite bound misses the limit"};
  }
  return {verdict::inconclusive, worst, sign * (rule.value - worst),
          "the interval holds the limit: more data are needed"};
}

/// Decides on the value alone, as for a finished period that was counted whole. Exactly on the
/// limit passes.
[[nodiscard]] inline decision decide_value(const estimate<double>& e, const limit& rule) {
  estimate<double> census = e;
  census.interval = {e.value, e.value, two_sided_level(rule.confidence_level)};
  return decide(census, rule);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
