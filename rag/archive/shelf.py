"""The articles of an archive as they are: looked up, listed and read."""

from __future__ import annotations

from collections.abc import Iterable

from rag.errors import ReadError
from rag.records import Article, Filters, Source
from rag.store import Listed
from rag.versions import Version
from rag.wiring import Parts

NO_FILTERS = Filters()


class Shelf:
    """The articles of an archive; to read them takes neither an index nor a model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def article(self, article_id: str) -> Article:
        """The newest version of an article.

        Raises:
            ReadError: the archive holds no article of this id.
        """
        article = self._parts.store.article(article_id)
        if article is None:
            raise ReadError(f"there is no article {article_id!r} in this archive")
        return article

    def articles(self) -> tuple[Article, ...]:
        """The newest version of every article, by id."""
        return tuple(self._parts.store.articles())

    def sources(self) -> tuple[Source, ...]:
        """The source card of every article, by id: a listing that reads no texts."""
        return tuple(self._parts.store.sources())

    def listing(
        self, filters: Filters = NO_FILTERS, words: str = "", *, limit: int = 50, skip: int = 0
    ) -> tuple[int, tuple[Listed, ...]]:
        """How many articles pass the filters and hold every word, and a page of them, newest first.

        `limit` is the length of the page, `skip` how many come before it.
        """
        return self._parts.catalogue.listing(filters, words, limit=limit, skip=skip)

    def listed(self, article_id: str) -> Listed | None:
        """An article as a listing has it; None where there is none of this id (any more)."""
        return self._parts.catalogue.listed(article_id)

    def passages(self, article_id: str) -> tuple[tuple[int, int], ...]:
        """Start and end of each passage of an article's newest version, in order."""
        return self._parts.catalogue.passages(article_id)

    def history(self, article_id: str) -> tuple[Version, ...]:
        """Every stored version of an article, oldest first; also of one that was removed.

        Raises:
            ReadError: the archive never held an article of this id, or has forgotten it.
        """
        found = self._parts.catalogue.history(article_id)
        if not found:
            raise ReadError(f"there is no article {article_id!r} in this archive")
        return found

    def copies(self, article_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]:
        """For each of the articles that has copies: the other articles of its report, by date."""
        return self._parts.store.copies(article_ids)

    def identified(self, named: str) -> str:
        """The id of the article that is named by its id or its url, one that was removed too.

        Raises:
            ReadError: there is none; names the ids that come near.
        """
        found = self._parts.catalogue.identified(named)
        if found is None:
            near = " or ".join(repr(article_id) for article_id in self._parts.catalogue.near(named))
            hint = f": did you mean {near}?" if near else ": see `rag articles list`"
            raise ReadError(f"there is no article {named!r} in this archive{hint}")
        return found

    def generation(self) -> int:
        """How many changes the archive has seen."""
        return self._parts.store.generation()

    def size(self) -> int:
        """How many articles it holds."""
        return self._parts.store.coverage(NO_FILTERS).articles

    def is_empty(self) -> bool:
        """Whether it holds no article."""
        return not self.size()

    def _all_identified(self, named: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.identified(name) for name in named))
