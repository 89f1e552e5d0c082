// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/time_slice.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("time_slice");

namespace {

std::vector<aggregate::counts> repeated(std::size_t n, count good, count bad) {
  return std::vector<aggregate::counts>(n, aggregate::counts(good, bad));
}

std::vector<aggregate::counts> joined(std::vector<aggregate::counts> a,
                                      const std::vector<aggregate::counts>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("time_slices: the mean of slice ratios is not the ratio of requests") {
  // Half the time 1000 requests a minute without errors, half 10 a minute at 5 %. The mean of
  // slices says 2.5 %, as a rule that averages recorded ratios would; 0.5 of 1010 requests are bad.
  const auto slices = joined(repeated(100, 20000, 0), repeated(100, 190, 10));
  const auto r = sli::time_slices(slices);
  CHECK_ULP(r.mean_bad_fraction, 0.025, 1);  // 100 times the double 0.05, and a division
  CHECK_ULP(r.weighted_bad_fraction, 1000.0 / 2020000.0, 0);
  CHECK(r.slices == aggregate::counts(200, 0));  // 95 % in each: exactly on the threshold is good
  CHECK(r.state == state::ok);
}

TEST_CASE("time_slices: a slice without traffic poisons nothing") {
  const auto slices = joined(repeated(3, 99, 1), repeated(1, 0, 0));
  const auto r = sli::time_slices(slices);
  CHECK(r.empty == 1);
  CHECK(r.slices == aggregate::counts(3, 0));
  CHECK_ULP(r.mean_bad_fraction, 0.01, 1);
  CHECK_ULP(r.weighted_bad_fraction, 0.01, 0);
  const auto none = sli::time_slices(repeated(5, 0, 0));
  CHECK(none.state == state::no_data);
  CHECK(std::isnan(none.bad_fraction));
  CHECK(none.empty == 5);
}

TEST_CASE("time_slices: empty slices as good, bad or ignored") {
  // One hour down in seven days of one-minute slices of which one day has no traffic. Ignored, the
  // day is removed: 60 / 8640; as good it is uptime: 60 / 10080. Datadog's two kinds of correction.
  const auto slices =
      joined(joined(repeated(60, 0, 10), repeated(8580, 10, 0)), repeated(1440, 0, 0));
  const auto with = [&](sli::no_traffic p) {
    return sli::time_slices(slices, {.threshold = 0.95, .no_traffic = p});
  };
  CHECK_ULP(with(sli::no_traffic::ignore).bad_fraction, 60.0 / 8640, 0);
  CHECK_ULP(with(sli::no_traffic::good).bad_fraction, 60.0 / 10080, 0);
  CHECK_ULP(with(sli::no_traffic::bad).bad_fraction, 1500.0 / 10080, 0);
  CHECK(with(sli::no_traffic::good).no_traffic == sli::no_traffic::good);
  // Kibana: 7 d of 5 min slices, 50 bad, 216 missing that count as good: 0.975198.
  const auto kibana = joined(joined(repeated(50, 0, 1), repeated(1750, 1, 0)), repeated(216, 0, 0));
  const auto r = sli::time_slices(kibana, {.no_traffic = sli::no_traffic::good});
  CHECK(r.slices == aggregate::counts(1966, 50));
  CHECK_REL(1 - r.bad_fraction, 0.975198, 5e-7);  // printed with six digits
}

TEST_CASE("time_slices: 12 h of 5 min slices") {
  // Datadog: one bad slice is 715 / 720 minutes; of two groups, bad in different slices, 710 / 720.
  auto a = repeated(144, 10, 0);
  auto b = a;
  a[3] = aggregate::counts(0, 10);
  b[9] = aggregate::counts(0, 10);
  CHECK_ULP(sli::time_slices(a).bad_fraction, 5.0 / 720, 0);
  const auto both = sli::tally(sli::bad_if_any(sli::judge(a), sli::judge(b)));
  CHECK(both == aggregate::counts(142, 2));
}

TEST_CASE("time_slices: the budgeting example of OpenSLO") {
  // 14 d of minutes at 99 %, an attack at 1 %, objective 95 %. Time slices allow 1008 bad minutes,
  // the mean of ratios 20160 * 0.04 / 0.98 = 822.86 minutes.
  const auto attacked = [](std::size_t n) {
    return sli::time_slices(joined(repeated(n, 1, 99), repeated(20160 - n, 99, 1)));
  };
  CHECK(attacked(1008).bad_fraction == 0.05);
  CHECK(attacked(822).mean_bad_fraction < 0.05);
  CHECK(attacked(823).mean_bad_fraction > 0.05);
}

TEST_CASE("cut: rows fall into the slice they end in") {
  std::vector<instant> times;
  for (int i = 1; i <= 6; ++i) times.emplace_back(20s * i);
  const std::vector<count> good{1, 2, 3, 4, 5, 6};
  const std::vector<count> bad{0, 0, 0, 1, 0, 0};
  const sli::event_series s(times, good, bad);
  const auto slices = sli::cut(s, {instant(0s), instant(180s)}, 60s);
  REQUIRE(slices.size() == 3);
  CHECK(slices[0] == aggregate::counts(6, 0));
  CHECK(slices[1] == aggregate::counts(15, 1));
  CHECK(slices[2].empty());
  CHECK_THROWS_WITH_AS((void)sli::cut(s, {instant(0s), instant(100s)}, 60s),
                       "relia::sli::cut: length must be a divisor of the period, got 60000000000",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)sli::cut(s, {instant(0s), instant(100s)}, 0s), std::domain_error);
}

TEST_CASE("judge: composes bad over good over ignored, and checks its arguments") {
  using enum sli::slice;
  const std::vector<sli::slice> a{good, good, ignored, bad};
  const std::vector<sli::slice> b{bad, ignored, ignored, ignored};
  CHECK(sli::bad_if_any(a, b) == std::vector<sli::slice>{bad, good, ignored, bad});
  CHECK_THROWS_AS((void)sli::bad_if_any(a, std::vector{good}), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::judge({}, {.threshold = 95}),
                       "relia::sli::judge: threshold must be a fraction in (0, 1] (95 % is 0.95), "
                       "got 95",
                       std::domain_error);
  // 0.999 of 1000 leaves one: the decimal budget decides, not 1 - 0.999 in binary.
  CHECK(sli::judge(repeated(1, 999, 1), {.threshold = 0.999}).front() == good);
  CHECK(sli::judge(repeated(1, 998, 2), {.threshold = 0.999}).front() == bad);
  CHECK(sli::judge(repeated(1, 1, 0), {.threshold = 1.0}).front() == good);
}

TEST_SUITE_END();
