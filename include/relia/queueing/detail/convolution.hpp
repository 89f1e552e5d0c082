// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Normalising constants of a closed network of one class, station by station. The n-th constant
/// of a product of stations is the convolution of theirs; a station of m servers adds a polynomial
/// of m terms and a geometric tail. All terms are positive.
/// Ref: Buzen, CACM 16 (1973); Reiser and Kobayashi, IBM J. Res. Dev. 19 (1975).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/scaled.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// A station as the arithmetic sees it: with j requests present it ends work at speed(j).
struct working_station {
  double demand = 0;
  count servers = 1;
  std::span<const double> speeds = {};

  [[nodiscard]] bool single() const noexcept { return servers == 1 && speeds.empty(); }
  /// From this number of requests on, the speed stays.
  [[nodiscard]] std::size_t levels() const noexcept {
    return speeds.empty() ? static_cast<std::size_t>(servers) : speeds.size();
  }
  [[nodiscard]] double speed(std::size_t present) const noexcept {
    const std::size_t level = std::min(present, levels());
    return speeds.empty() ? static_cast<double>(level) : speeds[level - 1];
  }
  [[nodiscard]] double fastest() const noexcept {
    return speeds.empty() ? static_cast<double>(servers)
                          : *std::max_element(speeds.begin(), speeds.end());
  }
  [[nodiscard]] double slowest() const noexcept {
    return speeds.empty() ? 1 : *std::min_element(speeds.begin(), speeds.end());
  }
  [[nodiscard]] double time(std::size_t present) const noexcept { return demand / speed(present); }
};

/// The weights of 0, 1, ... requests at the station: products of demand / speed.
[[nodiscard]] inline scaled_sequence weights_of(const working_station& s, std::size_t size) {
  scaled_sequence weights;
  weights.reserve(size);
  scaled weight{1, 0};
  for (std::size_t j = 0; j < size; ++j) {
    if (j > 0) weight = weight * normalized(s.time(j), 0);
    weights.push_back(weight);
  }
  return weights;
}

/// The network `others` with the station added. Cost: O(size levels) time.
[[nodiscard]] inline scaled_sequence convolved(const scaled_sequence& others,
                                               const working_station& s) {
  const std::size_t size = others.size();
  const std::size_t window = std::min(s.levels(), size);
  const scaled_sequence weights = weights_of(s, window + 1);
  // Above `window` requests each more costs one factor.
  const scaled factor = normalized(s.time(window), 0);
  scaled_sequence first;
  first.reserve(window);
  for (std::size_t j = 0; j < window; ++j) first.push_back(weights[j]);
  scaled_sequence all;
  all.reserve(size);
  scaled tail;
  for (std::size_t n = 0; n < size; ++n) {
    if (n >= window) tail = tail * factor + weights[window] * others[n - window];
    all.push_back(convolution_at(first, others, n) + tail);
  }
  return all;
}

/// Mean value analysis of single servers with a think time: calls step(n, throughput) for each
/// population n and leaves the residence times of the last. No term is ever subtracted. The cycle
/// time is taken from the sums of the step before, which takes the stations off the chain of
/// dependent operations.
/// Ref: Reiser and Lavenberg, JACM 27 (1980).
template <class Step>
void mean_value_analysis(std::span<const double> demands, double think_time, count population,
                         std::span<double> residence_times, const Step& step) {
  const std::size_t stations = demands.size();
  double base = think_time;
  for (const double demand : demands) base += demand;
  double throughput = 0;
  double growth = 0;
  for (count n = 1; n <= population; ++n) {
    const double before = throughput;
    throughput = static_cast<double>(n) / (base + throughput * growth);
    growth = 0;
    for (std::size_t i = 0; i < stations; ++i) {
      residence_times[i] = demands[i] + demands[i] * residence_times[i] * before;
      growth += demands[i] * residence_times[i];
    }
    step(n, throughput);
  }
}

/// The constants of the think time and the single servers, from their throughputs, in the unit of
/// the largest of those times: beside the demand of a pool they may all be next to nothing.
[[nodiscard]] inline scaled_sequence constants_of(std::span<const double> demands,
                                                  double think_time, count population) {
  const auto size = static_cast<std::size_t>(population) + 1;
  scaled_sequence constants;
  constants.reserve(size);
  constants.push_back({1, 0});
  double largest = think_time;
  for (const double d : demands) largest = std::max(largest, d);
  if (largest == 0) {  // nothing can hold a request
    while (constants.size() < size) constants.push_back({0, 0});
    return constants;
  }
  const int exponent = std::ilogb(largest);
  const scaled unit = normalized(std::scalbn(1.0, exponent), 0);
  std::vector<double> times;
  for (const double d : demands) times.push_back(std::scalbn(d, -exponent));
  std::vector<double> residence_times(demands.size());
  scaled constant{1, 0};
  mean_value_analysis(times, std::scalbn(think_time, -exponent), population, residence_times,
                      [&](count, double throughput) {
                        constant = normalized(constant.mantissa / throughput, constant.exponent);
                        constant = constant * unit;
                        constants.push_back(constant);
                      });
  return constants;
}

/// Calls visit(index, constants of all the rest) for each of the stations: each half is added to
/// what is outside the other. Cost: O(size sum(levels) log stations).
template <class Visit>
void for_each_complement(const scaled_sequence& outside, std::span<const working_station> stations,
                         std::size_t first, const Visit& visit) {
  if (stations.empty()) return;
  if (stations.size() == 1) {
    visit(first, outside);
    return;
  }
  const std::size_t half = stations.size() / 2;
  const auto without = [&](std::span<const working_station> rest) {
    scaled_sequence sum = outside;
    for (const auto& s : rest) sum = convolved(sum, s);
    return sum;
  };
  for_each_complement(without(stations.subspan(half)), stations.first(half), first, visit);
  for_each_complement(without(stations.first(half)), stations.subspan(half), first + half, visit);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
