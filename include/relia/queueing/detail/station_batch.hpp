// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What a simulation keeps of a batch of requests, and a quantile of their delays with its
/// interval: the batches differ in the fraction that is below it, and the histogram of all turns
/// that into time. Ref: Chen and Kelton, Simulation 72 (1999); Asmussen and Glynn, "Stochastic
/// Simulation" (2007), III.5, for sectioning.

#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/queueing/detail/batch_means.hpp>
#include <relia/queueing/detail/log_cells.hpp>
#include <relia/queueing/detail/station_model.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// What is kept of a batch of requests.
struct station_batch {
  struct served {
    double requests = 0;
    double wait = 0;
    double response = 0;
  };
  double time = 0;
  double requests = 0;
  double blocked = 0;
  double abandoned = 0;
  double waited = 0;
  double wait_abandoned = 0;
  double inside = 0;
  double work = 0;
  std::vector<served> classes;
  log_cells delays;

  [[nodiscard]] double admitted() const noexcept { return requests - blocked; }
  [[nodiscard]] double sum(double served::*what) const noexcept {
    double total = 0;
    for (const served& c : classes) total += c.*what;
    return total;
  }

  void add(const departure& d) noexcept {
    requests += 1;
    blocked += d.fate == fate::blocked ? 1 : 0;
    waited += d.waited ? 1 : 0;
    inside += d.response;
    work += d.work;
    if (d.fate == fate::abandoned) {
      abandoned += 1;
      wait_abandoned += d.wait;
    } else if (d.fate == fate::served) {
      served& mine = classes[d.kind];
      mine.requests += 1;
      mine.wait += d.wait;
      mine.response += d.response;
    }
  }

  station_batch& operator+=(const station_batch& o) {
    time += o.time;
    requests += o.requests;
    blocked += o.blocked;
    abandoned += o.abandoned;
    waited += o.waited;
    wait_abandoned += o.wait_abandoned;
    inside += o.inside;
    work += o.work;
    for (std::size_t i = 0; i < classes.size(); ++i) {
      classes[i].requests += o.classes[i].requests;
      classes[i].wait += o.classes[i].wait;
      classes[i].response += o.classes[i].response;
    }
    delays += o.delays;
    return *this;
  }
};

/// `together`: the delays of all the batches. `widening`: of the standard error.
[[nodiscard]] inline estimate<double> quantile_of(std::span<const station_batch> batches,
                                                  const log_cells& together, double level,
                                                  double confidence_level, double widening) {
  if (together.total() == 0) return no_data<double>(batch_means, confidence_level, 0);
  estimate<double> answer;
  answer.method = batch_means;
  answer.value = together.quantile(level);
  batch_ratio below = ratio_of(
      batches, [&](const station_batch& b) { return b.delays.up_to(answer.value); },
      [](const station_batch& b) { return static_cast<double>(b.delays.total()); });
  below.standard_error *= widening;
  const auto fraction = below.interval(confidence_level);
  answer.interval = {together.quantile(level - (fraction.upper - below.value)),
                     together.quantile(level + (below.value - fraction.lower)), confidence_level};
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
