"""Prometheus exporter: tails the access log from where it ends now, so that a restart resets the counters."""

import http.server
import os
import sys

from settings import EXPORTER_PORT, HOST

LIMITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]


class Tail:
    def __init__(self, path):
        self.log = open(path, "rb")
        self.log.seek(0, os.SEEK_END)
        self.rest = b""
        self.requests = {"200": 0, "500": 0}
        self.buckets = [0] * len(LIMITS)
        self.seconds = 0.0

    def read(self):
        *lines, self.rest = (self.rest + self.log.read()).split(b"\n")
        for line in lines:
            code, _, seconds = line.decode().rsplit(" ", 3)[1:]
            self.requests[code] = self.requests.get(code, 0) + 1
            self.seconds += float(seconds)
            for i, limit in enumerate(LIMITS):
                self.buckets[i] += float(seconds) <= limit

    def text(self):
        self.read()
        count = sum(self.requests.values())
        yield "# TYPE http_requests_total counter"
        for code, n in self.requests.items():
            yield f'http_requests_total{{code="{code}"}} {n}'
        yield "# TYPE http_request_duration_seconds histogram"
        for limit, n in zip(LIMITS, self.buckets):
            yield f'http_request_duration_seconds_bucket{{le="{limit}"}} {n}'
        yield f'http_request_duration_seconds_bucket{{le="+Inf"}} {count}'
        yield f"http_request_duration_seconds_sum {self.seconds:.3f}"
        yield f"http_request_duration_seconds_count {count}"
        yield "# TYPE log_bytes gauge"
        yield f"log_bytes {os.fstat(self.log.fileno()).st_size}"


def main():
    tail = Tail(sys.argv[1])

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = ("\n".join(tail.text()) + "\n").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    http.server.HTTPServer((HOST, EXPORTER_PORT), Handler).serve_forever()


main()
