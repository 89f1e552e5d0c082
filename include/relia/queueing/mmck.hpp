// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many requests are turned away when the line may only be so long, and how long do the others
/// wait? M/M/c/K: a request that finds `capacity` in the system is lost. M/M/1/K and M/M/c/c (no
/// room to wait: Erlang B) are its ends. No cancellation where load meets capacity: nothing is
/// special about rho = 1.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), 2.5.

#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/pool.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/c/K queue; see pool for what it answers.
class mmck : public pool {
 public:
  /// `capacity`: how many may be in the system, waiting or served. Domain: arrival_rate >= 0,
  /// service_rate > 0, their ratio at most 1e15; servers from 1 to 1e9; capacity from servers to
  /// servers + 1e7. Throws: std::domain_error. Cost: O(sqrt servers + capacity - servers) at worst.
  mmck(double arrival_rate, double service_rate, count servers, count capacity)
      : mmck("queueing::mmck", arrival_rate, service_rate, servers, capacity) {}

  [[nodiscard]] count capacity() const noexcept { return static_cast<count>(rates().highest); }

  /// Offered load in erlangs: arrival_rate / service_rate.
  [[nodiscard]] double load() const noexcept { return arrival_rate() / service_rate(); }

  /// The delays of a request that is let in.
  [[nodiscard]] pool_delay waiting_time() const { return {delay::wait, seen()}; }
  [[nodiscard]] pool_delay response_time() const { return {delay::response, seen()}; }

 protected:
  mmck(std::string_view where, double arrival_rate, double service_rate, count servers,
       count capacity)
      : pool(where, arrival_rate, service_rate, servers, checked(where, servers, capacity)) {}

 private:
  [[nodiscard]] static double checked(std::string_view where, count servers, count capacity) {
    detail::require_servers(where, servers);
    relia::detail::require_domain(capacity >= servers && capacity <= servers + most_waiting, where,
                                  "capacity", "from the number of servers to 1e7 more", capacity);
    return static_cast<double>(capacity);
  }
};

/// One server and room for capacity - 1 more.
class mm1k : public mmck {
 public:
  /// Domain, Throws: as mmck.
  mm1k(double arrival_rate, double service_rate, count capacity)
      : mmck("queueing::mm1k", arrival_rate, service_rate, 1, capacity) {}
};

/// No room to wait: the system view of erlang_b.
class mmcc : public mmck {
 public:
  /// Domain, Throws: as mmck.
  mmcc(double arrival_rate, double service_rate, count servers)
      : mmck("queueing::mmcc", arrival_rate, service_rate, servers, servers) {}
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
