from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Literal, Protocol, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import estimate, period
from .aggregate import bounded, counts
from .stats import clustered_proportion_result

_Length = timedelta | np.timedelta64 | float
_Excess = Literal["refuse", "clamp"]
_NoTraffic = Literal["good", "bad", "ignore"]
_Sides = Literal["both", "lower", "upper"]
_Proportion = Literal["wilson", "clopper_pearson", "jeffreys"]
_Clusters = Literal["joined_clusters", "cluster_robust", "quasi_binomial", "linearised", "circular_blocks"]
_Preset = Literal["prometheus_3", "prometheus_2"]
_Edges = Literal["extrapolated", "anchored", "smoothed"]

class _LatencyShape(Protocol):
    @property
    def count(self) -> int: ...
    @property
    def nans(self) -> int: ...
    def at_most(self, x: float, /) -> bounded: ...

_Shape = _LatencyShape | ArrayLike

class event_counts:
    def __init__(self, counts: counts, excess: int = 0) -> None: ...
    @property
    def counts(self) -> counts: ...
    @property
    def excess(self) -> int: ...

def events(
    good: int | None = None, bad: int | None = None, valid: int | None = None, *, excess: _Excess = "refuse"
) -> event_counts: ...
@overload
def bad_fraction(
    events: event_counts | counts,
    *,
    confidence_level: float = 0.95,
    method: _Proportion = "wilson",
    sides: _Sides = "both",
) -> estimate: ...
@overload
def bad_fraction(
    events: bounded_counts,
    *,
    confidence_level: float = 0.95,
    method: _Proportion = "wilson",
    sides: _Sides = "both",
) -> estimate: ...
@overload
def bad_fraction(time: watched_time, *, unknown: _NoTraffic = "ignore") -> bounded: ...
@overload
def attainment(
    events: event_counts | counts,
    *,
    confidence_level: float = 0.95,
    method: _Proportion = "wilson",
    sides: _Sides = "both",
) -> estimate: ...
@overload
def attainment(
    events: bounded_counts,
    *,
    confidence_level: float = 0.95,
    method: _Proportion = "wilson",
    sides: _Sides = "both",
) -> estimate: ...

class event_series:
    def __init__(self, times: Any, good: ArrayLike, bad: ArrayLike, *, start: Any = None) -> None: ...
    @property
    def times(self) -> NDArray[np.datetime64]: ...
    @property
    def start(self) -> np.datetime64: ...
    def total(self) -> counts: ...
    def between(self, after: Any, until: Any) -> counts: ...
    def __len__(self) -> int: ...

class time_slice_result:
    @property
    def slices(self) -> counts: ...
    @property
    def empty(self) -> int: ...
    @property
    def bad_fraction(self) -> float: ...
    @property
    def mean_bad_fraction(self) -> float: ...
    @property
    def weighted_bad_fraction(self) -> float: ...
    @property
    def no_traffic(self) -> str: ...
    @property
    def state(self) -> str: ...

def cut(events: event_series, of: period, length: _Length) -> tuple[NDArray[np.int64], NDArray[np.int64]]: ...
def judge(
    good: ArrayLike, bad: ArrayLike, *, threshold: float = 0.95, no_traffic: _NoTraffic = "ignore"
) -> NDArray[np.str_]: ...
def bad_if_any(a: Sequence[str] | NDArray[np.str_], b: Sequence[str] | NDArray[np.str_]) -> NDArray[np.str_]: ...
def tally(judged: Sequence[str] | NDArray[np.str_]) -> counts: ...
def time_slices(
    good: ArrayLike, bad: ArrayLike, *, threshold: float = 0.95, no_traffic: _NoTraffic = "ignore"
) -> time_slice_result: ...

class counter_answer:
    @property
    def value(self) -> Any: ...
    @property
    def state(self) -> Any: ...
    @property
    def samples(self) -> Any: ...
    @property
    def resets(self) -> Any: ...
    @property
    def preset(self) -> str: ...
    @property
    def edges(self) -> str: ...

class counter:
    def __init__(self, times: Any, values: ArrayLike, starts: Any = None) -> None: ...
    @property
    def times(self) -> NDArray[np.datetime64]: ...
    @property
    def values(self) -> NDArray[np.float64]: ...
    def __len__(self) -> int: ...
    def increase(
        self,
        at: Any,
        window: _Length,
        *,
        preset: _Preset = "prometheus_3",
        edges: _Edges = "extrapolated",
        lookback: _Length = 300.0,
    ) -> counter_answer: ...
    def rate(
        self,
        at: Any,
        window: _Length,
        *,
        preset: _Preset = "prometheus_3",
        edges: _Edges = "extrapolated",
        lookback: _Length = 300.0,
    ) -> counter_answer: ...
    def irate(
        self,
        at: Any,
        window: _Length,
        *,
        preset: _Preset = "prometheus_3",
        edges: _Edges = "extrapolated",
        lookback: _Length = 300.0,
    ) -> counter_answer: ...
    def resets(
        self,
        at: Any,
        window: _Length,
        *,
        preset: _Preset = "prometheus_3",
        edges: _Edges = "extrapolated",
        lookback: _Length = 300.0,
    ) -> counter_answer: ...
    def changes(
        self,
        at: Any,
        window: _Length,
        *,
        preset: _Preset = "prometheus_3",
        edges: _Edges = "extrapolated",
        lookback: _Length = 300.0,
    ) -> counter_answer: ...

class counter_events:
    @property
    def events(self) -> event_series: ...
    @property
    def resets(self) -> int: ...
    @property
    def born(self) -> int: ...
    @property
    def unpaired(self) -> int: ...
    @property
    def excess(self) -> int: ...

@overload
def events_of(good: Sequence[counter], bad: Sequence[counter]) -> counter_events: ...
@overload
def events_of(
    partial: counter, valid: counter, which: Literal["good", "bad"], *, excess: _Excess = "refuse"
) -> counter_events: ...

# latencies, missing events and clusters

class bounded_counts:
    def __init__(self, fewest_good: counts, most_good: counts, quoted: counts) -> None: ...
    @property
    def fewest_good(self) -> counts: ...
    @property
    def most_good(self) -> counts: ...
    @property
    def quoted(self) -> counts: ...
    @property
    def exact(self) -> bool: ...
    @property
    def doubtful(self) -> int: ...

def with_missing(seen: counts, missing: int) -> bounded_counts: ...
def events_within(shape: _Shape, threshold: float) -> bounded_counts: ...
@overload
def clustered_bad_fraction(
    good: ArrayLike,
    bad: ArrayLike,
    *,
    confidence_level: float = 0.95,
    method: _Clusters = "joined_clusters",
    sides: _Sides = "both",
    block_length: int = 0,
    seed: int = 0,
    resamples: int = 10_000,
) -> clustered_proportion_result: ...
@overload
def clustered_bad_fraction(
    rows: Sequence[bounded_counts],
    *,
    confidence_level: float = 0.95,
    method: _Clusters = "joined_clusters",
    sides: _Sides = "both",
    block_length: int = 0,
    seed: int = 0,
    resamples: int = 10_000,
) -> clustered_proportion_result: ...

# kinds

class apdex_counts:
    def __init__(self, satisfied: int = 0, tolerating: int = 0, frustrated: int = 0) -> None: ...
    @property
    def satisfied(self) -> int: ...
    @property
    def tolerating(self) -> int: ...
    @property
    def frustrated(self) -> int: ...

@overload
def apdex(counts: apdex_counts, *, confidence_level: float = 0.95, sides: _Sides = "both") -> estimate: ...
@overload
def apdex(
    shape: _Shape, target: float, errors: int = 0, *, confidence_level: float = 0.95, sides: _Sides = "both"
) -> estimate: ...

class watched_time:
    def __init__(
        self,
        good: _Length = 0,
        bad: _Length = 0,
        unknown: _Length = 0,
        good_doubtful: _Length = 0,
        bad_doubtful: _Length = 0,
    ) -> None: ...
    @property
    def good(self) -> float: ...
    @property
    def bad(self) -> float: ...
    @property
    def unknown(self) -> float: ...
    @property
    def good_doubtful(self) -> float: ...
    @property
    def bad_doubtful(self) -> float: ...
    @property
    def length(self) -> float: ...

class probe_result:
    @property
    def time(self) -> watched_time: ...
    @property
    def samples(self) -> int: ...
    @property
    def gaps(self) -> int: ...
    @property
    def changes(self) -> int: ...

def probe(times: Any, up: ArrayLike, of: period, holds: _Length) -> probe_result: ...

class freshness_result:
    @property
    def time(self) -> watched_time: ...
    @property
    def mean_age(self) -> float: ...
    @property
    def oldest(self) -> float: ...

def freshness(published: Any, data_times: Any, of: period, limit: _Length) -> freshness_result: ...
def judge_throughput(
    work: ArrayLike, length: _Length, floor_per_second: float, *, missing: _NoTraffic = "ignore"
) -> NDArray[np.str_]: ...

class quantile_objective_result:
    @property
    def judged(self) -> NDArray[np.str_]: ...
    @property
    def slices(self) -> bounded_counts: ...
    @property
    def undecided(self) -> int: ...
    @property
    def short_of_data(self) -> int: ...

def quantile_objective(
    slices: Iterable[_Shape], level: float, limit: float, *, fewest: int = 0, not_enough: _NoTraffic = "ignore"
) -> quantile_objective_result: ...
def wrong_of_outputs(
    wrong: int, checked: int, produced: int, *, confidence_level: float = 0.95, sides: _Sides = "both"
) -> estimate: ...
def wrong_of_process(
    wrong: int, checked: int, *, confidence_level: float = 0.95, method: _Proportion = "wilson", sides: _Sides = "both"
) -> estimate: ...
def annual_loss(
    lost: int,
    objects: int,
    watched: _Length,
    *,
    confidence_level: float = 0.95,
    method: Literal["garwood", "clopper_pearson"] = "garwood",
    sides: _Sides = "both",
) -> estimate: ...
@overload
def object_years_needed(loss: float, lost: int = 0, confidence_level: float = 0.95) -> float: ...
@overload
def object_years_needed(
    loss: Sequence[float] | NDArray[np.float64], lost: ArrayLike = 0, confidence_level: ArrayLike = 0.95
) -> NDArray[np.float64]: ...
@overload
def nines(loss: float) -> float: ...
@overload
def nines(loss: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]: ...
