// SPDX-License-Identifier: BSL-1.0
// How often do burn alerts page for nothing, and how late do they page for an outage? 300 x 30 days
// of simulated minutes at each traffic, the alerts of others and ours on the same minutes; printed
// beside the values published with the comparison. What is timed is one such row.
#include <../tests/support/alert_rivals.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

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

void simulated_month(benchmark::State& state) {
  print_once();
  const slo::objective goal(0.999);
  const std::vector<slo::policy_alarm> alarms{
      slo::policy_alarm(slo::low_traffic(std::chrono::days(30)), goal)};
  std::uint64_t seed = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        slo::page_rates(std::span<const slo::policy_alarm>(alarms),
                        {.events_per_hour = static_cast<double>(state.range(0))}, 0.0005,
                        {.seed = seed++, .replicates = 1}));
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
