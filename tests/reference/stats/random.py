"""Writes tests/data/stats/random.csv: Philox4x32-10 in plain integers, the variates with mpmath at 50 digits."""

import pathlib

from mpmath import erfinv, log, mp, mpf, nstr, sqrt

mp.dps = 50
MASK = 0xFFFFFFFF


def philox(counter: list[int], key: list[int]) -> list[int]:
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & MASK, (first >> 32) ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def bits(seed: int, stream: int, index: int) -> int:
    block = index >> 1
    words = philox([block & MASK, block >> 32, stream & MASK, stream >> 32], [seed & MASK, seed >> 32])
    half = 2 * (index & 1)
    return words[half] | words[half + 1] << 32


def main() -> None:
    for counter, key, answer in (  # the known answers of the Random123 distribution
        ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([MASK] * 4, [MASK] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ):
        assert " ".join(f"{w:08x}" for w in philox(counter, key)) == answer

    big = 2**64 - 1
    places = [(0, 0, i) for i in range(20)]
    places += [(1, 0, 0), (0, 1, 0), (2**32, 0, 0), (0, 2**32, 0), (0, 0, 2**33), (big, big, big), (big, 0, big - 1)]
    places += [(20261123, s, i * 1000003) for s in range(4) for i in range(20)]
    lines = [
        "# The words of Philox4x32-10 by seed, stream and index, and what is made of them.",
        "# Generator: tests/reference/stats/random.py, mpmath at 50 digits, 2026-11-23. uniform is exact.",
        "seed,stream,index,bits,uniform,n,below,normal,exponential",
    ]
    sizes = [1, 2, 6, 1000, 2**20 + 7, 2**32 + 1, 2**63 + 11, big]
    for row, (seed, stream, index) in enumerate(places):
        word = bits(seed, stream, index)
        u = mpf((word >> 11) | 1) / 2**53
        n = sizes[row % len(sizes)]
        normal = sqrt(mpf(2)) * erfinv(2 * u - 1)
        lines.append(
            f"{seed},{stream},{index},{word},{float(u).hex()},{n},{word * n >> 64},{nstr(normal, 20)},{nstr(-log(u), 20)}"
        )
    path = pathlib.Path(__file__).parents[2] / "data" / "stats" / "random.csv"
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
