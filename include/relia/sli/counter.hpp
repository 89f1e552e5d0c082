// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How much did a counter grow? Cumulative samples that restart at zero, read at irregular times:
/// increase, rate, irate, resets and changes as Prometheus answers them, digit for digit, in any
/// window. The rules differ between its versions; each is a named preset and part of the answer.
/// Ref: Prometheus, promql/functions.go (extrapolatedRate, extendedRate, instantValue), v2.42 and
/// 2026-08.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Which samples a window holds, and how far its left end may be extrapolated.
struct counter_preset {
  std::string_view name = {};
  bool left_open = true;  ///< the window is (at - w, at], else [at - w, at]
  /// The time at which the counter would have been zero limits the extrapolation before the
  /// sampling interval does, as Prometheus did until 2.50; else after it.
  bool zero_limit_first = false;

  friend constexpr bool operator==(const counter_preset&, const counter_preset&) = default;
};

inline constexpr counter_preset prometheus_3{"prometheus_3", true, false};
inline constexpr counter_preset prometheus_2{"prometheus_2", false, true};  ///< 2.0 to 2.50

/// What stands at the window's ends. `extrapolated`: the slope goes on, by rules. `anchored`: the
/// sample before each end. `smoothed`: the line between the samples around each end.
enum class edges { extrapolated, anchored, smoothed };

[[nodiscard]] constexpr std::string_view to_string(edges e) noexcept {
  return e == edges::extrapolated ? "extrapolated" : e == edges::anchored ? "anchored" : "smoothed";
}

struct counter_options {
  counter_preset preset = prometheus_3;
  sli::edges edges = sli::edges::extrapolated;
  duration lookback = std::chrono::minutes(5);  ///< how far outside anchored and smoothed may look
};

/// `value`: NaN unless `state` is ok. A NaN reading is passed on, as Prometheus does.
struct counter_answer {
  double value = relia::detail::limits_of<double>::nan;
  relia::state state = relia::state::no_data;
  count samples = 0;  ///< in the window
  count resets = 0;   ///< between them
  counter_preset preset = {};
  sli::edges edges = sli::edges::extrapolated;
};

/// The samples of one counter. Stale markers are dropped. Evaluation allocates nothing and costs
/// O(log n + resets in the window).
class counter {
 public:
  counter() = default;

  /// `starts`: when the count behind each sample began, where the source tells; the epoch means
  /// unknown. Throws: std::invalid_argument when sizes differ or times are not strictly increasing.
  counter(std::span<const instant> times, std::span<const double> values,
          std::span<const instant> starts = {}) {
    relia::detail::require_same_size("sli::counter", "values", values.size(), times.size());
    if (!starts.empty()) {
      relia::detail::require_same_size("sli::counter", "starts", starts.size(), times.size());
    }
    times_.reserve(times.size());
    values_.reserve(times.size());
    changes_.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      relia::detail::require_increasing("sli::counter", times, i);
      if (std::bit_cast<std::uint64_t>(values[i]) == stale_marker) continue;
      append(times[i], values[i], starts.empty() ? instant{} : starts[i], !starts.empty());
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return times_.size(); }
  [[nodiscard]] std::span<const instant> times() const noexcept { return times_; }
  [[nodiscard]] std::span<const double> values() const noexcept { return values_; }

  /// By how much the counter grew in the window that ends at `at`. Fractional where the ends are
  /// extrapolated or smoothed. Domain: window > 0. Throws: std::domain_error.
  [[nodiscard]] counter_answer increase(instant at, duration window,
                                        const counter_options& options = {}) const {
    return growth("sli::counter::increase", at, window, options, false);
  }

  /// increase per second of the window.
  [[nodiscard]] counter_answer rate(instant at, duration window,
                                    const counter_options& options = {}) const {
    return growth("sli::counter::rate", at, window, options, true);
  }

  /// Growth per second between the last two samples of the window; `edges` do not matter.
  [[nodiscard]] counter_answer irate(instant at, duration window,
                                     const counter_options& options = {}) const {
    const view in = look("sli::counter::irate", at, window, options);
    counter_answer answer = describe(in, options);
    if (in.last - in.first < 2) return answer;
    const std::size_t i = in.last - 1;
    const bool restarted = resets_between(i - 1, in.last).size() == 1;
    const double grown = restarted ? values_[i] : values_[i] - values_[i - 1];
    return settle(answer, grown / seconds(times_[i] - times_[i - 1]));
  }

  /// How often the counter restarted between the samples of the window.
  [[nodiscard]] counter_answer resets(instant at, duration window,
                                      const counter_options& options = {}) const {
    const view in = look("sli::counter::resets", at, window, options);
    const counter_answer answer = describe(in, options);
    return in.first == in.last ? answer : settle(answer, static_cast<double>(answer.resets));
  }

  /// How often the value changed between the samples of the window.
  [[nodiscard]] counter_answer changes(instant at, duration window,
                                       const counter_options& options = {}) const {
    const view in = look("sli::counter::changes", at, window, options);
    const counter_answer answer = describe(in, options);
    if (in.first == in.last) return answer;
    return settle(answer, static_cast<double>(changes_[in.last - 1] - changes_[in.first]));
  }

 private:
  static constexpr std::uint64_t stale_marker = 0x7ff0000000000002;  // Prometheus' own NaN

  struct view {
    std::size_t first, last;  // samples [first, last)
    instant start, end;
  };

  struct reset {
    std::size_t at;   // the first sample after it
    double lost;      // the value before it
    bool value_fell;  // else only the start timestamp tells
  };

  [[nodiscard]] static double seconds(duration d) noexcept {
    return static_cast<double>(d.count()) / 1e9;  // division rounds once; a product would twice
  }

  void append(instant t, double value, instant start, bool has_starts) {
    const bool first = times_.empty();
    const double before = first ? value : values_.back();
    const bool fell = value < before;
    if (!first && (fell || (has_starts && restarted(starts_.back(), times_.back(), start, t)))) {
      resets_.push_back({times_.size(), before, fell});
    }
    const bool same = value == before || (std::isnan(value) && std::isnan(before));
    changes_.push_back(first ? 0 : changes_.back() + !same);
    times_.push_back(t);
    values_.push_back(value);
    if (has_starts) starts_.push_back(start);
  }

  /// Does the start timestamp say that the count began anew since the sample before?
  [[nodiscard]] static bool restarted(instant start_before, instant before, instant start,
                                      instant at) noexcept {
    if (start == instant{} || start >= at || start < before) return false;
    // A start on the sample before is a delta, unless that one's own start is unknown.
    return start > before || (start_before != instant{} && start_before < before);
  }

  [[nodiscard]] std::size_t first_after(instant t) const noexcept {
    return static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), t) -
                                    times_.begin());
  }

  [[nodiscard]] view look(std::string_view where, instant at, duration window,
                          const counter_options& options) const {
    relia::detail::require_domain(window > duration{0}, where, "window", "positive",
                                  window.count());
    const instant start = at - window;
    const std::size_t first = first_after(options.preset.left_open ? start : start - duration{1});
    return {first, std::max(first, first_after(at)), start, at};
  }

  /// The resets between the samples of [first, last).
  [[nodiscard]] std::span<const reset> resets_between(std::size_t first,
                                                      std::size_t last) const noexcept {
    const auto less = [](const reset& r, std::size_t i) { return r.at < i; };
    const auto from = std::lower_bound(resets_.begin(), resets_.end(), first + 1, less);
    const auto to = std::lower_bound(from, resets_.end(), std::max(last, first + 1), less);
    return {from, to};
  }

  [[nodiscard]] counter_answer describe(const view& in, const counter_options& o) const noexcept {
    counter_answer answer;
    answer.samples = static_cast<count>(in.last - in.first);
    answer.resets = static_cast<count>(resets_between(in.first, in.last).size());
    answer.preset = o.preset;
    answer.edges = o.edges;
    return answer;
  }

  [[nodiscard]] static counter_answer settle(counter_answer answer, double value) noexcept {
    answer.value = value;
    answer.state = state::ok;
    return answer;
  }

  [[nodiscard]] counter_answer growth(std::string_view where, instant at, duration window,
                                      const counter_options& options, bool per_second) const {
    const view in = look(where, at, window, options);
    const counter_answer answer = describe(in, options);
    return options.edges == edges::extrapolated ? extrapolated(in, answer, per_second)
                                                : extended(in, answer, options, per_second);
  }

  [[nodiscard]] counter_answer extrapolated(const view& in, const counter_answer& answer,
                                            bool per_second) const noexcept {
    const std::size_t n = in.last - in.first;
    if (n == 0) return answer;
    const std::size_t last = in.last - 1;
    double grown = values_[last] - values_[in.first];
    for (const reset& r : resets_between(in.first, in.last)) grown += r.lost;

    double to_start = seconds(times_[in.first] - in.start);
    double to_end = seconds(in.end - times_[last]);
    double sampled = seconds(times_[last] - times_[in.first]);
    const double step = n > 1 ? sampled / static_cast<double>(n - 1) : 0.0;
    const double expected = step * 1.1;  // within this of an end, the series goes on to it

    const instant began = starts_.empty() ? instant{} : starts_[in.first];
    if (began != instant{} && began > in.start && began < times_[in.first]) {
      to_start = 0;
      sampled = seconds(times_[last] - began);
      grown += values_[in.first];
    } else if (n < 2) {
      return answer;
    } else {
      const bool zero_known = grown > 0 && values_[in.first] >= 0;
      const double to_zero = zero_known ? sampled * (values_[in.first] / grown) : to_start;
      if (answer.preset.zero_limit_first) to_start = std::min(to_start, to_zero);
      if (to_start >= expected) to_start = step / 2;
      if (to_zero < to_start) to_start = to_zero;
    }
    if (to_end >= expected) to_end = step / 2;
    double factor = (sampled + to_start + to_end) / sampled;
    if (per_second) factor /= seconds(in.end - in.start);
    return settle(answer, grown * factor);
  }

  /// The value at `t` on the line from sample i to i + 1, which starts at 0 across a reset.
  [[nodiscard]] double on_line(std::size_t i, instant t) const noexcept {
    const double from = values_[i + 1] < values_[i] ? 0.0 : values_[i];
    return from + (values_[i + 1] - from) * static_cast<double>((t - times_[i]).count()) /
                      static_cast<double>((times_[i + 1] - times_[i]).count());
  }

  [[nodiscard]] counter_answer extended(const view& in, const counter_answer& answer,
                                        const counter_options& options,
                                        bool per_second) const noexcept {
    const bool smooth = options.edges == edges::smoothed;
    const std::size_t lowest = first_after(in.start - options.lookback);
    const std::size_t highest = first_after(smooth ? in.end + options.lookback : in.end);
    const std::size_t inside = first_after(in.start);  // the first sample after the start
    if (inside >= highest) return answer;
    std::size_t first = inside > lowest ? inside - 1 : inside;
    std::size_t last = highest - 1;
    if (smooth) {
      if (times_[first] > in.end) return answer;
      const std::size_t end = first_after(in.end - duration{1});  // the first at or after the end
      last = std::min(last, end);
    }
    const double left =
        smooth && times_[first] < in.start ? on_line(first, in.start) : values_[first];
    const double right = smooth && last > lowest && times_[last] > in.end
                             ? on_line(last - 1, in.end)
                             : values_[last];
    double grown = right - left;
    // The ends themselves stand for the samples at or beyond them.
    first += times_[first] <= in.start;
    const std::size_t stop = times_[last] >= in.end ? last : last + 1;
    double before = left;
    if (first < stop) {
      if (values_[first] < left) grown += left;
      for (const reset& r : resets_between(first, stop)) grown += r.value_fell ? r.lost : 0.0;
      before = values_[stop - 1];
    }
    if (right < before) grown += before;
    return settle(answer, per_second ? grown / seconds(in.end - in.start) : grown);
  }

  std::vector<instant> times_;
  std::vector<double> values_;
  std::vector<instant> starts_;
  std::vector<count> changes_;  // up to each sample
  std::vector<reset> resets_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
