"""What stands in another's place: numbers, dates, and names that changed places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.checking.alignment import Alignment, Token, align
from rag.checking.ladder.dated import DateWords, same_days
from rag.checking.ladder.fault import Fault, Kind
from rag.checking.ladder.reading import Reading, one_name
from rag.language.figures import Figure, agrees
from rag.language.names import Name

_SIDE_BY_SIDE = 2  # words: two names of a list ("A and B"), whose order says nothing


def out_of_place(claim: Reading, core: Reading) -> Iterator[Fault]:
    """Numbers and dates that took another's place, and names that changed places."""
    ours, theirs = _slots(claim), _slots(core)
    alignment = align([slot.token for slot in ours], [slot.token for slot in theirs])
    for i, j in alignment.pairs.items():
        mine, other = ours[i].holds, theirs[j].holds
        if not _fixed(alignment, i, j):
            continue
        if isinstance(mine, Figure) and isinstance(other, Figure) and not agrees(mine, other):
            yield Fault(
                Kind.NUMBER, f"the claim says {mine.text} where the passage says {other.text}"
            )
        if isinstance(mine, DateWords) and isinstance(other, DateWords) and _clash(mine, other):
            yield Fault(
                Kind.DATE, f"the claim says {mine.text} where the passage says {other.text}"
            )
        if not (isinstance(mine, Name) and isinstance(other, Name)) or one_name(mine, other):
            continue
        if _exchanged(mine, other, (i, alignment), ours, theirs) or _overtaken(
            mine, other, ours, theirs
        ):
            yield Fault(Kind.ROLES, f"the claim has {mine.text} where the passage has {other.text}")


def moved_names(alignment: Alignment) -> Iterator[Fault]:
    """Names that stand elsewhere than in the passage while the words around them stayed."""
    ours = [i for i in range(len(alignment.ours)) if i not in alignment.pairs]
    kept = set(alignment.pairs.values())
    free = Counter(w.key for j, w in enumerate(alignment.theirs) if j not in kept)
    moved = [i for i in ours if alignment.ours[i].content and free[alignment.ours[i].key] > 0]
    named = [i for i in moved if alignment.ours[i].capital]
    sites = {
        place
        for place, difference in enumerate(alignment.differences)
        if any(difference.ours[0] <= i < difference.ours[1] for i in named)
    }
    if len(sites) > 1 and len(named) == len(moved):
        words = " and ".join(alignment.ours[i].word for i in named)
        yield Fault(Kind.ROLES, f"“{words}” stand elsewhere in the passage")


def _clash(ours: DateWords, theirs: DateWords) -> bool:
    """Whether two dates cannot be one: neither repeats the other, and they mean other days."""
    repeats = ours.atoms <= theirs.atoms or theirs.atoms <= ours.atoms
    return not (repeats or same_days(ours, theirs) or same_days(theirs, ours))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A word, or the place that a figure, a date or a name takes in a sentence."""

    token: Token
    holds: Figure | DateWords | Name | None = None


def _slots(reading: Reading) -> list[_Slot]:
    held: dict[int, tuple[int, Figure | DateWords | Name]] = {}
    things: list[Figure | DateWords | Name] = [*reading.names, *reading.figures, *reading.dates]
    for thing in things:
        held[thing.start] = (thing.end, thing)
    slots: list[_Slot] = []
    until = -1
    for word in reading.words:
        if word.start < until:
            continue
        place = next((start for start in held if word.start <= start < word.end), None)
        if place is None:
            slots.append(_Slot(word))
            continue
        until, held_there = held[place]
        kind = type(held_there).__name__
        slots.append(_Slot(Token(kind, f"<{kind}>", word.start, until), held_there))
    return slots


def _fixed(alignment: Alignment, i: int, j: int) -> bool:
    """Whether the words on both sides agree too, so that the one stands in the other's place."""
    before = i == 0 or j == 0 or alignment.pairs.get(i - 1) == j - 1
    after = (
        i + 1 == len(alignment.ours)
        or j + 1 == len(alignment.theirs)
        or alignment.pairs.get(i + 1) == j + 1
    )
    return before and after and (i + 1 in alignment.pairs or i - 1 in alignment.pairs)


def _exchanged(
    mine: Name,
    other: Name,
    at: tuple[int, Alignment],
    ours: Sequence[_Slot],
    theirs: Sequence[_Slot],
) -> bool:
    """Whether the two names of a place stand in each other's place somewhere further off."""
    here, alignment = at
    for i, j in alignment.pairs.items():
        a, b = ours[i].holds, theirs[j].holds
        if abs(i - here) <= _SIDE_BY_SIDE or not (isinstance(a, Name) and isinstance(b, Name)):
            continue
        if one_name(a, other) and one_name(b, mine):
            return True
    return False


def _overtaken(mine: Name, other: Name, ours: Sequence[_Slot], theirs: Sequence[_Slot]) -> bool:
    """Whether two names of ours stand in the opposite order in theirs, a verb or more apart."""
    my_places = _places(mine, ours), _places(other, ours)
    their_places = _places(mine, theirs), _places(other, theirs)
    if not all((*my_places, *their_places)):
        return False
    first = min(my_places[0]) < min(my_places[1])
    if (min(their_places[0]) < min(their_places[1])) == first:
        return False
    low, high = sorted((min(their_places[0]), min(their_places[1])))
    return any(slot.holds is None and slot.token.word != "and" for slot in theirs[low + 1 : high])


def _places(name: Name, slots: Sequence[_Slot]) -> list[int]:
    return [
        index
        for index, slot in enumerate(slots)
        if isinstance(slot.holds, Name) and one_name(name, slot.holds)
    ]
