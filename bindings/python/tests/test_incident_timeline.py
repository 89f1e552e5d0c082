"""Histories from tables of every kind, phases and downtime."""

import datetime

import numpy as np
import pytest
from tables import rows

import relia
from relia import incident

MIDNIGHT = np.datetime64("2025-01-01T00:00", "m")


def at(*minutes):
    return np.array([np.datetime64("NaT", "m") if m is None else MIDNIGHT + m for m in minutes])


def seen(started, resolved, now=1000, **options):
    return incident.history(
        {"started": at(*started), "resolved": at(*resolved)}, as_of=MIDNIGHT + now, **options
    )


def test_findings_are_named_and_rows_set_aside():
    h = seen([10, 0, 0], [5, 60, None])
    assert [(f.row, f.what, f.at) for f in h.findings] == [
        (0, "negative", "resolved"),
        (2, "missing_end", "resolved"),
        (2, "open_longest", "started"),
    ]
    assert h.given == 3 and len(h) == 2
    assert h.kept.tolist() == [1, 2] and h.excluded.tolist() == [0]
    assert h.found("negative") == 1
    assert repr(h) == (
        "<history as of 2025-01-01T16:40:00.000000000: 2 of 3 rows kept, "
        "findings: missing_end: 1, negative: 1, open_longest: 1>"
    )
    assert "<td>negative</td><td>1</td>" in h._repr_html_()
    assert len(seen([10], [5], exclude=[])) == 1


def test_tables_of_every_kind_agree():
    text = {
        "begin": ["2025-01-01T00:00:00Z", "", "2025-01-01T02:00:00+01:00"],
        "resolved": ["2025-01-01T00:30:00Z", "2025-01-01T00:30:00Z", None],
        "planned": ["false", "", "true"],
        "service": ["api", "web", float("nan")],
    }
    stamps = np.zeros(3, dtype=[("begin", "M8[ms]"), ("resolved", "M8[ms]"), ("planned", bool), ("service", "U3")])
    stamps["begin"] = np.array(["2025-01-01T00:00:00", "NaT", "2025-01-01T01:00:00"], "M8[ms]")
    stamps["resolved"] = np.array(["2025-01-01T00:30:00", "2025-01-01T00:30:00", "NaT"], "M8[ms]")
    stamps["planned"] = [False, False, True]
    stamps["service"] = ["api", "web", ""]
    tables = [text, stamps]
    try:
        import pandas

        frame = pandas.DataFrame({k: stamps[k] for k in stamps.dtype.names})
        frame["begin"] = frame["begin"].dt.tz_localize("UTC")
        tables += [frame, pandas.DataFrame(text)]
    except ImportError:
        pass
    try:
        import polars

        tables.append(polars.DataFrame({k: stamps[k] for k in stamps.dtype.names}))
    except ImportError:
        pass
    for each in tables:
        h = incident.history(each, as_of="2025-01-01T03:00:00Z", columns={"started": "begin"})
        assert h.found("missing_start") == 1
        d = incident.measure(h, incident.mttr_from_impact, planned=None)
        assert d.seconds.tolist() == [1800, 7200]
        assert d.ended.tolist() == [True, False]
        assert incident.measure(h, incident.mttr_from_impact).n == 1
        assert incident.measure(h, incident.mttr_from_impact, service="web").left_out[0].why == "missing_from"


def test_bad_tables_are_refused():
    with pytest.raises(ValueError, match="must have a column of stamps"):
        incident.history({"service": ["a"]}, as_of=MIDNIGHT)
    with pytest.raises(ValueError, match="has no column 'created_at'"):
        incident.history({"started": at(0)}, as_of=MIDNIGHT, columns={"resolved": "created_at"})
    with pytest.raises(ValueError, match='there is no field "start"'):
        incident.history({"started": at(0)}, as_of=MIDNIGHT, columns={"start": "started"})
    with pytest.raises(ValueError, match="resolved must be of size 1, got 2"):
        incident.history({"started": at(0), "resolved": at(1, 2)}, as_of=MIDNIGHT)
    with pytest.raises(ValueError, match="exclude must be one of missing_start.*got \"late\""):
        seen([0], [1], exclude=["late"])
    with pytest.raises(ValueError, match='blank_end must be "open" or "unknown"'):
        seen([0], [1], blank_end="maybe")
    with pytest.raises(ValueError, match="longest_plausible must be positive"):
        seen([0], [1], longest_plausible=datetime.timedelta(0))
    with pytest.raises(ValueError, match="open must be true, false or blank, got 'maybe'"):
        incident.history({"started": at(0), "open": ["maybe"]}, as_of=MIDNIGHT)


def test_an_open_incident_is_censored_when_it_was_last_seen():
    h = incident.history(
        {"started": at(0, 0), "seen_open": at(20, None), "open": [None, False]}, as_of=MIDNIGHT + 50
    )
    d = incident.measure(h, incident.definition("started", "resolved"))
    assert d.seconds.tolist() == [1200] and d.n_open == 1
    assert repr(d.left_out[0]) == "<left_out row 1: unknown_end, at most inf s>"


def test_definitions_say_what_they_are():
    opsgenie = incident.mtta_opsgenie
    assert (opsgenie.metric, opsgenie.preset) == ("mtta", "opsgenie")
    assert (opsgenie.from_, opsgenie.to) == ("detected", "acknowledged")
    assert (opsgenie.if_missing, opsgenie.if_open) == ("use_resolved", "closed_only")
    assert incident.definition("started", "resolved") == incident.definition("started", "resolved")
    with pytest.raises(ValueError, match="to must be a later milestone than from"):
        incident.measure(seen([0], [1]), incident.definition("resolved", "started"))
    with pytest.raises(ValueError, match="from_ must be one of started"):
        incident.definition("created", "resolved")


@pytest.mark.parametrize("row", rows("incident/downtime.csv"), ids=lambda r: r["name"])
def test_downtime_matches_the_reference(row):
    pairs = [cell.split("..") for cell in row["incidents_min"].split()]
    h = seen(
        [int(a) for a, _ in pairs],
        [None if b == "open" else int(b) for _, b in pairs],
        now=int(row["now_min"]),
    )
    window = relia.period(MIDNIGHT + int(row["from_min"]), MIDNIGHT + int(row["to_min"]))
    d = incident.downtime(h, window)
    assert d.down == 60 * int(row["union_min"])
    assert d.sum == 60 * int(row["sum_min"])
    assert d.overlap == d.sum - d.down
    assert d.most_at_once == int(row["most_at_once"])
    assert len(d.episodes) == int(row["episodes"])
    assert d.availability == pytest.approx(float(row["availability"]), rel=2**-52)
    starts = at(*[int(a) for a, _ in pairs])
    ends = at(*[10**6 if b == "open" else int(b) for _, b in pairs])
    if len(pairs) > 0:
        assert incident.unite(starts, ends, window).covered == d.down


def test_downtime_of_each_service():
    h = incident.history(
        {"started": at(0, 20), "resolved": at(30, 40), "service": ["api", "web"]}, as_of=MIDNIGHT + 100
    )
    window = relia.period(MIDNIGHT, MIDNIGHT + 100)
    each = incident.downtime_by_service(h, window)
    assert {name: d.down for name, d in each.items()} == {"api": 1800, "web": 1200}
    assert incident.downtime(h, window, service="api").unavailability == 0.3
    assert incident.downtime(h, window).episodes.tolist() == [
        [d.astype("M8[ns]").item() for d in (MIDNIGHT, MIDNIGHT + 40)]
    ]
    assert incident.downtime(h, relia.period(MIDNIGHT + 100, MIDNIGHT + 200)).state == "no_data"
    with pytest.raises(ValueError, match="ends must be of size 2, got 1"):
        incident.unite(at(0, 1), at(2), window)
