"""Writing: questions that a chat model asks about sentences, held to the same rules as others.

The answer must stand in the sentence, the question must name something, must not give its answer
away, and no other article may answer it. What passes is a draft like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from rag.errors import ModelError
from rag.evaluation.cases import Case
from rag.evaluation.making.generating import Generated, Sentence, Stock, case_of
from rag.evaluation.metrics.answers import mentions
from rag.language.questions import stands_alone
from rag.records import Article
from rag.writing.chat import Chat
from rag.writing.prompts import Prompt

_KIND = "written"
_REPLY = re.compile(r"\s*Q:\s*(?P<question>[^\n]+\?)\s*\n\s*A:\s*(?P<answer>[^\n]+?)\s*$")
_CHARACTERS_PER_TOKEN = 4  # the common rule for English
_REPLY_TOKENS = 40  # a question and an answer


@dataclass(frozen=True, slots=True)
class Estimate:
    """What asking a chat model will take, before it is asked. Tokens are estimated."""

    requests: int
    read: int
    written: int


def estimate(articles: Iterable[Article], most: int) -> Estimate:
    """The requests and tokens of writing up to `most` questions."""
    chosen = _chosen(Stock.of(articles), most)
    letters = sum(len(prompt().text) + len(sentence.text) for sentence in chosen)
    read = round(letters / _CHARACTERS_PER_TOKEN)
    return Estimate(len(chosen), read, _REPLY_TOKENS * len(chosen))


def write_questions(articles: Iterable[Article], chat: Chat, *, most: int) -> Generated:
    """One question on each of up to `most` sentences, spread evenly; a failure drops its own.

    Raises:
        ModelError: the model answers nothing at all.
    """
    stock = Stock.of(articles)
    cases: list[Case] = []
    dropped: list[str] = []
    failures: list[ModelError] = []
    chosen = _chosen(stock, most)
    for sentence in chosen:
        try:
            reply, _ = chat.say(prompt().fill(sentence=sentence.text))
        except ModelError as error:
            failures.append(error)
            dropped.append(f"{sentence.text!r}: {error}")
            continue
        match = _REPLY.match(reply)
        if match is None:
            dropped.append(f"{sentence.text!r}: the reply is no question with an answer")
            continue
        question, answer = match["question"].strip(), match["answer"].strip()
        problem = _problem(stock, sentence, question, answer)
        if problem:
            dropped.append(f"{question!r}: {problem}")
        else:
            cases.append(case_of(f"{_KIND}-{len(cases) + 1:03}", _KIND, question, answer, sentence))
    if chosen and len(failures) == len(chosen):
        raise failures[0]
    return Generated(tuple(cases), tuple(dropped))


def prompt() -> Prompt:
    """What the model is told."""
    text = files("rag.evaluation.making").joinpath("generate.md").read_text(encoding="utf-8")
    return Prompt("generate", text)


def _problem(stock: Stock, sentence: Sentence, question: str, answer: str) -> str:
    if not mentions(sentence.text, answer):
        return "its answer does not stand in the sentence"
    return stock.problem(sentence, question, answer)


def _chosen(stock: Stock, most: int) -> list[Sentence]:
    """Up to `most` of the sentences that stand alone, as evenly apart as can be."""
    alone = [sentence for sentence in stock.sentences if stands_alone(sentence.text)]
    if len(alone) <= most:
        return alone
    return [alone[place * len(alone) // most] for place in range(most)]
