"""The real `relia slo`: what it prints, its exit codes, and that promtool takes what it writes."""

import json
import os
import pathlib
import subprocess

import pytest

COMMAND = os.environ["RELIA_COMMAND"]
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
RECORDED = EXAMPLES / "web_pool" / "slos.yaml"


def slo(*arguments, **options):
    return subprocess.run(
        [COMMAND, "slo", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.fixture
def slos(tmp_path):
    """Writes a file with one objective that has these keys, and returns its path."""

    def write(keys, objective="99.9%", policy="policy: workbook"):
        path = tmp_path / "slos.yaml"
        path.write_text(
            f"relia: 1\nslos:\n  - name: checkout\n    objective: {objective}\n    period: 30d\n    {policy}\n"
            + "".join(f"    {line}\n" for line in keys)
        )
        return path

    return write


COUNTERS = 'counters: {metric: http_requests_total, where: {job: web}, bad: {code: "500"}}'


def answer(tmp_path, bad):
    """Ten minutes of 1000 good answers each, and these bad ones in the last."""
    times = range(0, 660, 60)
    series = [
        {"metric": {"__name__": "http_requests_total", "job": "web", "code": code}, "values": list(zip(times, values))}
        for code, values in (
            ("200", [str(1000 * i) for i in range(11)]),
            ("500", ["0"] * 10 + [str(bad)]),
        )
    ]
    document = {"status": "success", "data": {"resultType": "matrix", "result": series}}
    (tmp_path / "requests.json").write_text(json.dumps(document))
    return COUNTERS.replace("{metric", "{file: requests.json, metric")


def test_status_of_the_recorded_service():
    done = slo("status", RECORDED)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("fail  web pool\n    objective 99% of 1 h")
    assert "952 bad of 877 allowed, -8.49% left" in done.stdout
    document = json.loads(slo("status", "--format", "json", RECORDED).stdout)
    (status,) = document["slos"]
    assert (status["good"], status["bad"]) == (86795, 952)
    assert status["attained"] == 86795 / 87747
    assert len(status["tiers"]) == 3


@pytest.mark.parametrize(("bad", "code"), [(0, 0), (200, 1)])
def test_status_exit_codes(slos, tmp_path, bad, code):
    done = slo("status", slos([answer(tmp_path, bad)]))
    assert done.returncode == code, done.stdout + done.stderr


def test_status_without_events_is_inconclusive_and_without_data_an_error(slos, tmp_path):
    counters = answer(tmp_path, 0)
    document = json.loads((tmp_path / "requests.json").read_text())
    for series in document["data"]["result"]:
        series["values"] = series["values"][:1]
    (tmp_path / "requests.json").write_text(json.dumps(document))
    done = slo("status", slos([counters]))
    assert done.returncode == 3
    assert "no data" in done.stdout
    path = slos([COUNTERS])
    missing = slo("status", path)
    assert missing.returncode == 2
    assert missing.stderr == f'relia: {path}:3: a status needs "counters" with the "file" that holds them\n'


def test_lint_exit_codes_and_places(slos):
    assert slo("lint", slos([])).returncode == 0
    path = slos([], objective="90%")
    done = slo("lint", path)
    assert done.returncode == 1
    assert done.stdout == (
        f"{path}:3: error: checkout: tier 0: the factor 14.4 needs an error ratio of 1.44: a total outage burns at "
        "1 / 0.1 = 10 [never_fires]\n"
    )
    tiers = "tiers:\n      - {long: 1h, short: 5min, factor: 0.9x, severity: page}"
    path = slos([], policy=tiers)
    warned = slo("lint", path)
    assert warned.returncode == 0
    assert warned.stdout.startswith(f"{path}:7: warning: checkout: tier 0: the factor 0.9 is below 1")
    assert slo("lint", "--strict", path).returncode == 1
    (finding,) = json.loads(slo("lint", "--format", "json", path).stdout)["findings"]
    assert (finding["rule"], finding["line"], finding["tier"]) == ("fires_inside_objective", 7, 0)


def test_rules_are_taken_by_promtool(slos, tmp_path):
    done = slo("rules", slos([COUNTERS, "prometheus: {by: [route], labels: {team: web}}"]))
    assert done.returncode == 0, done.stderr
    written = tmp_path / "rules.yaml"
    assert slo("rules", RECORDED, "--output", written).stdout == ""
    second = tmp_path / "second.yaml"
    second.write_text(done.stdout)
    judged = subprocess.run(
        ["promtool", "check", "rules", written, second], capture_output=True, text=True, timeout=60, check=False
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr
    # Seven windows of three records and four tiers.
    assert "SUCCESS: 25 rules found" in judged.stdout


def test_no_rules_for_a_policy_with_errors_or_without_selectors(slos):
    path = slos([COUNTERS], objective="90%")
    done = slo("rules", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "[never_fires]" in done.stderr
    assert done.stderr.endswith(f"relia: {path}: no rules are written for a policy with errors\n")
    without = slo("rules", slos([]))
    assert without.returncode == 2
    assert 'rules need "counters", or selectors under "prometheus"' in without.stderr
    mean = slo("rules", slos(["prometheus: {bad: 'avg_over_time(errors:ratio5m)', valid: all}"]))
    assert mean.returncode == 2
    assert "a mean of ratios weighs a minute of 10 requests as one of 1000" in mean.stderr


SIMULATED = [
    "traffic: 100/h",
    "dispersion: 3x",
    "incidents:",
    "  - {name: outage, error_ratio: 100%, lasts: 1h, detect_within: 15min}",
]


def test_simulate_judges_a_policy_by_its_false_pages(slos):
    few = ("--months", 30, "--outages", 50)
    wolf = slo("simulate", slos(SIMULATED), *few)
    assert wolf.returncode == 1, wolf.stderr
    assert wolf.stdout.startswith("fail  checkout\n    traffic   100 events an hour, dispersion 3x\n    pages     ")
    assert "outage (100%): paged after" in wolf.stdout
    assert wolf.stdout == slo("simulate", slos(SIMULATED), *few).stdout
    assert wolf.stdout != slo("simulate", slos(SIMULATED), *few, "--seed", 1).stdout
    calm = [*SIMULATED, "allowed: {false_pages_per_quarter: 10}"]
    assert slo("simulate", slos(calm, policy="policy: low_traffic"), *few).returncode == 0
    assert slo("simulate", slos(SIMULATED, policy="policy: low_traffic"), "--months", 2).returncode == 3


def test_design_writes_tiers_that_read_back(slos, tmp_path):
    done = slo("design", slos(SIMULATED), "--months", 60, "--outages", 100)
    assert done.returncode in (0, 1), done.stderr
    comments = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert comments[0].startswith("# checkout: misses ")
    assert any("false pages in 30 d" in line for line in comments)
    tiers = done.stdout[done.stdout.index("tiers:") :].replace("\n", "\n    ").strip()
    assert slo("lint", slos(SIMULATED, policy=tiers)).returncode == 0


def test_simulated_traffic_must_be_known(slos):
    for command, message in [("simulate", 'needs "traffic"'), ("design", 'needs "traffic"')]:
        done = slo(command, slos([]))
        assert done.returncode == 2
        assert message in done.stderr
    assert 'a design needs "incidents"' in slo("design", slos(["traffic: 1/s"])).stderr


def test_usage(slos):
    assert slo().returncode == 2
    assert slo("status").returncode == 2
    assert slo("status", "no/such.yaml").returncode == 2
    wrong = slo("lint", "--format", "jsn", slos([]))
    assert wrong.returncode == 2
    assert 'did you mean "json"?' in wrong.stderr
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [COMMAND, "slo", "rules", RECORDED], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert "cannot write" in done.stderr
