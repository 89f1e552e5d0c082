// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is the mean of a long correlated series, and when is it long enough? The series is cut
/// into batches that double in length as it grows, so that their number stays between 32 and 64 and
/// their means become as good as independent. The first eighth is left out: what it remembers of
/// the empty start. A check is due whenever 48 or 64 batches are full. The interval is Student's t
/// over the batches; it is believed once von Neumann's ratio sees no correlation between
/// neighbours. Ref: Law and Carson, Operations Research 27 (1979); Fishman and Yarberry, INFORMS
/// Journal on Computing 9 (1997); Glynn and Whitt, Annals of Applied Probability 2 (1992), for
/// stopping at a relative width; von Neumann, Annals of Mathematical Statistics 12 (1941).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The mean of batches of a series, and Student's t, made right for their skewness.
inline constexpr method batch_means{"batch_means"};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// The batches of a series. `Batch` is what is kept of each: it has += and an empty value.
template <class Batch>
class doubling_batches {
 public:
  /// `length`: observations in a batch, to begin with.
  explicit doubling_batches(count length, Batch empty = {})
      : empty_(std::move(empty)), length_(length), current_(empty_) {}

  /// The batch that an observation goes to.
  [[nodiscard]] Batch& current() noexcept { return current_; }

  /// One observation is complete. Returns whether it completes a batch: then call `close`.
  [[nodiscard]] bool next() noexcept { return ++observed_ == length_; }

  /// Ends the current batch. Returns whether a check is due, of `used`; if it fails, `extend`.
  [[nodiscard]] bool close() {
    full_.push_back(std::exchange(current_, empty_));
    observed_ = 0;
    return full_.size() == most || full_.size() == most / 4 * 3;
  }

  /// Makes room for longer batches.
  void extend() {
    if (full_.size() < most) return;
    for (std::size_t i = 0; i < most / 2; ++i) {
      Batch pair = std::move(full_[2 * i]);
      pair += full_[2 * i + 1];
      full_[i] = std::move(pair);
    }
    full_.resize(most / 2);
    length_ *= 2;
  }

  /// The full batches without the first eighth.
  [[nodiscard]] std::span<const Batch> used() const noexcept {
    return std::span<const Batch>(full_).subspan(full_.size() / 8);
  }

 private:
  static constexpr std::size_t most = 64;

  Batch empty_;
  count length_;
  count observed_ = 0;
  std::vector<Batch> full_;
  Batch current_;
};

/// A ratio of sums over batches with its standard error.
struct batch_ratio {
  double value = 0;
  double standard_error = 0;
  double freedom = 0;
  double skewness = 0;       ///< of the batches
  bool independent = false;  ///< neighbouring batches look so

  /// Where t of the mean of skewed batches is, rather than at t: longer on the side that rare long
  /// batches are on. Ref: Johnson, JASA 73 (1978); Hall, JRSS B 54 (1992), eq. 8, for the cubic
  /// that keeps it monotone.
  [[nodiscard]] double skewed(double t) const noexcept {
    const double shift = skewness / (6 * std::sqrt(freedom + 1));
    if (std::abs(shift) < 1e-8) return t;
    return (std::cbrt(1 + 6 * shift * (t - shift)) - 1) / (2 * shift);
  }

  [[nodiscard]] relia::interval<double> interval(double confidence_level) const {
    const double t =
        stats::detail::student_deviate(freedom, tail_probability(confidence_level, sides::both));
    return {value - skewed(t) * standard_error, value - skewed(-t) * standard_error,
            confidence_level};
  }
  /// The longer side of the interval.
  [[nodiscard]] double half_width(double confidence_level) const {
    const auto [lower, upper, level] = interval(confidence_level);
    return std::max(value - lower, upper - value);
  }
};

/// sum of numerator(batch) over sum of denominator(batch), by the linear part of the deviations.
template <class Batch, class Numerator, class Denominator>
[[nodiscard]] batch_ratio ratio_of(std::span<const Batch> batches, const Numerator& numerator,
                                   const Denominator& denominator) {
  double above = 0;
  double below = 0;
  for (const Batch& b : batches) {
    above += numerator(b);
    below += denominator(b);
  }
  batch_ratio ratio;
  const auto n = static_cast<double>(batches.size());
  ratio.value = above / below;
  ratio.freedom = n - 1;
  double squares = 0;
  double cubes = 0;
  double steps = 0;
  double before = 0;
  bool first = true;
  for (const Batch& b : batches) {
    const double off = numerator(b) - ratio.value * denominator(b);
    squares += off * off;
    cubes += off * off * off;
    if (!first) steps += (off - before) * (off - before);
    before = off;
    first = false;
  }
  ratio.standard_error = std::sqrt(squares * n / (n - 1)) / std::abs(below);
  if (squares > 0) {
    const double unbiased = std::sqrt(n * (n - 1)) / (n - 2);
    ratio.skewness = unbiased * std::sqrt(n) * cubes / (squares * std::sqrt(squares));
  }
  // 1 - steps / (2 squares) is the correlation of neighbours: of independent ones about normal with
  // variance (n - 2) / (n^2 - 1). One in ten of these is sent on for a longer look.
  constexpr double one_in_ten = 1.2815515655446004;
  const double correlation = squares > 0 ? 1 - steps / (2 * squares) : 0;
  ratio.independent = correlation * std::sqrt((n * n - 1) / (n - 2)) < one_in_ten;
  return ratio;
}

/// Stops at a relative width. The widest of this check's and the two before's estimates of the
/// standard error counts, each carried to the present length: a run would else stop where its
/// variance happens to look small, and be wrong there. `widening`: the widest over this check's.
class stopping_rule {
 public:
  stopping_rule(double relative_half_width, double confidence_level) noexcept
      : wanted_(relative_half_width), level_(confidence_level) {}

  [[nodiscard]] bool met(const batch_ratio& r, count steps) {
    const double root = std::sqrt(static_cast<double>(steps));
    const double scale = r.half_width(level_) * root;
    const double widest = std::max({scale, before_[0], before_[1]});
    before_ = {scale, before_[0]};
    widening_ = scale > 0 ? widest / scale : 1;
    return r.independent && widest <= wanted_ * std::abs(r.value) * root;
  }
  [[nodiscard]] double widening() const noexcept { return widening_; }

 private:
  double wanted_;
  double level_;
  std::array<double, 2> before_{};
  double widening_ = 1;
};

/// A ratio that lies in [0, most], as an answer. What never happened, or always, has a bound as if
/// each batch were one trial.
[[nodiscard]] inline estimate<double> answer_of(const batch_ratio& r, double confidence_level,
                                                count steps, double most) {
  if (!std::isfinite(r.value)) return no_data<double>(batch_means, confidence_level, 0, most);
  estimate<double> answer;
  answer.value = r.value;
  answer.n = steps;
  answer.method = batch_means;
  answer.interval = r.interval(confidence_level);
  if (most == 1 && r.standard_error == 0) {
    const double rare = std::pow(1 - confidence_level, 1 / (r.freedom + 1));
    if (r.value == 0) answer.interval.upper = 1 - rare;
    if (r.value == 1) answer.interval.lower = rare;
  }
  answer.interval.lower = std::max(answer.interval.lower, 0.0);
  answer.interval.upper = std::min(answer.interval.upper, most);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
