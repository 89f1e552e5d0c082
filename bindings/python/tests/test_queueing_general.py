"""General service and arrivals, priorities, breakdowns, transients: the C++ tables through Python, and what is refused."""

import math

import numpy as np
import pytest
from tables import close, rows

from relia import queueing as q


LAWS = {
    "deterministic": lambda m: q.deterministic_time(m),
    "exponential": lambda m: q.exponential_time(m),
    "erlang2": lambda m: q.erlang_time(2, m),
    "erlang5": lambda m: q.erlang_time(5, m),
    "lognormal4": lambda m: q.lognormal_time(m, 4),
}


def test_mg1_agrees_with_the_tables():
    names = {"rho": "utilization", "Wq": "mean_wait", "W": "mean_response", "Lq": "mean_in_queue",
             "L": "mean_in_system", "var_Wq": "variance_wait"}
    for row in rows("queueing/mg1.csv"):
        law = q.hyperexponential_time([0.9, 0.1], [0.5, 5.5]) if row["law"] == "hyper" else LAWS[row["law"]](1)
        model = q.mg1(float(row["arrival_rate"]), law)
        condition = 1 / (1 - model.utilization)
        assert close(getattr(model, names[row["quantity"]]), float(row["value"]), 2e-15 * condition), row
    for row in rows("queueing/mg1_delay.csv"):
        if row["law"] not in LAWS or row["law"] == "lognormal4":
            continue
        model = q.mg1(float(row["arrival_rate"]), LAWS[row["law"]](1))
        delay = model.waiting_time if row["delay"] == "wait" else model.response_time
        assert close(delay.survival(float(row["t"])), float(row["tail"]), 5e-12), row


def test_mdc_and_gimc_agree_with_the_tables():
    for row in rows("queueing/mdc.csv"):
        model = q.mdc(float(row["arrival_rate"]), float(row["service_time"]), int(row["servers"]))
        at = float(row["at"] or 0)
        value = {"mean_wait": lambda: model.waiting_time.mean, "wait_probability": lambda: model.wait_probability,
                 "wait_cdf": lambda: model.waiting_time.cdf(at),
                 "wait_quantile": lambda: model.waiting_time.quantile(at)}[row["quantity"]]()
        assert close(value, float(row["value"]), 4e-13), row
    for row in rows("queueing/gimc.csv"):
        model = q.gimc(LAWS[row["law"]](1 / float(row["arrival_rate"])), float(row["service_rate"]), int(row["servers"]))
        value = model.waiting_time.mean if row["quantity"] == "mean_wait" else getattr(model, row["quantity"])
        assert close(value, float(row["value"])), row


def test_approximations_agree_with_the_table():
    for row in rows("queueing/ggc.csv"):
        author = getattr(q, row["author"])
        a, s, ca, cs = (float(row[k]) for k in ("arrival_rate", "service_rate", "arrival_scv", "service_scv"))
        pool = row["author"] in ("allen_cunneen", "sakasegawa", "whitt", "kimura")
        value = author(a, s, int(row["servers"]), ca, cs) if pool else author(a, s, ca, cs)
        assert close(value, float(row["wait"]), 2e-15), row
    assert q.kingman([0.5, 0.8], 1, 1, [[0], [1]]).shape == (2, 2)


def test_priorities_and_transients_agree_with_the_tables():
    for row in rows("queueing/priority.csv"):
        rates, means, scvs = ([float(x) for x in row[k].split("|")] for k in ("arrival_rates", "mean_services", "service_scvs"))
        servers = int(row["servers"])
        delays = (q.mg1_priority(rates, means, scvs, preemption=row["preemption"]) if servers == 1
                  else q.mmc_priority(rates, 1, servers, preemption=row["preemption"]))
        assert close(getattr(delays[int(row["class"]) - 1], row["quantity"]), float(row["value"])), row
    for row in rows("queueing/transient.csv"):
        rates = float(row["arrival_rate"]), float(row["service_rate"]), int(row["servers"])
        rest = int(row["start"]), float(row["t"])
        at = q.mmck_transient(*rates, int(row["capacity"]), *rest) if row["capacity"] else q.mmc_transient(*rates, *rest)
        value = at.mean if row["quantity"] == "mean" else at.probability_at_most(9)
        assert close(value, float(row["value"])), row
        assert math.isclose(at.probabilities.sum(), 1)


def test_single_stations_agree_with_the_reference():
    assert close(q.processor_sharing(0.9, 1).mean_response_of([3.0])[0], 30)
    assert close(q.srpt(0.8, q.exponential_time(1)).mean_response(), 2.35277327029972)
    assert close(q.batch_mm1(0.2, 1, 3, 1 / 3).mean_in_system, 3.75)
    assert close(q.retrial_mm1(0.8, 1, 0.1).mean_orbit, 35.2)
    assert close(q.heterogeneous_mmc(1, [2, 1]).wait_probability, 3 / 17)
    broken = q.mmc_breakdowns(1.5, 1, 3, failure_rate=0.1, repair_rate=0.5)
    assert close(broken.mean_in_system, 2.410198873198527118)


def test_measured_services_and_arrays():
    model = q.mg1(0.8, q.empirical_time([0.9, 1.1], [5]))
    tail = model.waiting_time.survival(np.array([[0.5, 1.0], [2.0, 4.0]]))
    assert tail.shape == (2, 2)
    assert (np.diff(tail.ravel()) < 0).all()
    assert isinstance(model.response_time.quantile(0.99), float)
    assert "mg1" in repr(model)


def test_unstable_is_a_state_and_refusals_are_value_errors():
    assert q.mg1(2, q.lognormal_time(1, 4)).state == "unstable"
    assert q.md1(2, 1).waiting_time.quantile(0.5) == math.inf
    assert q.gim1(q.deterministic_time(1), 1).state == "unstable"
    assert q.whitt(10, 1, 10, 1, 1) == math.inf
    with pytest.raises(ValueError, match="exponential_time: mean must be positive"):
        q.exponential_time(0)
    with pytest.raises(ValueError, match="preemption must be"):
        q.mmc_priority([1], 1, 2, preemption="sometimes")
    with pytest.raises(ValueError, match="kimura: arrival_scv must be at most 1"):
        q.kimura(1, 1, 2, 4, 1)
    with pytest.raises(TypeError):
        q.srpt(0.5, q.deterministic_time(1))  # no density


def test_the_response_under_processor_sharing_agrees_with_the_table():
    for row in rows("queueing/sharing.csv"):
        response = q.processor_sharing(float(row["rho"]), 1).response_time_exponential()
        t = float(row["t"])
        assert close(response.log_survival(t), float(row["log_survival"]), 1e-14), row
        assert close(response.cdf(t), float(row["cdf"]), 1e-14), row
    shared = q.processor_sharing(0.8, 1)
    p99 = shared.response_time_exponential().quantile([0.5, 0.99])
    assert np.allclose(shared.response_time_exponential().cdf(p99), [0.5, 0.99], rtol=1e-12)
    assert shared.variance_response_exponential_of([0.0, 1.0])[0] == 0
