// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdlib>
#include <unistd.h>

#include <relia/io/load_test.hpp>
#include <relia/io/quantity.hpp>

#include "queue.hpp"

namespace queue {

using namespace relia;

namespace {

/// What `parse` makes of the text, its complaint prefixed by the option.
template <class Parse>
auto parsed(const option& o, Parse parse) {
  try {
    return parse(o.text);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(std::string(o.name) + ": " + e.what());
  }
}

double fraction_of(const std::string& text) {
  return text.ends_with('%') ? io::parse_percent(text) : io::detail::to_number(text);
}

}  // namespace

void refuse(const option& o, const std::string& expected) {
  throw std::invalid_argument(std::string(o.name) + ": expected " + expected + ", found \"" +
                              o.text + "\"");
}

void refuse_missing(const option& o, const std::string& why) {
  throw std::invalid_argument(std::string(o.name) + " is missing: " + why);
}

double positive_rate(const option& o) {
  const bool bare = o.text.find_first_not_of("0123456789.") == std::string::npos;
  const double rate = bare ? parsed(o, io::detail::to_number)
                           : parsed(o, [](const auto& t) { return io::parse_rate(t); });
  if (!(rate > 0)) refuse(o, "a rate above 0, such as 150/s");
  return rate;
}

double time_from_zero(const option& o) {
  const double time = parsed(o, [](const auto& t) { return io::parse_duration(t); }).count();
  if (!(time >= 0)) refuse(o, "a duration of at least 0, such as 20ms");
  return time;
}

double positive_time(const option& o) {
  const double time = time_from_zero(o);
  if (!(time > 0)) refuse(o, "a duration above 0, such as 20ms");
  return time;
}

double open_fraction(const option& o) {
  const double fraction = parsed(o, fraction_of);
  if (!(fraction > 0 && fraction < 1)) {
    refuse(o, "a fraction between 0 and 1, such as 0.99 or 99%");
  }
  return fraction;
}

double share(const option& o) {
  const bool times = o.text.ends_with('x');
  const double value =
      times ? parsed(o, [](const auto& t) { return io::parse_ratio(t); }) : parsed(o, fraction_of);
  // A bare 30 is more likely a percentage than thirty times as much.
  const bool bare = !times && !o.text.ends_with('%');
  if (!(value >= 0) || (bare && value > 1))
    refuse(o, "a share of at least 0, such as 30%, 0.3 or 1.5x");
  return value;
}

count whole(const option& o, count least) {
  const std::string expected = "a whole number of at least " + std::to_string(least);
  count value = 0;
  try {
    value = io::detail::to_count(o.text);
  } catch (const std::invalid_argument&) {
    refuse(o, expected);
  }
  if (value < least) refuse(o, expected);
  return value;
}

double number(const option& o) {
  const double value = parsed(o, io::detail::to_number);
  if (!(value > 0)) refuse(o, "a number above 0");
  return value;
}

double confidence_level(const option& o) { return o.given() ? open_fraction(o) : 0.95; }

namespace {

CLI::Option* add(CLI::App& command, option& o, const char* help) {
  // CLI11 would take an empty text for an absent one.
  return command.add_option(o.name, o.text, help)->check([](const std::string& text) {
    return text.empty() ? std::string("must not be empty") : std::string();
  });
}

/// From measured service times where the file has them, else from the pool that explains the
/// responses.
void read_service_time(const station_options& o, double confidence, station& s) {
  io::load_test test = io::read_load_test(o.load_test.text);
  s.notes = std::move(test.notes);
  if (!test.service_time.empty()) {
    s.load.service_time =
        queueing::measured_service_time(test.requests, test.service_time, confidence);
    return;
  }
  s.load.service_time =
      queueing::fitted_service_time(test.arrival_rate, test.latency, test.requests, confidence);
  s.explained = s.load.service_time.notes.empty();
}

}  // namespace

void add_station(CLI::App& command, station_options& o, bool needs_rate) {
  add(command, o.rate,
      needs_rate
          ? "Requests that arrive: 150/s, 9000/min; a bare number is per second"
          : "Requests that arrive, to be judged: 150/s, 9000/min; a bare number is per second");
  add(command, o.service_time, "Mean time that a request keeps a server: 20ms");
  add(command, o.service_rate, "Its reciprocal: requests a busy server completes, 50/s");
  add(command, o.load_test,
      "A CSV of an open-loop load test, a row for each level, from which the service time is taken "
      "with its interval; columns sent and duration_seconds (or offered_per_second), "
      "latency_mean_seconds, completed, and where measured service_mean_seconds");
  add(command, o.confidence, "Of intervals from a load test [95%]");
}

void add_servers(CLI::App& command, station_options& o) {
  add(command, o.servers, "Servers: workers, threads, connections");
}

void add_losses(CLI::App& command, station_options& o) {
  add(command, o.waiting_room, "So many may wait, the rest are turned away [no limit]");
  add(command, o.patience, "Mean time after which a waiting request gives up: 10s [never]");
}

void add_promises(CLI::App& command, promise_options& o) {
  add(command, o.p, "This fraction of the responses ...: 0.99 or 99%");
  add(command, o.within, "... takes no longer than this: 200ms");
  add(command, o.wait_p, "This fraction of the requests ...: 95%");
  add(command, o.wait_within, "... waits no longer than this: 50ms (0s: not at all)");
  add(command, o.wait_probability, "At most this fraction waits: 5%");
  add(command, o.mean_wait, "The mean wait is at most: 10ms");
  add(command, o.mean_response, "The mean response is at most: 50ms");
  add(command, o.utilization, "The servers are busy for at most: 70%");
  add(command, o.blocking, "At most this fraction is turned away (with --waiting-room): 0.1%");
  add(command, o.abandonment, "At most this fraction gives up (with --patience): 2%");
  add(command, o.growth, "The load is to grow by: 30% [0%]");
  add(command, o.failures, "So many servers may be down [0]");
}

void add_format(CLI::App& command, format_options& o) {
  add(command, o.format, "text or json [text]");
  command.add_flag("--json", o.json, "The same as --format json");
}

station read_station(const station_options& o, bool needs_rate) {
  station s;
  const double confidence = confidence_level(o.confidence);
  const int ways =
      int{o.service_time.given()} + int{o.service_rate.given()} + int{o.load_test.given()};
  if (ways == 0) refuse_missing(o.service_time, "give it, --service-rate, or --load-test");
  if (ways > 1) {
    throw std::invalid_argument(
        "--service-time, --service-rate and --load-test say the same: give one of them");
  }
  if (o.confidence.given() && !o.load_test.given()) {
    refuse(o.confidence, "--load-test beside it, for nothing else here has an interval");
  }
  if (o.load_test.given()) {
    read_service_time(o, confidence, s);
  } else {
    s.load.service_time = queueing::known(
        o.service_time.given() ? positive_time(o.service_time) : 1 / positive_rate(o.service_rate));
  }
  if (o.rate.given()) {
    s.load.arrival_rate = queueing::known(positive_rate(o.rate));
  } else if (needs_rate) {
    refuse_missing(o.rate, "how many requests arrive, such as 150/s?");
  } else {
    s.load.arrival_rate = no_data<double>({});
  }
  if (o.waiting_room.given() && o.patience.given()) {
    refuse(o.patience, "no --waiting-room beside it");
  }
  if (o.waiting_room.given()) s.load.waiting_room = whole(o.waiting_room, 0);
  if (o.patience.given()) s.load.abandonment_rate = 1 / positive_time(o.patience);
  return s;
}

queueing::service_targets read_promises(const promise_options& o, const station_options& s) {
  queueing::service_targets t;
  const auto pair = [&](const option& p, const option& within, queueing::delay of) {
    if (p.given() != within.given()) {
      refuse_missing(p.given() ? within : p,
                     std::string("it belongs to ") + (p.given() ? p : within).name);
    }
    if (p.given()) {
      t.latency.push_back(
          {.delay = of, .level = open_fraction(p), .limit = time_from_zero(within)});
    }
  };
  pair(o.p, o.within, queueing::delay::response);
  pair(o.wait_p, o.wait_within, queueing::delay::wait);
  if (o.wait_probability.given()) t.wait_probability = open_fraction(o.wait_probability);
  if (o.mean_wait.given()) t.mean_wait = positive_time(o.mean_wait);
  if (o.mean_response.given()) t.mean_response = positive_time(o.mean_response);
  if (o.utilization.given()) t.utilization = open_fraction(o.utilization);
  if (o.blocking.given()) t.blocking = open_fraction(o.blocking);
  if (o.abandonment.given()) t.abandonment = open_fraction(o.abandonment);
  // Such promises are kept by every pool, and would make a gate green for ever.
  if (o.blocking.given() && !s.waiting_room.given()) {
    refuse_missing(s.waiting_room,
                   "without a limit nobody is turned away, whatever --blocking says");
  }
  if (o.abandonment.given() && !s.patience.given()) {
    refuse_missing(s.patience, "without it nobody gives up, whatever --abandonment says");
  }
  const bool any = o.p.given() || o.wait_p.given() || o.wait_probability.given() ||
                   o.mean_wait.given() || o.mean_response.given() || o.utilization.given() ||
                   o.blocking.given() || o.abandonment.given();
  if (!any) refuse_missing(o.p, "nothing is promised; such as --p 0.99 --within 200ms");
  return t;
}

queueing::contingency read_plan(const promise_options& o) {
  return {.growth = o.growth.given() ? share(o.growth) : 0,
          .failures = o.failures.given() ? whole(o.failures, 0) : 0};
}

void describe(io::answer& a, const station& s) {
  if (s.load.service_time.n > 0) a.add("service_time", s.load.service_time, check::unit::seconds);
  for (const std::string& note : s.notes) a.add_note(note);
}

int finish(const io::answer& a, const format_options& o) {
  if (o.format.given() && o.format.text != "text" && o.format.text != "json") {
    refuse(o.format, "text or json");
  }
  if (o.json || o.format.text == "json") {
    print(io::to_json(a));
  } else {
    const bool terminal = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    print(io::to_text(a, terminal ? io::colour::yes : io::colour::no));
  }
  return a.verdict == verdict::pass ? 0 : a.verdict == verdict::fail ? 1 : 3;
}

}  // namespace queue
