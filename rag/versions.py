"""The versions of an article, and what changed from one to the next."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from rag.language.sentences import sentence_spans
from rag.records import Article, Source

# Sentences shown on each side of a change.
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article as it was stored.

    `number` counts from 1; `stored` is the moment in UTC, without a zone, None in an archive that
    did not note it. `live` is the version that is searched: of a removed article none is.
    `corrected` is set where the text is another than that of a version before.
    """

    number: int
    stored: datetime | None
    article: Article
    live: bool
    corrected: date | None


def changes(before: Article, after: Article) -> tuple[str, ...]:
    """What became another from one version to the next, in lines; nothing if all is the same.

    First what changed of the source card (`publisher: A -> B`), then the sentences of the text as
    a short unified diff: ` ` kept, `-` gone, `+` new, `@@` a leap.
    """
    return (*_card(before.source, after.source), *_text(before.text, after.text))


def _card(before: Source, after: Source) -> Iterator[str]:
    for name in ("title", "publisher", "author", "published", "modified", "url", "language"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name}: {old or 'none'} -> {new or 'none'}"


def _text(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(_sentences(before), _sentences(after), n=_AROUND, lineterm="")
    # The first two lines name files, of which there are none.
    return list(lines)[2:]


def _sentences(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]
