// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Is anything burning, right now, inside the service? A monitor takes events as they happen, or
/// once a scrape, and looks at every tier and rule of a policy each time a cell of `step` is over.
/// It answers what evaluate() answers for a series with a row for each cell, to the bit, since both
/// ask the same watch and the counts are integers.
/// Memory, all of it allocated by the constructor: 16 bytes per cell of the longest window, rounded
/// up, and one more; under 1 kB per tier, and 8 kB per evidence with a p_value below 1. Four tiers
/// up to 3 d in cells of 15 s take 276 kB. One thread records; see aggregate::recorder for more.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/detail/watch.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

struct monitor_options {
  duration step = std::chrono::seconds(15);  ///< the length of a cell
  before_start unseen = before_start::clean;
};

/// What a monitor knows of one tier or rule. Burn rates: when it last began to fire; of a rule,
/// over its longest and shortest window.
struct monitored {
  slo::severity severity = severity::page;
  bool firing = false;
  instant since{};  ///< when `firing` last changed; the start of the monitor before that
  count alerts = 0;
  double long_burn_rate = 0;
  double short_burn_rate = 0;
};

class monitor {
 public:
  /// Tiers are numbered as in the policy, rules after them. Cells begin at `start`. Throws:
  /// std::domain_error for a tier that is none or a step that is not positive,
  /// std::invalid_argument for more than 2^26 cells (1 GiB).
  monitor(const policy& p, const objective& goal, instant start,
          const monitor_options& options = {})
      : goal_(goal), closed_(start), options_(options) {
    relia::detail::require_domain(options.step > duration{0}, "slo::monitor", "step", "positive",
                                  options.step.count());
    relia::detail::require_domain(start <= latest(), "slo::monitor", "start",
                                  "at least a step before the end of the clock (2262)",
                                  start.time_since_epoch().count());
    next_ = start + options.step;
    std::size_t longest = 1;
    duration held{0};
    for (detail::watch& w : detail::watches_of("slo::monitor", p, goal)) {
      std::vector<window>& windows = windows_.emplace_back();
      for (const duration length : w.lengths()) {
        windows.push_back({length, cells_in(length)});
        longest = std::max(longest, windows.back().cells);
      }
      held = std::max(held, w.held());
      states_.push_back({severity_of(p, states_.size()), false, start, 0, 0, 0});
      watches_.push_back(std::move(w));
    }
    relia::detail::require_argument(longest <= (std::size_t{1} << 26U), "slo::monitor", "step",
                                    "long enough for 2^26 cells to hold the longest window",
                                    options.step.count());
    ring_.resize(longest + 1);
    settled_ = longest + cells_in(held) + 1;
  }

  /// Events at a time. A time before the open cell, of a clock that stepped back or a late sample,
  /// counts in the open cell. Times below 1 record nothing. Cost: O(tiers) per cell that ends, else
  /// a comparison and an addition.
  void record(instant now, bool good, count times = 1) noexcept {
    if (now >= next_) [[unlikely]] {
      advance_to(now);
    }
    record(good, times);
  }

  /// Events of the open cell, without a look at the clock.
  void record(bool good, count times = 1) noexcept {
    const auto n = static_cast<std::uint64_t>(std::max<count>(times, 0));
    open_.valid += n;
    open_.bad += good ? 0 : n;
  }

  /// Ends every cell that is over at `now`, a cell's end included, and looks at all of them in
  /// turn. Cost: O(tiers) per cell, and no more than the longest window and hold time after a gap.
  void advance_to(instant now) noexcept {
    now = std::min(now, latest());
    if (now < next_) return;
    const auto step = static_cast<std::uint64_t>(options_.step.count());
    const std::uint64_t gap = nanoseconds(now) - nanoseconds(closed_);
    std::uint64_t ended = gap / step;
    for (std::size_t looked = 0; ended > 0 && looked <= settled_; --ended, ++looked) close();
    // With every window empty and every hold time over, nothing changes any more.
    cells_ += ended;
    closed_ = instant(duration(static_cast<std::int64_t>(nanoseconds(closed_) + ended * step)));
    next_ = closed_ + options_.step;
  }

  [[nodiscard]] const std::vector<monitored>& states() const noexcept { return states_; }
  /// Does the tier, or the rule numbered after them, fire?
  [[nodiscard]] bool firing(std::size_t index) const noexcept { return states_[index].firing; }
  /// Does any of this severity? A page covers its tickets: ask for pages first.
  [[nodiscard]] bool firing(severity s) const noexcept {
    return std::any_of(states_.begin(), states_.end(),
                       [s](const monitored& m) { return m.firing && m.severity == s; });
  }

  /// The burn rate over the lookback that ends with the last cell. Domain: lookback positive and at
  /// most the longest window. Throws: std::domain_error.
  [[nodiscard]] burn burn_rate(duration lookback) const {
    relia::detail::require_domain(lookback > duration{0} && cells_in(lookback) < ring_.size(),
                                  "slo::monitor::burn_rate", "lookback",
                                  "positive and at most the longest window", lookback.count());
    const window whole{lookback, cells_in(lookback)};
    const detail::window_sum sum = sum_of(whole);
    burn result = slo::burn_rate(goal_, aggregate::counts(sum.valid - sum.bad, sum.bad));
    result.covered = seen(whole);
    if (options_.unseen == before_start::clean) {
      result.rate *= result.covered / real_seconds(lookback);
    }
    return result;
  }

  /// The end of the last cell that was looked at.
  [[nodiscard]] instant looked_at() const noexcept { return closed_; }

  /// All memory that it holds.
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t all = sizeof(*this) + ring_.capacity() * sizeof(cell) +
                      states_.capacity() * sizeof(monitored) +
                      windows_.capacity() * sizeof(std::vector<window>) +
                      watches_.capacity() * sizeof(detail::watch);
    for (const auto& w : windows_) all += w.capacity() * sizeof(window);
    for (const detail::watch& w : watches_) all += w.bytes();
    return all;
  }

 private:
  /// All events up to the end of a cell. Differences are right even when the sums wrap.
  struct cell {
    std::uint64_t bad = 0;
    std::uint64_t valid = 0;
  };

  struct window {
    duration length;
    std::size_t cells;
  };

  /// The cells that end within a length: as many rows of a series on the grid.
  [[nodiscard]] std::size_t cells_in(duration length) const noexcept {
    const std::int64_t whole = length / options_.step;
    return static_cast<std::size_t>(whole) + (length % options_.step != duration{0} ? 1 : 0);
  }

  /// The part of a window that lies after the start.
  [[nodiscard]] duration seen(const window& w) const noexcept {
    return cells_ < w.cells ? static_cast<std::int64_t>(cells_) * options_.step : w.length;
  }

  [[nodiscard]] detail::window_sum sum_of(const window& w) const noexcept {
    const std::size_t cells = cells_ < w.cells ? static_cast<std::size_t>(cells_) : w.cells;
    const cell& before = ring_[head_ >= cells ? head_ - cells : head_ + ring_.size() - cells];
    const cell& now = ring_[head_];
    return {static_cast<count>(now.bad - before.bad), static_cast<count>(now.valid - before.valid),
            w.length, seen(w), options_.unseen};
  }

  [[nodiscard]] instant latest() const noexcept { return instant::max() - options_.step; }

  [[nodiscard]] static std::uint64_t nanoseconds(instant t) noexcept {
    return static_cast<std::uint64_t>(t.time_since_epoch().count());
  }

  void close() noexcept {
    closed_ += options_.step;
    ++cells_;
    head_ = head_ + 1 == ring_.size() ? 0 : head_ + 1;
    ring_[head_] = open_;
    for (std::size_t k = 0; k < watches_.size(); ++k) {
      const std::vector<window>& windows = windows_[k];
      const auto sum = [&](std::size_t slot) noexcept { return sum_of(windows[slot]); };
      const bool fires = watches_[k].update(closed_, sum);
      monitored& state = states_[k];
      if (fires == state.firing) continue;
      state.firing = fires;
      state.since = closed_;
      if (!fires) continue;
      ++state.alerts;
      state.long_burn_rate = sum(watches_[k].wide()).burn_rate(goal_);
      state.short_burn_rate = sum(watches_[k].narrow()).burn_rate(goal_);
    }
  }

  objective goal_;
  instant closed_;
  instant next_{};
  monitor_options options_;
  cell open_{};  ///< all events so far
  std::size_t head_ = 0;
  std::uint64_t cells_ = 0;
  std::size_t settled_ = 0;
  std::vector<cell> ring_{};
  std::vector<detail::watch> watches_{};
  std::vector<std::vector<window>> windows_{};
  std::vector<monitored> states_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
