"""The checks of passages and vectors, and of the model that made those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rag.embeddings.embedding import MiniLMEmbeddings
from rag.ingest.embedded import embed_missing
from rag.passages import split
from rag.records import Article, Filters, Passage
from rag.settings import Settings
from rag.store import Upkeep
from rag.upkeep.checks.check import Check, Seen, State, some
from rag.wiring import Parts

# Stored vectors that are made again to be compared. What differs of the same model on another
# machine is the last digit of its figures.
_SAMPLE, _SAME = 16, 0.999


@dataclass(frozen=True, slots=True)
class PassageChecks:
    """Looks at the passages of an archive and their vectors, and mends them from its articles."""

    parts: Parts
    upkeep: Upkeep
    settings: Settings

    def all(self) -> Iterator[Check]:
        """The checks, each of what the ones after it stand on."""
        yield Check("passages", self._passages, self._cut_again)
        yield Check("vectors", self._vectors, self._embedded)
        if isinstance(self.parts.embeddings, MiniLMEmbeddings):
            yield Check("model", self._model, self._embedded_anew)

    def _passages(self) -> Seen:
        misplaced = self.upkeep.misplaced()
        if misplaced:
            return Seen(State.WRONG, f"do not give their articles whole: {some(misplaced)}")
        count = self.parts.store.coverage(Filters()).passages
        return Seen(State.OK, f"all {count:,} give their articles word for word and whole")

    def _cut_again(self) -> str:
        for article in self.parts.store.articles():
            self._embed([passage.text for passage in self._cut(article)])
        self.parts.store.resplit(self._cut, self.parts.fingerprint)
        return "all articles cut anew"

    def _vectors(self) -> Seen:
        missing, odd = len(self.upkeep.without_vector()), self.upkeep.odd_vectors()
        if missing or odd:
            return Seen(State.WRONG, f"{missing:,} passages without one, {odd:,} not comparable")
        return Seen(State.OK, "every passage has one")

    def _embedded(self) -> str:
        self.upkeep.drop_odd_vectors()
        return f"{self._embed_all():,} embedded, and the index made again"

    def _model(self) -> Seen:
        """The model checks its files against the published hashes when it is loaded."""
        sample = self.upkeep.sample(_SAMPLE)
        texts = [text for text, _ in sample] or ["a"]
        made = self.parts.embeddings.embed_documents(texts)
        differing = sum(
            float(np.dot(np.asarray(new, dtype=np.float32), old)) < _SAME
            for new, (_, old) in zip(made, sample, strict=False)
        )
        if differing:
            said = f"{differing} of {len(sample)} stored vectors are not what the model gives"
            return Seen(State.WRONG, said)
        return Seen(State.OK, f"the published weights, and {len(sample)} vectors as it gives them")

    def _embedded_anew(self) -> str:
        self.upkeep.drop_vectors()
        return f"all {self._embed_all():,} texts embedded again"

    def _cut(self, article: Article) -> list[Passage]:
        settings = self.settings
        return split(article, size=settings.passage_size, overlap=settings.passage_overlap)

    def _embed_all(self) -> int:
        """Embed what has no vector, and make the index again; how many texts that were."""
        made = self._embed(self.upkeep.without_vector())
        # The index holds what had vectors when it was made, and its number tells nothing of these.
        self.parts.index.remake()
        return made

    def _embed(self, texts: list[str]) -> int:
        return embed_missing(self.parts.store, self.parts.embeddings, texts)
