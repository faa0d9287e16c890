"""Sparse vectors: BM25 as an inner product, for a server that keeps no terms.

BM25 (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, section 3.4) is a sum over
the terms that a question and a passage share, of the term's rarity times

    tf (k1 + 1) / (tf + k1 (1 - b + b length / average))

The second factor stands in the passage's vector, the rarity in the question's: so it follows the
archive, while a passage's vector stays as it was written. For that its average is a fixed one.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# tantivy's, so that words are scored alike wherever they are.
_K1, _B = 1.2, 0.75
# Terms of a passage with its card: 89 in the bundled news (776 characters), 75 in the paragraphs of
# xquad-en. With a half or double of it nDCG@10 changed by less than .004 there, and by less than
# .003 on the single sentences of multihop-facts (33 terms).
_AVERAGE = 90.0
# Beyond 31 bits a reader of signed numbers would see negative ones. Of a million terms some 230
# pairs then have a place in common.
_PLACES = 0x7FFF_FFFF
# Chroma Cloud takes 4,096 bytes of metadata a value, and a place with its value is eight. A passage
# of a thousand characters has some hundred distinct terms.
_MOST_PLACES = 500
# Of a passage's values; more would only make requests longer.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Sparse:
    """A vector that is nought but in these places; they ascend, each stands once."""

    places: tuple[int, ...]
    values: tuple[float, ...]


def weighed(terms: Sequence[str]) -> Sparse:
    """The vector of a passage with these terms; of very many the most frequent ones."""
    normal = _K1 * (1 - _B + _B * len(terms) / _AVERAGE)
    counted = Counter(terms).most_common(_MOST_PLACES)
    return _placed((term, round(tf * (_K1 + 1) / (tf + normal), _DIGITS)) for term, tf in counted)


def asked(rarities: Mapping[str, float]) -> Sparse:
    """The vector of a question, from the rarity of each of its terms."""
    return _placed(rarities.items())


def _placed(weights: Iterable[tuple[str, float]]) -> Sparse:
    """The weights of terms in the places of these; in a common place they add up."""
    summed: defaultdict[int, float] = defaultdict(float)
    for term, weight in weights:
        summed[zlib.crc32(term.encode()) & _PLACES] += weight
    ascending = sorted(summed.items())
    places, values = zip(*ascending, strict=True) if ascending else ((), ())
    return Sparse(places, values)
