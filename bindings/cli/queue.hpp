// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What the subcommands of `relia queue` share: their options as text, read once into numbers, so
/// that an error names the option, the value and the rule.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <relia/io/answer.hpp>
#include <relia/queueing/measured.hpp>

#include "commands.hpp"

namespace queue {

/// The text of an option; empty when it was not given.
struct option {
  const char* name;
  std::string text = {};

  [[nodiscard]] bool given() const noexcept { return !text.empty(); }
};

[[noreturn]] void refuse(const option& o, const std::string& expected);
[[noreturn]] void refuse_missing(const option& o, const std::string& why);

/// "150/s", "9000/min", or a bare number, which is per second.
double positive_rate(const option& o);
double positive_time(const option& o);
double time_from_zero(const option& o);
/// "99%" or "0.99", inside (0, 1).
double open_fraction(const option& o);
/// "30%", "0.3" or "1.5x", at least 0.
double share(const option& o);
relia::count whole(const option& o, relia::count least);
double number(const option& o);

/// The station: what arrives, how long a service is, and how many servers there are.
struct station_options {
  option rate{"--rate"};
  option service_time{"--service-time"};
  option service_rate{"--service-rate"};
  option load_test{"--load-test"};
  option servers{"--servers"};
  option waiting_room{"--waiting-room"};
  option patience{"--patience"};
  option confidence{"--confidence"};
};

struct promise_options {
  option p{"--p"};
  option within{"--within"};
  option wait_p{"--wait-p"};
  option wait_within{"--wait-within"};
  option wait_probability{"--wait-probability"};
  option mean_wait{"--mean-wait"};
  option mean_response{"--mean-response"};
  option utilization{"--utilization"};
  option blocking{"--blocking"};
  option abandonment{"--abandonment"};
  option growth{"--growth"};
  option failures{"--failures"};
};

struct format_options {
  option format{"--format"};
  bool json = false;
};

/// `notes`: what a load test says besides. `explained`: whether the service time can be believed;
/// a pool fitted to a load test that it does not explain cannot.
struct station {
  relia::queueing::measured_workload load;
  std::vector<std::string> notes;
  bool explained = true;
};

void add_station(CLI::App& command, station_options& o, bool needs_rate);
void add_servers(CLI::App& command, station_options& o);
void add_losses(CLI::App& command, station_options& o);
void add_promises(CLI::App& command, promise_options& o);
void add_format(CLI::App& command, format_options& o);

/// `needs_rate`: without --rate it is refused; else its absence leaves the state no_data.
station read_station(const station_options& o, bool needs_rate);
relia::queueing::service_targets read_promises(const promise_options& o, const station_options& s);
relia::queueing::contingency read_plan(const promise_options& o);
double confidence_level(const option& o);

/// What the load test says, as a figure with its notes.
void describe(relia::io::answer& a, const station& s);

/// Prints, and says the exit code: 0 pass, 1 fail, 3 inconclusive.
int finish(const relia::io::answer& a, const format_options& o);

void add_retry(CLI::App& group, int& exit_code);
void add_usl(CLI::App& group, int& exit_code);

}  // namespace queue
