"""Starts the servers, drives all phases, saves the data, stops the servers. Argument: output directory."""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import signal
import string
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import settings as s

HERE = pathlib.Path(__file__).parent
OUT = pathlib.Path(sys.argv[1])


def utc():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fill(template, target, **fields):
    target.write_text(string.Template((HERE / template).read_text()).substitute(host=s.HOST, **fields))


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def script(name, *arguments):
    return [sys.executable, str(HERE / name), *map(str, arguments)]


def run(name, *arguments):
    print(utc(), name, *arguments, flush=True)
    subprocess.run(script(name, *arguments), check=True)


def wait_for(port, path):
    for _ in range(100):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            return urllib.request.urlopen(f"http://{s.HOST}:{port}{path}", timeout=2).close()
        time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port}")


def version(*command):
    out = subprocess.run(command, capture_output=True, text=True)
    return re.search(r"\d+\.\d+(\.\d+)?", out.stdout + out.stderr)[0]


def main():
    moments = {}
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="web_pool.")))
        errors = stack.enter_context(open(directory / "errors.log", "w"))

        def start(command):
            process = subprocess.Popen(command, cwd=HERE, stdout=errors, stderr=errors)
            stack.callback(stop, process)
            return process

        fill("nginx.conf.in", directory / "nginx.conf", directory=directory, nginx_port=s.NGINX_PORT, pool_port=s.POOL_PORT)
        fill("prometheus.yml.in", directory / "prometheus.yml", scrape_seconds=s.SCRAPE_SECONDS, exporter_port=s.EXPORTER_PORT)
        log = directory / "access.log"
        start(["gunicorn", f"--workers={s.WORKERS}", "--worker-class=sync", "--backlog=4096", "--timeout=120",
               f"--bind={s.HOST}:{s.POOL_PORT}", "app:app"])
        start(["nginx", "-c", directory / "nginx.conf", "-e", directory / "nginx_error.log"])
        wait_for(s.POOL_PORT, "/task?stream=probe&index=0")
        wait_for(s.NGINX_PORT, "/task?stream=probe&index=0")
        exporter = start(script("exporter.py", log))
        wait_for(s.EXPORTER_PORT, "/metrics")
        start(["prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/tsdb",
               f"--web.listen-address={s.HOST}:{s.PROMETHEUS_PORT}", "--log.level=warn"])
        wait_for(s.PROMETHEUS_PORT, "/-/ready")
        start(script("log_size.py", log, OUT / "log_bytes.csv"))

        moments["started"] = utc()
        fails = start(script("light_load.py", "load-test", 3600, 0, s.LOAD_TEST_FAILS_PER_SECOND))
        run("closed_loop.py", OUT / "closed_loop.csv")
        moments["closed_loop_ended"] = utc()
        run("open_loop.py", OUT / "open_loop.csv", OUT / "open_loop_requests.csv", directory / "lag.json")
        moments["open_loop_ended"] = utc()
        stop(fails)

        def light(name, seconds, share):
            total = s.LIGHT_PER_SECOND
            run("light_load.py", name, seconds, total * (1 - share), total * share)

        light("light-1", s.BEFORE_RESTART_SECONDS, s.NORMAL_FAIL_SHARE)
        moments["exporter_stopped"] = utc()
        stop(exporter)
        light("light-2", s.EXPORTER_DOWN_SECONDS, s.NORMAL_FAIL_SHARE)
        exporter = start(script("exporter.py", log))
        moments["exporter_started"] = utc()
        light("light-3", s.BEFORE_INCIDENT_SECONDS, s.NORMAL_FAIL_SHARE)
        moments["incident_started"] = utc()
        light("incident", s.INCIDENT_SECONDS, s.INCIDENT_FAIL_SHARE)
        moments["incident_ended"] = utc()
        light("light-4", s.AFTER_INCIDENT_SECONDS, s.NORMAL_FAIL_SHARE)
        moments["ended"] = utc()

        stop(exporter)  # no sample may arrive between two answers
        time.sleep(2 * s.SCRAPE_SECONDS)
        run("save_prometheus.py", OUT)
        lag = json.loads((directory / "lag.json").read_text())
        errors.flush()
        print((directory / "errors.log").read_text()[-2000:], (directory / "nginx_error.log").read_text()[-2000:])

    (OUT / "recording.json").write_text(json.dumps({
        "moments_utc": moments,
        "machine": {"kernel": platform.release(), "architecture": platform.machine(), "processors": os.cpu_count()},
        "versions": {"nginx": version("nginx", "-v"), "gunicorn": version("gunicorn", "--version"),
                     "wrk": version("wrk", "-v"), "prometheus": version("prometheus", "--version"),
                     "python_client": platform.python_version(),
                     "python_pool": version("/usr/bin/python3", "--version")},
        "open_loop_send_lag_seconds": lag,
        "parameters": {k.lower(): v for k, v in vars(s).items() if k.isupper() and k != "QUICK"},
    }, indent=2) + "\n")


main()
