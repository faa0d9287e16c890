"""What is stored and what is found: articles, their passages, hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """The card that a citation prints.

    `modified` is the day of the last change that the article states, `language` a code as stated
    (`en`, `pt-BR`). `corrected` is set where this is a later version with another text than one
    before: the day of the change as stated, else the day on which it was met.
    """

    article_id: str
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    author: str | None = None
    modified: date | None = None
    language: str | None = None
    corrected: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article; `text` is the text that offsets count in.

    `version` counts from 1; `content_hash` covers the text and the source card.
    """

    source: Source
    text: str
    content_hash: str
    version: int = 1

    @property
    def id(self) -> str:
        return self.source.article_id

    @property
    def title(self) -> str | None:
        return self.source.title

    @property
    def publisher(self) -> str | None:
        return self.source.publisher

    @property
    def published(self) -> date | None:
        return self.source.published

    @property
    def url(self) -> str | None:
        return self.source.url


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article: `article.text[start:end] == text`."""

    id: str
    source: Source
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first, higher score is better.

    `legs` tells the rank (from 1) in each leg that found it ("words", "vectors");
    `copies` are the sources of near-identical passages that share this slot;
    `similarity` is the cosine of question and passage, None where no vector was compared.
    """

    passage: Passage
    score: float
    legs: Mapping[str, int] = field(default_factory=dict)
    similarity: float | None = None
    copies: tuple[Source, ...] = ()
