"""Linear models and polynomials agree with the tables that the C++ tests read, and refuse what has no answer."""

import numpy as np
import pytest
from tables import close, rows

from relia import forecast


def column(table, name):
    return np.array([float(row[name]) for row in table])


def test_longley_agrees_with_the_certified_values():
    longley = rows("forecast/longley.csv")
    design = np.column_stack([column(longley, f"x{j}") for j in range(1, 7)])
    model = forecast.fit_least_squares(design, column(longley, "y"))
    for row in rows("forecast/nist_certified.csv"):
        if row["set"] != "longley":
            continue
        expected = float(row["expected"])
        if row["quantity"] == "coefficient":
            assert close(model.coefficients[int(row["index"])], expected, 5e-14)
        elif row["quantity"] == "standard_error":
            assert close(model.standard_errors[int(row["index"])], expected, 5e-14)
        else:
            assert close(getattr(model, row["quantity"]), expected, 5e-14)
    # Another memory order, a frame's values, the same bits.
    again = forecast.fit_least_squares(np.asfortranarray(design), list(column(longley, "y")))
    assert np.array_equal(again.coefficients, model.coefficients)
    bands = model.prediction_band(design, confidence_level=0.9)
    one = model.prediction(design[3], confidence_level=0.9)
    assert close(bands.lower[3], one.interval.lower, 1e-14) and bands.confidence_level == 0.9
    assert close(model.mean_band(design).value[3], one.value, 1e-14)
    assert sum(model.leverage(row) for row in design) == pytest.approx(7, rel=1e-12)
    assert model.residuals.shape == (16,)
    assert "7 coefficients, n=16" in repr(model)
    assert model._repr_html_().count("<tr>") == 8


def test_polynomials_agree_with_the_certified_values():
    points = rows("forecast/nist_points.csv")
    for name, most in (("filip", 3e-14), ("pontius", 5e-14), ("wampler5", 4e-12)):
        some = [row for row in points if row["set"] == name]
        certified = [row for row in rows("forecast/nist_certified.csv") if row["set"] == name]
        model = forecast.fit_polynomial(column(some, "x"), column(some, "y"), int(certified[0]["degree"]))
        for row in certified:
            expected = float(row["expected"])
            if row["quantity"] == "coefficient":
                assert close(model.coefficients[int(row["index"])], expected, most)
            elif row["quantity"] == "standard_error":
                assert close(model.standard_error(int(row["index"])), expected, most)
            elif row["quantity"] == "fit":
                assert close(model.mean(float(row["x_new"])).value, expected, most)
        assert model.degree == int(certified[0]["degree"]) and "degree" in repr(model)


def test_intervals_agree_with_the_table():
    cars = rows("forecast/cars.csv")
    model = forecast.fit_least_squares(column(cars, "speed"), column(cars, "dist"))
    for row in rows("forecast/least_squares_intervals.csv"):
        if row["fit"] != "cars":
            continue
        options = {"confidence_level": float(row["level"])}
        if row["quantity"] == "coefficient":
            e = model.coefficient(int(row["at"]), **options)
        else:
            e = getattr(model, row["quantity"])(float(row["at"]), **options)
        assert close(e.interval.lower, float(row["lower"]), 1e-14)
        assert close(e.interval.upper, float(row["upper"]), 1e-14)
    for row in rows("forecast/crossing.csv"):
        c = forecast.crossing_of(model, float(row["level"]), confidence_level=float(row["confidence_level"]))
        assert close(c.x.interval.upper, float(row["upper"]), 1e-14) and close(c.g, float(row["g"]), 1e-14)
    assert "line_crossing at" in repr(c)
    assert model.combination([1, 21]).value == model.mean(21).value
    assert model.standard_error([0, 1]) == model.standard_errors[1]


def test_what_is_refused():
    x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0]])
    with pytest.raises(ValueError, match="its rank is 1 of 2: column"):
        forecast.fit_least_squares(x, [1, 2, 3, 5])
    with pytest.raises(ValueError, match="response must be of size 4, got 3"):
        forecast.fit_least_squares(x, [1, 2, 3])
    with pytest.raises(ValueError, match="design must have one or two dimensions, got 3"):
        forecast.fit_least_squares(np.zeros((2, 2, 2)), [1, 2])
    with pytest.raises(ValueError, match="response at row 1 must be finite, got nan"):
        forecast.fit_least_squares(x[:, 0], [1, np.nan, 3, 4])
    with pytest.raises(ValueError, match="x must be of at least degree \\+ 1 = 3 different values, got 2"):
        forecast.fit_polynomial([1, 2, 1], [1, 2, 3], 2)
    with pytest.raises(TypeError):
        forecast.fit_least_squares(x, [1, 2, 3, 4], False)  # options go by name
