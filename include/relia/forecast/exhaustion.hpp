// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How likely is it that a resource runs out before a date, and when? The increments of its recent
/// past, drawn in blocks so that bursts stay together, are summed into many possible futures; what
/// counts is whether a path's maximum reaches the capacity. Each path also draws how far the past's
/// mean growth and its variability may be off: without that, probabilities are too near 0 and 1.
/// Assumes that the future grows as the past did. On growth with correlated noise its Brier score
/// is 0.10 where that of a line taken at its word (predict_linear against the capacity) is 0.15.
/// Ref: Politis & Romano, A circular block-resampling procedure for stationary data, 1992.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/series.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/forecast/detail/regular_increments.hpp>
#include <relia/stats/block_bootstrap.hpp>
#include <relia/stats/proportion.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast {

inline constexpr method block_bootstrap_paths{"block_bootstrap_paths"};

struct exhaustion_options {
  std::uint64_t seed = 0;
  count paths = 4000;
  count block_length = 0;  ///< in steps; 0: a season, or twice stats::automatic_block_length
  duration step{0};        ///< of the regular grid; 0: the median step of the series
  duration season{0};      ///< a cycle that the increments follow, such as 24 h; 0: none
  double confidence_level = 0.95;  ///< of the Monte Carlo interval of the probability
};

/// The fewest increments, gaps apart, from which a probability is given.
inline constexpr count least_history = 24;

/// When a resource runs out: a distribution of times after the last sample, up to the horizon.
class exhaustion_forecast {
 public:
  exhaustion_forecast(const series& data, double capacity, real_seconds horizon,
                      const exhaustion_options& options)
      : horizon_(horizon), confidence_level_(options.confidence_level) {
    relia::detail::require_finite(where, "capacity", capacity);
    relia::detail::require_positive(where, "horizon", horizon.count());
    relia::detail::require_positive_count(where, "paths", options.paths);
    relia::detail::require_non_negative_count(where, "block_length", options.block_length);
    relia::detail::require_non_negative_count(where, "step", options.step.count());
    relia::detail::require_non_negative_count(where, "season", options.season.count());
    relia::detail::require_open_fraction(where, "confidence_level", confidence_level_);
    if (data.empty()) {
      notes_.emplace_back("no samples");
      return;
    }
    last_ = data.times().back();
    choose_step(data, options);
    detail::regular_increments past;
    if (step_ > duration(0)) past = detail::increments_of(data, step_);
    increments_ = static_cast<count>(past.values.size()) - past.bridged;
    if (past.bridged > 0) {
      notes_.push_back(relia::detail::to_text(past.bridged) + " of " +
                       relia::detail::to_text(past.values.size()) +
                       " increments lie in gaps, whose growth is spread evenly");
    }
    const double room = capacity - data.values().back();
    if (room <= 0) {
      state_ = state::ok;
      notes_.emplace_back("already exhausted at the last sample");
      times_.assign(1, 0.0);
    } else if (enough(past.values, options)) {
      state_ = state::ok;
      simulate(past.values, room, options);
    }
  }

  /// The probability that the capacity is reached within the horizon. Its interval is the Monte
  /// Carlo error of the paths (Clopper-Pearson); `n` counts the increments seen.
  [[nodiscard]] estimate<double> probability() const { return probability(horizon_); }

  /// The same for an earlier time. Throws: std::domain_error for one that is negative or beyond the
  /// horizon.
  [[nodiscard]] estimate<double> probability(real_seconds within) const {
    return share("probability", within, true);
  }

  /// The probability that the capacity is not reached, counted. Throws: as probability.
  [[nodiscard]] estimate<double> survival() const { return survival(horizon_); }
  [[nodiscard]] estimate<double> survival(real_seconds within) const {
    return share("survival", within, false);
  }

  /// The time after the last sample by which the capacity is reached with probability `level`;
  /// infinite when that does not happen within the horizon, and without data.
  /// Throws: std::domain_error for a level outside (0, 1).
  [[nodiscard]] real_seconds after(double level) const {
    relia::detail::require_open_fraction("forecast::exhaustion_forecast::after", "level", level);
    // The level's own rounding must not move a whole rank to the next.
    const double rank = std::ceil(level * static_cast<double>(times_.size()) * (1 - 1e-12));
    if (times_.empty()) return never;
    return real_seconds(times_[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
  }

  /// That time as a date; none when it is infinite or past the last instant. Throws: as after.
  [[nodiscard]] std::optional<instant> date(double level) const {
    const real_seconds t = after(level);
    if (t >=
        real_seconds(instant::max().time_since_epoch()) - real_seconds(last_.time_since_epoch()))
      return std::nullopt;
    return last_ + std::chrono::round<duration>(t);
  }

  [[nodiscard]] relia::state state() const noexcept { return state_; }
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
  [[nodiscard]] instant last() const noexcept { return last_; }
  [[nodiscard]] real_seconds horizon() const noexcept { return horizon_; }
  [[nodiscard]] duration step() const noexcept { return step_; }
  /// Increments seen, those in gaps left out.
  [[nodiscard]] count increments() const noexcept { return increments_; }
  [[nodiscard]] count block_length() const noexcept { return static_cast<count>(block_); }
  /// The paths' times, sorted, in seconds; infinite for paths that stay below within the horizon.
  [[nodiscard]] std::span<const double> times() const noexcept { return times_; }

 private:
  static constexpr const char* where = "forecast::exhaustion";
  static constexpr count most_increments = 10'000'000;

  void choose_step(const series& data, const exhaustion_options& options) {
    step_ = options.step > duration(0) ? options.step : data.report().median_step;
    const duration span = last_ - data.times().front();
    relia::detail::require_argument(step_ == duration(0) || span / step_ <= most_increments, where,
                                    "step", "long enough for at most 10 million increments",
                                    step_.count());
    relia::detail::require_argument(
        step_ == duration(0) ||
            horizon_ / real_seconds(step_) <= static_cast<double>(most_increments),
        where, "horizon", "at most 10 million steps", horizon_.count());
    if (options.season == duration(0) || step_ == duration(0)) return;
    season_ = static_cast<std::size_t>((options.season + step_ / 2) / step_);
    relia::detail::require_argument(season_ >= 2, where, "season", "at least two steps",
                                    options.season.count());
    step_ = options.season / static_cast<std::int64_t>(season_);  // a whole number to the cycle
  }

  /// Decides on the block length; false, with a note, when the past cannot carry it.
  [[nodiscard]] bool enough(std::vector<double>& past, const exhaustion_options& options) {
    if (increments_ < least_history) {
      notes_.push_back("too little history: " + relia::detail::to_text(increments_) +
                       " increments, at least " + relia::detail::to_text(least_history) +
                       " are needed");
      return false;
    }
    if (season_ > 0) {  // whole cycles, the latest, so that the circle closes in phase
      past.erase(past.begin(), past.begin() + static_cast<std::ptrdiff_t>(past.size() % season_));
    }
    block_ = static_cast<std::size_t>(options.block_length);
    if (block_ == 0) block_ = season_;
    if (block_ == 0) {
      // The automatic length is best for a mean; the spread of a path suffers more from blocks too
      // short than from too few. At least three blocks.
      const auto best = static_cast<std::size_t>(stats::automatic_block_length(past));
      block_ = std::min(2 * best, past.size() / 3);
    }
    if (past.size() < 2 * block_) {
      notes_.push_back("too little history: " + relia::detail::to_text(past.size()) +
                       " increments are less than two blocks of " + relia::detail::to_text(block_));
      return false;
    }
    return true;
  }

  void simulate(const std::vector<double>& past, double room, const exhaustion_options& options) {
    const std::size_t n = past.size();
    const growth g = split(past);
    std::vector<double> sums(n + block_ + 1, 0.0);  // over the circle, a block beyond its end
    for (std::size_t i = 0; i + 1 < sums.size(); ++i) sums[i + 1] = sums[i] + g.deviation[i % n];
    const std::size_t blocks = (n + block_ - 1) / block_;
    const double step = real_seconds(step_).count();
    const auto steps = static_cast<std::uint64_t>(std::ceil(horizon_.count() / step));

    times_.assign(static_cast<std::size_t>(options.paths), never.count());
    for (std::size_t path = 0; path < times_.size(); ++path) {
      const stats::random_stream random(options.seed, path);
      std::uint64_t draw = 0;
      // A block that follows `offset` steps after the past starts at a random place, in phase.
      const auto start = [&](std::uint64_t offset) {
        if (season_ == 0) return random.below(draw++, n);
        return offset % season_ + season_ * random.below(draw++, n / season_);
      };
      double total = 0;
      for (std::size_t b = 0; b < blocks; ++b) {
        const std::size_t s = start(b * block_);
        total += sums[s + block_] - sums[s];
      }
      const double tilt = total / static_cast<double>(blocks * block_);
      const double stretch = spread_of(n / block_, random.normal(draw++));
      const double t = step * first_passage(g, start, steps, room, tilt, stretch);
      if (t <= horizon_.count()) times_[path] = t;
    }
    std::sort(times_.begin(), times_.end());
  }

  /// What the increments share, their mean or that of each phase of the season, and the rest.
  struct growth {
    std::vector<double> centre;
    std::vector<double> deviation;
  };

  [[nodiscard]] growth split(const std::vector<double>& past) const {
    const std::size_t phases = season_ > 0 ? season_ : 1;
    std::vector<double> mean(phases, 0.0);
    for (std::size_t i = 0; i < past.size(); ++i) mean[i % phases] += past[i];
    const std::size_t cycles = past.size() / phases;
    for (double& m : mean) m /= static_cast<double>(cycles);
    growth g{past, past};
    for (std::size_t i = 0; i < past.size(); ++i) {
      g.centre[i] = mean[i % phases];
      g.deviation[i] -= g.centre[i];
    }
    return g;
  }

  /// As in Student's t: a standard deviation seen in so many blocks is off by the root of a
  /// chi-squared over its degrees of freedom, here by Wilson & Hilferty's cube of a normal z.
  [[nodiscard]] static double spread_of(std::size_t blocks, double z) {
    const double variance = 2 / (9 * static_cast<double>(blocks));
    const double root = std::max(1 - variance + z * std::sqrt(variance), 0.1);
    return 1 / (root * std::sqrt(root));
  }

  /// In steps, between two by the straight line; infinite when the path stays below.
  template <class Start>
  [[nodiscard]] double first_passage(const growth& g, Start& start, std::uint64_t steps,
                                     double room, double tilt, double stretch) const {
    double level = 0;
    for (std::uint64_t done = 0; done < steps;) {
      std::size_t at = start(done);
      const std::uint64_t end = std::min<std::uint64_t>(steps, done + block_);
      for (; done < end; ++done) {
        const double before = level;
        level += g.centre[at] + stretch * (g.deviation[at] + tilt);
        if (level >= room) return static_cast<double>(done) + (room - before) / (level - before);
        if (++at == g.centre.size()) at = 0;
      }
    }
    return never.count();
  }

  [[nodiscard]] estimate<double> share(const char* what, real_seconds within, bool reached) const {
    relia::detail::require_domain(
        within.count() >= 0 && within <= horizon_,
        "forecast::exhaustion_forecast::" + std::string(what), "within",
        "from 0 to the horizon of " + relia::detail::to_text(horizon_.count()) + " s",
        within.count());
    if (state_ == state::no_data) {
      auto e = no_data<double>(block_bootstrap_paths, confidence_level_, 0, 1);
      e.n = increments_;
      e.notes = notes_;
      return e;
    }
    const auto paths = static_cast<count>(times_.size());
    const auto over = static_cast<count>(
        std::upper_bound(times_.begin(), times_.end(), within.count()) - times_.begin());
    auto e = stats::proportion(
        reached ? over : paths - over, paths,
        {.confidence_level = confidence_level_, .method = stats::clopper_pearson});
    if (times_.front() == 0) e.interval.lower = e.interval.upper = e.value;  // seen, not simulated
    e.n = increments_;
    e.method = block_bootstrap_paths;
    e.notes = notes_;
    return e;
  }

  real_seconds horizon_;
  double confidence_level_;
  relia::state state_ = relia::state::no_data;
  std::vector<std::string> notes_;
  instant last_{};
  duration step_{0};
  std::size_t season_ = 0;  ///< in steps
  std::size_t block_ = 0;
  count increments_ = 0;
  std::vector<double> times_;
};

/// When the level of `data` reaches `capacity`, as far as `horizon` after the last sample.
/// An irregular series is put on a regular grid that ends at its last sample: levels in between by
/// straight lines. Fewer than 24 increments outside gaps, or fewer than two blocks, give the state
/// no_data with a note; a last sample at the capacity or over it gives probability 1.
/// Domain: capacity finite, horizon positive and finite, paths at least 1.
/// Throws: std::domain_error; std::invalid_argument for a season under two steps and for more than
/// 10 million steps of history or horizon.
/// Cost: O(paths horizon / step).
[[nodiscard]] inline exhaustion_forecast exhaustion(const series& data, double capacity,
                                                    real_seconds horizon,
                                                    const exhaustion_options& options = {}) {
  return {data, capacity, horizon, options};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast
