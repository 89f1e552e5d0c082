// SPDX-License-Identifier: BSL-1.0
// A fit of 1e5 rows on 10 columns with a 95 % prediction interval for every row, beside the plain
// way: normal equations by LDLT, which lose twice the digits of the condition number.
#include <cmath>
#include <random>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <benchmark/benchmark.h>

#include <relia/forecast/least_squares.hpp>

#include <support/same.hpp>

namespace {

struct data {
  Eigen::MatrixXd design;
  std::vector<double> response;
};

data make(Eigen::Index n) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal;
  data d{Eigen::MatrixXd(n, 10), {}};
  for (Eigen::Index i = 0; i < n; ++i) {
    double y = 3;
    for (Eigen::Index j = 0; j < 10; ++j) {
      d.design(i, j) = normal(engine);
      y += 0.1 * static_cast<double>(j) * d.design(i, j);
    }
    d.response.push_back(y + normal(engine));
  }
  return d;
}

struct answer {
  Eigen::VectorXd coefficients;
  Eigen::VectorXd lower;
  Eigen::VectorXd upper;
};

answer ours(const data& d) {
  const auto model = relia::forecast::fit_least_squares(d.design, d.response);
  auto b = model.prediction_band(d.design);
  return {model.coefficients(), std::move(b.lower), std::move(b.upper)};
}

answer normal_equations(const data& d) {
  const Eigen::Index n = d.design.rows();
  Eigen::MatrixXd x(n, 11);
  x << Eigen::VectorXd::Ones(n), d.design;
  const Eigen::Map<const Eigen::VectorXd> y(d.response.data(), n);
  const Eigen::MatrixXd gram = x.transpose() * x;
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(gram);
  const Eigen::VectorXd beta = ldlt.solve(x.transpose() * y);
  const Eigen::VectorXd fitted = x * beta;
  const double s = (y - fitted).norm() / std::sqrt(static_cast<double>(n - 11));
  const Eigen::MatrixXd inverse = ldlt.solve(Eigen::MatrixXd::Identity(11, 11));
  const Eigen::VectorXd leverage = ((x * inverse).cwiseProduct(x)).rowwise().sum();
  const double t = 1.9599877;  // Student's t at 99 989 degrees of freedom
  const Eigen::VectorXd half = t * s * (1 + leverage.array()).sqrt();
  return {beta, fitted - half, fitted + half};
}

void check(const data& d) {
  const answer a = ours(d);
  const answer b = normal_equations(d);
  for (Eigen::Index j = 0; j < 11; ++j)
    relia::bench::require_same("coefficient", a.coefficients(j), b.coefficients(j), 1e-9);
  // The plain way's t is rounded, and ends may lie near 0.
  const double scale = a.upper.maxCoeff();
  for (Eigen::Index i = 0; i < d.design.rows(); ++i) {
    relia::bench::require_same("lower", scale + a.lower(i), scale + b.lower(i), 1e-5);
    relia::bench::require_same("upper", scale + a.upper(i), scale + b.upper(i), 1e-5);
  }
}

template <answer (*Fit)(const data&)>
void fit(benchmark::State& state) {
  const data d = make(state.range(0));
  if (state.range(0) == 100'000) check(d);
  for (auto _ : state) {
    auto a = Fit(d);
    benchmark::DoNotOptimize(a.upper.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(fit<ours>)->Name("fit_and_intervals/relia")->Arg(1000)->Arg(100'000);
BENCHMARK(fit<normal_equations>)
    ->Name("fit_and_intervals/normal_equations")
    ->Arg(1000)
    ->Arg(100'000);

}  // namespace
