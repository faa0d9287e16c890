"""How sure an answer must be before it is shown, and what that means for a chat model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rag.quoting.confidence import THRESHOLD
from rag.records import Strictness, Unsupported

# Factors on `THRESHOLD`, which is the balanced one: a quote must be twice or half as sure. Of the
# bundled suite `archive`, strict, balanced and open refuse 70, 24 and 9 of the 279 questions that
# the articles answer, and 32, 21 and 13 of the 44 that they do not.
FACTORS: Final[Mapping[Strictness, float]] = {
    Strictness.STRICT: 2.0,
    Strictness.BALANCED: 1.0,
    Strictness.OPEN: 0.5,
}
# What becomes of a chat model's sentences that nothing bears out; balanced is as the settings say.
_UNSUPPORTED: Final[Mapping[Strictness, Unsupported]] = {
    Strictness.STRICT: Unsupported.DROP,
    Strictness.OPEN: Unsupported.MARK,
}


def threshold(strictness: Strictness) -> float:
    """The confidence, 0 to 1, below which the archive does not say."""
    return THRESHOLD * FACTORS[strictness]


def unsupported(strictness: Strictness, configured: Unsupported) -> Unsupported:
    """What becomes of a sentence that no passage bears out."""
    return _UNSUPPORTED.get(strictness, configured)
