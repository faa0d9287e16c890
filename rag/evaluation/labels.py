"""Labels: how a quote of a suite finds its article, whatever the passages look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from rag.evaluation.cases import Case, Evidence
from rag.ingest.identity import identified
from rag.reading import Reading, read
from rag.records import Article, Passage

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_DASHES = re.compile("[‐-―−]|--+")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The text with its typography folded: quotes, dashes, white space, NFKC. Case stays."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return _SPACE.sub(" ", _DASHES.sub("-", plain)).strip()


def holds(text: str, quote: str) -> bool:
    """Whether the quote stands in the text, typography apart."""
    return folded(quote) in folded(text)


@dataclass(frozen=True)
class Shelf:
    """The articles of an archive, found by the names that labels use for them."""

    articles: Mapping[str, Article]
    names: Mapping[str, str]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Shelf:
        """A shelf of these articles; a file name that two of them share names neither."""
        by_id = {article.id: article for article in articles}
        names: dict[str, str] = {}
        shared: set[str] = set()
        for article_id in by_id:
            short = _short(article_id)
            if names.setdefault(short, article_id) != article_id:
                shared.add(short)
        return cls(by_id, {name: id_ for name, id_ in names.items() if name not in shared})

    def knowing(self, labels: Iterable[str], folder: Path) -> Shelf:
        """The same shelf, on which labels also find the articles read from files of a folder.

        An article that has an address or an id of its own is not called by its file's name: the
        file is read to see which one it holds.
        """
        unknown = {_short(label) for label in labels if self.find(label) is None}
        if not unknown or not folder.is_dir():
            return self
        found = dict(self.names)
        for file in sorted(folder.rglob("*")):
            if file.stem in unknown and file.is_file():
                article_id = _only(file)
                if article_id is not None and article_id in self.articles:
                    found[file.stem] = article_id
        return Shelf(self.articles, found)

    def find(self, label: str) -> Article | None:
        """The article with this id or file name; None when there is none."""
        if label in self.articles:
            return self.articles[label]
        return self.articles.get(self.names.get(_short(label), ""))

    def matches(self, evidence: Evidence, passage: Passage) -> bool:
        """Whether a passage is of the evidence's article and holds its quote."""
        return self.same_article(evidence, passage) and holds(passage.text, evidence.quote)

    def same_article(self, evidence: Evidence, passage: Passage) -> bool:
        """Whether a passage is of the evidence's article."""
        article = self.find(evidence.article)
        return article is not None and article.id == passage.source.article_id


def labels_of(case: Case) -> tuple[str, ...]:
    """Every name of an article that a case uses."""
    return (*(evidence.article for evidence in case.evidence), *case.near_miss)


def stale_evidence(case: Case, shelf: Shelf) -> tuple[str, ...]:
    """Why the labels of a case no longer fit the articles; empty when they do."""
    reasons = []
    for evidence in case.evidence:
        article = shelf.find(evidence.article)
        if article is None:
            reasons.append(f"there is no article {evidence.article!r}")
        elif not holds(article.text, evidence.quote):
            reasons.append(f"{evidence.article!r} no longer says {evidence.quote!r}")
    reasons.extend(
        f"there is no article {label!r}" for label in case.near_miss if shelf.find(label) is None
    )
    return tuple(reasons)


def _only(file: Path) -> str | None:
    """The id of the article that a file holds; None where it holds several or none."""
    held = [found for found in read(file) if isinstance(found, Reading)]
    return identified(held[0], file.name).id if len(held) == 1 else None


@lru_cache(maxsize=20_000)
def _short(label: str) -> str:
    path = PurePosixPath(label.rsplit("/", maxsplit=1)[-1])
    return path.stem if path.suffix in (".md", ".txt", ".html", ".json", ".jsonl") else path.name
