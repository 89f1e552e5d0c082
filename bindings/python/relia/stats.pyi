"""Intervals, tests, resampling and survival: statistics that know no SRE word."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import estimate, interval

_Sides = Literal["both", "lower", "upper"]
_Clusters = Literal["joined_clusters", "cluster_robust", "quasi_binomial", "linearised", "circular_blocks"]
_Statistic = Callable[[NDArray[np.float64]], float]
_Limits = Literal["log_log", "log", "plain", "logit", "arcsine"]

# intervals

class quasi_poisson_result:
    @property
    def rate(self) -> estimate: ...
    @property
    def dispersion(self) -> float: ...
    @property
    def p_value(self) -> float: ...

def proportion(
    successes: int,
    trials: int,
    *,
    confidence_level: float = 0.95,
    method: Literal["wilson", "clopper_pearson", "jeffreys"] = "wilson",
    sides: _Sides = "both",
) -> estimate: ...
def proportion_difference(
    successes1: int,
    trials1: int,
    successes2: int,
    trials2: int,
    *,
    confidence_level: float = 0.95,
    sides: _Sides = "both",
) -> estimate: ...
class clustered_proportion_result:
    @property
    def proportion(self) -> estimate: ...
    @property
    def dispersion(self) -> float: ...
    @property
    def design_effect(self) -> float: ...
    @property
    def effective_trials(self) -> float: ...
    @property
    def clusters(self) -> int: ...
    @property
    def block_length(self) -> int: ...

def clustered_proportion(
    successes: ArrayLike,
    trials: ArrayLike,
    *,
    confidence_level: float = 0.95,
    method: _Clusters = "joined_clusters",
    sides: _Sides = "both",
    block_length: int = 0,
    seed: int = 0,
    resamples: int = 10_000,
) -> clustered_proportion_result: ...
def ratio_of_totals(
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    confidence_level: float = 0.95,
    method: Literal["jackknife", "linearised"] = "jackknife",
    sides: _Sides = "both",
) -> estimate: ...
def finite_proportion(
    successes: int, trials: int, population: int, *, confidence_level: float = 0.95, sides: _Sides = "both"
) -> estimate: ...
def rate(
    events: int,
    exposure: float,
    *,
    confidence_level: float = 0.95,
    sides: _Sides = "both",
    stopping: Literal["at_time", "at_event"] = "at_time",
) -> estimate: ...
def quasi_poisson_rate(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    confidence_level: float = 0.95,
    method: Literal["quasi_poisson", "quasi_poisson_normal"] = "quasi_poisson",
    sides: _Sides = "both",
) -> quasi_poisson_result: ...
def rate_ratio(
    events1: int,
    exposure1: float,
    events2: int,
    exposure2: float,
    *,
    confidence_level: float = 0.95,
    sides: _Sides = "both",
) -> estimate: ...
def rate_ratio_p_value(
    events1: ArrayLike, exposure1: ArrayLike, events2: ArrayLike, exposure2: ArrayLike
) -> Any: ...
def quantile(values: ArrayLike, level: ArrayLike) -> Any: ...
def sorted_quantile(sorted: ArrayLike, level: ArrayLike) -> Any: ...
def quantile_interval(
    values: ArrayLike, level: float, *, confidence_level: float = 0.95, sides: _Sides = "both"
) -> estimate: ...
def mean(
    values: ArrayLike,
    *,
    confidence_level: float = 0.95,
    method: Literal["student_t", "modified_cox"] = "student_t",
    sides: _Sides = "both",
) -> estimate: ...
def geometric_mean(
    values: ArrayLike, *, confidence_level: float = 0.95, sides: _Sides = "both"
) -> estimate: ...

# resampling and survival

def philox4x32(counter: Sequence[int], key: Sequence[int]) -> list[int]: ...

class random_stream:
    def __init__(self, seed: int, stream: int = 0) -> None: ...
    @property
    def seed(self) -> int: ...
    @property
    def stream(self) -> int: ...
    def bits(self, index: Any) -> Any: ...
    def fill(self, first: int, size: int) -> NDArray[np.uint64]: ...
    def uniform(self, index: Any) -> Any: ...
    def below(self, index: Any, n: int) -> Any: ...
    def normal(self, index: Any) -> Any: ...
    def exponential(self, index: Any) -> Any: ...

def sample_mean(values: ArrayLike) -> float: ...
def sample_median(values: ArrayLike) -> float: ...
def bootstrap(
    values: ArrayLike,
    statistic: _Statistic,
    *,
    seed: int = 0,
    resamples: int = 10000,
    confidence_level: float = 0.95,
    method: Literal["bca", "percentile"] = "bca",
) -> estimate: ...
def bootstrap_replicates(
    values: ArrayLike, statistic: _Statistic, *, seed: int = 0, resamples: int = 10000
) -> NDArray[np.float64]: ...
def bias_correction(replicates: ArrayLike, value: float) -> float: ...
def jackknife_acceleration(values: ArrayLike, statistic: _Statistic) -> float: ...
def percentile_interval(replicates: ArrayLike, *, confidence_level: float = 0.95) -> interval: ...
def bca_interval(
    value: float, replicates: ArrayLike, acceleration: float, *, confidence_level: float = 0.95
) -> interval: ...
def automatic_block_length(series: ArrayLike) -> int: ...
def block_bootstrap(
    series: ArrayLike,
    statistic: _Statistic,
    *,
    seed: int = 0,
    resamples: int = 10000,
    confidence_level: float = 0.95,
    block_length: int = 0,
) -> estimate: ...

class kaplan_meier:
    def __init__(self, times: ArrayLike, observed: ArrayLike, counts: ArrayLike | None = None) -> None: ...
    @property
    def n(self) -> int: ...
    @property
    def n_open(self) -> int: ...
    def steps(self) -> NDArray[np.void]: ...
    def survival(self, t: Any) -> Any: ...
    def standard_error(self, t: Any) -> Any: ...
    @overload
    def limits(
        self, t: None = None, *, confidence_level: float = 0.95, method: _Limits = "log_log"
    ) -> NDArray[np.float64]: ...
    @overload
    def limits(self, t: float, *, confidence_level: float = 0.95, method: _Limits = "log_log") -> interval: ...
    def quantile(self, level: float, *, confidence_level: float = 0.95, method: _Limits = "log_log") -> estimate: ...
    def restricted_mean(self, tau: float, *, confidence_level: float = 0.95) -> estimate: ...
    def restricted_mean_error(self, tau: float) -> float: ...

def restricted_mean_difference(
    a: kaplan_meier, b: kaplan_meier, tau: float, *, confidence_level: float = 0.95
) -> estimate: ...

# joint

class joint:
    @property
    def independent(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...

def at_least(probabilities: ArrayLike, m: int) -> joint: ...
def any_of(probabilities: ArrayLike) -> joint: ...
def all_of(probabilities: ArrayLike) -> joint: ...
