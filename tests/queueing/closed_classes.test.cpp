// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/closed_classes.hpp>
#include <relia/queueing/closed_network.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("closed_classes");

namespace {

using classes = std::vector<request_class>;
using counts = std::vector<count>;

}  // namespace

TEST_CASE("solve_closed_classes: one class is the closed network, pools included") {
  for (const count servers : {1, 2, 10, 50, 200}) {
    const auto one =
        solve_closed_classes(classes{{200, 5, {1, 0.02}}}, counts{servers, 1}, {exact});
    const auto other = solve_closed(std::vector<closed_station>{{1, servers}, {0.02}}, 5, 200);
    CHECK_REL(one.classes[0].throughput, other.throughput, 1e-13);
    CHECK_REL(one.queue_lengths[0], other.queue_lengths[0], 1e-12);
    CHECK_REL(one.utilizations[0], other.utilizations[0], 1e-13);
  }
}

TEST_CASE("solve_closed_classes: a class split in equal ones is the same network") {
  const auto whole = solve_closed(std::vector<closed_station>{{1, 50}, {0.25, 10}, {0.02}}, 0, 90);
  const auto split = solve_closed_classes(
      classes{{60, 0, {1, 0.25, 0.02}}, {30, 0, {1, 0.25, 0.02}}}, counts{50, 10, 1});
  CHECK_REL(split.classes[0].throughput, whole.throughput * 2 / 3, 1e-13);
  CHECK_REL(split.classes[1].throughput, whole.throughput / 3, 1e-13);
  CHECK_REL(split.classes[1].response_time, whole.response_time, 1e-13);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_REL(split.queue_lengths[i], whole.queue_lengths[i], 1e-12);
    CHECK_REL(split.classes[0].queue_lengths[i] + split.classes[1].queue_lengths[i],
              split.queue_lengths[i], 1e-14);
  }
}

TEST_CASE("solve_closed_classes: classes of disjoint stations do not meet") {
  const auto both =
      solve_closed_classes(classes{{40, 1, {0.5, 0}}, {30, 2, {0, 0.25}}}, counts{4, 3});
  CHECK_REL(both.classes[0].throughput,
            solve_closed(std::vector<closed_station>{{0.5, 4}}, 1, 40).throughput, 1e-14);
  CHECK_REL(both.classes[1].throughput,
            solve_closed(std::vector<closed_station>{{0.25, 3}}, 2, 30).throughput, 1e-14);
}

TEST_CASE("solve_closed_classes: any order and any unit") {
  const classes two{{5, 5, {0.5, 0.75}}, {9, 2, {1, 0.25}}};
  const classes turned{two[1], two[0]};
  const auto a = solve_closed_classes(two, counts{2, 1});
  const auto b = solve_closed_classes(turned, counts{2, 1});
  CHECK_REL(a.classes[0].throughput, b.classes[1].throughput, 1e-15);
  classes scaled = two;
  for (auto& c : scaled) {
    c.think_time = std::ldexp(c.think_time, 900);
    for (double& d : c.demands) d = std::ldexp(d, 900);
  }
  CHECK(solve_closed_classes(scaled, counts{2, 1}).classes[0].throughput ==
        std::ldexp(a.classes[0].throughput, -900));
}

TEST_CASE("schweitzer and linearizer: as near as they say") {
  // 400 networks of one to three classes and one to four single servers, against the exact
  // solution. Their largest errors of a throughput were 0.112 and 0.0116, the means 0.023 and
  // 0.0014; the bounds leave room for another libm only.
  std::mt19937_64 engine(20261123);
  std::uniform_real_distribution<double> u(0, 1);
  double worst[2] = {};
  double mean[2] = {};
  for (int round = 0; round < 400; ++round) {
    const auto stations = 1 + static_cast<std::size_t>(u(engine) * 4);
    classes some(1 + static_cast<std::size_t>(u(engine) * 3));
    for (auto& c : some) {
      c.population = 1 + static_cast<count>(u(engine) * 12);
      c.think_time = u(engine) < 0.5 ? 0 : 4 * u(engine);
      for (std::size_t i = 0; i < stations; ++i) c.demands.push_back(0.05 + u(engine));
    }
    const auto truth = solve_closed_classes(some);
    for (const int k : {0, 1}) {
      const auto near = solve_closed_classes(some, {}, {k == 0 ? schweitzer : linearizer});
      double error = 0;
      for (std::size_t r = 0; r < some.size(); ++r) {
        error =
            std::max(error, std::abs(near.classes[r].throughput / truth.classes[r].throughput - 1));
      }
      worst[k] = std::max(worst[k], error);
      mean[k] += error / 400;
    }
  }
  INFO(worst[0], " ", worst[1], " ", mean[0], " ", mean[1]);
  CHECK(worst[0] <= 0.12);
  CHECK(worst[1] <= 0.012);
  CHECK(mean[0] <= 0.024);
  CHECK(mean[1] <= 0.0015);
}

TEST_CASE("schweitzer and linearizer: the population kept, beyond the exact method") {
  const classes large{{100'000, 5, {0.05, 0.08, 1}}, {30'000, 2, {0.1, 0.01, 0.5}}};
  const counts servers{1, 1, 40};
  for (const auto how : {schweitzer, linearizer}) {
    const auto s = solve_closed_classes(large, servers, {how});
    CHECK(s.method == how);
    for (std::size_t r = 0; r < 2; ++r) {
      double there = s.classes[r].throughput * large[r].think_time;
      for (const double q : s.classes[r].queue_lengths) there += q;
      CHECK_REL(there, static_cast<double>(large[r].population), 1e-9);
    }
    for (const double x : s.utilizations) CHECK(x <= 1 + 1e-4);
  }
}

TEST_CASE("solve_closed_classes: names the argument it rejects") {
  const classes one{{5, 1, {1, 2}}};
  CHECK_THROWS_WITH_AS((void)solve_closed_classes({}),
                       "relia::queueing::solve_closed_classes: classes must be at least one, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(one, counts{1, 1, 1}),
                       "relia::queueing::solve_closed_classes: classes[0].demands must be of size "
                       "3, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(one, counts{1, 0}),
                       "relia::queueing::solve_closed_classes: servers[1] must be from 1 to 1e9, "
                       "got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)solve_closed_classes(classes{{0, 1, {1}}}),
      "relia::queueing::solve_closed_classes: classes[0].population must be from 1 "
      "to 1e9, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(classes{{5, 1, {1}}, {5, 0, {0}}}),
                       "relia::queueing::solve_closed_classes: classes[1].think_time must be "
                       "positive where every demand is 0, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(classes{{5000, 1, {1}}}, counts{601}),
                       "relia::queueing::solve_closed_classes: servers must be at most 600, or as "
                       "many as there are requests, in the exact method, got 601",
                       std::domain_error);
  CHECK_THROWS_AS((void)solve_closed_classes(classes{{100'000, 1, {1}}, {100'000, 1, {1}}}),
                  std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(one, {}, {method{"bard"}}),
                       "relia::queueing::solve_closed_classes: method must be exact, schweitzer or "
                       "linearizer, got \"bard\"",
                       std::invalid_argument);
}

TEST_CASE("solve_closed_classes: times that no double holds together are refused") {
  const request_class slow{10, 0, {1e100, 1}};
  const request_class fast{5, 0, {0, 1e-10}};
  const request_class both[] = {slow, fast};
  CHECK_THROWS_WITH_AS((void)solve_closed_classes(both),
                       "relia::queueing::solve_closed_classes: classes must be of times that are "
                       "at least 1e-100 of the longest, got 1e-10",
                       std::domain_error);
}

TEST_CASE("closed_classes: demands that have no inverse beside those of other classes") {
  const classes two{{.population = 5, .think_time = 1e-300, .demands = {1, 1e-308, 0}},
                    {.population = 2, .think_time = 1e-3, .demands = {1e-308, 0, 1e9}}};
  const auto s = solve_closed_classes(two, counts{2, 4, 2});
  // Either class keeps the two servers of its own pool busy.
  CHECK_REL(s.classes[0].throughput, 2.0, 1e-13);
  CHECK_REL(s.classes[1].throughput, 2e-9, 1e-11);  // it thinks for 1e-3 of 1e9
  CHECK_REL(s.queue_lengths[0], 5.0, 1e-13);
  CHECK_REL(s.queue_lengths[2], 2.0, 1e-11);
}

TEST_SUITE_END();
