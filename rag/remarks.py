"""What a reader says of an answer: a reason, a remark, and the sentence that is meant."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from rag.records import Answer


class Reason(enum.StrEnum):
    """Why a reader speaks up."""

    HELPFUL = "helpful"
    UNSUPPORTED = "the quote does not support this"
    MISSING = "an article is missing"
    OUTDATED = "out of date"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Remark:
    """A reader's word on an answer, or on one `claim` of it (None: on the whole).

    `exchange` is the key of the exchange it is about; `answer` holds its receipt. `given` is in
    UTC without a zone, None until it is stored.
    """

    reason: Reason
    question: str
    answer: Answer | None = None
    claim: str | None = None
    words: str = ""
    exchange: str | None = None
    given: datetime | None = None
    id: str | None = None
