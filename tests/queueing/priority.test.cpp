// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/priority.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("priority");

namespace {

std::vector<double> numbers(const std::string& text) {
  std::vector<double> values;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, '|');) values.push_back(std::atof(part.c_str()));
  return values;
}

}  // namespace

TEST_CASE("mg1_priority, mmc_priority: the shared reference rows") {
  for (const auto& row : relia::test::csv_table("queueing/priority.csv")) {
    const auto rates = numbers(row.text("arrival_rates"));
    const auto means = numbers(row.text("mean_services"));
    const auto scvs = numbers(row.text("service_scvs"));
    std::vector<priority_class> classes;
    for (std::size_t k = 0; k < rates.size(); ++k) classes.push_back({rates[k], means[k], scvs[k]});
    const auto rule = row.text("preemption") == "resume" ? preemption::resume : preemption::none;
    const auto delays = row.integer("servers") == 1
                            ? mg1_priority(classes, rule)
                            : mmc_priority(rates, 1, row.integer("servers"), rule);
    const auto& of = delays.at(static_cast<std::size_t>(row.integer("class") - 1));
    const double value = row.text("quantity") == "mean_wait" ? of.mean_wait : of.mean_response;
    CHECK_REL(value, row.number("value"), 2e-15);  // the rates are no doubles, and 1 - load is 0.2
  }
}

TEST_CASE("mg1_priority: the work is conserved, whoever goes first") {
  const priority_class classes[] = {{0.1, 2, 3}, {0.3, 1, 0}, {0.2, 0.5, 1}};
  double sum = 0;
  double load = 0;
  double in_service = 0;
  const auto delays = mg1_priority(classes);
  for (std::size_t k = 0; k < 3; ++k) {
    const double rho = classes[k].arrival_rate * classes[k].mean_service;
    sum += rho * delays[k].mean_wait;
    load += rho;
    in_service += rho * (1 + classes[k].service_scv) * classes[k].mean_service / 2;
  }
  CHECK_REL(sum, load * in_service / (1 - load), 1e-14);  // Kleinrock's law
}

TEST_CASE("mg1_priority: one class is M/G/1; the first of a preemptive pair sees no other") {
  const priority_class both[] = {{0.5, 1, 4}, {0.3, 1, 1}};
  const double alone = mg1(0.5, lognormal_time(1, 4)).mean_wait();
  CHECK_REL(mg1_priority(std::span(both).first(1))[0].mean_wait, alone, 1e-15);
  CHECK_REL(mg1_priority(both, preemption::resume)[0].mean_wait, alone, 1e-15);
  CHECK(mg1_priority(both)[0].mean_wait > alone);
}

TEST_CASE("mmc_priority: together the classes are M/M/c") {
  const double rates[] = {3, 2, 4};
  const double total = mmc(9, 1, 10).mean_in_queue();
  for (const auto rule : {preemption::none, preemption::resume}) {
    const auto delays = mmc_priority(rates, 1, 10, rule);
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) sum += rates[k] * (delays[k].mean_response - 1);
    CHECK_REL(sum, total, 1e-13);
  }
  const auto one =
      mg1_priority(std::vector<priority_class>{{0.3, 1, 1}, {0.4, 1, 1}}, preemption::resume);
  const double pair[] = {0.3, 0.4};
  const auto pool = mmc_priority(pair, 1, 1, preemption::resume);
  CHECK_REL(pool[1].mean_response, one[1].mean_response, 1e-14);
  // Until the service first begins: what follows it is no wait.
  CHECK_REL(pool[1].mean_wait, one[1].mean_wait, 1e-14);
  CHECK(pool[1].mean_wait + 1 < pool[1].mean_response);
}

TEST_CASE("priority: who fits is stable, though those behind are not") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const priority_class classes[] = {{0.5, 1, 1}, {0.8, 1, 1}, {0.1, 1, 1}};
  const auto delays = mg1_priority(classes);
  // The server is always busy, half of the time with the second class: residual 1, over 1 - 0.5.
  CHECK_REL(delays[0].mean_wait, 2.0, 1e-15);
  CHECK(delays[0].state == state::ok);
  for (const std::size_t k : {std::size_t{1}, std::size_t{2}}) {
    CHECK(delays[k].state == state::unstable);
    CHECK(delays[k].mean_wait == infinity);
    CHECK(delays[k].mean_response == infinity);
  }
  const double rates[] = {2, 5, 1};
  const auto pool = mmc_priority(rates, 1, 4);
  CHECK_REL(pool[0].mean_wait, 0.5, 1e-15);  // every server busy: 1 / (c mu - lambda_1)
  CHECK(pool[1].state == state::unstable);
  CHECK(mmc_priority(rates, 1e-300, 4)[0].state == state::unstable);
}

TEST_CASE("priority: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)mg1_priority({}),
                       "relia::queueing::mg1_priority: classes must be not empty, got 0",
                       std::invalid_argument);
  const priority_class bad[] = {{1, 0, 1}};
  CHECK_THROWS_WITH_AS(
      (void)mg1_priority(bad),
      "relia::queueing::mg1_priority: mean_service must be positive and finite, got 0",
      std::domain_error);
  const double zero[] = {0.0, 1.0};
  CHECK_NOTHROW((void)mmc_priority(zero, 1, 3));
  CHECK_THROWS_AS((void)mmc_priority(zero, 1, 3, preemption::resume), std::domain_error);
  CHECK_THROWS_AS((void)mmc_priority(zero, 1, 0), std::domain_error);
  CHECK_THROWS_AS((void)mmc_priority({}, 1, 1), std::invalid_argument);
  const double huge[] = {1e308, 1e308};
  CHECK_THROWS_AS((void)mmc_priority(huge, 1, 3), std::domain_error);
}

TEST_CASE("mg1_priority: a service whose square is no number is refused") {
  const priority_class classes[] = {{0, 1.7e308, 216}};
  CHECK_THROWS_WITH_AS((void)mg1_priority(classes),
                       "relia::queueing::mg1_priority: mean_service (1 + service_scv) must be "
                       "finite, got inf",
                       std::domain_error);
}

TEST_SUITE_END();
