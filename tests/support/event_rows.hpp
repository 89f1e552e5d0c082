// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Series of good and bad events for the tests of alerting.

#include <cstddef>
#include <random>
#include <vector>

#include <relia/sli/event_series.hpp>

namespace relia::test {

/// Rows every `step` from the epoch on, `valid` events each, of which bad(row) are bad.
template <class Bad>
[[nodiscard]] sli::event_series event_rows(std::size_t rows, duration step, count valid, Bad bad) {
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> failed;
  for (std::size_t i = 0; i < rows; ++i) {
    times.emplace_back(step * static_cast<std::int64_t>(i + 1));
    failed.push_back(bad(i));
    good.push_back(valid - failed.back());
  }
  return {times, good, failed};
}

/// What happened in each row of a random series: silence, quiet traffic, bursts of errors.
struct random_rows {
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;

  random_rows(std::uint64_t seed, std::size_t rows, duration step, bool irregular = false) {
    std::mt19937_64 engine(seed);
    instant t{};
    double level = 0.001;
    const std::uint64_t traffic = engine() % 3 == 0 ? 3 : 400;
    for (std::size_t i = 0; i < rows; ++i) {
      t += step;
      if (irregular) t += std::chrono::seconds(engine() % 200);
      if (irregular && engine() % 100 == 0) t += std::chrono::minutes(40);
      if (engine() % 50 == 0) level = engine() % 3 == 0 ? 0.05 : 0.0005;
      const count n = engine() % 20 == 0 ? 0 : static_cast<count>(engine() % traffic);
      const count failed = std::binomial_distribution<count>(n, level)(engine);
      times.push_back(t);
      good.push_back(n - failed);
      bad.push_back(failed);
    }
  }

  [[nodiscard]] sli::event_series series() const { return {times, good, bad}; }
};

}  // namespace relia::test
