// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Simulated traffic, step by step (a minute, by default). The model: good events are Poisson; bad
/// events come in clusters that are Poisson in time, of geometric size with the mean (dispersion +
/// 1) / 2, each within one step. A dispersion of 1 gives independent errors. The rate may follow
/// the hours of a day. Seeded: the same numbers on every machine and in any order of calls.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/detail/clustered_tail.hpp>
#include <relia/slo/detail/poisson_draw.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `events_per_hour`: the mean over a day. `hours`: what each hour of the day has of it, relative
/// to the others; empty for the same all day. `dispersion`: variance over mean of the bad events.
struct workload {
  double events_per_hour = 0;
  double dispersion = 1;
  std::vector<double> hours{};
};

namespace detail {

/// The draws of a step, for each hour of the day and one error ratio.
class step_draws {
 public:
  step_draws(const workload& load, double error_ratio, duration step)
      : again_((load.dispersion - 1) / (load.dispersion + 1)) {
    const double mean = load.events_per_hour * (real_seconds(step) / std::chrono::hours(1));
    const std::size_t hours = load.hours.empty() ? 1 : load.hours.size();
    double total = 0;
    for (const double h : load.hours) total += h;
    for (std::size_t h = 0; h < hours; ++h) {
      const double part =
          load.hours.empty() ? 1.0 : load.hours[h] / total * static_cast<double>(hours);
      good_.emplace_back(mean * part * (1 - error_ratio));
      clusters_.emplace_back(batches_of(mean * part * error_ratio, load.dispersion));
    }
  }

  [[nodiscard]] count good(std::size_t hour, std::uint64_t word) const noexcept {
    return good_[good_.size() == 1 ? 0 : hour](word);
  }
  [[nodiscard]] count clusters(std::size_t hour, std::uint64_t word) const noexcept {
    return clusters_[clusters_.size() == 1 ? 0 : hour](word);
  }
  [[nodiscard]] count size(double uniform) const noexcept {
    return again_ == 0 ? 1 : 1 + static_cast<count>(std::log(uniform) / std::log(again_));
  }

 private:
  double again_;
  std::vector<poisson_draw> good_{}, clusters_{};
};

inline void require_workload(const char* where, const workload& load) {
  relia::detail::require_domain(load.events_per_hour >= 0 && load.events_per_hour <= 1e9, where,
                                "events_per_hour", "from 0 to 1e9", load.events_per_hour);
  relia::detail::require_domain(load.dispersion >= 1 && load.dispersion <= 1e6, where, "dispersion",
                                "from 1 to 1e6", load.dispersion);
  relia::detail::require_argument(load.hours.empty() || load.hours.size() == 24, where,
                                  "the number of hours", "24, or 0", load.hours.size());
  double total = 0;
  for (const double h : load.hours) {
    relia::detail::require_non_negative(where, "hours", h);
    total += h;
  }
  if (!load.hours.empty()) relia::detail::require_positive(where, "the sum of hours", total);
}

}  // namespace detail

/// Sums of the events of all steps so far. Step i is [i, i + 1) steps from midnight.
class event_trace {
 public:
  /// Replicates of one seed are independent of each other. Throws: std::domain_error.
  explicit event_trace(std::uint64_t seed, std::uint64_t replicate = 0,
                       duration step = std::chrono::minutes(1))
      : step_(step), words_(seed, 2 * replicate), sizes_(seed, 2 * replicate + 1) {
    relia::detail::require_domain(step > duration{0}, "slo::event_trace", "step", "positive",
                                  step.count());
  }

  [[nodiscard]] std::size_t size() const noexcept { return bad_.size() - 1; }
  [[nodiscard]] duration step() const noexcept { return step_; }

  /// The bad events of the last `steps` steps up to and with step i, or of as many as there were.
  [[nodiscard]] count bad(std::size_t i, std::size_t steps) const noexcept {
    return bad_[i + 1] - bad_[i + 1 > steps ? i + 1 - steps : 0];
  }
  [[nodiscard]] count valid(std::size_t i, std::size_t steps) const noexcept {
    return valid_[i + 1] - valid_[i + 1 > steps ? i + 1 - steps : 0];
  }

  /// As many more steps at this error ratio. Throws: std::domain_error, std::invalid_argument.
  void append(const workload& load, double error_ratio, std::size_t steps) {
    detail::require_workload("slo::event_trace", load);
    relia::detail::require_fraction("slo::event_trace", "error_ratio", error_ratio);
    append(detail::step_draws(load, error_ratio, step_), steps);
  }

  /// All steps as the rows of a series that begins at `from`: what slo::evaluate and the rest take.
  [[nodiscard]] sli::event_series series(instant from = {}) const {
    std::vector<instant> times(size());
    std::vector<count> good(size());
    std::vector<count> bad(size());
    for (std::size_t i = 0; i < size(); ++i) {
      times[i] = from + step_ * static_cast<duration::rep>(i + 1);
      bad[i] = bad_[i + 1] - bad_[i];
      good[i] = valid_[i + 1] - valid_[i] - bad[i];
    }
    return {times, good, bad, from};
  }

  void append(const detail::step_draws& draws, std::size_t steps) {
    constexpr std::size_t block = 256;
    std::uint64_t words[2 * block];  // NOLINT(*-c-arrays)
    const double steps_per_hour = real_seconds(std::chrono::hours(1)) / real_seconds(step_);
    bad_.reserve(bad_.size() + steps);
    valid_.reserve(valid_.size() + steps);
    for (std::size_t done = 0; done < steps; done += block) {
      const std::size_t some = std::min(block, steps - done);
      words_.fill(2 * size(), {words, 2 * some});
      for (std::size_t i = 0; i < some; ++i) {
        const auto hour = static_cast<std::size_t>(static_cast<double>(size()) / steps_per_hour);
        count bad = 0;
        for (count c = draws.clusters(hour % 24, words[2 * i + 1]); c > 0; --c) {
          bad += draws.size(sizes_.uniform(drawn_++));
        }
        valid_.push_back(valid_.back() + bad + draws.good(hour % 24, words[2 * i]));
        bad_.push_back(bad_.back() + bad);
      }
    }
  }

 private:
  duration step_;
  stats::random_stream words_;
  stats::random_stream sizes_;
  std::uint64_t drawn_ = 0;
  std::vector<count> bad_{0};
  std::vector<count> valid_{0};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
