// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Mean value analysis of several classes over the lattice of their populations, exact also with
/// pools: the probability that a pool is empty follows from the network without it,
/// p(0 | n) = p(0 | n - e_r) X_r(n) / X_r(n without the pool), a product of positive numbers where
/// the textbook has 1 - (the rest). Every set of pools is therefore solved on the way.
/// Ref: Reiser and Lavenberg, JACM 27 (1980); Reiser, Performance Evaluation 1 (1981).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// Classes by stations, row by row, times divided by a power of two. A pool of as many servers as
/// there are requests never makes one wait: its demand is think time.
struct class_network {
  std::vector<count> populations = {};
  std::vector<double> think_times = {};
  std::vector<double> demands = {};
  std::vector<count> servers = {};

  [[nodiscard]] std::size_t classes() const noexcept { return populations.size(); }
  [[nodiscard]] std::size_t stations() const noexcept { return servers.size(); }
  [[nodiscard]] double demand(std::size_t r, std::size_t i) const noexcept {
    return demands[r * stations() + i];
  }
  [[nodiscard]] count population() const noexcept {
    count sum = 0;
    for (const count n : populations) sum += n;
    return sum;
  }
};

struct class_means {
  std::vector<double> throughputs = {};  // by class
  std::vector<double> residences = {};   // class by station
};

class class_lattice {
 public:
  explicit class_lattice(const class_network& network)
      : network_(network), stations_(network.stations()) {
    const count all = network.population();
    for (std::size_t i = 0; i < stations_; ++i) {
      delay_.push_back(network.servers[i] >= all && all > 1 ? 1 : 0);
      if (delay_[i] == 0 && network.servers[i] > 1) pools_.push_back(i);
    }
    // The class with the most requests varies slowest, which keeps fewest points in memory.
    std::size_t stride = 1;
    for (std::size_t r = 0; r < network.classes(); ++r) order_.push_back(r);
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return network.populations[a] < network.populations[b];
    });
    strides_.resize(network.classes());
    for (const std::size_t r : order_) {
      strides_[r] = stride;
      window_ = stride;
      stride *= static_cast<std::size_t>(network.populations[r]) + 1;
    }
    points_ = stride;
    std::size_t offset = 0;
    for (std::size_t set = 0; set < sets(); ++set) {
      offsets_.push_back(offset);
      offset += stations_;
      for (std::size_t k = 0; k < pools_.size(); ++k) {
        if (in(set, k)) offset += levels(k);
      }
    }
    width_ = offset;
  }

  /// What solve() will take: numbers in memory, and operations, as doubles that cannot overflow.
  struct cost {
    double memory = 0;
    double time = 0;
  };
  [[nodiscard]] static cost cost_of(const class_network& network) {
    double points = 1;
    double widest = 1;
    for (const count n : network.populations) {
      points *= static_cast<double>(n) + 1;
      widest = std::max(widest, static_cast<double>(n) + 1);
    }
    auto levels = static_cast<double>(network.stations());
    double sets = 1;
    const count all = network.population();
    for (const count c : network.servers) {
      if (c == 1 || c >= all) continue;
      levels += static_cast<double>(c);
      sets *= 2;
    }
    return {points / widest * sets * levels,
            points * sets * levels * static_cast<double>(network.classes())};
  }

  [[nodiscard]] class_means solve() {
    states_.assign((window_ + 1) * width_, 0.0);
    for (std::size_t set = 0; set < sets(); ++set) {  // nobody there: every pool is empty
      for (std::size_t k = 0, at = first_level(set); k < pools_.size(); ++k) {
        if (!in(set, k)) continue;
        state(0)[at] = 1;
        at += levels(k);
      }
    }
    throughputs_.assign(sets() * network_.classes(), 0.0);
    residences_.assign(network_.classes() * stations_, 0.0);
    std::vector<count> at(network_.classes());
    for (std::size_t point = 1; point < points_; ++point) {
      for (const std::size_t r : order_) {
        if (++at[r] <= network_.populations[r]) break;
        at[r] = 0;
      }
      for (std::size_t set = 0; set < sets(); ++set) advance(point, at, set);
    }
    const std::size_t all = (sets() - 1) * network_.classes();
    return {{throughputs_.begin() + static_cast<std::ptrdiff_t>(all), throughputs_.end()},
            residences_};
  }

 private:
  [[nodiscard]] std::size_t sets() const noexcept { return std::size_t{1} << pools_.size(); }
  [[nodiscard]] static bool in(std::size_t set, std::size_t k) noexcept {
    return (set >> k & 1U) != 0;
  }
  [[nodiscard]] std::size_t levels(std::size_t k) const noexcept {
    return static_cast<std::size_t>(network_.servers[pools_[k]]) - 1;
  }
  [[nodiscard]] std::size_t first_level(std::size_t set) const noexcept {
    return offsets_[set] + stations_;
  }
  [[nodiscard]] double* state(std::size_t point) noexcept {
    return states_.data() + point % (window_ + 1) * width_;
  }

  /// The state of one point and one set of pools, from the points with one request less.
  void advance(std::size_t point, std::span<const count> at, std::size_t set) {
    double* const now = state(point);
    double* const x = throughputs_.data() + set * network_.classes();
    std::fill_n(now + offsets_[set], stations_, 0.0);
    for (std::size_t r = 0; r < network_.classes(); ++r) {
      x[r] = 0;
      if (at[r] == 0) continue;
      const double* const before = state(point - strides_[r]);
      double cycle = network_.think_times[r];
      double* const residence = residences_.data() + r * stations_;
      std::size_t level = first_level(set);
      for (std::size_t i = 0, k = 0; i < stations_; ++i) {
        const double demand = network_.demand(r, i);
        const bool pool = k < pools_.size() && pools_[k] == i;
        if (pool && !in(set, k++)) {
          residence[i] = 0;
          continue;
        }
        double seen = 1 + before[offsets_[set] + i];
        if (delay_[i] != 0) seen = 1;
        if (pool) {  // idle servers do not help to finish what is there
          const std::size_t size = levels(k - 1);
          for (std::size_t j = 0; j < size; ++j) {
            seen += static_cast<double>(size - j) * before[level + j];
          }
          seen /= static_cast<double>(size + 1);
          level += size;
        }
        residence[i] = demand * seen;
        cycle += residence[i];
      }
      // Infinite where the set leaves it no work, or less than a double has an inverse for.
      x[r] = static_cast<double>(at[r]) / cycle;
      if (std::isinf(x[r])) continue;
      for (std::size_t i = 0; i < stations_; ++i) now[offsets_[set] + i] += x[r] * residence[i];
    }
    std::size_t level = first_level(set);
    for (std::size_t k = 0; k < pools_.size(); ++k) {
      if (!in(set, k)) continue;
      advance_pool(point, at, set, k, level);
      level += levels(k);
    }
  }

  void advance_pool(std::size_t point, std::span<const count> at, std::size_t set, std::size_t k,
                    std::size_t level) {
    const std::size_t size = levels(k);
    double* const now = state(point) + level;
    const double* const with = throughputs_.data() + set * network_.classes();
    const double* const without =
        throughputs_.data() + (set & ~(std::size_t{1} << k)) * network_.classes();
    std::fill_n(now, size, 0.0);
    now[0] = 1;  // where no class of the point comes here
    for (std::size_t r = 0; r < network_.classes(); ++r) {
      const double busy = with[r] * network_.demand(r, pools_[k]);
      if (at[r] == 0 || !(busy > 0) || std::isinf(busy)) continue;
      const double* const before = state(point - strides_[r]) + level;
      now[0] = before[0] * (with[r] / without[r]);
      for (std::size_t j = 1; j < size; ++j) {
        now[j] += busy / static_cast<double>(j) * before[j - 1];
      }
    }
  }

  const class_network& network_;
  std::size_t stations_;
  std::vector<char> delay_ = {};
  std::vector<std::size_t> pools_ = {};
  std::vector<std::size_t> order_ = {};
  std::vector<std::size_t> strides_ = {};
  std::vector<std::size_t> offsets_ = {};
  std::size_t window_ = 1;
  std::size_t points_ = 1;
  std::size_t width_ = 0;
  std::vector<double> states_ = {};
  std::vector<double> throughputs_ = {};
  std::vector<double> residences_ = {};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
