// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The objective of a journey that passes through several parts: search, cart, payment. A request
/// is good when every part of it is; without traces that count this per request, the parts' own
/// figures give an interval, not a number. The other way round: how much of the journey's budget
/// each part may spend.
/// Ref: B. Treynor, M. Dahlin, V. Rau, B. Beyer, "The Calculus of Service Availability", ACM Queue
/// 15(2) (2017).

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/slo/objective.hpp>
#include <relia/stats/joint.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

struct journey_part {
  std::string name{};
  double bad_fraction = 0;
  double weight = 1;  ///< of the scores only
};

/// `bad_fraction` is a probability: that of a request that meets a bad part, if the parts fail
/// independently, and its bounds whatever their dependence. The scores are none: they rank, and
/// they agree with tools that composite by weight.
struct journey_bad_fraction {
  stats::joint bad_fraction{};
  double worst = 0;  ///< the largest bad fraction of a part, the lower bound
  std::size_t worst_part = 0;
  double weighted_score = 0;  ///< sum of weight * bad fraction / sum of weights
  double summed_score = 0;    ///< sum of weight * bad fraction; above 1 where the parts overspend
};

/// What parts of known bad fractions make of a journey through all of them. A part that several
/// steps share is one part: give it once. Domain: one part or more, bad fractions in [0, 1],
/// weights positive. Throws: std::invalid_argument, std::domain_error. Cost: O(n log n).
[[nodiscard]] inline journey_bad_fraction journey(std::span<const journey_part> parts) {
  relia::detail::require_argument(!parts.empty(), "slo::journey", "parts", "one or more",
                                  parts.size());
  journey_bad_fraction result;
  std::vector<double> bad;
  double weights = 0;
  for (const journey_part& p : parts) {
    relia::detail::require_fraction("slo::journey", "bad_fraction", p.bad_fraction);
    relia::detail::require_positive("slo::journey", "weight", p.weight);
    if (p.bad_fraction > result.worst) {
      result.worst = p.bad_fraction;
      result.worst_part = bad.size();
    }
    bad.push_back(p.bad_fraction);
    weights += p.weight;
    result.summed_score += p.weight * p.bad_fraction;
  }
  result.weighted_score = result.summed_score / weights;
  result.bad_fraction = stats::any_of(bad);
  return result;
}

/// The journey itself, where traces tell what each part did for each request: a request is good
/// when all of its parts were. Domain: parts of equal length. Throws: std::invalid_argument.
/// Cost: O(requests * parts).
[[nodiscard]] inline aggregate::counts journey_of_requests(
    std::span<const std::span<const bool>> good) {
  aggregate::counts events;
  if (good.empty()) return events;
  for (const auto& part : good) {
    relia::detail::require_same_size("slo::journey_of_requests", "each part", part.size(),
                                     good[0].size());
  }
  for (std::size_t i = 0; i < good[0].size(); ++i) {
    events.record(std::all_of(good.begin(), good.end(), [i](const auto& part) { return part[i]; }));
  }
  return events;
}

/// Objectives for the parts of a journey that together spend its budget, less the share that is
/// kept for what belongs to none of them: budget * (1 - own_share) * weight / sum of weights. Parts
/// that keep them keep the journey's, however they depend on each other. Ten equal parts get one
/// nine more than the journey: the rule of the extra nine.
/// Domain: one weight or more, positive; own_share in [0, 1). Throws: std::invalid_argument,
/// std::domain_error. Ref: Treynor et al. (2017).
[[nodiscard]] inline std::vector<objective> allocate(const objective& journey,
                                                     std::span<const double> weights,
                                                     double own_share = 0) {
  relia::detail::require_argument(!weights.empty(), "slo::allocate", "weights", "one or more",
                                  weights.size());
  relia::detail::require_domain(own_share >= 0 && own_share < 1, "slo::allocate", "own_share",
                                "a fraction in [0, 1)", own_share);
  double sum = 0;
  for (const double w : weights) {
    relia::detail::require_positive("slo::allocate", "weights", w);
    sum += w;
  }
  std::vector<objective> parts;
  for (const double w : weights) {
    parts.push_back(
        objective::from_error_budget(journey.error_budget() * (1 - own_share) * (w / sum)));
  }
  return parts;
}

/// The same for that many equal parts.
[[nodiscard]] inline std::vector<objective> allocate(const objective& journey, count parts,
                                                     double own_share = 0) {
  relia::detail::require_positive_count("slo::allocate", "parts", parts);
  return allocate(journey, std::vector<double>(static_cast<std::size_t>(parts), 1.0), own_share);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
