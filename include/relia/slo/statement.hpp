// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A statement of account: what a ledger comes to over a period under an accounting, as an
/// indicator with its bounds and as a budget in events and in time. Negative budgets stay negative,
/// nothing is rounded before it is compared, and what was missing, corrected, late or in excess is
/// told beside the figure.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/core/unite.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/two_sum.hpp>
#include <relia/sli/time_slice.hpp>
#include <relia/slo/accounting.hpp>
#include <relia/slo/budget.hpp>
#include <relia/slo/budget_window.hpp>
#include <relia/slo/ledger.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// What happened in a period, and what it cost. Counts and times are as the accounting made them.
struct statement {
  relia::period period{};
  accounting how{};
  /// The indicator; its bounds take all that nobody watched as good and as bad.
  aggregate::bounded bad_fraction{};
  /// bad_fraction is within the error budget; exactly on it is, in decimals. False without data.
  bool met = false;
  aggregate::counts events{};
  real_seconds good_time{0};  ///< of slices, or for slice ratios the good share of each
  real_seconds bad_time{0};
  error_budget<double> event_budget{};       ///< what the events so far allow, and spent
  error_budget<real_seconds> time_budget{};  ///< what the time counted so far allows, and spent
  count no_traffic_slices = 0;               ///< these three as found, however they were counted
  count missing_slices = 0;
  count corrected_slices = 0;
  count late = 0;     ///< late events, included or not
  count excess = 0;   ///< good events above the valid ones
  count assumed = 0;  ///< events that stand for time nobody watched
  real_seconds watched{0};
};

namespace detail {

/// Whether one of many disjoint periods in order holds an instant.
[[nodiscard]] inline bool any_holds(std::span<const period> disjoint, instant t) noexcept {
  const auto after = std::upper_bound(disjoint.begin(), disjoint.end(), t,
                                      [](instant a, const period& p) { return a < p.from(); });
  return after != disjoint.begin() && std::prev(after)->contains(t);
}

/// What the slices of a period come to, before it is decided how the doubtful ones count.
struct tally {
  struct times {
    duration good{0};
    duration bad{0};
    duration no_traffic{0};
    duration missing{0};
  };
  aggregate::counts events{};            ///< of time that is not corrected
  aggregate::counts corrected_events{};  ///< of time that is
  times time{};
  duration corrected{0};
  double ratio_sum = 0;  ///< bad fractions of slices with events, in lengths of a slice
  double ratio_lost = 0;
  duration length{0};  ///< of a slice
  count no_traffic_slices = 0;
  count missing_slices = 0;
  count corrected_slices = 0;
  count late = 0;
  count excess = 0;
  count watched_cells = 0;

  void add(const aggregate::counts& of_slice, duration slice, double slice_budget) noexcept {
    events.merge(of_slice);
    const auto bad = static_cast<double>(of_slice.bad());
    const auto valid = static_cast<double>(of_slice.valid());
    (relia::detail::within(bad, slice_budget, valid) ? time.good : time.bad) += slice;
    const double ratio = bad / valid * (real_seconds(slice) / real_seconds(length));
    const double next = ratio_sum + ratio;
    ratio_lost += relia::detail::lost_in_sum(ratio_sum, ratio, next);
    ratio_sum = next;
  }
};

/// Moves as many bad events to the good ones as there were good events too many.
[[nodiscard]] inline aggregate::counts netted(const aggregate::counts& events, count excess) {
  const count moved = std::min(events.bad(), excess);
  return {events.good() + moved, events.bad() - moved};
}

[[nodiscard]] inline tally tally_of(const ledger& store, const period& of, const accounting& how,
                                    std::span<const period> corrections) {
  relia::detail::require_domain(how.slice_target > 0 && how.slice_target <= 1, "slo::account",
                                "slice_target", "a fraction in (0, 1] (95 % is 0.95)",
                                how.slice_target);
  const std::vector<period> corrected = unite(corrections, of).episodes;
  const double slice_budget = relia::detail::complement(how.slice_target);
  tally t;
  t.length = how.slice == duration{0} ? store.width() : how.slice;
  store.each_slice(of, t.length, [&](instant at, const ledger_sum& s) {
    const duration slice = std::min(t.length, of.to() - at);
    aggregate::counts events = s.events;
    if (how.late == late_events::include) events.merge(s.late);
    t.late = aggregate::detail::saturating_add(t.late, s.late.valid());
    t.watched_cells += s.watched_cells;
    if (any_holds(corrected, at)) {
      ++t.corrected_slices;
      t.corrected += slice;
      t.corrected_events.merge(events);
      return;
    }
    t.excess = aggregate::detail::saturating_add(t.excess, s.excess);
    if (!events.empty()) {
      const bool net = how.excess == excess_good::net && how.budgeting != budgeting::occurrences;
      t.add(net ? netted(events, s.excess) : events, slice, slice_budget);
    } else if (s.watched_cells > 0) {
      ++t.no_traffic_slices;
      t.time.no_traffic += slice;
    } else {
      ++t.missing_slices;
      t.time.missing += slice;
    }
  });
  return t;
}

/// Good and bad time and events under the accounting, with `missing` in its place.
struct outcome {
  aggregate::counts events{};
  real_seconds good_time{0};
  real_seconds bad_time{0};
  count assumed = 0;

  [[nodiscard]] double bad_fraction(budgeting by) const noexcept {
    return by == budgeting::occurrences
               ? static_cast<double>(events.bad()) / static_cast<double>(events.valid())
               : bad_time / (good_time + bad_time);
  }
};

[[nodiscard]] inline outcome decide(const tally& t, const accounting& how,
                                    sli::no_traffic missing) {
  outcome o;
  tally::times time = t.time;
  const duration with_events = time.good + time.bad;
  const duration seen = with_events + time.no_traffic;
  if (how.no_traffic == sli::no_traffic::good) time.good += time.no_traffic;
  if (how.no_traffic == sli::no_traffic::bad) time.bad += time.no_traffic;
  o.events = how.excess == excess_good::net ? netted(t.events, t.excess) : t.events;
  if (missing != sli::no_traffic::ignore) {
    const bool good = missing == sli::no_traffic::good;
    (good ? time.good : time.bad) += time.missing;
    if (seen > duration{0}) {
      const double share = real_seconds(time.missing) / real_seconds(seen);
      o.assumed = static_cast<count>(
          std::min(std::nearbyint(static_cast<double>(t.events.valid()) * share), 9.2e18));
    }
    o.events.record(good, o.assumed);
  }
  if (how.corrections == correction_effect::count_good) {
    o.events.record(true, t.corrected_events.valid());
    time.good += t.corrected;
  }
  o.good_time = time.good;
  o.bad_time = time.bad;
  if (how.budgeting == budgeting::slice_ratios) {
    // The slices with events count in proportion; the others as they are.
    const real_seconds bad = real_seconds(t.length) * (t.ratio_sum + t.ratio_lost);
    o.bad_time = bad + real_seconds(time.bad - t.time.bad);
    o.good_time = real_seconds(with_events) - bad + real_seconds(time.good - t.time.good);
  }
  return o;
}

[[nodiscard]] inline statement statement_of(const tally& t, const ledger& store,
                                            const objective& goal, const period& of,
                                            const accounting& how) {
  if (t.excess > 0 && how.excess == excess_good::refuse) {
    relia::detail::refuse_domain("slo::account", "the good events",
                                 "at most the valid ones (or choose excess clamp or net)",
                                 sli::detail::excess_of{t.excess});
  }
  statement s;
  s.period = of;
  s.how = how;
  const outcome o = decide(t, how, how.missing);
  s.events = o.events;
  s.assumed = o.assumed;
  s.good_time = o.good_time;
  s.bad_time = o.bad_time;
  s.no_traffic_slices = t.no_traffic_slices;
  s.missing_slices = t.missing_slices;
  s.corrected_slices = t.corrected_slices;
  s.late = t.late;
  s.excess = t.excess;
  s.watched = store.watched_time(t.watched_cells);
  s.event_budget = event_budget(goal, o.events);
  const real_seconds counted = o.good_time + o.bad_time;
  if (counted > real_seconds{0}) s.time_budget = time_budget(goal, counted, o.bad_time);
  const bool by_events = how.budgeting == budgeting::occurrences;
  if (by_events ? o.events.empty() : counted == real_seconds{0}) return s;
  s.bad_fraction = {o.bad_fraction(how.budgeting),
                    decide(t, how, sli::no_traffic::good).bad_fraction(how.budgeting),
                    decide(t, how, sli::no_traffic::bad).bad_fraction(how.budgeting), state::ok};
  s.met = by_events
              ? is_met(goal, o.events)
              : relia::detail::within(o.bad_time.count(), goal.error_budget(), counted.count());
  return s;
}

}  // namespace detail

/// The indicator and the budgets of a period. `corrections`: stretches taken out by agreement; a
/// slice is corrected when one of them holds its start. Both budgets are of what has been counted:
/// for the rest of a running period see budget_forecast.hpp.
/// Domain: the period's ends on the ledger's grid, the slice a multiple of its width, slice_target
/// in (0, 1]; good events above the valid ones unless clamped or netted. Throws: std::domain_error,
/// std::invalid_argument. Cost: O(slices + buckets).
[[nodiscard]] inline statement account(const ledger& store, const objective& goal, const period& of,
                                       const accounting& how = {},
                                       std::span<const period> corrections = {}) {
  return detail::statement_of(detail::tally_of(store, of, how, corrections), store, goal, of, how);
}

/// The statements of several windows of one objective, each up to the last edge of the grid at or
/// before `at`. Domain, Throws and Cost: as above, for each window.
[[nodiscard]] inline std::vector<statement> account(const ledger& store, const objective& goal,
                                                    std::span<const budget_window> windows,
                                                    instant at, const accounting& how = {},
                                                    std::span<const period> corrections = {}) {
  std::vector<statement> all;
  const instant now = store.floor(at);
  for (const budget_window& w : windows) {
    all.push_back(account(store, goal, w.elapsed(now), how, corrections));
  }
  return all;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
