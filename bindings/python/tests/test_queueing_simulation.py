import threading

import numpy as np
import pytest

import relia.queueing as q
from relia.stats import random_stream

SHARP = {"relative_half_width": 0.03, "confidence_level": 0.999}


def holds(answer, value):
    return answer.interval.lower <= value <= answer.interval.upper


def test_mm1_is_as_known():
    seen = q.simulate(q.exponential_time(2), q.exponential_time(1), **SHARP, levels=[0.5, 0.99])
    truth = q.mm1(0.5, 1)
    assert seen.outcome == "converged"
    assert holds(seen.mean_response, truth.response_time.mean)
    assert holds(seen.mean_wait, truth.waiting_time.mean)
    assert holds(seen.utilization, 0.5)
    assert holds(seen.wait_probability, 0.5)
    assert holds(seen.mean_in_system, 1)
    assert [holds(e, truth.response_time.quantile(p)) for e, p in zip(seen.quantiles, [0.5, 0.99])] == [True] * 2
    assert seen.mean_wait.method == "batch_means"
    assert len(seen.classes) == 1


def test_every_option_arrives():
    blocked = q.simulate(q.exponential_time(1), q.lognormal_time(1, 2), 1, capacity=1, **SHARP)
    assert holds(blocked.blocking_probability, 0.5)
    impatient = q.simulate(q.exponential_time(1), q.exponential_time(1), patience=q.exponential_time(1),
                           delay="wait", **SHARP)
    assert holds(impatient.abandonment_probability, q.erlang_a(1, 1, 1, 1).abandonment_probability)
    batches = q.simulate(q.exponential_time(4), q.exponential_time(1), batch_sizes=[0, 1], **SHARP)
    assert holds(batches.mean_response, q.batch_mm1(0.25, 1, 2, 0).mean_response)
    for discipline, preemption in (("priority", "none"), ("preemptive_priority", "resume")):
        ranked = q.simulate(q.exponential_time(5), q.exponential_time(1), discipline=discipline,
                            lower_classes=[(q.exponential_time(2.5), q.exponential_time(1))], **SHARP)
        truth = q.mmc_priority([0.2, 0.4], 1, 1, preemption=preemption)
        for mine, true in zip(ranked.classes, truth):
            assert holds(mine.mean_wait, true.mean_wait)
            assert holds(mine.mean_response, true.mean_response)
    for discipline, mean in (("processor_sharing", 2.0),
                             ("shortest_remaining", q.srpt(0.5, q.exponential_time(1)).mean_response())):
        assert holds(q.simulate(q.exponential_time(2), q.exponential_time(1), discipline=discipline,
                                **SHARP).mean_response, mean)


def test_same_seed_same_answer_in_any_thread():
    def run():
        return q.simulate(q.exponential_time(1), q.erlang_time(2, 0.7), seed=3, max_customers=20_000,
                          relative_half_width=1e-6)

    alone = run()
    assert alone.outcome == "inconclusive"
    assert alone.customers == 20_000
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(run())) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert [s.mean_wait.value for s in seen] == [alone.mean_wait.value] * 2


def test_unstable_is_named():
    seen = q.simulate(q.exponential_time(1), q.exponential_time(1))
    assert seen.outcome == "unstable"
    assert seen.mean_wait.state == "unstable"
    assert repr(seen) == "<simulation unstable: the load is 1 servers of 1>"


def test_reprs():
    seen = q.simulate(q.exponential_time(2), q.exponential_time(1), relative_half_width=0.1)
    lines = repr(seen).splitlines()
    assert lines[0].startswith("<simulation converged after ")
    assert lines[1].split()[0] == "mean_wait"
    assert not any("blocking" in line for line in lines)
    assert "<table>" in seen._repr_html_()
    assert repr(seen.classes[0]).startswith("<class_simulation mean_wait ")


def test_refusals():
    good = q.exponential_time(2), q.exponential_time(1)
    with pytest.raises(ValueError, match="discipline must be \"first_come\", .* got \"fifo\""):
        q.simulate(*good, discipline="fifo")
    with pytest.raises(ValueError, match="capacity must be at least the servers, got 2"):
        q.simulate(*good, 3, capacity=2)
    with pytest.raises(ValueError, match="patience must be none unless"):
        q.simulate(*good, discipline="priority", patience=q.exponential_time(1))
    with pytest.raises(ValueError, match="max_customers must be from 4096"):
        q.simulate(*good, max_customers=10)
    with pytest.raises(TypeError, match="service must be a law of times"):
        q.simulate(q.exponential_time(2), 1.0)


def test_draws_broadcast_and_repeat():
    random = random_stream(1, 2)
    for law in (q.exponential_time(2), q.deterministic_time(2), q.erlang_time(3, 2), q.lognormal_time(2, 1),
                q.hyperexponential_time.of_scv(2, 4), q.empirical_time([1, 3], [5])):
        drawn = law.draw(random, np.arange(4000))
        assert drawn.shape == (4000,)
        assert drawn[7] == law.draw(random, 7)
        # Four standard errors: sqrt(scv / 4000) of the mean.
        assert abs(drawn.mean() / law.mean - 1) <= 4 * np.sqrt(law.scv / 4000)
    assert q.exponential_time(2).draw(random, 5) == 2 * random.exponential(5)
    with pytest.raises(ValueError, match="n must be at least 0, got -1"):
        q.exponential_time(2).draw(random, -1)


def test_sequential_mean():
    random = random_stream(5)
    counter = iter(range(10**9))
    mean = q.sequential_mean(lambda: random.exponential(next(counter)), relative_half_width=0.1,
                             confidence_level=0.999)
    assert holds(mean, 1)
    assert mean.notes == []
    weighted = q.sequential_mean(lambda: (3.0, 1.5))
    assert weighted.value == 2
    short = q.sequential_mean(lambda: random.normal(next(counter)), max_steps=4096)
    assert short.notes == ["stopped at max_steps, before the precision was reached"]

    def fails():
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        q.sequential_mean(fails)
    with pytest.raises(ValueError, match="value of a step must be finite"):
        q.sequential_mean(lambda: float("nan"))
