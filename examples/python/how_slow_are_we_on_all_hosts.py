# SPDX-License-Identifier: BSL-1.0
# How slow are we, on all hosts together?
import numpy as np

from relia.aggregate import latency_histogram

# The objective's threshold, counted exactly beside the buckets.
objective_seconds = 0.4

hosts = 3
requests_per_host = 100_000


def serve(host: int) -> latency_histogram:
    """What a host records: here a whole array at once. The last host is the slowest."""
    recorded = latency_histogram([objective_seconds])
    rank = (np.arange(requests_per_host) + 0.5) / requests_per_host
    recorded.record(0.01 * (1 + host) / (1.02 - rank))
    return recorded


sent = [serve(host).to_bytes() for host in range(hosts)]  # each host sends bytes
merged = latency_histogram.merge_all(sent)

print(f"{merged.count} requests from {len(sent)} hosts, {sum(map(len, sent))} bytes in all.")
for level, q in zip([0.5, 0.99, 0.999], merged.quantile([0.5, 0.99, 0.999]), strict=True):
    print(
        f"p{100 * level:<4g} is {1e3 * q.value:.1f} ms, certainly between {1e3 * q.lower:.1f} and {1e3 * q.upper:.1f}."
    )
fast = merged.fraction_at_most(objective_seconds)
print(f"{100 * fast.value:.4f} % took at most 400 ms{', exactly' if fast.exact else ''}.")
print(f"The mean is {1e3 * merged.sum / merged.count:.3f} ms.")
