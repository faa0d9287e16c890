"""The checks of the store: its file, its articles, its rows, the settings that it is bound to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.ingest.identity import content_hash
from rag.records import Filters
from rag.store import Upkeep
from rag.upkeep.checks.check import Check, Seen, State, some
from rag.wiring import Parts


@dataclass(frozen=True, slots=True)
class StoreChecks:
    """Looks at the store of an archive and mends it."""

    parts: Parts
    upkeep: Upkeep

    def all(self) -> Iterator[Check]:
        """The checks, each of what the ones after it stand on."""
        yield Check("store", self._store, self._reindexed)
        yield Check("articles", self._articles, self._distrusted)
        yield Check("rows", self._rows, self._cleared)
        yield Check("settings", self._settings)

    def _store(self) -> Seen:
        faults = self.upkeep.faults()
        if faults:
            said = f"{some(faults)}: put a backup back with `rag restore FILE --replace`"
            return Seen(State.WRONG, said)
        self.parts.index.check()
        articles = self.parts.store.coverage(Filters()).articles
        return Seen(State.OK, f"sound, {articles:,} {'article' if articles == 1 else 'articles'}")

    def _reindexed(self) -> str:
        self.upkeep.reindex()
        return "made its missing tables and its own indexes again"

    def _articles(self) -> Seen:
        altered = self._altered()
        if altered:
            mending = "ingest them again, or put a backup back"
            return Seen(State.WRONG, f"not as they were stored: {some(altered)}: {mending}")
        return Seen(State.OK, "each is as it was stored")

    def _distrusted(self) -> str:
        """Only the files know what stood there: the next ingest of them will not pass them over."""
        self.upkeep.distrust(self._altered())
        return "marked to be stored again"

    def _altered(self) -> list[str]:
        return [
            article.id
            for article in self.parts.store.articles()
            if content_hash(article.source, article.text) != article.content_hash
        ]

    def _rows(self) -> Seen:
        strays, miscounted = self.upkeep.strays(), self.upkeep.miscounted()
        wrong = [f"{count:,} {name}" for name, count in strays.items()]
        if miscounted:
            wrong.append(f"{miscounted:,} articles that count their passages wrongly")
        return Seen(State.WRONG, some(wrong)) if wrong else Seen(State.OK, "none strays")

    def _cleared(self) -> str:
        self.upkeep.drop_strays()
        self.upkeep.recount()
        return "cleared and counted again"

    def _settings(self) -> Seen:
        self.parts.store.bind(self.parts.fingerprint)
        return Seen(State.OK, f"the index was built with them: {self.parts.fingerprint}")
