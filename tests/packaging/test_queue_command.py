"""The real `relia queue`: what it answers, its exit codes, and how it refuses."""

import json
import math
import os
import pathlib
import subprocess

import pytest

COMMAND = os.environ["RELIA_COMMAND"]
DATA = pathlib.Path(__file__).parents[2] / "examples" / "web_pool" / "data"
OPEN_LOOP = DATA / "open_loop.csv"
POOL = ("--rate", "150/s", "--service-time", "20ms")
FAST = ("--p", "0.99", "--within", "200ms")


def queue(*arguments):
    return subprocess.run(
        [COMMAND, "queue", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def figures(*arguments):
    done = queue(*arguments, "--json")
    assert done.returncode in (0, 1, 3), done.stderr
    return {name: f["value"] for name, f in json.loads(done.stdout)["figures"].items()}


def test_size_with_and_without_a_failure():
    done = queue("size", *POOL, *FAST)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pass  4 servers keep every promise\n")
    spare = queue("size", *POOL, *FAST, "--failures", 1, "--growth", "30%")
    assert spare.stdout.startswith("pass  6 servers keep every promise, the load grown by 30%, 1 server down\n")
    assert "response p99 at worst" in spare.stdout
    assert figures("size", *POOL, *FAST)["servers"] == 4


def test_size_of_a_service_that_is_too_slow_alone():
    done = queue("size", *POOL, "--p", "99%", "--within", "50ms")
    assert done.returncode == 1
    assert done.stdout.startswith("fail  the service alone breaks the promise of response_quantile")


@pytest.mark.parametrize(
    ("promise", "servers"),
    [
        # Erlang C of a = 3 erlangs: 0.5094 of 4 servers, 0.2362 of 5, 0.0991 of 6, 0.0376 of 7.
        (("--wait-probability", "10%"), 6),
        (("--wait-p", "90%", "--wait-within", "0s"), 6),
        (("--utilization", "0.7"), 5),
        # Mean wait C / (c mu - lambda): 10.2 ms of 4, 2.36 ms of 5.
        (("--mean-wait", "5ms"), 5),
        (("--mean-response", "25ms"), 5),
        # Erlang B of 3 erlangs: 0.052 of 6, 0.0219 of 7.
        (("--blocking", "5%", "--waiting-room", "0"), 7),
    ],
)
def test_each_promise(promise, servers):
    assert figures("size", *POOL, *promise)["servers"] == servers


def test_size_with_impatience():
    assert figures("size", *POOL, "--patience", "1s", "--abandonment", "1%")["servers"] >= 3


def test_load_judges_the_rate():
    enough = queue("load", "--servers", 5, "--service-time", "20ms", *FAST, "--failures", 1, "--rate", "9000/min")
    assert enough.returncode == 0
    assert enough.stdout.startswith("pass  5 servers bear 175/s, 1 server down, and 150/s arrive\n")
    short = queue("load", "--servers", 5, "--service-rate", "50/s", *FAST, "--failures", 1, "--rate", 180)
    assert short.returncode == 1
    assert "but 180/s arrive" in short.stdout
    assert queue("load", "--servers", 1, "--service-time", "1s", *FAST).returncode == 1
    # What a fleet bears is what it is enough for, and the other way about.
    most = figures("load", "--servers", 5, "--service-time", "20ms", *FAST)["largest_arrival_rate"]
    sized = {rate: figures("size", "--rate", rate, "--service-time", "20ms", *FAST) for rate in (most, most * 1.001)}
    assert [f["servers"] for f in sized.values()] == [5, 6]


def test_quantile_of_mm1():
    # M/M/1 at 50/s of 100/s: the response is exponential of rate 50, a wait longer than t has 0.5 exp(-50 t).
    found = figures("quantile", "--servers", 1, "--rate", 50, "--service-time", "10ms", "--p", "0.5,0.99")
    assert math.isclose(found["response_p99"], math.log(100) / 50, rel_tol=1e-14)
    assert math.isclose(found["wait_p99"], math.log(50) / 50, rel_tol=1e-14)
    assert math.isclose(found["mean_wait"], 0.01, rel_tol=1e-14)
    assert found["wait_probability"] == 0.5
    assert found["wait_p50"] == 0


def test_quantile_judges_one_level():
    pool = ("--servers", 1, "--rate", 50, "--service-time", "10ms", "--p", "0.99")
    assert queue("quantile", *pool, "--within", "100ms").returncode == 0
    assert queue("quantile", *pool, "--within", "90ms").returncode == 1
    over = queue("quantile", "--servers", 1, "--rate", 150, "--service-time", "10ms")
    assert over.returncode == 1
    assert over.stdout.startswith("fail  over capacity: the load is 1.5 of 1 server, and the queue grows without end\n")
    lost = queue("quantile", "--servers", 1, "--rate", 150, "--service-time", "10ms", "--waiting-room", 3)
    assert lost.returncode == 0
    # M/M/1/4 with rho = 1.5: (1 - rho) rho^4 / (1 - rho^5) = 0.38389.
    assert "blocking          38.4%" in lost.stdout


def test_a_load_test_gives_an_interval(tmp_path):
    done = queue("quantile", "--servers", 4, "--rate", "160/s", "--load-test", OPEN_LOOP, "--p", "99%", "--json")
    document = json.loads(done.stdout)
    p99 = document["figures"]["response_p99"]
    assert p99["interval"]["lower"] < p99["value"] < p99["interval"]["upper"]
    assert p99["interval"]["confidence_level"] == 0.95
    assert any("over capacity" in note for note in document["notes"])
    limit = f"{p99['value']:.6f}s"
    judged = queue("quantile", "--servers", 4, "--rate", 160, "--load-test", OPEN_LOOP, "--p", "99%", "--within", limit)
    assert judged.returncode == 3
    # Without the workers' own times the pool is fitted to the responses, and it does not explain them.
    lines = [line.rsplit(",", 1)[0] for line in OPEN_LOOP.read_text().splitlines()]
    (tmp_path / "no_service.csv").write_text("\n".join(lines) + "\n")
    fitted = queue("size", "--rate", 160, "--load-test", tmp_path / "no_service.csv", *FAST)
    assert fitted.returncode == 3
    assert "no such pool explains the levels" in fitted.stdout
    assert "service time  21.0 ms in [20.4 ms, 21.6 ms] at 95%" in fitted.stdout


def test_retry_finds_the_point_of_no_return():
    pool = ("--rate", "60/s", "--service-time", "10ms", "--servers", 1, "--timeout", "100ms")
    done = queue("retry", *pool, "--json")
    assert done.returncode == 1
    found = {name: f["value"] for name, f in json.loads(done.stdout)["figures"].items()}
    # The steady states of M/M/1 with 3 retries after 100 ms (mpmath, 60 digits; tests/data/queueing).
    assert math.isclose(found["normal_attempt_rate"], 61.27487565180728, rel_tol=1e-13)
    assert math.isclose(found["point_of_no_return"], 89.05534823036653, rel_tol=1e-13)
    assert math.isclose(found["safe_budget"], 89.05534823036653 / 60 - 1, rel_tol=1e-12)
    assert found["largest_amplification"] == 4
    calm = queue("retry", *pool, "--budget", "10%", "--layers", 3)
    assert calm.returncode == 0
    assert calm.stdout.startswith("pass  settles: whatever the spike, ")
    assert "amplification of all layers  64.0x" in calm.stdout
    assert queue("retry", *pool[2:], "--rate", 90).stdout.startswith("fail  storm: ")


def test_usl_of_the_recorded_pool_prefers_a_plateau():
    done = queue("usl", DATA / "closed_loop.csv", "--at", 128)
    assert done.returncode == 1
    assert done.stdout.startswith("fail  the universal scalability law: another law fits far better: plateau\n")
    assert "evidence plateau" in done.stdout
    assert "throughput at 128" in done.stdout
    assert "break Little's law" in done.stdout


def test_usl_of_data_that_follow_it(tmp_path):
    # contention 0.02, coherency 1e-4, 100/s of one, and alternately 0.1 % more and less: the peak is at 98.99.
    rows = [
        (n, 100 * n / (1 + 0.02 * (n - 1) + 1e-4 * n * (n - 1)) * (1 + 1e-3 * (-1) ** i))
        for i, n in enumerate((1, 2, 4, 8, 16, 32, 64, 128, 256))
    ]
    path = tmp_path / "usl.csv"
    path.write_text("concurrency,throughput\n" + "".join(f"{n},{x}\n" for n, x in rows))
    done = queue("usl", path, "--json")
    assert done.returncode == 0, done.stdout
    peak = json.loads(done.stdout)["figures"]["peak_concurrency"]
    assert peak["interval"]["lower"] < 98.99 < peak["interval"]["upper"]
    path.write_text("concurrency,throughput\n1,10\n2,19\n4,35\n")
    refused = queue("usl", path)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"relia: {path}: relia::queueing::fit_usl: concurrency must be of at least 4")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("size", "--rate", "150/s", *FAST), "--service-time is missing: give it, --service-rate, or --load-test"),
        (("size", "--service-time", "20ms", *FAST), "--rate is missing: how many requests arrive"),
        (("size", *POOL), "--p is missing: nothing is promised"),
        (("size", *POOL, "--p", "0.99"), "--within is missing: it belongs to --p"),
        (("size", *POOL, "--p", "99", "--within", "1s"), '--p: expected a fraction between 0 and 1, such as 0.99 or 99%, found "99"'),
        (("size", *POOL, "--p", "0.99", "--within", "200"), '--within: expected a duration such as 400ms, 5min, 6h or 30d, found "200"'),
        (("size", "--rate", "-3", "--service-time", "20ms", *FAST), '--rate: expected a rate such as 90/s or 1200/min, found "-3"'),
        (("size", "--rate", "0", "--service-time", "20ms", *FAST), '--rate: expected a rate above 0, such as 150/s, found "0"'),
        (("size", "--rate", "150/s", "--service-time", "0ms", *FAST), '--service-time: expected a duration above 0, such as 20ms, found "0ms"'),
        (("size", *POOL, *FAST, "--failures", "1.5"), '--failures: expected a whole number of at least 0, found "1.5"'),
        (("size", *POOL, *FAST, "--growth", "-1%"), '--growth: expected a share of at least 0, such as 30%, 0.3 or 1.5x, found "-1%"'),
        (("size", *POOL, *FAST, "--growth", "30"), '--growth: expected a share of at least 0, such as 30%, 0.3 or 1.5x, found "30"'),
        (("size", *POOL, "--blocking", "1%"), "--waiting-room is missing: without a limit nobody is turned away"),
        (("size", *POOL, "--abandonment", "1%"), "--patience is missing: without it nobody gives up"),
        (("size", *POOL, *FAST, "--service-rate", "50/s"), "--service-time, --service-rate and --load-test say the same: give one of them"),
        (("size", *POOL, *FAST, "--confidence", "0.9"), "--confidence: expected --load-test beside it"),
        (("size", *POOL, *FAST, "--waiting-room", "3", "--patience", "1s"), "--patience: expected no --waiting-room beside it"),
        (("size", *POOL, *FAST, "--format", "jsn"), '--format: expected text or json, found "jsn"'),
        (("load", *POOL, *FAST), "--servers is missing"),
        (("load", *POOL, *FAST, "--servers", "1", "--failures", "1"), '--servers: expected a whole number of at least 2, found "1"'),
        (("quantile", *POOL, "--servers", "0"), '--servers: expected a whole number of at least 1, found "0"'),
        (("quantile", *POOL, "--servers", "4", "--within", "1s"), "--p is missing: --within judges one quantile"),
        (("retry", *POOL, "--servers", "4"), "--timeout is missing"),
        (("usl", "no/such.csv"), "no/such.csv: cannot be opened"),
    ],
)  # fmt: skip
def test_refusals_name_option_value_and_rule(arguments, message):
    done = queue(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"relia: {message}")


def test_bad_files_name_the_line(tmp_path):
    path = tmp_path / "test.csv"
    path.write_text("arrival_rate,latency_seconds,requests\n10,0.5,300\n20,fast,300\n")
    done = queue("size", "--rate", 10, "--load-test", path, *FAST)
    assert done.returncode == 2
    assert done.stderr == f'relia: {path}:3: latency_seconds: expected a number, found "fast"\n'
    path.write_text("concurrency,throughput\n1,10\n2\n")
    assert queue("usl", path).stderr == f"relia: {path}:3: has 1 fields, not 2\n"


def test_usage_and_help():
    assert queue().returncode == 2
    assert queue("sise").returncode == 2
    for name in ("size", "load", "quantile", "retry", "usl"):
        done = queue(name, "--help")
        assert done.returncode == 0
        assert f"Example: relia queue {name}" in done.stdout
        assert "Exit code: 0" in done.stdout
