"""Suggestions: questions that this archive is known to answer, since it was asked them first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, zip_longest

from rag.language.names import names
from rag.language.questions import questions
from rag.language.sentences import sentence_spans
from rag.language.terms import STOPWORDS, terms, words
from rag.records import Answer, Article, Source

# Questions put to the archive at most for one set of suggestions: some tenths of a second.
_TRIED = 12
# Articles that an answer leads on to.
_ARTICLES = 4
# Sentences of an article that are looked at for questions.
_SENTENCES = 40
# A question that is longer reads badly on a button.
_LONGEST = 100
# What points at another sentence or at who speaks, whom the reader of a button does not see.
_POINTING = re.compile(
    r"\b(?:that|this|these|those|such|also|it|he|she|him|they|them|I|me|my|we|us|our|you|your)\b",
    re.IGNORECASE,
)
# Two questions that share more of their terms ask the same thing.
_SAME = 0.6

Ask = Callable[[str], Answer]
Read = Callable[[str], Article]


class Suggestions:
    """Makes questions of articles by rule and keeps those that the archive answers from them.

    `ask` answers a question that stands on its own, `read` gives an article by its id.
    """

    def __init__(self, ask: Ask, read: Read) -> None:
        self._ask = ask
        self._read = read

    def examples(self, sources: Iterable[Source], *, most: int) -> tuple[str, ...]:
        """Questions that begin a conversation, of different articles among those given."""
        made = [self._of_article(source.article_id) for source in sources]
        in_turn = (question for round in zip_longest(*made) for question in round if question)
        return tuple(islice(self._answered(in_turn, ()), most))

    def follow_ups(self, answer: Answer, *, most: int) -> tuple[str, ...]:
        """Questions that an answer leads to: of the articles cited, then of the next ones found.

        Those that share a name with the answer come first; an answer that cites nothing has none.
        """
        cited = [citation.source.article_id for citation in answer.citations]
        found = [hit.passage.source.article_id for hit in answer.hits] if cited else []
        near = list(dict.fromkeys((*cited, *found)))[:_ARTICLES]
        made = [question for article_id in near for question in self._of_article(article_id)]
        named = {name.text for claim in answer.claims for name in names(claim.text)}
        made.sort(key=lambda question: not any(name in question[1] for name in named))
        asked = [answer.understood, *(claim.text for claim in answer.claims)]
        return tuple(islice(self._answered(made, asked), most))

    def _of_article(self, article_id: str) -> list[tuple[str, str]]:
        """The article with each question that a sentence of it answers."""
        text = self._read(article_id).text
        found: list[tuple[str, str]] = []
        for start, end in sentence_spans(text)[:_SENTENCES]:
            sentence = text[start:end]
            if sentence.endswith(".") and "\n" not in sentence:
                found += [
                    (article_id, made.text)
                    for made in questions(sentence)
                    if _is_askable(made.text, made.answer)
                ]
        return found

    def _answered(self, made: Iterable[tuple[str, str]], asked: Iterable[str]) -> Iterator[str]:
        """Those that the archive answers from their article, each unlike all before."""
        before = [set(terms(text)) for text in asked]
        tried = 0
        for article_id, question in made:
            wanted = set(terms(question))
            if any(len(wanted & other) > _SAME * len(wanted) for other in before):
                continue
            if tried == _TRIED:
                return
            tried += 1
            found = self._ask(question)
            if article_id in {citation.source.article_id for citation in found.citations}:
                before.append(wanted)
                yield question


def _is_askable(question: str, answer: str) -> bool:
    """Whether a question is short, names something, and does not give its answer away."""
    told = set(words(answer)) - STOPWORDS
    names_something = any(" " in name.text or name.certain for name in names(question))
    if len(question) > _LONGEST or _POINTING.search(question):
        return False
    return names_something and not told <= set(words(question))
