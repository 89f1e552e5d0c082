// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What happened to an objective, bucket by bucket on a fixed grid: the one store from which every
/// window and every way of counting is derived (accounting.hpp). It keeps what was seen and decides
/// nothing: events that came late, good events above the valid ones and time that nobody watched
/// stand apart in each bucket, for the accounting to judge.
///
/// A commutative monoid: ledgers of hosts or partitions merge in any order. Watched time is a set
/// of sixtieths of each bucket, so that two hosts that watch the same minute watch one minute.

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/events.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `late_after`: what arrives more than this after the end of its bucket is late.
struct ledger_options {
  duration width = std::chrono::minutes(1);
  duration late_after = duration::max();

  friend bool operator==(const ledger_options&, const ledger_options&) = default;
};

/// Bucket `index` is [index, index + 1) widths after 1970, UTC. `excess`: good events above the
/// valid ones, that are not in `events`. Bit k of `watched`: its k-th sixtieth was watched.
struct ledger_bucket {
  std::int64_t index = 0;
  aggregate::counts events{};
  aggregate::counts late{};
  count excess = 0;
  std::uint64_t watched = 0;

  void merge(const ledger_bucket& other) noexcept {
    events.merge(other.events);
    late.merge(other.late);
    excess = aggregate::detail::saturating_add(excess, other.excess);
    watched |= other.watched;
  }
  friend bool operator==(const ledger_bucket&, const ledger_bucket&) = default;
};

/// What a stretch of whole buckets holds together.
struct ledger_sum {
  aggregate::counts events{};
  aggregate::counts late{};
  count excess = 0;
  count watched_cells = 0;  ///< sixtieths of buckets

  [[nodiscard]] bool missing() const noexcept {
    return watched_cells == 0 && events.empty() && late.empty();
  }
};

class ledger {
 public:
  /// The parts of a bucket that are watched or not, one by one.
  static constexpr int cells = 60;
  /// The most buckets that one call may fill.
  static constexpr std::int64_t longest = std::int64_t{1} << 22;

  /// Domain: width in [1 us, 366 d], late_after at least 0. Throws: std::domain_error.
  explicit ledger(const ledger_options& options = {}) : options_(options) {
    relia::detail::require_domain(
        options.width >= std::chrono::microseconds(1) && options.width <= std::chrono::days(366),
        name, "width", "between 1 us and 366 d, in nanoseconds", options.width.count());
    relia::detail::require_domain(options.late_after >= duration{0}, name, "late_after",
                                  "at least 0", options.late_after.count());
  }

  /// Events of a stretch of time that was watched. They count in the bucket that the stretch ends
  /// in, as in sli::cut. `arrived`: when they were recorded, for data that may be late.
  /// Domain: at most `longest` buckets, inside the clock's range. Throws: std::domain_error.
  void record(const period& watched, const sli::event_counts& events,
              std::optional<instant> arrived = std::nullopt) {
    watch(watched);
    const instant last = watched.empty() ? watched.to() : watched.to() - duration(1);
    ledger_bucket& b = at(index_of(last));
    (arrived && is_late(*arrived, edge(b.index + 1)) ? b.late : b.events).merge(events.counts);
    b.excess = aggregate::detail::saturating_add(b.excess, events.excess);
  }

  void record(const period& watched, const aggregate::counts& events,
              std::optional<instant> arrived = std::nullopt) {
    record(watched, sli::event_counts{events, 0}, arrived);
  }

  /// Events at one instant. Watches no time: see watch.
  void record(instant at, bool good, count times = 1) {
    aggregate::counts events;
    events.record(good, times);
    record(period(at, at), events);
  }

  /// The rows of a series; each watches the time since the row before, but no more than
  /// `longest_row` (by default a width) before its own stamp: what a gap hid stays missing.
  /// Throws: std::domain_error unless longest_row is positive.
  void record(const sli::event_series& rows, std::optional<duration> longest_row = std::nullopt) {
    const duration reach = longest_row.value_or(options_.width);
    relia::detail::require_domain(reach > duration{0}, "slo::ledger::record", "longest_row",
                                  "positive", reach.count());
    instant before = rows.from();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const instant t = rows.times()[i];
      const instant from = t - before > reach ? t - reach : before;
      record(period(from, t), aggregate::counts(rows.good_sums()[i + 1] - rows.good_sums()[i],
                                                rows.bad_sums()[i + 1] - rows.bad_sums()[i]));
      before = t;
    }
  }

  /// The time was watched, whatever happened in it. Throws: std::domain_error.
  void watch(const period& watched) {
    if (watched.empty()) return;
    const std::int64_t first = index_of(watched.from());
    const std::int64_t last = index_of(watched.to() - duration(1));
    relia::detail::require_domain(last - first < longest, "slo::ledger", "the watched time",
                                  "at most 4194304 buckets long", last - first + 1);
    if (last > first && !buckets_.empty() && first <= buckets_.back().index) {
      ledger part(options_);  // inserting one by one would move the rest each time
      part.watch(watched);
      merge(part);
      return;
    }
    for (std::int64_t i = first; i <= last; ++i) {
      const period part = watched.clipped_to({edge(i), edge(i + 1)});
      const int begin = cells_before(part.from() - edge(i));
      const int end = cells_before(part.to() - edge(i));
      at(i).watched |= ((std::uint64_t{1} << (end - begin)) - 1) << begin;
    }
  }

  /// Throws: std::invalid_argument unless the options are equal. Cost: O(buckets of both).
  void merge(const ledger& other) {
    relia::detail::require_argument(other.options_.width == options_.width, "slo::ledger::merge",
                                    "width", "the same", other.options_.width.count());
    relia::detail::require_argument(other.options_.late_after == options_.late_after,
                                    "slo::ledger::merge", "late_after", "the same",
                                    other.options_.late_after.count());
    std::vector<ledger_bucket> all;
    all.reserve(buckets_.size() + other.buckets_.size());
    auto a = buckets_.begin();
    for (const ledger_bucket& b : other.buckets_) {
      while (a != buckets_.end() && a->index < b.index) all.push_back(*a++);
      all.push_back(b);
      if (a != buckets_.end() && a->index == b.index) all.back().merge(*a++);
    }
    all.insert(all.end(), a, buckets_.end());
    buckets_ = std::move(all);
  }

  [[nodiscard]] const ledger_options& options() const noexcept { return options_; }
  [[nodiscard]] duration width() const noexcept { return options_.width; }
  [[nodiscard]] bool empty() const noexcept { return buckets_.empty(); }
  /// The buckets that hold something, first to last.
  [[nodiscard]] std::span<const ledger_bucket> buckets() const noexcept { return buckets_; }
  /// From the start of the first bucket to the end of the last. Empty, at 1970, when empty.
  [[nodiscard]] period extent() const {
    return empty() ? period() : period(edge(buckets_.front().index), edge(last_edge()));
  }
  /// The last edge of the grid at or before t. Throws: std::domain_error at the clock's ends.
  [[nodiscard]] instant floor(instant t) const { return edge(index_of(t)); }

  /// visit(instant, const ledger_sum&) for each slice of the period, first to last; the last one
  /// may be shorter. Throws: std::invalid_argument unless the period's ends lie on the grid and
  /// `length` is a multiple of the width. Cost: O(slices + buckets of the period).
  template <class Visit>
  void each_slice(const period& of, duration length, Visit&& visit) const {
    require_on_grid("from", of.from());
    require_on_grid("to", of.to());
    relia::detail::require_argument(length > duration{0} && length % options_.width == duration{0},
                                    "slo::ledger", "the slice",
                                    "a positive multiple of the bucket's width", length.count());
    auto next =
        std::lower_bound(buckets_.begin(), buckets_.end(), of.empty() ? 0 : index_of(of.from()),
                         [](const ledger_bucket& b, std::int64_t i) { return b.index < i; });
    for (instant from = of.from(); from < of.to();) {
      const instant to = of.to() - from > length ? from + length : of.to();
      ledger_sum sum;
      for (; next != buckets_.end() && edge(next->index) < to; ++next) {
        sum.events.merge(next->events);
        sum.late.merge(next->late);
        sum.excess = aggregate::detail::saturating_add(sum.excess, next->excess);
        sum.watched_cells += std::popcount(next->watched);
      }
      visit(from, std::as_const(sum));
      from = to;
    }
  }

  /// All of the period. Throws: as each_slice.
  [[nodiscard]] ledger_sum sum(const period& of) const {
    ledger_sum all;
    if (of.empty()) return all;
    const duration whole = (of.length() / options_.width + 1) * options_.width;
    each_slice(of, whole, [&](instant, const ledger_sum& s) { all = s; });
    return all;
  }

  /// That many sixtieths of a bucket, as time.
  [[nodiscard]] real_seconds watched_time(count sixtieths) const noexcept {
    return real_seconds(options_.width) * (static_cast<double>(sixtieths) / cells);
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::ledger, 1);
    out.write(options_.width.count());
    out.write(options_.late_after.count());
    out.write(std::uint64_t{buckets_.size()});
    std::int64_t before = 0;
    for (const ledger_bucket& b : buckets_) {
      out.write_signed_varint(b.index - before);
      out.write(b.watched);
      for (const count c :
           {b.events.good(), b.events.bad(), b.late.good(), b.late.bad(), b.excess}) {
        out.write_varint(static_cast<std::uint64_t>(c));
      }
      before = b.index;
    }
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of a ledger.
  [[nodiscard]] static ledger from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::ledger, 1);
    const duration width(in.read_signed());
    const duration late_after(in.read_signed());
    in.check(width >= std::chrono::microseconds(1) && width <= std::chrono::days(366) &&
                 late_after >= duration{0},
             "hold a width and a lateness of the domain");
    ledger result({width, late_after});
    const std::size_t size = in.read_size(smallest_bucket);
    result.buckets_.reserve(size);
    const std::int64_t furthest = duration::max() / width - 2;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::int64_t step = in.read_signed_varint();
      in.check(step >= -furthest && step <= 2 * furthest && (i == 0 || step > 0),
               "hold the buckets by time");
      ledger_bucket b;
      b.index = before += step;
      in.check(b.index >= -furthest && b.index <= furthest, "lie within the clock's range");
      b.watched = in.read<std::uint64_t>();
      in.check(b.watched >> cells == 0, "watch sixty cells of a bucket at most");
      const auto pair = [&] {
        const count good = in.read_varint_count();
        return aggregate::counts(good, in.read_varint_count());
      };
      b.events = pair();
      b.late = pair();
      b.excess = in.read_varint_count();
      result.buckets_.push_back(b);
    }
    in.finish();
    return result;
  }

  friend bool operator==(const ledger&, const ledger&) = default;

 private:
  static constexpr const char* name = "slo::ledger";
  static constexpr std::size_t smallest_bucket = 14;  // bytes: a step, the cells, five counts

  [[nodiscard]] std::int64_t index_of(instant t) const {
    const std::int64_t ns = t.time_since_epoch().count();
    const std::int64_t width = options_.width.count();
    const std::int64_t index = ns / width - (ns % width < 0);
    const std::int64_t furthest = duration::max() / options_.width - 2;
    relia::detail::require_domain(index >= -furthest && index <= furthest, name, "the time",
                                  "two buckets inside the clock's range", ns);
    return index;
  }

  [[nodiscard]] instant edge(std::int64_t index) const noexcept {
    return instant(options_.width * index);
  }

  [[nodiscard]] std::int64_t last_edge() const noexcept { return buckets_.back().index + 1; }

  /// How many cells of a bucket have their middle before this much of it: contiguous rows share
  /// none.
  [[nodiscard]] int cells_before(duration into) const noexcept {
    const std::int64_t width = options_.width.count();
    return static_cast<int>((std::int64_t{2} * cells * into.count() + width - 1) / (2 * width));
  }

  [[nodiscard]] bool is_late(instant arrived, instant end) const noexcept {
    const auto ns = [](duration d) { return static_cast<std::uint64_t>(d.count()); };
    return arrived > end &&  // unsigned: they may be 584 years apart
           ns(arrived.time_since_epoch()) - ns(end.time_since_epoch()) > ns(options_.late_after);
  }

  void require_on_grid(const char* end, instant t) const {
    relia::detail::require_argument(t.time_since_epoch() % options_.width == duration{0}, name, end,
                                    "an edge of the grid of buckets (see floor)",
                                    t.time_since_epoch().count());
  }

  ledger_bucket& at(std::int64_t index) {
    if (buckets_.empty() || buckets_.back().index < index) {
      buckets_.push_back({.index = index});
      return buckets_.back();
    }
    const auto found =
        std::lower_bound(buckets_.begin(), buckets_.end(), index,
                         [](const ledger_bucket& b, std::int64_t i) { return b.index < i; });
    return found->index == index ? *found : *buckets_.insert(found, {.index = index});
  }

  ledger_options options_;
  std::vector<ledger_bucket> buckets_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
