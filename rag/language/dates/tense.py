"""Tense: whether the words around a date speak of what was or of what is to come."""

from __future__ import annotations

import enum
import re

from rag.language.dates.patterns import ABBREVIATED, SENTENCE_END

# Characters on each side of a date in which the borders of its sentence are looked for.
_REACH = 300


class Tense(enum.Enum):
    """What the verb that governs a date says about it."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"


_FILL = r"(?:(?:not|also|likely|probably|then|be|been|have|\w+ly)\s+){0,4}"
_PROMISE = (
    r"plan(?:s|ned|ning)?|expect(?:s|ed)?|intend(?:s|ed)?|intention|hop(?:es?|ed|ing)|aim(?:s|ed|ing)?"
    r"|vow(?:s|ed)?|promis(?:e[sd]?|ing)|pledg(?:e[sd]?|ing)|agree[sd]?|agreement|due|set|scheduled"
    r"|slated|poised|bound|going|about|ready|decision|decided|wants?|wanted|seek(?:s|ing)?|bid|is|are"
    r"|ordered|told|invited|asked|urged|prepar(?:es|ed|ing)|deadline|proposal|proposed"
)
_VERB = re.compile(
    rf"""\b(?:
      (?P<future>(?:will|won['’]t|shall)\s+{_FILL}\w+
        |(?:{_PROMISE})(?:\s+\w+)?\s+to\s+{_FILL}\w+
        |(?:scheduled|due|set|slated|planned|expected|deadline|upcoming|booked)(?:\s+\w+)?\s+(?:for|by|on)
        |would\s+{_FILL}\w+
        |ahead\s+of|(?:opens?|begins?|starts?|returns?|faces?|meets?|arrives?|heads|hosts|plays|visits
          |resumes|airs|premieres|travels|kicks\s+off|takes?\s+place)
        |(?:is|are)\s+(?:scheduled|due|expected|planned|\w+ing)\b)
    | (?P<present>(?:is|are)\s+(?:\w+ly\s+)?\w+ed)
    | (?P<past>was|were|had|did|has|have|said|says|told|met|made|went|came|took|gave|found|left|held
        |began|began|saw|won|lost|ran|led|fell|rose|grew|sent|spoke|wrote|became|got|put|set|hit|cut
        |shot|died|broke|brought|bought|built|caught|chose|drew|drove|fought|flew|kept|knew|paid|read
        |sold|shut|stood|struck|swore|taught|thought|threw|understood|wore|launched|\w{{2,}}ed)
    )\b|(?P<will>['’]ll\s+\w+)""",
    re.X | re.I,
)
# The words right before the date outweigh any verb.
_FUTURE_BEFORE = re.compile(
    r"\b(?:until|till|by|before|starting|beginning|ahead of|next|from|effective|upcoming|coming)"
    r"\s+(?:the\s+|late\s+|early\s+)?$",
    re.I,
)
_SAID_BEFORE = re.compile(
    r"\b(?:since|said|told\s+\w+|announced|reported|added|confirmed|wrote|stated|tweeted|warned|posted"
    r"|published|released|revealed|testified|ruled)(?:\s+(?:in|during)\s+an?\s+\w+)?(?:\s+on|\s+late"
    r"|\s+early|,)*\s+$",
    re.I,
)


def tense_at(left: str, right: str) -> Tense:
    """The tense of a date that stands between `left` and `right` in its sentence.

    The nearest verb to its left decides, the first to its right where it opens the sentence.
    """
    if _SAID_BEFORE.search(left):
        return Tense.PAST
    verbs = list(_VERB.finditer(left))
    verb = verbs[-1] if verbs else _VERB.search(right)
    if verb is None or verb["present"]:
        return Tense.UNKNOWN
    if verb["future"] or verb["will"]:
        return Tense.FUTURE
    if _FUTURE_BEFORE.search(left) and not verbs:
        return Tense.FUTURE
    return Tense.PAST


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the sentence around a span, near enough for the tense of its verb."""
    left = max(0, start - _REACH)
    begins = [
        m.end()
        for m in SENTENCE_END.finditer(text, left, start)
        if not ABBREVIATED.search(text, left, m.start() + 1)
    ]
    closing = SENTENCE_END.search(text, end, end + _REACH)
    return (begins[-1] if begins else left), (closing.start() if closing else end + _REACH)
