"""Copies: articles that say nearly the same thing, known by the MinHash of their word runs."""

from __future__ import annotations

import hashlib

import numpy as np

from rag.language.terms import words

# 16 bands of 8 rows: two texts that share 70 % of their runs meet in a band 61 % of the time,
# at 80 % 95 %, at 50 % 6 % (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4.2).
_BANDS, _ROWS = 16, 8
_RUN = 3
# The share of common runs from which two articles count as copies of one report.
ALIKE = 0.7
# Runs hashed at once: 128 hashes of each are 4 MB, however long the article is.
_AT_ONCE = 4_096


def signature(text: str) -> bytes:
    """128 minima of hashed three-word runs, as little-endian 64-bit numbers."""
    # Imported here: it brings scipy along, which questions do not need.
    from datasketch import MinHash

    found = words(text)
    runs = sorted({" ".join(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1))})
    minhash = MinHash(num_perm=_BANDS * _ROWS, seed=1)
    for start in range(0, len(runs), _AT_ONCE):
        minhash.update_batch([run.encode() for run in runs[start : start + _AT_ONCE]])
    return np.asarray(minhash.hashvalues, dtype="<u8").tobytes()


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
