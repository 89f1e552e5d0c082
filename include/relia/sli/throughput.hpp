// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// In which part of the time slices did the pipeline keep up? A slice is good when its work, in
/// rows or bytes, reaches a floor per second. No work at all is bad; NaN, a slice of which nobody
/// knows the work, is what the policy says.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/time_slice.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Each slice as good, bad or ignored; tally counts them, bad_fraction gives the indicator with its
/// interval, with_missing the bounds for the ignored ones.
/// Domain: work >= 0 or NaN; length > 0; floor_per_second positive and finite.
/// Throws: std::domain_error. Cost: O(n).
[[nodiscard]] inline std::vector<slice> judge_throughput(std::span<const double> work,
                                                         duration length, double floor_per_second,
                                                         no_traffic missing = no_traffic::ignore) {
  constexpr const char* where = "sli::judge_throughput";
  relia::detail::require_domain(length > duration{0}, where, "length", "positive", length.count());
  relia::detail::require_positive(where, "floor_per_second", floor_per_second);
  const slice of_missing = slice_of(missing);
  const double seconds = static_cast<double>(length.count()) / 1e9;
  std::vector<slice> judged;
  judged.reserve(work.size());
  for (std::size_t i = 0; i < work.size(); ++i) {
    const bool known = !std::isnan(work[i]);
    relia::detail::require_domain(!known || work[i] >= 0, where, "work", "at least 0, or NaN",
                                  relia::detail::row{i});
    judged.push_back(!known                                                       ? of_missing
                     : relia::detail::reaches(work[i], floor_per_second, seconds) ? slice::good
                                                                                  : slice::bad);
  }
  return judged;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
