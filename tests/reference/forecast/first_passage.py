"""First passage of Brownian motion with drift, in 60 digits. Writes tests/data/forecast/first_passage.csv."""

import pathlib

import mpmath as mp

mp.mp.dps = 60
DATA = pathlib.Path(__file__).resolve().parents[2] / "data" / "forecast"


def normal(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def parts(a, mu, sd, t):
    root = sd * mp.sqrt(t)
    return normal((mu * t - a) / root), mp.exp(2 * mu * a / sd**2) * normal(-(a + mu * t) / root)


def probability(*arguments):
    return sum(parts(*arguments))


def survival(a, mu, sd, t):
    mp.mp.dps = 2000  # the difference of two numbers that may agree in hundreds of digits
    first, second = parts(a, mu, sd, t)
    value = 1 - first - second
    mp.mp.dps = 60
    return +value


def quantile(p, a, mu, sd):
    low = high = mp.mpf(1)
    while probability(a, mu, sd, low) > p:
        low /= 2
    while probability(a, mu, sd, high) < p:
        high *= 2
    for _ in range(260):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(a, mu, sd, middle) < p else (low, middle)
    return low


def text(value):
    return mp.nstr(value, 25, min_fixed=-4, max_fixed=12)


def main():
    with open(DATA / "first_passage.csv", "w") as f:
        f.write(f"# tests/reference/forecast/first_passage.py, mpmath {mp.__version__}, 60 digits, 2026-11-23\n")
        f.write("# inputs are exact in float; u is (distance - drift time) / (sd sqrt(2 time)): the result's relative\n")
        f.write("# condition grows as u^2\nquantity,distance,drift,sd,time,level,u,expected\n")
        for a in ("0.0078125", "1", "20", "1000"):
            for mu in ("-2", "-0.125", "0", "0.125", "1", "16"):
                for sd in ("0.25", "2", "32"):
                    for t in ("0.5", "8", "64", "1024"):
                        args = [mp.mpf(v) for v in (a, mu, sd, t)]
                        u = (args[0] - args[1] * args[3]) / (args[2] * mp.sqrt(2 * args[3]))
                        for name, function in (("probability", probability), ("survival", survival)):
                            value = function(*args)
                            if value > mp.mpf("1e-30"):
                                f.write(f"{name},{a},{mu},{sd},{t},,{mp.nstr(u, 6)},{text(value)}\n")
        for a, mu, sd in (("20", "1", "2"), ("1", "0", "2"), ("1", "-0.125", "2"), ("1000", "16", "32"), ("20", "0.125", "0.25")):
            for p in ("0.0009765625", "0.0625", "0.25", "0.5", "0.75", "0.875"):
                args = [mp.mpf(v) for v in (p, a, mu, sd)]
                total = mp.exp(2 * args[2] * args[1] / args[3] ** 2) if args[2] < 0 else 1
                if args[0] < total:
                    f.write(f"quantile,{a},{mu},{sd},,{p},,{text(quantile(*args))}\n")


if __name__ == "__main__":
    main()
