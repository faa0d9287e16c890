"""Follow-ups and questions of several parts, put into words by a chat model; else by the rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from rag.asking.parts import MOST
from rag.errors import DatelineError
from rag.language.names import names
from rag.language.terms import fold, terms, words
from rag.quoting.flagging import instructions
from rag.records import Filters, Query, Turn
from rag.writing.chat import Chat
from rag.writing.markup import plain_text
from rag.writing.prompts import Prompt

_TURNS_READ = 4  # the last ones: what a follow-up refers to is nearly always in them
_LONGEST_ANSWER = 600  # characters of each answer that the model reads
_LONGEST = 400  # characters of a question that a model may write
# A question is worth asking a model about its parts when it is longer than most that need one
# look-up, or names as much.
_LONG = 16  # words
_NAMED = 2
_ONE = re.compile(r"\W*one\W*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s*")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class Rules(Protocol):
    """Turns a question into a query without a model."""

    def query(
        self, question: str, *, turns: Sequence[Turn], filters: Filters, today: date
    ) -> Query: ...


class RewordingUnderstanding:
    """Asks a chat model what a follow-up means and which look-ups a question needs.

    Its words are used only if they are made of what was asked and said before; whenever they are
    not, or the model fails, what the rules make of the question stands. A question costs two
    short calls at most, and four look-ups.
    """

    def __init__(self, rules: Rules, chat: Chat, *, condense: Prompt, decompose: Prompt) -> None:
        self._rules = rules
        self._chat = chat
        self._condense = condense
        self._decompose = decompose

    def query(
        self, question: str, *, turns: Sequence[Turn], filters: Filters, today: date
    ) -> Query:
        """The query of a question.

        Raises:
            QuestionError: the question is empty, too long or holds no words.
        """
        ruled = self._rules.query(question, turns=turns, filters=filters, today=today)
        reworded = self._stand_alone(ruled, turns, filters, today) if turns else ruled
        parts = self._parts(reworded.text) if _may_have_parts(reworded) else None
        return reworded if parts is None else dataclasses.replace(reworded, parts=parts)

    def _stand_alone(
        self, ruled: Query, turns: Sequence[Turn], filters: Filters, today: date
    ) -> Query:
        text = self._reworded(ruled.question, turns)
        if text is None or fold(text) == fold(ruled.question):
            return ruled
        alone = self._rules.query(text, turns=(), filters=filters, today=today)
        return dataclasses.replace(
            alone, question=ruled.question, carried=ruled.carried or _cited(turns)
        )

    def _reworded(self, question: str, turns: Sequence[Turn]) -> str | None:
        """The question as one that stands alone; None where the model's words cannot be used."""
        last = turns[-_TURNS_READ:]
        said = [(turn.question, turn.answer.text[:_LONGEST_ANSWER]) for turn in last]
        conversation = "\n".join(f"Asked: {asked}\nAnswered: {answer}" for asked, answer in said)
        lines = self._lines(self._condense, conversation=conversation, question=question)
        if lines is None or len(lines) != 1:
            return None
        known = " ".join([question, *(f"{asked} {answer}" for asked, answer in said)])
        return lines[0] if _is_made_of(lines[0], known) else None

    def _parts(self, question: str) -> tuple[str, ...] | None:
        """The look-ups of a question, () for one; None where the model's words cannot be used."""
        lines = self._lines(self._decompose, most=str(MOST), question=question)
        if lines is None:
            return None
        if len(lines) == 1:
            return () if _ONE.fullmatch(lines[0]) or _is_made_of(lines[0], question) else None
        wanted = set(terms(question))
        if not all(_is_made_of(line, question) and wanted & set(terms(line)) for line in lines):
            return None
        return tuple(dict.fromkeys(lines))[:MOST]

    def _lines(self, prompt: Prompt, **fields: str) -> list[str] | None:
        try:
            reply, _ = self._chat.say(prompt.fill(**fields))
        except DatelineError:
            return None
        reply = re.sub(r"<think(?:ing)?>.*?</think(?:ing)?>", "", reply, flags=re.DOTALL)
        lines = [plain_text(_BULLET.sub("", line)) for line in reply.splitlines()]
        return [line.strip("\"'“”‘’ ") for line in lines if words(line)] or None


def _may_have_parts(query: Query) -> bool:
    long = len(words(query.text)) >= _LONG
    return bool(query.parts) or long or len(names(query.text)) >= _NAMED


def _is_made_of(text: str, known: str) -> bool:
    """Whether a model's question is one, and brings in no name or number of its own."""
    if not terms(text) or len(text) > _LONGEST or instructions(text):
        return False
    folded, said = fold(known), set(words(known))
    figures = set(_FIGURE.findall(known))
    named = (part for name in names(text) if name.certain for part in words(name.text))
    return all(figure in figures for figure in _FIGURE.findall(text)) and all(
        part in said or part.removesuffix("'s") in said or part in folded for part in named
    )


def _cited(turns: Sequence[Turn]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.passage.id for c in turns[-1].answer.citations))
