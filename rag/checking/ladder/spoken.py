"""Speakers whom the passage does not have say it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rag.checking.alignment import Alignment, Token
from rag.checking.attribution import Attribution, attributions, is_pronoun
from rag.checking.ladder.fault import Fault, Kind
from rag.checking.ladder.reading import Reading, one_name
from rag.language.names import Name, key

# Heads that name the same kind of speaker; a paraphrase may put one for another.
_SAME_SPEAKER = (
    frozenset("offici author".split()),
    frozenset("compani firm busi".split()),
    frozenset("analyst expert economist strategist".split()),
    frozenset("spokesman spokesperson spokeswoman spokesmen".split()),
    frozenset("polic offic detect".split()),
    frozenset("studi report research paper survey".split()),
)


def strange_speakers(
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
        if head.key not in known and not _aka(head, claim, around):
            reason = f"the claim has “{named}” speak, the passage does not"
            yield Fault(Kind.SPEAKER, reason, rival is not None)
        elif rival and not _one_speaker(ours, rival, claim, core):
            other = " ".join(core.words[i].word for i in rival.speaker)
            yield Fault(Kind.SPEAKER, f"the claim has “{named}” say what “{other}” says")


def _one_speaker(ours: Attribution, theirs: Attribution, claim: Reading, core: Reading) -> bool:
    """Whether two speakers may be one: a word in common, an alias, or a pronoun."""
    if is_pronoun(theirs.head(core.words)):
        return True
    mine = [claim.words[i] for i in ours.speaker]
    other = [core.words[i] for i in theirs.speaker]
    keys = {word.key for word in other}
    if any(word.key in keys for word in mine) or _one_kind(mine[-1].key, keys):
        return True
    return any(
        one_name(name, rival)
        for name in _naming(claim.names, mine)
        for rival in _naming(core.names, other)
    )


def _naming(found: Sequence[Name], words: Sequence[Token]) -> list[Name]:
    return [name for name in found if any(name.start <= w.start < name.end for w in words)]


def _one_kind(head: str, keys: Collection[str]) -> bool:
    """Whether a word names the same kind of speaker as one of the keys ("officials")."""
    return any(head in group and any(key in group for key in keys) for group in _SAME_SPEAKER)


def _aka(head: Token, claim: Reading, around: Reading) -> bool:
    """Whether the passage speaks of the same speaker in other words."""
    return _one_kind(head.key, around.keys) or any(
        one_name(name, other) for name in _naming(claim.names, [head]) for other in around.names
    )
