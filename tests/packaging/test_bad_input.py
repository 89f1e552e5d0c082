"""Bad input, one test per row of the table in docs/design.md, through C++, Python and the command."""

import math
import os
import subprocess

import numpy as np
import pytest

import relia


@pytest.fixture(scope="module")
def cpp():
    """What C++ says, by case: (exception type, message)."""
    printed = subprocess.run(
        [os.environ["RELIA_THREE_DOORS"], "refusals"], check=True, capture_output=True, text=True
    ).stdout
    return {line.split(" ", 2)[0]: tuple(line.split(" ", 2)[1:]) for line in printed.splitlines()}


def python_says(ask):
    with pytest.raises(ValueError) as error:
        ask()
    return str(error.value)


@pytest.fixture
def command(tmp_path):
    def run(check, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
        path = tmp_path / "capacity.yaml"
        path.write_text("relia: 1\nchecks:\n  - name: a\n" + "".join(f"    {line}\n" for line in check.splitlines()))
        return subprocess.run(
            [os.environ["RELIA_COMMAND"], "check", path], capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_a_value_outside_its_domain(cpp, command):
    kind, message = cpp["percent"]
    assert kind == "domain_error"
    assert "0.999" in message
    assert python_says(lambda: relia.slo.objective(99.9)) == message
    done = command("rule: slo.burn_rate\ngood: 9\nbad: 1\nobjective: 99.9\nat_most: 1x")
    assert done.returncode == 2
    assert ':7: expected a percentage such as 99.9%, found "99.9"' in done.stderr


def test_a_nan_parameter(cpp, command):
    kind, message = cpp["nan"]
    assert kind == "domain_error"
    assert message.endswith("got nan")
    assert python_says(lambda: relia.queueing.mmc(math.nan, 1.0, 2)) == message
    done = command("rule: sli.ratio\ngood: nan\nbad: 1\nat_least: 9%")
    assert done.returncode == 2
    assert ':5: expected a whole number of at least 0, found "nan"' in done.stderr


def test_a_negative_count(cpp, command):
    kind, message = cpp["negative"]
    assert kind == "domain_error"
    assert python_says(lambda: relia.aggregate.counts(-1, 0)) == message
    assert command("rule: sli.ratio\ngood: -1\nbad: 1\nat_least: 9%").returncode == 2


def test_a_bad_option(cpp, command):
    kind, message = cpp["option"]
    assert kind == "invalid_argument"
    assert "wilson" in message
    assert "wilson" in python_says(lambda: relia.stats.proportion(1, 2, method="wilsn"))
    done = command(
        "rule: incident.duration\nincidents: {file: i.csv, as_of: 2026-01-01T00:00:00Z}\n"
        "from: started\nto: resolved\nstatistic: mode\nat_most: 1h",
        i="started_at,resolved_at\n",
    )
    assert done.returncode == 2
    assert ':8: statistic must be median or mean, found "mode"' in done.stderr


def test_sizes_that_differ(cpp):
    kind, message = cpp["sizes"]
    assert kind == "invalid_argument"
    assert message == "relia::series: values must be of size 2, got 3"
    times = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[ns]")
    assert "values must be of size 2, got 3" in python_says(
        lambda: relia.forecast.exhaustion(times, [1.0, 2.0, 3.0], 10.0, 3600.0)
    )


def test_a_fit_given_no_rows(cpp):
    kind, message = cpp["no_rows"]
    assert kind == "invalid_argument"
    assert python_says(lambda: relia.forecast.fit_trend(np.array([], dtype="datetime64[ns]"), [])) == message


def test_nothing_observed_is_a_state(command):
    empty = relia.aggregate.counts()
    assert relia.sli.attainment(empty).state == "no_data"
    assert relia.decide(relia.sli.attainment(empty, confidence_level=0.9), "at_least", 0.99).verdict == "inconclusive"
    done = command("rule: sli.ratio\ngood: 0\nbad: 0\nat_least: 99%")
    assert done.returncode == 3
    assert "no data" in done.stdout


def test_too_little_data_is_inconclusive_with_the_reason(command):
    few = relia.sli.attainment(relia.aggregate.counts(9, 0), confidence_level=0.9)
    decided = relia.decide(few, "at_least", 0.99)
    assert decided.verdict == "inconclusive"
    assert "more data" in decided.reason
    done = command("rule: sli.ratio\ngood: 9\nbad: 0\nat_least: 99%")
    assert done.returncode == 3
    assert "more data" in done.stdout


def test_an_unstable_model_is_a_state_and_fails(command):
    assert relia.queueing.mmc(10.0, 1.0, 8).state == "unstable"
    rows = "".join(f"{i / 10},0.5\n" for i in range(200))
    done = command(
        "rule: queueing.response\nrequests: {file: r, unit: s, arrival: sent, service: took}\n".replace("r,", "r.csv,")
        + "servers: 2\nquantile: 99%\nat_most: 10s",
        r="sent,took\n" + rows,
    )
    assert done.returncode == 1, done.stderr
    assert "unstable" in done.stdout
    assert "load" in done.stdout


def test_what_never_happens_is_infinite():
    assert relia.slo.time_to_exhaustion(0.0, 2592000.0) == math.inf
    times = np.datetime64("2026-01-01", "ns") + np.arange(60) * np.timedelta64(86400, "s")
    flat = relia.forecast.exhaustion(times, np.linspace(0.0, 1.0, 60), 1e9, 86400.0)
    assert flat.after(0.5) == math.inf


def test_an_iteration_that_does_not_converge_has_its_own_error():
    assert issubclass(relia.ConvergenceError, RuntimeError)
    assert not issubclass(relia.ConvergenceError, ValueError)


def test_damaged_rows_are_reported(command):
    check = "rule: sli.latency\nrequests: {file: r.csv, unit: s, latency: took}\nfaster_than: 1s\nat_least: 1%"
    done = command(check, r="took\n0.5\nslow\n")
    assert done.returncode == 2
    assert "line 3" in done.stderr
    table = {
        "started": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[ns]"),
        "resolved": np.array(["2026-01-02", "2025-12-31"], dtype="datetime64[ns]"),
    }
    history = relia.incident.history(table, as_of="2026-02-01T00:00:00Z")
    assert [f.row for f in history.findings if f.what in ("negative", "wrong_year")] == [1]
