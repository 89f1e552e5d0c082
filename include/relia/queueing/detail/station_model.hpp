// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What a simulated station is made of: laws that can be drawn, the stream of its arrivals, and
/// what became of a request. Each purpose has a random stream of its own, read by the request's
/// number: two stations of one seed meet the same arrivals and the same services.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <variant>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/queueing/empirical_time.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/service.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Any of the laws of a time.
using time_law = std::variant<exponential_time, deterministic_time, erlang_time,
                              hyperexponential_time, lognormal_time, empirical_time>;

/// Who comes, and for how much service.
struct request_source {
  time_law between_arrivals = exponential_time(1);
  time_law service = exponential_time(1);
};

namespace detail {

[[nodiscard]] inline double mean_of(const time_law& law) {
  return std::visit([](const auto& time) { return time.mean(); }, law);
}

[[nodiscard]] inline double draw(const time_law& law, const stats::random_stream& random,
                                 std::uint64_t n) {
  return std::visit([&](const auto& time) { return time.draw(random, n); }, law);
}

/// What every engine is made from.
struct station_parts {
  std::span<const request_source> classes;
  std::span<const double> batch_sizes;  ///< the probabilities of 1, 2, ... at once; empty: one
  std::size_t servers = 1;
  double capacity = std::numeric_limits<double>::infinity();
  const time_law* patience = nullptr;
  std::uint64_t seed = 0;
};

enum class purpose : std::uint64_t { between, service, patience, batch };

[[nodiscard]] constexpr stats::random_stream stream_of(std::uint64_t seed, std::size_t kind,
                                                       purpose use) noexcept {
  return stats::random_stream(seed, 4 * std::uint64_t{kind} + static_cast<std::uint64_t>(use));
}

enum class fate { served, blocked, abandoned };

/// A request that has left.
struct departure {
  std::size_t kind = 0;
  detail::fate fate = fate::served;
  bool waited = false;
  double wait = 0;
  double response = 0;  ///< the time in the system, served or not
  double work = 0;      ///< that was done for it
};

struct arrival {
  double time = 0;
  std::size_t kind = 0;
  std::uint64_t number = 0;  ///< within its kind
};

/// The arrivals of all classes, in order of time.
class arrival_stream {
 public:
  explicit arrival_stream(const station_parts& parts) : batch_sizes_(parts.batch_sizes) {
    for (std::size_t kind = 0; kind < parts.classes.size(); ++kind) {
      sources_.push_back({&parts.classes[kind].between_arrivals,
                          stream_of(parts.seed, kind, purpose::between),
                          stream_of(parts.seed, kind, purpose::batch)});
      advance(sources_.back());
    }
    choose();
  }

  [[nodiscard]] double next_time() const noexcept { return sources_[next_].time; }

  arrival take() {
    source& from = sources_[next_];
    const arrival who{from.time, next_, from.requests++};
    if (--from.left == 0) {
      advance(from);
      if (sources_.size() > 1) choose();
    }
    return who;
  }

 private:
  struct source {
    const time_law* between;
    stats::random_stream times;
    stats::random_stream sizes;
    double time = 0;
    std::uint64_t batches = 0;
    std::uint64_t requests = 0;
    std::uint64_t left = 0;  ///< of the present batch
  };

  void advance(source& s) const {
    const std::uint64_t n = s.batches++;
    s.time += draw(*s.between, s.times, n);
    s.left = 1;
    if (batch_sizes_.empty()) return;
    double u = s.sizes.uniform(n);
    while (s.left < batch_sizes_.size() && u >= batch_sizes_[s.left - 1]) {
      u -= batch_sizes_[s.left - 1];
      ++s.left;
    }
  }

  void choose() noexcept {
    next_ = 0;
    for (std::size_t kind = 1; kind < sources_.size(); ++kind) {
      if (sources_[kind].time < sources_[next_].time) next_ = kind;
    }
  }

  std::span<const double> batch_sizes_;
  std::vector<source> sources_;
  std::size_t next_ = 0;
};

/// The services of all classes.
class service_stream {
 public:
  explicit service_stream(const station_parts& parts) : classes_(parts.classes) {
    for (std::size_t kind = 0; kind < classes_.size(); ++kind) {
      streams_.push_back(stream_of(parts.seed, kind, purpose::service));
    }
  }
  [[nodiscard]] double of(const arrival& who) const {
    return draw(classes_[who.kind].service, streams_[who.kind], who.number);
  }

 private:
  std::span<const request_source> classes_;
  std::vector<stats::random_stream> streams_;
};

}  // namespace detail

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
