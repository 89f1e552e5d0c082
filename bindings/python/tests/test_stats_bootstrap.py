"""The bootstrap answers as in C++, for relia's statistics and for any function."""

import itertools

import numpy as np
import pytest
from tables import rows

from relia import stats


def data(name):
    return [float(row["value"]) for row in rows("stats/bootstrap_rows.csv") if row["dataset"] == name]


def test_intervals_on_all_resamples_of_five_rows():
    # Full enumeration with numpy, as in the C++ test.
    rows = [12, 31, 47, 95, 480]
    replicates = [sum(r) / 5 for r in itertools.product(rows, repeat=5)]
    acceleration = stats.jackknife_acceleration(rows, stats.sample_mean)
    assert acceleration == pytest.approx(0.10520830428225296, rel=1e-15, abs=0)
    assert stats.bias_correction(replicates, 133) == pytest.approx(0.09761249791744803, rel=1e-15, abs=0)
    percentile = stats.percentile_interval(replicates)
    assert (percentile.lower, percentile.upper) == (26.6, 309.4)
    bca = stats.bca_interval(133, replicates, acceleration)
    assert (bca.lower, bca.upper) == (35.6, 393.4)


def test_a_python_function_draws_the_same_resamples():
    rows = data("aircondit")
    own = stats.bootstrap(rows, stats.sample_median, seed=3, resamples=300)
    theirs = stats.bootstrap(rows, np.median, seed=3, resamples=300)
    assert own.value == theirs.value
    assert own.interval == theirs.interval
    assert own.method == "bca"
    replicates = stats.bootstrap_replicates(rows, lambda x: float(x.max()), seed=3, resamples=50)
    assert replicates.shape == (50,)
    assert set(replicates) <= set(rows)


def test_seed_names_the_draw():
    rows = data("aircondit")
    first = stats.bootstrap(rows, stats.sample_mean)
    assert stats.bootstrap(rows, stats.sample_mean).interval == first.interval
    assert stats.bootstrap(rows, stats.sample_mean, seed=1).interval != first.interval


def test_blocks():
    rows = np.sin(np.arange(200) / 10)
    answer = stats.block_bootstrap(rows, stats.sample_mean, resamples=200)
    assert answer.method == "circular_blocks"
    assert answer.notes[0] == f"blocks of {stats.automatic_block_length(rows)} rows"
    single = stats.block_bootstrap(rows, stats.sample_mean, block_length=1, seed=5)
    assert single.interval == stats.bootstrap(rows, stats.sample_mean, method="percentile", seed=5).interval


def test_pandas_and_strided_arrays():
    pandas = pytest.importorskip("pandas")
    rows = np.arange(40.0)[::2]
    expected = stats.bootstrap(list(rows), stats.sample_mean).interval
    assert stats.bootstrap(rows, stats.sample_mean).interval == expected
    assert stats.bootstrap(pandas.Series(rows), stats.sample_mean).interval == expected


def test_no_rows_and_equal_rows():
    assert stats.bootstrap([], stats.sample_mean).state == "no_data"
    flat = stats.bootstrap([2.0, 2.0, 2.0], stats.sample_mean)
    assert (flat.interval.lower, flat.interval.upper) == (2, 2)
    assert flat.notes == ["every resample gives the same value: the interval does not show how sure it is"]


def test_refusals_name_the_argument():
    with pytest.raises(ValueError, match="values must be finite, got nan"):
        stats.bootstrap([1, float("nan")], stats.sample_mean)
    with pytest.raises(ValueError, match='method must be one of bca, percentile, got "basic"'):
        stats.bootstrap([1, 2], stats.sample_mean, method="basic")
    with pytest.raises(ValueError, match="statistic must be a function of an array"):
        stats.bootstrap([1, 2], 3)
    with pytest.raises(ValueError, match="block_length must be 0"):
        stats.block_bootstrap([1, 2], stats.sample_mean, block_length=3)
    with pytest.raises(ValueError, match="values must be at least one row"):
        stats.sample_mean([])
    with pytest.raises(ZeroDivisionError):  # what the function raises comes through
        stats.bootstrap([1, 2], lambda x: 1 / 0)
