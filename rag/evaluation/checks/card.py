"""The checker's card: how often the support check itself is wrong, measured in the same run.

The sentences that carry the suite's own evidence are changed so that they are no longer true
(a number, a name, …), or reworded so that they still are. A change that the checker still calls
supported is a miss; a rewording that it does not is a false alarm. The changes are made by rule,
so the card is a self-test, not a measure of accuracy on free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.evaluation.cases import Case
from rag.evaluation.checks.mutations import Mutant, TrueSentence, mutants
from rag.evaluation.checks.support import Checker
from rag.evaluation.labels import Shelf, holds
from rag.evaluation.metrics.statistics import wilson
from rag.evaluation.run import CardRow
from rag.language.sentences import sentence_spans
from rag.records import Article, Verdict

MOST_OF_A_KIND = 200  # mutants: enough for an interval of a few points, done in a second or two


def checker_card(cases: Iterable[Case], shelf: Shelf, checker: Checker) -> tuple[CardRow, ...]:
    """How the checker fares on each kind of change and control; kinds never tried are left out."""
    found = mutants(true_sentences(cases, shelf), each=MOST_OF_A_KIND)
    rows = [
        _row(kind.value, made, checker, control=kind.keeps_truth)
        for kind, made in found.items()
        if made
    ]
    return tuple(sorted(rows, key=lambda row: row.control))


def summary(card: Sequence[CardRow]) -> str:
    """One line: how many of each change are caught, and how many controls are false alarms."""
    caught = [f"{row.operator} {row.right}/{row.tried}" for row in card if not row.control]
    tried = sum(row.tried for row in card if row.control)
    alarms = tried - sum(row.right for row in card if row.control)
    return f"caught: {', '.join(caught)}; false alarms {alarms}/{tried}"


def true_sentences(cases: Iterable[Case], shelf: Shelf) -> list[TrueSentence]:
    """The distinct sentences that hold an evidence quote, with their paragraphs, in case order."""
    found: dict[str, TrueSentence] = {}
    for case in cases:
        for evidence in case.evidence:
            article = shelf.find(evidence.article)
            sentence = _sentence_with(article, evidence.quote) if article else None
            if article and sentence:
                found.setdefault(sentence, TrueSentence(sentence, _paragraph(article, sentence)))
    return list(found.values())


def _row(operator: str, made: Sequence[Mutant], checker: Checker, *, control: bool) -> CardRow:
    verdicts = [checker([mutant.passage], mutant.text) for mutant in made]
    supported = verdicts.count(Verdict.SUPPORTED)
    right = supported if control else len(verdicts) - supported
    return CardRow(operator, control, right, len(verdicts), wilson(right, len(verdicts)))


def _sentence_with(article: Article, quote: str) -> str | None:
    sentences = (article.text[start:end] for start, end in sentence_spans(article.text))
    return next((sentence for sentence in sentences if holds(sentence, quote)), None)


def _paragraph(article: Article, sentence: str) -> str:
    paragraphs = article.text.split("\n\n")
    return next((text for text in paragraphs if sentence in text), sentence)
