// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How much does the answer depend on the accounting? The same ledger and period under every
/// combination of choices that makes a difference to it, and how far each choice alone moves the
/// indicator.

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/slo/accounting.hpp>
#include <relia/slo/ledger.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/statement.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The bad fractions that one choice alone, the others as in the accounting given, can give.
/// `name`: as the member of `accounting`.
struct choice_effect {
  std::string_view name{};
  double lowest = 0;
  double highest = 0;
};

/// `statements`: the accounting given first, then every other combination. `effects`: one for each
/// choice that the data leave open, the largest first. Fractions are NaN without data.
struct comparison {
  std::vector<statement> statements{};
  std::vector<choice_effect> effects{};
  double lowest = relia::detail::limits_of<double>::nan;  ///< bad fraction, of all statements
  double highest = relia::detail::limits_of<double>::nan;
  count met = 0;     ///< statements that meet the objective
  count missed = 0;  ///< statements that do not; those without data are in neither

  /// Every accounting gives the same verdict.
  [[nodiscard]] bool unanimous() const noexcept { return met == 0 || missed == 0; }
};

namespace detail {

/// Each accounting, followed by those that differ from it in this member.
template <class T>
[[nodiscard]] std::vector<accounting> varied(const std::vector<accounting>& bases,
                                             T accounting::*member, std::span<const T> values) {
  std::vector<accounting> all;
  for (const accounting& base : bases) {
    all.push_back(base);
    for (const T& v : values) {
      accounting other = base;
      other.*member = v;
      if (v != base.*member) all.push_back(other);
    }
  }
  return all;
}

}  // namespace detail

/// The period under every accounting. Choices that this ledger does not raise (nothing late,
/// nothing missing) are not varied; `slice` and `slice_target` are kept; refused excess is clamped.
/// Domain and Throws: as account. Cost: O(slices + buckets) some thirty times at most.
[[nodiscard]] inline comparison side_by_side(const ledger& store, const objective& goal,
                                             const period& of, const accounting& how = {},
                                             std::span<const period> corrections = {}) {
  using sli::no_traffic;
  accounting base = how;
  if (base.excess == excess_good::refuse) base.excess = excess_good::clamp;
  const detail::tally found = detail::tally_of(store, of, base, corrections);
  comparison c;
  std::vector<accounting> all{base};
  const auto vary = [&]<class T>(std::string_view name, bool matters, T accounting::*member,
                                 std::initializer_list<T> values) {
    if (!matters) return;
    choice_effect effect{name, 1, 0};
    for (const accounting& one :
         detail::varied<T>({base}, member, std::span(values.begin(), values.size()))) {
      const statement s = account(store, goal, of, one, corrections);
      if (!s.bad_fraction.has_value()) continue;
      effect.lowest = std::min(effect.lowest, s.bad_fraction.value);
      effect.highest = std::max(effect.highest, s.bad_fraction.value);
    }
    if (effect.lowest <= effect.highest) c.effects.push_back(effect);
    all = detail::varied<T>(all, member, std::span(values.begin(), values.size()));
  };
  const std::initializer_list<no_traffic> any = {no_traffic::ignore, no_traffic::good,
                                                 no_traffic::bad};
  vary("budgeting", true, &accounting::budgeting,
       {budgeting::occurrences, budgeting::time_slices, budgeting::slice_ratios});
  vary("late", found.late > 0, &accounting::late, {late_events::include, late_events::drop});
  vary("excess", found.excess > 0, &accounting::excess, {excess_good::clamp, excess_good::net});
  vary("no_traffic", found.no_traffic_slices > 0, &accounting::no_traffic, any);
  vary("missing", found.missing_slices > 0, &accounting::missing, any);
  vary("corrections", found.corrected_slices > 0, &accounting::corrections,
       {correction_effect::exclude, correction_effect::count_good});

  detail::tally t;
  const accounting* tallied = nullptr;
  for (const accounting& one : all) {
    // Occurrences know no slice without traffic: one statement stands for all.
    if (one.budgeting == budgeting::occurrences && one.no_traffic != base.no_traffic) continue;
    if (tallied == nullptr || tallied->late != one.late || tallied->excess != one.excess ||
        tallied->budgeting != one.budgeting) {
      t = detail::tally_of(store, of, one, corrections);
      tallied = &one;
    }
    const statement s = detail::statement_of(t, store, goal, of, one);
    c.statements.push_back(s);
    if (!s.bad_fraction.has_value()) continue;
    ++(s.met ? c.met : c.missed);
    const bool first = c.met + c.missed == 1;
    c.lowest = first ? s.bad_fraction.value : std::min(c.lowest, s.bad_fraction.value);
    c.highest = first ? s.bad_fraction.value : std::max(c.highest, s.bad_fraction.value);
  }
  std::stable_sort(c.effects.begin(), c.effects.end(),
                   [](const choice_effect& a, const choice_effect& b) {
                     return a.highest - a.lowest > b.highest - b.lowest;
                   });
  return c;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
