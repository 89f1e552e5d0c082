// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Good and bad events of which some may have been either: their latency lies in the bucket that
/// the threshold cuts, or nobody saw them. The indicator then has bounds besides its sampling
/// error, and its interval holds both: what the data cannot tell is not guessed.
///
/// Ref: C. F. Manski, Partial Identification of Probability Distributions (2003), 1.2.

#include <algorithm>
#include <utility>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// The fewest events that can have been good, the most, and the split that is quoted. The first two
/// have the same valid events.
struct bounded_counts {
  aggregate::counts fewest_good{};
  aggregate::counts most_good{};
  aggregate::counts quoted{};

  [[nodiscard]] constexpr bool exact() const noexcept { return fewest_good == most_good; }
  /// How many events may have been good or bad.
  [[nodiscard]] constexpr count doubtful() const noexcept {
    return most_good.good() - fewest_good.good();
  }
  friend constexpr bool operator==(const bounded_counts&, const bounded_counts&) = default;
};

/// What is known when `missing` events (or slices) were valid, but nobody saw whether they were
/// good: all of them good, all bad, and as good as the others, which is quoted.
/// Domain: missing >= 0. Throws: std::domain_error.
[[nodiscard]] constexpr bounded_counts with_missing(const aggregate::counts& seen, count missing) {
  relia::detail::require_non_negative_count("sli::with_missing", "missing", missing);
  bounded_counts events{seen, seen, seen};
  events.fewest_good.record(false, missing);
  events.most_good.record(true, missing);
  return events;
}

namespace detail {

/// `e` with the outermost limits of it and the two extremes, and a note on what the doubt costs.
[[nodiscard]] inline estimate<double> widened(estimate<double> e, count doubtful, count valid,
                                              double lower, double upper) {
  const double sampling = e.interval.upper - e.interval.lower;
  // Rows that vary less at both extremes than as quoted can have narrower limits there.
  e.interval.lower = std::min(e.interval.lower, lower);
  e.interval.upper = std::max(e.interval.upper, upper);
  const double width = e.interval.upper - e.interval.lower;
  const double doubt = width > 0 ? 1 - sampling / width : 0;
  e.notes.push_back(relia::detail::to_text(doubtful) + " of " + relia::detail::to_text(valid) +
                    " events may have been good or bad: " +
                    relia::detail::to_short_text(100 * doubt) + " % of the interval's width");
  return e;
}

}  // namespace detail

/// The fraction of events that were bad. The lower limit is that of the fewest bad events, the
/// upper that of the most, so that the interval covers at least as the method does for exact
/// counts; a note says which part of its width is doubt. No event seen gives the state no_data.
/// Domain, Throws and Accuracy: as stats::proportion.
[[nodiscard]] inline estimate<double> bad_fraction(const bounded_counts& events,
                                                   const stats::proportion_options& options = {}) {
  const auto of = [&](const aggregate::counts& c) {
    return stats::proportion(c.bad(), c.valid(), options);
  };
  estimate<double> e = of(events.quoted);
  if (events.exact() || !e.has_value()) return e;
  return detail::widened(std::move(e), events.doubtful(), events.fewest_good.valid(),
                         of(events.most_good).interval.lower,
                         of(events.fewest_good).interval.upper);
}

/// The fraction of events that were good: 1 - bad_fraction, rounded once.
[[nodiscard]] inline estimate<double> attainment(const bounded_counts& events,
                                                 const stats::proportion_options& options = {}) {
  const auto mirrored = [](const aggregate::counts& c) {
    return aggregate::counts(c.bad(), c.good());
  };
  return bad_fraction(
      {mirrored(events.most_good), mirrored(events.fewest_good), mirrored(events.quoted)}, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
