"""Prints the coefficients in include/relia/queueing/detail/poisson_sides.hpp.

Temme's C_k(eta) (DLMF 8.12.8-8.12.12): with eta^2 / 2 = mu - log(1 + mu), C_0 = 1/mu - 1/eta, and
eta C_k = C_{k-1}' + (eta / mu) g_k, where g_k are the coefficients of 1 / Gamma*. Each C_k is regular at 0, so the
constant term of the right side is 0, which is asserted.
"""

from mpmath import bernoulli, mp, mpf, nstr

mp.dps = 120
TERMS = 60
SIZES = (24, 20, 18, 16, 12, 10, 6)

# mu as a series in eta, from mu mu' = eta (1 + mu).
mu = [mpf(0), mpf(1)]
for n in range(2, TERMS + 2):
    crossed = sum(mu[i] * mu[n + 1 - i] for i in range(2, n))
    mu.append((mu[n - 1] * 2 / (n + 1) - crossed) / 2)

# eta / mu.
inverse = [mpf(1)]
for n in range(1, TERMS):
    inverse.append(-sum(mu[i + 1] * inverse[n - i] for i in range(1, n + 1)))

# 1 / Gamma*(a) in powers of 1/a, from log Gamma*(a) = sum of B_2k / (2k (2k - 1)) a^(1 - 2k).
log_gamma = [mpf(0)] * (len(SIZES) + 1)
for k in range(1, len(SIZES) + 1):
    if 2 * k - 1 < len(log_gamma):
        log_gamma[2 * k - 1] = bernoulli(2 * k) / (2 * k * (2 * k - 1))
g = [mpf(1)]
for n in range(1, len(log_gamma)):
    g.append(sum(-i * log_gamma[i] * g[n - i] for i in range(1, n + 1)) / n)

c = inverse[1:]
for k, size in enumerate(SIZES):
    if k > 0:
        right = [(i + 1) * c[i + 1] + inverse[i] * g[k] for i in range(len(c) - 1)]
        assert abs(right[0]) < mpf(10) ** -100
        c = right[1:]
    print(f"C_{k}:", ", ".join(nstr(x, 22, min_fixed=-3, max_fixed=3) + "L" for x in c[:size]))
