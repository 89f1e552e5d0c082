// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Several events, of which each probability is known and the dependence perhaps not: any of them
/// happens, all of them do, at least m of n do. The independent answer stands beside the lowest and
/// the highest that any dependence allows, because what fails together (a region, a release, a
/// certificate) is never independent.
///
/// Give probabilities of the rare side, such as unavailabilities: then nothing is subtracted from
/// 1, and eleven nines keep their digits.
/// Ref: M. Fréchet, "Généralisations du théorème des probabilités totales" (1935); D. Morgenstern,
/// "Berechnung des maximalen Signifikanzniveaus des Testes 'Lehne H0 ab, wenn k unter n gegebenen
/// Tests zur Ablehnung führen'", Metrika 27 (1980).

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/stats/detail/sum.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// A probability if the events are independent, and its bounds under any dependence. Each bound is
/// reached by some dependence.
struct joint {
  double independent = 0;
  double lower = 0;
  double upper = 0;

  friend bool operator==(const joint&, const joint&) = default;
};

namespace detail {

/// P(at least m of independent events), as a sum of positive terms: the events that happened are
/// counted up to m, or those that did not up to n - m, whichever is the shorter.
[[nodiscard]] inline double independent_at_least(std::span<const double> p, std::size_t m) {
  const bool by_events = m <= p.size() - m;
  const std::size_t states = by_events ? m : p.size() - m + 1;
  std::vector<double> exactly(states, 0.0);
  exactly[0] = 1;
  double reached = 0;
  for (const double event : p) {
    const double up = by_events ? event : 1 - event;
    const double stay = by_events ? 1 - event : event;
    reached += exactly.back() * up;
    for (std::size_t j = states; j-- > 1;) {
      exactly[j] = exactly[j] * stay + exactly[j - 1] * up;
    }
    exactly[0] *= stay;
  }
  return by_events ? reached : compensated_sum(states, [&](std::size_t j) { return exactly[j]; });
}

}  // namespace detail

/// P(at least m of the events happen). Independent: the Poisson binomial tail. Upper bound:
/// Markov's for what is left without the r likeliest events, at the best r; lower bound: the same
/// of the events that do not happen. m = 0 is certain, m above their number impossible. Domain:
/// probabilities in [0, 1], m >= 0. Throws: std::domain_error. Accuracy: docs/accuracy.md. Cost:
/// O(n^2), O(n) when m is 1 or n. Ref: Morgenstern (1980).
[[nodiscard]] inline joint at_least(std::span<const double> probabilities, count m) {
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const bool fraction = probabilities[i] >= 0 && probabilities[i] <= 1;
    relia::detail::require_domain(fraction, "stats::at_least", "probabilities",
                                  "fractions in [0, 1]", relia::detail::row{i});
  }
  relia::detail::require_non_negative_count("stats::at_least", "m", m);
  if (m == 0) return {1, 1, 1};
  const std::size_t n = probabilities.size();
  const auto needed = static_cast<std::size_t>(m);
  if (needed > n) return {0, 0, 0};
  std::vector<double> rising(probabilities.begin(), probabilities.end());
  std::sort(rising.begin(), rising.end());
  const auto sum = [](std::span<const double> part, double less) {
    return detail::compensated_sum(
        part.size() + 1, [&](std::size_t i) { return i < part.size() ? part[i] : -less; });
  };
  joint result{detail::independent_at_least(rising, needed), 0, 1};
  for (std::size_t r = 0; r < needed; ++r) {
    const double likeliest_left_out = sum(std::span(rising).first(n - r), 0);
    result.upper = std::min(result.upper, likeliest_left_out / static_cast<double>(needed - r));
  }
  for (std::size_t r = 0; r <= n - needed; ++r) {
    const double least_left_out =
        sum(std::span(rising).subspan(r), static_cast<double>(needed - 1));
    result.lower = std::max(result.lower, least_left_out / static_cast<double>(n - needed + 1 - r));
  }
  result.independent = std::clamp(result.independent, result.lower, result.upper);
  return result;
}

/// P(any of the events happens): a chain of parts that all must work, given their unavailabilities.
/// Bounds: the largest probability, and the sum. No event: impossible.
/// Domain and Throws: as at_least. Cost: O(n).
[[nodiscard]] inline joint any_of(std::span<const double> probabilities) {
  return probabilities.empty() ? joint{} : at_least(probabilities, 1);
}

/// P(all of the events happen): parts of which one suffices, given their unavailabilities. Bounds:
/// what their sum exceeds n - 1 by, and the smallest probability. No event: certain.
/// Domain and Throws: as at_least. Cost: O(n).
[[nodiscard]] inline joint all_of(std::span<const double> probabilities) {
  return at_least(probabilities, static_cast<count>(probabilities.size()));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
