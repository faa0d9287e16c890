"""Kills an ingest at random moments of each of its phases, asks, resumes, and compares the end.

    python bench/crashes.py --kills 50 --seed 7 [--articles 512] [--at DIR]

An archive is fed in a process that is killed (SIGKILL) a random while after it has entered a
phase: embedding, storing vectors, storing articles, filling the index, sealing it, publishing it,
or at any time at all. After each kill the archive is opened and asked: what it holds must be
found, quoted exactly, once, and what it held before must still be there. Then the ingest goes on
and is killed again; after five kills it may finish, and must end with the articles and passages of
one that was left alone. Exit status 1 if anything was wrong, lost or there twice.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.archive import Archive, open_archive
from rag.settings import Settings

# Of the kills of one archive all but the last come while articles are stored.
_KILLS_OF_ONE = 5
# A phase, and how long (seconds) after its beginning the kill may come.
_EARLY = {"any time": 4.0, "embedding": 0.6, "vectors": 0.02, "storing": 0.4}
_LATE = {"filling": 0.6, "sealing": 0.02, "publishing": 0.005}
_ASKED = 6
_PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Story:
    """An invented article with one fact to ask for."""

    key: str
    text: str
    question: str
    fact: str


def main() -> int:
    """Print a line a kill and the counts; 1 if there is anything to mend."""
    arguments = _arguments()
    if arguments.child:
        return _ingest(Path(arguments.child[0]), Path(arguments.child[1]))
    if arguments.at:
        arguments.at.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.at) as folder:
        return _crash(Path(folder), arguments)


def _crash(folder: Path, arguments: argparse.Namespace) -> int:
    die = random.Random(arguments.seed)
    stories = invented(arguments.articles, arguments.seed)
    (folder / "news").mkdir()
    rows = (json.dumps({"id": each.key, "text": each.text}) for each in stories)
    (folder / "news" / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    _left_alone(folder / "whole", folder / "news")
    want = fingerprint(folder / "whole")
    faults: list[str] = []
    phases: Counter[str] = Counter()
    number = asked = 0
    while number < arguments.kills:
        index = folder / f"index{number}"
        held: frozenset[str] = frozenset()
        planned = min(_KILLS_OF_ONE, arguments.kills - number)
        for turn in range(planned):
            phase, delay = _moment(die, late=turn == planned - 1)
            at = _killed(index, folder / "news", phase, delay, die.randint(1, 2))
            with open_archive(index, Settings()) as archive:
                found, wrong, questions = _checked(archive, stories, held, die)
            number += 1
            asked += questions
            phases[at] += 1
            held = found
            faults += wrong
            print(
                f"kill {number}: {at}, {len(held)} articles held, {len(wrong)} faults", flush=True
            )
        _left_alone(index, folder / "news")
        if fingerprint(index) != want:
            faults.append(f"the archive of kill {number} ends otherwise than one left alone")
    told = ", ".join(f"{count} {phase}" for phase, count in sorted(phases.items()))
    print(f"{number} kills ({told}), {asked} questions, {len(faults)} faults")
    for fault in faults:
        print(f"    {fault}")
    return 1 if faults else 0


def _moment(die: random.Random, *, late: bool) -> tuple[str, float]:
    """A phase and the seconds from its beginning to the kill."""
    phases = _LATE if late else _EARLY
    phase = die.choice(sorted(phases))
    return phase, die.uniform(0, phases[phase])


def _killed(index: Path, news: Path, phase: str, delay: float, occurrence: int) -> str:
    """Ingest and kill; the phase that it was in, or that it was done before."""
    process = _begun(index, news)
    assert process.stdout is not None
    guard = threading.Timer(_PATIENCE_SECONDS, process.kill)
    guard.start()
    seen = 0
    for line in process.stdout:
        seen += line.strip() == (phase if phase != "any time" else "begun")
        if seen and (seen >= occurrence or phase in ("any time", *_LATE)):
            break
    time.sleep(delay)
    process.kill()
    process.communicate()
    guard.cancel()
    return phase if process.returncode == -signal.SIGKILL else f"done before {phase}"


def _left_alone(index: Path, news: Path) -> None:
    output, _ = _begun(index, news).communicate(timeout=_PATIENCE_SECONDS)
    assert output.splitlines()[-1:] == ["done"], output


def _begun(index: Path, news: Path) -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, __file__, "--child", str(index), str(news)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


def _ingest(index: Path, news: Path) -> int:
    """The life of the process that is killed: it says which phase it enters."""
    from rag.embeddings.embedding import MiniLMEmbeddings
    from rag.indexes import generation
    from rag.indexes.index import Index
    from rag.store import Store

    for place, name, phase in (
        (MiniLMEmbeddings, "embed_documents", "embedding"),
        (Store, "put_vectors", "vectors"),
        (Store, "put", "storing"),
        (generation, "_fill", "filling"),
        (generation, "seal", "sealing"),
        (Index, "_publish", "publishing"),
    ):
        setattr(place, name, _announced(getattr(place, name), phase))
    print("begun", flush=True)
    with open_archive(index, Settings()) as archive:
        archive.ingest(news)
    print("done", flush=True)
    return 0


def _announced(function: Callable[..., Any], phase: str) -> Callable[..., Any]:
    def announced(*given: Any, **named: Any) -> Any:
        print(phase, flush=True)
        return function(*given, **named)

    return announced


def _checked(
    archive: Archive, stories: list[Story], before: frozenset[str], die: random.Random
) -> tuple[frozenset[str], list[str], int]:
    """What is held, what is wrong, and how many questions were asked."""
    written = {each.key: each for each in stories}
    articles = archive.articles()
    held = frozenset(article.id for article in articles)
    wrong = [f"{key} is lost" for key in before - held]
    wrong += [
        f"{key} is there twice" for key, n in Counter(a.id for a in articles).items() if n > 1
    ]
    wrong += [f"{a.id} has another text" for a in articles if a.text != written[a.id].text]
    status = archive.status()
    if status.searchable != status.generation:
        wrong.append(f"generation {status.searchable} is searched, the store has more")
    there = [written[key] for key in sorted(held)]
    missing = [each for each in stories if each.key not in held]
    chosen = die.sample(there, min(_ASKED, len(there))), die.sample(missing, min(2, len(missing)))
    for story in chosen[0]:
        wrong += _wrong_answer(archive, story)
    for story in chosen[1]:
        answer = archive.ask(story.question)
        if any(story.fact in claim.text for claim in answer.claims):
            wrong.append(f"{story.key} is answered and not stored")
    return held, wrong, sum(map(len, chosen))


def _wrong_answer(archive: Archive, story: Story) -> list[str]:
    """What is wrong with the answer to a question that the archive holds the answer of."""
    answer = archive.ask(story.question)
    wrong = []
    for citation in answer.citations:
        text = archive.article(citation.source.article_id).text
        if text[citation.quote.start : citation.quote.end] != citation.quote.text:
            wrong.append(f"{story.key}: a quote is not in its article")
    cited = [citation.source.article_id for citation in answer.citations]
    if story.key not in cited or not any(story.fact in claim.text for claim in answer.claims):
        wrong.append(f"{story.key}: {story.question} is answered from {cited or 'nothing'}")
    return wrong


def fingerprint(index: Path) -> str:
    """The hash of the live articles, the searched passages and the settings of an archive."""
    digest = hashlib.sha256()
    with open_archive(index, Settings()) as archive:
        status = archive.status()
    with sqlite3.connect(index / "store.sqlite3") as raw:
        passages = raw.execute(
            "select p.id, a.article_id, a.version, p.start, p.end, p.text_hash from passages p"
            " join articles a on a.key = p.article_key where a.live order by p.id"
        ).fetchall()
    for part in (status.corpus, status.built_with, status.articles, status.passages, passages):
        digest.update(repr(part).encode() + b"\0")
    return digest.hexdigest()


def invented(number: int, seed: int) -> list[Story]:
    """So many short articles of made-up names and words, no two nearly the same."""
    die = random.Random(seed)
    starts, ends = (
        "bar dal fen gor hul kar lim mor nar pel ros tur".split(),
        "dan keth mar nis vol wick".split(),
    )
    words = "river market school harbour forest council bridge winter garden ferry museum station "
    words += "orchard tower quarry mill library chapel meadow valley island tunnel theatre bakery"
    nouns = words.split()
    names = [f"{a}{b}{c}".title() for a in starts for b in starts for c in ends]
    die.shuffle(names)
    stories = []
    for at in range(number):
        name, count = names[at], f"{die.randint(1_000, 99_999):,}"
        one, two, three, four, five = die.sample(nouns, 5)
        text = (
            f"The {one} of {name} received {count} visitors last summer, its warden said. "
            f"They came by the {two} and left through the {three}, {die.randint(2, 40)} miles "
            f"away. The {four} stayed shut for {die.randint(2, 300)} days "
            f"while the {five} was painted {die.choice('red blue green white grey'.split())}."
        )
        question = f"How many visitors did the {one} of {name} receive?"
        stories.append(Story(f"a{at:04}", text, question, count))
    return stories


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--articles", type=int, default=512, help="at most 800")
    parser.add_argument("--at", type=Path, help="the folder to work in; default a temporary one")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
