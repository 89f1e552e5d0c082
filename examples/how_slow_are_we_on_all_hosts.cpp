// SPDX-License-Identifier: BSL-1.0
// How slow are we, on all hosts together?
#include <cstddef>
#include <cstdio>
#include <vector>

#include <relia/aggregate.hpp>

namespace {

using relia::aggregate::bounded;

// The objective's threshold, counted exactly beside the buckets.
constexpr double objective_seconds = 0.4;
constexpr relia::aggregate::histogram_layout with_objective{.thresholds = 1,
                                                            .ticks_per_unit = 1'000'000'000};
using latencies = relia::aggregate::basic_histogram<with_objective>;

constexpr int hosts = 3;
constexpr int requests_per_host = 100'000;

/// What a host's request path does: one call for each request. The last host is the slowest.
latencies serve(int host) {
  latencies recorded({objective_seconds});
  for (int i = 0; i < requests_per_host; ++i) {
    const double rank = (i + 0.5) / requests_per_host;
    recorded.record(0.01 * (1 + host) / (1.02 - rank));
  }
  return recorded;
}

}  // namespace

int main() {
  std::vector<std::vector<std::byte>> sent;  // each host sends bytes
  for (int host = 0; host < hosts; ++host) sent.push_back(serve(host).to_bytes());

  latencies all({objective_seconds});
  for (const auto& bytes : sent) all.merge(latencies::from_bytes(bytes));

  std::printf("%lld requests from %zu hosts, %zu bytes in all.\n",
              static_cast<long long>(all.count()), sent.size(),
              sent[0].size() + sent[1].size() + sent[2].size());
  const auto snapshot = all.snapshot();
  for (const double level : {0.5, 0.99, 0.999}) {
    const bounded q = snapshot.quantile(level);
    std::printf("p%-4g is %.1f ms, certainly between %.1f and %.1f.\n", 100 * level, 1e3 * q.value,
                1e3 * q.lower, 1e3 * q.upper);
  }
  const bounded fast = snapshot.fraction_at_most(objective_seconds);
  std::printf("%.4f %% took at most 400 ms%s.\n", 100 * fast.value,
              fast.exact() ? ", exactly" : "");
  std::printf("The mean is %.3f ms.\n", 1e3 * all.sum() / static_cast<double>(all.count()));
}
