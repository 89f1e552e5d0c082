// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which fraction of requests was slower than the objective allows? Works on whatever keeps
/// latencies: a histogram, classic buckets, a small sample, raw values. Where the threshold lies
/// between two buckets, nobody knows how many requests met it: bad_fraction and attainment of what
/// is returned here then hold both that doubt and the sampling. A NaN is a valid request that was
/// not good.

#include <cmath>
#include <concepts>
#include <span>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/bounded_counts.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// What keeps latencies: `count()` of all but NaN, `nans()`, and `at_most(x)`, how many are <= x.
template <class T>
concept latency_shape = requires(const T& shape, double x) {
  { shape.count() } -> std::convertible_to<relia::count>;
  { shape.nans() } -> std::convertible_to<relia::count>;
  { shape.at_most(x) } -> std::convertible_to<aggregate::bounded>;
};

/// Raw latencies as a latency_shape; does not own them. Each question costs O(n).
class raw_latencies {
 public:
  explicit constexpr raw_latencies(std::span<const double> values) noexcept : values_(values) {}

  [[nodiscard]] relia::count count() const noexcept {
    return static_cast<relia::count>(values_.size()) - nans();
  }
  [[nodiscard]] relia::count nans() const noexcept {
    return how_many([](double v) { return std::isnan(v); });
  }
  [[nodiscard]] aggregate::bounded at_most(double x) const noexcept {
    const auto n = static_cast<double>(how_many([x](double v) { return v <= x; }));
    return {n, n, n, relia::state::ok};
  }

 private:
  template <class Predicate>
  [[nodiscard]] relia::count how_many(Predicate holds) const noexcept {
    relia::count n = 0;
    for (const double v : values_) n += holds(v);
    return n;
  }

  std::span<const double> values_;
};

namespace detail {

/// The events of a shape of which `good` are good. Bounds of a whole number are rounded inwards.
[[nodiscard]] inline bounded_counts split_valid(const aggregate::bounded& good, count valid) {
  const auto within = [valid](double g) {
    return g <= 0 ? count{0} : g >= static_cast<double>(valid) ? valid : static_cast<count>(g);
  };
  const auto split = [valid](count g) { return aggregate::counts(g, valid - g); };
  const count fewest = within(std::ceil(good.lower));
  const count most = within(std::floor(good.upper));
  return {split(fewest), split(most), split(within(std::nearbyint(good.value)))};
}

template <latency_shape Shape>
[[nodiscard]] bounded_counts events_at(const Shape& shape, double threshold) {
  const count recorded = shape.count();
  const count valid = recorded + shape.nans();
  if (recorded == 0) return split_valid({0, 0, 0, state::ok}, valid);
  return split_valid(shape.at_most(threshold), valid);
}

}  // namespace detail

/// The events of a shape, good where the latency is <= threshold. NaN is bad, and so is an infinite
/// latency unless the threshold is infinite. Domain: any threshold but NaN, in the shape's unit.
/// Throws: std::domain_error. Cost: that of the shape's at_most.
template <latency_shape Shape>
[[nodiscard]] bounded_counts events_within(const Shape& shape, double threshold) {
  relia::detail::require_domain(!std::isnan(threshold), "sli::events_within", "threshold",
                                "a number in the unit of the latencies", threshold);
  return detail::events_at(shape, threshold);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
