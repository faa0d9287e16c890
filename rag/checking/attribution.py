"""Who says it: the verb of saying in a sentence and the words that name its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.checking.alignment import Token

# Stems of the verbs that hand words to a speaker, and of their irregular forms.
_SAYING = frozenset(
    """say said says tell told tells add state announc declar claim argu warn insist explain note
    report write wrote written testifi testify admit acknowledg confirm deni suggest believ think
    thought predict estim alleg assert contend maintain stress emphas emphasis emphasiz reveal
    conced reply repli respond recal promis vow pledg tweet post quip joke comment remark observ
    caution complain conclud estim accus""".split()
)
_AUXILIARY = frozenset(
    """has have had also later then earlier recently would will did does do now once already still
    even simply just only well as nonetheless nevertheless who""".split()
)
_PRONOUNS = frozenset("he she they we i you it".split())
_STOPS = frozenset(
    """that but and or because while when if which as so in on at during after before to by from
    with about into for following this last next of than not no what how why where""".split()
)
_NO_VERB = ("ing", "able", "ably", "er", "ers", "ment", "ments", "ation", "ations", "ion", "ions")
_BEING = frozenset("be been being is are was were am 's".split())
_DETERMINERS = frozenset("the a an his her their its our my this one two several".split())
# Words that count speakers and do not name them.
_COUNTING = frozenset("numerous several various other others countless".split())
_LONGEST_SPEAKER = 8  # words: "the company's chief financial officer, Ann Example"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A verb of saying and the words that name who says it; indices count words, marks left out."""

    verb: int
    speaker: tuple[int, ...]

    def head(self, words: Sequence[Token]) -> Token:
        """The word that names the speaker most narrowly: the last one."""
        return words[self.speaker[-1]]


def attributions(marked: Sequence[Token]) -> list[Attribution]:
    """The attributions of a text, in order."""
    numbered = _numbered(marked)
    found = []
    for place, (token, index) in enumerate(numbered):
        if token.mark:
            continue
        if token.word == "according" and _word_at(numbered, place + 1) == "to":
            speaker = _after(numbered, place + 2)
        elif _is_saying(token) and not _is_passive(numbered, place):
            speaker = _before(numbered, place)
            if not speaker and (place == 0 or numbered[place - 1][0].mark):
                speaker = _after(numbered, place + 1)
        else:
            continue
        if speaker:
            found.append(Attribution(index, speaker))
    return found


def _is_saying(token: Token) -> bool:
    said = token.key in _SAYING or token.word in _SAYING
    return said and not token.word.endswith(_NO_VERB)


def _is_passive(numbered: list[tuple[Token, int]], place: int) -> bool:
    """Whether the words are said of the subject, not by it ("he was told", "is said to")."""
    before = [token.word for token, _ in numbered[max(0, place - 2) : place]]
    return any(word in _BEING for word in before)


def is_pronoun(token: Token) -> bool:
    """Whether the word stands for a speaker named elsewhere."""
    return token.word in _PRONOUNS


def _numbered(marked: Sequence[Token]) -> list[tuple[Token, int]]:
    numbered, count = [], 0
    for token in marked:
        numbered.append((token, count))
        count += not token.mark
    return numbered


def _word_at(numbered: list[tuple[Token, int]], place: int) -> str:
    return numbered[place][0].word if place < len(numbered) else ""


def _before(numbered: list[tuple[Token, int]], place: int) -> tuple[int, ...]:
    """The speaker in "Ann Example also said": what stands between a boundary and the verb."""
    speaker: list[int] = []
    for token, index in reversed(numbered[max(0, place - _LONGEST_SPEAKER) : place]):
        if not speaker and (token.word in _AUXILIARY or token.word.endswith("ly")):
            continue
        if token.mark or token.word in _STOPS:
            break
        speaker.insert(0, index)
    return _naming(numbered, speaker)


def _after(numbered: list[tuple[Token, int]], place: int) -> tuple[int, ...]:
    """The speaker in "…," said Ann Example: what stands between the verb and a boundary."""
    speaker: list[int] = []
    if place < len(numbered) and not _may_name(numbered[place][0]):
        return ()
    for token, index in numbered[place : place + _LONGEST_SPEAKER]:
        if token.mark or token.word in _STOPS:
            break
        speaker.append(index)
    return _naming(numbered, speaker)


def _may_name(token: Token) -> bool:
    return token.capital or is_pronoun(token) or token.word in _DETERMINERS


def _naming(numbered: list[tuple[Token, int]], speaker: list[int]) -> tuple[int, ...]:
    """Only the words that can name somebody."""
    by_index = {index: token for token, index in numbered if not token.mark}
    naming = tuple(i for i in speaker if by_index[i].content or is_pronoun(by_index[i]))
    return () if all(by_index[i].word in _COUNTING for i in naming) else naming
