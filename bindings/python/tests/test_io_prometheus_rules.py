"""Prometheus rules and files of objectives from Python. That the rules fire exactly as slo.evaluate_counters says is
tests/io/prometheus_rules.test.cpp's matter, against the real promtool."""

import pathlib
import subprocess

import pytest

from relia import io, slo

EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / "examples"


def an_slo(**changes):
    given = {"bad": 'requests_total{code="500"}', "valid": "requests_total"} | changes
    return io.prometheus_slo("checkout", slo.objective(0.999), slo.workbook_30d(), **given)


def test_promtool_takes_the_rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(io.to_prometheus_rules([an_slo(by=["route"], labels={"team": "web"}, interval=30)]))
    judged = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "SUCCESS: 25 rules found" in judged.stdout  # seven windows of three records, four tiers


def test_an_slo_says_what_it_was_given():
    s = an_slo(by=["route"], labels={"team": "web"}, interval=30)
    assert (s.name, s.goal.target, s.policy.name) == ("checkout", 0.999, "workbook_30d")
    assert (s.bad, s.good, s.valid) == ('requests_total{code="500"}', "", "requests_total")
    assert (s.by, s.labels, s.interval) == (["route"], {"team": "web"}, 30.0)
    assert repr(s) == "<prometheus_slo 'checkout'>"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bad": "rate(errors[5m])"}, "without functions"),
        ({"bad": "avg_over_time(errors:ratio5m)"}, "a mean of ratios"),
        ({"good": "all"}, "exactly two of bad, good and valid, got 3"),
        ({"by": ["tier"]}, "a label must be a label name other than"),
        ({"interval": 1e-9}, "interval must be a positive whole number of milliseconds"),
    ],
)
def test_what_no_rule_can_be_made_of(changes, message):
    with pytest.raises(ValueError, match="relia::io::to_prometheus_rules: ") as caught:
        io.to_prometheus_rules([an_slo(**changes)])
    assert message in str(caught.value)


def test_tiers_are_written_as_a_file_reads_them(tmp_path):
    tiers = slo.workbook_30d().tiers
    written = io.to_yaml(tiers)
    assert written.splitlines()[0] == "- {long: 1h, short: 5min, factor: 14.4x, severity: page}"
    path = tmp_path / "slos.yaml"
    listed = "".join(f"      {line}\n" for line in written.splitlines())
    path.write_text(
        f"relia: 1\nslos:\n  - name: a\n    objective: 99.9%\n    period: 30d\n    traffic: 2/s\n    tiers:\n{listed}"
    )
    (spec,) = io.read_slos(path)
    assert spec.rules.policy.tiers == tiers
    assert (spec.scrape_interval, spec.events_per_second, spec.events) == (60.0, 2.0, None)
    assert (spec.file, spec.line) == (str(path), 3)


def test_the_recorded_objective():
    (spec,) = io.read_slos(EXAMPLES / "web_pool" / "slos.yaml")
    assert spec.rules.bad == 'http_requests_total{code="500"}'
    assert spec.events.total().valid == 87747
    (without,) = io.read_slos(EXAMPLES / "web_pool" / "slos.yaml", data=False)
    assert without.events is None
    with pytest.raises(ValueError, match="cannot be opened"):
        io.read_slos("no/such.yaml")
