// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/scaling_laws.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("scalability");

namespace {

using numbers = std::vector<double>;

const scaling_law& law_of(const scaling_comparison& all, method name) {
  for (const auto& law : all.laws) {
    if (law.law == name) return law;
  }
  FAIL("no such law");
  return all.laws[0];
}

}  // namespace

TEST_CASE("compare_scaling: a pool of four workers is a plateau, not the universal law") {
  // The recorded pool has 4 workers; an R squared of the universal law of 0.89 would look fine.
  numbers n;
  numbers x;
  for (const auto& row : test::csv_table("queueing/scalability_sets.csv")) {
    if (row.text("set") != "web_pool") continue;
    n.push_back(row.number("concurrency"));
    x.push_back(row.number("throughput"));
  }
  const auto all = compare_scaling(n, x);
  CHECK(all.best().law == plateau_scaling);
  CHECK(all.best().weight > 0.999);
  CHECK_REL(all.best().shape, 4.0, 0.03);  // the knee is at the number of workers
  CHECK(all.usl.verdict == verdict::fail);
  CHECK(all.usl.reason == "another law fits far better: plateau");
}

TEST_CASE("compare_scaling: each law is found where it holds") {
  const numbers n = {1, 2, 4, 6, 8, 12, 16, 24, 32, 48};
  const std::map<std::string, double (*)(double)> laws = {
      {"linear", [](double m) { return 20 * m; }},
      {"amdahl", [](double m) { return 20 * m / (1 + 0.05 * (m - 1)); }},
      {"usl", [](double m) { return 20 * m / (1 + 0.05 * (m - 1) + 0.001 * m * (m - 1)); }},
      {"gustafson", [](double m) { return 20 * (0.3 + 0.7 * m); }},
      {"plateau", [](double m) { return 20 * std::min(m, 10.5); }}};
  for (const auto& [name, law] : laws) {
    CAPTURE(name);
    const stats::random_stream random(3, 0);
    numbers x;
    for (std::size_t i = 0; i < n.size(); ++i) x.push_back(law(n[i]) + 0.5 * random.normal(i));
    const auto all = compare_scaling(n, x);
    CHECK(all.best().law.name == name);
    double sum = 0;
    for (const auto& each : all.laws) sum += each.weight;
    CHECK_REL(sum, 1.0, 1e-14);
    if (name == "usl" || name == "amdahl") CHECK(all.usl.verdict == verdict::pass);
    if (name == "gustafson" || name == "plateau") CHECK(all.usl.verdict == verdict::fail);
  }
}

TEST_CASE("compare_scaling: the rivals' fits in closed form") {
  // Gustafson: 3 + 2 n is rate 5, serial fraction 3/5. Plateau: 7 n up to 5 and then 35.
  const numbers n = {1, 2, 4, 8, 16};
  const auto gustafson = law_of(compare_scaling(n, numbers{5, 7, 11, 19, 35}), gustafson_scaling);
  CHECK_REL(gustafson.rate, 5.0, 1e-14);
  CHECK_REL(gustafson.shape, 0.6, 1e-14);
  const auto plateau = law_of(compare_scaling(n, numbers{7, 14, 28, 35, 35}), plateau_scaling);
  CHECK_REL(plateau.rate, 7.0, 1e-14);
  CHECK_REL(plateau.shape, 5.0, 1e-14);
  // A knee that the data put beyond the next level: at the level, by one coefficient.
  const auto edge = law_of(compare_scaling(n, numbers{7, 14, 28, 20, 20}), plateau_scaling);
  CHECK(edge.shape >= 2);
  CHECK(edge.shape <= 4);
  const auto none = law_of(compare_scaling(n, numbers{7, 14, 28, 56, 112}), plateau_scaling);
  CHECK(none.shape == std::numeric_limits<double>::infinity());
}

TEST_CASE("compare_scaling: too few levels, or too narrow, tell nothing, however good the fit") {
  const usl law(0.05, 1e-3, 20);
  const auto judge = [&](const numbers& n) {
    numbers x;
    for (const double at : n) x.push_back(law.throughput(at));
    return compare_scaling(n, x).usl;
  };
  CHECK(judge({1, 4, 16, 32, 64}).verdict == verdict::inconclusive);
  CHECK(judge({1, 4, 16, 32, 64}).reason == "only 5 different concurrencies: measure at least 6");
  CHECK(judge({20, 25, 30, 35, 40, 45, 50}).reason ==
        "the largest concurrency is only 2.5 times the least: measure over a factor of at least 4");
  CHECK(judge({1, 4, 8, 16, 32, 48, 64}).verdict == verdict::pass);
  CHECK_THROWS_WITH_AS((void)compare_scaling(numbers{1, 2, 3}, numbers{1, 2, 3}),
                       "relia::queueing::compare_scaling: concurrency must be of at least 4 "
                       "different levels, got 3",
                       std::invalid_argument);
}

TEST_CASE("compare_scaling: repeats tell the scatter from a misfit") {
  const stats::random_stream random(5, 0);
  numbers n;
  numbers good;
  numbers bad;
  std::uint64_t i = 0;
  for (const double at : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}) {
    for (int repeat = 0; repeat < 4; ++repeat) {
      const double noise = 5 * random.normal(i++);
      n.push_back(at);
      good.push_back(usl(0.05, 1e-3, 20).throughput(at) + noise);
      // Two services behind one door: a step that no smooth law has.
      bad.push_back(good.back() + (at > 6 && at < 12 ? 60 : 0));
    }
  }
  CHECK(compare_scaling(n, good).lack_of_fit > 0.05);
  CHECK(compare_scaling(n, good).usl.verdict == verdict::pass);
  CHECK(compare_scaling(n, bad).lack_of_fit < 1e-6);
  CHECK(compare_scaling(n, bad).usl.reason == "the curve misses by more than the repeats scatter");
}

TEST_CASE("compare_scaling: numbers whose squares are none are refused") {
  CHECK_THROWS_AS((void)compare_scaling(numbers{1, 2, 4, 8}, numbers{1, 2, 4, 1.7e308}),
                  std::domain_error);
}

TEST_SUITE_END();
