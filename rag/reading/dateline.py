"""The days that an article's first lines state: published, and changed since."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.language.dates import published
from rag.reading.byline import after_names, first_lines, without_byline
from rag.reading.source import without_paper

# A date of its own fills one of the first lines.
_SHORT_LINE = 60
# "Published: 4 May 2024 | Updated: 5 May 2024" is two dates in a line.
_BETWEEN = re.compile(r"\s*[|·•]\s*")
_THEN = re.compile(
    r"[,;\s]+(?=\(?(?:last\s+|zuletzt\s+)?(?:updated|modified|corrected|edited|aktualisiert"
    r"|modifiée?|mise?\sà\sjour|actualizado|atualizado|aggiornato|bijgewerkt)\b)",
    re.I,
)
_LONGEST_LINE = 2 * _SHORT_LINE
_LABEL = re.compile(
    r"""^\s*(?:
      (?:date|published|posted)(?:\s+(?:on|at))?
      | (?:press|news|media)\s+release | pressemitteilung | communiqué(?:\s+de\s+presse)?
      | (?:erschienen|veröffentlicht|stand)(?:\s+am)?
      | publiée?(?:\s+le)? | (?:publicado|pubblicato|gepubliceerd)(?:\s+(?:el|em|il|op))?
    )\s*[:,|–—-]?\s+""",
    re.I | re.X,
)
_CHANGED = re.compile(
    r"""^\W*(?:
      (?:last\s+|this\s+article\s+was\s+(?:last\s+)?)?(?:updated|modified|corrected|edited)
        (?:\s+(?:on|at))?
      | (?:zuletzt\s+)?aktualisiert(?:\s+am)?
      | (?:modifiée?|mise?\s+à\s+jour)(?:\s+le)?
      | (?:actualizado|atualizado|aggiornato|bijgewerkt)(?:\s+(?:el|em|il|op))?
    )\s*:?\s*""",
    re.I | re.X,
)
# Agencies open a report with its place and day: "GENEVA, May 14, 2024 (Wire) --".
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’/-]+"
_OPENING = re.compile(
    rf"""^{_CAPITALS}(?:\s{_CAPITALS}){{0,3}}(?:,\s[A-ZÀ-ÖØ-Þ][\w.]*(?:\s[A-ZÀ-ÖØ-Þ][\w.]*){{0,2}})?
      \s*(?:\([^)]{{1,40}}\)\s*)?[,–—-]*\s*
      (?P<day>\b[^\W\d_]+\.?\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\.?\s[^\W\d_]+\.?\s\d{{4}}
        |\d{{4}}-\d\d-\d\d)
      \s*(?:\([^)]{{1,40}}\)|/[^/]{{1,40}}/)?\s*[–—-]""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The days as the article states them; what it does not state is None."""

    published: date | None = None
    modified: date | None = None


def dateline(text: str) -> Dateline:
    """The first date that fills one of the first lines, and the first that is said to be a change.

    A byline or a paper's name may stand beside it, and so may the place that an agency's report
    opens with. A day on which an article was changed is never taken for that of its publication.
    """
    first = changed = None
    label = ""
    for words in _stated(text):
        words = f"{label} {words}".strip()
        change = _CHANGED.match(words)
        # "Updated:" on a line of its own speaks of the next.
        label = words if change and change.end() == len(words) else ""
        if change:
            changed = changed or published(words[change.end() :].strip(" ()"))
        elif len(words) <= _SHORT_LINE:
            first = first or _published(words)
    return Dateline(first or _opening_day(text), changed)


def _opening_day(text: str) -> date | None:
    """The day in the place line that opens one of the first paragraphs."""
    openings = (_OPENING.match(line) for line in first_lines(text))
    return next((day for found in openings if found and (day := published(found["day"]))), None)


def _stated(text: str) -> list[str]:
    """What may state a date: the first lines, parted where a line holds two statements."""
    short = (line for line in first_lines(text) if len(line) <= _LONGEST_LINE)
    bare = (without_byline(without_paper(after_names(line))) for line in short)
    pieces = (piece for line in bare for piece in _BETWEEN.split(line) if piece)
    return [words for piece in pieces for words in _parted(piece)]


def _parted(words: str) -> list[str]:
    """A date and the change after it, "4 March 2024, updated 5 May"; all else is one."""
    parts = _THEN.split(words, maxsplit=1)
    return parts if len(parts) == 2 and _published(parts[0]) else [words]


def _published(words: str) -> date | None:
    return published(_LABEL.sub("", words))
