// SPDX-License-Identifier: BSL-1.0
// Which tenant burns the budget?
#include <cstdint>
#include <cstdio>
#include <string>

#include <relia/aggregate.hpp>
#include <relia/sli.hpp>

namespace {

using relia::aggregate::keyed;

constexpr int tenants = 500;
constexpr int requests_per_host = 50'000;
constexpr double target = 0.998;  // of all requests

/// One gateway's day: low tenant numbers have most traffic, and tenant-137, which has little, fails
/// three times in five. The generator is the one of C's rand.
keyed day_of_host(std::uint64_t seed) {
  keyed counted({.capacity = 32});  // names are bounded: 32 of the 500 tenants
  for (int i = 0; i < requests_per_host; ++i) {
    seed = (seed * 1'103'515'245 + 12'345) % 2'147'483'648;
    const std::uint64_t draw = seed >> 11;
    const std::uint64_t tenant = draw % 1024 * (draw / 1024 % 1024) * tenants >> 20;
    const bool good = tenant == 137 ? draw % 5 > 2 : draw % 800 != 0;
    counted.record("tenant-" + std::to_string(tenant), good);
  }
  return counted;
}

}  // namespace

int main() {
  keyed all = day_of_host(1);
  all.merge(keyed::from_bytes(day_of_host(2).to_bytes()));  // as another host sent it

  const auto total = all.total();
  const auto bad = relia::sli::bad_fraction(total);
  const double budget = (1 - target) * static_cast<double>(total.valid());
  std::printf("%d of %d requests failed, %.2f %%; the budget is %.0f.\n",
              static_cast<int>(total.bad()), static_cast<int>(total.valid()), 100 * bad.value,
              budget);
  std::printf("By name, of at most 32 tenants:\n");
  for (const auto& tenant : all.heaviest(3)) {
    const auto failed = tenant.bad();
    std::printf("  %s: %.0f to %.0f failed, %.0f to %.0f %% of the budget\n", tenant.key.c_str(),
                failed.lower, failed.upper, 100 * failed.lower / budget,
                100 * failed.upper / budget);
  }
  std::printf("No tenant without a name can have had more than %.0f.\n",
              all.at("any other").bad().upper);
}
