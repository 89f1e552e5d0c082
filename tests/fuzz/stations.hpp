// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Every function of queueing, with arguments that the bytes choose. The first byte chooses the
/// topic. Findings: an exception that is not relia's own, a negative time, a probability outside
/// [0, 1], a NaN that no NaN argument and no state explains, and, for the fuzzer's time limit, work
/// without end. Counts are kept small where the documented cost grows with them; reals are not.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/error.hpp>
#include <relia/queueing.hpp>

#include "require.hpp"

namespace relia::fuzz::stations {

using namespace relia::queueing;

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Arguments from bytes; zeros when they are used up.
class arguments {
 public:
  explicit arguments(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] std::uint8_t byte() {
    if (left_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(left_.front());
    left_.remove_prefix(1);
    return first;
  }

  /// An end of the doubles, any double, or a plain number, so that whole sets are often valid.
  [[nodiscard]] double real() { return shown(any_real()); }
  [[nodiscard]] double level() { return shown(any_level()); }
  /// Up to `most`, or one of those that are always refused.
  [[nodiscard]] count whole(count most) { return shown(any_whole(most)); }
  /// From 1 to `most`.
  [[nodiscard]] std::size_t size(std::size_t most) { return 1 + byte() % most; }

  [[nodiscard]] std::vector<double> reals(std::size_t n) {
    std::vector<double> values(n);
    for (double& x : values) x = real();
    return values;
  }

 private:
  template <class T>
  [[nodiscard]] T raw() {
    std::array<char, sizeof(T)> bytes{};
    const std::size_t n = std::min(left_.size(), sizeof(T));
    std::memcpy(bytes.data(), left_.data(), n);
    left_.remove_prefix(n);
    return std::bit_cast<T>(bytes);
  }

  /// RELIA_FUZZ_SHOW=1 prints what is drawn.
  template <class T>
  [[nodiscard]] static T shown(T value) {
    static const bool show = std::getenv("RELIA_FUZZ_SHOW") != nullptr;
    if (show) std::fprintf(stderr, "%.17g\n", static_cast<double>(value));
    return value;
  }

  [[nodiscard]] double any_real() {
    constexpr double ulp = std::numeric_limits<double>::epsilon();
    constexpr double ends[] = {
        0,       -0.0,    5e-324,   1e-308,    1e-300,
        1e-15,   1e-9,    1e-3,     0.5,       1 - ulp / 2,
        1,       1 + ulp, 2,        1e3,       1e6,
        1e9,     1e12,    1e15,     1e100,     1e300,
        1.7e308, -1.0,    infinity, -infinity, std::numeric_limits<double>::quiet_NaN()};
    const std::uint8_t kind = byte();
    if (kind < std::size(ends)) return ends[kind];
    if (kind < 64) return raw<double>();
    if (kind < 96) return 1 - std::ldexp(1.0, -(byte() % 60));  // next to saturation
    return raw<std::uint16_t>() / 256.0;
  }

  [[nodiscard]] double any_level() {
    const std::uint8_t kind = byte();
    if (kind < 64) return any_real();
    return kind < 128 ? std::ldexp(1.0, -kind) : (kind - 127) / 129.0;
  }

  [[nodiscard]] count any_whole(count most) {
    constexpr count ends[] = {-1, std::numeric_limits<count>::min(),
                              std::numeric_limits<count>::max()};
    const std::uint8_t kind = byte();
    if (kind < std::size(ends)) return ends[kind];
    if (kind < 160) return std::min(most, count{kind} / 4);
    return static_cast<count>(raw<std::uint32_t>()) % (most + 1);
  }

  std::string_view left_;
};

inline void holds(bool so, double value, int line) {
  if (!so) std::fprintf(stderr, "%.17g: ", value);
  require(so, line);
}
inline void probability(double p, int line = __builtin_LINE()) { holds(p >= 0 && p <= 1, p, line); }
inline void not_negative(double x, int line = __builtin_LINE()) {
  holds(x >= 0, x, line);  // false for NaN
}
inline void number(double x, int line = __builtin_LINE()) { holds(!std::isnan(x), x, line); }
inline void logarithm(double x, int line = __builtin_LINE()) { holds(x <= 0, x, line); }
inline void not_negatives(std::initializer_list<double> all, int line = __builtin_LINE()) {
  for (const double x : all) not_negative(x, line);
}
/// At a level that may be outside of [0, 1], by too little for 1 - level to show: then NaN or not.
inline void time_at(bool answered, double x, int line = __builtin_LINE()) {
  holds(answered ? x >= 0 : !(x < 0), x, line);
}
inline void probability_at(double at, double p, int line = __builtin_LINE()) {
  holds(std::isnan(at) || (p >= 0 && p <= 1), p, line);
}

/// A delay: survival, its inverse, and what else it has.
template <class Delay>
void delay_of(const Delay& d, arguments& a) {
  const double t = a.real();
  const double level = a.level();
  probability_at(t, d.survival(t));
  const bool fraction = level >= 0 && level <= 1;
  time_at(fraction, d.survival_quantile(level));
  if constexpr (requires { d.quantile(level); }) {
    time_at(fraction, d.quantile(level));
  }
  if constexpr (requires { d.cdf(t); }) {
    probability_at(t, d.cdf(t));
  }
  if constexpr (requires { d.log_survival(t); }) {
    require(std::isnan(t) || d.log_survival(t) <= 0);
  }
  if constexpr (requires { d.pdf(t); }) require(std::isnan(t) || d.pdf(t) >= 0);
  if constexpr (requires { d.mean(); }) not_negative(d.mean());
  if constexpr (requires { d.variance(); }) not_negative(d.variance());
}

/// What a queue has of the answers that most have.
template <class Queue>
void queue_of(const Queue& q, arguments& a) {
  if constexpr (requires { q.utilization(); }) not_negative(q.utilization());
  if constexpr (requires { q.wait_probability(); }) probability(q.wait_probability());
  if constexpr (requires { q.blocking_probability(); }) probability(q.blocking_probability());
  if constexpr (requires { q.full_probability(); }) probability(q.full_probability());
  if constexpr (requires { q.mean_in_queue(); }) not_negative(q.mean_in_queue());
  if constexpr (requires { q.mean_in_system(); }) not_negative(q.mean_in_system());
  if constexpr (requires { q.variance_in_queue(); }) not_negative(q.variance_in_queue());
  if constexpr (requires { q.variance_in_system(); }) not_negative(q.variance_in_system());
  if constexpr (requires { q.throughput(); }) not_negative(q.throughput());
  if constexpr (requires { q.mean_busy(); }) not_negative(q.mean_busy());
  if constexpr (requires { q.mean_wait(); }) not_negative(q.mean_wait());
  if constexpr (requires { q.mean_response(); }) not_negative(q.mean_response());
  const count n = a.whole(100'000);
  if constexpr (requires { q.probability_of(n); }) probability(q.probability_of(n));
  if constexpr (requires { q.log_probability_of(n); }) logarithm(q.log_probability_of(n));
  if constexpr (requires { q.probability_at_least(n); }) probability(q.probability_at_least(n));
  if constexpr (requires { q.waiting_time(); }) delay_of(q.waiting_time(), a);
  if constexpr (requires { q.response_time(); }) delay_of(q.response_time(), a);
}

/// A value that a state explains, inside its interval.
inline void estimated(const estimate<double>& e) {
  if (e.state != state::ok) return;
  number(e.value);
  require(e.interval.lower <= e.value && e.value <= e.interval.upper);
}

[[nodiscard]] inline latency_target target_of(arguments& a) {
  const auto which = a.byte() % 2 == 0 ? delay::wait : delay::response;
  const double level = a.level();
  return {which, level, a.real()};
}

[[nodiscard]] inline hyperexponential_time hyperexponential_of(arguments& a) {
  if (a.byte() % 2 == 0) {
    const double mean = a.real();
    return hyperexponential_time::of_scv(mean, a.real());
  }
  const double p[] = {0.75, 0.25};
  return {p, a.reals(2)};
}

/// Calls f with a law of times that has a density, or, with `any`, with any.
template <bool any, class Function>
void with_law(arguments& a, const Function& f) {
  switch (a.byte() % (any ? 6 : 4)) {
    case 0:
      return f(exponential_time(a.real()));
    case 1: {
      const count stages = a.whole(200);
      return f(erlang_time(stages, a.real()));
    }
    case 2:
      return f(hyperexponential_of(a));
    case 3: {
      const double mean = a.real();
      return f(lognormal_time(mean, a.real()));
    }
    case 4:
      if constexpr (any) return f(deterministic_time(a.real()));
      break;
    default:
      if constexpr (any) {
        const std::size_t n = a.size(4);
        const auto bounds = a.reals(n + 1);
        std::vector<count> counts(n);
        for (count& c : counts) c = a.whole(1000);
        return f(empirical_time(bounds, counts));
      }
  }
}

template <real Real>
void erlang_in(count servers, double given) {
  const auto load = static_cast<Real>(given);
  const auto fraction = [](Real p) { require(p >= 0 && p <= 1); };
  fraction(erlang_b(servers, load));
  fraction(erlang_c(servers, load));
  require(log_erlang_b(servers, load) <= 0 && log_erlang_c(servers, load) <= 0);
}

inline void erlang(arguments& a) {
  const count servers = a.whole(most_servers);
  const double load = a.real();
  switch (a.byte() % 4) {
    case 0:
      return erlang_in<float>(servers, load);
    case 1:
      return erlang_in<long double>(servers, load);
    case 2:
      return probability(erlang_c_slack(servers, load));
    default:
      erlang_in<double>(servers, load);
  }
  const double part = a.real();
  probability(erlang_b_real(part, load));
  probability(erlang_c_real(part, load));
}

inline void markov(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(most_servers);
  if (servers == 1) not_negative(mm1(arrival, service).mean_busy_period());
  const mmc q(arrival, service, servers);
  logarithm(q.log_wait_probability());
  queue_of(q, a);
}

inline void rooms(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(1'000'000);
  const count capacity = a.whole(20'000);
  const bool more = a.byte() % 2 == 0 && servers > 0 && servers <= 1'000'000 && capacity >= 0 &&
                    capacity <= 20'000;
  queue_of(mmck(arrival, service, servers, more ? servers + capacity : capacity), a);
  queue_of(mmcc(arrival, service, servers), a);
}

inline void sources(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(20'000);
  const count n = a.whole(20'000);
  queue_of(finite_source(arrival, service, servers, n), a);
  queue_of(engset(arrival, service, servers, n), a);
}

inline void impatient(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(1'000'000);
  const double theta = a.real();
  const double part = a.real();
  const impatience found = erlang_a_real(part, arrival, theta);
  probability(found.wait_probability);
  probability(found.abandonment_probability);
  not_negative(found.mean_in_queue);
  const erlang_a q(arrival, service, servers, theta);
  queue_of(q, a);
  probability(q.abandonment_probability());
  not_negatives({q.mean_wait(), q.mean_wait_given_served(), q.mean_wait_given_abandoned()});
  const double t = a.real();
  probability_at(t, q.served_within(t));
  probability_at(t, q.waits_longer(t));
  delay_of(q.offered_wait(), a);
}

inline void endless(arguments& a) {
  const double arrival = a.real();
  const infinite_servers q(arrival, a.real());
  queue_of(q, a);
  const double t = a.real();
  with_law<true>(a, [&](const auto& law) { not_negative(mean_in_flight(arrival, law, t)); });
  not_negative(q.mean_after(t, a.real()));
  const double beta = a.real();
  probability(halfin_whitt_wait_probability(beta));
  not_negative(halfin_whitt_beta(a.level()));
}

inline void sized(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(most_servers);
  const auto target = target_of(a);
  const double blocking = a.level();
  switch (a.byte() % 4) {
    case 0: {
      const sizing s = min_servers(arrival, service, target);
      probability(s.probability);
      require((s.servers >= 1) == (s.outcome == outcome::met));
      break;
    }
    case 1:
      not_negative(max_arrival_rate(service, servers, target));
      break;
    case 2:
      require(min_servers_for_blocking(arrival, blocking).servers >= 1);
      break;
    default:
      not_negative(max_load_for_blocking(servers, blocking));
  }
}

inline void promised(arguments& a) {
  workload load{.arrival_rate = a.real(), .service_rate = a.real()};
  const std::uint8_t kind = a.byte();
  if (kind % 3 == 1) load.waiting_room = a.whole(2'000);
  if (kind % 3 == 2) load.abandonment_rate = a.real();
  service_targets targets;
  const std::uint8_t which = a.byte();
  if (which & 1) targets.blocking = a.level();
  if (which & 2) targets.abandonment = a.level();
  if (which & 4) targets.wait_probability = a.level();
  if (which & 8) targets.utilization = a.level();
  if (which & 16) targets.mean_wait = a.real();
  if (which & 32) targets.mean_response = a.real();
  if (which & 64) targets.latency.push_back(target_of(a));
  const contingency plan{.growth = kind > 128 ? a.real() : 0, .failures = a.whole(4)};
  const count servers = a.whole(10'000);
  switch (a.byte() % 4) {
    case 0:
      return number(judge(load, servers, targets).excess);
    case 1:
      return not_negative(servers_for(load, targets, plan).value);
    case 2:
      return not_negative(arrival_rate_for(load, servers, targets, plan).value);
    default:
      not_negative(service_time_for(load, servers, targets, plan).value);
  }
}

inline void general(arguments& a) {
  const double arrival = a.real();
  switch (a.byte() % 3) {
    case 0:
      return with_law<true>(a, [&](const auto& law) {
        const mg1 q(arrival, law);
        not_negatives({q.variance_wait(), q.variance_response()});
        queue_of(q, a);
      });
    case 1: {
      const count servers = a.whole(64);
      return queue_of(mdc(arrival, a.real(), servers), a);
    }
    default: {
      const count servers = a.whole(300);
      with_law<true>(a, [&](const auto& law) {
        const gimc q(law, arrival, servers);
        probability(q.sigma());
        queue_of(q, a);
      });
    }
  }
}

inline void orders(arguments& a) {
  const double arrival = a.real();
  const double mean = a.real();
  const auto rule = a.byte() % 2 == 0 ? preemption::none : preemption::resume;
  const auto delays = [](const std::vector<class_delay>& all) {
    for (const auto& d : all) not_negatives({d.mean_wait, d.mean_response});
  };
  switch (a.byte() % 4) {
    case 0: {
      std::vector<priority_class> classes(a.size(4));
      for (auto& c : classes) {
        c.arrival_rate = a.real();
        c.mean_service = a.real();
        c.service_scv = a.real();
      }
      return delays(mg1_priority(classes, rule));
    }
    case 1: {
      const auto rates = a.reals(a.size(4));
      return delays(mmc_priority(rates, mean, a.whole(1'000'000), rule));
    }
    case 2: {
      const processor_sharing q(arrival, mean);
      not_negatives(
          {q.mean_slowdown(), q.variance_response_exponential(), q.mean_response_of(a.real())});
      queue_of(q, a);
      return delay_of(q.response_time_exponential(), a);
    }
    default:
      with_law<false>(a, [&](const auto& law) {
        const srpt q(arrival, law);
        not_negatives({q.utilization(), q.mean_response()});
        not_negative(q.mean_response_of(a.real()));
      });
  }
}

inline void unusual(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  switch (a.byte() % 4) {
    case 0: {
      const double mean = a.real();
      return queue_of(batch_mm1(arrival, service, mean, a.real()), a);
    }
    case 1: {
      const retrial_mm1 q(arrival, service, a.real());
      not_negatives({q.mean_orbit(), q.variance_orbit()});
      return queue_of(q, a);
    }
    case 2:
      return queue_of(heterogeneous_mmc(arrival, a.reals(a.size(5))), a);
    default: {
      const count servers = a.whole(5);
      const double failure = a.real();
      const double repair = a.real();
      const mmc_breakdowns q(arrival, service, servers, {failure, repair, a.whole(5)});
      not_negatives({q.mean_up(), q.utilization(), q.mean_in_system(), q.mean_in_queue()});
      if (arrival > 0) not_negative(q.mean_response());  // NaN: of no request
      probability(q.probability_of(a.whole(1'000)));
    }
  }
}

inline void moving(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(30);
  const count start = a.whole(50);
  const double t = a.real();
  // Work is jumps x states, documented; here up to 1e6.
  const double jumps = (arrival + std::min(static_cast<double>(servers), 80.0) * service) * t;
  if (jumps > 1e4) return;
  const auto number_of = [&](const number_in_system& n) {
    not_negatives({n.mean(), n.variance()});
    const count k = a.whole(100);
    const auto near_fraction = [](double p) { require(p >= 0 && p <= 1 + 1e-12); };
    near_fraction(n.probability_of(k));
    near_fraction(n.probability_at_least(k));
    near_fraction(n.probability_at_most(k));
    require(n.quantile(a.level()) >= 0);
  };
  if (a.byte() % 2 == 0) return number_of(mmck_transient(arrival, service, servers, 80, start, t));
  if (jumps * (arrival * t + 100) < 1e6)
    number_of(mmc_transient(arrival, service, servers, start, t));
}

inline void approximate(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const double ca = a.real();
  const double cs = a.real();
  const count servers = a.whole(1'000'000);
  switch (a.byte() % 8) {
    case 0:
      return not_negative(kingman(arrival, service, ca, cs));
    case 1:
      return not_negative(kingman_bound(arrival, service, ca, cs));
    case 2:
      return not_negative(kraemer_langenbach_belz(arrival, service, ca, cs));
    case 3:
      return not_negative(marchal(arrival, service, ca, cs));
    case 4:
      return not_negative(allen_cunneen(arrival, service, servers, ca, cs));
    case 5:
      return not_negative(sakasegawa(arrival, service, servers, ca, cs));
    case 6:
      return not_negative(whitt(arrival, service, servers, ca, cs));
    default:
      not_negative(kimura(arrival, service, servers, ca, cs));
  }
}

inline void open(arguments& a) {
  std::vector<open_station> pools(a.size(4));
  for (auto& p : pools) {
    p.service_rate = a.real();
    p.servers = a.whole(1'000);
  }
  const auto check = [&](const open_network& n) {
    not_negatives({n.mean_in_system(), n.mean_response(), n.growth_to_saturation()});
    for (std::size_t i = 0; i < n.size(); ++i) not_negative(n.visits(i));
    queue_of(n.stations()[n.bottleneck()], a);
  };
  if (a.byte() % 2 == 0) {
    const auto visits = a.reals(pools.size());
    return check(open_network(a.real(), visits, pools));
  }
  const auto arrivals = a.reals(pools.size());
  std::vector<double> routing(pools.size() * pools.size());
  for (double& r : routing) r = a.byte() % 4 == 0 ? a.real() : a.byte() / 1024.0;
  check(open_network(arrivals, routing, pools));
}

inline void closed(arguments& a) {
  std::vector<closed_station> stations(static_cast<std::size_t>(a.byte() % 4));
  for (auto& s : stations) {
    s.demand = a.real();
    const std::uint8_t kind = a.byte();
    if (kind % 3 == 1) s.servers = a.whole(most_servers);
    if (kind % 3 == 2) s.speeds = a.reals(a.size(4));
  }
  const double think = a.real();
  const count population = a.whole(100);
  switch (a.byte() % 4) {
    case 0: {
      const auto s = solve_closed(stations, think, population);
      not_negatives({s.throughput, s.response_time});
      for (std::size_t i = 0; i < stations.size(); ++i) {
        not_negatives({s.queue_lengths[i], s.residence_times[i], s.utilizations[i]});
      }
      return;
    }
    case 1:
      for (const double p : queue_distribution(stations, think, population, a.whole(4))) {
        require(p >= 0 && p <= 1 + 1e-12);
      }
      return;
    case 2:
      return not_negative(saturation_population(stations, think));
    default: {
      const method methods[] = {asymptotic, balanced_job, geometric};
      const auto b = throughput_bounds(stations, think, population, {methods[a.byte() % 3]});
      not_negatives({b.throughput_lower, b.throughput_upper, b.response_lower, b.response_upper});
    }
  }
}

inline void classes(arguments& a) {
  const std::size_t stations = a.size(3);
  const method methods[] = {exact, schweitzer, linearizer};
  const method chosen = methods[a.byte() % 3];
  std::vector<request_class> all(a.size(3));
  for (auto& c : all) {
    c.population = a.whole(chosen == exact ? 6 : 1'000'000);
    c.think_time = a.real();
    c.demands = a.reals(stations);
  }
  std::vector<count> servers(a.byte() % 2 == 0 ? 0 : stations);
  for (count& c : servers) c = a.whole(8);
  const auto s = solve_closed_classes(all, servers, {chosen});
  for (const auto& c : s.classes) {
    not_negatives({c.throughput, c.response_time});
    for (const double r : c.residence_times) not_negative(r);
  }
  for (const double q : s.queue_lengths) not_negative(q);
  for (const double u : s.utilizations) not_negative(u);
}

inline void spread(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count branches = a.whole(1'000);
  const count needed = a.whole(1'000);
  switch (a.byte() % 4) {
    case 0:
      return estimated(fork_join_response(arrival, service, branches,
                                          {a.byte() % 2 == 0 ? varma : nelson_tantawi}));
    case 1:
      probability(slow_fraction(a.level(), branches, needed));
      probability(leaf_slow_fraction(a.level(), branches, needed));
      return not_negative(order_statistic_mean(branches, needed));
    case 2:
      return delay_of(fan_out(mm1(arrival, service).response_time(), branches, needed), a);
    default:
      delay_of(latency_sample(a.reals(a.size(6))), a);
  }
}

inline void hedging(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const double delay = a.real();
  switch (a.byte() % 4) {
    case 0:
      return delay_of(hedged(mmc(arrival, service, a.whole(100)).response_time(), delay), a);
    case 1:
      return delay_of(hedged(latency_sample(a.reals(a.size(6))), delay), a);
    case 2: {
      const auto h = hedge_replicas(arrival, service, a.whole(20), delay);
      not_negatives({h.attempt_rate, h.extra_load});
      return queue_of(h.replica, a);
    }
    default:
      delay_of(tied_requests(arrival, service, a.whole(1'000'000)), a);
  }
}

inline void retrying(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(10'000);
  const retry_policy policy{a.real(), a.whole(1'000'000), a.real()};
  const auto point = [](const retry_point& p) {
    not_negative(p.attempt_rate);
    probability(p.attempt_failure);
    probability(p.request_failure);
  };
  switch (a.byte() % 4) {
    case 0: {
      const auto load = retries(arrival, service, servers, policy);
      if (load.normal) point(*load.normal);
      if (load.storm) point(*load.storm);
      require(load.normal.has_value() || load.storm.has_value());
      return not_negatives({load.point_of_no_return, load.safe_budget});
    }
    case 1: {
      const auto b = retry_bounds(service, servers, policy);
      not_negative(b.safe);
      return require(b.safe <= b.largest);
    }
    case 2:
      return point(
          retries_when_blocked(arrival, service, servers, policy.max_retries, policy.budget));
    default:
      not_negative(worst_retry_amplification(servers, a.whole(1'000)));
  }
}

inline void overload(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(1'000'000);
  switch (a.byte() % 4) {
    case 0: {
      const auto s = shed(arrival, service, servers, target_of(a));
      not_negative(s.admitted_rate);
      return probability(s.shed_fraction);
    }
    case 1: {
      const double limit = a.real();
      return require(longest_line(service, servers, limit, a.level()) >= 0);
    }
    default: {
      const drain_time d(a.whole(2'000), arrival, service, servers);
      probability(d.probability());
      not_negatives({d.mean(), d.variance()});
      probability(d.cdf(a.real()));
      not_negative(d.quantile(a.level()));
    }
  }
}

inline void staffed(arguments& a) {
  const double arrival = a.real();
  const double service = a.real();
  const count servers = a.whole(1'000'000);
  const double time = a.real();
  switch (a.byte() % 4) {
    case 0: {
      const auto rates = a.reals(a.size(5));
      const auto target = target_of(a);
      const auto plan =
          staffing(rates, time, service, target,
                   {a.byte() % 2 == 0 ? modified_offered_load : pointwise_stationary, a.real()});
      for (const double load : plan.loads) not_negative(load);
      return;
    }
    case 1: {
      const auto s = step_of_load(arrival, service, servers, a.whole(2'000'000), time);
      return not_negatives({s.backlog, s.longest_wait, s.drained_after});
    }
    case 2: {
      const cached_queue q(arrival, a.level(), service, servers, time);
      not_negative(q.mean());
      const double t = a.real();
      probability_at(t, q.survival(t));
      const double level = a.level();
      return time_at(level >= 0 && level <= 1, q.quantile(level));
    }
    default:
      probability(min_hit_ratio(arrival, service, servers, a.real(), a.level(), time));
  }
}

inline void scaling(arguments& a) {
  if (a.byte() % 3 == 0) {
    const double serial = a.level();
    const double n = a.real();
    not_negative(amdahl_speedup(serial, n));
    not_negative(gustafson_speedup(serial, n));
    const double coherency = a.real();
    const usl law(serial, coherency, a.real());
    const double x = a.real();
    for (const double y : {law.throughput(x), law.latency(x), law.efficiency(x),
                           law.concurrency_at_throughput(x), law.concurrency_at_latency(x),
                           law.latency_at_throughput(x), law.throughput_at_latency(x)}) {
      require(std::isnan(x) || y >= 0);
    }
    return not_negatives({law.peak_concurrency(), law.peak_throughput()});
  }
  const std::size_t n = 4 + a.byte() % 6;
  const auto concurrency = a.reals(n);
  const auto throughput = a.reals(n);
  if (a.byte() % 2 == 0) {
    const auto fit = fit_usl(concurrency, throughput);
    for (const auto& e :
         {fit.contention(), fit.coherency(), fit.single_rate(), fit.peak_concurrency()}) {
      estimated(e);
    }
    not_negatives({fit.sse(), fit.residual_deviation()});
    return estimated(fit.throughput(a.real()));
  }
  for (const auto& law : compare_scaling(concurrency, throughput).laws) {
    not_negatives({law.sse, law.rate, law.weight});
  }
}

[[nodiscard]] inline estimate<double> estimate_of(arguments& a) {
  estimate<double> e;
  e.value = a.real();
  e.interval = {a.real(), a.real(), a.level()};
  e.n = a.whole(1'000);
  e.state = static_cast<state>(a.byte() % 3);
  return e;
}

inline void measured(arguments& a) {
  const double real = a.real();
  const count servers = a.whole(1'000'000);
  const auto which = a.byte() % 2 == 0 ? delay::wait : delay::response;
  const double level = a.level();
  switch (a.byte() % 6) {
    case 0: {
      const count arrivals = a.whole(1'000'000);
      const count served = a.whole(1'000'000);
      return estimated(
          latency_estimate(arrivals, real, served, a.real(), servers, {which, level, a.level()}));
    }
    case 1: {
      const auto arrival = estimate_of(a);
      return estimated(latency_estimate(arrival, estimate_of(a), servers, which, level));
    }
    case 2: {
      const auto arrival = estimate_of(a);
      return estimated(servers_estimate(arrival, estimate_of(a), {which, level, real}));
    }
    case 3: {
      const auto levers = latency_sensitivity(real, a.real(), servers, which, level);
      not_negative(levers.latency);
      number(levers.arrivals);
      number(levers.service);
      return number(levers.servers);
    }
    case 4: {
      const std::size_t n = a.size(5);
      const auto concurrency = a.reals(n);
      const auto throughput = a.reals(n);
      for (const double r : check_little(concurrency, throughput, a.reals(n), real).ratio) {
        not_negative(r);
      }
      return;
    }
    default: {
      const std::size_t n = 4 + a.byte() % 3;
      const auto rates = a.reals(n);
      const auto latencies = a.reals(n);
      const auto requests = a.reals(n);
      const auto fit = fit_station(rates, latencies, requests,
                                   {.most_servers = a.whole(4),
                                    .mm = a.byte() % 2 == 0,
                                    .delay = a.byte() % 2 == 0,
                                    .replicates = 50,
                                    .confidence_level = level});
      for (const auto& e : {fit.servers, fit.service_rate, fit.variability, fit.delay}) {
        estimated(e);
      }
      delay_of(fit.response_time(real), a);
    }
  }
}

inline void drawn(arguments& a) {
  std::vector<estimate<double>> inputs(a.size(2));
  for (auto& e : inputs) e = estimate_of(a);
  estimated(
      propagate([](std::span<const double> x) { return mm1(x[0], 1 / x.back()).mean_in_system(); },
                inputs, {a.byte(), 100 + a.byte(), a.level()}));
}

inline constexpr void (*topics[])(arguments&) = {
    erlang,  markov,  rooms,    sources,  impatient,   endless, sized,    promised,
    general, orders,  unusual,  moving,   approximate, open,    closed,   classes,
    spread,  hedging, retrying, overload, staffed,     scaling, measured, drawn};

/// One input. Refusals must be relia's: "relia::" opens every message.
inline void run(std::string_view input) {
  arguments a(input);
  try {
    topics[a.byte() % std::size(topics)](a);
  } catch (const convergence_error& e) {
    require(std::string_view(e.what()).substr(0, 7) == "relia::");
  } catch (const std::logic_error& e) {  // domain_error, invalid_argument
    require(std::string_view(e.what()).substr(0, 7) == "relia::");
    throw;
  }
}

}  // namespace relia::fuzz::stations
