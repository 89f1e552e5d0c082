"""Least squares in 60 digits: intervals of coefficients, mean, new observation and crossing time.

Writes tests/data/forecast/least_squares_intervals.csv and crossing.csv. The inputs are the doubles that the test reads.
cars: stopping distance against speed, Ezekiel, Methods of Correlation Analysis, 1930, as in R's datasets.
"""

import pathlib

import mpmath as mp

mp.mp.dps = 60
DATA = pathlib.Path(__file__).resolve().parents[2] / "data" / "forecast"
HEADER = f"# tests/reference/forecast/least_squares.py, mpmath {mp.__version__}, {mp.mp.dps} digits, 2026-11-23\n"


def read(name):
    lines = [line for line in (DATA / name).read_text().splitlines() if not line.startswith("#")]
    columns = lines[0].split(",")
    return [dict(zip(columns, line.split(","))) for line in lines[1:]]


def exact(text):
    return mp.mpf(float(text))


def t_quantile(tail, df):
    """The t with P(T > t) = tail < 1/2."""
    start = mp.sqrt(2) * mp.erfinv(1 - 2 * tail)
    below = lambda t: mp.betainc(mp.mpf(df) / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2 - tail
    return mp.findroot(below, (start, start * 1.5), solver="anderson", tol=mp.mpf(10) ** -100, maxsteps=500)


class Fit:
    def __init__(self, rows, y):
        x = mp.matrix(rows)
        self.n, self.p = x.rows, x.cols
        self.inverse = (x.T * x) ** -1
        self.beta = self.inverse * (x.T * mp.matrix(y))
        rest = mp.matrix(y) - x * self.beta
        self.df = self.n - self.p
        self.s = mp.sqrt((rest.T * rest)[0] / self.df)

    def at(self, row):
        row = mp.matrix(row)
        return (row.T * self.beta)[0], (row.T * self.inverse * row)[0]


def text(value):
    return mp.nstr(value, 25, min_fixed=-5, max_fixed=15)


def intervals(out, name, fit, points, row_of):
    for level in ("0.9", "0.95", "0.99"):
        t = t_quantile((1 - exact(level)) / 2, fit.df)
        for i in range(fit.p):
            half = t * fit.s * mp.sqrt(fit.inverse[i, i])
            out.append(("coefficient", name, i, level, fit.beta[i], fit.beta[i] - half, fit.beta[i] + half))
        for point in points:
            value, leverage = fit.at(row_of(point))
            for kind, spread in (("mean", leverage), ("prediction", 1 + leverage)):
                half = t * fit.s * mp.sqrt(spread)
                out.append((kind, name, point, level, value, value - half, value + half))


def main():
    cars = read("cars.csv")
    speed, dist = [exact(r["speed"]) for r in cars], [exact(r["dist"]) for r in cars]
    longley = read("longley.csv")
    rows = []
    line = Fit([[1, x] for x in speed], dist)
    intervals(rows, "cars", line, ("0", "4", "21", "60"), lambda x: [1, exact(x)])
    origin = Fit([[x] for x in speed], dist)
    intervals(rows, "cars_no_intercept", origin, ("4", "21", "60"), lambda x: [exact(x)])
    square = Fit([[1, x, x * x] for x in speed], dist)
    intervals(rows, "cars_degree_2", square, ("5", "15", "21", "25", "40"), lambda x: [1, exact(x), exact(x) ** 2])
    full = Fit([[1] + [exact(r[f"x{j}"]) for j in range(1, 7)] for r in longley], [exact(r["y"]) for r in longley])
    intervals(rows, "longley", full, (), None)
    with open(DATA / "least_squares_intervals.csv", "w") as f:
        f.write(HEADER + "# at: the coefficient's index, or x\nquantity,fit,at,level,value,lower,upper\n")
        for row in rows:
            f.write(",".join([*map(str, row[:4]), *map(text, row[4:])]) + "\n")

    # Fieller's interval of the x where the line of cars meets a level.
    n, mean = len(speed), mp.fsum(speed) / len(speed)
    sxx = mp.fsum((x - mean) ** 2 for x in speed)
    slope, height = line.beta[1], mp.fsum(dist) / n
    with open(DATA / "crossing.csv", "w") as f:
        f.write(HEADER + "# where the line through cars meets a level, with Fieller's interval; "
                "g below 1 says that the slope is significant\nlevel,confidence_level,value,lower,upper,g\n")
        for level in ("100", "150", "400"):
            for confidence in ("0.8", "0.95", "0.999"):
                t = t_quantile((1 - exact(confidence)) / 2, line.df)
                a = exact(level) - height
                q = (t * line.s) ** 2
                g = q / (slope**2 * sxx)
                root = mp.sqrt((slope * a) ** 2 - (slope**2 - q / sxx) * (a**2 - q / n))
                ends = [mean + (slope * a + sign * root) / (slope**2 - q / sxx) for sign in (-1, 1)]
                f.write(",".join([level, confidence, *map(text, [mean + a / slope, *ends, g])]) + "\n")


if __name__ == "__main__":
    main()
