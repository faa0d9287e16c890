"""Passages of an article: runs of whole sentences of a bounded size, overlapping a little."""

from __future__ import annotations

import hashlib

from rag.language.sentences import sentence_spans
from rag.records import Article, Passage

# Where a sentence that is too long is cut, the best place first.
_SEPARATORS = ("\n", "; ", ", ", " ", "")

Span = tuple[int, int]


def split(article: Article, *, size: int, overlap: int) -> list[Passage]:
    """The passages of an article in order; none is longer than `size` characters.

    A passage begins and ends with a whole sentence and repeats up to `overlap` characters of
    whole sentences of the one before. A sentence longer than `size` is cut at its white space.
    """
    pieces = [
        piece for span in sentence_spans(article.text) for piece in _cut(article.text, span, size)
    ]
    return [_passage(article, start, end) for start, end in _windows(pieces, size, overlap)]


def _windows(pieces: list[Span], size: int, overlap: int) -> list[Span]:
    windows: list[Span] = []
    first = 0
    while first < len(pieces):
        last = first
        while last + 1 < len(pieces) and pieces[last + 1][1] - pieces[first][0] <= size:
            last += 1
        windows.append((pieces[first][0], pieces[last][1]))
        if last + 1 == len(pieces):
            break
        first = _next_first(pieces, first, last, size, overlap)
    return windows


def _next_first(pieces: list[Span], first: int, last: int, size: int, overlap: int) -> int:
    """The piece the next window begins with: it must reach beyond `last`."""
    end, following = pieces[last][1], pieces[last + 1][1]
    start = last + 1
    while (
        start - 1 > first
        and end - pieces[start - 1][0] <= overlap
        and following - pieces[start - 1][0] <= size
    ):
        start -= 1
    return start


def _cut(text: str, span: Span, size: int) -> list[Span]:
    start, end = span
    if end - start <= size:
        return [span]
    # Imported here: few articles have a sentence that is too long.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size, chunk_overlap=0, add_start_index=True, separators=list(_SEPARATORS)
    )
    cut = []
    for document in splitter.create_documents([text[start:end]]):
        begin = start + document.metadata["start_index"]
        cut.append((begin, begin + len(document.page_content)))
    return cut


def _passage(article: Article, start: int, end: int) -> Passage:
    return Passage(
        id=passage_id(article, start, end),
        source=article.source,
        text=article.text[start:end],
        start=start,
        end=end,
    )


def passage_id(article: Article, start: int, end: int) -> str:
    """The same article, version and offsets always give the same id, 24 hexadecimal digits."""
    key = "\0".join((article.id, article.content_hash, str(start), str(end)))
    return hashlib.sha256(key.encode()).hexdigest()[:24]
