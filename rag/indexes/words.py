"""Passages, found by their words. The only module that knows tantivy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import tantivy

from rag.errors import IndexUnavailable
from rag.indexes.entry import day_of, days, rarity_of, searched, terms_of, written_in
from rag.indexes.scratch import Scratch
from rag.language.terms import fold
from rag.records import Filters, Passage

# Enough for batches of some thousand passages between two segments.
_WRITER_BYTES = 64_000_000

Found = list[tuple[str, float]]


class Words:
    """A folder of terms: title, publisher, date and text of each passage, scored by BM25.

    The terms are those of `rag.language.terms`, so that a term of a question, of a sentence and of
    the index is the same thing everywhere.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                folder = self._linked(folder)
            self._index = tantivy.Index(_schema(), path=str(folder))
            self._index.reload()
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"the word index {folder} cannot be opened: {error}") from error
        self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None

    def _linked(self, folder: Path) -> Path:
        """A scratch folder of links to the files: tantivy makes a lock where it opens."""
        self._scratch = Scratch()
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (self._scratch.folder / path.name).symlink_to(path)
        return self._scratch.folder

    def add(self, passages: Iterable[Passage]) -> None:
        """Add passages, replacing those of the same id; searched after `commit`."""
        writer = self._writing()
        for passage in passages:
            writer.delete_documents_by_term("id", passage.id)
            writer.add_document(_document(passage))

    def remove(self, ids: Iterable[str]) -> None:
        """Take passages out; unknown ids change nothing. Gone after `commit`."""
        writer = self._writing()
        for passage_id in ids:
            writer.delete_documents_by_term("id", passage_id)

    def commit(self) -> None:
        """Write down what was added and removed, and search it from now on."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str, *, limit: int, filters: Filters) -> Found:
        """Passage ids with their BM25 scores, best first; no shared term, no hit."""
        wanted = searched(text, self.rarity)
        if not wanted:
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, _term("words", term)) for term in wanted]
        )
        conditions = _conditions(filters)
        if conditions:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        found = self._searcher.search(query, limit=limit, count=False).hits
        return [
            (str(self._searcher.doc(address).get_first("id")), float(score))
            for score, address in found
        ]

    def count(self) -> int:
        """How many passages there are."""
        return int(self._searcher.num_docs)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term as BM25 has it; highest for unseen terms."""
        return rarity_of(self._searcher.doc_freq("words", term), self._searcher.num_docs)

    def seen(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return self._searcher.doc_freq("words", term) > 0

    def written(self, word: str) -> int:
        """How many passages hold a folded word of four letters or more in just this form."""
        return self._searcher.doc_freq("written", word)

    def beginning(self, prefix: str) -> list[tuple[str, int]]:
        """The words that passages hold and that begin so, each as `written` counts it.

        The most frequent first. Words of removed passages may still be among them.
        """
        return self._searcher.terms_with_prefix("written", prefix)

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_BYTES, num_threads=1)
        return self._writer


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "article", "publisher"):
        builder.add_text_field(
            name, stored=name == "id", tokenizer_name="raw", index_option="basic"
        )
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("written", tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    return builder.build()


_SCHEMA = _schema()


def _document(passage: Passage) -> tantivy.Document:
    source = passage.source
    document = tantivy.Document()
    document.add_text("id", passage.id)
    document.add_text("article", source.article_id)
    document.add_text("publisher", fold(source.publisher or ""))
    document.add_text("words", " ".join(terms_of(passage)))
    document.add_text("written", " ".join(written_in(passage)))
    document.add_unsigned("day", day_of(source))
    return document


def _conditions(filters: Filters) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """What a passage must and must not be; conditions add nothing to its score."""
    must = []
    if admitted := days(filters):
        must.append(
            tantivy.Query.range_query(_SCHEMA, "day", tantivy.FieldType.Unsigned, *admitted)
        )
    if filters.publishers:
        must.append(_any("publisher", [fold(name) for name in filters.publishers]))
    if filters.articles:
        must.append(_any("article", filters.articles))
    conditions = [
        (tantivy.Occur.Must, tantivy.Query.const_score_query(condition, 0.0)) for condition in must
    ]
    if filters.without:
        conditions.append((tantivy.Occur.MustNot, _any("article", filters.without)))
    return conditions


def _any(field: str, values: Iterable[str]) -> tantivy.Query:
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, _term(field, value)) for value in values]
    )


def _term(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, field, value)
