"""Negations: words that turn what is said into its opposite, and what their loss would mean."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.alignment import Alignment, Token

# Keys (see alignment): every contraction of "not" has the key "not".
_PLAIN = frozenset(
    """not no never none nobody nothing nowhere neither nor without hardly bare scarc rare seldom
    nay""".split()
)
# Verbs and adjectives that deny what follows them; stems.
_DENYING = frozenset("deni refus reject fail lack fals untru disput refut debunk".split())
_JOINING = frozenset(
    """but and or while although though which who whom whose because since as when after before if
    unless despite except yet so whereas where until with without""".split()
)
# A cut of fewer words than this is no clause: "did not" is two.
SHORTEST_CLAUSE = 4
_SCOPE = 4  # words after a negation in which the word that it turns is looked for


def is_negation(words: Sequence[Token], index: int) -> bool:
    """Whether the word turns a statement round; the "No" of "No. 1" does not."""
    word = words[index]
    if word.key == "no" and index + 1 < len(words) and words[index + 1].word[0].isdigit():
        return False
    return word.key in _PLAIN or word.key in _DENYING


def added(alignment: Alignment, borders: Sequence[int] = ()) -> list[Token]:
    """Negations of our words that theirs do not have."""
    return _unpaired(alignment, borders)[0]


def lost(alignment: Alignment, borders: Sequence[int]) -> list[Token]:
    """Negations of their words that ours leave out, except inside a whole clause left out.

    `borders` are the clause boundaries of their words.
    """
    return _unpaired(alignment, borders)[1]


def _unpaired(alignment: Alignment, borders: Sequence[int]) -> tuple[list[Token], list[Token]]:
    """Negations of each side without a partner of the same scope on the other."""
    ours, theirs = alignment.ours, alignment.theirs
    kept = set(alignment.pairs.values())
    more = [i for i in range(len(ours)) if is_negation(ours, i) and i not in alignment.pairs]
    gone = [j for j in range(len(theirs)) if is_negation(theirs, j) and j not in kept]
    for i in list(more):
        partner = next((j for j in gone if _answer_each_other(alignment, i, j)), None)
        if partner is not None:
            more.remove(i)
            gone.remove(partner)
    cut = _clauses_left_out(alignment, borders)
    return (
        [ours[i] for i in more],
        [theirs[j] for j in gone if not any(start <= j < end for start, end in cut)],
    )


def _answer_each_other(alignment: Alignment, i: int, j: int) -> bool:
    """Whether two negations stand in the same difference, or before the same word."""
    for difference in alignment.differences:
        in_ours = difference.ours[0] <= i < difference.ours[1]
        if in_ours and difference.theirs[0] <= j < difference.theirs[1]:
            return True
    governed = _governed(alignment.ours, i)
    return governed is not None and governed == _governed(alignment.theirs, j)


def _governed(words: Sequence[Token], index: int) -> str | None:
    after = words[index + 1 : index + 1 + _SCOPE]
    return next((word.key for word in after if word.content), None)


def _clauses_left_out(alignment: Alignment, borders: Sequence[int]) -> list[tuple[int, int]]:
    """Stretches of their words that ours leave out from clause boundary to clause boundary."""
    theirs = alignment.theirs
    edges = {0, len(theirs), *borders}
    found = []
    for difference in alignment.differences:
        start, end = difference.theirs
        ours = difference.ours[1] - difference.ours[0]
        if end - start < SHORTEST_CLAUSE or ours * 2 > end - start:
            continue
        opens = start in edges or theirs[start].key in _JOINING
        closes = end in edges or theirs[end].key in _JOINING or theirs[end - 1].key in _JOINING
        if opens and closes and not _governs(theirs, start, end, borders):
            found.append((start, end))
    return found


def _governs(words: Sequence[Token], start: int, end: int, borders: Sequence[int]) -> bool:
    """Whether the cut words speak about the rest: "It is not true that …", "… , they denied"."""
    if words[end - 1].key == "that":
        return True
    tail = words[start:end]
    is_tail = end == len(words) or end in borders
    return is_tail and len(tail) <= SHORTEST_CLAUSE and tail[-1].key in _DENYING
