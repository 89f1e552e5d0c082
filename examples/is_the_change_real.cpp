// SPDX-License-Identifier: BSL-1.0
// Is the change in error rate real?
#include <cstdio>

#include <relia/stats.hpp>

namespace {

namespace stats = relia::stats;

// Two releases, one day each: requests, and those that failed.
constexpr relia::count requests_before = 118'000, failures_before = 42;
constexpr relia::count requests_after = 121'000, failures_after = 58;

// Sev-1 incidents in two half-years, months of observation.
constexpr relia::count incidents_before = 14, incidents_after = 7;
constexpr double months = 6;

void compare(const char* when, relia::count scale) {
  const auto change =
      stats::proportion_difference(scale * failures_after, scale * requests_after,
                                   scale * failures_before, scale * requests_before);
  const bool real = !change.interval.contains(0);
  std::printf("%s: %+.3f per mille, between %+.3f and %+.3f: %s.\n", when, 1e3 * change.value,
              1e3 * change.interval.lower, 1e3 * change.interval.upper,
              real ? "the change is real" : "it may be noise");
}

}  // namespace

int main() {
  const auto before = stats::proportion(failures_before, requests_before);
  const auto after = stats::proportion(failures_after, requests_after);
  std::printf("Errors before: %.3f per mille, between %.3f and %.3f.\n", 1e3 * before.value,
              1e3 * before.interval.lower, 1e3 * before.interval.upper);
  std::printf("Errors after:  %.3f per mille, between %.3f and %.3f.\n", 1e3 * after.value,
              1e3 * after.interval.lower, 1e3 * after.interval.upper);
  compare("The change after one day", 1);
  compare("The same after ten days", 10);

  const auto ratio = stats::rate_ratio(incidents_after, months, incidents_before, months);
  const double p = stats::rate_ratio_p_value(incidents_after, months, incidents_before, months);
  std::printf("Incidents fell to %.0f %%, somewhere between %.0f %% and %.0f %%:\n",
              100 * ratio.value, 100 * ratio.interval.lower, 100 * ratio.interval.upper);
  std::printf("had nothing changed, halves as uneven as these would come up %.0f times in 100.\n",
              100 * p);
}
