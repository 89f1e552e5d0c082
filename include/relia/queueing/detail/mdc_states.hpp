// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The queue of M/D/c, by positive terms only. Looked at once per service time it is the maximum of
/// a random walk of steps (Poisson(a) - c), hence compound Poisson: its jumps k_m are the sums over
/// n of P(Poisson(n a) = n c + m) / n, its probabilities follow by Panjer's recursion, and beyond
/// the last one it falls geometrically. No root inside the unit circle, no alternating sum. Ref:
/// Spitzer, Trans. AMS 82 (1956); Panjer, ASTIN Bulletin 12 (1981); Tijms, "A First Course in
/// Stochastic Models" (2003), 9.6, for the geometric tail.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// y - log(1 + y). Domain: y >= 0.
[[nodiscard]] inline double log1p_deficit(double y) noexcept {
  if (y > 0.25) return y - std::log1p(y);
  double power = y * y;
  double sum = 0;
  for (int n = 2; n < 30; ++n, power *= -y) sum += power / n;  // 0.25^30 leaves nothing
  return sum;
}

/// The y > 0 with c log(1 + y) = a y: 1 / (1 + y) is the ratio of the tail. Newton's method from
/// the right of the root of a convex function. Domain: 0 < a < c, slack = c - a.
[[nodiscard]] inline double queue_decay(double servers, double load, double slack) noexcept {
  double y = std::min(slack / load * (2 + slack / load), 1e300);  // (c / a)^2 - 1 is above it
  // y = (c / a) log(1 + y) falls to the root from there; far from it the tangent would cancel.
  for (int i = 0; i < 8 && y > 1; ++i) y = servers / load * std::log1p(y);
  for (int i = 0; i < 100; ++i) {
    // load y - servers log(1 + y); far from saturation a deficit would lose it.
    const double over =
        y > 1 ? load * y - servers * std::log1p(y) : servers * log1p_deficit(y) - slack * y;
    const double step = over * (1 + y) / (load * y - slack);
    if (!(step > 1e-16 * y)) break;
    y -= step;
  }
  return y;
}

/// tail[m] = P(more than m wait), m up to `size()` - 1; beyond it each is the former / (1 + decay).
/// within[m] = P(m wait or fewer), which next to saturation is not to be had from the tail.
struct mdc_states {
  double servers = 1;
  double load = 0;
  double slack = 1;
  double decay = 0;
  double wait_probability = 0;
  std::vector<double> tail;
  std::vector<double> within;

  mdc_states(double c, double a, double spare)
      : servers(c), load(a), slack(spare), tail{0.0}, within{1.0} {
    if (!(slack > 0) || load == 0) {
      wait_probability = slack > 0 ? 0 : 1;
      return;
    }
    if (detail::poisson_mass(servers, load) < 1e-280) {
      wait_probability = std::exp(detail::log_poisson_at_least(servers, load));
      decay = 1e100;
      return;
    }
    decay = queue_decay(servers, load, slack);
    for (std::size_t most = 64;; most *= 2) {
      if (solve(most) || most >= 4096) return;
    }
  }

  /// So light a load that a double has no probability of a queue: only `servers` or more arrivals
  /// before the end of one service make a request wait.
  [[nodiscard]] bool none_queued() const noexcept { return tail.back() == 0; }

  /// The probability that more than m wait, m >= 0, as a logarithm.
  [[nodiscard]] double log_tail(double m) const noexcept {
    const auto last = static_cast<double>(tail.size() - 1);
    if (m <= last) return std::log(tail[static_cast<std::size_t>(m)]);
    return std::log(tail.back()) - (m - last) * std::log1p(decay);
  }

  /// The probability that m wait or fewer, m >= 0.
  [[nodiscard]] double at_most(double m) const noexcept {
    const auto last = static_cast<double>(within.size() - 1);
    if (m <= last) return within[static_cast<std::size_t>(m)];
    return within.back() - tail.back() * std::expm1(-(m - last) * std::log1p(decay));
  }

  /// The means of the number waiting, n, and of n (n - 1).
  [[nodiscard]] double mean() const noexcept {
    double sum = tail.back() / decay;
    for (std::size_t m = tail.size(); m-- > 0;) sum += tail[m];
    return sum;
  }
  [[nodiscard]] double factorial_moment() const noexcept {
    const auto last = static_cast<double>(tail.size() - 1);
    double sum = tail.back() * (last / decay + (1 + decay) / (decay * decay));
    for (std::size_t m = tail.size(); m-- > 0;) sum += static_cast<double>(m) * tail[m];
    return 2 * sum;
  }

 private:
  /// k_0 ... k_most. The sum over n is taken term by term up to 511, then as an integral by
  /// Gauss's rule on octaves, with two corrections of Euler and Maclaurin by central differences.
  [[nodiscard]] std::vector<double> jumps(std::size_t most) const {
    std::vector<double> sum(most + 1, 0.0);
    bool negligible = false;
    const auto add = [&](double n, double weight) {
      double mass = detail::poisson_mass(n * servers, n * load) * weight / n;
      negligible = mass <= 1e-17 * sum[0];
      for (std::size_t m = 0; m <= most; ++m) {
        sum[m] += mass;
        mass *= n * load / (n * servers + static_cast<double>(m) + 1);
      }
      negligible = negligible && mass <= 1e-17 * sum[most];
    };
    constexpr int direct = 511;
    // At this n the walk is most likely to be as far up as the last jump.
    const double reach = static_cast<double>(most) / (load * decay - slack);
    for (int n = 1; n < direct; ++n) {
      add(n, 1);
      if (negligible && n > reach) return sum;
    }
    constexpr double third = 17.0 / 5760;
    add(direct + 2, -third);
    add(direct - 1, third);
    add(direct, 1 - 1.0 / 24 - 3 * third);
    add(direct + 1, 1.0 / 24 + 3 * third);
    static constexpr std::array<double, 8> nodes{
        0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863, 0.6178762444026437484,
        0.7554044083550030339, 0.8656312023878317439, 0.9445750230732325761, 0.9894009349916499326};
    static constexpr std::array<double, 8> weights{
        0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
        0.1246289712555338721, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949};
    // A step of half an octave: the masses are analytic in n, and bend on its own scale.
    for (double from = direct + 0.5; !(negligible && from > reach); from *= 1.5) {
      for (std::size_t i = 0; i < 8; ++i) {
        for (const double side : {-1.0, 1.0}) {
          add(from * (1.25 + 0.25 * side * nodes[i]), from * 0.25 * weights[i]);
        }
      }
    }
    return sum;
  }

  /// Whether the last two of the probabilities, up to `most`, are in the ratio of the tail.
  [[nodiscard]] bool solve(std::size_t most) {
    const std::vector<double> k = jumps(most);
    std::vector<double> q(most + 1, 0.0);  // of q_0 = 1
    q[0] = 1;
    for (std::size_t m = 1; m <= most; ++m) {
      double sum = 0;
      for (std::size_t j = 1; j <= m; ++j) sum += static_cast<double>(j) * k[j] * q[m - j];
      q[m] = sum / static_cast<double>(m);
    }
    const bool converged =
        q[most] < 1e-290 || std::abs(q[most] / q[most - 1] * (1 + decay) - 1) < 1e-15;
    std::vector<double> above(most + 1);
    above[most] = q[most] / decay;
    for (std::size_t m = most; m-- > 0;) above[m] = above[m + 1] + q[m + 1];
    const double total = 1 + above[0];
    for (double& t : above) t /= total;
    within.assign(1, 1 / total);
    // Beyond what a double holds, which a light load reaches before the ratio settles, the ratio is
    // taken as settled.
    while (above.size() > 1 && above.back() < 1e-280) above.pop_back();
    for (std::size_t m = 1; m < above.size(); ++m) within.push_back(within.back() + q[m] / total);
    tail = std::move(above);
    wait_probability = tail[0] - std::expm1(-k[0]) / total;
    return converged;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
