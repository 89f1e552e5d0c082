// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Can this load test be believed? Little's law holds for every steady system, whatever its queues:
/// concurrency = throughput x mean latency. A level where it does not was not measured right.
/// Ref: Little, Operations Research 9 (1961).

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/core/verdict.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// concurrency / (throughput x latency) of each level: 1 where the three agree. `worst`: the row
/// furthest from 1.
struct little_residuals {
  std::vector<double> ratio;
  std::size_t worst = 0;
  relia::decision decision;
};

/// Checks Little's law in a load test: fails when a level is off by more than a fraction
/// `tolerance`, with the row. What is off is the measurement: latencies that leave out the queue or
/// add invented samples, a concurrency that was not reached, a run that was not steady. Domain: all
/// positive and finite, tolerance > 0; at least one level. Throws: std::domain_error,
/// std::invalid_argument.
[[nodiscard]] inline little_residuals check_little(std::span<const double> concurrency,
                                                   std::span<const double> throughput,
                                                   std::span<const double> latency,
                                                   double tolerance = 0.05) {
  constexpr std::string_view where = "queueing::check_little";
  relia::detail::require_argument(!concurrency.empty(), where, "concurrency", "not empty",
                                  concurrency.size());
  relia::detail::require_same_size(where, "throughput", throughput.size(), concurrency.size());
  relia::detail::require_same_size(where, "latency", latency.size(), concurrency.size());
  relia::detail::require_positive(where, "tolerance", tolerance);
  little_residuals found;
  double furthest = -1;
  for (std::size_t i = 0; i < concurrency.size(); ++i) {
    const auto positive = [&](double x, std::string_view name) {
      relia::detail::require_domain(x > 0 && relia::detail::is_finite(x), where, name,
                                    "positive and finite", relia::detail::row{i});
    };
    positive(concurrency[i], "concurrency");
    positive(throughput[i], "throughput");
    positive(latency[i], "latency");
    found.ratio.push_back(concurrency[i] / throughput[i] / latency[i]);
    const double off = std::abs(found.ratio.back() - 1);
    if (off > furthest) {
      furthest = off;
      found.worst = i;
    }
  }
  const double ratio = found.ratio[found.worst];
  const bool holds = furthest <= tolerance;
  found.decision = {holds ? verdict::pass : verdict::fail, ratio, tolerance - furthest,
                    holds
                        ? "Little's law holds at every level"
                        : "row " + relia::detail::to_text(found.worst) + ": the concurrency is " +
                              relia::detail::to_short_text(ratio) + " of throughput times latency"};
  return found;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
