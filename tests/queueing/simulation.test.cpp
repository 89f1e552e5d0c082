// SPDX-License-Identifier: BSL-1.0
// The simulation against stations whose answers are known exactly, from relia's own tested models.
// Intervals of 99.9 % with fixed seeds: a miss is a change of the simulator, not bad luck.
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/gimc.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/mm1.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/mmck.hpp>
#include <relia/queueing/simulation.hpp>

#include <support/close.hpp>
#include <support/referee.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::sharp;

TEST_SUITE_BEGIN("simulation");

TEST_CASE("simulate: M/M/1, everything it reports") {
  const mm1 truth(0.5, 1);
  const auto seen = simulate(
      {.between_arrivals = exponential_time(2), .service = exponential_time(1)},
      {.relative_half_width = 0.03, .confidence_level = 0.999, .levels = {0.5, 0.9, 0.99}});
  CHECK(seen.outcome == simulation_outcome::converged);
  CHECK_AGREES(seen.mean_wait, truth.waiting_time().mean());
  CHECK_AGREES(seen.mean_response, truth.response_time().mean());
  CHECK_AGREES(seen.wait_probability, 0.5);
  CHECK_AGREES(seen.mean_in_system, truth.mean_in_system());
  CHECK_AGREES(seen.utilization, 0.5);
  CHECK_AGREES(seen.quantiles[0], truth.response_time().quantile(0.5));
  CHECK_AGREES(seen.quantiles[1], truth.response_time().quantile(0.9));
  CHECK_AGREES(seen.quantiles[2], truth.response_time().quantile(0.99));
  CHECK(seen.mean_response.interval.upper <= 1.03 * seen.mean_response.value);
  CHECK(seen.mean_response.n == seen.customers);
  CHECK(seen.blocking_probability.interval.upper == 0);
  CHECK(seen.abandonment_probability.interval.upper == 0);
  CHECK(seen.mean_wait_abandoned.state == state::no_data);
  REQUIRE(seen.classes.size() == 1);
  CHECK(seen.classes[0].mean_wait.value == seen.mean_wait.value);
}

TEST_CASE("simulate: laws of service and of arrivals") {
  const auto poisson = [](double rate, const time_law& service, double wait) {
    CHECK_AGREES(simulate({.between_arrivals = exponential_time(1 / rate), .service = service},
                          sharp(delay::wait))
                     .mean_wait,
                 wait);
  };
  poisson(0.5, erlang_time(4, 1), mg1(0.5, erlang_time(4, 1)).mean_wait());
  poisson(0.5, deterministic_time(1), mg1(0.5, deterministic_time(1)).mean_wait());
  const auto mixed = hyperexponential_time::of_scv(1, 4);
  poisson(0.5, mixed, mg1(0.5, mixed).mean_wait());
  const double bounds[] = {0.5, 1, 2};
  const count counts[] = {3, 1};
  const empirical_time measured(bounds, counts);
  poisson(0.6, measured, mg1(0.6, measured).mean_wait());
  const gimc regular(deterministic_time(0.4), 1, 3);
  const auto seen = simulate(
      {.between_arrivals = deterministic_time(0.4), .service = exponential_time(1), .servers = 3},
      sharp(delay::wait));
  CHECK_AGREES(seen.mean_wait, regular.waiting_time().mean());
  CHECK_AGREES(seen.wait_probability, regular.wait_probability());
}

TEST_CASE("simulate: pools, and a p99 of the wait") {
  const mmc truth(8, 1, 10);
  const auto seen =
      simulate({.between_arrivals = exponential_time(1.0 / 8),
                .service = exponential_time(1),
                .servers = 10},
               {.relative_half_width = 0.1, .confidence_level = 0.999, .delay = delay::wait});
  CHECK_AGREES(seen.mean_wait, truth.waiting_time().mean());
  CHECK_AGREES(seen.wait_probability, truth.wait_probability());
  CHECK_AGREES(seen.quantiles[0], truth.waiting_time().quantile(0.99));
  CHECK_AGREES(seen.utilization, 0.8);
  const mdc constant(4, 1, 5);
  CHECK_AGREES(simulate({.between_arrivals = exponential_time(0.25),
                         .service = deterministic_time(1),
                         .servers = 5},
                        sharp(delay::wait))
                   .mean_wait,
               constant.mean_in_queue() / 4);
}

TEST_CASE("simulate: a finite room, and impatience, at and over capacity") {
  const mmck room(5, 1, 5, 8);
  const auto seen = simulate({.between_arrivals = exponential_time(0.2),
                              .service = exponential_time(1),
                              .servers = 5,
                              .capacity = 8},
                             sharp(delay::wait));
  CHECK_AGREES(seen.blocking_probability, room.blocking_probability());
  CHECK_AGREES(seen.wait_probability, room.wait_probability());
  CHECK_AGREES(seen.mean_wait, room.waiting_time().mean());
  CHECK_AGREES(seen.mean_in_system, room.mean_in_system());
  CHECK_AGREES(seen.utilization, room.utilization());
  CHECK_AGREES(seen.quantiles[0], room.waiting_time().quantile(0.99));
  // Erlang B does not see the law of service.
  const auto lost = simulate({.between_arrivals = exponential_time(0.1),
                              .service = lognormal_time(1, 4),
                              .servers = 8,
                              .capacity = 8},
                             {.relative_half_width = 0.01, .confidence_level = 0.999});
  CHECK_AGREES(lost.blocking_probability, erlang_b(8, 10.0));
  CHECK(lost.mean_wait.value == 0);
  const erlang_a truth(11, 1, 10, 0.5);
  const auto impatient = simulate({.between_arrivals = exponential_time(1.0 / 11),
                                   .service = exponential_time(1),
                                   .servers = 10,
                                   .patience = exponential_time(2)},
                                  sharp(delay::wait));
  CHECK_AGREES(impatient.abandonment_probability, truth.abandonment_probability());
  CHECK_AGREES(impatient.wait_probability, truth.wait_probability());
  CHECK_AGREES(impatient.mean_in_system, truth.mean_in_system());
}

TEST_CASE("simulate: the same seed, the same answer; another discipline, the same work") {
  const simulation_model first{
      .between_arrivals = exponential_time(1), .service = lognormal_time(0.6, 2), .servers = 2};
  const simulation_options options{.seed = 5, .relative_half_width = 1e-9, .max_customers = 20'000};
  const auto one = simulate(first, options);
  CHECK(one.mean_wait.value == simulate(first, options).mean_wait.value);
  CHECK(one.outcome == simulation_outcome::inconclusive);
  CHECK(one.customers == 20'000);
  CHECK(one.mean_wait.has_value());
  simulation_options other = options;
  other.seed = 6;
  CHECK(one.mean_wait.value != simulate(first, other).mean_wait.value);
  // A line in order of keys, all equal, is first come first served: the other engine agrees.
  simulation_model ranked = first;
  ranked.discipline = discipline::priority;
  CHECK_REL(simulate(ranked, options).mean_wait.value, one.mean_wait.value, 0.05);  // batches by
  // departure, not by arrival: the same requests but those at the ends
  simulation_model faster = first;
  faster.service = lognormal_time(0.3, 2);  // the same draws, halved
  faster.between_arrivals = exponential_time(0.5);
  CHECK_REL(simulate(faster, options).mean_wait.value, one.mean_wait.value / 2, 1e-9);
}

TEST_CASE("simulate: what has no steady state is named, not run") {
  const auto at_capacity = simulate(
      {.between_arrivals = exponential_time(0.5), .service = exponential_time(1), .servers = 2});
  CHECK(at_capacity.outcome == simulation_outcome::unstable);
  CHECK(to_string(at_capacity.outcome) == "unstable");
  CHECK(at_capacity.customers == 0);
  CHECK(at_capacity.mean_wait.state == state::unstable);
  CHECK(std::isnan(at_capacity.mean_wait.value));
  REQUIRE(at_capacity.quantiles.size() == 1);
  CHECK(at_capacity.quantiles[0].state == state::unstable);
  CHECK(at_capacity.mean_wait.notes[0] == "the load is 2 servers of 2");
  const simulation_model batches{.between_arrivals = exponential_time(1),
                                 .service = exponential_time(0.6),
                                 .batch_sizes = {0.2, 0.8}};
  CHECK(simulate(batches).outcome == simulation_outcome::unstable);  // 1.8 of 0.6
}

TEST_CASE("simulate: what never happened has a bound; regular arrivals and services never wait") {
  const auto calm = simulate({.between_arrivals = exponential_time(10),
                              .service = exponential_time(1),
                              .servers = 10,
                              .capacity = 30},
                             {.relative_half_width = 0.5});
  CHECK(calm.blocking_probability.value == 0);
  CHECK(calm.blocking_probability.interval.upper > 0.01);
  CHECK(calm.blocking_probability.interval.upper < 0.1);
  const auto clockwork =
      simulate({.between_arrivals = deterministic_time(2), .service = deterministic_time(1)});
  CHECK(clockwork.outcome == simulation_outcome::converged);
  CHECK(clockwork.mean_response.value == 1);
  CHECK(clockwork.mean_wait.value == 0);
  CHECK_REL(clockwork.quantiles[0].value, 1, 1.0 / 1024);  // a cell of the histogram
  CHECK_REL(clockwork.utilization.value, 0.5, 1e-12);
}

TEST_CASE("simulate: when nobody is served, there is nothing to say of the served") {
  const auto seen = simulate({.between_arrivals = deterministic_time(1),
                              .service = deterministic_time(1e9),
                              .patience = deterministic_time(2)},
                             {.max_customers = 10'000});
  CHECK(seen.outcome == simulation_outcome::inconclusive);
  CHECK(seen.mean_wait.state == state::no_data);
  CHECK(seen.quantiles[0].state == state::no_data);
  CHECK(seen.abandonment_probability.value == 1);
  CHECK(seen.mean_wait_abandoned.value == 2);
}

TEST_CASE("simulate: names what it refuses") {
  const simulation_model good{.between_arrivals = exponential_time(2),
                              .service = exponential_time(1)};
  const auto refuses = [&](auto change) {
    simulation_model bad = good;
    change(bad);
    CHECK_THROWS_AS((void)simulate(bad), std::logic_error);
  };
  refuses([](auto& m) { m.servers = 0; });
  refuses([](auto& m) { m.servers = 2'000'000; });
  refuses([](auto& m) { m.batch_sizes = {0.5, 0.4}; });
  refuses([](auto& m) { m.batch_sizes = {-0.5, 1.5}; });
  refuses([](auto& m) { m.service = exponential_time(1e-5); });
  refuses([](auto& m) { m.between_arrivals = exponential_time(1e90); });
  simulation_model small = good;
  small.servers = 3;
  small.capacity = 2;
  CHECK_THROWS_WITH_AS((void)simulate(small),
                       "relia::queueing::simulate: capacity must be at least the servers, got 2",
                       std::domain_error);
  simulation_model impatient = good;
  impatient.patience = exponential_time(1);
  impatient.discipline = discipline::shortest_remaining;
  CHECK_THROWS_WITH_AS(
      (void)simulate(impatient),
      "relia::queueing::simulate: patience must be none unless the discipline is first_come, got 1",
      std::invalid_argument);
  CHECK_THROWS_AS((void)simulate(good, {.relative_half_width = -1}), std::domain_error);
  CHECK_THROWS_AS((void)simulate(good, {.confidence_level = 0}), std::domain_error);
  CHECK_THROWS_AS((void)simulate(good, {.max_customers = 0}), std::domain_error);
  CHECK_THROWS_AS((void)simulate(good, {.levels = {1}}), std::domain_error);
}

TEST_SUITE_END();
