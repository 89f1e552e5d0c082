// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Approximate mean value analysis of several classes: what an arriving request sees is estimated
/// from the queues at the full population, until both agree. Schweitzer: one request less of a
/// class takes away its share, nothing else. Linearizer: the fractions at one request less are
/// solved too, and what they differ by is carried. Pools are Seidmann's: a fast single server and
/// a delay.
/// Ref: Schweitzer (1979); Chandy and Neuse, CACM 25 (1982); Seidmann, Schweitzer and
/// Shalev-Oren, IIE Transactions 19 (1987).

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/class_lattice.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

class class_fixed_point {
 public:
  class_fixed_point(std::string_view where, const class_network& network)
      : where_(where),
        network_(network),
        classes_(network.classes()),
        stations_(network.stations()),
        cells_(classes_ * stations_) {}

  [[nodiscard]] class_means schweitzer() const {
    auto queues = spread(network_.populations);
    return core(network_.populations, std::vector<double>(cells_ * classes_), queues);
  }

  /// Three rounds, as its authors recommend.
  [[nodiscard]] class_means linearizer() const {
    std::vector<double> changes(cells_ * classes_);
    auto queues = spread(network_.populations);
    std::vector<std::vector<double>> fewer;
    for (std::size_t s = 0; s < classes_; ++s) fewer.push_back(spread(less(s)));
    class_means means = core(network_.populations, changes, queues);
    for (int round = 1; round < 3; ++round) {
      for (std::size_t s = 0; s < classes_; ++s) (void)core(less(s), changes, fewer[s]);
      for (std::size_t s = 0; s < classes_; ++s) {
        const auto populations = less(s);
        for (std::size_t r = 0; r < classes_; ++r) {
          for (std::size_t i = 0; i < stations_; ++i) {
            const std::size_t c = r * stations_ + i;
            changes[s * cells_ + c] =
                share(fewer[s][c], populations[r]) - share(queues[c], network_.populations[r]);
          }
        }
      }
      means = core(network_.populations, changes, queues);
    }
    return means;
  }

 private:
  static constexpr int most_steps = 1'000'000;

  [[nodiscard]] static double share(double queue, count population) {
    return population > 0 ? queue / static_cast<double>(population) : 0;
  }

  [[nodiscard]] std::vector<count> less(std::size_t s) const {
    auto populations = network_.populations;
    if (populations[s] > 0) --populations[s];
    return populations;
  }

  [[nodiscard]] std::vector<double> spread(const std::vector<count>& populations) const {
    std::vector<double> queues(cells_);
    for (std::size_t r = 0; r < classes_; ++r) {
      for (std::size_t i = 0; i < stations_; ++i) {
        if (network_.demand(r, i) > 0) {
          queues[r * stations_ + i] =
              static_cast<double>(populations[r]) / static_cast<double>(stations_);
        }
      }
    }
    return queues;
  }

  /// Iterates the queues to a fixed point: until no queue moves by more than 1e-13 of its class's
  /// population, which leaves 1e-10 even where the steps shrink by a thousandth only.
  [[nodiscard]] class_means core(const std::vector<count>& populations,
                                 const std::vector<double>& changes,
                                 std::vector<double>& queues) const {
    class_means means{std::vector<double>(classes_), std::vector<double>(cells_)};
    for (int steps = 0; steps < most_steps; ++steps) {
      double moved = 0;
      std::vector<double> next(cells_);
      for (std::size_t s = 0; s < classes_; ++s) {
        if (populations[s] == 0) continue;
        double cycle = network_.think_times[s];
        for (std::size_t i = 0; i < stations_; ++i) {
          const double demand = network_.demand(s, i);
          if (demand == 0) continue;
          double seen = 0;
          for (std::size_t r = 0; r < classes_; ++r) {
            const count others = populations[r] - (r == s ? 1 : 0);
            const std::size_t c = r * stations_ + i;
            seen += static_cast<double>(others) *
                    (share(queues[c], populations[r]) + changes[s * cells_ + c]);
          }
          const auto servers = static_cast<double>(network_.servers[i]);
          means.residences[s * stations_ + i] = demand / servers * (servers + std::fmax(0.0, seen));
          cycle += means.residences[s * stations_ + i];
        }
        means.throughputs[s] = static_cast<double>(populations[s]) / cycle;
        for (std::size_t i = 0; i < stations_; ++i) {
          const std::size_t c = s * stations_ + i;
          // Seidmann: what waits or is served at the fast server; the rest is delay.
          const auto servers = static_cast<double>(network_.servers[i]);
          const double delay = network_.demand(s, i) * (servers - 1) / servers;
          next[c] = means.throughputs[s] * (means.residences[c] - delay);
          moved = std::fmax(moved,
                            std::fabs(next[c] - queues[c]) / static_cast<double>(populations[s]));
        }
      }
      queues = std::move(next);
      if (moved <= 1e-13) return means;
    }
    RELIA_RAISE(convergence_error,
                "relia::" + std::string(where_) + ": the queues still move after " +
                    relia::detail::to_text(most_steps) + " steps; use the exact method");
  }

  std::string_view where_;
  const class_network& network_;
  std::size_t classes_;
  std::size_t stations_;
  std::size_t cells_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
