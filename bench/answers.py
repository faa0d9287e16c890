"""Is the answer quoted, and is an unanswerable question refused? Through the archive, as users ask.

    python bench/answers.py --data DIR        (or RAG_BENCH_DATA)

xquad-en: 240 paragraphs, one article each, 1,190 questions; the answer's text must stand in a
sentence quoted from the question's paragraph, and an abstention is a miss. clapnq: 600 passages,
300 questions with gold sentences (token F1 >= .8 with a quote) and 300 without an answer.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pools import Case, Pool, clapnq, data_folder, xquad
from retrieval import ingest, interval

from rag import Answer, Archive, Settings, open_archive
from rag.language.sentences import sentence_spans
from rag.quoting.confidence import THRESHOLD


def main() -> None:
    """Print a line for each measure of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    folder = data_folder(parser.parse_args().data)
    for quotes in (2, 1):
        pool = xquad(folder)
        answers = _answers(pool, quotes)
        found = [_quoted(case, answer) for case, answer in zip(pool.cases, answers, strict=True)]
        refused = [float(answer.abstained) for answer in answers]
        _line(pool.name, f"answer in {quotes} quoted", found)
        _line(pool.name, "refused", refused)
    pool = clapnq(folder)
    answers = _answers(pool, 3)
    pairs = list(zip(pool.cases, answers, strict=True))
    asked = [(case, answer) for case, answer in pairs if case.answerable]
    rest = [answer for case, answer in pairs if not case.answerable]
    answered = [_quoted(c, a) for c, a in asked if not a.abstained]
    _line(pool.name, "gold in 3 quoted, if answered", answered)
    _line(pool.name, "gold in 3 quoted", [_quoted(c, a) for c, a in asked])
    _line(pool.name, "answerable refused", [float(answer.abstained) for _, answer in asked])
    _line(pool.name, "unanswerable refused", [float(answer.abstained) for answer in rest])
    area = auc([a.confidence for _, a in asked], [a.confidence for a in rest])
    print(f"{pool.name:<10}{'AUC of the confidence':<30}{area:.3f}  threshold {THRESHOLD}")


def auc(yes: Sequence[float], no: Sequence[float]) -> float:
    """The chance that a random one of `yes` lies above a random one of `no`; ties count half."""
    above = np.subtract.outer(np.asarray(yes), np.asarray(no))
    return float(np.mean(np.where(above > 0, 1.0, np.where(above == 0, 0.5, 0.0))))


def _answers(pool: Pool, quotes: int) -> list[Answer]:
    with (
        tempfile.TemporaryDirectory() as place,
        open_archive(Path(place) / "index", Settings(max_quotes=quotes)) as archive,
    ):
        rows = [{"id": f"p{number}", "text": text} for number, text in enumerate(pool.texts)]
        ingest(archive, rows, Path(place))
        return [_ask(archive, case) for case in pool.cases]


def _ask(archive: Archive, case: Case) -> Answer:
    return archive.ask(case.question)


def _quoted(case: Case, answer: Answer) -> float:
    """1 where a quoted sentence holds the answer, else 0; a quote may be of two sentences."""
    home = f"p{case.home}"
    return float(
        any(
            case.answered_by(text, citation.source.article_id == home)
            for citation in answer.citations
            for text in (citation.quote.text, *_sentences(citation.quote.text))
        )
    )


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _line(name: str, label: str, values: Sequence[float]) -> None:
    low, high = interval(values)
    print(f"{name:<10}{label:<30}{np.mean(values):.3f}  [{low:.3f}, {high:.3f}]  n={len(values)}")


if __name__ == "__main__":
    main()
