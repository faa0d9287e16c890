"""What a format's reader gives: an article as found, before it has an identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of an article and what the file states about it; unstated stays None.

    `line` is the line of a table's row (the number of a feed's item), None where the file is one
    article. `member` is the path inside the archive that the article lies in, None outside one.
    `language` is a code as stated, such as `en` or `pt-BR`.
    """

    text: str
    id: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    author: str | None = None
    line: int | None = None
    modified: date | None = None
    language: str | None = None
    member: str | None = None
