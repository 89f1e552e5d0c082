// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/hedging.hpp>
#include <relia/queueing/mm1.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;

TEST_SUITE_BEGIN("hedging");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("accuracy: hedged and tied_requests") {
  constexpr const char* source = "hedging.csv, mpmath 60 digits";
  accuracy<> exponential("queueing::hedged", "an exponential latency, hedged at its p95", source,
                         2e-15);
  accuracy<> mean("queueing::hedged::mean", "responses of M/M/c to rho 0.94", source, 2e-15);
  accuracy<> extra("queueing::hedged::extra_load", "the same", source, 2e-15);
  accuracy<> tied("queueing::tied_requests", "rho 0.5 to 1 - 1e-12, 2 to 5 copies", source, 2e-15);
  // A server without load is an exponential latency.
  const auto service = mm1(0, 1).response_time();
  const hedged at_p95(service, service.survival_quantile(0.05));
  for (const auto& row : test::csv_table("queueing/hedging.csv")) {
    const std::string& what = row.text("quantity");
    const double load = row.number("load");
    const double at = row.number("at");
    const double value = row.number("value");
    if (what == "exponential_p95_p99") exponential.compare(at_p95.quantile(0.99), value);
    if (what == "exponential_p95_p99.9") exponential.compare(at_p95.quantile(0.999), value);
    if (what == "exponential_p95_mean") exponential.compare(at_p95.mean(), value);
    if (what == "exponential_p95_extra_load_fraction") {
      exponential.compare(at_p95.extra_load(), value);
    }
    const count servers = row.integer("servers");
    if (what == "hedged_mean") {
      mean.compare(hedged(mmc(load, 1, servers).response_time(), at).mean(), value);
    }
    if (what == "hedged_extra_load") {
      extra.compare(hedged(mmc(load, 1, servers).response_time(), at).extra_load(), value);
    }
    if (what == "tied_mean") tied.compare(tied_requests(load, 1, servers).mean(), value);
    if (what == "tied_survival_quantile") {
      tied.compare(tied_requests(load, 1, servers).survival_quantile(at), value);
    }
  }
}

TEST_CASE("hedged: tails, quantiles and their inverse") {
  const auto pool = mmc(8, 1, 10).response_time();
  const double delay = pool.survival_quantile(0.05);
  const hedged h(pool, delay);
  CHECK_REL(h.extra_load(), 0.05, 1e-13);
  CHECK(h.survival(delay / 2) == pool.survival(delay / 2));
  CHECK(h.survival(2 * delay) == pool.survival(2 * delay) * pool.survival(delay));
  for (const double q : {0.5, 0.05, 0.01, 1e-3, 1e-9}) {
    CHECK_REL(h.survival(h.survival_quantile(q)), q, 1e-13);
    CHECK(h.survival_quantile(q) <= pool.survival_quantile(q));
  }
  // At once, two copies are the faster of two.
  CHECK_REL(hedged(pool, 0).quantile(0.99), fan_out(pool, 2, 1).quantile(0.99), 1e-13);
  // So late that nobody hedges.
  CHECK(hedged(pool, 1e6).quantile(0.99) == pool.survival_quantile(1 - 0.99));
  CHECK_REL(hedged(pool, 1e6).mean(), pool.mean(), 1e-13);
  CHECK(std::isnan(h.quantile(2)));
  CHECK(h.quantile(1) == infinity);
}

TEST_CASE("hedged: measured latencies, by hand") {
  // 1, 2, 3 before the copy; 10 against 3 + {1, 2, 3, 10}: (1 + 2 + 3 + (4 + 5 + 6 + 10) / 4) / 4.
  const hedged h(latency_sample(std::vector<double>{1, 2, 3, 10}), 3);
  CHECK(h.mean() == 3.0625);
  CHECK(h.extra_load() == 0.25);
  CHECK(h.quantile(0.9) == 6);
  CHECK(h.survival(5) == 0.125);
}

TEST_CASE("hedged: the mean of a pool is that of its sample") {
  std::mt19937_64 engine(20261123);
  std::exponential_distribution<double> service(1);
  std::vector<double> values(100'000);
  for (double& v : values) v = service(engine);
  const hedged h(mm1(0, 1).response_time(), 2.0);
  // One standard error of a mean of 1e5 exponential times is 0.3 %.
  CHECK_REL(hedged(latency_sample(values), 2.0).mean(), h.mean(), 0.01);
}

TEST_CASE("hedge_replicas: the copies are in the load") {
  // rate = 0.3 (1 + exp(-5 (1 - rate))): mpmath, 50 digits.
  const auto r = hedge_replicas(0.3, 1, 1, 5);
  CHECK(r.state == state::ok);
  CHECK_REL(r.attempt_rate, 0.30949990700569801979, 1e-14);
  CHECK_REL(r.attempt_rate, 0.3 * (1 + r.extra_load), 1e-14);
  CHECK(r.replica.arrival_rate() == r.attempt_rate);
  CHECK(r.response.quantile(0.99) < mm1(0.3, 1).response_time().quantile(0.99));
  // The same delay at twice the load: copies beget copies, and no rate agrees with its own.
  const auto storm = hedge_replicas(0.6, 1, 1, 5);
  CHECK(storm.state == state::unstable);
  CHECK(storm.response.quantile(0.99) == infinity);
  CHECK(hedge_replicas(2, 1, 1, 5).state == state::unstable);
  CHECK(hedge_replicas(0, 1, 1, 5).attempt_rate == 0);
}

TEST_CASE("tied_requests: one copy is M/M/1") {
  const tied_requests one(0.75, 1, 1);
  const auto queue = mm1(0.75, 1).response_time();
  for (const double t : {0.0, 0.5, 3.0, 40.0}) CHECK_REL(one.survival(t), queue.survival(t), 1e-14);
  CHECK_REL(one.quantile(0.99), queue.quantile(0.99), 1e-14);
  CHECK_REL(one.mean(), queue.mean(), 1e-13);
}

TEST_CASE("tied_requests: a fleet of 500 replicas, simulated") {
  // Copies at two replicas of which the first to start cancels the other: the request joins the one
  // with less work. 4e5 requests; the mean is good to 1 %, and 500 replicas are within 1 % of the
  // limit of many.
  std::mt19937_64 engine(20261123);
  const std::size_t replicas = 500;
  std::exponential_distribution<double> between(0.8 * static_cast<double>(replicas));
  std::exponential_distribution<double> service(1);
  std::uniform_int_distribution<std::size_t> choose(0, replicas - 1);
  std::vector<double> free_at(replicas);
  const tied_requests model(0.8, 1);
  const double limit = model.survival_quantile(0.1);
  double now = 0;
  double sum = 0;
  int late = 0;
  const int requests = 400'000;
  for (int i = -requests / 10; i < requests; ++i) {
    now += between(engine);
    const std::size_t a = choose(engine);
    std::size_t b = choose(engine);
    while (b == a) b = choose(engine);
    double& chosen = free_at[a] < free_at[b] ? free_at[a] : free_at[b];
    chosen = std::max(chosen, now) + service(engine);
    if (i < 0) continue;
    sum += chosen - now;
    late += chosen - now > limit ? 1 : 0;
  }
  CHECK_REL(sum / requests, model.mean(), 0.02);
  CHECK_REL(static_cast<double>(late) / requests, 0.1, 0.05);
}

TEST_CASE("tied_requests: unstable at capacity, and the ends") {
  const tied_requests full(1, 1);
  CHECK(full.state() == state::unstable);
  CHECK(full.quantile(0.5) == infinity);
  CHECK(full.mean() == infinity);
  CHECK(full.survival(100) == 1);
  const tied_requests t(0.5, 2, 3);
  CHECK(t.survival(-1) == 1);
  CHECK(t.survival(0) == 1);
  CHECK(t.survival(infinity) == 0);
  CHECK(t.quantile(0) == 0);
  CHECK(t.quantile(1) == infinity);
  CHECK(std::isnan(t.quantile(-1)));
  CHECK_REL(t.wait_probability(), 1.0 / 64, 1e-15);
}

TEST_CASE("hedging: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)hedged(mm1(1, 2).response_time(), -1),
                       "relia::queueing::hedged: delay must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)hedge_replicas(1, 2, 1, infinity),
                       "relia::queueing::hedge_replicas: delay must be at least 0 and finite, got "
                       "inf",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)tied_requests(1, 2, 0),
                       "relia::queueing::tied_requests: copies must be from 1 to 1e6, got 0",
                       std::domain_error);
}

TEST_CASE("hedging_break_even: the load where a storm of hedges starts to hurt") {
  // M/M/1 replicas: with x = lambda (1 + exp(-(mu - x) d)) the hedged p99 is (L / (mu - x) + d) /
  // 2, alone it is L / (mu - lambda), L = log 100. Where they meet by mpmath 1.2.1 at 40 digits;
  // the search stops within 1e-7 of the capacity.
  CHECK_REL(hedging_break_even(1, 1, 0, 0.01), 1.0 / 3, 1e-6);
  CHECK_REL(hedging_break_even(1, 1, 0, 1e-6), 1.0 / 3, 1e-6);  // for every quantile
  CHECK_REL(hedging_break_even(1, 1, 0.5, 0.01), 0.36249209616921272461, 1e-6);
  CHECK_REL(hedging_break_even(1, 1, 2, 0.01), 0.44727802520139252313, 1e-6);
  CHECK_REL(hedging_break_even(1, 1, 4, 0.01), 0.54143683229857239286, 1e-6);
  // In other units of time.
  CHECK_REL(hedging_break_even(100, 1, 0.02, 0.01), 44.727802520139252313, 1e-6);
  // Past it the same hedge that helped makes the p99 longer, and at half load there is no steady
  // state left: 0.49999800 is the most that x / (1 + exp(-(1 - x) 2)) reaches.
  const auto p99 = [](double load) { return mm1(load, 1).response_time().quantile(0.99); };
  CHECK(hedge_replicas(0.40, 1, 1, 2).response.quantile(0.99) < p99(0.40));
  CHECK(hedge_replicas(0.48, 1, 1, 2).response.quantile(0.99) > p99(0.48));
  CHECK(hedge_replicas(0.51, 1, 1, 2).state == state::unstable);
  // Pools share their servers, so that copies pay up to a higher load.
  CHECK(hedging_break_even(1, 16, 2, 0.01) / 16 > hedging_break_even(1, 1, 2, 0.01));
  // Nothing that takes less than the delay is shortened: a p50 of 0.7 services, a copy after 10.
  CHECK(hedging_break_even(1, 1, 10, 0.9) == 0);
  CHECK_THROWS_WITH_AS((void)hedging_break_even(1, 1, 1, 1),
                       "relia::queueing::hedging_break_even: probability must be a fraction in (0, "
                       "1) (95 % is 0.95), "
                       "got 1",
                       std::domain_error);
}

TEST_CASE("tied_requests: unstable, no request is ever served") {
  const tied_requests q(161, 161, 721'738);
  CHECK(q.state() == state::unstable);
  CHECK(q.survival(1e308) == 1);
  CHECK(std::isnan(q.survival(std::nan(""))));
  CHECK_THROWS_AS(tied_requests(1, 2, std::numeric_limits<count>::min()), std::domain_error);
}

TEST_SUITE_END();
