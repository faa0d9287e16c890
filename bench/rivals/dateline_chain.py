"""Dateline itself, with its default answerer: found, quoted, checked."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from contender import Report, System, contend, random_unit_vectors

from rag.archive import open_archive
from rag.ingest.identity import identified
from rag.passages import split
from rag.reading import Reading
from rag.settings import Settings
from rag.store import text_hash
from rag.wiring import assemble

_AT_ONCE = 500  # articles whose random vectors are stored in one go


class Dateline:
    def __init__(self, folder: Path, is_random: bool) -> None:
        self._folder = folder
        self._is_random = is_random
        self._archive = open_archive(folder)

    def ingest(self, reports: Sequence[Report]) -> int:
        if self._is_random:
            self._know_vectors(reports)
        with tempfile.TemporaryDirectory() as place:
            file = Path(place) / "reports.jsonl"
            with file.open("w", encoding="utf-8") as lines:
                lines.writelines(json.dumps(asdict(report)) + "\n" for report in reports)
            self._archive.ingest(file)
        return self._archive.status().passages

    def ask(self, question: str) -> str:
        return self._archive.ask(question).text

    def _know_vectors(self, reports: Sequence[Report]) -> None:
        """Give the store a random vector of every passage, so that none is embedded."""
        settings, chance = Settings(), random.Random(0)
        store = assemble(self._folder, settings).store
        for start in range(0, len(reports), _AT_ONCE):
            articles = [
                identified(Reading(report.text, id=report.id), "")
                for report in reports[start : start + _AT_ONCE]
            ]
            texts = [
                passage.text
                for article in articles
                for passage in split(
                    article, size=settings.passage_size, overlap=settings.passage_overlap
                )
            ]
            vectors = random_unit_vectors(len(texts), chance)
            store.put_vectors(
                {
                    text_hash(text): np.asarray(vector, dtype=np.float32)
                    for text, vector in zip(texts, vectors, strict=True)
                }
            )
        store.close()


def made(folder: Path, is_random: bool) -> System:
    return Dateline(folder, is_random)


if __name__ == "__main__":
    contend(made)
