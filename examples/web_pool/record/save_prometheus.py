"""Saves what Prometheus stored, and what PromQL answers about it. Argument: output directory."""

import json
import pathlib
import sys
import time
import urllib.parse
import urllib.request

from settings import EXPORTER_DOWN_SECONDS, HOST, PROMETHEUS_PORT

OUT = pathlib.Path(sys.argv[1])
ALL = "[20m]"
CODES = ["200", "500"]


def ask(endpoint, **parameters):
    url = f"http://{HOST}:{PROMETHEUS_PORT}/api/v1/{endpoint}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def save(name, response):
    (OUT / name).write_text(json.dumps(response, separators=(",", ":")) + "\n")


def evaluation_times(stamps, values):
    """Milliseconds: on, beside and between samples, at both ends, across the reset, in and after the incident."""
    grid = [round(1000 * t) for t in stamps]
    after_reset = next(i for i in range(1, len(values)) if values[i] < values[i - 1])
    middle = grid[len(grid) // 3]
    incident, late = (grid[after_reset + k * (len(grid) - after_reset) // 8] for k in (2, 3))
    first, last, before, after = grid[0], grid[-1], grid[after_reset - 1], grid[after_reset]
    return [first, first + 2000, first + 3001, first + 12345,
            middle - 1, middle, middle + 1, middle + 777,
            before, before + 500 * EXPORTER_DOWN_SECONDS, after, after + 1, after + 2000, after + 9500, after + 45000,
            incident, incident + 1500, late, late + 1234, last, last + 4321, last + 40000]


def queries():
    for code in CODES:
        for function in ["increase", "rate", "irate", "resets", "changes"]:
            for window in ["10s", "30s", "1m", "5m"]:
                yield f'{function}(http_requests_total{{code="{code}"}}[{window}])'
    for p in ["0.5", "0.9", "0.99"]:
        yield f"histogram_quantile({p}, rate(http_request_duration_seconds_bucket[1m]))"
    yield "deriv(log_bytes[5m])"
    yield "predict_linear(log_bytes[5m], 3600)"


def answers(times):
    for ms in times:
        at = f"{ms // 1000}.{ms % 1000:03d}"
        for query in queries():
            result = ask("query", query=query, time=at)["data"]["result"]
            found = result[0] if result else {"metric": {}, "value": [None, None]}
            assert len(result) <= 1
            value = found["value"][1]
            yield {"query": query, "time": float(at), "labels": found["metric"],
                   "value": value if value in (None, "NaN") else float(value)}


now = f"{time.time():.3f}"
raw = ask("query", query=f"http_requests_total{ALL}", time=now)
save("prometheus_raw.json", raw)
save("prometheus_latency.json", ask("query", query=f'{{__name__=~"http_request_duration_seconds_.*"}}{ALL}', time=now))
save("prometheus_log_bytes.json", ask("query", query=f"log_bytes{ALL}", time=now))

series = next(s["values"] for s in raw["data"]["result"] if s["metric"]["code"] == "200")
stamps, values = [t for t, _ in series], [float(v) for _, v in series]
save("prometheus_requests.json", ask("query_range", query="http_requests_total", step="2s",
                                     start=int(stamps[0]), end=int(stamps[-1]) + 2))
rows = ",\n".join(json.dumps(row, allow_nan=False) for row in answers(evaluation_times(stamps, values)))
(OUT / "promql_answers.json").write_text(f"[\n{rows}\n]\n")
