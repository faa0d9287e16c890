"""SQuAD's comparison, written a second time from its definition, character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
ARTICLES = {"a", "an", "the"}


def words_of(text: str) -> list[str]:
    """Lower case; punctuation goes without leaving a gap; then articles that stand alone go."""
    kept = "".join(char for char in text.lower() if char not in PUNCTUATION)
    return "".join(_without_articles(kept)).split()


def _without_articles(text: str) -> Iterator[str]:
    run = ""
    for char in [*text, ""]:
        if char.isalnum() or char == "_":
            run += char
            continue
        yield " " if run in ARTICLES else run
        yield char
        run = ""


def exact(prediction: str, golds: Sequence[str]) -> int:
    """1 if the prediction has the words of a gold answer, in order, and no others."""
    return max(int(words_of(prediction) == words_of(gold)) for gold in golds)


def overlap(prediction: str, golds: Sequence[str]) -> float:
    """The best harmonic mean of how much of each is in the other; a word counts each time."""
    return max(_overlap(words_of(prediction), words_of(gold)) for gold in golds)


def _overlap(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return 1.0 if ours == theirs else 0.0
    left, common = list(theirs), 0
    for word in ours:
        if word in left:
            left.remove(word)
            common += 1
    return 2 * common / (len(ours) + len(theirs))
