// SPDX-License-Identifier: BSL-1.0
#include "queue.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace queue {
namespace {

using namespace relia;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct options {
  station_options station;
  promise_options promises;
  format_options format;
  option levels{"--p"};
  option within{"--within"};
};

std::string servers_text(double n) {
  return io::notation(n, check::unit::servers) + (n == 1 ? " server" : " servers");
}
std::string rate_text(double rate) { return io::notation(rate, check::unit::per_second); }

/// "p99.9".
std::string level_text(double level) {
  std::string text = io::written(level, check::unit::fraction);
  text.pop_back();
  return "p" + text;
}

/// "response quantile".
std::string promise_text(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string plan_text(const queueing::contingency& plan) {
  std::string text;
  if (plan.growth > 0) {
    text += ", the load grown by " + io::written(plan.growth, check::unit::fraction);
  }
  if (plan.failures > 0) text += ", " + servers_text(static_cast<double>(plan.failures)) + " down";
  return text;
}

/// A figure of a pool at the service time and at the ends of its interval: each gets worse with
/// every second of service.
template <class Figure>
estimate<double> along(const estimate<double>& service_time, const Figure& of) {
  estimate<double> e = service_time;
  e.notes.clear();
  e.value = of(service_time.value);
  e.interval.lower = of(service_time.interval.lower);
  e.interval.upper = of(service_time.interval.upper);
  if (e.value == infinity) e.state = state::unstable;
  return e;
}

/// Calls `visit` with the pool that the options describe.
template <class Visit>
double of_pool(const queueing::measured_workload& load, double rate, double time, count servers,
               const Visit& visit) {
  if (load.waiting_room) {
    return visit(queueing::mmck(rate, 1 / time, servers, servers + *load.waiting_room));
  }
  if (load.abandonment_rate > 0) {
    return visit(queueing::erlang_a(rate, 1 / time, servers, load.abandonment_rate));
  }
  return visit(queueing::mmc(rate, 1 / time, servers));
}

/// One figure of the pool with its interval.
template <class Visit>
void add_figure(io::answer& a, std::string name, const queueing::measured_workload& load,
                double rate, count servers, check::unit unit, const Visit& visit) {
  a.add(std::move(name),
        along(load.service_time,
              [&](double time) { return of_pool(load, rate, time, servers, visit); }),
        unit);
}

void add_quantile(io::answer& a, const std::string& suffix, const queueing::measured_workload& load,
                  double rate, count servers, queueing::delay of, double level) {
  const bool waits = of == queueing::delay::wait;
  add_figure(a, (waits ? "wait_" : "response_") + level_text(level) + suffix, load, rate, servers,
             check::unit::seconds, [&](const auto& q) {
               return waits ? q.waiting_time().quantile(level) : q.response_time().quantile(level);
             });
}

/// What the promises come to with this many servers: at the worst that is planned for, and before.
void add_outlook(io::answer& a, const queueing::measured_workload& load, double rate, count servers,
                 const queueing::service_targets& targets, const queueing::contingency& plan) {
  std::vector<queueing::latency_target> shown = targets.latency;
  if (shown.empty()) shown.push_back({});
  const bool planned = plan.growth > 0 || plan.failures > 0;
  const auto at = [&](const std::string& suffix, double arriving, count up) {
    for (const auto& t : shown) add_quantile(a, suffix, load, arriving, up, t.delay, t.level);
    add_figure(a, "utilization" + suffix, load, arriving, up, check::unit::fraction,
               [](const auto& q) { return q.utilization(); });
  };
  at("", rate, servers);
  if (planned) at("_at_worst", rate * (1 + plan.growth), servers - plan.failures);
}

int size(const options& o) {
  const station s = read_station(o.station, true);
  const auto targets = read_promises(o.promises, o.station);
  const auto plan = read_plan(o.promises);
  io::answer a{.question = "queue size", .sentence = {}};
  const estimate<double> servers = queueing::servers_for_measured(s.load, targets, plan);
  if (!servers.has_value()) {
    a.verdict = verdict::fail;
    a.sentence = servers.notes.empty() ? "no data" : servers.notes.front();
    describe(a, s);
    return finish(a, o.format);
  }
  const double most = servers.interval.upper;
  const double plan_for = most < infinity ? most : servers.value;
  a.sentence = servers_text(plan_for) + (plan_for == 1 ? " keeps" : " keep") + " every promise" +
               plan_text(plan);
  a.verdict = verdict::pass;
  if (!(most < infinity)) {
    a.verdict = verdict::inconclusive;
    a.sentence += ", or none does";
  } else if (!s.explained) {
    a.verdict = verdict::inconclusive;
  }
  a.add("servers", servers, check::unit::servers);
  const queueing::bearing least =
      queueing::servers_for({s.load.arrival_rate.value, 1 / s.load.service_time.value,
                             s.load.waiting_room, s.load.abandonment_rate},
                            targets, plan);
  if (!least.binding.empty()) {
    a.add_note("one server less would break the promise of " + promise_text(least.binding));
  }
  describe(a, s);
  add_outlook(a, s.load, s.load.arrival_rate.value, static_cast<count>(plan_for), targets, plan);
  return finish(a, o.format);
}

int load(const options& o) {
  const station s = read_station(o.station, false);
  if (!o.station.servers.given()) refuse_missing(o.station.servers, "whose load is asked for?");
  const auto targets = read_promises(o.promises, o.station);
  const auto plan = read_plan(o.promises);
  const count servers = whole(o.station.servers, plan.failures + 1);
  const estimate<double> largest =
      queueing::arrival_rate_for_measured(s.load, servers, targets, plan);
  io::answer a{.question = "queue load", .sentence = {}};
  const std::string fleet = servers_text(static_cast<double>(servers));
  const double bound = largest.interval.lower;
  a.sentence = fleet + (servers == 1 ? " bears " : " bear ") + rate_text(bound) + plan_text(plan);
  a.verdict = bound > 0 ? verdict::pass : largest.value > 0 ? verdict::inconclusive : verdict::fail;
  if (largest.value == 0) a.sentence = "the service alone breaks a promise: no load is borne";
  a.add("largest_arrival_rate", largest, check::unit::per_second);
  if (o.station.rate.given()) {
    const double rate = s.load.arrival_rate.value;
    a.verdict = rate <= bound                   ? verdict::pass
                : rate > largest.interval.upper ? verdict::fail
                                                : verdict::inconclusive;
    a.sentence += a.verdict == verdict::pass ? ", and " + rate_text(rate) + " arrive"
                  : a.verdict == verdict::fail
                      ? ", but " + rate_text(rate) + " arrive"
                      : "; whether " + rate_text(rate) + " are too many cannot be told";
    estimate<double> headroom = largest;
    headroom.notes.clear();
    headroom.value /= rate;
    headroom.interval.lower /= rate;
    headroom.interval.upper /= rate;
    a.add("headroom", headroom, check::unit::ratio);
    const auto time = queueing::service_time_for(
        {rate, 1, s.load.waiting_room, s.load.abandonment_rate}, servers, targets, plan);
    a.add("largest_service_time", time.value, check::unit::seconds);
  }
  if (!s.explained && a.verdict == verdict::pass) a.verdict = verdict::inconclusive;
  const queueing::bearing at_value = queueing::arrival_rate_for(
      {0, 1 / s.load.service_time.value, s.load.waiting_room, s.load.abandonment_rate}, servers,
      targets, plan);
  if (!at_value.binding.empty()) {
    a.add_note("more would break the promise of " + promise_text(at_value.binding));
  }
  describe(a, s);
  return finish(a, o.format);
}

std::vector<double> read_levels(const option& o) {
  if (!o.given()) return {0.5, 0.9, 0.99, 0.999};
  std::vector<double> levels;
  std::string_view rest = o.text;
  for (;;) {
    const std::size_t comma = rest.find(',');
    levels.push_back(open_fraction({o.name, std::string(rest.substr(0, comma))}));
    if (comma == std::string_view::npos) return levels;
    rest.remove_prefix(comma + 1);
  }
}

int quantile(const options& o) {
  const station s = read_station(o.station, true);
  if (!o.station.servers.given()) refuse_missing(o.station.servers, "how many are there?");
  const count servers = whole(o.station.servers, 1);
  const std::vector<double> levels = read_levels(o.levels);
  if (o.within.given() && levels.size() != 1) {
    refuse_missing(o.levels, "--within judges one quantile, such as --p 0.99");
  }
  const double rate = s.load.arrival_rate.value;
  io::answer a{.question = "queue quantile", .verdict = verdict::pass, .sentence = {}};
  const auto figure = [&](const char* name, check::unit unit, const auto& visit) {
    add_figure(a, name, s.load, rate, servers, unit, visit);
  };
  for (const double level : levels) {
    add_quantile(a, "", s.load, rate, servers, queueing::delay::response, level);
  }
  // The level asked for; of those that are shown unasked, the p99.
  const std::size_t judged_at = o.levels.given() ? 0 : 2;
  const estimate<double> judged = a.figures[judged_at].measured;
  for (const double level : levels) {
    add_quantile(a, "", s.load, rate, servers, queueing::delay::wait, level);
  }
  figure("mean_response", check::unit::seconds,
         [](const auto& q) { return q.response_time().mean(); });
  figure("mean_wait", check::unit::seconds, [](const auto& q) { return q.waiting_time().mean(); });
  figure("wait_probability", check::unit::fraction,
         [](const auto& q) { return q.wait_probability(); });
  figure("mean_in_queue", check::unit::events, [](const auto& q) { return q.mean_in_queue(); });
  figure("utilization", check::unit::fraction, [](const auto& q) { return q.utilization(); });
  if (s.load.waiting_room) {
    a.add("blocking",
          along(s.load.service_time,
                [&](double time) {
                  return queueing::mmck(rate, 1 / time, servers, servers + *s.load.waiting_room)
                      .blocking_probability();
                }),
          check::unit::fraction);
  }
  if (s.load.abandonment_rate > 0) {
    a.add("abandonment",
          along(s.load.service_time,
                [&](double time) {
                  return queueing::erlang_a(rate, 1 / time, servers, s.load.abandonment_rate)
                      .abandonment_probability();
                }),
          check::unit::fraction);
  }
  const std::string name = "the " + level_text(levels[judged_at]) + " of the response ";
  if (!judged.has_value()) {
    a.verdict = verdict::fail;
    a.sentence = "over capacity: the load is " +
                 relia::detail::to_short_text(rate * s.load.service_time.value) + " of " +
                 servers_text(static_cast<double>(servers)) + ", and the queue grows without end";
  } else {
    a.sentence = name + "is " + io::notation(judged.value, check::unit::seconds);
    if (o.within.given()) {
      const double limit = positive_time(o.within);
      a.verdict = judged.interval.upper <= limit  ? verdict::pass
                  : judged.interval.lower > limit ? verdict::fail
                                                  : verdict::inconclusive;
      a.sentence += ", to be at most " + io::written(limit, check::unit::seconds);
    }
    if (judged.interval.upper == infinity) {
      a.verdict = verdict::inconclusive;
      a.add_note("at the upper limit of the service time the pool is over capacity");
    }
  }
  if (!s.explained && a.verdict == verdict::pass) a.verdict = verdict::inconclusive;
  describe(a, s);
  return finish(a, o.format);
}

}  // namespace
}  // namespace queue

void add_queue(CLI::App& app, int& exit_code) {
  CLI::App* group =
      app.add_subcommand("queue", "Servers, load and latency: how many, how much, how slow");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* question, const char* footer,
                       int (*run)(const queue::options&)) {
    auto chosen = std::make_shared<queue::options>();
    CLI::App* command = group->add_subcommand(name, question);
    command->footer(footer);
    command->callback([chosen, run, &exit_code] { exit_code = run(*chosen); });
    return std::pair(command, chosen);
  };
  {
    const auto [command, o] = add(
        "size", "Say how many servers keep these promises",
        "Example: relia queue size --rate 150/s --service-time 20ms --p 0.99 --within 200ms "
        "--failures 1\nExit code: 0 a number keeps them, 1 no number does, 2 usage or unreadable "
        "input, 3 the load test does not tell.",
        queue::size);
    queue::add_station(*command, o->station, true);
    queue::add_losses(*command, o->station);
    queue::add_promises(*command, o->promises);
    queue::add_format(*command, o->format);
  }
  {
    const auto [command, o] =
        add("load", "Say how much load these servers bear, and whether it is enough",
            "Example: relia queue load --servers 6 --service-time 20ms --p 0.99 --within 200ms "
            "--failures 1 --rate 150/s\nExit code: 0 the load is borne (without --rate: some load "
            "is), 1 it is not, 2 usage or unreadable input, 3 the load test does not tell.",
            queue::load);
    queue::add_servers(*command, o->station);
    queue::add_station(*command, o->station, false);
    queue::add_losses(*command, o->station);
    queue::add_promises(*command, o->promises);
    queue::add_format(*command, o->format);
  }
  {
    const auto [command, o] = add(
        "quantile", "Say how long requests wait and take",
        "Example: relia queue quantile --servers 6 --rate 150/s --service-time 20ms --p 0.99 "
        "--within 200ms\nExit code: 0 a steady queue, within the limit if there is one, 1 over "
        "the limit or over capacity, 2 usage or unreadable input, 3 the load test does not tell.",
        queue::quantile);
    queue::add_servers(*command, o->station);
    queue::add_station(*command, o->station, true);
    queue::add_losses(*command, o->station);
    command->add_option(o->levels.name, o->levels.text,
                        "Quantiles, with commas between: 0.99,99.9% [0.5,0.9,0.99,0.999]");
    command->add_option(o->within.name, o->within.text,
                        "Judge: this quantile of the response is at most: 200ms");
    queue::add_format(*command, o->format);
  }
  queue::add_retry(*group, exit_code);
  queue::add_usl(*group, exit_code);
}
