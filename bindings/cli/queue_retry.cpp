// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>

#include <relia/queueing/retry.hpp>

#include "queue.hpp"

namespace queue {
namespace {

using namespace relia;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct options {
  station_options station;
  format_options format;
  option timeout{"--timeout"};
  option retries{"--retries"};
  option budget{"--budget"};
  option layers{"--layers"};
};

std::string rate_text(double rate) { return io::notation(rate, check::unit::per_second); }
std::string share_text(double share) { return io::notation(share, check::unit::fraction); }

void add_point(io::answer& a, const std::string& name, const queueing::retry_point& p) {
  a.add(name + "_attempt_rate", p.attempt_rate, check::unit::per_second);
  a.add(name + "_attempt_failure", p.attempt_failure, check::unit::fraction);
  a.add(name + "_request_failure", p.request_failure, check::unit::fraction);
}

/// What a budget changes.
std::string advice(const queueing::retry_load& now, const queueing::retry_policy& policy) {
  if (now.outcome == queueing::retry_outcome::storm) {
    return "at this load every retry that is allowed is spent: add servers, or allow a longer "
           "timeout";
  }
  if (now.outcome == queueing::retry_outcome::settles) {
    return policy.budget < infinity ? "with this budget no spike leaves a storm behind"
                                    : "no budget is needed at this load";
  }
  return "with a budget under " + share_text(now.safe_budget) +
         " of the fresh requests (--budget) no storm lasts";
}

std::string sentence(const queueing::retry_load& now, double rate, double most) {
  if (now.outcome == queueing::retry_outcome::settles) {
    return "settles: whatever the spike, " +
           rate_text(now.normal ? now.normal->attempt_rate : now.storm->attempt_rate) +
           " attempts follow";
  }
  if (now.outcome == queueing::retry_outcome::metastable) {
    return "metastable: past " + rate_text(now.point_of_no_return) +
           " attempts the retries feed themselves, and stay at " + rate_text(rate * most);
  }
  return "storm: the retries feed themselves from any start";
}

int retry(const options& o) {
  const station s = read_station(o.station, true);
  if (!o.station.servers.given()) refuse_missing(o.station.servers, "how many are there?");
  if (!o.timeout.given()) refuse_missing(o.timeout, "after how long is an attempt given up?");
  const count servers = whole(o.station.servers, 1);
  queueing::retry_policy policy{.timeout = positive_time(o.timeout)};
  if (o.retries.given()) policy.max_retries = whole(o.retries, 0);
  if (o.budget.given()) policy.budget = share(o.budget);
  const double rate = s.load.arrival_rate.value;
  const estimate<double>& time = s.load.service_time;
  const auto at = [&](double t) { return queueing::retries(rate, 1 / t, servers, policy); };
  const queueing::retry_load now = at(time.value);
  const double most = 1 + std::min(policy.budget, static_cast<double>(policy.max_retries));

  io::answer a{.question = "queue retry", .sentence = sentence(now, rate, most)};
  a.verdict = now.outcome == queueing::retry_outcome::settles ? verdict::pass : verdict::fail;
  for (const double end : {time.interval.lower, time.interval.upper}) {
    const auto there = at(end).outcome;
    if ((there == queueing::retry_outcome::settles) != (a.verdict == verdict::pass)) {
      a.verdict = verdict::inconclusive;
      a.add_note(std::string("at an end of the interval of the service time: ") +
                 std::string(to_string(there)));
      break;
    }
  }
  if (!s.explained && a.verdict == verdict::pass) a.verdict = verdict::inconclusive;
  if (now.normal) {
    add_point(a, "normal", *now.normal);
    a.add("amplification", now.normal->attempt_rate / rate, check::unit::ratio);
  }
  if (now.outcome == queueing::retry_outcome::metastable) {
    a.add("point_of_no_return", now.point_of_no_return, check::unit::per_second);
    a.add("safe_budget", now.safe_budget, check::unit::fraction);
  }
  if (now.storm) add_point(a, "storm", *now.storm);
  a.add("largest_amplification", most, check::unit::ratio);
  const auto bound = [&](double queueing::retry_limits::*which) {
    const auto of = [&](double t) { return queueing::retry_bounds(1 / t, servers, policy).*which; };
    estimate<double> e = time;
    e.notes.clear();
    e.value = of(time.value);
    e.interval.lower = of(time.interval.upper);
    e.interval.upper = of(time.interval.lower);
    return e;
  };
  a.add("safe_arrival_rate", bound(&queueing::retry_limits::safe), check::unit::per_second);
  a.add("largest_arrival_rate", bound(&queueing::retry_limits::largest), check::unit::per_second);
  if (o.layers.given()) {
    a.add("amplification_of_all_layers",
          queueing::worst_retry_amplification(policy.max_retries + 1, whole(o.layers, 1)),
          check::unit::ratio);
  }
  a.add_note(advice(now, policy));
  describe(a, s);
  return finish(a, o.format);
}

}  // namespace

void add_retry(CLI::App& group, int& exit_code) {
  auto o = std::make_shared<options>();
  CLI::App* command = group.add_subcommand(
      "retry", "Say whether retries can carry a spike over into a lasting storm");
  command->footer(
      "Example: relia queue retry --rate 60/s --service-time 10ms --servers 1 --timeout 100ms "
      "--retries 3\nExit code: 0 it settles whatever the spike, 1 a storm can last, 2 usage or "
      "unreadable input, 3 the load test does not tell.");
  add_station(*command, o->station, true);
  add_servers(*command, o->station);
  command->add_option(o->timeout.name, o->timeout.text,
                      "An attempt that takes longer has failed, though it is still served: 100ms");
  command->add_option(o->retries.name, o->retries.text,
                      "Further attempts of a request, at most [3]");
  command->add_option(
      o->budget.name, o->budget.text,
      "Retries for each fresh request that clients may spend together: 10% [no limit]");
  command->add_option(o->layers.name, o->layers.text,
                      "Layers of services that each retry so often");
  add_format(*command, o->format);
  command->callback([o, &exit_code] { exit_code = retry(*o); });
}

}  // namespace queue
