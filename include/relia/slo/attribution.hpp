// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Who spent the budget? The bad events of a period, split among its incidents and what remains
/// outside them: the costs and the base rate that a forecast of the budget is made from.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/ledger.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// Shares are of the budget that the period's events earned; together they are all of it that was
/// spent. `base_error`: one standard error of the base burn rate, from how days differ; NaN with
/// fewer than two days that have events outside incidents.
struct attribution {
  std::vector<double> incidents{};
  double base = 0;
  double base_burn_rate = relia::detail::limits_of<double>::nan;
  double base_error = relia::detail::limits_of<double>::nan;
  relia::state state = relia::state::no_data;
};

/// The shares of a period's budget that its incidents spent. A bucket belongs to the first incident
/// that overlaps it; all its bad events are that incident's. Late events are included. An empty
/// period gives the state no_data.
/// Domain: the period's ends on the ledger's grid. Throws: std::invalid_argument. Cost:
/// O(buckets * incidents).
[[nodiscard]] inline attribution attribute(const ledger& store, const objective& goal,
                                           const period& of, std::span<const period> incidents) {
  struct day {
    double bad = 0;
    double valid = 0;
  };
  attribution result;
  std::vector<double> bad(incidents.size(), 0.0);
  std::vector<day> days(static_cast<std::size_t>(of.length() / std::chrono::days(1)) + 1);
  aggregate::counts all;
  day base;
  store.each_slice(of, store.width(), [&](instant at, const ledger_sum& s) {
    aggregate::counts events = s.events;
    events.merge(s.late);
    if (events.empty()) return;
    all.merge(events);
    const period bucket(at, at + store.width());
    for (std::size_t i = 0; i < incidents.size(); ++i) {
      if (incidents[i].from() >= bucket.to() || incidents[i].to() <= bucket.from()) continue;
      bad[i] += static_cast<double>(events.bad());
      return;
    }
    day& today = days[static_cast<std::size_t>((at - of.from()) / std::chrono::days(1))];
    for (day* d : {&today, &base}) {
      d->bad += static_cast<double>(events.bad());
      d->valid += static_cast<double>(events.valid());
    }
  });
  result.incidents.assign(incidents.size(), 0.0);
  if (all.empty()) return result;
  result.state = state::ok;
  const double allowed = goal.error_budget() * static_cast<double>(all.valid());
  for (std::size_t i = 0; i < bad.size(); ++i) result.incidents[i] = bad[i] / allowed;
  result.base = base.bad / allowed;
  if (base.valid == 0) return result;
  const double ratio = base.bad / base.valid;
  result.base_burn_rate = ratio / goal.error_budget();
  // The ratio of two totals over days, linearised: days differ more than their events alone.
  double squares = 0;
  double n = 0;
  for (const day& d : days) {
    if (d.valid == 0) continue;
    const double off = d.bad - ratio * d.valid;
    squares += off * off;
    n += 1;
  }
  if (n >= 2) {
    result.base_error = std::sqrt(squares * n / (n - 1)) / base.valid / goal.error_budget();
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
