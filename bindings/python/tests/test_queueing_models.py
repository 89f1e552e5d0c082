"""Erlang's formulas, M/M/c and their delays: the C++ tables through Python, arrays, and what is refused."""

import math
import pickle

import numpy as np
import pytest
from tables import close, rows

from relia import queueing as q


def test_erlang_agrees_with_the_tables():
    met = 0
    for row in rows("queueing/erlang.csv"):
        servers, given = int(row["servers"]), float(row["given"])
        if row["kind"] == "slack":
            assert close(q.erlang_c_slack(servers, given), float(row["erlang_c"]))
            continue
        for name in ("log_erlang_b", "erlang_c", "log_erlang_c", "erlang_b"):
            expected = float(row[name])
            if abs(expected) > 2.3e-308 or expected == 0 and name.startswith("log"):
                assert close(getattr(q, name)(servers, given), expected), (name, row)
                met += 1
    assert met > 400


def test_delays_agree_with_the_table():
    for row in rows("queueing/delay.csv"):
        pool = q.mmc(float(row["arrival_rate"]), float(row["service_rate"]), int(row["servers"]))
        at, expected = float(row["at"]), float(row["value"])
        which, _, quantity = row["quantity"].partition("_")
        if which in ("wait", "response") and quantity != "log_survival":
            time = pool.waiting_time if which == "wait" else pool.response_time
            assert close(getattr(time, quantity)(at), expected), row
        elif row["quantity"].endswith("_in_system"):
            assert close(getattr(pool, row["quantity"]), expected), row
        elif "probability" in row["quantity"]:
            assert close(getattr(pool, row["quantity"])(int(at)), expected), row


def test_floats_in_floats_out_arrays_broadcast():
    assert isinstance(q.erlang_b(10, 8.0), float)
    table = q.erlang_c(np.array([[1], [2], [3]]), [0.25, 0.5])
    assert table.shape == (3, 2)
    assert table[0, 1] == 0.5
    pool = q.mmc(4, 1, 5)
    levels = np.array([0.5, 0.9, 0.99, 0.0])[::-1][:-1]  # not contiguous from its base
    assert pool.response_time.quantile(levels).shape == (3,)
    assert pool.response_time.quantile([0.99])[0] == pool.response_time.quantile(0.99)
    assert close(pool.probability_of(range(6)).sum(), 1 - pool.probability_at_least(6), 1e-14)
    pandas = pytest.importorskip("pandas")
    assert q.erlang_b(5, pandas.Series([1.0, 2.0])).shape == (2,)


def test_servers_that_are_not_whole_are_refused():
    with pytest.raises(ValueError, match="servers must be whole numbers, got 2.5"):
        q.erlang_b(2.5, 1.0)
    with pytest.raises(TypeError):
        q.mmc(1, 1, 2.5)
    with pytest.raises(ValueError, match="n must be whole numbers"):
        q.mmc(1, 1, 2).probability_of([0.5])


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="relia::queueing::erlang_b: servers must be from 1 to 1e9, got 0"):
        q.erlang_b([3, 0], 1.0)
    with pytest.raises(ValueError, match="relia::queueing::mmc: arrival_rate must be at least 0 and finite, got nan"):
        q.mmc(math.nan, 1, 2)
    with pytest.raises(ValueError, match="relia::queueing::mm1: service_rate must be positive and finite, got 0"):
        q.mm1(1, 0)


def test_unstable_is_a_state_and_never_a_negative_wait():
    pool = q.mmc(11, 1, 10)
    assert pool.state == "unstable"
    assert pool.waiting_time.mean == math.inf
    assert pool.response_time.quantile([0.01, 0.99]).tolist() == [math.inf, math.inf]
    assert pool.waiting_time.mean_given_wait == math.inf
    assert q.erlang_c(10, 11.0) == 1


def test_one_server():
    one = q.mm1(9, 10)
    assert isinstance(one, q.mmc)
    assert one.servers == 1
    assert one.mean_busy_period == 1
    assert close(one.response_time.pdf(0.0), 1, 1e-15)
    assert close(one.wait_probability, 0.9, 1e-15)


def test_representations_evaluate_back_and_pickle():
    for model in (q.mmc(9, 1, 10), q.mm1(3, 4)):
        assert repr(eval(repr(model), vars(q).copy())) == repr(model)
        copy = pickle.loads(pickle.dumps(model))
        assert type(copy) is type(model)
        assert copy.wait_probability == model.wait_probability
    assert repr(q.mmc(9, 1, 10).response_time).startswith("<response_time mean 1.66873")
