// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Rules to verdicts. A check is a rule with its data, a limit, and how to decide: on the one-sided
/// bound at the limit's confidence, or on the value of a census.

#include <array>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <relia/check/report.hpp>
#include <relia/check/rules.hpp>
#include <relia/core/verdict.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::check {

using rule = std::variant<sli_ratio, sli_latency, slo_burn_rate, slo_pages, forecast_exhaustion,
                          queueing_response, incident_duration, incident_availability>;

namespace detail {

template <class Variant>
struct infos_of;

template <class... Rules>
struct infos_of<std::variant<Rules...>> {
  static constexpr std::array value{Rules::info...};
};

}  // namespace detail

/// Every rule there is, in the order of the areas.
[[nodiscard]] constexpr std::span<const rule_info> rules() noexcept {
  return detail::infos_of<rule>::value;
}

/// One check. `notes`: what reading its data found; they go before those of the measurement.
struct item {
  std::string name;
  location where;
  check::rule rule;
  relia::limit limit;
  bool census = false;
  std::vector<std::string> notes;
};

namespace detail {

[[nodiscard]] inline result measured_and_decided(const item& check) {
  return std::visit(
      [&](const auto& measured) {
        result r;
        r.name = check.name;
        r.rule = std::string(measured.info.name);
        r.where = check.where;
        r.unit = measured.unit;
        r.limit = check.limit;
        r.census = check.census;
        r.measured = measured.measure(two_sided_level(check.limit.confidence_level));
        r.decision =
            check.census ? decide_value(r.measured, check.limit) : decide(r.measured, check.limit);
        r.measured.notes.insert(r.measured.notes.begin(), check.notes.begin(), check.notes.end());
        return r;
      },
      check.rule);
}

}  // namespace detail

/// Measures and decides. Throws: std::domain_error and std::invalid_argument as the measurement
/// does, with the place and the name of the check before its message.
[[nodiscard]] inline result evaluate(const item& check) {
  const std::string place = check.where.text() + ": " + check.name + ": ";
  try {
    return detail::measured_and_decided(check);
  } catch (const std::domain_error& e) {
    throw std::domain_error(place + e.what());
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(place + e.what());
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::check
