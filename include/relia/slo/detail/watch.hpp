// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A condition made ready to be asked at every row: a list of tests with jumps, so that the first
/// test that decides ends it, and the state of what is held. It asks its windows for sums and does
/// not know where they come from: the replay and the monitor answer alike because they share it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail {

/// What was counted in a window; `stretch`: its length over the part that the series covers, where
/// the rest is to count as clean traffic, else 1.
struct window_sum {
  count bad = 0;
  count valid = 0;
  double stretch = 1;
  bool covered = true;

  window_sum(count bad_events, count valid_events, duration length, duration seen,
             before_start unseen) noexcept
      : bad(bad_events), valid(valid_events), covered(seen >= length) {
    if (unseen == before_start::clean && !covered) {
      stretch = real_seconds(length) / real_seconds(seen);
    }
  }

  [[nodiscard]] double presumed() const noexcept { return static_cast<double>(valid) * stretch; }

  [[nodiscard]] double burn_rate(const objective& goal) const noexcept {
    return static_cast<double>(bad) / (goal.error_budget() * presumed());
  }
};

class watch {
 public:
  /// One tier or rule. Throws: std::domain_error for evidence that is none.
  watch(const condition& when, duration held_for, const objective& goal)
      : budget_(goal.error_budget()) {
    const condition* root = &when;
    while (root->kind() == condition_kind::hold && held_for == duration{0}) {
      held_for = root->length();
      root = root->parts().data();
    }
    const std::uint32_t entry = build(*root, accept, reject);
    stages_.push_back({entry, held_for});
    const auto ends = std::minmax_element(lengths_.begin(), lengths_.end());
    if (!lengths_.empty()) {
      narrow_ = static_cast<std::size_t>(ends.first - lengths_.begin());
      wide_ = static_cast<std::size_t>(ends.second - lengths_.begin());
    }
  }

  watch(const tier& t, const objective& goal) : watch(condition_of(t), duration{0}, goal) {
    narrow_ = slot_of(t.short_window);
    wide_ = slot_of(t.long_window);
  }

  /// The windows that it asks for, by slot.
  [[nodiscard]] std::span<const duration> lengths() const noexcept { return lengths_; }
  /// The slots of the windows that stand for the rest in reports.
  [[nodiscard]] std::size_t wide() const noexcept { return wide_; }
  [[nodiscard]] std::size_t narrow() const noexcept { return narrow_; }

  /// The sum of all times that something must be held for.
  [[nodiscard]] duration held() const noexcept {
    duration sum{0};
    for (const stage& s : stages_) sum += s.least;
    return sum;
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t all = lengths_.capacity() * sizeof(duration) + steps_.capacity() * sizeof(step) +
                      stages_.capacity() * sizeof(stage) +
                      tables_.capacity() * sizeof(significance);
    for (const significance& s : tables_) all += s.largest_expected().size_bytes();
    return all;
  }

  /// Does it fire now? To be asked at every row in turn. `windows(slot)`: the sum of a
  /// slot, a window_sum or alike.
  template <class Windows>
  [[nodiscard]] bool update(instant now, Windows&& windows) noexcept {
    bool fires = false;
    for (stage& s : stages_) {
      fires = run(s.entry, windows);
      if (s.least > duration{0}) {
        if (fires && !s.pending) s.since = now;
        s.pending = fires;
        fires = fires && now - s.since >= s.least;
      }
      s.fires = fires;
    }
    return fires;
  }

 private:
  static constexpr std::uint32_t accept = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t reject = accept - 1;

  struct step {
    condition_kind test;
    std::uint32_t at;  ///< the slot of the window; for hold, the stage
    std::uint32_t yes;
    std::uint32_t no;
    double threshold;
    count least;  ///< for significant, the table
  };

  /// A condition that must last, or the whole. Inner stages come first.
  struct stage {
    std::uint32_t entry = 0;
    duration least{0};
    instant since{};
    bool pending = false;
    bool fires = false;
  };

  [[nodiscard]] std::uint32_t slot_of(duration length) {
    const auto found = std::find(lengths_.begin(), lengths_.end(), length);
    const auto slot = static_cast<std::uint32_t>(found - lengths_.begin());
    if (found == lengths_.end()) lengths_.push_back(length);
    return slot;
  }

  /// Appends the tests of `c`, which go on at `yes` or `no`; returns where they begin.
  [[nodiscard]] std::uint32_t build(const condition& c, std::uint32_t yes, std::uint32_t no) {
    const std::vector<condition>& parts = c.parts();
    step made{c.kind(), 0, yes, no, 0, c.least()};
    switch (c.kind()) {
      case condition_kind::all_of:
        for (std::size_t i = parts.size(); i-- > 0;) yes = build(parts[i], yes, no);
        return yes;
      case condition_kind::any_of:
        for (std::size_t i = parts.size(); i-- > 0;) no = build(parts[i], yes, no);
        return no;
      case condition_kind::hold: {
        const std::uint32_t entry = build(parts.front(), accept, reject);
        made.at = static_cast<std::uint32_t>(stages_.size());
        stages_.push_back({entry, c.length()});
        break;
      }
      case condition_kind::significant:
        made.threshold = budget_ * c.evidence().burn_rate;
        made.least = static_cast<count>(tables_.size());
        tables_.emplace_back(c.evidence());
        made.at = slot_of(c.length());
        break;
      case condition_kind::burning:
      case condition_kind::failures:
      case condition_kind::traffic:
      case condition_kind::silent:
        made.threshold = c.factor() * budget_;
        made.at = slot_of(c.length());
        break;
    }
    steps_.push_back(made);
    return static_cast<std::uint32_t>(steps_.size() - 1);
  }

  template <class Windows>
  [[nodiscard]] bool run(std::uint32_t entry, Windows& windows) const noexcept {
    while (entry < reject) {
      const step& s = steps_[entry];
      entry = holds(s, windows) ? s.yes : s.no;
    }
    return entry == accept;
  }

  /// Windows of counters are extrapolated: their amounts are no whole numbers.
  template <class Amount>
  [[nodiscard]] static bool at_least(Amount amount, count least) noexcept {
    return amount >= static_cast<Amount>(least);
  }

  template <class Windows>
  [[nodiscard]] bool holds(const step& s, Windows& windows) const noexcept {
    if (s.test == condition_kind::hold) return stages_[s.at].fires;
    const auto sum = windows(s.at);
    switch (s.test) {
      case condition_kind::burning:
        return sum.bad > 0 &&
               relia::detail::reaches(static_cast<double>(sum.bad), s.threshold, sum.presumed());
      case condition_kind::failures:
        return at_least(sum.bad, s.least);
      case condition_kind::traffic:
        return at_least(sum.valid, s.least);
      case condition_kind::silent:
        return sum.valid == 0 && sum.covered;
      case condition_kind::significant:
        return tables_[static_cast<std::size_t>(s.least)].reached(
            static_cast<count>(sum.bad), static_cast<double>(sum.valid) * s.threshold);
      case condition_kind::all_of:
      case condition_kind::any_of:
      case condition_kind::hold:
        break;
    }
    return false;
  }

  double budget_;
  std::vector<duration> lengths_{};
  std::vector<step> steps_{};
  std::vector<stage> stages_{};
  std::vector<significance> tables_{};
  std::size_t wide_ = 0;
  std::size_t narrow_ = 0;
};

/// The tiers of a policy, then its rules. Throws: std::domain_error, naming `where`, for a tier
/// that is none.
[[nodiscard]] inline std::vector<watch> watches_of(std::string_view where, const policy& p,
                                                   const objective& goal, count min_failures = 1) {
  std::vector<watch> all;
  all.reserve(p.tiers.size() + p.rules.size());
  for (tier t : p.tiers) {
    require_tier(where, t);
    t.min_failures = std::max(t.min_failures, min_failures);
    all.emplace_back(t, goal);
  }
  for (const alert_rule& r : p.rules) {
    relia::detail::require_domain(r.hold >= duration{0}, where, "hold", "at least 0",
                                  r.hold.count());
    all.emplace_back(r.condition, r.hold, goal);
  }
  return all;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail
