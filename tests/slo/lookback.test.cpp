// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/counter_events.hpp>
#include <relia/slo/lookback.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("lookback");

namespace {

const slo::objective three_nines(0.999);

}  // namespace

TEST_CASE("burn_rate: a young series burns what it has burnt, not what one bad minute says") {
  // One bad of 60 one-minute slices at 99.9 %: 16.67 over the hour, and not 1000 after its first
  // minute.
  const std::vector<instant> times{instant(1min)};
  const sli::event_series s(times, std::vector<count>{0}, std::vector<count>{100}, instant(0min));
  const auto clean = slo::burn_rate(three_nines, s, instant(1min), 1h);
  CHECK_ULP(clean.rate, 1000.0 / 60, 1);  // the covered share is rounded
  CHECK(clean.covered == real_seconds(1min));
  const auto partial =
      slo::burn_rate(three_nines, s, instant(1min), 1h, slo::before_start::partial);
  CHECK_ULP(partial.rate, 1000.0, 0);
}

TEST_CASE("burn_rate: from cumulative counters, over any lookback") {
  std::vector<instant> times;
  std::vector<double> valid;
  std::vector<double> bad;
  for (int i = 0; i <= 120; ++i) {  // 10 requests a minute; from minute 60 on one in ten is bad
    times.emplace_back(1min * i);
    valid.push_back(10.0 * i);
    bad.push_back(i > 60 ? i - 60 : 0);
  }
  const auto found =
      sli::events_of(sli::counter(times, bad), sli::counter(times, valid), sli::part::bad);
  const auto rate = [&](duration lookback) {
    return slo::burn_rate(three_nines, found.events, instant(120min), lookback).rate;
  };
  CHECK_ULP(rate(5min), 100.0, 0);
  CHECK_ULP(rate(60min), 100.0, 0);
  CHECK_ULP(rate(120min), 50.0, 0);
  CHECK_ULP(rate(80min), 75.0, 0);
}

TEST_CASE("burn_rate: an empty series is no data; an empty lookback is refused") {
  CHECK(slo::burn_rate(three_nines, sli::event_series(), instant(1h), 1h).state == state::no_data);
  CHECK_THROWS_AS((void)slo::burn_rate(three_nines, sli::event_series(), instant(), 0s),
                  std::domain_error);
}

TEST_SUITE_END();
