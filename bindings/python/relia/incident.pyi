"""How fast do we notice and repair, how often does it break, and how long were we down?"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from . import duration_estimate, duration_interval, estimate, period

_Time: TypeAlias = np.datetime64 | datetime | str
_Duration: TypeAlias = float | timedelta | np.timedelta64
_Milestone: TypeAlias = Literal["started", "detected", "acknowledged", "mitigated", "resolved"]
_Problem: TypeAlias = Literal[
    "missing_start",
    "missing_end",
    "negative",
    "out_of_order",
    "wrong_year",
    "in_future",
    "zero_duration",
    "open_longest",
    "contradictory",
    "duplicate_id",
]
_MeanMethod: TypeAlias = Literal["automatic", "modified_cox", "student_t"]

class finding:
    @property
    def row(self) -> int: ...
    @property
    def what(self) -> _Problem: ...
    @property
    def at(self) -> _Milestone: ...

class history:
    def __init__(
        self,
        table: Any,
        *,
        as_of: _Time,
        columns: Mapping[str, str] = ...,
        blank_end: Literal["open", "unknown"] = "open",
        exclude: Iterable[_Problem] = ...,
        longest_plausible: _Duration = ...,
    ) -> None: ...
    @property
    def as_of(self) -> np.datetime64: ...
    @property
    def given(self) -> int: ...
    @property
    def kept(self) -> npt.NDArray[np.int64]: ...
    @property
    def excluded(self) -> npt.NDArray[np.int64]: ...
    @property
    def findings(self) -> list[finding]: ...
    def found(self, what: _Problem) -> int: ...
    def __len__(self) -> int: ...
    def _repr_html_(self) -> str: ...

class definition:
    def __init__(
        self,
        from_: _Milestone,
        to: _Milestone,
        *,
        if_missing: Literal["leave_out", "use_next", "use_resolved"] = "leave_out",
        if_open: Literal["censor", "leave_out", "closed_only"] = "censor",
    ) -> None: ...
    @property
    def metric(self) -> str: ...
    @property
    def preset(self) -> str: ...
    @property
    def from_(self) -> _Milestone: ...
    @property
    def to(self) -> _Milestone: ...
    @property
    def if_missing(self) -> Literal["leave_out", "use_next", "use_resolved"]: ...
    @property
    def if_open(self) -> Literal["censor", "leave_out", "closed_only"]: ...

impact: definition
until_resolved: definition
mttd_from_impact: definition
mtta_from_detection: definition
mtta_from_impact: definition
mtta_pagerduty: definition
mtta_opsgenie: definition
mttm_from_impact: definition
mttm_from_detection: definition
mttr_from_impact: definition
mttr_from_detection: definition
mttr_from_acknowledgement: definition
mttr_pagerduty: definition

class left_out:
    @property
    def row(self) -> int: ...
    @property
    def why(
        self,
    ) -> Literal["missing_from", "missing_to", "negative", "unknown_end", "still_open"]: ...
    @property
    def at_most(self) -> float: ...

class durations:
    @property
    def how(self) -> definition: ...
    @property
    def as_of(self) -> np.datetime64: ...
    @property
    def seconds(self) -> npt.NDArray[np.float64]: ...
    @property
    def ended(self) -> npt.NDArray[np.bool_]: ...
    @property
    def rows(self) -> npt.NDArray[np.int64]: ...
    @property
    def left_out(self) -> list[left_out]: ...
    @property
    def substituted(self) -> int: ...
    @property
    def n(self) -> int: ...
    @property
    def n_open(self) -> int: ...
    def __len__(self) -> int: ...

def measure(
    history: history,
    how: definition,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
) -> durations: ...

class united:
    @property
    def covered(self) -> float: ...
    @property
    def sum(self) -> float: ...
    @property
    def most_at_once(self) -> int: ...
    @property
    def episodes(self) -> npt.NDArray[np.datetime64]: ...

def unite(starts: Any, ends: Any, window: period) -> united: ...

class downtime_report:
    @property
    def how(self) -> definition: ...
    @property
    def window(self) -> period: ...
    @property
    def down(self) -> float: ...
    @property
    def sum(self) -> float: ...
    @property
    def overlap(self) -> float: ...
    @property
    def up(self) -> float: ...
    @property
    def unavailability(self) -> float: ...
    @property
    def availability(self) -> float: ...
    @property
    def incidents(self) -> int: ...
    @property
    def n_open(self) -> int: ...
    @property
    def substituted(self) -> int: ...
    @property
    def most_at_once(self) -> int: ...
    @property
    def failures(self) -> int: ...
    @property
    def episodes(self) -> npt.NDArray[np.datetime64]: ...
    @property
    def left_out(self) -> list[left_out]: ...
    @property
    def state(self) -> Literal["ok", "no_data", "unstable"]: ...

def downtime(
    history: history,
    window: period,
    *,
    how: definition = ...,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
) -> downtime_report: ...
def downtime_by_service(
    history: history,
    window: period,
    *,
    how: definition = ...,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
) -> dict[str, downtime_report]: ...
def mtbf(
    failures: int | downtime_report,
    exposure: _Duration | None = None,
    *,
    confidence_level: float = 0.95,
    sides: Literal["both", "lower", "upper"] = "both",
    stopping: Literal["at_time", "at_event"] = "at_time",
) -> duration_estimate: ...
def long_run_unavailability(
    failures: int, uptime: _Duration, downtime: _Duration, *, confidence_level: float = 0.95
) -> estimate: ...

class incident_rate_result:
    @property
    def rate(self) -> estimate: ...
    @property
    def window(self) -> period: ...
    @property
    def per(self) -> float: ...
    @property
    def dispersion(self) -> float: ...
    @property
    def p_value(self) -> float: ...

def incident_rate(
    history: history,
    window: period,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    confidence_level: float = 0.95,
    per: _Duration = ...,
    slice: _Duration = ...,
) -> incident_rate_result: ...

class response_time:
    @property
    def how(self) -> definition: ...
    @property
    def median(self) -> duration_estimate: ...
    @property
    def mean(self) -> duration_estimate: ...
    @property
    def closed_mean(self) -> float: ...
    @property
    def tau(self) -> float: ...
    @property
    def sample(self) -> durations: ...
    @property
    def n(self) -> int: ...
    @property
    def n_open(self) -> int: ...
    def _repr_html_(self) -> str: ...

def time_to(
    history: history,
    how: definition,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> response_time: ...
def mttd(
    history: history,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> response_time: ...
def mtta(
    history: history,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> response_time: ...
def mttm(
    history: history,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> response_time: ...
def mttr(
    history: history,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> response_time: ...
def every_definition(
    history: history,
    *,
    service: str | None = None,
    severity: str | None = None,
    planned: bool | None = False,
    starting_in: period | None = None,
    confidence_level: float = 0.95,
    mean_method: _MeanMethod = "automatic",
    tau: _Duration | None = None,
) -> list[response_time]: ...

class mean_change:
    def __init__(
        self, mean: _Duration, deviation: _Duration, before: int, after: int, reduction: float = 0.0
    ) -> None: ...
    @property
    def expected(self) -> float: ...
    @property
    def standard_error(self) -> float: ...
    def falls_by(self, at_least: _Duration) -> float: ...
    def rises_by(self, at_least: _Duration) -> float: ...
    def range(self, level: float = 0.9) -> duration_interval: ...
