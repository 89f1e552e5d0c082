// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long did requests take, in buckets whose bounds the user chose: the classic Prometheus
/// histogram. Bucket i holds (bound[i-1], bound[i]], the last one what lies above every bound, so
/// the count at or below a bound is exact: put the objective's thresholds among the bounds.
/// Recording allocates nothing and never throws. Infinities are counted apart, and so is NaN, a
/// valid event that is never a good one.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/detail/bucket_ends.hpp>
#include <relia/aggregate/detail/rank.hpp>
#include <relia/aggregate/detail/sums.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

class explicit_histogram {
 public:
  /// Domain: bounds finite and strictly increasing, at least one. Throws: std::domain_error,
  /// std::invalid_argument.
  explicit explicit_histogram(std::span<const double> bounds)
      : bounds_(bounds.begin(), bounds.end()), cells_(bounds.size() + 1) {
    constexpr auto where = "aggregate::explicit_histogram";
    relia::detail::require_argument(!bounds.empty(), where, "bounds", "at least one",
                                    bounds.size());
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      relia::detail::require_finite(where, "bounds", bounds[i]);
      relia::detail::require_argument(i == 0 || bounds[i - 1] < bounds[i], where, "bounds",
                                      "strictly increasing", relia::detail::row{i});
    }
  }

  /// Cost: O(log buckets).
  void record(double x) noexcept {
    if (std::isfinite(x)) [[likely]] {
      add(cells_[cell_of(x)], 1);
      zeros_ += x == 0 && zeros_ != most;
      sum_.add<detail::owned>(x);
      if (x < min_) min_ = x;
      if (x > max_) max_ = x;
    } else if (std::isnan(x)) {
      add(nans_, 1);
    } else {
      add(x > 0 ? positive_infinities_ : negative_infinities_, 1);
    }
  }

  void record(std::span<const double> values) noexcept {
    for (const double x : values) record(x);
  }

  /// Throws: std::invalid_argument unless the bounds are equal.
  void merge(const explicit_histogram& other) {
    require_same_bounds("aggregate::explicit_histogram::merge", other);
    extremes_lost_ = extremes_lost_ || other.extremes_lost_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    each_count(other, [](relia::count& to, relia::count by) { add(to, by); });
    sum_.merge(other.sum_);
  }

  /// Takes away an earlier state or a part. The extremes are then known to a bucket only. Throws:
  /// std::invalid_argument unless the bounds are equal and this holds the part.
  void subtract(const explicit_histogram& part) {
    constexpr auto where = "aggregate::explicit_histogram::subtract";
    require_same_bounds(where, part);
    each_count(part, [&](relia::count& mine, relia::count by) {
      relia::detail::require_argument(by <= mine, where, "part", "a part of the histogram", by);
    });
    each_count(part, [](relia::count& from, relia::count by) { from -= by; });
    sum_.subtract(part.sum_);
    extremes_lost_ = extremes_lost_ || !part.empty();
    if (finite() > 0) return;
    sum_ = {};
    extremes_lost_ = false;
    min_ = infinite;
    max_ = -infinite;
  }

  /// Everything recorded but NaN.
  [[nodiscard]] relia::count count() const noexcept {
    relia::count n = finite();
    add(n, negative_infinities_);
    add(n, positive_infinities_);
    return n;
  }
  [[nodiscard]] relia::count nans() const noexcept { return nans_; }
  [[nodiscard]] relia::count positive_infinities() const noexcept { return positive_infinities_; }
  [[nodiscard]] relia::count negative_infinities() const noexcept { return negative_infinities_; }
  /// Values equal to 0; they are in their bucket as well.
  [[nodiscard]] relia::count zeros() const noexcept { return zeros_; }
  /// Of the finite values, compensated: right to the last digits whatever the order.
  [[nodiscard]] double sum() const noexcept { return sum_.value(); }
  /// Of all but NaN. Exact, but after a subtraction known to a bucket only.
  [[nodiscard]] bounded min() const noexcept {
    if (negative_infinities_ > 0) return exactly(-infinite);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (cells_[i] > 0) return extreme(min_, ends_of(i));
    }
    return positive_infinities_ > 0 ? exactly(infinite) : bounded{};
  }
  [[nodiscard]] bounded max() const noexcept {
    if (positive_infinities_ > 0) return exactly(infinite);
    for (std::size_t i = cells_.size(); i-- > 0;) {
      if (cells_[i] > 0) return extreme(max_, ends_of(i));
    }
    return negative_infinities_ > 0 ? exactly(-infinite) : bounded{};
  }
  [[nodiscard]] bool empty() const noexcept { return count() == 0 && nans_ == 0; }
  /// Whether a count, or their sum, has reached the end of its range.
  [[nodiscard]] bool saturated() const noexcept { return count() == most || nans_ == most; }

  [[nodiscard]] std::span<const double> bounds() const noexcept { return bounds_; }
  /// Finite values per bucket: one more than there are bounds.
  [[nodiscard]] std::span<const relia::count> counts() const noexcept { return cells_; }

  /// For asking many questions of one state.
  [[nodiscard]] explicit_histogram snapshot() const { return *this; }

  /// The smallest recorded value with at least level of all at or below it: the bucket it is in,
  /// cut to the extremes where they are known, and the line across the bucket as the point.
  /// Domain: 0 <= level <= 1. Throws: std::domain_error. Cost: O(buckets).
  [[nodiscard]] bounded quantile(double level) const {
    relia::detail::require_fraction("aggregate::explicit_histogram::quantile", "level", level);
    const relia::count n = count();
    if (n == 0) return {};
    const relia::count rank = detail::rank_of(level, n);
    if (rank <= negative_infinities_) return exactly(-infinite);
    relia::count before = negative_infinities_;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (rank - before <= cells_[i]) {
        const detail::bucket_ends in = ends_of(i);
        const double share =
            (static_cast<double>(rank - before) - 0.5) / static_cast<double>(cells_[i]);
        return {in.at(share), in.lower, in.upper, state::ok};
      }
      before += cells_[i];
    }
    return exactly(infinite);
  }

  /// How many recorded values are at most x; exact where x is a bound. Throws: std::domain_error
  /// for NaN. Cost: O(buckets).
  [[nodiscard]] bounded at_most(double x) const {
    relia::detail::require_number("aggregate::explicit_histogram::at_most", "x", x);
    if (x == infinite) return exactly(static_cast<double>(count()));
    relia::count before = negative_infinities_;
    if (x == -infinite) return exactly(static_cast<double>(before));
    const std::size_t at = cell_of(x);
    for (std::size_t i = 0; i < at; ++i) add(before, cells_[i]);
    relia::count upto = before;
    add(upto, cells_[at]);
    const detail::bucket_ends in = ends_of(at);
    if (x >= in.upper) return exactly(static_cast<double>(upto));
    if (x < in.lower || before == upto) return exactly(static_cast<double>(before));
    const auto least = static_cast<double>(before);
    const auto largest = static_cast<double>(upto);
    const double point = least + static_cast<double>(cells_[at]) * in.share_below(x);
    return {std::min(point, largest), least, largest, state::ok};
  }

  /// at_most(x) of everything recorded: a NaN is a valid event that is never good.
  [[nodiscard]] bounded fraction_at_most(double x) const {
    const bounded good = at_most(x);
    const double all = static_cast<double>(count()) + static_cast<double>(nans_);
    if (all == 0) return {};
    return {good.value / all, good.lower / all, good.upper / all, state::ok};
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::explicit_histogram, 1);
    out.write(static_cast<std::uint64_t>(bounds_.size()));
    for (const double b : bounds_) out.write(b);
    for (const relia::count c : cells_) out.write_varint(static_cast<std::uint64_t>(c));
    for (const relia::count c : {nans_, positive_infinities_, negative_infinities_, zeros_}) {
      out.write_varint(static_cast<std::uint64_t>(c));
    }
    sum_.write(out);
    out.write(static_cast<std::uint8_t>(extremes_lost_));
    out.write(min_);
    out.write(max_);
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of such a histogram.
  [[nodiscard]] static explicit_histogram from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::explicit_histogram, 1);
    std::vector<double> bounds(in.read_size(sizeof(double)));
    in.check(!bounds.empty(), "hold a bound");
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      bounds[i] = in.read_real();
      in.check(std::isfinite(bounds[i]) && (i == 0 || bounds[i - 1] < bounds[i]),
               "hold finite bounds that increase");
    }
    explicit_histogram h(bounds);
    for (relia::count& c : h.cells_) c = in.read_varint_count();
    for (auto* c : {&h.nans_, &h.positive_infinities_, &h.negative_infinities_, &h.zeros_}) {
      *c = in.read_varint_count();
    }
    in.check(h.zeros_ <= h.cells_[h.cell_of(0.0)], "hold no more zeros than their bucket");
    h.sum_ = detail::compensated_sum::read(in);
    in.check(!std::isnan(h.sum()), "hold a sum");
    const auto lost = in.read<std::uint8_t>();
    in.check(lost <= 1, "say whether the extremes were lost");
    h.extremes_lost_ = lost == 1;
    h.min_ = in.read_real();
    h.max_ = in.read_real();
    in.check(h.finite() == 0 ? h.min_ == infinite && h.max_ == -infinite : h.extremes_fit(),
             "hold extremes that lie in their buckets");
    in.finish();
    return h;
  }

  friend bool operator==(const explicit_histogram&, const explicit_histogram&) = default;

 private:
  static constexpr relia::count most = std::numeric_limits<relia::count>::max();
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  static constexpr void add(relia::count& to, relia::count by) noexcept {
    to = to > most - by ? most : to + by;
  }
  [[nodiscard]] static bounded exactly(double x) noexcept { return {x, x, x, state::ok}; }
  [[nodiscard]] bounded extreme(double x, const detail::bucket_ends& in) const noexcept {
    return extremes_lost_ ? bounded{in.at(0.5), in.lower, in.upper, state::ok} : exactly(x);
  }
  /// The first bucket whose bound is at least x.
  [[nodiscard]] std::size_t cell_of(double x) const noexcept {
    const double* base = bounds_.data();
    std::size_t left = bounds_.size();
    while (left > 1) {
      const std::size_t half = left / 2;
      base += half * static_cast<std::size_t>(base[half - 1] < x);  // no branch to mispredict
      left -= half;
    }
    return static_cast<std::size_t>(base - bounds_.data()) + (*base < x);
  }

  [[nodiscard]] relia::count finite() const noexcept {
    relia::count n = 0;
    for (const relia::count c : cells_) add(n, c);
    return n;
  }

  /// Where the values of a bucket may lie; what a subtraction left lies within the old extremes.
  [[nodiscard]] detail::bucket_ends ends_of(std::size_t i) const noexcept {
    const double lower = i == 0 ? -infinite : bounds_[i - 1];
    if (i == bounds_.size()) return {std::max(lower, min_), max_};
    return {std::max(lower, min_), std::min(bounds_[i], max_)};
  }

  [[nodiscard]] bool extremes_fit() const noexcept {
    if (!std::isfinite(min_) || !std::isfinite(max_) || min_ > max_) return false;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const detail::bucket_ends in = ends_of(i);
      if (cells_[i] > 0 && in.lower > in.upper) return false;
    }
    return true;
  }

  void require_same_bounds(std::string_view where, const explicit_histogram& other) const {
    relia::detail::require_argument(bounds_ == other.bounds_, where, "bounds",
                                    "those of the other histogram", other.bounds_.size());
  }

  template <class F>
  void each_count(const explicit_histogram& other, F&& f) {
    for (std::size_t i = 0; i < cells_.size(); ++i) f(cells_[i], other.cells_[i]);
    f(nans_, other.nans_);
    f(positive_infinities_, other.positive_infinities_);
    f(negative_infinities_, other.negative_infinities_);
    f(zeros_, other.zeros_);
  }

  std::vector<double> bounds_;
  std::vector<relia::count> cells_;
  relia::count nans_ = 0;
  relia::count positive_infinities_ = 0;
  relia::count negative_infinities_ = 0;
  relia::count zeros_ = 0;
  detail::compensated_sum sum_;
  bool extremes_lost_ = false;
  double min_ = infinite;
  double max_ = -infinite;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
