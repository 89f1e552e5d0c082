// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The workbook's pages (99.9 %, 30 d) as others guard them against low traffic, as alarms for
/// slo/simulate.hpp: what our policies are compared with in tests and benchmarks.

#include <array>
#include <cstddef>
#include <vector>

#include <relia/detail/fraction.hpp>
#include <relia/slo/event_trace.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/sequential.hpp>
#include <relia/slo/simulate.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::test {

/// plain: every peer's default. three_failures: at least three bad events in the long window.
/// wilson: the lower end of the 98 % Wilson interval of both windows reaches the threshold.
/// weighted: the burn of a window counts by the traffic of the window over the mean traffic.
enum class rival { plain, three_failures, wilson, weighted };

class rival_alarm {
 public:
  rival_alarm(rival kind, double events_per_hour) : kind_(kind) {
    for (window& w : windows_) {
      w.mean = events_per_hour * static_cast<double>(w.wide) / 60;
      for (std::size_t n = 0; kind == rival::wilson && n < w.fewest.size(); ++n) {
        count k = 1;
        while (k <= static_cast<count>(n) && lower(k, static_cast<count>(n)) < w.threshold) ++k;
        w.fewest[n] = k;
      }
    }
  }

  [[nodiscard]] bool operator()(const slo::event_trace& events, std::size_t i) const {
    for (const window& w : windows_) {
      const count recent = events.bad(i, w.narrow);
      if (recent == 0) continue;
      const count bad = events.bad(i, w.wide);
      const count valid = events.valid(i, w.wide);
      if (!enough(w, recent, events.valid(i, w.narrow),
                  w.mean * static_cast<double>(w.narrow) / static_cast<double>(w.wide)) ||
          !enough(w, bad, valid, w.mean)) {
        continue;
      }
      if (kind_ != rival::three_failures || bad >= 3) return true;
    }
    return false;
  }

 private:
  struct window {
    std::size_t wide, narrow;
    double threshold;
    double mean = 0;
    std::array<count, 512> fewest{};
  };

  [[nodiscard]] static double lower(count bad, count valid) {
    return stats::proportion(bad, valid, {.confidence_level = 0.98}).interval.lower;
  }

  [[nodiscard]] bool enough(const window& w, count bad, count valid, double mean) const {
    if (!relia::detail::reaches(static_cast<double>(bad), w.threshold,
                                kind_ == rival::weighted ? mean : static_cast<double>(valid))) {
      return false;
    }
    if (kind_ != rival::wilson) return true;
    const auto n = static_cast<std::size_t>(valid);
    return n < w.fewest.size() ? bad >= w.fewest[n] : lower(bad, valid) >= w.threshold;
  }

  rival kind_;
  std::array<window, 2> windows_{{{60, 5, 0.0144}, {360, 30, 0.006}}};
};

/// The workbook's pages, and P(as many failures in the long window | burn rate 1) <= 1e-4.
[[nodiscard]] inline slo::policy exact_test(double told_dispersion) {
  slo::policy p = slo::workbook_30d();
  p.name = "exact_test";
  for (slo::tier& t : p.tiers) t.evidence = {1e-4, 1, told_dispersion};
  return p;
}

/// One row of the comparison: means of pages per 30 d and medians of detection, in minutes.
struct compared {
  slo::page_rate half{}, full{};
  slo::detection outage{}, tenth{};
};

/// Everything on the same traffic: the four rivals, the exact test told that errors are
/// independent, the exact test told the dispersion, with_evidence(workbook), low_traffic, the
/// sequential test.
inline constexpr std::size_t compared_alarms = 9;

[[nodiscard]] inline std::array<compared, compared_alarms> compare(const slo::workload& load,
                                                                   const slo::page_options& pages,
                                                                   const slo::detection_options& d,
                                                                   bool at_budget) {
  const slo::objective goal(0.999);
  const slo::page_allowance allowed{.dispersion = load.dispersion};
  const std::vector<rival_alarm> rivals{
      {rival::plain, load.events_per_hour},
      {rival::three_failures, load.events_per_hour},
      {rival::wilson, load.events_per_hour},
      {rival::weighted, load.events_per_hour},
  };
  std::vector<slo::policy_alarm> policies;
  policies.emplace_back(exact_test(1), goal);
  policies.emplace_back(exact_test(load.dispersion), goal);
  policies.emplace_back(slo::with_evidence(slo::workbook_30d(), allowed), goal);
  policies.emplace_back(slo::low_traffic(std::chrono::days(30), allowed), goal);
  const std::vector<slo::sequential_test> sequential{
      slo::sequential_test(goal, {.allowed = allowed})};

  std::array<compared, compared_alarms> rows;
  const auto run = [&]<class Alarm>(const std::vector<Alarm>& alarms, std::size_t first) {
    const std::span<const Alarm> all(alarms);
    const auto half = slo::page_rates(all, load, 0.0005, pages);
    const auto full = at_budget ? slo::page_rates(all, load, 0.001, pages)
                                : std::vector<slo::page_rate>(alarms.size());
    const auto outage = slo::detection_times(all, load, 1.0, d);
    const auto tenth = slo::detection_times(all, load, 0.1, d);
    for (std::size_t a = 0; a < alarms.size(); ++a) {
      rows[first + a] = {half[a], full[a], outage[a], tenth[a]};
    }
  };
  run(rivals, 0);
  run(policies, 4);
  run(sequential, 8);
  return rows;
}

}  // namespace relia::test
