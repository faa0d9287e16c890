"""What figures look like: numerals, words, what is said before and after them."""

from __future__ import annotations

import re

from rag.language.figures.units import (
    FRACTIONS,
    MULTIPLES,
    ORDINALS,
    PREFIXES,
    SCALES,
    SMALL,
    SUFFIXES,
    TENS,
)

BEFORE = {
    "about": "about",
    "around": "about",
    "roughly": "about",
    "approximately": "about",
    "some": "about",
    "estimated": "about",
    "close to": "about",
    "circa": "about",
    "~": "about",
    "nearly": "under",
    "almost": "under",
    "just under": "under",
    "under": "under",
    "below": "under",
    "less than": "under",
    "fewer than": "under",
    "up to": "under",
    "as many as": "under",
    "as much as": "under",
    "no more than": "under",
    "at most": "under",
    "over": "over",
    "above": "over",
    "more than": "over",
    "greater than": "over",
    "upwards of": "over",
    "at least": "over",
    "no less than": "over",
    "no fewer than": "over",
}

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
# What no match can begin with is ruled out first: it spares trying each form at every letter.
DATE = re.compile(
    rf"(?=[JFMASOND\d'’])(?:"
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?(?:,?\s+\d{{4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?\s+(?:of\s+)?{_MONTH}(?!\w)(?:,?\s+\d{{4}})?"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
    r"|\b\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b(?!:)|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|(?<![\w.,$£€¥₩₹])(?:1[5-9]|20)\d{2}(?:s\b|\s*[-–/]\s*(?:(?:1[5-9]|20)\d{2}|\d{2})(?!\d))"
    r"|(?<![\w.,$£€¥₩₹#])(?:1[5-9]|20)\d{2}(?![\d%])(?!,\d{3}|\.\d)"
    r"(?!\s*(?:percent|per cent|million|billion|trillion|dollars|pounds|euros|won|yuan|yen)\b)"
    r"(?![a-z])|['’]\d{2}s\b)",
)
_PREFIX = "|".join(re.escape(p) for p in sorted(PREFIXES, key=len, reverse=True) if p != "p")
_SUFFIX = "|".join(
    re.escape(s).replace(r"\ ", r"[\s-]") for s in sorted(SUFFIXES, key=len, reverse=True)
)
_SCALE = "|".join(s for s in sorted(SCALES, key=len, reverse=True) if s not in ("k", "m", "b"))
_PLAIN = "|".join(sorted([*SMALL, *TENS], key=len, reverse=True))
_BIG = "|".join([*MULTIPLES, "million", "billion", "trillion"])
_ORDER = "|".join(sorted(ORDINALS, key=len, reverse=True))
_PART = "|".join(sorted(FRACTIONS, key=len, reverse=True))
# For texts in small letters: a pattern that ignores case takes twice the time.
FIGURE = re.compile(
    rf"""
    (?:(?<![^\W\d_])|(?=[\d.]))
    (?P<prefix>(?<![^\W\d_])(?:{_PREFIX})\s?|(?<!\w)p(?=\d+(?:[.,]\d+|\s(?:m|b|tr)illion)))?
    (?P<sign>(?<![\w)\]])[-−](?=\d)|\bminus\s)?
    (?:
      (?P<numeral>(?<![\d.])(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+))
      (?: (?P<rank>st|nd|rd|th)(?!\w)
        | (?P<tight>k|m|b|bn|mn|tn|trn)(?!\w)
        | (?P<wide>(?:[\s-](?:{_SCALE}))+)(?!\w)
      )? (?P<glued>(?!(?:{_SUFFIX})s?(?![^\W\d_]))[^\W\d_])?
      | (?<!\w)(?P<fraction>(?:(?:{_PLAIN}|an?)[\s-])?(?:halves|half|(?:{_PART})s
          | (?:(?:{_PLAIN}|an?)[\s-])(?:{_PART})(?=\s+(?:of|the)\b)))(?!\w)
      | (?<!\w)(?P<order>(?:(?:{"|".join(TENS)})[\s-])?(?:{_ORDER}))(?!\w)
      | (?<!\w)(?P<words>(?:(?:{_PLAIN})|an?(?=[\s-](?:{_BIG})\b))
          (?:[\s-](?:and[\s-](?=(?:{_PLAIN})\b))?(?:{_PLAIN}|{_BIG})(?!\w))*)(?!\w)
    )
    (?:(?P<gap>[\s-]?)(?P<suffix>{_SUFFIX})s?(?![^\W\d_])|(?P<plus>\+))?
    """,
    re.VERBOSE,
)
ABOUT = re.compile(
    r"(?:^|[\s(])(?P<word>"
    + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(BEFORE, key=len, reverse=True))
    + r")\s*(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
NAME_BEFORE = re.compile(r"[^\W\d_]$|(?:^|[^\w-])[^\W\d_a-z][\w-]*[-’']$")
AFTERWARDS = re.compile(r"^\s+or\s+(?P<way>so|more|less|fewer)\b|^-odd\b", re.IGNORECASE)
RANGE = re.compile(r"^\s*(?:-|–|—|to|and|or)\s*$", re.IGNORECASE)
