from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import estimate, period
from .aggregate import counts

_Length = timedelta | np.timedelta64 | float
_Excess = Literal["refuse", "clamp"]
_NoTraffic = Literal["good", "bad", "ignore"]
_Preset = Literal["prometheus_3", "prometheus_2"]
_Edges = Literal["extrapolated", "anchored", "smoothed"]

class event_counts:
    def __init__(self, counts: counts, excess: int = 0) -> None: ...
    @property
    def counts(self) -> counts: ...
    @property
    def excess(self) -> int: ...

def events(
    good: int | None = None, bad: int | None = None, valid: int | None = None, *, excess: _Excess = "refuse"
) -> event_counts: ...
def bad_fraction(
    events: event_counts | counts,
    *,
    confidence_level: float = 0.95,
    method: Literal["wilson", "clopper_pearson", "jeffreys"] = "wilson",
    sides: Literal["both", "lower", "upper"] = "both",
) -> estimate: ...
def attainment(
    events: event_counts | counts,
    *,
    confidence_level: float = 0.95,
    method: Literal["wilson", "clopper_pearson", "jeffreys"] = "wilson",
    sides: Literal["both", "lower", "upper"] = "both",
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
