"""Networks, fork-join, fan-out and hedging: the C++ tables through Python, arrays, and what is refused."""

import numpy as np
import pytest
from tables import close, rows

from relia import queueing as q


def numbers(cell):
    return [float(x) for x in cell.split("|")]


def station(text):
    demand, _, speeds = text.partition("@")
    demand, _, servers = demand.partition("x")
    return q.closed_station(float(demand), int(servers or 1), [float(s) for s in speeds.split(";") if s])


def test_closed_networks_agree_with_the_table():
    solved = {}
    for row in rows("queueing/closed_network.csv"):
        if "Bolch" in row["source"]:
            continue
        key = row["stations"], row["think_time"], row["population"]
        if key not in solved:
            stations = [station(s) for s in key[0].split("|")]
            solved[key] = q.solve_closed(stations, float(key[1]), int(key[2]))
        what, expected = row["quantity"], float(row["value"])
        if what.startswith("queue_"):
            assert close(solved[key].queue_lengths[int(what[-1])], expected), row
        else:
            assert close(getattr(solved[key], what), expected), row
    assert len(solved) > 20


def test_classes_agree_with_the_table():
    for row in rows("queueing/closed_classes.csv"):
        demands = [numbers(c) for c in row["demands"].split("/")]
        populations = [int(n) for n in row["populations"].split("|")]
        classes = [q.request_class(*c) for c in zip(populations, numbers(row["think_times"]), demands)]
        s = q.solve_closed_classes(classes, [int(c) for c in row["servers"].split("|")], method=row["method"])
        what, _, at = row["quantity"].rpartition("_")
        actual = {
            "throughput": lambda i: s.classes[i].throughput,
            "response": lambda i: s.classes[i].response_time,
            "queue": lambda i: s.queue_lengths[i],
        }[what](int(at))
        assert close(actual, float(row["value"]), 1e-11 if row["method"] == "schweitzer" else 1e-14), row


def test_open_networks_agree_with_the_table():
    for row in rows("queueing/open_network.csv"):
        rates, servers = numbers(row["service_rates"]), [int(c) for c in row["servers"].split("|")]
        stations = [q.open_station(r, c) for r, c in zip(rates, servers)]
        if row["visits"]:
            n = q.open_network(float(row["arrivals"]), stations, visits=numbers(row["visits"]))
        else:
            routing = np.array(numbers(row["routing"])).reshape(len(rates), -1)
            n = q.open_network(numbers(row["arrivals"]), stations, routing=routing)
        what, _, at = row["quantity"].rpartition("_")
        if row["quantity"] == "mean_response":
            actual = n.mean_response
        elif what == "response":
            actual = n.stations[int(at)].response_time.mean
        else:
            actual = getattr(n.stations[int(at)], what)
        assert close(actual, float(row["value"]), 2e-3 if "Jain" in row["source"] else 1e-13), row


def test_fork_join_agrees_with_the_table():
    for row in rows("queueing/fork_join.csv"):
        method = "nelson_tantawi" if row["method"] == "nelson_tantawi" else "varma"
        e = q.fork_join_response(
            float(row["arrival_rate"]), float(row["service_rate"]), int(row["branches"]), method=method
        )
        assert close(e.interval.upper if row["method"] == "independent" else e.value, float(row["value"]))


def test_bounds_surround():
    stations = [q.closed_station(d) for d in (0.05, 0.08, 0.02)]
    x = q.solve_closed(stations, 10, 100).throughput
    for method in ("asymptotic", "balanced_job", "geometric"):
        b = q.throughput_bounds(stations, 10, 100, method=method)
        assert b.throughput_lower <= x <= b.throughput_upper
    assert close(q.saturation_population(stations, 10), 126.875)
    assert close(q.queue_distribution(stations, 10, 100, 1).sum(), 1)


def test_fan_out_and_hedging():
    service = q.mm1(0, 1).response_time
    h = q.hedged(service, service.survival_quantile(0.05))
    assert close(h.quantile(0.99), 3.800451229771041180735603)
    assert close(h.mean, 0.975)
    assert close(h.extra_load, 0.05)
    assert h.survival(np.array([[1.0], [5.0]])).shape == (2, 1)
    assert close(q.hedged(q.latency_sample([1, 2, 3, 10]), 3).mean, 3.0625)
    assert close(q.slow_fraction(0.001, 10), 0.00995511979025179011995501)
    assert q.leaf_slow_fraction([0.01, 0.1], 100, 95).shape == (2,)
    assert close(q.order_statistic_mean(100, 95), 2.904044184306286927471784)
    f = q.fan_out(h, 100)
    assert close(f.survival(f.quantile(0.99)), 0.01, 1e-12)
    assert close(q.tied_requests(0.5, 1).mean, np.log(4 / 3) * 4)
    r = q.hedge_replicas(0.3, 1, 1, 5)
    assert r.state == "ok" and close(r.attempt_rate, 0.30949990700569801979)
    assert r.response.quantile(0.99) < q.mm1(0.3, 1).response_time.quantile(0.99)
    assert q.hedge_replicas(0.6, 1, 1, 5).state == "unstable"
    # A copy of everything pays up to a third of the capacity of single servers.
    assert abs(q.hedging_break_even(1, 1, 0, 0.01) * 3 - 1) < 1e-6
    with pytest.raises(ValueError, match="hedging_break_even: probability must be a fraction"):
        q.hedging_break_even(1, 1, 0, 0)
    assert "p99" in repr(f) and "throughput" in repr(q.solve_closed([q.closed_station(1)], 1, 2))


def test_errors():
    with pytest.raises(ValueError, match="population must be from 1 to 1e7, got 0"):
        q.solve_closed([q.closed_station(1)], 1, 0)
    with pytest.raises(ValueError, match="either routing or visits"):
        q.open_network([1], [q.open_station(1)])
    with pytest.raises(ValueError, match="geometric"):
        q.throughput_bounds([q.closed_station(1)], 1, 2, method="best")
    with pytest.raises(TypeError, match="survival"):
        q.hedged(3, 1)
