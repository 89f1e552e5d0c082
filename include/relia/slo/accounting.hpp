// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How events become an indicator and a budget: what the objective is a fraction of, and what
/// becomes of slices without traffic, of time that nobody watched, of maintenance, of late events
/// and of good events above the valid ones. Vendors pick one of each silently; here the choice is
/// one value, and part of the answer.

#include <string_view>

#include <relia/core/time.hpp>
#include <relia/sli/time_slice.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// What the objective is a fraction of. `occurrences`: events. `time_slices`: time, in slices that
/// are good when their own attainment reaches the slice target. `slice_ratios`: time, each slice
/// bad in the proportion of its events.
enum class budgeting { occurrences, time_slices, slice_ratios };
/// Time that was taken out by agreement, such as maintenance: left out of everything, or good.
enum class correction_effect { exclude, count_good };
/// Events that the ledger calls late.
enum class late_events { include, drop };
/// Good events above the valid ones. `net`: they take the place of bad ones, of the period for
/// occurrences and of their slice for slices, as where two counters are read a moment apart.
enum class excess_good { refuse, clamp, net };

[[nodiscard]] constexpr std::string_view to_string(budgeting b) noexcept {
  return b == budgeting::occurrences   ? "occurrences"
         : b == budgeting::time_slices ? "time_slices"
                                       : "slice_ratios";
}
[[nodiscard]] constexpr std::string_view to_string(correction_effect c) noexcept {
  return c == correction_effect::exclude ? "exclude" : "count_good";
}
[[nodiscard]] constexpr std::string_view to_string(late_events l) noexcept {
  return l == late_events::include ? "include" : "drop";
}
[[nodiscard]] constexpr std::string_view to_string(excess_good e) noexcept {
  return e == excess_good::refuse ? "refuse" : e == excess_good::clamp ? "clamp" : "net";
}

/// Every choice that vendors differ in. `no_traffic`: a slice that was watched and held no event.
/// `missing`: a slice that nobody watched; counted good or bad it stands, among occurrences, for
/// as many events as the other slices held on average.
struct accounting {
  slo::budgeting budgeting = slo::budgeting::occurrences;
  duration slice{0};           ///< a multiple of the ledger's width; 0 is one width
  double slice_target = 0.95;  ///< a slice is good when its attainment reaches this fraction
  sli::no_traffic no_traffic = sli::no_traffic::ignore;
  sli::no_traffic missing = sli::no_traffic::ignore;
  correction_effect corrections = correction_effect::exclude;
  late_events late = late_events::include;
  excess_good excess = excess_good::refuse;

  friend bool operator==(const accounting&, const accounting&) = default;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
