// SPDX-License-Identifier: BSL-1.0
// When is the disk full, and how sure are we?
#include <chrono>
#include <cstdio>
#include <vector>

#include <relia/forecast.hpp>

using namespace relia;
using namespace std::chrono;

// GB used at midnight UTC from 1 September 2026 on; two days were not recorded. A new disk takes
// two weeks to come.
constexpr double unknown = 0;
constexpr double used[] = {312, 313, 319, 321, 322, 323, 323, 331,     339,     341, 342, 342,
                           345, 345, 346, 354, 356, 357, 359, unknown, unknown, 365, 373, 376,
                           377, 378, 386, 388, 389, 391, 392, 395,     403,     405, 406, 407,
                           410, 412, 413, 421, 426, 427, 429, 429,     430};
constexpr double capacity = 500;
constexpr days lead_time{14};

int main() {
  std::vector<instant> times;
  std::vector<double> levels;
  for (std::size_t i = 0; i < std::size(used); ++i) {
    if (used[i] == unknown) continue;
    times.push_back(sys_days(2026y / September / 1) + days(i));
    levels.push_back(used[i]);
  }
  const series history(times, levels);
  const auto in_days = [](real_seconds t) { return t.count() / 86400; };

  const auto line = forecast::fit_trend(history);
  const auto growth = line.slope(days(1));
  const auto crossing = line.crossing(capacity);
  std::printf("It grows by %.2f GB a day (%.2f to %.2f).\n", growth.value, growth.interval.lower,
              growth.interval.upper);
  std::printf("A straight line is full in %.0f days (%.0f to %.0f), but:\n",
              in_days(crossing.after.value), in_days(crossing.after.interval.lower),
              in_days(crossing.after.interval.upper));
  for (const std::string& note : crossing.after.notes) std::printf("  %s\n", note.c_str());

  const auto full = forecast::exhaustion(history, capacity, days(60), {.seed = 1});
  for (const std::string& note : full.notes()) std::printf("%s.\n", note.c_str());
  std::printf("Full within the 14 days that a new disk takes: %.0f %%.\n",
              100 * full.probability(lead_time).value);
  for (const double level : {0.1, 0.5, 0.9}) {
    const auto date = full.date(level);
    if (!date) continue;
    const year_month_day day(floor<days>(*date));
    std::printf("With %.0f %% probability by %d-%02u-%02u.\n", 100 * level,
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  }
  std::printf("To be caught out with 10 %% at most, order within %.0f days.\n",
              in_days(full.after(0.1) - lead_time));
}
