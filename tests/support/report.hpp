// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report with each verdict once, and a name that every format must escape.

#include <relia/check/report.hpp>
#include <relia/core/verdict.hpp>

namespace relia::test {

[[nodiscard]] inline check::report three_verdicts() {
  check::report report;
  for (const double upper : {0.3, 0.6}) {
    check::result r;
    r.name = "p99 <of> a|b: \x01 100%, done";
    r.rule = "queueing.response";
    r.where = {"capacity.yaml", 12};
    r.unit = check::unit::seconds;
    r.measured.value = 0.25;
    r.measured.interval = {0.2, upper, two_sided_level(0.95)};
    r.measured.n = 1000;
    r.measured.method = {"example"};
    r.limit = {sense::at_most, 0.4, 0.95};
    r.decision = decide(r.measured, r.limit);
    report.results.push_back(r);
  }
  report.results.push_back(report.results[0]);
  report.results[2].limit.value = 0.1;
  report.results[2].decision = decide(report.results[2].measured, report.results[2].limit);
  return report;
}

}  // namespace relia::test
