// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Several rolling windows over one stream, from one set of cells: an event is recorded once, and
/// every window is a merge of cells. Memory is fixed at construction: see window_layout.
///
/// Which samples are believed: one stamped within the allowance of the newest, before or after it,
/// goes to its cell, so that no single wrong stamp can make the right ones refused. One further
/// away is held. A run of them on one side, none earlier than those before it by more than the
/// allowance, moves the clock when it has grown to `confirmations`: all but its last are recorded
/// and the last is judged anew. A sample within the allowance ends the run, which is then refused
/// and counted. A clock that moved back leaves the cells that end later than the run begins: their
/// events are in `set_aside()`. Times within the windows' reach of the ends of the clock (1677 and
/// 2262) are refused.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/detail/tiered_cells.hpp>
#include <relia/aggregate/detail/windows_form.hpp>
#include <relia/aggregate/window_answer.hpp>
#include <relia/aggregate/window_layout.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// Aggregate: has `record`, `merge` and `empty`; copies of one prototype merge, and are assigned to
/// each other, without throwing. `merge` of windows needs its equality, the byte form its own.
template <class Aggregate>
class windows {
 public:
  /// `prototype`: an empty aggregate, with the parameters that all cells have.
  /// Throws: std::invalid_argument when it is not empty.
  explicit windows(const window_layout& layout = {}, const Aggregate& prototype = {})
      : layout_(layout),
        cells_(layout, prototype),
        held_(static_cast<std::size_t>(layout.options().confirmations), {0, prototype}),
        set_aside_(prototype) {
    relia::detail::require_argument(prototype.empty(), "aggregate::windows", "prototype", "empty",
                                    std::string_view("one that holds events"));
  }

  /// Records what Aggregate::record takes, at a time. O(1) amortised; no allocation.
  template <class... Values>
  void record(instant t, const Values&... values) noexcept {
    const std::int64_t at = t.time_since_epoch().count();
    // One comparison says that the sample is of the newest cell and that no run is held.
    if (static_cast<std::uint64_t>(at) - static_cast<std::uint64_t>(begin_) < width_) [[likely]] {
      newest_ = std::max(newest_, at);
      cells_.newest().record(values...);
    } else {
      record_elsewhere(at, values...);
    }
  }

  /// Each value at its time. Throws: std::invalid_argument when sizes differ.
  template <class Value>
  void record(std::span<const instant> times, std::span<const Value> values) {
    relia::detail::require_same_size("aggregate::windows::record", "values", values.size(),
                                     times.size());
    for (std::size_t i = 0; i < times.size(); ++i) record(times[i], values[i]);
  }

  /// What was recorded in [now - length, now), any length up to the longest; `now` may lie before
  /// the newest sample. Throws: std::domain_error. Cost: O(cells of the length).
  [[nodiscard]] window_answer<Aggregate> last(duration length, instant now) const {
    relia::detail::require_domain(duration{0} < length && length <= layout_.longest(),
                                  "aggregate::windows::last", "length",
                                  "positive and at most the longest window", length.count());
    const std::int64_t to = now.time_since_epoch().count();
    const std::int64_t from = earlier(to, length.count());
    const Aggregate& none = cells_.prototype();
    window_answer<Aggregate> answer{none, {none}, {none}, none};
    std::int64_t covered_from = from;
    std::int64_t covered_to = to;
    cells_.visit(from, to, [&](std::int64_t start, std::int64_t end, const Aggregate& cell) {
      const std::int64_t begin = std::max(start, oldest_);  // nothing was recorded outside these
      const std::int64_t filled = std::min(end, newest_ + 1);
      if (filled <= from || filled <= begin) return;
      if (from <= begin && filled <= to) {
        answer.at_least.merge(cell);
        return;
      }
      window_edge<Aggregate>& edge = begin < from ? answer.oldest : answer.newest;
      edge.cell.merge(cell);
      edge.inside = static_cast<double>(std::min(filled, to) - std::max(begin, from)) /
                    static_cast<double>(filled - begin);
      if (begin < from) covered_from = std::min(filled, to);
      if (filled > to) covered_to = std::max(begin, from);
    });
    if (started() && from < cells_.floor()) {
      covered_from = std::max(covered_from, std::min(cells_.floor(), to));
      answer.complete = oldest_ >= cells_.floor();
    }
    for (std::size_t i = 0; i < run_; ++i) {
      if (from <= held_[i].at && held_[i].at < to) answer.held.merge(held_[i].aggregate);
    }
    answer.window = {to_instant(from), now};
    answer.covered = {to_instant(covered_from), to_instant(std::max(covered_from, covered_to))};
    return answer;
  }

  /// Adds another host's windows: cells by time, on the later of the two clocks. Samples that
  /// either holds are judged by the later newest sample, then recorded or refused; an empty one
  /// changes nothing. Throws: std::invalid_argument unless layout and prototype are the same.
  void merge(const windows& other) {
    relia::detail::require_argument(
        layout_ == other.layout_ && cells_.prototype() == other.cells_.prototype(),
        "aggregate::windows::merge", "other", "of the same layout and prototype",
        other.layout_.longest().count());
    if (!started()) {  // takes the run as well that the other holds
      windows sum = other;
      sum.add_refused(*this);
      *this = std::move(sum);
      return;
    }
    add_refused(other);
    if (!other.started()) return;
    const std::size_t run = std::exchange(run_, 0);
    const std::size_t run_of_other = this == &other ? 0 : other.run_;
    newest_ = std::max(newest_, other.newest_);
    oldest_ = std::min(oldest_, other.oldest_);
    cells_.merge(other.cells_);
    const std::int64_t reference = newest_;
    for (std::size_t i = 0; i < run; ++i) settle(held_[i], reference);
    for (std::size_t i = 0; i < run_of_other; ++i) settle(other.held_[i], reference);
    rest_on_newest();
  }

  [[nodiscard]] const window_layout& layout() const noexcept { return layout_; }
  [[nodiscard]] bool started() const noexcept { return cells_.started(); }
  /// The newest sample that was believed. Domain: started().
  [[nodiscard]] instant newest() const noexcept { return to_instant(newest_); }
  /// Where the cell of the oldest sample begins. Domain: started().
  [[nodiscard]] instant oldest() const noexcept { return to_instant(oldest_); }
  /// Samples refused because they are too old, or too new and never confirmed.
  [[nodiscard]] count late() const noexcept { return late_; }
  [[nodiscard]] count ahead() const noexcept { return ahead_; }
  /// Samples that wait to be confirmed.
  [[nodiscard]] count held() const noexcept { return static_cast<count>(run_); }
  /// What lay in cells that a clock set back took out of the windows.
  [[nodiscard]] const Aggregate& set_aside() const noexcept { return set_aside_; }
  /// Of this object and its cells, without what an Aggregate itself allocates.
  [[nodiscard]] std::size_t memory() const noexcept {
    return sizeof(*this) + cells_.size() * sizeof(Aggregate) + held_.size() * sizeof(sample);
  }

  friend bool operator==(const windows& a, const windows& b) {
    return a.layout_ == b.layout_ && a.cells_ == b.cells_ && a.newest_ == b.newest_ &&
           a.oldest_ == b.oldest_ && a.late_ == b.late_ && a.ahead_ == b.ahead_ &&
           a.set_aside_ == b.set_aside_ &&
           std::equal(a.held_.begin(), a.held_.begin() + static_cast<std::ptrdiff_t>(a.run_),
                      b.held_.begin(), b.held_.begin() + static_cast<std::ptrdiff_t>(b.run_));
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    return detail::windows_form<Aggregate>::write(*this);
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of windows of Aggregate.
  /// Memory: sizeof(Aggregate) for each byte of the input, and what its own reader takes.
  [[nodiscard]] static windows from_bytes(std::span<const std::byte> bytes) {
    return detail::windows_form<Aggregate>::read(bytes);
  }

 private:
  friend struct detail::windows_form<Aggregate>;

  struct sample {
    std::int64_t at;
    Aggregate aggregate;

    friend bool operator==(const sample&, const sample&) = default;
  };

  [[nodiscard]] static instant to_instant(std::int64_t t) noexcept { return instant(duration(t)); }
  [[nodiscard]] static std::int64_t earlier(std::int64_t t, std::int64_t by) noexcept {
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    return t < first + by ? first : t - by;
  }

  template <class... Values>
  [[gnu::noinline]] void record_elsewhere(std::int64_t at, const Values&... values) noexcept {
    if (!on_clock(at)) {
      refuse(at >= 0, 1);
    } else if (!started() || near(at, newest_)) {
      refuse_run();
      if (Aggregate* cell = open(at)) cell->record(values...);
      rest_on_newest();
    } else {
      hold(at).record(values...);
      if (run_ == held_.size()) believe_run();
    }
  }

  [[nodiscard]] bool on_clock(std::int64_t at) const noexcept {
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    return cells_.margin() - last <= at && at <= last - cells_.margin();
  }

  [[nodiscard]] bool near(std::int64_t at, std::int64_t reference) const noexcept {
    const std::int64_t allowance = layout_.options().allowance.count();
    return reference - allowance <= at && at <= reference + allowance;
  }

  /// The cell of a time that is believed; nullptr, and counted, when the cells no longer reach it.
  [[nodiscard]] Aggregate* open(std::int64_t at) noexcept {
    const bool first = !started();
    cells_.move_on(at);
    Aggregate* cell = cells_.find(at);
    if (!cell) {
      refuse(false, 1);
      return nullptr;
    }
    newest_ = first ? at : std::max(newest_, at);
    if (first || at < oldest_) oldest_ = detail::floor_div(at, cells_.grain()) * cells_.grain();
    return cell;
  }

  [[nodiscard]] Aggregate& hold(std::int64_t at) noexcept {
    const std::int64_t allowance = layout_.options().allowance.count();
    const bool ahead = at > newest_;
    if (run_ > 0 && (ahead != run_ahead_ || at < run_newest_ - allowance)) refuse_run();
    run_newest_ = run_ > 0 ? std::max(run_newest_, at) : at;
    run_ahead_ = ahead;
    width_ = 0;
    sample& s = held_[run_++];
    s.at = at;
    s.aggregate = cells_.prototype();
    return s.aggregate;
  }

  void refuse(bool ahead, count samples) noexcept {
    count& refused = ahead ? ahead_ : late_;
    refused += std::min(samples, std::numeric_limits<count>::max() - refused);
  }

  void add_refused(const windows& other) {
    refuse(false, other.late_);
    refuse(true, other.ahead_);
    set_aside_.merge(other.set_aside_);
  }

  void refuse_run() noexcept { refuse(run_ahead_, static_cast<count>(std::exchange(run_, 0))); }

  void believe_run() noexcept {
    const std::size_t all_but_last = run_ - 1;
    run_ = 0;
    if (!run_ahead_) {
      std::int64_t first = held_[0].at;
      for (std::size_t i = 1; i < all_but_last; ++i) first = std::min(first, held_[i].at);
      cells_.step_back(first, set_aside_);
      newest_ = first;
      oldest_ = std::min(oldest_, detail::floor_div(first, cells_.grain()) * cells_.grain());
    }
    for (std::size_t i = 0; i < all_but_last; ++i) place(held_[i]);
    const sample& last = held_[all_but_last];
    if (near(last.at, newest_)) {
      place(last);
    } else {
      hold(last.at) = last.aggregate;
      return;
    }
    rest_on_newest();
  }

  void place(const sample& s) noexcept {
    if (Aggregate* cell = open(s.at)) cell->merge(s.aggregate);
  }

  void settle(const sample& s, std::int64_t reference) noexcept {
    if (near(s.at, reference)) {
      place(s);
    } else {
      refuse(s.at > reference, 1);
    }
  }

  void rest_on_newest() noexcept {
    begin_ = cells_.end() - cells_.grain();
    width_ = run_ == 0 && started() ? static_cast<std::uint64_t>(cells_.grain()) : 0;
  }

  std::int64_t begin_ = 0;   // of the newest cell
  std::uint64_t width_ = 0;  // of it, or 0 while a run is held
  std::int64_t newest_ = 0;
  std::int64_t oldest_ = 0;
  window_layout layout_;
  detail::tiered_cells<Aggregate> cells_;
  std::vector<sample> held_;  // the first run_ are held
  std::size_t run_ = 0;
  bool run_ahead_ = false;
  std::int64_t run_newest_ = 0;
  count late_ = 0;
  count ahead_ = 0;
  Aggregate set_aside_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
