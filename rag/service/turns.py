"""Turns as programs send them: the question, and the answer as they got it, or its words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from rag import recorded
from rag.errors import ReadError
from rag.language.sentences import sentence_spans
from rag.records import CANNOT_ANSWER, Answer, Claim, Turn
from rag.service.filters import Text
from rag.service.problems import Problem

MOST_TURNS = 50
_LONGEST_ASKED = 2_000  # characters: what could be asked
LONGEST_QUESTION = 10_000  # characters; one longer than can be asked is told so in better words
# Characters of questions and answers, the newest first, that are read to understand a follow-up:
# sixty usual exchanges. Reading them takes about a second at most.
_MOST_READ = 20_000
_MOST_CLAIMS = 200

# What understanding a follow-up takes from an answer; the rest need not be sent back.
_USED = ("question", "understood", "claims", "abstained")
# How JSON writes one; with another backslash before it, it is the text of an escape.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_MARKERS = re.compile(r"\s*\[\d{1,3}\]")


_Value = TypeVar("_Value", dict[str, Any] | str | None, dict[str, Any] | None)


def sane(value: _Value) -> _Value:
    """The value, if all its texts can be stored.

    Raises:
        ValueError: one of them cannot.
    """
    try:
        plain = json.dumps(value, ensure_ascii=False)
        plain.encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise ValueError("holds characters that are none") from error
    if _NUL.search(plain):
        raise ValueError("holds a NUL character")
    return value


def _form_of(answer: object) -> str:
    return "object" if isinstance(answer, dict) else "text"


_Sent = Annotated[
    Annotated[dict[str, Any], Tag("object")] | Annotated[str, Tag("text")],
    Discriminator(_form_of),
]


class SentTurn(BaseModel):
    """One past exchange. `answer` is the object that `/v1/ask` gave, or its text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Text = Field(max_length=_LONGEST_ASKED)
    answer: Annotated[_Sent | None, AfterValidator(sane)] = Field(
        default=None, description="as it came; `hits` and `receipt` may be left out"
    )

    def turn(self) -> Turn:
        """The record of the house.

        Raises:
            Problem: the answer is none of ours, or too long.
        """
        if isinstance(self.answer, dict):
            answer = _recorded(self.question, self.answer)
        else:
            answer = said(self.question, self.answer or "")
        if _length(answer) > _MOST_READ or len(answer.claims) > _MOST_CLAIMS:
            raise Problem(422, "turn", f"An answer has more than {_MOST_READ:,} characters.")
        return Turn(self.question, answer)


def turns_of(sent: Sequence[SentTurn]) -> list[Turn]:
    """The newest exchanges, oldest first, as far back as is read.

    Raises:
        Problem: one of them is none of ours, or too long.
    """
    found: list[Turn] = []
    left = _MOST_READ
    for one in reversed(sent):
        turn = one.turn()
        left -= len(turn.question) + _length(turn.answer)
        if left < 0 and found:
            break
        found.append(turn)
    return found[::-1]


def said(question: str, text: str) -> Answer:
    """An answer of which only the words are known."""
    plain = _MARKERS.sub("", text).strip()
    plain = plain[: _MOST_READ // 2]
    spans = sentence_spans(plain)[:_MOST_CLAIMS]
    claims = tuple(Claim(plain[start:end]) for start, end in spans)
    abstained = not plain or plain == CANNOT_ANSWER
    return Answer(
        question=question,
        understood=question,
        claims=() if abstained else claims,
        abstained=abstained,
        complete=True,
    )


def _length(answer: Answer) -> int:
    """The characters of an answer that are read; what it is an answer to as far as reworded."""
    return len(answer.understood) + sum(len(claim.text) for claim in answer.claims)


def _recorded(question: str, plain: dict[str, Any]) -> Answer:
    used = {name: plain[name] for name in _USED if name in plain}
    try:
        return recorded.answer({"question": question, "understood": question, **used})
    except ReadError as error:
        raise Problem(422, "turn", "A turn's answer is not as `/v1/ask` gives it.") from error
