// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long does one service take, and how much does it vary? The laws that M/G/1, GI/M/c,
/// priorities and SRPT are built on, as a service time or as the time between arrivals. Each knows
/// its mean (from 1e-100 to 1e100), its squared coefficient of variation (scv), two more moments,
/// its Laplace transform, E min(S, t) as limited_mean(t), where it has one, its density, and how to
/// draw from it.
/// `lognormal_time` stands in lognormal_time.hpp, `empirical_time`, what was measured, in
/// empirical_time.hpp. Ref: Whitt, "Approximating a
/// point process by a renewal process", Operations Research 30 (1982), for the hyperexponential of
/// a given scv.

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/detail/complex.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// A law of a positive time. complement(s) = 1 - E exp(-s T). excess(s) = 1 - (1 - E exp(-s T)) /
/// (s mean), the same of the time that an observer at random sees left: both without cancellation
/// at s = 0. transform(s) = E exp(-s T), for s >= 0. decay_limit(): the supremum of the theta with
/// E exp(theta T) finite. smooth: whether the law has no atoms and no corners.
template <class T>
concept service_time = requires(const T& t, std::complex<double> s) {
  { t.mean() } -> std::same_as<double>;
  { t.scv() } -> std::same_as<double>;
  { t.second_moment() } -> std::same_as<double>;
  { t.third_moment() } -> std::same_as<double>;
  { t.complement(s) } -> std::same_as<std::complex<double>>;
  { t.excess(s) } -> std::same_as<std::complex<double>>;
  { t.transform(1.0) } -> std::same_as<double>;
  { t.decay_limit() } -> std::same_as<double>;
  { T::smooth } -> std::convertible_to<bool>;
};

/// One that has a density.
template <class T>
concept continuous_service_time = service_time<T> && requires(const T& t, double x) {
  { t.pdf(x) } -> std::same_as<double>;
  { t.survival(x) } -> std::same_as<double>;
  { t.limited_mean(x) } -> std::same_as<double>;
};

/// One that can be drawn: draw(random, n) is the n-th of independent times of the law, a function
/// of the stream and n alone.
template <class T>
concept random_service_time = service_time<T> &&
    requires(const T& t, const stats::random_stream& random, std::uint64_t n) {
  { t.draw(random, n) } -> std::same_as<double>;
};

namespace detail {

/// A mean whose cube is a number.
inline void require_time(std::string_view where, std::string_view name, double mean) {
  relia::detail::require_positive(where, name, mean);
  relia::detail::require_domain(mean >= 1e-100 && mean <= 1e100, where, name,
                                "from 1e-100 to 1e100", mean);
}

}  // namespace detail

/// Memoryless. Domain: mean > 0. Throws: std::domain_error.
class exponential_time {
 public:
  static constexpr bool smooth = true;
  explicit exponential_time(double mean) : mean_(mean) {
    detail::require_time("queueing::exponential_time", "mean", mean);
  }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double scv() const noexcept { return 1; }
  [[nodiscard]] double second_moment() const noexcept { return 2 * mean_ * mean_; }
  [[nodiscard]] double third_moment() const noexcept { return 6 * mean_ * mean_ * mean_; }
  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const noexcept {
    return 1.0 / (1.0 + 1.0 / (s * mean_));  // a quotient of two huge numbers would be NaN
  }
  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const noexcept {
    return complement(s);
  }
  [[nodiscard]] double transform(double s) const noexcept { return 1 / (1 + s * mean_); }
  [[nodiscard]] double decay_limit() const noexcept { return 1 / mean_; }
  [[nodiscard]] double pdf(double x) const noexcept {
    return x < 0 ? 0 : std::exp(-x / mean_) / mean_;
  }
  [[nodiscard]] double survival(double x) const noexcept {
    return x < 0 ? 1 : std::exp(-x / mean_);
  }
  [[nodiscard]] double draw(const stats::random_stream& random, std::uint64_t n) const noexcept {
    return mean_ * random.exponential(n);
  }
  [[nodiscard]] double limited_mean(double t) const noexcept {
    return -mean_ * std::expm1(-t / mean_);
  }

 private:
  double mean_;
};

/// Always the same. Domain: mean > 0. Throws: std::domain_error.
class deterministic_time {
 public:
  static constexpr bool smooth = false;
  explicit deterministic_time(double mean) : mean_(mean) {
    detail::require_time("queueing::deterministic_time", "mean", mean);
  }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double scv() const noexcept { return 0; }
  [[nodiscard]] double second_moment() const noexcept { return mean_ * mean_; }
  [[nodiscard]] double third_moment() const noexcept { return mean_ * mean_ * mean_; }
  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const noexcept {
    return -detail::expm1(-s * mean_);
  }
  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const noexcept {
    return detail::one_minus_decay(s * mean_);
  }
  [[nodiscard]] double transform(double s) const noexcept { return std::exp(-s * mean_); }
  [[nodiscard]] double decay_limit() const noexcept {
    return std::numeric_limits<double>::infinity();
  }
  [[nodiscard]] double draw(const stats::random_stream& /*random*/,
                            std::uint64_t /*n*/) const noexcept {
    return mean_;
  }
  [[nodiscard]] double limited_mean(double t) const noexcept { return std::min(t, mean_); }

 private:
  double mean_;
};

/// The sum of `stages` exponential times: less variable than one, scv 1 / stages.
/// Domain: stages from 1 to 10000, mean > 0. Throws: std::domain_error.
class erlang_time {
 public:
  static constexpr bool smooth = true;
  erlang_time(count stages, double mean) : stages_(static_cast<double>(stages)), mean_(mean) {
    relia::detail::require_domain(stages >= 1 && stages <= 10'000, "queueing::erlang_time",
                                  "stages", "from 1 to 10000", stages);
    detail::require_time("queueing::erlang_time", "mean", mean);
  }
  [[nodiscard]] count stages() const noexcept { return static_cast<count>(stages_); }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double scv() const noexcept { return 1 / stages_; }
  [[nodiscard]] double second_moment() const noexcept { return (1 + 1 / stages_) * mean_ * mean_; }
  [[nodiscard]] double third_moment() const noexcept {
    return (1 + 1 / stages_) * (1 + 2 / stages_) * mean_ * mean_ * mean_;
  }
  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const noexcept {
    return -detail::expm1(-stages_ * detail::log1p(s * (mean_ / stages_)));
  }
  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const noexcept {
    const std::complex<double> x = s * mean_;
    if (std::norm(x) > 0.01) return 1.0 - complement(s) / x;
    // The binomial series of complement, less its first term.
    std::complex<double> term = 1;
    std::complex<double> sum = 0;
    for (int n = 2; n < 18; ++n) {  // 0.1^17 leaves nothing
      term *= -x * ((1 + (n - 1) / stages_) / n);
      sum -= term;
    }
    return sum;
  }
  [[nodiscard]] double transform(double s) const noexcept {
    return std::exp(-stages_ * std::log1p(s * (mean_ / stages_)));
  }
  [[nodiscard]] double decay_limit() const noexcept { return stages_ / mean_; }
  [[nodiscard]] double pdf(double x) const noexcept {
    if (!(x >= 0)) return x < 0 ? 0 : x;
    return boost::math::gamma_p_derivative(stages_, x * stages_ / mean_,
                                           relia::detail::quiet_policy()) *
           stages_ / mean_;
  }
  [[nodiscard]] double survival(double x) const noexcept {
    if (!(x >= 0)) return x < 0 ? 1 : x;
    return boost::math::gamma_q(stages_, x * stages_ / mean_, relia::detail::quiet_policy());
  }
  /// Cost: up to 16 stages one random number each, beyond one and an inverse gamma function.
  [[nodiscard]] double draw(const stats::random_stream& random, std::uint64_t n) const {
    const auto k = static_cast<std::uint64_t>(stages_);
    if (k > 16) {  // a product of more of them could underflow
      return mean_ / stages_ *
             boost::math::gamma_q_inv(stages_, random.uniform(n), relia::detail::quiet_policy());
    }
    double product = 1;
    for (std::uint64_t i = 0; i < k; ++i) product *= random.uniform(n * k + i);
    return -std::log(product) * (mean_ / stages_);
  }
  [[nodiscard]] double limited_mean(double t) const noexcept {
    if (!(t < std::numeric_limits<double>::infinity())) return mean_;
    return mean_ * boost::math::gamma_p(stages_ + 1, t * stages_ / mean_,
                                        relia::detail::quiet_policy()) +
           t * survival(t);
  }

 private:
  double stages_;
  double mean_;
};

/// One of several exponential times, drawn per request: the cached and the slow.
class hyperexponential_time {
 public:
  static constexpr bool smooth = true;

  /// Domain: as many probabilities as means, >= 1; probabilities > 0 that add up to 1 within 1e-12;
  /// means > 0. Throws: std::domain_error, std::invalid_argument.
  hyperexponential_time(std::span<const double> probabilities, std::span<const double> means)
      : probabilities_(probabilities.begin(), probabilities.end()),
        means_(means.begin(), means.end()) {
    constexpr std::string_view where = "queueing::hyperexponential_time";
    relia::detail::require_argument(!probabilities.empty(), where, "probabilities", "not empty",
                                    probabilities.size());
    relia::detail::require_same_size(where, "means", means.size(), probabilities.size());
    double total = 0;
    for (const double p : probabilities) {
      relia::detail::require_positive(where, "probabilities", p);
      total += p;
    }
    relia::detail::require_domain(std::abs(total - 1) <= 1e-12, where, "sum of probabilities", "1",
                                  total);
    for (const double m : means) detail::require_time(where, "means", m);
  }

  /// Two phases with balanced means of a given mean and scv. Domain: mean > 0, scv >= 1 and finite.
  [[nodiscard]] static hyperexponential_time of_scv(double mean, double scv) {
    constexpr std::string_view where = "queueing::hyperexponential_time";
    detail::require_time(where, "mean", mean);
    relia::detail::require_domain(scv >= 1 && relia::detail::is_finite(scv), where, "scv",
                                  "at least 1 and finite", scv);
    // q = (1 - sqrt((c - 1) / (c + 1))) / 2, by its conjugate: it vanishes for a large scv.
    const double q = 1 / ((scv + 1) * (1 + std::sqrt((scv - 1) / (scv + 1))));
    const std::array<double, 2> probabilities{1 - q, q};
    const std::array<double, 2> means{mean / (2 * (1 - q)), mean / (2 * q)};
    return {probabilities, means};
  }

  [[nodiscard]] std::span<const double> probabilities() const noexcept { return probabilities_; }
  [[nodiscard]] std::span<const double> means() const noexcept { return means_; }
  [[nodiscard]] double mean() const noexcept { return moment(1, 1); }
  [[nodiscard]] double scv() const noexcept {
    double spread = 0;  // 2 E m^2 - (E m)^2 = (E m)^2 + 2 Var m
    for (std::size_t i = 0; i < means_.size(); ++i) {
      spread += probabilities_[i] * (means_[i] / mean() - 1) * (means_[i] / mean() - 1);
    }
    return 1 + 2 * spread;
  }
  [[nodiscard]] double second_moment() const noexcept { return moment(2, 2); }
  [[nodiscard]] double third_moment() const noexcept { return moment(3, 6); }
  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const noexcept {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      sum += probabilities_[i] / (1.0 + 1.0 / (s * means_[i]));
    }
    return sum;
  }
  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const noexcept {
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      sum += probabilities_[i] * means_[i] / (1.0 + 1.0 / (s * means_[i]));
    }
    return sum / mean();
  }
  [[nodiscard]] double transform(double s) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) sum += probabilities_[i] / (1 + s * means_[i]);
    return sum;
  }
  [[nodiscard]] double decay_limit() const noexcept {
    double longest = 0;
    for (const double m : means_) longest = std::max(longest, m);
    return 1 / longest;
  }
  [[nodiscard]] double pdf(double x) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < means_.size() && !(x < 0); ++i) {
      sum += probabilities_[i] * std::exp(-x / means_[i]) / means_[i];
    }
    return sum;
  }
  [[nodiscard]] double survival(double x) const noexcept {
    if (x < 0) return 1;
    double sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      sum += probabilities_[i] * std::exp(-x / means_[i]);
    }
    return sum;
  }
  [[nodiscard]] double draw(const stats::random_stream& random, std::uint64_t n) const noexcept {
    double left = random.uniform(2 * n);
    std::size_t phase = 0;
    while (phase + 1 < means_.size() && left >= probabilities_[phase]) {
      left -= probabilities_[phase++];
    }
    return means_[phase] * random.exponential(2 * n + 1);
  }
  [[nodiscard]] double limited_mean(double t) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      sum -= probabilities_[i] * means_[i] * std::expm1(-t / means_[i]);
    }
    return sum;
  }

 private:
  [[nodiscard]] double moment(int power, double factor) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      double term = probabilities_[i] * factor;
      for (int k = 0; k < power; ++k) term *= means_[i];
      sum += term;
    }
    return sum;
  }

  std::vector<double> probabilities_;
  std::vector<double> means_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
