# SPDX-License-Identifier: BSL-1.0
# Is the change in error rate real?
from relia import stats

# Two releases, one day each: requests, and those that failed.
requests_before, failures_before = 118_000, 42
requests_after, failures_after = 121_000, 58

# Sev-1 incidents in two half-years, months of observation.
incidents_before, incidents_after = 14, 7
months = 6.0


def compare(when: str, scale: int) -> None:
    change = stats.proportion_difference(
        scale * failures_after, scale * requests_after, scale * failures_before, scale * requests_before
    )
    judgement = "it may be noise" if 0 in change.interval else "the change is real"
    print(
        f"{when}: {1e3 * change.value:+.3f} per mille, between {1e3 * change.interval.lower:+.3f}"
        f" and {1e3 * change.interval.upper:+.3f}: {judgement}."
    )


for when, failures, requests in (
    ("before:", failures_before, requests_before),
    ("after: ", failures_after, requests_after),
):
    share = stats.proportion(failures, requests)
    print(
        f"Errors {when} {1e3 * share.value:.3f} per mille, between {1e3 * share.interval.lower:.3f}"
        f" and {1e3 * share.interval.upper:.3f}."
    )
compare("The change after one day", 1)
compare("The same after ten days", 10)

ratio = stats.rate_ratio(incidents_after, months, incidents_before, months)
p = stats.rate_ratio_p_value(incidents_after, months, incidents_before, months)
print(
    f"Incidents fell to {100 * ratio.value:.0f} %, somewhere between"
    f" {100 * ratio.interval.lower:.0f} % and {100 * ratio.interval.upper:.0f} %:"
)
print(f"had nothing changed, halves as uneven as these would come up {100 * p:.0f} times in 100.")
