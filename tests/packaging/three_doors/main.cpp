// SPDX-License-Identifier: BSL-1.0
// The answers of C++ to the questions that test_three_doors.py also asks through Python and the
// command, with all digits. Argument: the folder of the examples.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <relia/io.hpp>
#include <relia/relia.hpp>

namespace {

using namespace relia;

template <class T>
double plain(T value) {
  if constexpr (std::is_same_v<T, double>) {
    return value;
  } else {
    return value.count();
  }
}

template <class T>
void print(const char* name, const estimate<T>& e) {
  std::printf("%s %.17g %.17g %.17g\n", name, plain(e.value), plain(e.interval.lower),
              plain(e.interval.upper));
}

template <class Ask>
void refusal(const char* name, Ask ask) {
  try {
    (void)ask();
    std::printf("%s accepted\n", name);
  } catch (const std::domain_error& e) {
    std::printf("%s domain_error %s\n", name, e.what());
  } catch (const std::invalid_argument& e) {
    std::printf("%s invalid_argument %s\n", name, e.what());
  }
}

int refusals() {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  refusal("percent", [] { return slo::objective(99.9); });
  refusal("nan", [] { return queueing::mmc(nan, 1.0, 2); });
  refusal("negative", [] { return aggregate::counts(-1, 0); });
  refusal("option", [] { return stats::proportion(1, 2, {.method = {"wilsn"}}); });
  refusal("sizes", [] { return series(std::vector<instant>(2), std::vector<double>(3)); });
  refusal("no_rows", [] { return forecast::fit_trend(series()); });
  return 0;
}

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

}  // namespace

int main(int, char** argv) {
  const std::string examples = argv[1];
  if (examples == "refusals") return refusals();
  const double level = two_sided_level(0.95);

  const aggregate::counts events(99'950, 50);
  print("sli.ratio", sli::attainment(events, {.confidence_level = level}));
  const estimate<double> bad = sli::bad_fraction(events, {.confidence_level = level});
  const double budget = slo::objective(0.999).error_budget();
  std::printf("slo.burn_rate %.17g %.17g %.17g\n", bad.value * (1 / budget),
              bad.interval.lower * (1 / budget), bad.interval.upper * (1 / budget));

  const io::csv_file log(examples + "/web_pool/data/log_bytes.csv");
  std::vector<instant> times;
  std::vector<double> bytes;
  for (const auto& row : log.rows()) {
    times.push_back(io::parse_time(row.fields[log.column("timestamp")]));
    bytes.push_back(number(row.fields[log.column("bytes")]));
  }
  const auto full = forecast::exhaustion(series(times, bytes), 10e6, std::chrono::minutes(3),
                                         {.seed = 1, .confidence_level = level});
  print("forecast.exhaustion", full.probability());

  const io::csv_file requests(examples + "/web_pool/data/open_loop_requests.csv");
  count rows = 0;
  double service = 0;
  double first = 0;
  double last = 0;
  for (const auto& row : requests.rows()) {
    if (row.fields[requests.column("offered_per_second")] != "160") continue;
    const double sent = number(row.fields[requests.column("intended_seconds")]);
    first = rows == 0 ? sent : std::min(first, sent);
    last = rows == 0 ? sent : std::max(last, sent);
    service += number(row.fields[requests.column("service_seconds")]);
    ++rows;
  }
  print("queueing.response",
        queueing::latency_estimate(rows - 1, last - first, rows, service, 4,
                                   {.level = 0.99, .confidence_level = level}));

  const io::load_test test = io::read_load_test(examples + "/web_pool/data/open_loop.csv");
  const queueing::measured_workload load{
      queueing::known(160), queueing::measured_service_time(test.requests, test.service_time)};
  queueing::service_targets promise;
  promise.latency = {{.level = 0.99, .limit = 0.2}};
  const queueing::contingency plan{.growth = 0.3, .failures = 1};
  const auto workers = queueing::servers_for_measured(load, promise, plan);
  const auto planned = static_cast<count>(workers.interval.upper);
  print("queueing.service_time", load.service_time);
  print("queueing.servers", workers);
  print("queueing.arrival_rate", queueing::arrival_rate_for_measured(load, planned, promise, plan));
  print("queueing.p99", queueing::latency_estimate(load.arrival_rate, load.service_time, planned));

  const io::csv_file outages(examples + "/public_outages/data/outages.csv");
  std::vector<incident::timeline> timelines;
  for (const auto& row : outages.rows()) {
    incident::timeline t;
    const auto stamp = [&](const char* column) -> std::optional<instant> {
      const std::string& text = row.fields[outages.column(column)];
      if (text.empty()) return std::nullopt;
      return io::parse_time(text);
    };
    t.started = stamp("started_at");
    t.detected = stamp("detected_at");
    t.acknowledged = stamp("acknowledged_at");
    t.mitigated = stamp("mitigated_at");
    t.resolved = stamp("resolved_at");
    t.planned = row.fields[outages.column("planned")] == "true";
    timelines.push_back(t);
  }
  const incident::history history(timelines, io::parse_time("2026-11-23T00:00:00Z"),
                                  {.blank_end = incident::blank_end::unknown});
  print("incident.duration", incident::mttm(history, {.confidence_level = level}).median);
}
