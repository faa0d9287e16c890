"""Bylines in a sentence: "The Gazette reported on 4 May 2022 that …", true by the source card."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

from rag.records import Claim, Source

_REPORTED = (
    r"(?:reported|reports|wrote|writes|said|says|stated|states|put it|gave|gives|noted|notes)"
)
# Another day than the card's must not be left behind as if the article stated it.
_NO_DAY = r"\s+(?!(?:on|of|from|dated)\b|\()"


def bare(claim: Claim) -> Claim:
    """The claim without a byline that is that of every article it cites; else as it is.

    An article seldom names its own publisher and day, so what it says is held against it alone.
    """
    rests = [without_byline(claim.text, citation.source) for citation in claim.citations]
    if not rests or any(rest == claim.text for rest in rests):
        return claim
    return dataclasses.replace(claim, text=rests[0])


def without_byline(text: str, source: Source) -> str:
    """The sentence without the words that hand it to this very publisher, on this very day."""
    if not source.publisher:
        return text
    name = r"(?:the\s+)?" + re.escape(re.sub(r"^the\s+", "", source.publisher, flags=re.I))
    day = _days(source.published)
    on = rf"(?:,?\s+(?:on|of|from|dated)\s+(?:{day})|,?\s*\((?:{day})\)|,\s+(?:{day}))?"
    opening = (
        rf"(?:according\s+to|as\s+reported\s+by|as\s+per)\s+{name}{on}(?:\s*,\s+|{_NO_DAY})"
        rf"|(?:(?:on|in\s+a\s+report\s+of)\s+(?:{day})\s*,\s+)?"
        rf"{name}{on}\s+{_REPORTED}(?:\s+on\s+(?:{day}))?"
        rf"(?:\s+that\s+|\s*[,:]\s+|{_NO_DAY})"
    )
    match = re.match(opening, text, re.IGNORECASE)
    if match is None:
        closing = rf"\s*,?\s+(?:according\s+to|reported|as\s+reported\s+by)\s+{name}{on}(?=\.?$)"
        return re.sub(closing, "", text, flags=re.IGNORECASE)
    rest = text[match.end() :]
    return rest[:1].upper() + rest[1:]


def _days(day: date | None) -> str:
    """The day in the ways it is written; matches nothing where it is not known."""
    if day is None:
        return r"(?!)"
    month, short = f"{day:%B}", f"{day:%b}"
    return (
        rf"{day.day}(?:st|nd|rd|th)?\s+(?:{month}|{short}\.?)(?:,?\s+{day.year})?"
        rf"|(?:{month}|{short}\.?)\s+{day.day}(?:st|nd|rd|th)?(?:,?\s+{day.year})?"
        rf"|{day.isoformat()}"
    )
