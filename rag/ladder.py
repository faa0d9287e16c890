"""The ladder: what a claim says that the sentence it rests on does not, rung by rung.

Numbers with units, dates, names, negations and speakers must be found in the sentence and its
neighbours; what stands in the very place of another number, date or name must agree with it.
Opposite words and names that changed places are only flagged: they need a reader.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag import negations
from rag.alignment import Alignment, Token, align, boundaries, invisible_to_nothing, tokens
from rag.antonyms import opposed
from rag.attribution import Attribution, attributions, is_pronoun
from rag.figures import Figure, agrees, figures
from rag.names import Name, key, matches, names

# Words of one difference within which an opposite is looked for; longer ones are rewritten
# clauses, in which two opposite words mean nothing.
_LONGEST_REPLACEMENT = 8
_LONGEST_PERSON = 3  # words of a person's name that a surname may stand for
# Endings of common words; an opening word with one of them need not be a name.
_COMMON_ENDINGS = ("s", "ing", "ed", "ly", "tion", "ment", "ness", "ity")

_BLANKS = re.compile(r"[^\S\n]+")
_HYPHENS = {ord("\u2010"): "-", ord("\u2011"): "-", ord("\u2012"): "-"}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_RELATIVE = "today yesterday tomorrow tonight overnight".split()
_SHIFTS = {
    "last": "last",
    "past": "last",
    "previous": "last",
    "next": "next",
    "coming": "next",
    "following": "next",
    "this": "this",
}
_PERIODS = frozenset(
    "week weekend month quarter year decade century season summer winter spring autumn fall".split()
)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
# Heads that name the same kind of speaker; a paraphrase may put one for another.
_SAME_SPEAKER = (
    frozenset("offici author".split()),
    frozenset("compani firm busi".split()),
    frozenset("analyst expert economist strategist".split()),
    frozenset("spokesman spokesperson spokeswoman spokesmen".split()),
    frozenset("polic offic detect".split()),
    frozenset("studi report research paper survey".split()),
)


class Kind(enum.StrEnum):
    """What differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    SPEAKER = "speaker"
    OPPOSITE = "opposite word"
    ROLES = "swapped roles"

    @property
    def certain(self) -> bool:
        """Whether the difference alone makes the claim say something else."""
        return self not in (Kind.OPPOSITE, Kind.ROLES)


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference between a claim and what it rests on, in words."""

    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class DateWords:
    """A date as written: its atoms ("monday", "2023", "last week") and, if known, its days."""

    start: int
    end: int
    text: str
    atoms: frozenset[str]
    days: tuple[date, date] | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a text says that the ladder compares; offsets count in `text`."""

    text: str
    marked: tuple[Token, ...]
    words: tuple[Token, ...]
    figures: tuple[Figure, ...]
    names: tuple[Name, ...]
    dates: tuple[DateWords, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words)


def folded(text: str) -> str:
    """The text with one typography: one form a character, one blank a gap, one kind of hyphen."""
    plain = unicodedata.normalize("NFKC", invisible_to_nothing(text))
    return _BLANKS.sub(" ", plain.translate(_HYPHENS))


@lru_cache(maxsize=4096)
def read(text: str, anchor: date | None = None) -> Reading:
    """Read a text; `anchor` is the day it was published, from which relative dates count."""
    plain = folded(text)
    marked = tuple(tokens(plain))
    words = tuple(token for token in marked if not token.mark)
    return Reading(
        plain,
        marked,
        words,
        tuple(figures(plain)),
        tuple(names(plain)),
        tuple(_dates(plain, words, anchor)),
    )


def faults(claim: Reading, core: Reading, around: Reading, whole: Reading) -> list[Fault]:
    """What the claim says otherwise, the certain ones first.

    `core` are the sentences the claim rests on, `around` the same with their neighbours, `whole`
    the passage (in which a name is only looked for to tell two people of one surname apart).
    """
    alignment = align(claim.marked, core.marked)
    swapped = list(_in_place(claim, core))
    found = [
        *_numbers(claim, core, around),
        *(fault for fault in swapped if fault.kind is Kind.NUMBER),
        *_days(claim, around),
        *(fault for fault in swapped if fault.kind is Kind.DATE),
        *_names(claim, around, whole, alignment),
        *_negations(alignment, core),
        *_speakers(claim, core, around, alignment),
        *_opposites(alignment),
        *(fault for fault in swapped if fault.kind is Kind.ROLES),
        *_moved_names(alignment),
    ]
    return list(dict.fromkeys(found))


def restated(claim: Reading, core: Reading) -> frozenset[int]:
    """Where the words of the claim start whose figure, date or name the core has in other words."""
    spans = [(f.start, f.end) for f in claim.figures if any(agrees(f, o) for o in core.figures)]
    spans += [
        (words.start, words.end)
        for words in claim.dates
        if any(_same_days(words, other) for other in core.dates)
    ]
    spans += [
        (name.start, name.end)
        for name in claim.names
        if any(_one_name(name, other) for other in core.names)
    ]
    return frozenset(
        word.start for word in claim.words if any(a <= word.start < b for a, b in spans)
    )


# -- numbers ---------------------------------------------------------------------------------


def _numbers(claim: Reading, core: Reading, around: Reading) -> Iterator[Fault]:
    for figure in claim.figures:
        if figure.text.lower() == "one" or _held(figure, around.figures):
            continue
        rival = _rival(figure, core.figures)
        said = f"the passage says {rival.text}" if rival else "the passage does not"
        yield Fault(Kind.NUMBER, f"the claim says {figure.text}, {said}")
    known = {token.key for token in around.words}
    covered = [(f.start, f.end) for f in (*claim.figures, *claim.dates)]
    for word in claim.words:
        if not word.word[0].isdigit() or word.key in known:
            continue
        if not any(start <= word.start < end for start, end in covered):
            yield Fault(Kind.NUMBER, f"the claim says {word.word}, the passage does not")


def _held(figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether one of the others says the same, or the same more exactly."""
    return any(agrees(figure, other) and figure.step >= other.step for other in others) or any(
        agrees(figure, other) and figure.value == other.value for other in others
    )


def _rival(figure: Figure, others: Sequence[Figure]) -> Figure | None:
    rivals = [other for other in others if other.unit == figure.unit]
    return min(rivals, key=lambda o: abs(o.value - figure.value), default=None)


# -- dates -----------------------------------------------------------------------------------


def _days(claim: Reading, around: Reading) -> Iterator[Fault]:
    atoms = {atom for words in around.dates for atom in words.atoms}
    atoms |= {
        f"this {period.key}"  # "the year" is this year until the passage says otherwise
        for article, period in zip(around.words, around.words[1:], strict=False)
        if article.word == "the" and period.word in _PERIODS
    }
    for words in claim.dates:
        if words.atoms <= atoms or any(_same_days(words, other) for other in around.dates):
            continue
        rivals = " and ".join(other.text for other in around.dates)
        said = f"the passage says {rivals}" if rivals else "the passage gives no such date"
        yield Fault(Kind.DATE, f"the claim says {words.text}, {said}")


def _same_days(ours: DateWords, theirs: DateWords) -> bool:
    """Whether both mean the same days, or ours, written out, is a wider span around theirs."""
    if ours.days is None or theirs.days is None:
        return False
    if ours.days == theirs.days:
        return True
    wider = ours.days[0] <= theirs.days[0] and theirs.days[1] <= ours.days[1]
    ends = {str(day.year) for day in theirs.days} | {_MONTHS[day.month - 1] for day in theirs.days}
    return wider and not ours.derived and ours.atoms <= theirs.atoms | ends


def _dates(text: str, words: Sequence[Token], anchor: date | None) -> Iterator[DateWords]:
    from rag.dates import mentions  # noqa: PLC0415 - loads only where dates are compared

    taken: list[tuple[int, int]] = []
    for mention in mentions(text, anchor):
        inside = [w for w in words if mention.start <= w.start < mention.end]
        atoms = frozenset(_atoms(inside, whole=True))
        taken.append((mention.start, mention.end))
        yield DateWords(
            mention.start,
            mention.end,
            mention.text,
            atoms or frozenset([mention.text.lower()]),
            (mention.first, mention.last),
            mention.derived,
        )
    for run in _date_runs(words, taken):
        start, end = run[0].start, run[-1].end
        yield DateWords(start, end, text[start:end], frozenset(_atoms(run, whole=False)))


def _date_runs(words: Sequence[Token], taken: list[tuple[int, int]]) -> Iterator[list[Token]]:
    """Stretches of date words that no resolved mention covers."""
    run: list[Token] = []
    for index, word in enumerate(words):
        free = not any(start <= word.start < end for start, end in taken)
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        if free and _is_date_word(word, before, after):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_date_word(word: Token, before: Token | None, after: Token | None) -> bool:
    name = _calendar(word)
    if name in _WEEKDAYS or word.word in _RELATIVE:
        return True
    if name in _MONTHS:
        beside = [w.word for w in (before, after) if w is not None]
        sure = name not in ("may", "march") or any(
            w[0].isdigit() or w in ("in", "of", "since", "until", "by", "last", "next", "early",
                                    "late", "mid", "from", "through", "this") for w in beside
        )
        return word.capital and sure
    if ":" in word.word or _YEAR.fullmatch(word.word):
        return True
    if word.word.isdigit() and len(word.word) <= 2:
        return any(w is not None and _calendar(w) in _MONTHS and w.capital for w in (before, after))
    if word.word in _SHIFTS:
        return after is not None and (after.word in _PERIODS or _calendar(after) in _WEEKDAYS)
    return word.word in _PERIODS and before is not None and before.word in _SHIFTS


def _atoms(run: Sequence[Token], *, whole: bool) -> Iterator[str]:
    """What must be found again: names and numbers singly, "last week" as one."""
    for index, word in enumerate(run):
        name = _calendar(word)
        if name in _WEEKDAYS or name in _MONTHS:
            yield name
        elif word.word in _RELATIVE or word.word[0].isdigit():
            yield word.key
        elif word.word in _PERIODS or (whole and word.content):
            shift = _SHIFTS.get(run[index - 1].word, "") if index else ""
            yield f"{shift} {word.key}".strip()


def _calendar(word: Token) -> str:
    """The full name of a weekday or month, also from its short form; else the word itself."""
    text = word.word.rstrip(".")
    if len(text) < 3:
        return text
    plural = text.removesuffix("s") if text.endswith("days") else text
    for name in (*_WEEKDAYS, *_MONTHS):
        if plural == name:
            return name
        if word.capital and len(plural) <= 5 and plural[:3] == name[:3] and name.startswith(
            plural.removesuffix("t") if plural == "sept" else plural
        ):
            return name
    return text


# -- names -----------------------------------------------------------------------------------


def _names(
    claim: Reading, around: Reading, whole: Reading, alignment: Alignment
) -> Iterator[Fault]:
    known = {token for name in around.names for token in key(name.text)}
    known |= {word.word.replace(".", "") for word in around.words} | set(around.keys)
    for name in claim.names:
        if _known(name, known, around, whole):
            continue
        if name.certain or _stands_for_a_name(name, alignment, around):
            yield Fault(Kind.NAME, f"the claim names {name.text}, the passage does not")


def _known(name: Name, known: set[str], around: Reading, whole: Reading) -> bool:
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


def _another(short: Name, full: Name, whole: Reading) -> bool:
    """Whether the passage gives the short name to somebody else ("Kim" is "Kim Yo-jong")."""
    return any(
        len(key(name.text)) > 1
        and matches(short.text, name.text)
        and not matches(full.text, name.text)
        and not matches(name.text, full.text)
        for name in whole.names
    )


def _stands_for_a_name(name: Name, alignment: Alignment, around: Reading) -> bool:
    """Whether a lone opening word took the place of a name, a pronoun, or is no common word."""
    ours = [i for i, word in enumerate(alignment.ours) if name.start <= word.start < name.end]
    named = {part for other in around.names for part in key(other.text)}
    for difference in alignment.differences:
        if difference.kind == "delete" or not any(
            difference.ours[0] <= i < difference.ours[1] for i in ours
        ):
            continue
        theirs = alignment.theirs[slice(*difference.theirs)]
        if any(is_pronoun(word) for word in theirs[:2]):
            return True
        if any(word.capital and word.word.replace(".", "") in named for word in theirs):
            return True
        return not name.text.endswith(_COMMON_ENDINGS)
    return False


# -- negations, speakers, opposites -------------------------------------------------------------


def _negations(alignment: Alignment, core: Reading) -> Iterator[Fault]:
    borders = boundaries(core.marked)
    for token in negations.added(alignment, borders):
        yield Fault(Kind.NEGATION, f"the claim says “{_plain(token)}”, the passage does not")
    for token in negations.lost(alignment, borders):
        yield Fault(Kind.NEGATION, f"the passage says “{_plain(token)}”, the claim does not")


def _plain(token: Token) -> str:
    return "not" if token.word == "n't" else token.word


def _speakers(
    claim: Reading, core: Reading, around: Reading, alignment: Alignment
) -> Iterator[Fault]:
    theirs = {a.verb: a for a in attributions(core.marked)}
    known = around.keys | {part for name in around.names for part in key(name.text)}
    for ours in attributions(claim.marked):
        head = ours.head(claim.words)
        rival = theirs.get(alignment.pairs.get(ours.verb, -1))
        named = " ".join(claim.words[i].word for i in ours.speaker)
        if is_pronoun(head):
            if rival and is_pronoun(rival.head(core.words)) and head.word not in known:
                yield Fault(Kind.SPEAKER, f"the claim has “{named}” speak, the passage does not")
            continue
        if head.key not in known and not _aka(head, ours, claim, around):
            yield Fault(Kind.SPEAKER, f"the claim has “{named}” speak, the passage does not")


def _aka(head: Token, ours: Attribution, claim: Reading, around: Reading) -> bool:
    """Whether the passage speaks of the same speaker in other words."""
    if any(head.key in group and group & around.keys for group in _SAME_SPEAKER):
        return True
    for name in claim.names:
        if name.start <= head.start < name.end:
            return any(
                matches(name.text, other.text) or matches(other.text, name.text)
                for other in around.names
            )
    return False


def _opposites(alignment: Alignment) -> Iterator[Fault]:
    left_out = Counter(word.key for word in alignment.theirs)
    left_out.subtract(word.key for word in alignment.ours)
    for difference in alignment.differences:
        ours = alignment.ours[slice(*difference.ours)]
        theirs = alignment.theirs[slice(*difference.theirs)]
        if max(len(ours), len(theirs)) > _LONGEST_REPLACEMENT:
            continue
        for word in ours:
            for other in theirs:
                if left_out[other.key] > 0 and opposed(word.word, other.word):
                    yield Fault(
                        Kind.OPPOSITE,
                        f"the claim says “{word.word}” where the passage says “{other.word}”",
                    )


def _moved_names(alignment: Alignment) -> Iterator[Fault]:
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


# -- what stands in another's place ---------------------------------------------------------------


def _in_place(claim: Reading, core: Reading) -> Iterator[Fault]:
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
        if isinstance(mine, DateWords) and isinstance(other, DateWords):
            if not (mine.atoms <= other.atoms or other.atoms <= mine.atoms) and not (
                _same_days(mine, other) or _same_days(other, mine)
            ):
                yield Fault(
                    Kind.DATE, f"the claim says {mine.text} where the passage says {other.text}"
                )
        if isinstance(mine, Name) and isinstance(other, Name):
            if not _one_name(mine, other) and (
                _exchanged(i, j, alignment, ours, theirs) or _overtaken(mine, other, ours, theirs)
            ):
                yield Fault(
                    Kind.ROLES, f"the claim has {mine.text} where the passage has {other.text}"
                )


@dataclass(frozen=True, slots=True)
class _Slot:
    """A word, or the place that a figure, a date or a name takes in a sentence."""

    token: Token
    holds: Figure | DateWords | Name | None = None


def _slots(reading: Reading) -> list[_Slot]:
    held: dict[int, tuple[int, Figure | DateWords | Name]] = {}
    for thing in (*reading.names, *reading.figures, *reading.dates):
        held[thing.start] = (thing.end, thing)
    slots: list[_Slot] = []
    until = -1
    for word in reading.words:
        if word.start < until:
            continue
        thing = next((held[s] for s in held if word.start <= s < word.end), None)
        if thing is None:
            slots.append(_Slot(word))
            continue
        until = thing[0]
        kind = type(thing[1]).__name__
        slots.append(_Slot(Token(kind, f"<{kind}>", word.start, until), thing[1]))
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


def _one_name(a: Name, b: Name) -> bool:
    return matches(a.text, b.text) or matches(b.text, a.text)


def _exchanged(
    i: int, j: int, alignment: Alignment, ours: Sequence[_Slot], theirs: Sequence[_Slot]
) -> bool:
    """Whether the two names at a place stand in each other's place somewhere else."""
    mine, other = ours[i].holds, theirs[j].holds
    for k, m in alignment.pairs.items():
        a, b = ours[k].holds, theirs[m].holds
        if k != i and isinstance(a, Name) and isinstance(b, Name):
            assert isinstance(mine, Name) and isinstance(other, Name)
            if _one_name(a, other) and _one_name(b, mine) and abs(k - i) > 2:
                return True
    return False


def _overtaken(
    mine: Name, other: Name, ours: Sequence[_Slot], theirs: Sequence[_Slot]
) -> bool:
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
        if isinstance(slot.holds, Name) and _one_name(name, slot.holds)
    ]
