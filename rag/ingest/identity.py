"""Who an article is: the id it is given, else its url, else its place among the files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from rag.ingest.addresses import spelled, untracked
from rag.reading import Reading
from rag.records import Article, Source
from rag.store import Known, Origin


def needs_place(reading: Reading) -> bool:
    """Whether the article is known by its place: nothing else in it says who it is."""
    return not (reading.id or reading.url) and reading.line is None


def identified(reading: Reading, place: str) -> Article:
    """The reading as an article; a line without id or url is known by what it says.

    An article known by its url is the same under every spelling of that.
    """
    said = _hash(reading.text, reading.title or "")[:24]
    spelling = spelled(reading.url) if reading.url else None
    article_id = reading.id or spelling or (place if reading.line is None else said)
    source = Source(
        article_id=article_id,
        title=reading.title,
        publisher=reading.publisher,
        published=reading.published,
        url=untracked(reading.url) if reading.url else None,
        author=reading.author,
        modified=reading.modified,
        language=reading.language,
    )
    return Article(source, reading.text, content_hash(source, reading.text))


def places(origin: Origin) -> tuple[str, ...]:
    """Every id that a place may have: the path under the folder, then with more before it.

    Shorter paths follow: the file may be known from an ingest of a folder further down.
    """
    parts = PurePath(origin.path).parts
    above = Path(origin.folder).parts
    longer = ["/".join((*above[i:], *parts)) for i in range(len(above), -1, -1)]
    shorter = ["/".join(parts[i:]) for i in range(1, len(parts))]
    return tuple(dict.fromkeys(longer + shorter))


def place_of(origin: Origin, owners: Mapping[str, Known], taken: Mapping[str, Origin]) -> str:
    """The id of a place: the one it has in the store, else the shortest that is nobody's.

    `taken` are the ids that this ingest has given out already.
    """
    here = _absolute(origin)
    candidates = places(origin)
    for candidate in candidates:
        owner = owners.get(candidate)
        holder = taken.get(candidate) or (owner.origin if owner else None)
        if holder and _absolute(holder) == here:
            return candidate
    return next(_free(candidates, origin, owners, taken), here.as_posix())


def _free(
    candidates: tuple[str, ...],
    origin: Origin,
    owners: Mapping[str, Known],
    taken: Mapping[str, Origin],
) -> Iterator[str]:
    least = len(PurePath(origin.path).parts)
    for candidate in candidates:
        long_enough = len(PurePath(candidate).parts) >= least
        if long_enough and candidate not in owners and candidate not in taken:
            yield candidate


def _absolute(origin: Origin) -> Path:
    return Path(origin.folder, origin.path)


def content_hash(source: Source, text: str) -> str:
    """What tells one version of an article from another: its text and its card."""
    url = spelled(source.url) if source.url else None
    card = (source.title, source.publisher, source.published, url, source.author)
    return _hash(text, *(str(value or "") for value in card))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
