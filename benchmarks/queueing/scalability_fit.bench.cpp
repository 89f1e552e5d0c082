// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include <relia/queueing/scalability_fit.hpp>
#include <relia/stats/random.hpp>

#include <support/same.hpp>

using namespace relia;

namespace {

struct measured {
  std::vector<double> n;
  std::vector<double> x;
};

/// As a day of two-minute intervals: every concurrency another one.
measured measurements(std::size_t size) {
  const stats::random_stream random(1, 0);
  const queueing::usl law(0.05, 1e-3, 30);
  measured m;
  for (std::size_t i = 0; i < size; ++i) {
    m.n.push_back(1 + 60 * random.uniform(2 * i));
    m.x.push_back(law.throughput(m.n.back()) + 3 * random.normal(2 * i + 1));
  }
  return m;
}

/// The fit alone: Gauss-Newton in contention, coherency and rate, with the normal equations.
double gauss_newton(const measured& m) {
  double p[3] = {0.01, 1e-4, 10};
  for (int step = 0; step < 200; ++step) {
    double a[3][4] = {};
    for (std::size_t i = 0; i < m.n.size(); ++i) {
      const double n = m.n[i];
      const double d = 1 + p[0] * (n - 1) + p[1] * n * (n - 1);
      const double f = p[2] * n / d;
      const double j[3] = {-f / d * (n - 1), -f / d * n * (n - 1), f / p[2]};
      for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) a[r][c] += j[r] * j[c];
        a[r][3] += j[r] * (m.x[i] - f);
      }
    }
    for (int k = 0; k < 3; ++k) {
      for (int r = 0; r < 3; ++r) {
        if (r == k) continue;
        const double factor = a[r][k] / a[k][k];
        for (int c = k; c < 4; ++c) a[r][c] -= factor * a[k][c];
      }
    }
    double moved = 0;
    for (int k = 0; k < 3; ++k) {
      p[k] += a[k][3] / a[k][k];
      moved = std::max(moved, std::abs(a[k][3] / a[k][k] / p[k]));
    }
    if (moved < 1e-12) break;
  }
  return p[0];
}

double relia_fit(const measured& m) { return queueing::fit_usl(m.n, m.x).contention().value; }

template <double (*Function)(const measured&)>
void run(benchmark::State& state) {
  const measured m = measurements(static_cast<std::size_t>(state.range(0)));
  bench::require_same("fit_usl", relia_fit(m), gauss_newton(m), 1e-8);
  for (auto _ : state) benchmark::DoNotOptimize(Function(m));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

}  // namespace

BENCHMARK(run<&relia_fit>)->Name("fit_usl/relia_with_intervals")->Arg(11)->Arg(360);
BENCHMARK(run<&gauss_newton>)->Name("fit_usl/gauss_newton_without")->Arg(11)->Arg(360);
