// SPDX-License-Identifier: BSL-1.0
// Formulas that have no reference of high precision, or that are approximations, against
// simulations of what they claim to describe. Intervals of 99.9 % with fixed seeds.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/batch.hpp>
#include <relia/queueing/breakdowns.hpp>
#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/fork_join.hpp>
#include <relia/queueing/ggc.hpp>
#include <relia/queueing/hedging.hpp>
#include <relia/queueing/heterogeneous.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/priority.hpp>
#include <relia/queueing/retrial.hpp>
#include <relia/queueing/retry.hpp>
#include <relia/queueing/sharing.hpp>
#include <relia/queueing/shedding.hpp>
#include <relia/queueing/simulation.hpp>
#include <relia/queueing/srpt.hpp>

#include <support/referee.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::sharp;

TEST_SUITE_BEGIN("referee");

namespace {

constexpr sequential_options close_look{.relative_half_width = 0.03, .confidence_level = 0.999};

/// A Markov chain on small states: each step stays for an exponential time and adds `reward` for as
/// long. `moves(state, add)` calls add(rate, next) for every way out.
template <std::size_t N, class Moves, class Reward>
estimate<double> chain(std::array<int, N> state, const Moves& moves, const Reward& reward,
                       const sequential_options& options = close_look) {
  const stats::random_stream random(20261123, 0);
  std::uint64_t n = 0;
  std::vector<std::pair<double, std::array<int, N>>> ways;
  return sequential_mean(
      [&] {
        ways.clear();
        double total = 0;
        moves(state, [&](double rate, const std::array<int, N>& next) {
          if (rate > 0) ways.emplace_back(total += rate, next);
        });
        const double stay = random.exponential(2 * n) / total;
        const double value = reward(state) * stay;
        const double at = random.uniform(2 * n + 1) * total;
        state = std::find_if(ways.begin(), ways.end() - 1, [&](const auto& w) {
                  return at < w.first;
                })->second;
        ++n;
        return observation{value, stay};
      },
      options);
}

/// Servers in order of arrival: the response of a request at time `at`.
struct pool_of {
  std::vector<double> free;
  explicit pool_of(std::size_t servers) : free(servers, 0.0) {}
  double serve(double at, double service) {
    double& first = *std::min_element(free.begin(), free.end());
    first = std::max(first, at) + service;
    return first - at;
  }
};

}  // namespace

TEST_CASE("referee: priorities at one server and at a pool, waits and responses of each class") {
  for (const auto rule : {preemption::none, preemption::resume}) {
    const auto how =
        rule == preemption::none ? discipline::priority : discipline::preemptive_priority;
    const std::vector<priority_class> classes{{0.2, 1, 1}, {0.5, 0.8, 0.25}};
    const auto one = mg1_priority(classes, rule);
    const auto seen = simulate({.between_arrivals = exponential_time(5),
                                .service = exponential_time(1),
                                .discipline = how,
                                .lower_classes = {{exponential_time(2), erlang_time(4, 0.8)}}},
                               sharp(delay::response));
    const std::vector<double> rates{1.2, 0.8, 0.4};
    const auto pool = mmc_priority(rates, 1, 3, rule);
    const auto together =
        simulate({.between_arrivals = exponential_time(1 / 1.2),
                  .service = exponential_time(1),
                  .servers = 3,
                  .discipline = how,
                  .lower_classes = {{exponential_time(1 / 0.8), exponential_time(1)},
                                    {exponential_time(1 / 0.4), exponential_time(1)}}},
                 sharp(delay::response));
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK_AGREES(seen.classes[k].mean_wait, one[k].mean_wait);
      CHECK_AGREES(seen.classes[k].mean_response, one[k].mean_response);
    }
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK_AGREES(together.classes[k].mean_wait, pool[k].mean_wait);
      CHECK_AGREES(together.classes[k].mean_response, pool[k].mean_response);
    }
  }
}

TEST_CASE("referee: shortest remaining first") {
  const auto check = [](double rate, const auto& law) {
    CHECK_AGREES(simulate({.between_arrivals = exponential_time(1 / rate),
                           .service = law,
                           .discipline = discipline::shortest_remaining},
                          sharp(delay::response))
                     .mean_response,
                 srpt(rate, law).mean_response());
  };
  check(0.8, exponential_time(1));
  check(0.7, erlang_time(3, 1));
  check(0.7, hyperexponential_time::of_scv(1, 4));
}

TEST_CASE("referee: processor sharing does not see the law of service") {
  const processor_sharing shared(0.6, 1);
  for (const time_law& law : {time_law(exponential_time(1)), time_law(deterministic_time(1)),
                              time_law(hyperexponential_time::of_scv(1, 4))}) {
    const auto seen = simulate({.between_arrivals = exponential_time(1 / 0.6),
                                .service = law,
                                .discipline = discipline::processor_sharing},
                               sharp(delay::response));
    CHECK_AGREES(seen.mean_response, shared.mean_response());
    CHECK_AGREES(seen.mean_in_system, shared.mean_in_system());
    CHECK(seen.mean_wait.value == 0);
  }
}

TEST_CASE("referee: Erlang A, the waits of the served and of those that give up") {
  const erlang_a q(22, 1, 20, 0.7);
  const auto seen = simulate({.between_arrivals = exponential_time(1.0 / 22),
                              .service = exponential_time(1),
                              .servers = 20,
                              .patience = exponential_time(1 / 0.7)},
                             {.relative_half_width = 0.03,
                              .confidence_level = 0.999,
                              .delay = delay::wait,
                              .levels = {0.5, 0.95}});
  CHECK_AGREES(seen.mean_wait, q.mean_wait_given_served());
  CHECK_AGREES(seen.mean_wait_abandoned, q.mean_wait_given_abandoned());
  CHECK_AGREES(seen.abandonment_probability, q.abandonment_probability());
  CHECK_AGREES(seen.quantiles[0], q.waiting_time().quantile(0.5));
  CHECK_AGREES(seen.quantiles[1], q.waiting_time().quantile(0.95));
}

TEST_CASE("referee: requests that arrive in batches") {
  // 1, 2 or 5 at once: mean 2.5, second moment 0.4 + 4 * 0.3 + 25 * 0.3 = 9.1.
  const batch_mm1 q(0.25, 1, 2.5, 9.1 / (2.5 * 2.5) - 1);
  const auto seen = simulate({.between_arrivals = exponential_time(4),
                              .service = exponential_time(1),
                              .batch_sizes = {0.4, 0.3, 0, 0, 0.3}},
                             sharp(delay::response));
  CHECK_AGREES(seen.mean_wait, q.mean_wait());
  CHECK_AGREES(seen.mean_response, q.mean_response());
  CHECK_AGREES(seen.mean_in_system, q.mean_in_system());
}

TEST_CASE("referee: delays that are inverted from a transform") {
  const auto mixed = hyperexponential_time::of_scv(1, 4);
  const auto one =
      simulate({.between_arrivals = exponential_time(2), .service = mixed}, sharp(delay::response));
  CHECK_AGREES(one.quantiles[0], mg1(0.5, mixed).response_time().quantile(0.99));
  const auto constant = simulate({.between_arrivals = exponential_time(1.0 / 3),
                                  .service = deterministic_time(1),
                                  .servers = 4},
                                 sharp(delay::wait));
  CHECK_AGREES(constant.quantiles[0], mdc(3, 1, 4).waiting_time().quantile(0.99));
}

TEST_CASE("referee: approximations of G/G/c, within the error that each states") {
  const auto wait = [](count servers, const time_law& between, const time_law& service) {
    return simulate({.between_arrivals = between, .service = service, .servers = servers},
                    {.relative_half_width = 0.06, .confidence_level = 0.999, .delay = delay::wait})
        .mean_wait;
  };
  const auto one = wait(1, erlang_time(2, 1 / 0.7), erlang_time(2, 1));
  CHECK_AGREES_WITHIN(one, kraemer_langenbach_belz(0.7, 1, 0.5, 0.5), 1.00, 1.09);
  CHECK(kingman_bound(0.7, 1, 0.5, 0.5) >= one.interval.lower);
  for (const count servers : {count{2}, count{5}}) {
    const double load = 0.9 * static_cast<double>(servers);
    const auto pool = wait(servers, erlang_time(2, 1 / load), erlang_time(2, 1));
    CHECK_AGREES_WITHIN(pool, allen_cunneen(load, 1, servers, 0.5, 0.5), 0.97, 1.24);
    CHECK_AGREES_WITHIN(pool, sakasegawa(load, 1, servers, 0.5, 0.5), 0.98, 1.26);
    CHECK_AGREES_WITHIN(pool, whitt(load, 1, servers, 0.5, 0.5), 0.99, 1.07);
    CHECK_AGREES_WITHIN(pool, kimura(load, 1, servers, 0.5, 0.5), 0.96, 1.01);
  }
}

TEST_CASE("referee: servers that break down") {
  const mmc_breakdowns q(1.5, 1, 3, {.failure_rate = 0.2, .repair_rate = 1, .repairers = 1});
  const auto moves = [](const std::array<int, 2>& s, const auto& add) {
    const auto [n, up] = s;
    add(1.5, {n + 1, up});
    add(std::min(n, up), {n - 1, up});
    add(0.2 * up, {n, up - 1});
    add(up < 3 ? 1 : 0, {n, up + 1});
  };
  CHECK_AGREES(chain<2>({0, 3}, moves, [](const auto& s) { return s[0]; }), q.mean_in_system());
  CHECK_AGREES(chain<2>({0, 3}, moves, [](const auto& s) { return s[0] == 4 ? 1 : 0; }),
               q.probability_of(4));
}

TEST_CASE("referee: unequal servers, an idle one at random") {
  const std::array<double, 3> rates{2, 1, 0.5};
  const heterogeneous_mmc q(2.5, rates);
  // {waiting, busy or not: three servers}
  const auto moves = [&](const std::array<int, 4>& s, const auto& add) {
    const int idle = 3 - s[1] - s[2] - s[3];
    for (std::size_t k = 0; k < 3; ++k) {
      auto next = s;
      next[k + 1] = 1 - s[k + 1];
      if (s[k + 1] == 0) add(2.5 / idle, next);
      if (s[k + 1] == 1 && s[0] == 0) add(rates[k], next);
      if (s[k + 1] == 1 && s[0] > 0) add(rates[k], {s[0] - 1, 1, 1, 1});
    }
    if (idle == 0) add(2.5, {s[0] + 1, 1, 1, 1});
  };
  CHECK_AGREES(
      chain<4>({0, 0, 0, 0}, moves, [](const auto& s) { return s[0] + s[1] + s[2] + s[3]; }),
      q.mean_in_system());
  CHECK_AGREES(
      chain<4>({0, 0, 0, 0}, moves, [](const auto& s) { return s[1] + s[2] + s[3] == 3 ? 1 : 0; }),
      q.wait_probability());
}

TEST_CASE("referee: clients that retry for ever at one server") {
  const retrial_mm1 q(0.6, 1, 0.5);
  const auto moves = [](const std::array<int, 2>& s, const auto& add) {
    const auto [busy, orbit] = s;
    add(0.6, busy == 0 ? std::array{1, orbit} : std::array{1, orbit + 1});
    if (busy == 1) add(1, {0, orbit});
    if (busy == 0 && orbit > 0) add(0.5 * orbit, {1, orbit - 1});
  };
  CHECK_AGREES(chain<2>({0, 0}, moves, [](const auto& s) { return s[1]; }), q.mean_orbit());
  CHECK_AGREES(chain<2>({0, 0}, moves, [](const auto& s) { return s[1] == 3 ? 1 : 0; }),
               q.probability_of(3));
}

TEST_CASE("referee: fork and join") {
  const auto check = [](std::size_t branches, double rate) {
    const stats::random_stream between(20261123, 0);
    const stats::random_stream service(20261123, 1);
    std::vector<pool_of> servers(branches, pool_of(1));
    std::uint64_t n = 0;
    double now = 0;
    const auto seen = sequential_mean(
        [&] {
          now += between.exponential(n) / rate;
          double longest = 0;
          for (std::size_t k = 0; k < branches; ++k) {
            longest =
                std::max(longest, servers[k].serve(now, service.exponential(n * branches + k)));
          }
          ++n;
          return longest;
        },
        close_look);
    // Both state errors of about 5 %; two branches are exact.
    const double off = branches > 2 ? 0.05 : 0;
    for (const auto how : {varma, nelson_tantawi}) {
      const auto formula = fork_join_response(rate, 1, static_cast<count>(branches), {how});
      CHECK_AGREES_WITHIN(seen, formula.value, 1 - off, 1 + off);
      CHECK(formula.interval.lower <= seen.interval.upper);
      CHECK(formula.interval.upper >= seen.interval.lower);
    }
  };
  check(2, 0.6);
  check(5, 0.5);
  check(20, 0.7);
}

TEST_CASE("referee: hedged requests of a fleet") {
  constexpr std::size_t fleet = 50;
  constexpr double after = 3;
  const auto formula = hedge_replicas(0.3, 1, 1, after);
  const double p99 = formula.response.quantile(0.99);
  struct copy {
    double at;
    double first;
    std::size_t replica;
    bool operator>(const copy& o) const { return at > o.at; }
  };
  const auto watch = [&](const auto& value, const sequential_options& options) {
    const stats::random_stream between(20261123, 0);
    const stats::random_stream service(20261123, 1);
    const stats::random_stream choice(20261123, 2);
    std::vector<pool_of> replicas(fleet, pool_of(1));
    std::priority_queue<copy, std::vector<copy>, std::greater<>> copies;
    std::uint64_t n = 0;
    std::uint64_t attempts = 0;
    double fresh = 0;
    return sequential_mean(
        [&] {
          for (;;) {
            if (!copies.empty() && copies.top().at <= fresh) {
              const copy c = copies.top();
              copies.pop();
              const std::size_t other = (c.replica + 1 + choice.below(attempts, fleet - 1)) % fleet;
              const double second = replicas[other].serve(c.at, service.exponential(attempts++));
              return value(std::min(c.first, after + second), true);
            }
            const double now = fresh;
            fresh += between.exponential(n++) / (0.3 * fleet);
            const std::size_t replica = choice.below(attempts, fleet);
            const double first = replicas[replica].serve(now, service.exponential(attempts++));
            if (first <= after) return value(first, false);
            copies.push({now + after, first, replica});
          }
        },
        options);
  };
  // Replicas are taken as independent, which a fleet of 50 is but nearly: 3 % more.
  CHECK_AGREES_WITHIN(watch([](double t, bool) { return t; }, close_look), formula.response.mean(),
                      0.97, 1.03);
  CHECK_AGREES_WITHIN(watch([](double, bool copied) { return copied ? 1.0 : 0.0; }, close_look),
                      formula.extra_load, 0.97, 1.03);
  CHECK_AGREES_WITHIN(watch([p99](double t, bool) { return t > p99 ? 1.0 : 0.0; },
                            {.relative_half_width = 0.1, .confidence_level = 0.999}),
                      0.01, 0.9, 1.1);
}

TEST_CASE("referee: retries after a timeout, calm and in clusters") {
  struct attempt {
    double at;
    int number;
    bool operator>(const attempt& o) const { return at > o.at; }
  };
  const retry_policy policy{.timeout = 3, .max_retries = 1};
  const auto failed = [&](double rate, std::size_t servers) {
    const stats::random_stream between(20261123, 0);
    const stats::random_stream service(20261123, 1);
    pool_of pool(servers);
    std::priority_queue<attempt, std::vector<attempt>, std::greater<>> line;
    line.push({0, 0});
    std::uint64_t n = 0;
    std::uint64_t attempts = 0;
    return sequential_mean(
        [&] {
          const attempt now = line.top();
          line.pop();
          if (now.number == 0) line.push({now.at + between.exponential(n++) / rate, 0});
          const double response = pool.serve(now.at, service.exponential(attempts++));
          if (response <= policy.timeout) return 0.0;
          if (now.number < policy.max_retries) line.push({now.at + policy.timeout, now.number + 1});
          return 1.0;
        },
        close_look);
  };
  // A pool that fails for its slow services alone is as the fixed point says.
  const auto calm = retries(12, 1, 20, policy);
  CHECK_AGREES(failed(12, 20), calm.normal->attempt_failure);
  // Where the line makes them fail, those of one overload fail together: three times as many.
  const auto small = retries(0.9, 1, 2, policy);
  CHECK(small.outcome == retry_outcome::settles);
  CHECK(failed(0.9, 2).interval.lower > 2.5 * small.normal->attempt_failure);
}

TEST_CASE("referee: a line that is cut bounds the wait at three times the capacity") {
  const count line = longest_line(1, 8, 1.5, 0.95);
  const auto wait = [&](count length) {
    return simulate({.between_arrivals = exponential_time(1.0 / 24),
                     .service = exponential_time(1),
                     .servers = 8,
                     .capacity = 8 + length},
                    {.confidence_level = 0.999, .delay = delay::wait, .levels = {0.95}})
        .quantiles[0];
  };
  // Nearly all take the last place: one more would be too many.
  CHECK(wait(line).interval.lower <= 1.5);
  CHECK(wait(line + 1).interval.upper > 1.5);
}

TEST_SUITE_END();
