"""Web pages (.html): one file, one article; menus, notices and links to others stay out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from rag.errors import ReadError
from rag.reading.blocks import visible
from rag.reading.boilerplate import pruned, without_boilerplate
from rag.reading.card import card
from rag.reading.decoding import decoded
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.halves import joined
from rag.reading.packages import package
from rag.reading.record import Reading

# Fewer words than a brief has: what was found is a notice, or the page holds no article.
_BRIEF = 25


def read_page(file: File) -> Iterator[Reading | ReadError]:
    """The article of a page and the card that the page states."""
    markup = decoded(file.data(TEXT_LIMIT), file.name)
    tree = parsed(markup)
    if tree is None:
        yield ReadError(f"{file.name}: holds no text")
        return
    facts = card(tree)
    text = article_text(tree, facts.get("title"))
    if not text:
        yield ReadError(f"{file.name}: holds no text")
        return
    yield Reading(text=text, **facts)


def parsed(markup: str) -> Any:
    """The page as a tree without its comments; None for one without any element."""
    # Its own parser: comments between paragraphs would cut its article short.
    tree = package("trafilatura").load_html(markup)
    if tree is not None:
        return tree
    # It takes no fragments.
    html = package("lxml.html")
    with contextlib.suppress(ValueError, html.etree.LxmlError):
        return html.document_fromstring(f"<html><body>{markup}</body></html>")
    return None


def article_text(tree: Any, title: str | None = None) -> str:
    """The words of the article on a page, a paragraph a line, an empty line between."""
    pruned(tree)
    titles = [visible(heading) for heading in tree.iter("h1")] + ([title] if title else [])
    text = _extracted(tree, favor_precision=True)
    if joined(tree, text):
        text = max(text, _extracted(tree, favor_precision=True), key=len)
    if len(text.split()) < _BRIEF:
        text = max(text, _extracted(tree, favor_recall=True), key=len)
    lines = without_boilerplate([line.strip() for line in text.split("\n")], titles)
    return "\n\n".join(lines) or visible(tree)


def _extracted(tree: Any, **leaning: bool) -> str:
    trafilatura = package("trafilatura")
    with contextlib.suppress(RecursionError):
        return trafilatura.extract(tree, include_comments=False, **leaning) or ""
    return ""
