"""An article opened to be read: at a quote, in an older version, from a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.conversation import Exchange
from rag.errors import ReadError
from rag.page.tongue import tr
from rag.records import Article, Source
from rag.versions import Version

if TYPE_CHECKING:
    from rag.archive import Archive


@dataclass(frozen=True, slots=True)
class Opened:
    """An article and what is to be marked in it.

    `start` is where `quoted` stood when it was quoted. `history` are all versions, oldest first;
    `copies` the other articles of its report. `press` is what its buttons tell the server of
    where the reader is. `whole` shows a very long text to its end. `back` is HTML for the way back.
    """

    article: Article
    quoted: str = ""
    start: int = 0
    history: tuple[Version, ...] = ()
    copies: tuple[Source, ...] = ()
    press: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    back: str = ""

    @property
    def at(self) -> int:
        """Where the quoted text stands in the article, -1 where nothing is quoted or it is gone."""
        text = self.article.text
        if not self.quoted:
            return -1
        if text[self.start : self.start + len(self.quoted)] == self.quoted:
            return self.start
        return text.find(self.quoted)

    @property
    def is_newest(self) -> bool:
        """Whether this is the version that is searched."""
        return all(version.article.version <= self.article.version for version in self.history)


def opened(
    archive: Archive, wanted: Mapping[str, str], *, exchange: Exchange | None = None, back: str = ""
) -> Opened:
    """The article that a pressed button asks for.

    A button names an article by `article`, or by the `marker` or the `hit` of an exchange; with
    `start` and `end` it means a stretch of it, with `version` a version, with `whole` all of it.

    Raises:
        ReadError: there is no such article, or no such version of it.
    """
    article_id, quoted, start = _place(wanted, exchange)
    history = archive.history(article_id)
    article = _version(history, wanted["version"]) if "version" in wanted else None
    article = article or archive.article(article_id)
    if not quoted and "end" in wanted:
        start = _number(wanted.get("start", ""))
        quoted = article.text[start : _number(wanted["end"])]
    return Opened(
        article,
        quoted,
        start,
        history,
        archive.copies([article_id]).get(article_id, ()),
        {name: value for name, value in wanted.items() if name not in ("version", "whole")},
        "whole" in wanted,
        back,
    )


def _place(wanted: Mapping[str, str], exchange: Exchange | None) -> tuple[str, str, int]:
    """The article, the text to mark in it and where it stood."""
    if "article" in wanted:
        return wanted["article"], "", 0
    if exchange and "marker" in wanted:
        citation = exchange.citation(_number(wanted["marker"]))
        if citation:
            quote = citation.quote
            return quote.source.article_id, quote.text, quote.start
    hits = exchange.answer.hits if exchange and exchange.answer else ()
    number = _number(wanted.get("hit", ""))
    if "hit" in wanted and number < len(hits):
        passage = hits[number].passage
        return passage.source.article_id, passage.text, passage.start
    raise ReadError(tr("this answer has no such quote any more"))


def _version(history: tuple[Version, ...], number: str) -> Article:
    for version in history:
        if str(version.number) == number:
            return version.article
    raise ReadError(tr("the archive does not hold this version any more"))


def _number(typed: str) -> int:
    """The number that a button told; 0 where somebody made up another."""
    return int(typed) if typed.isascii() and typed.isdigit() else 0
