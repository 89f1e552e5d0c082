// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/io/slo_tiers.hpp>

#include <support/temporary.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("slo_tiers");

namespace {

std::vector<slo::tier> read_back(const std::string& yaml) {
  const test::temporary_file file("tiers:\n" + yaml, ".yaml");
  std::vector<slo::tier> all;
  for (const io::yaml_map& block : io::read_yaml(file.path()).maps("tiers")) {
    all.push_back(io::detail::read_tier(block));
  }
  return all;
}

}  // namespace

TEST_CASE("slo_tiers: what is written") {
  const std::vector<slo::tier> tiers{
      {1h, 5min, 14.4},
      {36h, 90s, 1, slo::severity::ticket, 3, 100, 2min, {1e-4, 0.5, 3}},
      {1500ms, 1us, 1e6, slo::severity::page, 1, 0, 0s, {0.05, 1, 1}}};
  CHECK(io::to_yaml(tiers) ==
        "- {long: 1h, short: 5min, factor: 14.4x, severity: page}\n"
        "- {long: 36h, short: 90s, factor: 1x, severity: ticket, min_failures: 3, min_events: 100, "
        "hold: 2min, evidence: {p_value: 0.01%, burn_rate: 0.5x, dispersion: 3x}}\n"
        "- {long: 1500ms, short: 1us, factor: 1000000x, severity: page, evidence: {p_value: 5%, "
        "burn_rate: 1x, dispersion: 1x}}\n");
  CHECK(read_back(io::to_yaml(tiers)) == tiers);
}

TEST_CASE("slo_tiers: reads back to the bit") {
  std::mt19937_64 random(1);
  const auto uniform = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  std::vector<slo::tier> tiers;
  for (int i = 0; i < 500; ++i) {
    slo::tier t{std::chrono::milliseconds(1 + random() % 1000000000),
                duration(1 + static_cast<std::int64_t>(random() % 1000000)), 1 / uniform(),
                i % 2 == 0 ? slo::severity::page : slo::severity::ticket};
    t.evidence = {std::pow(10, -20 * uniform()), uniform(), 1 + 9 * uniform()};
    tiers.push_back(t);
  }
  CHECK(read_back(io::to_yaml(tiers)) == tiers);
}

TEST_SUITE_END();
