"""Copies: articles that say nearly the same thing, known by the MinHash of their word runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rag.terms import words

# 16 bands of 8 rows: two texts that share 70 % of their runs meet in a band 61 % of the time,
# at 80 % 95 %, at 50 % 6 % (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4.2).
_BANDS, _ROWS = 16, 8
_RUN = 3
# The share of common runs from which two articles count as copies of one report.
ALIKE = 0.7
# Runs hashed at once: 128 hashes of each are 4 MB, however long the article is.
_AT_ONCE = 4_096

_Numbers = NDArray[np.uint64]


def signature(text: str) -> bytes:
    """128 minima of hashed three-word runs, as little-endian 64-bit numbers."""
    found = words(text)
    runs = {" ".join(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1))}
    factors, terms = _family()
    minima = np.full(_BANDS * _ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for hashed in _hashed(runs):
        # Multiply and add modulo 2**64, the overflow of the type; the high half is the hash
        # (Dietzfelbinger: Universal hashing and k-wise independent random variables, 1996).
        each = (hashed[:, None] * factors + terms) >> np.uint64(32)
        minima = np.minimum(minima, each.min(axis=0))
    return minima.astype("<u8").tobytes()


def bands(signed: bytes) -> list[str]:
    """The keys under which likely copies meet: two texts that share one are worth comparing."""
    width = _ROWS * 8
    return [
        f"{band}:{hashlib.sha256(signed[band * width : (band + 1) * width]).hexdigest()[:16]}"
        for band in range(_BANDS)
    ]


def alike(one: bytes, other: bytes) -> float:
    """The estimated share (0 to 1) of word runs that two texts have in common."""
    return float(np.mean(np.frombuffer(one, dtype="<u8") == np.frombuffer(other, dtype="<u8")))


def _hashed(runs: Iterable[str]) -> Iterator[_Numbers]:
    """The runs as 64-bit numbers, some thousands at a time."""
    rest = iter(runs)
    while part := list(islice(rest, _AT_ONCE)):
        digests = (hashlib.blake2b(run.encode(), digest_size=8).digest() for run in part)
        yield np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


@lru_cache(maxsize=1)
def _family() -> tuple[_Numbers, _Numbers]:
    """The factors (odd) and terms of the hash functions; the same in every process."""
    drawn = np.random.Generator(np.random.PCG64(1)).integers(
        0, 2**64, size=(2, _BANDS * _ROWS), dtype=np.uint64
    )
    return drawn[0] | np.uint64(1), drawn[1]
