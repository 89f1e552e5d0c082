// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What a rolling window holds, with the error that its cells add: what certainly lies in the
/// window, and what may lie in it because an edge cuts a cell.

#include <limits>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/core/time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// The cell that an edge of the window cuts. `inside`: how much of its time lies in the window.
template <class Aggregate>
struct window_edge {
  Aggregate cell;
  double inside = 0;
};

/// The exact aggregate of the window holds `at_least`, and no more than `at_most()`.
template <class Aggregate>
struct window_answer {
  Aggregate at_least;  ///< all that was recorded in `covered`
  window_edge<Aggregate> oldest;
  window_edge<Aggregate> newest;  ///< empty when nothing later than the window was recorded
  Aggregate held;                 ///< stamped inside the window, but not yet believed
  period window{};
  period covered{};
  bool complete = true;  ///< false: the window reaches back to what has been dropped

  [[nodiscard]] Aggregate at_most() const {
    Aggregate all = at_least;
    all.merge(oldest.cell);
    all.merge(newest.cell);
    all.merge(held);
    return all;
  }

  /// The window rounded to whole cells: with a cut one when at least half of it lies inside.
  [[nodiscard]] Aggregate total() const {
    Aggregate all = at_least;
    if (oldest.inside >= 0.5) all.merge(oldest.cell);
    if (newest.inside >= 0.5) all.merge(newest.cell);
    return all;
  }

  /// A count of the aggregate, as bounds; the point takes events to be even within a cut cell.
  /// `of` maps an Aggregate to a count that adds up under merge.
  template <class Count>
  [[nodiscard]] bounded count_of(Count of) const {
    const auto certain = static_cast<double>(of(at_least));
    const double point = certain + oldest.inside * static_cast<double>(of(oldest.cell)) +
                         newest.inside * static_cast<double>(of(newest.cell));
    const double most =
        complete ? static_cast<double>(of(at_most())) : std::numeric_limits<double>::infinity();
    return {point, certain, most, state::ok};
  }
};

/// bad / valid of a window, as bounds: the cut cells' good events count for the lower one, their
/// bad ones for the upper. `no_data` when the window holds nothing.
[[nodiscard]] inline bounded bad_fraction(const window_answer<counts>& window) noexcept {
  const bounded bad = window.count_of([](const counts& c) { return c.bad(); });
  const bounded good = window.count_of([](const counts& c) { return c.good(); });
  const counts most = window.at_most();
  if (most.empty()) return {};
  const auto fraction = [](double b, double g, double otherwise) {
    return b + g > 0 ? b / (b + g) : otherwise;
  };
  bounded result{0, 0, 1, state::ok};
  if (window.complete) {
    result.lower = fraction(bad.lower, static_cast<double>(most.good()), 1);
    result.upper = fraction(static_cast<double>(most.bad()), good.lower, 0);
  }
  result.value = fraction(bad.value, good.value, (result.lower + result.upper) / 2);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
