# SPDX-License-Identifier: BSL-1.0
# Which tenant burns the budget?
from relia import sli
from relia.aggregate import keyed

tenants = 500
requests_per_host = 50_000
target = 0.998  # of all requests


def day_of_host(seed: int) -> keyed:
    """One gateway's day: low tenant numbers have most traffic, and tenant-137, which has little, fails three times in
    five. The generator is the one of C's rand."""
    counted = keyed(capacity=32)  # names are bounded: 32 of the 500 tenants
    for _ in range(requests_per_host):
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        draw = seed >> 11
        tenant = draw % 1024 * (draw // 1024 % 1024) * tenants >> 20
        good = draw % 5 > 2 if tenant == 137 else draw % 800 != 0
        counted.record(f"tenant-{tenant}", good)
    return counted


total_by_key = day_of_host(1) + keyed.from_bytes(day_of_host(2).to_bytes())  # as another host sent it

total = total_by_key.total
bad = sli.bad_fraction(total)
budget = (1 - target) * total.valid
print(f"{total.bad} of {total.valid} requests failed, {100 * bad.value:.2f} %; the budget is {budget:.0f}.")
print("By name, of at most 32 tenants:")
for tenant in total_by_key.heaviest(3):
    failed = tenant.bad
    print(
        f"  {tenant.key}: {failed.lower:.0f} to {failed.upper:.0f} failed,"
        f" {100 * failed.lower / budget:.0f} to {100 * failed.upper / budget:.0f} % of the budget"
    )
print(f"No tenant without a name can have had more than {total_by_key.at('any other').bad.upper:.0f}.")
