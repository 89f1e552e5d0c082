"""The real `relia` binary: exit codes, formats, strictness, and what a terminal sees."""

import json
import os
import pathlib
import pty
import subprocess
import xml.etree.ElementTree

import pytest

COMMAND = os.environ["RELIA_COMMAND"]
EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def relia(*arguments, **options):
    return subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.fixture
def rules(tmp_path):
    """Writes a rules file that holds these checks, and returns its path."""

    def write(checks, head="relia: 1\n"):
        path = tmp_path / "capacity.yaml"
        path.write_text(head + "checks:\n" + checks)
        return path

    return write


def ratio(good, bad, limit="99%", name="answers"):
    return f"  - {{name: {name}, rule: sli.ratio, good: {good}, bad: {bad}, at_least: {limit}}}\n"


PASSES = ratio(100000, 10)
FAILS = ratio(900, 100)
UNKNOWN = ratio(99, 1)


def test_exit_0_when_all_passed(rules):
    done = relia("check", rules(PASSES))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pass  answers")
    assert done.stdout.endswith("1 checks: 1 passed, 0 failed, 0 inconclusive\n")


def test_exit_1_when_a_check_failed_even_beside_an_inconclusive_one(rules):
    assert relia("check", rules(FAILS)).returncode == 1
    assert relia("check", rules(PASSES + UNKNOWN + FAILS)).returncode == 1


def test_exit_3_when_inconclusive_and_what_tolerates_it(rules):
    assert relia("check", rules(PASSES + UNKNOWN)).returncode == 3
    assert relia("check", "--inconclusive=warn", rules(PASSES + UNKNOWN)).returncode == 0
    assert relia("check", "--inconclusive=pass", rules(PASSES + UNKNOWN)).returncode == 0
    assert relia("check", "--inconclusive=pass", rules(UNKNOWN)).returncode == 3
    assert relia("check", "--inconclusive=warn", rules(FAILS + UNKNOWN)).returncode == 1


def test_exit_3_without_data_never_0(rules):
    done = relia("check", rules(ratio(0, 0)))
    assert done.returncode == 3
    assert "no data" in done.stdout


def test_exit_2_for_usage(rules):
    assert relia().returncode == 2
    assert relia("check").returncode == 2
    assert relia("check", "--inconclusive=maybe", rules(PASSES)).returncode == 2
    assert relia("check", "no/such/file.yaml").returncode == 2
    wrong = relia("check", "--format", "jsno", rules(PASSES))
    assert wrong.returncode == 2
    assert 'did you mean "json"?' in wrong.stderr


@pytest.mark.parametrize(
    ("checks", "message"),
    [
        (ratio(1, 1, limit="0.999"), ':3: expected a percentage such as 99.9%, found the bare number "0.999"'),
        (ratio(1, 1, limit="99.9"), ':3: expected a percentage such as 99.9%, found "99.9"'),
        (ratio(-1, 1), ':3: expected a whole number of at least 0, found "-1"'),
        (ratio("many", 1), ':3: expected a whole number of at least 0, found "many"'),
        ("  - {name: a, rule: sli.ration, good: 1, bad: 1, at_least: 9%}\n", 'did you mean "sli.ratio"?'),
        ("  - {name: a, rule: sli.ratio, goood: 1, bad: 1, at_least: 9%}\n", ':3: an item of "checks" needs "good"'),
        (
            "  - name: a\n    rule: sli.ratio\n    good: 1\n    bad: 1\n    at_least: 9%\n    colour: red\n",
            ':8: unknown key "colour"',
        ),
        ("  - {name: a, rule: sli.ratio, good: 1, bad: 1}\n", 'needs one of "at_most" and "at_least"'),
        ("  - {name: a, rule: sli.ratio, good: 1, bad: 1, at_least: 9%, confidence: 40%}\n", "must be in (0.5, 1)"),
        ("  - {name: a, rule: sli.ratio, good: 1, bad: 1, bad: 2, at_least: 9%}\n", 'key "bad" is given twice'),
        (
            "  - {name: a, rule: slo.burn_rate, objective: 100%, good: 1, bad: 1, at_most: 1x}\n",
            "an objective of 100 % leaves no error budget",
        ),
        ("[]\n", "must be a list that is not empty"),
        ("  - [\n", ":"),
    ],
)
def test_exit_2_names_file_line_and_what_to_write(rules, checks, message):
    path = rules(checks)
    done = relia("check", path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"relia: {path}:")
    assert message in done.stderr


def test_an_unknown_format_of_rules_file_is_refused(rules):
    assert "format 1" in relia("check", rules(PASSES, head="relia: 2\n")).stderr
    assert 'needs "relia"' in relia("check", rules(PASSES, head="")).stderr


def test_damaged_rows_are_counted_and_a_policy_says_how_many_are_too_many(rules, tmp_path):
    (tmp_path / "requests.csv").write_text("latency\n0.1\n0.2\nslow\n0.3,9\n-1\n")
    check = """  - name: fast
    rule: sli.latency
    requests: {file: requests.csv, unit: s, latency: latency, damaged_at_most: %d}
    faster_than: 1s
    at_least: 1%%
"""
    allowed = relia("check", rules(check % 3))
    assert allowed.returncode == 0, allowed.stderr
    assert "3 damaged rows left out" in allowed.stdout
    refused = relia("check", rules(check % 2))
    assert refused.returncode == 2
    assert "3 damaged rows, at most 2 allowed (damaged_at_most)" in refused.stderr


def test_an_unstable_queue_fails_with_its_load(rules, tmp_path):
    rows = "".join(f"{i / 10},0.5\n" for i in range(200))
    (tmp_path / "requests.csv").write_text("sent,took\n" + rows)
    done = relia(
        "check",
        rules(
            """  - name: overload
    rule: queueing.response
    requests: {file: requests.csv, unit: s, arrival: sent, service: took}
    servers: 2
    quantile: 99%
    at_most: 10s
"""
        ),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "unstable: the load is 5" in done.stdout
    assert "of 2 servers" in done.stdout
    assert "-" not in done.stdout.split("measured")[1].split("\n")[0]


def test_every_format_on_its_own_and_several_at_once(rules, tmp_path):
    path = rules(PASSES + FAILS + UNKNOWN)
    report = json.loads(relia("check", "--format", "json", path).stdout)
    assert report["schema_version"] == 1
    assert [c["verdict"] for c in report["checks"]] == ["pass", "fail", "inconclusive"]
    assert [c["line"] for c in report["checks"]] == [3, 4, 5]
    suite = xml.etree.ElementTree.fromstring(relia("check", "--format", "junit", path).stdout.encode())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert "| **fail** |" in relia("check", "--format", "markdown", path).stdout
    github = relia("check", "--format", "github", path).stdout.splitlines()
    assert [line.split(" ")[0] for line in github[:2]] == ["::error", "::warning"]
    several = relia(
        "check", path, "--format", "github", "--output", f"json={tmp_path}/r.json", "--output", f"junit={tmp_path}/r.xml"
    )
    assert several.returncode == 1
    assert several.stdout == "\n".join(github) + "\n"
    assert json.loads((tmp_path / "r.json").read_text()) == report
    assert (tmp_path / "r.xml").exists()


def test_outputs_are_refused_before_anything_is_measured(rules, tmp_path):
    path = rules(PASSES)
    for outputs, message in [
        ([f"json={tmp_path}/r", f"text={tmp_path}/./r"], "twice"),
        ([f"json={path}"], "would overwrite the rules"),
        (["json="], "must be FORMAT=FILE"),
        (["jsno=r"], 'did you mean "json"?'),
    ]:
        done = relia("check", path, *(word for output in outputs for word in ("--output", output)))
        assert (done.returncode, done.stdout) == (2, ""), outputs
        assert message in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_full_disk_is_not_a_success(rules):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [COMMAND, "check", rules(PASSES)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert "cannot write" in done.stderr


def test_a_second_document_is_not_left_unchecked(rules):
    done = relia("check", rules(PASSES + "---\nrelia: 1\nchecks:\n" + FAILS))
    assert done.returncode == 2
    assert ":4: begins a second document" in done.stderr


def test_an_output_that_cannot_be_written_is_an_error(rules, tmp_path):
    done = relia("check", rules(PASSES), "--output", f"json={tmp_path}/no/such/r.json")
    assert done.returncode == 2
    assert "cannot write" in done.stderr


def terminal(*arguments, environment):
    """What the command writes when standard output is a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([COMMAND, *map(str, arguments)], stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    written = b""
    while True:
        try:
            block = os.read(leader, 65536)
        except OSError:
            break
        if not block:
            break
        written += block
    process.wait(timeout=60)
    os.close(leader)
    return written.decode()


def test_colour_only_on_a_terminal_and_never_with_no_color(rules):
    path = rules(PASSES)
    plain = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    assert "\x1b[32mpass" in terminal("check", path, environment=plain)
    assert "\x1b" not in terminal("check", path, environment={**plain, "NO_COLOR": "1"})
    assert "\x1b" not in relia("check", path).stdout


def test_explain_lists_the_rules_and_shows_one():
    listed = relia("explain").stdout
    assert len(listed.splitlines()) >= 5
    for line in listed.splitlines():
        shown = relia("explain", line.split()[0])
        assert shown.returncode == 0
        assert "measures" in shown.stdout
        assert f"rule: {line.split()[0]}" in shown.stdout
    wrong = relia("explain", "queueing.respnse")
    assert wrong.returncode == 2
    assert 'did you mean "queueing.response"?' in wrong.stderr


def test_version():
    done = relia("--version")
    assert done.returncode == 0
    assert len(done.stdout.strip().split(".")) == 3


def test_the_recorded_scenarios_hold_a_pass_a_fail_and_an_inconclusive():
    verdicts = set()
    for scenario in ("web_pool", "public_outages"):
        done = relia("check", "--format", "json", EXAMPLES / scenario / "capacity.yaml")
        assert done.returncode in (0, 1, 3), done.stderr
        verdicts |= {c["verdict"] for c in json.loads(done.stdout)["checks"]}
    assert verdicts == {"pass", "fail", "inconclusive"}
