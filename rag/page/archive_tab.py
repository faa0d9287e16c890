"""The tab of the articles: search them, browse them, read one whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.errors import DatelineError
from rag.page import catalog
from rag.page.ask_tab import PRESSED, QUIET
from rag.page.limits import limits
from rag.page.reader import read
from rag.page.wording import sentence

if TYPE_CHECKING:
    from rag.archive import Archive

# An archive that is larger is searched, not listed: a list of so many cards takes seconds.
_LISTED_WHOLE = 100_000
_HITS = 60  # passages; several may be of one article

_BACK = '<p class="links"><a href="#articles">Back to the articles</a></p>'
_NOTHING_OPEN = catalog.notice("Choose an article to read.")


def archive_tab(archive: Archive, tab: gr.Tab) -> gr.Dropdown:
    """The tab; it is filled when it is opened, and again when a field changes.

    Gives the field of publishers, whose choices are the page's to refresh.
    """
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            words = gr.Textbox(
                label="Search the articles",
                placeholder="Words of an article",
                elem_id="words",
                submit_btn="Search",
            )
            with gr.Row():
                since = gr.Textbox(label="Since", placeholder="2023-09", min_width=120)
                until = gr.Textbox(label="Until", placeholder="2023-09", min_width=120)
                publishers = gr.Dropdown(multiselect=True, label="Publishers", min_width=160)
            articles = gr.HTML(elem_id="articles", elem_classes="sources", js_on_load=PRESSED)
        with gr.Column(scale=2, min_width=320):
            reader = gr.HTML(_NOTHING_OPEN, elem_id="reading", elem_classes="sources")
    fields = [words, since, until, publishers]
    listed = partial(_listed, archive)
    for event in (tab.select, words.submit, since.submit, until.submit, publishers.change):
        event(listed, fields, articles, **QUIET)

    def opened(chosen: gr.EventData) -> Any:
        article_id = dict(chosen._data or {}).get("article")
        return gr.skip() if article_id is None else _article(archive, str(article_id))

    articles.select(opened, None, reader, **QUIET)
    return publishers


def _listed(
    archive: Archive, words: str, since: str, until: str, publishers: Sequence[str] | None
) -> str:
    try:
        filters = limits(since, until, publishers)
        if words.strip():
            return catalog.found(archive.search(words, limit=_HITS, filters=filters))
        if archive.status().articles > _LISTED_WHOLE:
            return catalog.notice("Search for words to see articles.")
        admitted = [source for source in archive.sources() if filters.admits(source)]
        return catalog.timeline(admitted) + catalog.listing(admitted)
    except DatelineError as error:
        return catalog.notice(sentence(str(error)))


def _article(archive: Archive, article_id: str) -> str:
    try:
        return read(archive.article(article_id), back=_BACK)
    except DatelineError as error:
        return catalog.notice(sentence(str(error)))
