"""Are typing errors mended, and is what was typed right left alone?

    python bench/spelling.py --data DIR        (or RAG_BENCH_DATA)

Twins: the questions of the shipped suite that hold typing errors (the part `dev`), against the
shipped archive. Untouched: questions as their authors wrote them, against their own pool and,
harder, against archives that hold few of their words; each change is a fault, but for the errors
that the authors made. Typed: those that stayed, each with one error in one word of five letters or
more (seeded), by kind of error and of word; `left` stays as typed, `wrong` becomes another question
than the one that was meant. Without the lexicon: what its words are good for.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from string import ascii_lowercase

from rag.asking.spelling import Mended, Speller
from rag.bundle import folder
from rag.indexes.words import Words
from rag.language.lexicon import common_words
from rag.language.terms import STOPWORDS, fold, word_spans
from rag.passages import split
from rag.reading import Reading, read
from rag.records import Article, Passage, Source
from rag.settings import PASSAGE_OVERLAP, PASSAGE_SIZE

KINDS = ("swap", "lose", "double", "replace")
OUTCOMES = ("right", "left", "wrong")
_SHORTEST = 5


def main() -> None:
    """Print every table."""
    from pools import Pool, data_folder, xquad

    options = _arguments()
    place = data_folder(options.data)
    pool: Pool = xquad(place)
    asked = [case.question.strip() for case in pool.cases]
    news = json.loads((place / "multihop-facts/queries.json").read_text("utf-8"))["queries"]
    multihop = [row["question"] for row in news]
    with tempfile.TemporaryDirectory() as scratch:
        shipped = archive(Path(scratch) / "shipped", shipped_passages())
        own = archive(Path(scratch) / "xquad", plain_passages(pool.texts))
        archives = {"xquad-en": own, "shipped": shipped}
        for label, language in (("with lexicon", common_words), ("without", frozenset)):
            spellers = {name: Speller(_given(words), language) for name, words in archives.items()}
            print(f"\n{label}")
            show_twins(spellers["shipped"])
            for name, speller in spellers.items():
                for of, questions in (("xquad-en", asked), ("multihop", multihop)):
                    table = f"{of} questions, {name} archive"
                    show_untouched(table, speller, questions, options.examples)
                    lower = [question.lower() for question in questions]
                    show_untouched(f"{table}, lower case", speller, lower, options.examples)
                right = [text for text in asked if not speller.mended(text).changes]
                show_typed(f"xquad-en questions, {name} archive", speller, right, options)


def _given(words: Words) -> Callable[[], Words]:
    return lambda: words


def show_twins(speller: Speller) -> None:
    """Questions of the suite with typing errors: how many become their parents again."""
    rows = [
        json.loads(line)
        for line in (folder("eval") / "archive/cases.jsonl").read_text("utf-8").splitlines()
    ]
    questions = {row["id"]: row["question"] for row in rows}
    twins = [row for row in rows if row.get("perturbation") == "typo" and row["split"] == "dev"]
    words, right = Counter[str](), 0
    for twin in twins:
        typed, meant = twin["question"], questions[twin["parent"]]
        mended = speller.mended(typed).text
        right += mended == meant
        for was, now, wanted in zip(typed.split(), mended.split(), meant.split(), strict=True):
            if was != wanted:
                words["right" if now == wanted else "left" if now == was else "wrong"] += 1
            elif now != was:
                words["harmed"] += 1
        if mended != meant:
            print(f"    {mended}    ({meant})")
    print(f"twins: {right} of {len(twins)} questions right; words {dict(words)}")


def show_untouched(label: str, speller: Speller, questions: Sequence[str], examples: int) -> None:
    """The share of correct questions that change."""
    mended = [speller.mended(question) for question in questions]
    changed = [each.changes for each in mended if each.changes]
    print(f"untouched, {label}: {len(changed)} of {len(questions)} change")
    for changes in changed[:examples]:
        print("    ", *(f"{was} → {now}" for was, now in changes))


def show_typed(
    label: str, speller: Speller, questions: Sequence[str], options: argparse.Namespace
) -> None:
    """What becomes of one error in each question."""
    table = defaultdict[str, Counter[str]](Counter)
    milliseconds, shown = [], []
    for kind, question, typed in mistyped(questions, options.seed):
        began = time.perf_counter()
        mended = speller.mended(typed)
        milliseconds.append(1000 * (time.perf_counter() - began))
        outcome = _outcome(question, typed, mended)
        for row in (kind, "in names" if _in_a_name(question, typed) else "in others", "all"):
            table[row][outcome] += 1
        if outcome == "wrong":
            shown.append(f"{mended.changes} in {question}")
    print(f"typed, {label}: {statistics.median(milliseconds):.2f} ms a question")
    for row, counts in sorted(table.items()):
        shares = (f"{name} {counts[name] / counts.total():.3f}" for name in OUTCOMES)
        print(f"    {row:<10} n={counts.total():<5}", *shares)
    print(*(f"      {line}" for line in shown[: options.examples]), sep="\n")


def _outcome(question: str, typed: str, mended: Mended) -> str:
    if mended.text == question:
        return "right"
    return "left" if mended.text == typed else "wrong"


def _in_a_name(question: str, typed: str) -> bool:
    """Whether the word with the error is capitalised."""
    pairs = zip(word_spans(question), word_spans(typed), strict=True)
    return any(question[s:e] != typed[b:f] and question[s].isupper() for (s, e), (b, f) in pairs)


def mistyped(questions: Sequence[str], seed: int) -> Iterator[tuple[str, str, str]]:
    """(kind of error, question, question with one error of it), for each that has a long word."""
    chance = random.Random(seed)
    for question in questions:
        spans = [(s, e) for s, e in word_spans(question) if _is_long(question[s:e])]
        if spans:
            start, end = chance.choice(spans)
            kind = chance.choice(KINDS)
            word = _with_error(question[start:end], kind, chance)
            yield kind, question, question[:start] + word + question[end:]


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and fold(word) not in STOPWORDS


def _with_error(word: str, kind: str, chance: random.Random) -> str:
    """The word with one error, which may be anywhere; the word it gives is another."""
    while True:
        at = chance.randrange(len(word))
        match kind:
            case "swap":
                pair = word[at : at + 2]
                swapped = pair[::-1].title() if pair.istitle() else pair[::-1]
                made = word[:at] + swapped + word[at + 2 :]
            case "lose":
                made = word[:at] + word[at + 1 :]
            case "double":
                made = word[: at + 1] + word[at].lower() + word[at + 1 :]
            case _:
                made = word[:at] + chance.choice(ascii_lowercase) + word[at + 1 :]
        if made != word:
            return made


def shipped_passages() -> Iterator[Passage]:
    """The passages of the archive that ships with the suite."""
    for path in sorted((folder("eval") / "archive/articles").glob("*.md")):
        for found in read(path):
            assert isinstance(found, Reading), found
            source = Source(path.stem, found.title, found.publisher)
            article = Article(source, found.text, content_hash="")
            yield from split(article, size=PASSAGE_SIZE, overlap=PASSAGE_OVERLAP)


def plain_passages(texts: Sequence[str]) -> Iterator[Passage]:
    """One passage a text, of no language source."""
    for number, text in enumerate(texts):
        yield Passage(str(number), Source(str(number)), text, 0, len(text))


def archive(place: Path, passages: Iterator[Passage]) -> Words:
    """The word index of the passages."""
    words = Words(place)
    words.add(passages)
    words.commit()
    return words


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=int, default=0, metavar="N", help="faults to print")
    return parser.parse_args()


if __name__ == "__main__":
    main()
