"""Will this alert cry wolf at night?"""

from datetime import timedelta

from relia import slo

goal = slo.objective(0.999)  # of requests, over 30 days
night = 30  # requests per hour
quiet = 0.5  # half the budget is being spent: nobody should be woken
workbook = slo.workbook_30d()

# How many failures does one page take, and what do they prove?
print(f"At {night} requests an hour a page takes 1 failure: an hour must hold more than "
      f"{slo.single_failure_events(workbook.tiers[0], goal):.0f}.")
print(f"An honest 0.1 % has one in 30 requests with probability {slo.binomial_p_value(1, 30, 0.001):.3f}; "
      f"3 with {slo.binomial_p_value(3, 30, 0.001):.6f}.")

# Do errors come alone? A quarter of hours at day traffic, with clusters, simulated here.
history = slo.event_trace(7)
history.append(slo.workload(3000, dispersion=3), 0.0005, 90 * 1440)
clusters = slo.dispersion(history.series(), resamples=500)
print(f"The variance of errors an hour is {clusters.value:.1f} times their mean "
      f"(95 %: {clusters.interval.lower:.1f} to {clusters.interval.upper:.1f}).")

# The same minutes for all: 100 months of nights, and 1000 outages.
allowed = slo.page_allowance(burn_rate=quiet, dispersion=3)
guarded = slo.low_traffic(timedelta(days=30), allowed)
p_values = " ".join(f"{t.evidence.p_value:.1e}" for t in guarded.tiers if t.severity == "page")
print(f"Our pages ask for p-values of {p_values}.")
load = slo.workload(night, dispersion=3)
alarms = [slo.policy_alarm(workbook, goal), slo.policy_alarm(guarded, goal)]
pages = slo.page_rates(alarms, load, quiet * goal.error_budget, seed=1, replicates=100)
outage = slo.detection_times(alarms, load, 1.0, seed=2, replicates=1000)
for name, rate, found in zip(["The workbook", "With evidence"], pages, outage, strict=True):
    print(f"{name}: {rate.mean:.2f} +- {rate.standard_error:.2f} false pages a month, "
          f"an outage found after {found.median.value / 60:.0f} minutes.")

# From what must be found, to the alerts that find it.
half_hour = timedelta(minutes=30)
d = slo.design(goal, slo.workload(6000), [
    slo.incident_class("outage", 1.0, half_hour, timedelta(minutes=2)),
    slo.incident_class("one of ten servers", 0.1, half_hour, timedelta(minutes=4)),
])
print(f"By day, all asked is met by '{d.chosen.policy.name}': {len(d.chosen.policy.tiers)} tiers, "
      f"blind below burn rate {d.slowest_burn:.1f}.")
