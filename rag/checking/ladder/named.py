"""Names that the passage does not have."""

from __future__ import annotations

from collections.abc import Iterator

from rag.checking.alignment import Alignment, tokens
from rag.checking.attribution import is_pronoun
from rag.checking.ladder.fault import Fault, Kind
from rag.checking.ladder.reading import Reading, names_in
from rag.language.names import Name, key, matches

_LONGEST_PERSON = 3  # words of a person's name that a surname may stand for


# Endings of common words; an opening word with one of them need not be a name.
_COMMON_ENDINGS = ("s", "ing", "ed", "ly", "tion", "ment", "ness", "ity")


def strange_names(
    claim: Reading, around: Reading, whole: str, alignment: Alignment
) -> Iterator[Fault]:
    known = {token for name in around.names for token in key(name.text)}
    known |= {word.word.replace(".", "") for word in around.words} | set(around.keys)
    for name in claim.names:
        if _known(name, known, around, whole):
            continue
        replaced = _stands_for_a_name(name, alignment, around)
        if name.certain or replaced:
            reason = f"the claim names {name.text}, the passage does not"
            yield Fault(Kind.NAME, reason, replaced)


def _known(name: Name, known: set[str], around: Reading, whole: str) -> bool:
    parts = key(name.text)
    if all(part in known or part in ("the", "of", "and", "for", "&") for part in parts):
        return True
    if any(word.key in known for word in tokens(name.text)) and len(parts) == 1:
        return True
    for other in around.names:
        if matches(name.text, other.text):
            return True
        if _surname_of(other.text, name.text) and not _another(other, name, whole):
            return True
    return False


def _surname_of(short: str, full: str) -> bool:
    """Whether the one is the last word of the other, a person's name ("Lee" of "Ann B. Lee")."""
    last, whole = key(short), key(full)
    return len(last) == 1 < len(whole) <= _LONGEST_PERSON and whole[-1:] == last


def _another(short: Name, full: Name, whole: str) -> bool:
    """Whether the passage gives the short name to somebody else ("Kim" is "Kim Yo-jong")."""
    return any(
        len(key(name.text)) > 1
        and matches(short.text, name.text)
        and not matches(full.text, name.text)
        and not matches(name.text, full.text)
        for name in names_in(whole)
    )


def _stands_for_a_name(name: Name, alignment: Alignment, around: Reading) -> bool:
    """Whether the name took the place of a name or a pronoun, or opens a sentence as no word does.

    A lone opening word is capital whatever it is; one with the ending of a common word is left.
    """
    ours = [i for i, word in enumerate(alignment.ours) if name.start <= word.start < name.end]
    named = {part for other in around.names for part in key(other.text)}
    for difference in alignment.differences:
        if difference.kind != "replace" or not any(
            difference.ours[0] <= i < difference.ours[1] for i in ours
        ):
            continue
        theirs = alignment.theirs[slice(*difference.theirs)]
        if any(is_pronoun(word) for word in theirs[:2]):
            return True
        if any(word.capital and word.word.replace(".", "") in named for word in theirs):
            return True
        return not (name.certain or name.text.endswith(_COMMON_ENDINGS))
    return False
