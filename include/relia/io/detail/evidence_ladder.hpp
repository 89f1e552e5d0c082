// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Evidence as finitely many comparisons. PromQL has no incomplete gamma function, but k failures
/// are significant exactly while at most a known number is expected, and from some k on a factor
/// well above the burn rate of the evidence implies it.

#include <algorithm>
#include <optional>

#include <relia/core/real.hpp>
#include <relia/slo/significance.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail {

/// The counts from which the evidence of a tier must be asked for, and from when on the factor
/// itself implies it.
struct evidence_ladder {
  count first = 1;
  count implied = 1;
};

/// Longer ones are exact too, but no rule to keep.
inline constexpr count longest_ladder = 128;

/// Absent when the factor never implies the evidence, or only beyond the longest ladder.
inline std::optional<evidence_ladder> ladder_of(const slo::tier& t, const slo::significance& s) {
  evidence_ladder ladder{t.min_failures, t.min_failures};
  if (s.largest_expected().empty()) return ladder;
  // A tier's k or more bad events (and less than k + 1) have at most so many expected beside them.
  const double share = t.evidence.burn_rate / t.factor * (1 + 1e-12);
  const auto implied = [&](count k) { return s.reached(k, static_cast<double>(k + 1) * share); };
  // Beyond the table the bound's exponent is linear in k: what holds at its end holds after it.
  const auto end = static_cast<count>(s.largest_expected().size()) + 1;
  ladder.implied = end + 1;
  for (count k = end; k >= 1 && implied(k); --k) ladder.implied = k;
  ladder.implied = std::max(ladder.implied, ladder.first);
  if (ladder.implied - ladder.first > longest_ladder) return std::nullopt;
  return ladder;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail
