// SPDX-License-Identifier: BSL-1.0
// How long do our outages last, when some are still open?
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <relia/incident.hpp>

using namespace relia;
using namespace std::chrono;

// Minutes after 1 October 2026: when the impact started, when it was resolved if it was, and a row
// that somebody mistyped.
constexpr long started[] = {55,    1500,  3010,  7205,  9970,  9985,  15100,
                            18333, 21010, 30500, 33100, 36020, 40100, 41500};
constexpr long resolved[] = {81,    1590,  3052,  7333, 10210, 10040, 15133,
                             18301, 21475, 30562, 0,    36093, 0,     0};

int main() {
  const instant october = sys_days(2026y / October / 1);
  std::vector<incident::timeline> rows(std::size(started));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].started = october + minutes(started[i]);
    if (resolved[i] > 0) rows[i].resolved = october + minutes(resolved[i]);
  }
  const instant now = october + days(30);
  const incident::history outages(rows, now);
  for (const incident::finding& f : outages.findings()) {
    if (f.what != incident::problem::missing_end) std::printf("%s\n", to_string(f).c_str());
  }

  const auto repair = incident::mttr(outages);
  const auto in_minutes = [](real_seconds s) { return s.count() / 60; };
  std::printf("%d outages, %d still open. Half are over within %.0f minutes (%.0f to %.0f).\n",
              static_cast<int>(repair.n()), static_cast<int>(repair.n_open()),
              in_minutes(repair.median.value), in_minutes(repair.median.interval.lower),
              in_minutes(repair.median.interval.upper));
  std::printf("The closed ones took %.0f minutes on average, which flatters us:\n",
              in_minutes(repair.closed_mean));
  std::printf("counting at most %.0f minutes of each, all of them take %.0f (%.0f to %.0f).\n",
              in_minutes(repair.tau), in_minutes(repair.mean.value),
              in_minutes(repair.mean.interval.lower), in_minutes(repair.mean.interval.upper));

  const auto down = incident::downtime(outages, {october, now});
  std::printf("Down for %.1f hours of %.0f; adding up durations would say %.1f.\n",
              in_minutes(down.down) / 60, in_minutes(down.window.length()) / 60,
              in_minutes(down.sum) / 60);
  const auto between = incident::mtbf(down);
  std::printf("%d failures, one every %.0f hours of service (%.0f to %.0f).\n",
              static_cast<int>(between.n), in_minutes(between.value) / 60,
              in_minutes(between.interval.lower) / 60, in_minutes(between.interval.upper) / 60);
}
