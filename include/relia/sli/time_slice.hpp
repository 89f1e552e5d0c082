// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The time-slice indicator: time is cut into slices of a fixed length, and each is good or bad as
/// a whole. Its rivals stand beside it in the result, the mean of the slices' own ratios and the
/// ratio of all requests, because on uneven traffic they differ fifty-fold.

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/sli/event_series.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// How a slice without traffic counts. `ignore` shortens the time; `good` and `bad` do not.
enum class no_traffic { good, bad, ignore };

[[nodiscard]] constexpr std::string_view to_string(no_traffic p) noexcept {
  return p == no_traffic::good ? "good" : p == no_traffic::bad ? "bad" : "ignore";
}

enum class slice : unsigned char { good, bad, ignored };

/// What the policy makes of a slice that it decides.
[[nodiscard]] constexpr slice slice_of(no_traffic p) noexcept {
  return p == no_traffic::good ? slice::good : p == no_traffic::bad ? slice::bad : slice::ignored;
}

struct time_slice_options {
  double threshold = 0.95;  ///< a slice is good when its attainment reaches this fraction
  sli::no_traffic no_traffic = sli::no_traffic::ignore;
};

/// Three indicators of the same period, each as the fraction that is bad.
struct time_slice_result {
  aggregate::counts slices{};  ///< good and bad slices; the ignored ones are in neither
  count empty = 0;             ///< slices without traffic, however they were counted
  double bad_fraction = relia::detail::limits_of<double>::nan;       ///< of slices
  double mean_bad_fraction = relia::detail::limits_of<double>::nan;  ///< mean of slices' fractions
  /// Of requests. NaN when there were none.
  double weighted_bad_fraction = relia::detail::limits_of<double>::nan;
  sli::no_traffic no_traffic = sli::no_traffic::ignore;
  relia::state state = relia::state::no_data;  ///< no_data when no slice counted
};

/// The events of each slice of the period, first to last. A row counts in the slice it ends in.
/// Throws: std::domain_error unless length is positive, std::invalid_argument unless it divides the
/// period. Cost: O(s log n), one allocation.
[[nodiscard]] inline std::vector<aggregate::counts> cut(const event_series& events,
                                                        const period& of, duration length) {
  relia::detail::require_domain(length > duration{0}, "sli::cut", "length", "positive",
                                length.count());
  relia::detail::require_argument(of.length() % length == duration{0}, "sli::cut", "length",
                                  "a divisor of the period", length.count());
  std::vector<aggregate::counts> slices;
  slices.reserve(static_cast<std::size_t>(of.length() / length));
  for (instant t = of.from(); t < of.to(); t += length) {
    slices.push_back(events.between(t, t + length));
  }
  return slices;
}

/// Each slice as good, bad or ignored. Domain: threshold in (0, 1]. Throws: std::domain_error.
[[nodiscard]] inline std::vector<slice> judge(std::span<const aggregate::counts> slices,
                                              const time_slice_options& options = {}) {
  relia::detail::require_domain(options.threshold > 0 && options.threshold <= 1, "sli::judge",
                                "threshold", "a fraction in (0, 1] (95 % is 0.95)",
                                options.threshold);
  const double allowed = relia::detail::complement(options.threshold);
  const slice of_empty = slice_of(options.no_traffic);
  std::vector<slice> judged;
  judged.reserve(slices.size());
  for (const aggregate::counts& s : slices) {
    const bool good = relia::detail::within(static_cast<double>(s.bad()), allowed,
                                            static_cast<double>(s.valid()));
    judged.push_back(s.empty() ? of_empty : good ? slice::good : slice::bad);
  }
  return judged;
}

/// Slices of a composite: bad where any part is bad, else good where any part is good.
/// Throws: std::invalid_argument when the sizes differ.
[[nodiscard]] inline std::vector<slice> bad_if_any(std::span<const slice> a,
                                                   std::span<const slice> b) {
  relia::detail::require_same_size("sli::bad_if_any", "b", b.size(), a.size());
  std::vector<slice> joined(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool bad = a[i] == slice::bad || b[i] == slice::bad;
    const bool good = a[i] == slice::good || b[i] == slice::good;
    joined[i] = bad ? slice::bad : good ? slice::good : slice::ignored;
  }
  return joined;
}

/// How many slices are good and bad.
[[nodiscard]] inline aggregate::counts tally(std::span<const slice> judged) {
  count good = 0;
  count bad = 0;
  for (const slice s : judged) {
    good += s == slice::good;
    bad += s == slice::bad;
  }
  return {good, bad};
}

/// The time-slice indicator, with the mean of slices and the request-weighted one beside it.
/// Domain and Throws: as judge. Cost: O(s).
[[nodiscard]] inline time_slice_result time_slices(std::span<const aggregate::counts> slices,
                                                   const time_slice_options& options = {}) {
  const std::vector<slice> judged = judge(slices, options);
  time_slice_result result;
  result.no_traffic = options.no_traffic;
  result.slices = tally(judged);
  aggregate::counts events;
  double sum = 0;
  double lost = 0;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    events.merge(slices[i]);
    result.empty += slices[i].empty();
    const double bad = slices[i].empty() ? static_cast<double>(judged[i] == slice::bad)
                                         : static_cast<double>(slices[i].bad()) /
                                               static_cast<double>(slices[i].valid());
    const double next = sum + bad;  // a year of minutes would lose digits: Neumaier's sum
    lost += sum >= bad ? (sum - next) + bad : (bad - next) + sum;
    sum = next;
  }
  if (!events.empty()) {
    result.weighted_bad_fraction =
        static_cast<double>(events.bad()) / static_cast<double>(events.valid());
  }
  if (result.slices.empty()) return result;
  const auto counted = static_cast<double>(result.slices.valid());
  result.bad_fraction = static_cast<double>(result.slices.bad()) / counted;
  result.mean_bad_fraction = (sum + lost) / counted;
  result.state = state::ok;
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
