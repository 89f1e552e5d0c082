"""Light open-loop load. Arguments: name of the phase, seconds, requests per second, failures per second."""

import asyncio
import sys

import client

name, seconds, work, fail = sys.argv[1], *map(float, sys.argv[2:])
schedule = sorted([(t, f"/task?stream={name}&index={i}")
                   for i, t in enumerate(client.poisson_times(f"{name}-work", work, seconds))]
                  + [(t, "/fail") for t in client.poisson_times(f"{name}-fail", fail, seconds)])
asyncio.run(client.run(schedule))
