"""The ladder: what a claim says that the sentence it rests on does not, rung by rung.

Numbers with units, dates, names, negations and speakers must be found in the sentence and its
neighbours; what stands in the very place of another number, date or name must agree with it.
Opposite words and names that changed places are only flagged: they need a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rag.checking import negations
from rag.checking.alignment import Alignment, Token, align, boundaries
from rag.checking.antonyms import opposed
from rag.checking.ladder.dated import PERIODS, same_days
from rag.checking.ladder.fault import Fault, Kind
from rag.checking.ladder.named import strange_names
from rag.checking.ladder.places import moved_names, out_of_place
from rag.checking.ladder.reading import Reading, content_in, keys_in, one_name, read
from rag.checking.ladder.spoken import strange_speakers
from rag.language.figures import Figure, agrees

# Words of one difference within which an opposite is looked for; longer ones are rewritten
# clauses, in which two opposite words mean nothing.
_LONGEST_REPLACEMENT = 8


def faults(claim: Reading, core: Reading, around: Reading, whole: str) -> list[Fault]:
    """What the claim says otherwise, the certain ones first.

    `core` are the sentences the claim rests on, `around` the same with their neighbours, `whole`
    the passage (in which a name is only looked for to tell two people of one surname apart).
    """
    alignment = align(claim.marked, core.marked)
    swapped = list(out_of_place(claim, core))
    found = [
        *_numbers(claim, core, around),
        *(fault for fault in swapped if fault.kind is Kind.NUMBER),
        *_days(claim, around),
        *(fault for fault in swapped if fault.kind is Kind.DATE),
        *strange_names(claim, around, whole, alignment),
        *_negations(alignment, core),
        *strange_speakers(claim, core, around, alignment),
        *_opposites(alignment),
        *(fault for fault in swapped if fault.kind is Kind.ROLES),
        *moved_names(alignment),
    ]
    return list(dict.fromkeys(found))


def restated(claim: Reading, core: Reading) -> frozenset[int]:
    """Where the words of the claim start whose figure, date or name the core has in other words."""
    spans = [
        (figure.start, figure.end)
        for figure in claim.figures
        if any(agrees(figure, other) for other in core.figures)
    ]
    spans += [
        (words.start, words.end)
        for words in claim.dates
        if any(same_days(words, other) for other in core.dates)
    ]
    spans += [
        (name.start, name.end)
        for name in claim.names
        if any(one_name(name, other) for other in core.names)
    ]
    return frozenset(
        word.start for word in claim.words if any(a <= word.start < b for a, b in spans)
    )


def _numbers(claim: Reading, core: Reading, around: Reading) -> Iterator[Fault]:
    for figure in claim.figures:
        if figure.text.lower() == "one" or _held(figure, around.figures):
            continue
        rival = _rival(figure, core.figures)
        said = f"the passage says {rival.text}" if rival else "the passage does not"
        yield Fault(Kind.NUMBER, f"the claim says {figure.text}, {said}", rival is not None)
    known = {token.key for token in around.words}
    covered = [(figure.start, figure.end) for figure in claim.figures]
    covered += [(words.start, words.end) for words in claim.dates]
    for word in claim.words:
        if not word.word[0].isdigit() or word.key in known:
            continue
        if not any(start <= word.start < end for start, end in covered):
            reason = f"the claim says {word.word}, the passage does not"
            yield Fault(Kind.NUMBER, reason, contradicts=False)


def _held(figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether one of the others says the same, or the same more exactly."""
    return any(agrees(figure, other) and figure.step >= other.step for other in others) or any(
        agrees(figure, other) and figure.value == other.value for other in others
    )


def _rival(figure: Figure, others: Sequence[Figure]) -> Figure | None:
    rivals = [other for other in others if other.unit == figure.unit]
    return min(rivals, key=lambda o: abs(o.value - figure.value), default=None)


def _days(claim: Reading, around: Reading) -> Iterator[Fault]:
    atoms = {atom for words in around.dates for atom in words.atoms}
    atoms |= {
        f"this {period.key}"  # "the year" is this year until the passage says otherwise
        for article, period in zip(around.words, around.words[1:], strict=False)
        if article.word == "the" and period.word in PERIODS
    }
    for words in claim.dates:
        if words.atoms <= atoms or any(same_days(words, other) for other in around.dates):
            continue
        rivals = " and ".join(other.text for other in around.dates)
        said = f"the passage says {rivals}" if rivals else "the passage gives no such date"
        yield Fault(Kind.DATE, f"the claim says {words.text}, {said}", bool(rivals))


def _negations(alignment: Alignment, core: Reading) -> Iterator[Fault]:
    borders = boundaries(core.marked)
    for token in negations.added(alignment, borders):
        yield Fault(Kind.NEGATION, f"the claim says “{_plain(token)}”, the passage does not")
    for token in negations.lost(alignment, borders):
        yield Fault(Kind.NEGATION, f"the passage says “{_plain(token)}”, the claim does not")


def _plain(token: Token) -> str:
    return "not" if token.word == "n't" else token.word


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


__all__ = ["Fault", "Kind", "Reading", "content_in", "faults", "keys_in", "read", "restated"]
