"""Writes tests/data/slo/{objective,policy}.csv: error budgets by decimal arithmetic, times by mpmath at 50 digits."""

import random
from decimal import Decimal, getcontext

from mpmath import mp, mpf

mp.dps = 50
getcontext().prec = 50
draws = random.Random(20261123)
HEAD = "# tests/reference/slo/policy.py, {how}, seed 20261123, 2026-11-23\n"

targets = [f"0.{'9' * n}" for n in range(1, 17)] + ["0.95", "0.995", "0.9995", "0.99995", "0.5", "0.75", "0.1", "1e-9"]
targets += [f"0.{draws.randrange(5 * 10 ** (n - 1), 10**n)}" for n in range(2, 16) for _ in range(8)]
with open("tests/data/slo/objective.csv", "w") as out:
    out.write(HEAD.format(how="decimal arithmetic, 50 digits") + "target,error_budget\n")
    for text in targets:
        out.write(f"{text},{1 - Decimal(text)}\n")

# Factors, budgets and ratios enter as doubles: the table is about the functions, not about decimal input.
TIERS = [(3600, 300, 14.4), (21600, 1800, 6.0), (86400, 7200, 3.0), (259200, 21600, 1.0), (3600, 300, 13.44),
         (432000, 36000, 1.5), (900, 60, 43.2)]
PERIOD = 30 * 86400
with open("tests/data/slo/policy.csv", "w") as out:
    out.write(HEAD.format(how="mpmath, 50 digits") +
              "target,long_window,short_window,factor,error_ratio,detection,reset,budget_spent\n")
    for target in ("0.9", "0.95", "0.99", "0.999", "0.9995", "0.9999", "0.99999", "0.999999999"):
        budget = mpf(float(1 - Decimal(target)))
        for long, short, factor in TIERS:
            threshold = mpf(factor) * budget
            if threshold >= 1:
                continue
            ratios = [1.0] + [float(threshold + (1 - threshold) * mpf(draws.random()) ** k) for k in (1, 2, 4, 8, 16)]
            for ratio in ratios:
                e = mpf(ratio)
                if e <= threshold:
                    continue
                detection = long * threshold / e
                row = [target, long, short, factor, repr(ratio), detection, short * (1 - threshold / e),
                       e / budget * detection / PERIOD]
                out.write(",".join(str(c) if not isinstance(c, mpf) else mp.nstr(c, 25) for c in row) + "\n")
