"""Response times, MTBF and incident rates against the same tables as the C++ tests."""

import datetime
import math

import numpy as np
import pytest
from tables import rows

import relia
from relia import incident

MIDNIGHT = np.datetime64("2025-01-01T00:00", "m")


def sample(name):
    some = [r for r in rows("incident/samples.csv") if r["dataset"] == name]
    ends = MIDNIGHT.astype("M8[ns]") + np.array([round(float(r["minutes"]) * 60e9) for r in some], "m8[ns]")
    ended = np.array([r["ended"] == "1" for r in some])
    nat = np.datetime64("NaT")
    return incident.history(
        {
            "started": np.full(len(some), MIDNIGHT),
            "resolved": np.where(ended, ends, nat),
            "seen_open": np.where(ended, nat, ends),
        },
        as_of=MIDNIGHT + 10_000,
    )


@pytest.mark.parametrize("row", rows("incident/response.csv"), ids=lambda r: f"{r['dataset']}-{r['method']}-{r['tau']}")
def test_time_to_matches_the_reference(row):
    options = {}
    if row["method"] == "student_t":
        options["mean_method"] = "student_t"
    if row["tau"]:
        options["tau"] = datetime.timedelta(minutes=float(row["tau"]))
    r = incident.mttr(sample(row["dataset"]), **options)
    actual = {
        "median": r.median.value,
        "median_lower": r.median.interval.lower,
        "median_upper": r.median.interval.upper,
        "mean": r.mean.value,
        "mean_lower": r.mean.interval.lower,
        "mean_upper": r.mean.interval.upper,
        "closed_mean": r.closed_mean,
    }
    for column, value in actual.items():
        if row[column]:
            assert value / 60 == pytest.approx(float(row[column]), rel=1e-12, abs=0), column
    assert r.mean.method == row["method"]


def test_time_to_says_what_is_open():
    r = incident.mttr(sample("before"))
    assert (r.n, r.n_open, r.tau) == (20, 2, 43200.0)
    assert "still open: 2" in r.mean.notes[-1]
    assert repr(r).startswith("<response_time mttr from_impact: started to resolved")
    assert "restricted_mean" in r._repr_html_()


def test_presets_differ():
    def stamps(*minutes):
        return [np.datetime64("NaT") if m is None else MIDNIGHT + m for m in minutes]

    h = incident.history(
        {
            "detected": stamps(0, 100, 200, 900),
            "acknowledged": stamps(4, None, 210, None),
            "resolved": stamps(60, 130, None, None),
        },
        as_of=MIDNIGHT + 1000,
    )
    assert incident.time_to(h, incident.mtta_pagerduty).closed_mean == 7 * 60
    assert incident.time_to(h, incident.mtta_opsgenie).closed_mean == 17 * 60
    assert incident.mtta(h).n_open == 1
    assert incident.mttd(h).median.state == "no_data"
    names = {(r.how.metric, r.how.preset) for r in incident.every_definition(h)}
    assert len(names) == 11
    assert incident.mttm(h, starting_in=relia.period(MIDNIGHT, MIDNIGHT + 50)).n == 0


def test_time_to_refuses():
    with pytest.raises(ValueError, match="method must be one of automatic, modified_cox, student_t"):
        incident.mttr(sample("before"), mean_method="mode")
    with pytest.raises(ValueError, match=r"confidence_level must be a fraction in \(0, 1\)"):
        incident.mttr(sample("before"), confidence_level=95)


@pytest.mark.parametrize(
    "row", rows("incident/mtbf.csv") + rows("incident/mtbf_published.csv"), ids=lambda r: "-".join(r.values())
)
def test_mtbf_matches_the_reference(row):
    e = incident.mtbf(
        int(row["failures"]),
        float(row["exposure"]),
        confidence_level=float(row["confidence_level"]),
        sides=row.get("sides", "both"),
        stopping=row["stopping"],
    )
    assert e.interval.lower == pytest.approx(float(row["lower"]), rel=1e-14, abs=0)
    assert e.interval.upper == pytest.approx(float(row["upper"]), rel=1e-14, abs=0)


def test_mtbf_of_a_downtime_report():
    h = incident.history({"started": [MIDNIGHT + 60], "resolved": [MIDNIGHT + 120]}, as_of="2025-02-01")
    d = incident.downtime(h, relia.period("2025-01-01", "2025-02-01"))
    assert incident.mtbf(d).value == 31 * 86400 - 3600
    with pytest.raises(ValueError, match="failures must be at least 0, got -1"):
        incident.mtbf(-1, 5.0)
    with pytest.raises(ValueError, match="stopping must be"):
        incident.mtbf(1, 5.0, stopping="now")
    with pytest.raises(ValueError, match="failures must be whole numbers"):
        incident.mtbf(1.5, 5.0)


@pytest.mark.parametrize("row", rows("incident/long_run.csv"), ids=lambda r: "-".join(list(r.values())[:4]))
def test_long_run_unavailability_matches_the_reference(row):
    e = incident.long_run_unavailability(
        int(row["failures"]),
        float(row["uptime"]),
        float(row["downtime"]),
        confidence_level=float(row["confidence_level"]),
    )
    assert e.value == pytest.approx(float(row["value"]), rel=2e-15, abs=0)
    assert e.interval.lower == pytest.approx(float(row["lower"]), rel=2e-15, abs=0)
    assert e.interval.upper == pytest.approx(float(row["upper"]), rel=2e-15, abs=0)


def test_incident_rate_finds_clusters():
    starts = MIDNIGHT + np.r_[np.arange(20), 60 * 24 * 45 + np.arange(20)]
    h = incident.history({"started": starts, "resolved": starts + 5}, as_of="2025-06-01")
    r = incident.incident_rate(h, relia.period("2025-01-01", "2025-04-01"))
    assert r.rate.n == 40
    assert r.rate.value == pytest.approx(40 / 3, rel=1e-15)
    assert r.rate.method == "quasi_poisson"
    assert r.dispersion > 10 and r.p_value < 1e-10 and r.per == 30 * 86400
    weekly = incident.incident_rate(
        h, relia.period("2025-01-01", "2025-01-08"), per=datetime.timedelta(days=7)
    )
    assert weekly.rate.value == 20 and math.isnan(weekly.dispersion)
    with pytest.raises(ValueError, match="slice must be positive"):
        incident.incident_rate(h, relia.period("2025-01-01", "2025-01-08"), slice=0.0)
