// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A time series as it arrives: irregular, with gaps, duplicates and rows out of order. Building
/// one repairs what can be repaired, keeps aside what cannot, and reports both: nothing is lost
/// silently.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// What building a series found. `rows` = `kept` + `refused.size()` + `duplicates`.
struct series_report {
  count rows = 0;
  count kept = 0;
  count out_of_order = 0;  ///< rows that came before an earlier row's time; sorted into place
  count duplicates = 0;    ///< rows with the time of another; the last one given was kept
  std::vector<std::size_t> refused{};  ///< row numbers, from 0, whose value is NaN or infinite
  count gaps = 0;                      ///< steps longer than 1.5 times the median step
  duration median_step{0};
  duration longest_step{0};

  [[nodiscard]] bool clean() const noexcept {
    return out_of_order == 0 && duplicates == 0 && refused.empty() && gaps == 0;
  }
};

/// Values at strictly increasing instants; all finite.
class series {
 public:
  series() = default;

  /// Sorts, keeps the last of duplicates, refuses non-finite values by row. O(n log n), O(n) when
  /// sorted. Throws: std::invalid_argument when the sizes differ, std::domain_error for times 292
  /// years apart.
  series(std::span<const instant> times, std::span<const double> values) {
    detail::require_same_size("series", "values", values.size(), times.size());
    std::vector<std::size_t> order;
    order.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (std::isfinite(values[i])) {
        order.push_back(i);
      } else {
        report_.refused.push_back(i);
      }
    }
    for (std::size_t k = 1; k < order.size(); ++k) {
      if (times[order[k]] < times[order[k - 1]]) ++report_.out_of_order;
    }
    if (report_.out_of_order > 0) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
    }
    times_.reserve(order.size());
    values_.reserve(order.size());
    for (const std::size_t i : order) {
      if (!times_.empty() && times_.back() == times[i]) {
        values_.back() = values[i];
        ++report_.duplicates;
      } else {
        times_.push_back(times[i]);
        values_.push_back(values[i]);
      }
    }
    if (!times_.empty()) {
      const std::int64_t first = times_.front().time_since_epoch().count();
      const std::int64_t last = times_.back().time_since_epoch().count();
      std::int64_t span = 0;
      detail::require_domain(!__builtin_sub_overflow(last, first, &span), "series", "times",
                             "less than 292 years apart, in nanoseconds since 1970", last);
    }
    report_.rows = static_cast<count>(times.size());
    report_.kept = static_cast<count>(times_.size());
    measure_steps();
  }

  [[nodiscard]] std::span<const instant> times() const noexcept { return times_; }
  [[nodiscard]] std::span<const double> values() const noexcept { return values_; }
  [[nodiscard]] const series_report& report() const noexcept { return report_; }
  [[nodiscard]] std::size_t size() const noexcept { return times_.size(); }
  [[nodiscard]] bool empty() const noexcept { return times_.empty(); }

 private:
  void measure_steps() {
    if (times_.size() < 2) return;
    std::vector<duration> steps(times_.size() - 1);
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = times_[i + 1] - times_[i];
    std::vector<duration> sorted = steps;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    report_.median_step = *middle;
    report_.longest_step = *std::max_element(steps.begin(), steps.end());
    report_.gaps = std::count_if(steps.begin(), steps.end(),
                                 [&](duration s) { return s - *middle > *middle / 2; });
  }

  std::vector<instant> times_;
  std::vector<double> values_;
  series_report report_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
