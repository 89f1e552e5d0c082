// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/sharing.hpp>
#include <relia/queueing/srpt.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("srpt");

TEST_CASE("srpt: exponential service, where a peer returns first come first served") {
  // A peer gives 5 at 0.8. Quadrature with mpmath, 25 digits, 15 kept.
  CHECK_REL(srpt(0.8, exponential_time(1)).mean_response(), 2.35277327029972, 1e-13);
}

TEST_CASE("srpt: no rule is better on average; time scales") {
  const auto check = [](const auto& law) {
    const double best = srpt(0.75, law).mean_response();
    CHECK(best < mg1(0.75, law).mean_response());
    CHECK(best < processor_sharing(0.75, law.mean()).mean_response());
    CHECK(best > law.mean());
  };
  check(erlang_time(4, 1));
  check(lognormal_time(1, 4));
  check(hyperexponential_time::of_scv(1, 9));
  CHECK_REL(srpt(75, erlang_time(4, 0.01)).mean_response(),
            srpt(0.75, erlang_time(4, 1)).mean_response() / 100, 1e-12);
}

TEST_CASE("srpt: by size") {
  const srpt q(0.8, exponential_time(1));
  // Next to nothing waits before a tiny request, but lambda x^2 / 2 and its own service.
  CHECK_REL(q.mean_response_of(1e-6), 1e-6 * (1 + 0.4e-6), 1e-11);
  CHECK(q.mean_response_of(1) < q.mean_response_of(5));
  CHECK(q.mean_response_of(30) > 30);
}

TEST_CASE("srpt: unstable, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const srpt q(2, exponential_time(1));
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_response() == infinity);
  CHECK(q.mean_response_of(0.1) < 1);  // the small ones are served all the same
  CHECK(q.mean_response_of(10) == infinity);
  CHECK_THROWS_WITH_AS(
      (void)q.mean_response_of(0),
      "relia::queueing::srpt::mean_response_of: size must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)srpt(-1, exponential_time(1)), std::domain_error);
}

TEST_SUITE_END();
