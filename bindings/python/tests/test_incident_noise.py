"""How far a mean moves by chance, against the same table as the C++ tests."""

import datetime

import pytest
from tables import rows

from relia import incident


@pytest.mark.parametrize("row", rows("incident/noise.csv"), ids=lambda r: r["company"])
def test_mean_change_matches_the_reference(row):
    mean = datetime.timedelta(minutes=float(row["mean"]))
    deviation = 60 * float(row["deviation"])
    for n in (50, 500):
        half = incident.mean_change(mean, deviation, n, n).range(0.9).upper / 60
        assert half == pytest.approx(float(row[f"range_{n}"]), rel=1e-14, abs=0)
    year = int(row["incidents"])
    tenth = incident.mean_change(mean, deviation, year // 2, year - year // 2, 0.1)
    assert tenth.rises_by(0) == pytest.approx(float(row["worse"]), rel=1e-3)
    assert tenth.falls_by(datetime.timedelta(minutes=15)) == pytest.approx(float(row["better_15"]), rel=1e-3)


def test_mean_change_refuses():
    with pytest.raises(ValueError, match="reduction must be a fraction"):
        incident.mean_change(1.0, 1.0, 2, 2, 10)
    with pytest.raises(ValueError, match="deviation must be positive"):
        incident.mean_change(1.0, 0.0, 2, 2)
