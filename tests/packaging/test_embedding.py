"""The embedding example under wrk, scraped by a real Prometheus, whose answers must agree with the counts."""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

SERVER, PROMETHEUS, WRK = (os.environ[name] for name in ("RELIA_EMBEDDING", "PROMETHEUS", "WRK"))
CONNECTIONS = 4
BUDGET = {"availability": 0.001, "latency": 0.01}  # as main.cpp sets them
WINDOWS = {"5m", "30m", "1h", "2h", "6h", "1d", "3d"}  # of the workbook's policy

# One request in 50 fails; one in 400 is slow, beyond the limit of 100 ms.
REQUESTS = """
local n = 0
request = function()
  n = n + 1
  if n % 50 == 0 then return wrk.format("GET", "/?fail=1") end
  if n % 400 == 1 then return wrk.format("GET", "/?slow=1") end
  return wrk.format("GET", "/")
end
"""


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def eventually(check, seconds=15.0):
    """What `check` returns once that is true; the last failure when it never is."""
    end = time.monotonic() + seconds
    while True:
        try:
            result = check()
            if result or time.monotonic() > end:
                return result
        except (OSError, KeyError):
            if time.monotonic() > end:
                raise
        time.sleep(0.1)


@contextlib.contextmanager
def running(*command, **options):
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def service():
    """The example's own address, and that of its metrics."""
    with running(SERVER) as server:
        yield server.stdout.readline().split()
        server.terminate()
        assert server.stdout.read() == "stopped\n"
    assert server.returncode == 0


@pytest.fixture
def prometheus(service, tmp_path: pathlib.Path):
    """A server that scrapes the example every second; gives what it answers to a query."""
    target = urllib.parse.urlsplit(service[1]).netloc
    config = tmp_path / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: example, static_configs: [{{targets: ['{target}']}}]}}]\n"
    )
    address = f"127.0.0.1:{free_port()}"

    def query(expression: str) -> dict[tuple[str, ...], float]:
        """Values by (slo,) or (slo, window)."""
        answer = json.loads(fetch(f"http://{address}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"))
        assert answer["status"] == "success"
        rows = [(r["metric"], float(r["value"][1])) for r in answer["data"]["result"]]
        return {tuple(labels[k] for k in ("slo", "window") if k in labels): value for labels, value in rows}

    with running(
        PROMETHEUS, f"--config.file={config}", f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address={address}", "--log.level=error", stderr=subprocess.DEVNULL,
    ):
        yield query


def drive(url: str, script: pathlib.Path) -> tuple[int, int]:
    """How many requests wrk completed, and how many of them failed."""
    command = [WRK, "-t1", f"-c{CONNECTIONS}", "-d3s", "-s", str(script), url]
    report = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    assert failed, report
    return int(re.search(r"(\d+) requests in", report)[1]), int(failed[1])


def test_prometheus_reads_the_burn_rates_that_the_counts_give(service, prometheus, tmp_path):
    script = tmp_path / "requests.lua"
    script.write_text(REQUESTS)
    completed, failed = drive(service[0], script)
    assert completed > 1000

    # A scrape of after the last request: those that wrk left unanswered are over within the slow one's time.
    over = time.time() + 0.5
    assert eventually(lambda: prometheus("timestamp(slo_events_total)").get(("latency",), 0) > over)
    events = prometheus("slo_events_total")
    assert completed <= events["availability",] <= completed + CONNECTIONS
    assert events["latency",] == events["availability",]
    good = prometheus("slo_good_events_total")
    bad = {slo: events[slo,] - good[slo,] for slo in BUDGET}
    assert failed <= bad["availability"] <= failed + CONNECTIONS
    # What failed is not in time either; wrk sends one slow request for eight that fail.
    assert bad["latency"] >= bad["availability"] + failed // 8 - CONNECTIONS

    # The service is younger than every window, so that all of them hold the same events.
    burn = prometheus("slo_burn_rate")
    assert set(burn) == {(slo, window) for slo in BUDGET for window in WINDOWS}
    left = prometheus("slo_error_budget_remaining_ratio")
    for slo, budget in BUDGET.items():
        rate = bad[slo] / events[slo,] / budget
        assert rate > 1  # or the test would not see a burn
        for window in WINDOWS:
            # Prometheus' text format keeps all digits; the quotients differ by a few roundings.
            assert burn[slo, window] == pytest.approx(rate, rel=1e-14)
        assert left[slo,] == pytest.approx(1 - rate, rel=1e-13)  # where 1 - rate cancels a digit


def test_a_service_without_traffic_exports_no_burn_rate(service):
    text = fetch(service[1])
    assert 'slo_events_total{slo="availability"} 0' in text
    assert "slo_burn_rate{" not in text


def test_recording_can_be_switched_off(service):
    def events() -> str:
        return re.search(r'slo_events_total\{slo="latency"\} (\d+)', fetch(service[1]))[1]

    fetch(service[0])
    assert events() == "1"
    assert fetch(service[0] + "recording?on=0") == "off\n"
    fetch(service[0])
    assert events() == "1"
    assert fetch(service[0] + "recording?on=1") == "on\n"
    fetch(service[0])
    assert events() == "2"
