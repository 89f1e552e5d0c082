// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How good was the service? The request-based indicator with its interval. The fraction that was
/// bad is the datum: at twelve nines it keeps its digits where the attainment is 1.

#include <relia/core/estimate.hpp>
#include <relia/detail/text.hpp>
#include <relia/sli/events.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

namespace detail {

[[nodiscard]] inline estimate<double> with_excess(estimate<double> e, const event_counts& events) {
  if (events.excess > 0) {
    e.notes.push_back("a part exceeded the valid events by " +
                      relia::detail::to_text(events.excess) + " and was clamped");
  }
  return e;
}

}  // namespace detail

/// The fraction of valid events that were bad, with its interval; no valid events give the state
/// no_data. Events that share an outage are not independent: the interval is then too narrow.
/// Domain and Throws: the options' as stats::proportion. Accuracy: docs/accuracy.md.
[[nodiscard]] inline estimate<double> bad_fraction(const event_counts& events,
                                                   const stats::proportion_options& options = {}) {
  return detail::with_excess(stats::proportion(events.counts.bad(), events.counts.valid(), options),
                             events);
}

/// The fraction of valid events that were good: 1 - bad_fraction, rounded once.
[[nodiscard]] inline estimate<double> attainment(const event_counts& events,
                                                 const stats::proportion_options& options = {}) {
  return detail::with_excess(
      stats::proportion(events.counts.good(), events.counts.valid(), options), events);
}

[[nodiscard]] inline estimate<double> bad_fraction(const aggregate::counts& events,
                                                   const stats::proportion_options& options = {}) {
  return bad_fraction(event_counts{events, 0}, options);
}

[[nodiscard]] inline estimate<double> attainment(const aggregate::counts& events,
                                                 const stats::proportion_options& options = {}) {
  return attainment(event_counts{events, 0}, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
