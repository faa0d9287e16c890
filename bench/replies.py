"""What is kept of the replies of a chat model, true and false ones, and how soon it is shown.

    python -m bench.replies [--each 60] [--seed 0] [--misses 3]

The replies are made from the project's own archive; no model and no network is used.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from pydantic import PrivateAttr

from rag.bundle import folder
from rag.checking.claims import LadderChecker
from rag.evaluation.checks.trials import Attempt, Trial, attempts
from rag.language.terms import fold
from rag.passages import split
from rag.records import Article, Draft, Filters, Hit, Passage, Query, Source, Verdict
from rag.settings import PASSAGE_OVERLAP, PASSAGE_SIZE
from rag.writing.chat import Chat, Limits
from rag.writing.generating import GeneratingAnswerer, Held
from rag.writing.markup import plain_text
from rag.writing.prompts import prompts
from rag.writing.scripted import ScriptedChat

_PAUSE = 0.005  # seconds between words: a fast model
_END = re.compile(r"\[\d+\]\.|[.”\"] \[\d+\]|】\.|\(\d+\)\.|\.\[\^\d+\]|\[Passage \d+\]\.")
_MARKS = str.maketrans("“”", '""')
_QUERY = Query("What happened?", "What happened?", Filters(), date(2023, 3, 1))


class Silent:
    """Quotes nothing, so that what is shown is the model's."""

    def draft(self, query: Query, hits: Sequence[Hit]) -> Iterator[Draft]:
        del query, hits
        yield Draft(abstained=True, confidence=1.0)


def main() -> int:
    """Print a line a kind; exit status 1 when a false sentence is shown as supported."""
    arguments = _arguments()
    tried = attempts(archive(), each=arguments.each, seed=arguments.seed)
    counts: Counter[tuple[Trial, str]] = Counter()
    shown: dict[Trial, list[Attempt]] = {}
    for attempt in tried:
        fate = fate_of(attempt)
        counts[attempt.trial, fate] += 1
        if (fate == "kept") != attempt.trial.is_true:
            shown.setdefault(attempt.trial, []).append(attempt)
    print(f"{len(tried)} replies, seed {arguments.seed}")
    print(f"{'kind':28} {'n':>4} {'kept':>5} {'replaced':>9} {'dropped':>8}")
    for trial in Trial:
        row = [counts[trial, fate] for fate in ("kept", "replaced", "dropped")]
        print(f"{trial:28} {sum(row):4} {row[0]:5} {row[1]:9} {row[2]:8}")
        for attempt in shown.get(trial, [])[: arguments.misses]:
            print(f"    {attempt.sentence}")
    false = sum(counts[trial, "kept"] for trial in Trial if not trial.is_true)
    true = [trial for trial in Trial if trial.is_true]
    kept = sum(counts[trial, "kept"] for trial in true)
    total = sum(number for (trial, _), number in counts.items() if trial in true)
    print(f"false sentences shown as supported: {false}")
    print(f"true sentences kept: {kept} of {total} = {kept / max(1, total):.3f}")
    faithful = [attempt for attempt in tried if attempt.trial is Trial.FAITHFUL]
    taken = [wait for attempt in faithful for wait in waits(attempt)]
    print(
        f"from a sentence's last character to its verdict: {statistics.median(taken):.1f} ms"
        f" (median of {len(taken)}), {max(taken):.1f} ms at most"
    )
    return 1 if false else 0


def archive() -> list[Passage]:
    """The passages of the project's archive."""
    found: list[Passage] = []
    for path in sorted((folder("eval") / "archive" / "articles").glob("*.md")):
        text = path.read_text(encoding="utf-8").partition("\n---\n")[2].strip()
        article = Article(Source(path.stem), text, sha256(text.encode()).hexdigest())
        found += split(article, size=PASSAGE_SIZE, overlap=PASSAGE_OVERLAP)
    return found


def fate_of(attempt: Attempt) -> str:
    """What became of the sentence in question: "kept", "replaced" or "dropped"."""
    *_, last = answerer(ScriptedChat(replies=[attempt.reply])).draft(_QUERY, attempt.hits)
    supported = [claim for claim in last.claims if claim.verdict is Verdict.SUPPORTED]
    if any(flat(claim.text) == flat(attempt.sentence) for claim in supported):
        return "kept"
    return "replaced" if any("in place of" in c.reason for c in supported) else "dropped"


def flat(text: str) -> str:
    """The text as a reader sees it: one blank a gap, one kind of quotation mark."""
    return " ".join(fold(plain_text(text)).translate(_MARKS).split())


def waits(attempt: Attempt) -> list[float]:
    """Milliseconds from the last character of each sentence of a reply to the draft that has it."""
    model = TimedChat(replies=[attempt.reply], pause=_PAUSE)
    ends = [match.end() for match in _END.finditer(attempt.reply)]
    found: list[float] = []
    for draft in answerer(model).draft(_QUERY, attempt.hits):
        shown = time.perf_counter()
        if draft.usage is None and len(draft.claims) == len(found) + 1 <= len(ends):
            found.append(1000 * (shown - model.sent_at(ends[len(found)])))
    return found


class TimedChat(ScriptedChat):
    """A scripted model that notes when each character was sent."""

    _sent: list[tuple[float, int]] = PrivateAttr(default_factory=list)

    def sent_at(self, length: int) -> float:
        """When so many characters had been sent."""
        return next(at for at, sent in self._sent if sent >= length)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        length = 0
        for chunk in super()._stream(*args, **kwargs):
            length += len(str(chunk.message.text))
            self._sent.append((time.perf_counter(), length))
            yield chunk


def answerer(model: ScriptedChat) -> GeneratingAnswerer:
    """The answerer with a scripted model."""
    chat = Chat("scripted:trial", lambda: model, limits=Limits(timeout=10, retries=0))
    return GeneratingAnswerer(
        chat, prompts().answer, checker=Held(LadderChecker()), quoting=Silent()
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
