// SPDX-License-Identifier: BSL-1.0
// How often do burn alerts page for nothing, and how late do they page for an outage? 300 x 30 days
// of simulated minutes at each traffic, the alerts of others and ours on the same minutes; printed
// beside the values published with the comparison. What is timed
// is a month of minutes through the workbook's pages, beside the same written plainly.
#include <../tests/support/alert_rivals.hpp>
#include <cstdio>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include <support/same.hpp>

namespace {

using namespace relia;

constexpr double traffics[] = {3, 10, 30, 100, 300, 1000, 3000, 10000};
constexpr const char* names[test::compared_alarms] = {"plain",    ">= 3 fail",   "Wilson 98",
                                                      "weighted", "exact d=1",   "exact",
                                                      "evidence", "low_traffic", "sequential"};
/// Mean pages in 30 days at half the budget: plain, three failures, Wilson, weighted, exact test.
constexpr double published[][5] = {{0.98, 0, 1.05, 0.98, 0},
                                   {3.37, 0, 1.42, 3.37, 0.02},
                                   {12.12, 0.04, 0.08, 10.83, 0},
                                   {1.95, 0.14, 0, 1.93, 0},
                                   {0.01, 0.01, 0, 0, 0}};

using row = std::array<test::compared, test::compared_alarms>;

void line(double traffic, const row& r, double (*value)(const test::compared&),
          const char* format) {
  std::printf("%8g", traffic);
  for (const test::compared& c : r) std::printf(format, value(c));
  std::printf("\n");
}

void print(double dispersion) {
  const slo::page_options pages{.seed = 20261123};
  const slo::detection_options d{.seed = 20261124};
  std::vector<row> rows;
  for (const double t : traffics) {
    rows.push_back(test::compare({.events_per_hour = t, .dispersion = dispersion}, pages, d, true));
  }
  const auto table = [&](const char* title, double (*value)(const test::compared&),
                         const char* format) {
    std::printf("\n%s, dispersion %g\n   req/h", title, dispersion);
    for (const char* n : names) std::printf(" %11s", n);
    std::printf("\n");
    for (std::size_t i = 0; i < rows.size(); ++i) line(traffics[i], rows[i], value, format);
  };
  table(
      "pages per 30 d at half the budget", [](const test::compared& c) { return c.half.mean; },
      " %11.3f");
  table(
      "  their Monte Carlo error", [](const test::compared& c) { return c.half.standard_error; },
      " %11.3f");
  if (dispersion == 1) {
    std::printf("\n  published: plain, >= 3 failures, Wilson 98 %%, weighted, exact test\n");
    for (std::size_t i = 0; i < std::size(published); ++i) {
      std::printf("%8g", traffics[i]);
      for (const double p : published[i]) std::printf(" %11.2f", p);
      std::printf("\n");
    }
  }
  table(
      "pages per 30 d at burn rate 1", [](const test::compared& c) { return c.full.mean; },
      " %11.3f");
  table(
      "median minutes to detect a full outage",
      [](const test::compared& c) { return c.outage.median.value / 60; }, " %11.1f");
  table(
      "median minutes to detect a 10 % outage",
      [](const test::compared& c) { return c.tenth.median.value / 60; }, " %11.1f");
}

void print_once() {
  static const bool printed = [] {
    print(1);
    print(3);
    return true;
  }();
  (void)printed;
}

/// A month of the workbook's pages at half the budget, as most would write it: the standard
/// library's Poisson counts, prefix sums and the rule.
double naive_pages(double events_per_hour, std::mt19937_64& engine) {
  constexpr std::size_t warm_up = 720;
  constexpr std::size_t steps = warm_up + 30 * 1440;
  std::poisson_distribution<count> good(events_per_hour / 60 * 0.9995);
  std::poisson_distribution<count> bad(events_per_hour / 60 * 0.0005);
  std::vector<count> bads{0};
  std::vector<count> valids{0};
  double pages = 0;
  bool firing = false;
  for (std::size_t i = 1; i <= steps; ++i) {
    const count b = bad(engine);
    bads.push_back(bads.back() + b);
    valids.push_back(valids.back() + b + good(engine));
    const auto burns = [&](std::size_t minutes, double factor) {
      const std::size_t from = i > minutes ? i - minutes : 0;
      const count failed = bads[i] - bads[from];
      return failed > 0 && static_cast<double>(failed) >=
                               factor * 0.001 * static_cast<double>(valids[i] - valids[from]);
    };
    const bool now = (burns(60, 14.4) && burns(5, 14.4)) || (burns(360, 6) && burns(30, 6));
    if (i > warm_up && now && !firing) ++pages;
    firing = now;
  }
  return pages;
}

double simulated_pages(double events_per_hour, std::uint64_t seed, count months) {
  static const slo::policy_alarm alarm(slo::workbook_30d(), slo::objective(0.999));
  return slo::page_rates(std::span<const slo::policy_alarm>(&alarm, 1),
                         {.events_per_hour = events_per_hour}, 0.0005,
                         {.seed = seed, .replicates = months})[0]
      .mean;
}

void require_equal() {
  static const bool checked = [] {
    std::mt19937_64 engine(20261123);
    double theirs = 0;
    for (int i = 0; i < 100; ++i) theirs += naive_pages(30, engine) / 100;
    // Means of 12 of two times 100 months: an error of 0.5.
    bench::require_same("pages a month", simulated_pages(30, 1, 100), theirs, 0.15);
    return true;
  }();
  (void)checked;
}

void naive_month(benchmark::State& state) {
  require_equal();
  std::mt19937_64 engine(20261123);
  for (auto _ : state) {
    benchmark::DoNotOptimize(naive_pages(static_cast<double>(state.range(0)), engine));
  }
  state.SetItemsProcessed(state.iterations() * 30 * 1440);
}
BENCHMARK(naive_month)
    ->Name("low_traffic/std_poisson_month")
    ->Arg(30)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond);

void simulated_month(benchmark::State& state) {
  require_equal();
  print_once();
  std::uint64_t seed = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(simulated_pages(static_cast<double>(state.range(0)), seed++, 1));
  }
  state.SetItemsProcessed(state.iterations() * 30 * 1440);
}
BENCHMARK(simulated_month)
    ->Name("low_traffic/simulated_month")
    ->Arg(30)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond);

void make_policy(benchmark::State& state) {
  print_once();
  for (auto _ : state) {
    benchmark::DoNotOptimize(slo::low_traffic(std::chrono::days(30),
                                              {.dispersion = static_cast<double>(state.range(0))}));
  }
}
BENCHMARK(make_policy)
    ->Name("low_traffic/make_policy")
    ->Arg(1)
    ->Arg(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
