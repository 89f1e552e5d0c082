// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Least squares for x = n / (p0 + p1 n + p2 n (n - 1)), p >= 0: the universal scalability law with
/// p0 + p1 = 1 / rate, p1 = contention / rate, p2 = coherency / rate. In these terms the bounds are
/// three signs, and whatever one fixes to profile (contention, coherency, rate, peak, the
/// throughput somewhere) is one linear equation in p. Newton's method with active bounds; n and x
/// are scaled by their largest, so that a concurrency of millions is fitted as one of ten is.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

using coefficients = std::array<double, 3>;

[[nodiscard]] inline double dot(const coefficients& a, const coefficients& b) noexcept {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Solves the symmetric system a x = b of `size` unknowns with complete pivoting; false when it is
/// singular to working precision.
template <std::size_t Most>
[[nodiscard]] bool solve_small(std::array<std::array<double, Most>, Most> a,
                               std::array<double, Most> b, std::size_t size,
                               std::array<double, Most>& x) noexcept {
  std::array<std::size_t, Most> column{};
  for (std::size_t i = 0; i < size; ++i) column[i] = i;
  double largest = 0;
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t row = k;
    std::size_t pivot = k;
    for (std::size_t i = k; i < size; ++i) {
      for (std::size_t j = k; j < size; ++j) {
        if (std::abs(a[i][j]) > std::abs(a[row][pivot])) {
          row = i;
          pivot = j;
        }
      }
    }
    largest = std::max(largest, std::abs(a[row][pivot]));
    if (!(std::abs(a[row][pivot]) > 1e-15 * largest)) return false;
    std::swap(a[k], a[row]);
    std::swap(b[k], b[row]);
    for (std::size_t i = 0; i < size; ++i) std::swap(a[i][k], a[i][pivot]);
    std::swap(column[k], column[pivot]);
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < size; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    for (std::size_t j = k + 1; j < size; ++j) b[k] -= a[k][j] * x[column[j]];
    x[column[k]] = b[k] / a[k][k];
  }
  return true;
}

/// The equation normal . p = value that a constrained fit keeps; none when the normal is 0.
struct plane {
  coefficients normal{};
  double value = 0;
};

struct reciprocal_solution {
  coefficients p{};
  double sse = std::numeric_limits<double>::infinity();
  /// Of the plane: d (sse / 2) = -multiplier d value.
  double multiplier = 0;
};

/// The data, scaled: u = n / largest n, y = x / largest x, and their repeats.
class reciprocal_fit {
 public:
  reciprocal_fit() = default;

  void add(double u, double y, double weight, double inverse_scale) {
    points_.push_back({u, y, weight, u * (u - inverse_scale)});
  }

  /// The least squares on the plane, among the first `free` coefficients. Domain: `start` >= 0, on
  /// the plane, 0 where not free. Throws: convergence_error after 200 steps. Stops after a full
  /// Newton step below 1e-7 of p, which leaves its square.
  [[nodiscard]] reciprocal_solution solve(const coefficients& start, const plane& on = {},
                                          std::size_t free = 3) const {
    std::array<bool, 3> moving{};
    for (std::size_t i = 0; i < 3; ++i) moving[i] = start[i] > 0;
    coefficients p = start;
    derivatives d = differentiate<true>(p);
    bool settled = false;
    // Let go and back at once: by rounding, or because the plane holds it there.
    std::array<bool, 3> pinned{};
    for (int i = 0; i < 200; ++i) {
      step next;
      const bool newton = find_step(d, on, moving, next);
      if (!newton) (void)find_step(differentiate<false>(p), on, moving, next);
      const coefficients& direction = next.direction;
      const double scale = largest(p);
      if (settled || largest(direction) <= 1e-15 * scale) {
        std::array<bool, 3> kept{};
        for (std::size_t k = 0; k < 3; ++k) kept[k] = moving[k] || pinned[k] || k >= free;
        const std::size_t bound = to_release(d, on, next.multiplier, kept);
        if (bound == 3) return {p, d.sse, next.multiplier};
        moving[bound] = true;
        settled = false;
        continue;
      }
      // As far as the first bound in the way.
      double length = 1;
      std::size_t blocked = 3;
      for (std::size_t k = 0; k < 3; ++k) {
        if (!moving[k] || p[k] + length * direction[k] >= 0) continue;
        length = p[k] / -direction[k];
        blocked = k;
      }
      if (length == 0) {
        moving[blocked] = false;
        pinned[blocked] = true;
        continue;
      }
      pinned = {};
      coefficients trial = moved(p, direction, length);
      derivatives there = differentiate<true>(trial);
      const bool small = newton && largest(direction) <= 1e-7 * scale;
      for (int half = 0; !small && !(there.sse <= d.sse) && half < 60; ++half) {
        length /= 2;
        blocked = 3;
        trial = moved(p, direction, length);
        there = differentiate<true>(trial);
      }
      // No lower: as low as rounding tells.
      settled = small || !(there.sse < d.sse);
      if (!small && !(there.sse <= d.sse)) continue;
      if (blocked < 3) {
        trial[blocked] = 0;
        moving[blocked] = false;
        settled = settled && !small;
      }
      p = trial;
      d = there;
    }
    RELIA_RAISE(convergence_error,
                "relia::queueing::fit_usl: no convergence after 200 steps of Newton's method");
  }

  /// Weighted linear least squares of u / y: where the iteration starts. Every coefficient
  /// positive.
  [[nodiscard]] coefficients start() const noexcept {
    std::array<std::array<double, 3>, 3> a{};
    std::array<double, 3> b{};
    for (const point& at : points_) {
      // d(u / D) = -(y^2 / u) dD, about.
      const double w = at.weight * at.y * at.y * at.y * at.y / (at.u * at.u);
      const coefficients v = at.basis();
      for (std::size_t i = 0; i < 3; ++i) {
        b[i] += w * v[i] * at.u / at.y;
        for (std::size_t j = 0; j < 3; ++j) a[i][j] += w * v[i] * v[j];
      }
    }
    coefficients p{};
    if (!solve_small(a, b, 3, p)) p = {1, 1, 1};
    const double size = std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2]), 1e-3});
    for (double& each : p) each = std::max(each, 1e-3 * size);
    return p;
  }

 private:
  [[nodiscard]] static double largest(const coefficients& p) noexcept {
    return std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])});
  }

  struct point {
    double u;
    double y;
    double weight;
    double pairs;
    [[nodiscard]] coefficients basis() const noexcept { return {1, u, pairs}; }
  };

  /// The sum of squares, and gradient and second derivatives of its half: Newton's, or Gauss's,
  /// which leave out the curvature of the model and never bend down.
  struct derivatives {
    double sse = 0;
    /// Of the terms of the gradient, whose rounding is in proportion.
    double size = 0;
    coefficients gradient{};
    std::array<coefficients, 3> second{};
  };

  template <bool Newton>
  [[nodiscard]] derivatives differentiate(const coefficients& p) const noexcept {
    derivatives d;
    for (const point& at : points_) {
      const coefficients v = at.basis();
      const double denominator = p[0] + p[1] * at.u + p[2] * at.pairs;
      if (!(denominator > 0)) {
        d.sse = std::numeric_limits<double>::infinity();
        return d;
      }
      const double inverse = 1 / denominator;
      const double f = at.u * inverse;
      const double r = at.y - f;
      const double slope = at.weight * r * f * inverse;
      const double square = at.weight * f * f * inverse * inverse;
      const double bend = Newton ? square - 2 * slope * inverse : square;
      d.sse += at.weight * r * r;
      d.size += at.weight * f * f * inverse;
      for (std::size_t i = 0; i < 3; ++i) {
        d.gradient[i] += slope * v[i];
        for (std::size_t j = i; j < 3; ++j) d.second[i][j] += bend * v[i] * v[j];
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < i; ++j) d.second[i][j] = d.second[j][i];
    }
    return d;
  }

  struct step {
    coefficients direction{};
    double multiplier = 0;
  };

  /// The bound that would rather let go: its slope along the plane is the lowest below 0; 3: none.
  [[nodiscard]] static std::size_t to_release(const derivatives& d, const plane& on,
                                              double multiplier,
                                              const std::array<bool, 3>& kept) noexcept {
    std::size_t found = 3;
    double lowest = -16 * std::numeric_limits<double>::epsilon() * d.size;
    for (std::size_t i = 0; i < 3; ++i) {
      const double slope = d.gradient[i] + multiplier * on.normal[i];
      if (kept[i] || !(slope < lowest)) continue;
      lowest = slope;
      found = i;
    }
    return found;
  }

  /// The step to the stationary point of the quadratic model on the plane, among the moving
  /// coefficients; false when there is none, or when it climbs.
  [[nodiscard]] static bool find_step(const derivatives& d, const plane& on,
                                      const std::array<bool, 3>& moving, step& found) noexcept {
    std::array<std::array<double, 4>, 4> a{};
    std::array<double, 4> b{};
    std::array<double, 4> x{};
    std::array<std::size_t, 3> index{};
    std::size_t moves = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      if (moving[i]) index[moves++] = i;
    }
    bool bound = false;
    for (std::size_t i = 0; i < moves; ++i) {
      b[i] = -d.gradient[index[i]];
      for (std::size_t j = 0; j < moves; ++j) a[i][j] = d.second[index[i]][index[j]];
      a[i][moves] = a[moves][i] = on.normal[index[i]];
      bound = bound || on.normal[index[i]] != 0;
    }
    if (!solve_small(a, b, bound ? moves + 1 : moves, x)) return false;
    found = {};
    double curvature = 0;
    for (std::size_t i = 0; i < moves; ++i) {
      found.direction[index[i]] = x[i];
      for (std::size_t j = 0; j < moves; ++j) curvature += x[i] * a[i][j] * x[j];
    }
    if (bound) found.multiplier = x[moves];
    return curvature >= 0;
  }

  [[nodiscard]] static coefficients moved(const coefficients& from, const coefficients& direction,
                                          double length) noexcept {
    coefficients to{};
    for (std::size_t i = 0; i < 3; ++i) to[i] = std::max(0.0, from[i] + length * direction[i]);
    return to;
  }

  std::vector<point> points_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
