// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The moves of a simulated station that serves in order of arrival. It needs no calendar of
/// events: a request starts when the first server is free, which is known as it arrives, and so is
/// whether it will have given up by then. Ref: Kiefer and Wolfowitz, Transactions of the AMS 78
/// (1955), for the free times.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/station_model.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// Departures come in the order of the arrivals.
class first_come_engine {
 public:
  explicit first_come_engine(const station_parts& parts)
      : parts_(parts), arrivals_(parts), services_(parts), free_(parts.servers, 0.0) {
    for (std::size_t kind = 0; kind < parts.classes.size(); ++kind) {
      patience_.push_back(stream_of(parts.seed, kind, purpose::patience));
    }
  }

  [[nodiscard]] double now() const noexcept { return now_; }

  departure next() {
    const arrival who = arrivals_.take();
    now_ = who.time;
    departure d{.kind = who.kind};
    if (std::isfinite(parts_.capacity)) {
      while (!leaving_.empty() && leaving_.top() <= now_) leaving_.pop();
      if (static_cast<double>(leaving_.size()) >= parts_.capacity) {
        d.fate = fate::blocked;
        return d;
      }
    }
    d.wait = std::max(0.0, free_.front() - now_);
    d.waited = d.wait > 0;
    if (d.waited && parts_.patience != nullptr) {
      const double patience = draw(*parts_.patience, patience_[who.kind], who.number);
      if (patience < d.wait) {
        d.wait = patience;
        d.fate = fate::abandoned;
      }
    }
    if (d.fate == fate::served) {
      d.work = services_.of(who);
      occupy(now_ + d.wait + d.work);
    }
    d.response = d.wait + d.work;
    if (std::isfinite(parts_.capacity)) leaving_.push(now_ + d.response);
    return d;
  }

 private:
  /// The server that is free first is taken until `end`: the heap's top sinks to its place.
  void occupy(double end) noexcept {
    std::size_t at = 0;
    for (std::size_t child = 1; child < free_.size(); child = 2 * at + 1) {
      if (child + 1 < free_.size() && free_[child + 1] < free_[child]) ++child;
      if (free_[child] >= end) break;
      free_[at] = free_[child];
      at = child;
    }
    free_[at] = end;
  }

  station_parts parts_;
  arrival_stream arrivals_;
  service_stream services_;
  std::vector<stats::random_stream> patience_;
  std::vector<double> free_;  ///< when each server is free: a heap, the first on top
  std::priority_queue<double, std::vector<double>, std::greater<>> leaving_;
  double now_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
