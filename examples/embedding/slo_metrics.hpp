// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Two objectives of one service, counted in its request path and read by Prometheus. A request is
/// one record into a shard of its thread. A scrape takes what is new from the shards, puts it into
/// the windows of the alerting policy, and exports burn rates, the budget left, and good and total
/// events.

#include <chrono>
#include <mutex>
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <relia/aggregate.hpp>
#include <relia/slo.hpp>

namespace embedding {

/// How requests ended, and how long the good ones took: together one record, in or out as a whole.
class served {
 public:
  explicit served(double fast_seconds) : latency_({fast_seconds}) {}

  template <class Access>
  void record_with(bool good, double seconds) noexcept {
    outcome_.record_with<Access>(good);
    if (good) latency_.record_with<Access>(seconds);
  }
  void copy_shared_from(const served& other) noexcept {
    outcome_.copy_shared_from(other.outcome_);
    latency_.copy_shared_from(other.latency_);
  }
  void merge(const served& other) {
    outcome_.merge(other.outcome_);
    latency_.merge(other.latency_);
  }
  void subtract(const served& part) {
    outcome_.subtract(part.outcome_);
    latency_.subtract(part.latency_);
  }
  [[nodiscard]] bool empty() const noexcept { return outcome_.empty(); }

  [[nodiscard]] const relia::aggregate::counts& outcome() const noexcept { return outcome_; }
  /// Answered well and in time, of all requests. Exact: the limit has a counter of its own.
  [[nodiscard]] relia::aggregate::counts in_time() const {
    const relia::count fast = latency_.at_thresholds()[0];
    return {fast, outcome_.valid() - fast};
  }

 private:
  relia::aggregate::counts outcome_{};
  relia::aggregate::basic_histogram<relia::aggregate::histogram_layout{.thresholds = 1}> latency_;
};

class slo_metrics : public prometheus::Collectable {
 public:
  /// `fast_seconds`: the limit that the objective `in_time` is about.
  slo_metrics(const relia::slo::policy& policy, relia::slo::objective available,
              relia::slo::objective in_time, double fast_seconds)
      : requests_(served(fast_seconds)) {
    for (const relia::slo::tier& t : policy.tiers) {
      windows_.insert({t.short_window, t.long_window});
    }
    const std::vector<relia::duration> lengths(windows_.begin(), windows_.end());
    const relia::aggregate::window_layout layout(lengths);
    slos_.push_back({"availability", available, windows(layout), {}});
    slos_.push_back({"latency", in_time, windows(layout), {}});
  }

  /// The request path: no lock, and no allocation after a thread's first request.
  void record(bool good, std::chrono::duration<double> took) noexcept {
    requests_.record(good, took.count());
  }

  /// A scrape. What is new counts as having happened now: a burn rate is as fine as the scrapes.
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    const std::scoped_lock lock(scraping_);
    const served fresh = requests_.drain();
    const relia::instant now = std::chrono::system_clock::now();
    using prometheus::MetricType;
    auto events = family("slo_events_total", "Valid events.", MetricType::Counter);
    auto good = family("slo_good_events_total", "Good events.", MetricType::Counter);
    auto burn = family("slo_burn_rate", "1 spends exactly the budget.", MetricType::Gauge);
    auto left =
        family("slo_error_budget_remaining_ratio",
               "Of the budget that the events since the start have earned.", MetricType::Gauge);
    for (slo& s : slos_) {
      add(s, &s == &slos_.front() ? fresh.outcome() : fresh.in_time(), now);
      events.metric.push_back(sample({{"slo", s.name}}, s.total.valid()));
      good.metric.push_back(sample({{"slo", s.name}}, s.total.good()));
      const auto budget = relia::slo::event_budget(s.goal, s.total);
      if (budget.state != relia::state::ok) continue;  // no traffic yet: no value, not a good one
      left.metric.push_back(sample({{"slo", s.name}}, budget.remaining_fraction));
      for (const relia::duration window : windows_) {
        const auto recent = s.recent.last(window, now + relia::duration{1}).total();
        const auto rate = relia::slo::burn_rate(s.goal, recent);
        if (rate.state != relia::state::ok) continue;
        burn.metric.push_back(sample({{"slo", s.name}, {"window", text(window)}}, rate.rate));
      }
    }
    return {events, good, burn, left};
  }

 private:
  using counts = relia::aggregate::counts;
  using windows = relia::aggregate::windows<counts>;

  struct slo {
    std::string name;
    relia::slo::objective goal;
    windows recent;
    counts total;
  };

  static void add(slo& s, const counts& fresh, relia::instant now) {
    s.total.merge(fresh);
    s.recent.record(now, true, fresh.good());
    s.recent.record(now, false, fresh.bad());
  }

  static prometheus::MetricFamily family(const char* name, const char* help,
                                         prometheus::MetricType type) {
    return {name, help, type, {}};
  }

  template <class Number>
  static prometheus::ClientMetric sample(std::vector<prometheus::ClientMetric::Label> labels,
                                         Number value) {
    prometheus::ClientMetric m;
    m.label = std::move(labels);
    m.counter.value = m.gauge.value = static_cast<double>(value);
    return m;
  }

  /// As rules write it: 5m, 6h, 3d.
  static std::string text(relia::duration window) {
    const auto minutes = window / std::chrono::minutes(1);
    if (minutes % 1440 == 0) return std::to_string(minutes / 1440) + "d";
    if (minutes % 60 == 0) return std::to_string(minutes / 60) + "h";
    return std::to_string(minutes) + "m";
  }

  mutable relia::aggregate::recorder<served> requests_;
  std::set<relia::duration> windows_;
  mutable std::mutex scraping_;
  mutable std::vector<slo> slos_;
};

}  // namespace embedding
