"""Fixed points of retries after a timeout, and their limits, for tests/data/queueing/retry.csv: mpmath, 50 digits.

Everything is formed from the sums of its definition: Erlang C, the tail of the response of M/M/c, 1 + p + ... + p^r.
"""

from mpmath import exp, factorial, mp, mpf

mp.dps = 50


def erlang_c(c, a):
    full = a**c / factorial(c) * c / (c - a)
    return full / (sum(a**k / factorial(k) for k in range(c)) + full)


def failure(x, mu, c, t):
    """P(response > t)."""
    wait = erlang_c(c, x / mu)
    spare = c * mu - x
    if spare == mu:
        return exp(-mu * t) * (1 + wait * mu * t)
    return exp(-mu * t) + wait * mu * (exp(-mu * t) - exp(-spare * t)) / (spare - mu)


def attempts(p, r):
    return sum(p**k for k in range(r + 1))


def curve(x, mu, c, t, r):
    return x / attempts(failure(x, mu, c, t), r)


def bisect(f, low, high):
    """To 170 halvings: 50 digits."""
    low, high = mpf(low), mpf(high)
    rising = f(high) > 0
    for _ in range(170):
        middle = (low + high) / 2
        if (f(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


print(f"# tests/reference/queueing/retry.py, mpmath {__import__('mpmath').__version__}, {mp.dps} digits, 2026-11-23")
print("arrival_rate,service_rate,servers,timeout,max_retries,normal,point_of_no_return,largest_arrival_rate")
for text in (
    ("60", "100", 1, "0.1", 3),
    ("60", "100", 1, "0.125", 3),
    ("60", "100", 1, "0.0625", 3),
    ("8", "1", 16, "4", 2),
    ("12", "1", 16, "6", 3),
    ("40", "1", 48, "8", 5),
    ("700", "8", 128, "1", 1),
    ("0.375", "1", 1, "8", 1),
):
    lam, mu, c, t, r = mpf(text[0]), mpf(text[1]), text[2], mpf(text[3]), text[4]
    step = c * mu * mpf(10) ** -20

    def slope(x):
        return curve(x + step, mu, c, t, r) - curve(x - step, mu, c, t, r)

    peak = bisect(slope, c * mu / 100, c * mu * (1 - mpf(10) ** -15))

    def over(x):
        return x - lam * attempts(failure(x, mu, c, t), r)

    largest = curve(peak, mu, c, t, r)
    calm = lam < largest
    normal = mp.nstr(bisect(over, lam, peak), 25) if calm else "none"
    top = c * mu * (1 - mpf(10) ** -30)
    unstable = "0" if not calm else mp.nstr(bisect(over, peak, top), 25) if over(top) < 0 else "inf"
    print(*text, normal, unstable, mp.nstr(largest, 25), sep=",")
