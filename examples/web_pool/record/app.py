"""The service: every request sleeps for an exponential time that its stream and index determine."""

import hashlib
import math
import time
from urllib.parse import parse_qs

from settings import MEAN_SERVICE_SECONDS, SEED


def planned_seconds(stream, index):
    digest = hashlib.blake2b(f"{SEED}/{stream}/{index}".encode(), digest_size=8).digest()
    uniform = (int.from_bytes(digest, "big") + 0.5) / 2**64
    return -MEAN_SERVICE_SECONDS * math.log(uniform)


def app(environ, start_response):
    began = time.perf_counter()
    query = parse_qs(environ["QUERY_STRING"])
    time.sleep(planned_seconds(query["stream"][0], query["index"][0]))
    spent = time.perf_counter() - began
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "3"),
                              ("X-Service-Seconds", f"{spent:.6f}")])
    return [b"ok\n"]
