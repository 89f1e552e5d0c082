"""relia.check: rules files evaluated in Python, and reports in every form."""

import json
import xml.etree.ElementTree

import pytest

import relia

RULES = """relia: 1
checks:
  - {name: good enough, rule: sli.ratio, good: 100000, bad: 10, at_least: 99%}
  - {name: "bad <enough>", rule: sli.ratio, good: 900, bad: 100, at_least: 99%}
  - {name: who knows, rule: sli.ratio, good: 99, bad: 1, at_least: 99%}
"""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "capacity.yaml"
    path.write_text(RULES)
    return relia.check(path)


def test_results_carry_estimates_and_decisions(report):
    assert (report.passed, report.failed, report.inconclusive) == (1, 1, 1)
    first = report.results[0]
    assert first.rule == "sli.ratio"
    assert first.measured.n == 100010
    assert first.decision.verdict == "pass"
    assert (first.sense, first.limit, first.line) == ("at_least", 0.99, 3)
    assert "good enough: pass" in repr(first)


def test_exit_codes(report):
    assert report.exit_code() == 1
    with pytest.raises(ValueError, match="inconclusive must be"):
        report.exit_code("maybe")


def test_every_format(report):
    assert json.loads(relia.io.to_json(report))["summary"]["failed"] == 1
    assert xml.etree.ElementTree.fromstring(relia.io.to_junit(report).encode())[0].get("tests") == "3"
    assert "**fail**" in relia.io.to_markdown(report)
    assert relia.io.to_github(report).startswith("::error ")
    assert str(report) == relia.io.to_text(report)
    assert "bad &lt;enough&gt;" in report._repr_html_()


def test_rules_are_listed_with_their_questions():
    rules = relia.check.rules()
    assert rules["sli.ratio"].endswith("?")
    assert len(rules) >= 5


def test_a_bad_file_is_a_value_error_with_its_line(tmp_path):
    path = tmp_path / "capacity.yaml"
    path.write_text(RULES.replace("at_least: 99%", "at_least: 0.99", 1))
    with pytest.raises(ValueError, match=r"capacity\.yaml:3: expected a percentage"):
        relia.check(path)
    with pytest.raises(ValueError, match="cannot be opened"):
        relia.check(tmp_path / "none.yaml")


def test_prometheus_answers_are_arrays(tmp_path):
    path = tmp_path / "up.json"
    path.write_text(
        '{"status":"success","data":{"resultType":"matrix","result":'
        '[{"metric":{"job":"a"},"values":[[0,"0"],[1.5,"NaN"]]}]}}'
    )
    ((labels, times, values),) = relia.io.read_prometheus(str(path))
    assert labels == {"job": "a"}
    assert str(times[1]) == "1970-01-01T00:00:01.500000000"
    assert values[0] == 0.0
    assert values[1] != values[1]


def test_paths_and_folders(tmp_path):
    path = tmp_path / "capacity.yaml"
    path.write_text(RULES)
    assert len(relia.io.read_rules(path)) == len(relia.io.read_rules(str(path))) == 3
    for read in (relia.check, relia.io.read_rules, relia.io.read_prometheus):
        with pytest.raises(ValueError, match="is a folder, not a file"):
            read(tmp_path)
    with pytest.raises(TypeError):
        relia.check(None)
