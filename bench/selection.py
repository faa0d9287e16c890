"""Do the quoted sentences answer? The product asked over xquad-en and clapnq.

xquad-en: share of the 1,190 questions whose answer's text stands in the first quote, and in at
most two, all from the paragraph the question was written for; an abstention counts as a miss.
clapnq: share of the 300 answerable questions of which a gold sentence (token F1 of 0.8 or more)
is among at most three quotes, with the confidence's refusals left aside and counted. For both, the
half of the questions that the weights did not learn from is printed beside the whole.

    python bench/selection.py --data DIR [--cache DIR]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pools import Case, Pool, Pooled, clapnq, folders, xquad
from scipy.stats import binomtest

from rag.quoting.confidence import THRESHOLD
from rag.quoting.selection import Chosen, select


@dataclass(frozen=True)
class Quoted:
    """What was quoted for a question: whether each quote answers, best first, and the refusal."""

    case: Case
    answers: tuple[bool, ...]
    refused: bool
    shorts: tuple[str | None, ...]


def quoted(pool: Pool, cache: Path | None, quotes: int) -> list[Quoted]:
    """What is quoted for each answerable question of a pool, at most so many sentences."""
    found = []
    with Pooled(pool, cache) as pooled:
        for case in (case for case in pool.cases if case.answerable):
            hits = pooled.hits(case.question)
            selection = select(case.question, hits, idf=pooled.idf, max_quotes=quotes)
            answers = tuple(_answers(case, chosen) for chosen in selection.chosen)
            shorts = tuple(_short(chosen) for chosen in selection.chosen)
            found.append(Quoted(case, answers, selection.confidence < THRESHOLD, shorts))
    return found


def _answers(case: Case, chosen: Chosen) -> bool:
    home = chosen.passage.source.article_id == str(case.home)
    return case.answered_by(_text(chosen, chosen.start, chosen.end), home)


def _short(chosen: Chosen) -> str | None:
    return _text(chosen, *chosen.short) if chosen.short else None


def _text(chosen: Chosen, start: int, end: int) -> str:
    return chosen.passage.text[start - chosen.passage.start : end - chosen.passage.start]


def main() -> None:
    folder, cache = folders(__doc__)
    squad = quoted(xquad(folder), cache, 2)
    natural = quoted(clapnq(folder), cache, 3)
    for label, halves in (("all", (0, 1)), ("half 1, not learned from", (1,))):
        rows = [row for row in squad if row.case.half in halves]
        kept = [not row.refused for row in rows]
        one = [row.answers[:1] == (True,) and not row.refused for row in rows]
        two = [any(row.answers) and not row.refused for row in rows]
        print_share(f"xquad-en, {label}: answer in the first quote", one)
        print_share(f"xquad-en, {label}: answer in at most two", two)
        print_share(f"xquad-en, {label}: not refused", kept)
        print_shorts(f"xquad-en, {label}", rows)
        rows = [row for row in natural if row.case.half in halves]
        print_share(f"clapnq, {label}: gold sentence among three", [any(r.answers) for r in rows])
        print_share(f"clapnq, {label}: not refused", [not row.refused for row in rows])


def print_share(label: str, outcomes: Sequence[bool]) -> None:
    """The share of true outcomes with its 95 % Wilson interval."""
    test = binomtest(sum(outcomes), len(outcomes))
    low, high = test.proportion_ci(0.95, method="wilson")
    print(f"{label:62} {test.statistic:.3f} [{low:.3f}, {high:.3f}] n={len(outcomes)}")


def print_shorts(label: str, rows: Sequence[Quoted]) -> None:
    """How often the marked short answer meets the known one, where the first quote answers."""
    right = [row for row in rows if row.answers[:1] == (True,)]
    marked = [(row.shorts[0], row.case.answers) for row in right if row.shorts[0]]
    meets = [any(a in short or short in a for a in answers) for short, answers in marked if short]
    print(f"{label}: a short answer is marked in {len(marked)} of {len(right)} right quotes")
    print_share(f"{label}: it meets the answer", meets)


if __name__ == "__main__":
    main()
