// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How did a native histogram grow? Readings of one that restarts at nothing, in any window, as
/// Prometheus answers it. The whole histogram restarts together, and grows by one factor.
/// Ref: Prometheus, promql/functions.go (histogramRate, extendedHistogramRate), v2.42 and 2026-08.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/counter.hpp>
#include <relia/sli/detail/extrapolate.hpp>
#include <relia/sli/native_histogram.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `value`: a gauge, empty unless `state` is ok; `reason` says why not.
struct native_counter_answer {
  native_histogram value = {};
  relia::state state = relia::state::no_data;
  std::string_view reason = {};
  count samples = 0;        ///< in the window
  count resets = 0;         ///< between them
  bool reconciled = false;  ///< custom bounds differed, and were reduced to those in common
  bool gauge = false;       ///< a reading says that it is no counter
  counter_preset preset = {};
  sli::edges edges = sli::edges::extrapolated;
};

/// The readings of one native histogram. Stale markers are dropped.
class native_counter {
 public:
  native_counter() = default;

  /// `starts`: when the count behind each reading began, where the source tells; the epoch means
  /// unknown. Throws: std::invalid_argument when sizes differ or times are not strictly increasing.
  native_counter(std::span<const instant> times, std::vector<native_histogram> values,
                 std::span<const instant> starts = {}) {
    constexpr auto where = "sli::native_counter";
    relia::detail::require_same_size(where, "values", values.size(), times.size());
    if (!starts.empty()) {
      relia::detail::require_same_size(where, "starts", starts.size(), times.size());
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
      relia::detail::require_increasing(where, times, i);
      if (std::bit_cast<std::uint64_t>(values[i].sum()) == stale_marker) continue;
      append(times[i], std::move(values[i]), starts.empty() ? instant{} : starts[i]);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return times_.size(); }
  [[nodiscard]] std::span<const instant> times() const noexcept { return times_; }
  [[nodiscard]] std::span<const native_histogram> values() const noexcept { return values_; }

  /// By how much the histogram grew in the window that ends at `at`. Domain: window > 0. Throws:
  /// std::domain_error. Cost: O(readings in the window + resets * buckets).
  [[nodiscard]] native_counter_answer increase(instant at, duration window,
                                               const counter_options& options = {}) const {
    return growth("sli::native_counter::increase", at, window, options, false);
  }

  /// Per second of the window.
  [[nodiscard]] native_counter_answer rate(instant at, duration window,
                                           const counter_options& options = {}) const {
    return growth("sli::native_counter::rate", at, window, options, true);
  }

  /// Growth per second between the last two readings of the window; `edges` do not matter.
  [[nodiscard]] native_counter_answer irate(instant at, duration window,
                                            const counter_options& options = {}) const {
    const auto in =
        detail::look("sli::native_counter::irate", times_, at, window, options.preset.left_open);
    native_counter_answer answer = describe(in, options);
    if (options.preset.early_native) return refuse(answer, "irate of histograms came later");
    if (in.size() < 2) return refuse(answer, "fewer than 2 readings");
    const std::size_t i = in.last - 1;
    look_at_hints(answer, i - 1, in.last);
    answer.value = values_[i];
    if (!restarted(i) && !take(answer, values_[i - 1])) return answer;
    answer.value.divide(detail::seconds(times_[i] - times_[i - 1]));
    return settle(std::move(answer));
  }

  /// How often the histogram restarted between the readings of the window. Anchored: also from the
  /// reading before it. Throws: std::domain_error; std::invalid_argument for smoothed edges.
  [[nodiscard]] counter_answer resets(instant at, duration window,
                                      const counter_options& options = {}) const {
    return between("sli::native_counter::resets", at, window, options, resets_);
  }

  /// How often any of its numbers changed.
  [[nodiscard]] counter_answer changes(instant at, duration window,
                                       const counter_options& options = {}) const {
    return between("sli::native_counter::changes", at, window, options, changes_);
  }

 private:
  static constexpr std::uint64_t stale_marker = 0x7ff0000000000002;  // Prometheus' own NaN
  static constexpr std::string_view mixed = "exponential and custom buckets are mixed";

  void append(instant t, native_histogram value, instant start) {
    const bool first = times_.empty();
    const bool fell = !first && value.restarted_since(values_.back());
    const bool told = !first && detail::told_restart(starts_.back(), times_.back(), start, t);
    resets_.push_back(first ? 0 : resets_.back() + (fell || told));
    changes_.push_back(first ? 0 : changes_.back() + !(value == values_.back()));
    fell_.push_back(fell);
    times_.push_back(t);
    values_.push_back(std::move(value));
    starts_.push_back(start);
  }

  [[nodiscard]] bool restarted(std::size_t i) const noexcept {
    return resets_[i] != resets_[i - 1];
  }

  [[nodiscard]] count resets_in(const detail::window_view& in) const noexcept {
    return in.size() == 0 ? 0 : resets_[in.last - 1] - resets_[in.first];
  }

  [[nodiscard]] native_counter_answer describe(const detail::window_view& in,
                                               const counter_options& o) const noexcept {
    return {.samples = static_cast<count>(in.size()),
            .resets = resets_in(in),
            .preset = o.preset,
            .edges = o.edges};
  }

  [[nodiscard]] static native_counter_answer refuse(native_counter_answer answer,
                                                    std::string_view reason) {
    answer.value = {};
    answer.reason = reason;
    return answer;
  }

  [[nodiscard]] static native_counter_answer settle(native_counter_answer answer) {
    answer.value.set_hint(reset_hint::gauge);
    answer.value.compact();
    answer.state = state::ok;
    return answer;
  }

  void look_at_hints(native_counter_answer& answer, std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      answer.gauge = answer.gauge || values_[i].data().hint == reset_hint::gauge;
    }
  }

  /// Takes h from the answer or puts it on; false where only one has custom bounds.
  [[nodiscard]] static bool take(native_counter_answer& answer, const native_histogram& h,
                                 bool put = false) {
    if (answer.value.custom() != h.custom()) {
      answer = refuse(std::move(answer), mixed);
      return false;
    }
    const bool differed = put ? answer.value.add(h) : answer.value.subtract(h);
    answer.reconciled = answer.reconciled || differed;
    return true;
  }

  [[nodiscard]] counter_answer between(std::string_view where, instant at, duration window,
                                       const counter_options& options,
                                       const std::vector<count>& totals) const {
    relia::detail::require_argument(options.edges != edges::smoothed, where, "edges",
                                    "extrapolated or anchored", to_string(options.edges));
    auto in = detail::look(where, times_, at, window, options.preset.left_open);
    if (options.edges == edges::anchored) in = detail::anchored(times_, in, options.lookback);
    counter_answer answer{.samples = static_cast<count>(in.size()),
                          .resets = resets_in(in),
                          .preset = options.preset,
                          .edges = options.edges};
    if (in.size() == 0) return answer;
    answer.value = static_cast<double>(totals[in.last - 1] - totals[in.first]);
    answer.state = state::ok;
    return answer;
  }

  [[nodiscard]] native_counter_answer growth(std::string_view where, instant at, duration window,
                                             const counter_options& options,
                                             bool per_second) const {
    const auto in = detail::look(where, times_, at, window, options.preset.left_open);
    native_counter_answer answer = describe(in, options);
    return options.edges == edges::extrapolated
               ? extrapolated(in, std::move(answer), per_second)
               : extended(in, std::move(answer), options, per_second);
  }

  [[nodiscard]] native_counter_answer extrapolated(const detail::window_view& in,
                                                   native_counter_answer answer,
                                                   bool per_second) const {
    if (in.size() == 0) return refuse(std::move(answer), "no readings in the window");
    const std::size_t last = in.last - 1;
    const native_histogram& first = values_[in.first];
    look_at_hints(answer, in.first, in.last);

    std::optional<double> ran;
    const instant began = starts_[in.first];
    if (began != instant{} && began > in.start && began < times_[in.first]) {
      ran = detail::seconds(times_[last] - began);
      answer.value = first;
    } else if (in.size() < 2) {
      return refuse(std::move(answer), "fewer than 2 readings");
    }
    if (in.size() > 1) {
      // A first reading that a restart follows does not matter, nor do its buckets.
      const bool ignored = !answer.preset.early_native && restarted(in.first + 1);
      const std::size_t from = in.first + ignored;
      int schema = values_[from].data().schema;
      for (std::size_t i = from; i <= last; ++i) {
        if (values_[i].custom() != values_[from].custom()) return refuse(std::move(answer), mixed);
        schema = std::min(schema, values_[i].data().schema);
      }
      answer.value = values_[last];
      if (schema != custom_schema) answer.value.reduce_to(schema);
      if (!ignored && !take(answer, first)) return answer;
      for (std::size_t i = from + 1; i <= last; ++i) {
        if (restarted(i) && !take(answer, values_[i - 1], true)) return answer;
      }
      if (ran && !take(answer, first, true)) return answer;
    }
    std::optional<double> zero;
    if (!answer.preset.early_native && answer.value.count() > 0 && first.count() >= 0) {
      zero = first.count() / answer.value.count();
    }
    double factor = detail::extrapolation(detail::stretch_of(times_, in), ran, zero, false);
    if (per_second) factor /= detail::seconds(in.end - in.start);
    answer.value.multiply(factor);
    return settle(std::move(answer));
  }

  /// At `t` on the line from reading i to the next, from nothing where that one is a restart.
  [[nodiscard]] native_histogram on_line(std::size_t i, instant t, bool& reconciled) const {
    native_histogram h = values_[i + 1];
    const double share = static_cast<double>((t - times_[i]).count()) /
                         static_cast<double>((times_[i + 1] - times_[i]).count());
    if (fell_[i + 1]) {
      h.multiply(share);
      return h;
    }
    const bool before = h.subtract(values_[i]);
    h.multiply(share);
    const bool after = h.add(values_[i]);
    reconciled = reconciled || before || after;
    return h;
  }

  [[nodiscard]] native_counter_answer extended(const detail::window_view& in,
                                               native_counter_answer answer,
                                               const counter_options& options,
                                               bool per_second) const {
    const bool smooth = options.edges == edges::smoothed;
    const auto found = detail::edges_of(times_, in, options.lookback, smooth);
    if (!found) return refuse(std::move(answer), "no reading after the window's start");
    const auto [lowest, first, last] = *found;
    for (std::size_t i = first; i <= last; ++i) {
      if (values_[i].custom() != values_[first].custom()) return refuse(std::move(answer), mixed);
    }
    look_at_hints(answer, first, last + 1);
    const bool left_between = smooth && times_[first] < in.start;
    const bool right_between = smooth && last > lowest && times_[last] > in.end;
    const native_histogram left =
        left_between ? on_line(first, in.start, answer.reconciled) : values_[first];
    const native_histogram right =
        right_between ? on_line(last - 1, in.end, answer.reconciled) : values_[last];
    answer.value = right;
    (void)take(answer, left);
    // The edges stand for the readings there; a restart that the left line crossed is in it.
    std::size_t next = first + 1;
    const native_histogram* before = &left;
    if (left_between && fell_[next]) before = &values_[next++];
    for (; next < last; ++next) {
      const bool fell = before == &left ? values_[next].restarted_since(left) : fell_[next];
      if (fell) (void)take(answer, *before, true);
      before = &values_[next];
    }
    if (next <= last && right.restarted_since(*before)) (void)take(answer, *before, true);
    if (per_second) answer.value.divide(detail::seconds(in.end - in.start));
    return settle(std::move(answer));
  }

  std::vector<instant> times_;
  std::vector<native_histogram> values_;
  std::vector<instant> starts_;
  std::vector<bool> fell_;      // by its numbers or hint, since the reading before
  std::vector<count> resets_;   // up to each reading
  std::vector<count> changes_;  // up to each reading
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
