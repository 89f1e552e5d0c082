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
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/detail/extrapolate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Which samples a window holds, and how far its left end may be extrapolated.
struct counter_preset {
  std::string_view name = {};
  bool left_open = true;  ///< the window is (at - w, at], else [at - w, at]
  /// The time at which the counter would have been zero limits the extrapolation before the
  /// sampling interval does, as Prometheus did until 2.50; else after it.
  bool zero_limit_first = false;
  /// Native histograms as 2.40 to 2.55 read them: extrapolated below zero, and without irate.
  bool early_native = false;

  friend constexpr bool operator==(const counter_preset&, const counter_preset&) = default;
};

inline constexpr counter_preset prometheus_3{"prometheus_3", true, false, false};
/// 2.0 to 2.50.
inline constexpr counter_preset prometheus_2{"prometheus_2", false, true, true};

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

/// The samples of one counter. Stale markers are no samples. Evaluation allocates nothing and costs
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
      if (std::bit_cast<std::uint64_t>(values[i]) == stale_marker) {
        stale_.push_back(times[i]);
        continue;
      }
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
    const detail::window_view in =
        detail::look("sli::counter::irate", times_, at, window, options.preset.left_open);
    counter_answer answer = describe(in, options);
    if (in.last - in.first < 2) return answer;
    const std::size_t i = in.last - 1;
    const bool restarted = resets_between(i - 1, in.last).size() == 1;
    const double grown = restarted ? values_[i] : values_[i] - values_[i - 1];
    return settle(answer, grown / detail::seconds(times_[i] - times_[i - 1]));
  }

  /// How often the counter restarted between the samples of the window. Anchored: also from the
  /// sample before it. Throws: std::domain_error; std::invalid_argument for smoothed edges.
  [[nodiscard]] counter_answer resets(instant at, duration window,
                                      const counter_options& options = {}) const {
    const counter_answer answer =
        describe(between("sli::counter::resets", at, window, options), options);
    return answer.samples == 0 ? answer : settle(answer, static_cast<double>(answer.resets));
  }

  /// How often the value changed; as resets.
  [[nodiscard]] counter_answer changes(instant at, duration window,
                                       const counter_options& options = {}) const {
    const auto in = between("sli::counter::changes", at, window, options);
    const counter_answer answer = describe(in, options);
    if (in.size() == 0) return answer;
    return settle(answer, static_cast<double>(changes_[in.last - 1] - changes_[in.first]));
  }

  /// The value that an instant query shows: of the last sample within the lookback, none after a
  /// stale marker.
  [[nodiscard]] counter_answer reading(instant at, const counter_options& options = {}) const {
    const auto in = detail::look("sli::counter::reading", times_, at, options.lookback,
                                 options.preset.left_open);
    const counter_answer answer = describe(in, options);
    if (in.size() == 0) return answer;
    const auto gone = detail::first_after(stale_, at);
    const bool stale = gone > 0 && stale_[gone - 1] > times_[in.last - 1];
    return stale ? answer : settle(answer, values_[in.last - 1]);
  }

 private:
  static constexpr std::uint64_t stale_marker = 0x7ff0000000000002;  // Prometheus' own NaN

  struct reset {
    std::size_t at;   // the first sample after it
    double lost;      // the value before it
    bool value_fell;  // else only the start timestamp tells
  };

  void append(instant t, double value, instant start, bool has_starts) {
    const bool first = times_.empty();
    const double before = first ? value : values_.back();
    const bool fell = value < before;
    if (!first &&
        (fell || (has_starts && detail::told_restart(starts_.back(), times_.back(), start, t)))) {
      resets_.push_back({times_.size(), before, fell});
    }
    const bool same = value == before || (std::isnan(value) && std::isnan(before));
    changes_.push_back(first ? 0 : changes_.back() + !same);
    times_.push_back(t);
    values_.push_back(value);
    if (has_starts) starts_.push_back(start);
  }

  /// The resets between the samples of [first, last).
  [[nodiscard]] std::span<const reset> resets_between(std::size_t first,
                                                      std::size_t last) const noexcept {
    const auto less = [](const reset& r, std::size_t i) { return r.at < i; };
    const auto from = std::lower_bound(resets_.begin(), resets_.end(), first + 1, less);
    const auto to = std::lower_bound(from, resets_.end(), std::max(last, first + 1), less);
    return {from, to};
  }

  [[nodiscard]] counter_answer describe(const detail::window_view& in,
                                        const counter_options& o) const noexcept {
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

  [[nodiscard]] detail::window_view between(std::string_view where, instant at, duration window,
                                            const counter_options& options) const {
    relia::detail::require_argument(options.edges != edges::smoothed, where, "edges",
                                    "extrapolated or anchored", to_string(options.edges));
    const auto in = detail::look(where, times_, at, window, options.preset.left_open);
    return options.edges == edges::anchored ? detail::anchored(times_, in, options.lookback) : in;
  }

  [[nodiscard]] counter_answer growth(std::string_view where, instant at, duration window,
                                      const counter_options& options, bool per_second) const {
    const detail::window_view in =
        detail::look(where, times_, at, window, options.preset.left_open);
    const counter_answer answer = describe(in, options);
    return options.edges == edges::extrapolated ? extrapolated(in, answer, per_second)
                                                : extended(in, answer, options, per_second);
  }

  [[nodiscard]] counter_answer extrapolated(const detail::window_view& in,
                                            const counter_answer& answer,
                                            bool per_second) const noexcept {
    if (in.size() == 0) return answer;
    const double first = values_[in.first];
    const std::size_t last = in.last - 1;
    double grown = values_[last] - first;
    for (const reset& r : resets_between(in.first, in.last)) grown += r.lost;

    std::optional<double> ran;
    const instant began = starts_.empty() ? instant{} : starts_[in.first];
    if (began != instant{} && began > in.start && began < times_[in.first]) {
      ran = detail::seconds(times_[last] - began);
      grown += first;
    } else if (in.size() < 2) {
      return answer;
    }
    std::optional<double> zero;
    if (grown > 0 && first >= 0) zero = first / grown;
    double factor = detail::extrapolation(detail::stretch_of(times_, in), ran, zero,
                                          answer.preset.zero_limit_first);
    if (per_second) factor /= detail::seconds(in.end - in.start);
    return settle(answer, grown * factor);
  }

  /// The value at `t` on the line from sample i to i + 1, which starts at 0 across a reset.
  [[nodiscard]] double on_line(std::size_t i, instant t) const noexcept {
    const double from = values_[i + 1] < values_[i] ? 0.0 : values_[i];
    return from + (values_[i + 1] - from) * static_cast<double>((t - times_[i]).count()) /
                      static_cast<double>((times_[i + 1] - times_[i]).count());
  }

  [[nodiscard]] counter_answer extended(const detail::window_view& in, const counter_answer& answer,
                                        const counter_options& options,
                                        bool per_second) const noexcept {
    const bool smooth = options.edges == edges::smoothed;
    const auto found = detail::edges_of(times_, in, options.lookback, smooth);
    if (!found) return answer;
    auto [lowest, first, last] = *found;
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
    return settle(answer, per_second ? grown / detail::seconds(in.end - in.start) : grown);
  }

  std::vector<instant> times_;
  std::vector<double> values_;
  std::vector<instant> starts_;
  std::vector<count> changes_;  // up to each sample
  std::vector<reset> resets_;
  std::vector<instant> stale_;  // when the series ended
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
