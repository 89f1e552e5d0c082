// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The pool that a load test is fitted to: a constant delay, a wait and a gamma-distributed
/// service. The wait is that of M/M/c with its time stretched by the variability v = (ca^2 + cs^2)
/// / 2, which is exact for M/M/c and an approximation else (Allen and Cunneen's, for the mean);
/// what it misses is measured by `station_run`, which simulates the pool itself.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

struct station_law {
  double servers = 1;
  double service_time = 1;
  double delay = 0;
  double service_scv = 1;
  double arrival_scv = 1;

  [[nodiscard]] double variability() const noexcept { return (arrival_scv + service_scv) / 2; }
};

/// The response of a station at one arrival rate.
class station_delay {
 public:
  station_delay(const station_law& law, double arrival_rate) noexcept
      : law_(law), wait_(delay_of(arrival_rate, 1 / law.service_time, law.servers)) {
    wait_.slack /= std::max(law.variability(), 1e-9);
    wait_.gap = wait_.slack - 1;
  }

  [[nodiscard]] bool stable() const noexcept { return wait_.slack > 0; }

  [[nodiscard]] double mean() const noexcept {
    return law_.delay + queueing::response_time(wait_).mean();
  }

  [[nodiscard]] double survival(double t) const {
    const double x = t - law_.delay;
    if (!(x >= 0)) return x < 0 ? 1 : x;  // NaN of NaN
    if (!stable()) return 1;
    if (x == std::numeric_limits<double>::infinity()) return 0;
    if (law_.service_scv == 1) return queueing::response_time(wait_).survival(x);
    // P(service + exponential > x), the exponential by its uniform.
    const double rate = wait_.slack / law_.service_time;
    const double both =
        std::exp(-rate * x) + boost::math::quadrature::gauss<double, 10>::integrate(
                                  [&](double u) { return service_tail(x + std::log1p(-u) / rate); },
                                  0.0, -std::expm1(-rate * x));
    return wait_.immediate_probability() * service_tail(x) + wait_.wait_probability * both;
  }

 private:
  [[nodiscard]] double service_tail(double x) const noexcept {
    if (!(x > 0)) return 1;
    const double shape = 1 / law_.service_scv;
    if (shape > 1e6) return x < law_.service_time ? 1 : 0;
    return boost::math::gamma_q(shape, shape * (x / law_.service_time),
                                relia::detail::quiet_policy());
  }

  station_law law_;
  delay_model wait_;
};

/// Gamma variates of mean 1: Marsaglia and Tsang, ACM TOMS 26 (2000). Each has 16 words of its own,
/// so that pools that differ a little are simulated from the same numbers.
class gamma_variates {
 public:
  gamma_variates(double scv, stats::random_stream random) noexcept
      : scv_(scv),
        shape_(1 / scv),
        d_((shape_ < 1 ? shape_ + 1 : shape_) - 1.0 / 3),
        c_(1 / (3 * std::sqrt(d_))),
        random_(random) {}

  [[nodiscard]] double next() noexcept {
    if (scv_ == 1) return random_.exponential(index_++);
    if (scv_ == 0) return 1;
    std::uint64_t word = 16 * index_++;
    const double smaller = shape_ < 1 ? std::exp(-random_.exponential(word) * scv_) : 1;
    for (int attempt = 0; attempt < 7; ++attempt) {  // one in 20 is refused: never all seven
      const double x = random_.normal(++word);
      const double base = 1 + c_ * x;
      const double u = random_.uniform(++word);
      const double cube = base * base * base;
      if (base > 0 && std::log(u) < x * x / 2 + d_ * (1 - cube + std::log(cube))) {
        return d_ * cube * smaller * scv_;
      }
    }
    return 1;
  }

 private:
  double scv_;
  double shape_;
  double d_;
  double c_;
  stats::random_stream random_;
  std::uint64_t index_ = 0;
};

/// A G/G/c queue, first come first served, request by request from an idle start: Kiefer and
/// Wolfowitz's recursion, with the servers' times in a heap.
class station_run {
 public:
  station_run(const station_law& law, double arrival_rate, std::uint64_t seed, std::uint64_t stream)
      : law_(law),
        between_(1 / arrival_rate),
        arrivals_(law.arrival_scv, stats::random_stream(seed, 2 * stream)),
        services_(law.service_scv, stats::random_stream(seed, 2 * stream + 1)),
        free_(static_cast<std::size_t>(law.servers), 0.0) {}

  /// The response of the next request.
  [[nodiscard]] double next() {
    now_ += between_ * arrivals_.next();
    std::pop_heap(free_.begin(), free_.end(), std::greater<>());
    double& server = free_.back();
    server = std::max(server, now_) + law_.service_time * services_.next();
    const double response = server - now_ + law_.delay;
    std::push_heap(free_.begin(), free_.end(), std::greater<>());
    return response;
  }

 private:
  station_law law_;
  double between_;
  gamma_variates arrivals_;
  gamma_variates services_;
  std::vector<double> free_;
  double now_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
