// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The moves of a simulated station that does not serve in order of arrival: a line in order of
/// keys, where a smaller key may interrupt; and processor sharing, where all are served at once and
/// leave in order of the service that each would have had by now.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <queue>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/station_model.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// Who goes first: the smallest key, in order of arrival among equals.
struct ranking {
  bool by_remaining = false;  ///< the key is the service left; else the class
  bool interrupts = false;    ///< a smaller key takes the server of the largest
};

/// Cost per event: O(servers + log line).
class ranked_engine {
 public:
  ranked_engine(const station_parts& parts, ranking order)
      : parts_(parts), order_(order), arrivals_(parts), services_(parts) {}

  [[nodiscard]] double now() const noexcept { return now_; }

  departure next() {
    for (;;) {
      if (arrivals_.next_time() >= first_end_) return depart();
      const arrival who = arrivals_.take();
      now_ = who.time;
      if (static_cast<double>(busy_.size() + line_.size()) >= parts_.capacity) {
        return {.kind = who.kind, .fate = fate::blocked};
      }
      admit(who);
    }
  }

 private:
  struct job {
    double key;
    std::uint64_t order;
    std::size_t kind;
    double arrived;
    double service;
    double left;
    double wait = -1;  ///< until the service first begins

    /// The last to be served is the least: priority_queue has its largest on top.
    friend bool operator<(const job& a, const job& b) noexcept {
      return a.key != b.key ? a.key > b.key : a.order > b.order;
    }
  };
  struct busy_server {
    job work;
    double end;
  };

  /// What is in service has worn down.
  [[nodiscard]] job as_of_now(const busy_server& s) const noexcept {
    job work = s.work;
    work.left = s.end - now_;
    if (order_.by_remaining) work.key = work.left;
    return work;
  }

  void admit(const arrival& who) {
    const double service = services_.of(who);
    const double key = order_.by_remaining ? service : static_cast<double>(who.kind);
    const job work{key, admitted_++, who.kind, now_, service, service};
    if (busy_.size() < parts_.servers) return begin(work);
    if (order_.interrupts) {
      const auto last = std::min_element(busy_.begin(), busy_.end(),
                                         [this](const busy_server& a, const busy_server& b) {
                                           return as_of_now(a) < as_of_now(b);
                                         });
      const job other = as_of_now(*last);
      if (work.key < other.key) {
        release(*last);
        line_.push(other);
        return begin(work);
      }
    }
    line_.push(work);
  }

  departure depart() {
    now_ = first_end_;
    busy_server& server =
        *std::min_element(busy_.begin(), busy_.end(),
                          [](const busy_server& a, const busy_server& b) { return a.end < b.end; });
    const job done = server.work;
    release(server);
    if (!line_.empty()) {
      const job following = line_.top();
      line_.pop();
      begin(following);
    }
    return {.kind = done.kind,
            .waited = done.wait > 0,
            .wait = done.wait,
            .response = now_ - done.arrived,
            .work = done.service};
  }

  void begin(job work) {
    if (work.wait < 0) work.wait = now_ - work.arrived;
    busy_.push_back({work, now_ + work.left});
    first_end_ = std::min(first_end_, busy_.back().end);
  }

  void release(busy_server& server) {
    server = busy_.back();
    busy_.pop_back();
    first_end_ = std::numeric_limits<double>::infinity();
    for (const busy_server& s : busy_) first_end_ = std::min(first_end_, s.end);
  }

  station_parts parts_;
  ranking order_;
  arrival_stream arrivals_;
  service_stream services_;
  std::vector<busy_server> busy_;
  std::priority_queue<job> line_;
  double first_end_ = std::numeric_limits<double>::infinity();
  double now_ = 0;
  std::uint64_t admitted_ = 0;
};

/// Each of n requests has min(1, servers / n) of a server. Cost per event: O(log n).
class sharing_engine {
 public:
  explicit sharing_engine(const station_parts& parts)
      : parts_(parts), arrivals_(parts), services_(parts) {}

  [[nodiscard]] double now() const noexcept { return now_; }

  departure next() {
    for (;;) {
      const auto n = static_cast<double>(inside_.size());
      const double speed = std::min(1.0, static_cast<double>(parts_.servers) / n);
      const double end = inside_.empty() ? std::numeric_limits<double>::infinity()
                                         : now_ + (inside_.top().finish - received_) / speed;
      if (arrivals_.next_time() >= end) {
        const job done = inside_.top();
        inside_.pop();
        received_ = done.finish;
        now_ = end;
        return {.kind = done.kind, .response = now_ - done.arrived, .work = done.service};
      }
      const arrival who = arrivals_.take();
      if (!inside_.empty()) received_ += (who.time - now_) * speed;
      now_ = who.time;
      if (n >= parts_.capacity) return {.kind = who.kind, .fate = fate::blocked};
      const double service = services_.of(who);
      inside_.push({received_ + service, who.kind, now_, service});
    }
  }

 private:
  struct job {
    double finish;  ///< the service received by whoever was always there
    std::size_t kind;
    double arrived;
    double service;
    friend bool operator<(const job& a, const job& b) noexcept { return a.finish > b.finish; }
  };

  station_parts parts_;
  arrival_stream arrivals_;
  service_stream services_;
  std::priority_queue<job> inside_;
  double received_ = 0;
  double now_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
