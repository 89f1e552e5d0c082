"""Open-loop HTTP client: sends at the intended times, however many requests are under way."""

import asyncio
import random
import threading
import time

from settings import HOST, NGINX_PORT, SEED


def poisson_times(name, per_second, until):
    draws = random.Random(f"{SEED}/arrivals/{name}")
    t = 0.0
    while per_second > 0 and (t := t + draws.expovariate(per_second)) < until:
        yield t


class Client:
    def __init__(self):
        self.idle = []

    async def connect(self):
        return await asyncio.open_connection(HOST, NGINX_PORT)

    async def open_idle(self, count):
        self.idle += [await self.connect() for _ in range(count)]

    async def get(self, path):
        """Status and the service time that the server reports (nan if it reports none)."""
        reader, writer = self.idle.pop() if self.idle else await self.connect()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if line)
        await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection") == "close":
            writer.close()
        else:
            self.idle.append((reader, writer))
        return int(head[0].split()[1]), float(fields.get("x-service-seconds", "nan"))

    def close(self):
        for _, writer in self.idle:
            writer.close()


async def run(schedule):
    """Sends each (intended, path) of the sorted schedule on time.

    Returns one (intended, send lag, latency, service, status) per request; the latency counts from the
    intended time. Status 0: no answer.
    """
    client = Client()
    await client.open_idle(32)
    loop = asyncio.get_running_loop()
    tasks = []
    results = []

    async def send(path, intended, origin):
        lag = time.perf_counter() - origin - intended
        try:
            status, service = await client.get(path)
        except (OSError, asyncio.IncompleteReadError):
            status, service = 0, float("nan")
        results.append((intended, lag, time.perf_counter() - origin - intended, service, status))

    def pace():  # a thread, because the event loop's own timers are a millisecond coarse
        origin = time.perf_counter() + 0.05
        for intended, path in schedule:
            time.sleep(max(0.0, origin + intended - time.perf_counter()))
            loop.call_soon_threadsafe(lambda *a: tasks.append(loop.create_task(send(*a))), path, intended, origin)

    pacer = threading.Thread(target=pace, daemon=True)
    pacer.start()
    await asyncio.to_thread(pacer.join)
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    client.close()
    return sorted(results)
