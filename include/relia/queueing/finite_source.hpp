// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What if those who send requests are few, and each waits for its answer before it sends the next?
/// M/M/c//N: `sources` clients, each thinking for 1 / arrival_rate on average (machines that break,
/// workers of a batch, connections of a pool). With a smaller `capacity` a request that finds it
/// full is lost; with none to wait in, that is Engset's loss system.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), 2.8;
/// Engset (1918).

#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/pool.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/c//N queue; see pool for what it answers. arrival_rate is that of one idle source.
class finite_source : public pool {
 public:
  /// Domain: arrival_rate >= 0, service_rate > 0, their ratio at most 1e15; servers from 1 to 1e9;
  /// sources from 1 to 1e9. Throws: std::domain_error. Cost: O(sqrt sources) at worst, and at worst
  /// O(sources) for a probability far from the likeliest number.
  finite_source(double arrival_rate, double service_rate, count servers, count sources)
      : finite_source("queueing::finite_source", arrival_rate, service_rate, servers, sources,
                      sources) {}

  [[nodiscard]] count sources() const noexcept { return static_cast<count>(rates().sources); }

  /// The delays of a request that is let in; it sees the system without itself.
  [[nodiscard]] pool_delay waiting_time() const { return {delay::wait, seen()}; }
  [[nodiscard]] pool_delay response_time() const { return {delay::response, seen()}; }

 protected:
  finite_source(std::string_view where, double arrival_rate, double service_rate, count servers,
                count sources, count capacity)
      : pool(where, arrival_rate, service_rate, servers, checked(where, sources, capacity), 0,
             static_cast<double>(sources)) {}

 private:
  [[nodiscard]] static double checked(std::string_view where, count sources, count capacity) {
    relia::detail::require_domain(sources >= 1 && sources <= most_servers, where, "sources",
                                  "from 1 to 1e9", sources);
    return static_cast<double>(capacity < sources ? capacity : sources);
  }
};

/// Engset's loss system: a source that finds every server busy gives this request up and thinks
/// again. blocking_probability(): call congestion. full_probability(): time congestion.
class engset : public finite_source {
 public:
  /// Domain, Throws: as finite_source.
  engset(double arrival_rate, double service_rate, count servers, count sources)
      : finite_source("queueing::engset", arrival_rate, service_rate, servers, sources, servers) {}
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
