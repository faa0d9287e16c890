"""Answers: what was said, against what a right answer says."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rag.evaluation.cases import Numeric
from rag.evaluation.labels import folded
from rag.language.figures import Figure, figures
from rag.language.terms import stem
from rag.records import Answer

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
# A word, a number with its marks, or a sign that changes what a number says.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[£$€¥₩₹%]")
_UNIT_REACH = 4  # words after a number in which its unit may stand: "412 million new pounds"


def said(answer: Answer) -> str:
    """The words of an answer without its markers; empty when it abstains."""
    return "" if answer.abstained else " ".join(claim.text for claim in answer.claims)


def short_answer(answer: Answer) -> str:
    """The short answer that the first quote marks out; else all that was said."""
    for citation in answer.citations:
        quote = citation.quote
        if quote.short:
            start, end = quote.short
            return quote.text[start - quote.start : end - quote.start]
    return said(answer)


def squad_words(text: str) -> list[str]:
    """The words of SQuAD's comparison: lower case, no punctuation, no articles (a, an, the)."""
    bare = text.lower().translate(_PUNCTUATION)
    return _ARTICLES.sub(" ", bare).split()


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1 when the prediction equals one of the gold answers by SQuAD's comparison."""
    return float(any(squad_words(prediction) == squad_words(gold) for gold in golds))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """The best F1 of shared words with one of the gold answers (SQuAD)."""
    return max((_f1(squad_words(prediction), squad_words(gold)) for gold in golds), default=0.0)


def _f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    shared = sum((Counter(predicted) & Counter(gold)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(gold)
    return 2 * precision * recall / (precision + recall)


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """The words, numbers and money signs of a text, folded; thousands marks and articles go."""
    plain = folded(text).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    found = (_number(token) for token in _TOKEN.findall(bare))
    return tuple(token for token in found if token not in ("a", "an", "the"))


def mentions(text: str, phrase: str) -> bool:
    """Whether the whole words of the phrase stand in the text, in a row: "5" is not in "551.5"."""
    wanted, there = tokens(phrase), tokens(text)
    if not wanted:
        return False
    starts = range(len(there) - len(wanted) + 1)
    return any(there[i : i + len(wanted)] == wanted for i in starts)


def coverage(text: str, must_include: Sequence[Sequence[str]]) -> float:
    """Groups of which some wording is mentioned / groups (ALCE's STR-EM)."""
    present = sum(any(mentions(text, wording) for wording in group) for group in must_include)
    return present / len(must_include)


def violations(text: str, must_not_include: Sequence[str]) -> tuple[str, ...]:
    """The forbidden wordings that the text mentions."""
    return tuple(wording for wording in must_not_include if mentions(text, wording))


def states(text: str, wanted: Numeric) -> bool:
    """Whether the text states the figure, in its unit, within its tolerance."""
    return any(
        abs(figure.value - wanted.value) <= wanted.rel_tol * abs(wanted.value) + 1e-9
        and _in_unit(text, figure, wanted.unit)
        for figure in [*figures(text), *_years(text)]
    )


def _in_unit(text: str, figure: Figure, unit: str | None) -> bool:
    if unit is None:
        return True
    example = figures(f"{unit} 5") if unit.isupper() else figures(f"5 {unit}")
    meant = example[0].unit if example else None
    if meant is not None and meant == figure.unit:
        return True
    wanted = {stem(word) for word in tokens(unit)}
    around = [*tokens(figure.text), *tokens(text[figure.end :])[:_UNIT_REACH]]
    if wanted <= {stem(word) for word in around}:
        return True
    # "spends 61.4 billion crowns and borrows 1.9 billion": a bare number shares a unit said before.
    return figure.unit is None and wanted <= {stem(word) for word in tokens(text[: figure.start])}


def _years(text: str) -> list[Figure]:
    """Bare four-figure years, which are dates and so no figures of the text."""
    return [
        Figure(match.start(), match.end(), match[0], float(match[0]))
        for match in re.finditer(r"(?<![\w.,])\d{4}(?![\w.,]\d|\w)", text)
    ]


def _number(token: str) -> str:
    if not token[0].isdigit():
        return token
    return re.sub(r",(?=\d{3}(?:\D|$))", "", token)
