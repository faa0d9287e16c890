"""The tab of the articles: search and browse them, read one whole, add and remove some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.archive import folder_of
from rag.errors import DatelineError
from rag.page import catalog, removal
from rag.page.cards import panel
from rag.page.escape import in_html
from rag.page.limits import limits
from rag.page.listeners import PRESSED, QUIET, told, whole_page
from rag.page.opened import opened
from rag.page.reader import read
from rag.page.tongue import label, spoken, tr
from rag.page.uploads import ENDINGS, as_html, taken_in
from rag.page.wording import sentence

if TYPE_CHECKING:
    from rag.archive import Archive

# An archive that is larger has no bars over time: counting them would read every source card.
_COUNTED_WHOLE = 100_000
_HITS = 60  # passages; several may be of one article


@dataclass(frozen=True, slots=True)
class ArchiveTab:
    """What the page as a whole needs of the tab.

    `publishers` are the page's to refresh; `changed` counts what was added or removed.
    """

    publishers: gr.Dropdown
    changed: gr.State


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of the tab; `shown` is how many articles are listed."""

    words: gr.Textbox
    since: gr.Textbox
    until: gr.Textbox
    publishers: gr.Dropdown
    articles: gr.HTML
    reader: gr.HTML
    shown: gr.State
    changed: gr.State

    @property
    def fields(self) -> list[Any]:
        return [self.words, self.since, self.until, self.publishers]


def archive_tab(archive: Archive, tab: gr.Tab, *, may_write: bool = True) -> ArchiveTab:
    """The tab; it is filled when it is opened, and again when a field changes.

    Where the reader `may_write`, articles are added and removed here.
    """
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            words = gr.Textbox(
                label=label("Search the articles"),
                placeholder=label("Words of an article"),
                elem_id="words",
                max_lines=1,
                submit_btn=str(label("Search")),
            )
            with gr.Row():
                since, until = (
                    gr.Textbox(
                        label=name, placeholder=label("e.g. 2023-09"), max_lines=1, min_width=120
                    )
                    for name in (label("Since"), label("Until"))
                )
                publishers = gr.Dropdown(multiselect=True, label=label("Publishers"), min_width=160)
            adding = _adding() if may_write else None
            articles = gr.HTML(elem_id="articles", elem_classes="sources", js_on_load=PRESSED)
        with gr.Column(scale=2, min_width=320):
            reader = gr.HTML(elem_id="reading", elem_classes="sources", js_on_load=PRESSED)
    shown, changed = gr.State(catalog.LISTED), gr.State(0)
    parts = _Parts(words, since, until, publishers, articles, reader, shown, changed)
    _wire_list(archive, parts, tab, may_write)
    _wire_reader(archive, parts, may_write)
    if adding:
        _wire_adding(archive, parts, adding, tab)
    return ArchiveTab(publishers, changed)


@dataclass(frozen=True, slots=True)
class _Adding:
    """Where files are dropped, what it says, and what became of them."""

    note: gr.HTML
    drop: gr.File
    results: gr.HTML


def _adding() -> _Adding:
    with gr.Accordion(label("Add articles"), open=False, elem_id="add"):
        note = gr.HTML(elem_id="adding", elem_classes="sources")
        # Of any type, so that one we do not read gets its line among the others.
        drop = gr.File(
            label=label("Files to add"),
            file_count="multiple",
            elem_id="drop",
            height=140,
        )
        results = gr.HTML(elem_id="added", elem_classes="sources")
    return _Adding(note, drop, results)


def _wire_list(archive: Archive, parts: _Parts, tab: gr.Tab, may_write: bool) -> None:
    @spoken
    def anew(*fields: Any) -> tuple[str, int]:
        return _listed(archive, *fields, shown=catalog.LISTED), catalog.LISTED

    @spoken
    def again(*given: Any) -> str:
        *fields, shown, _ = given
        return _listed(archive, *fields, shown=shown)

    @spoken
    def pressed(chosen: gr.EventData, *given: Any) -> tuple[Any, ...]:
        """What a button of the list asks for: an article, a month, more of the list."""
        wanted = told(chosen)
        *fields, shown = given
        unchanged = gr.skip()
        if "article" in wanted:
            article = _article(archive, wanted, may_write=may_write)
            return article, unchanged, unchanged, unchanged, unchanged
        if "when" in wanted:
            words, _, _, publishers = fields
            since = until = wanted["when"]
            listed = _listed(archive, words, since, until, publishers, shown=catalog.LISTED)
            return unchanged, listed, since, until, catalog.LISTED
        more = int(wanted["more"]) if wanted.get("more", "").isdecimal() else shown
        return unchanged, _listed(archive, *fields, shown=more), unchanged, unchanged, more

    outputs = [parts.articles, parts.shown]
    fields = parts.fields
    for event in (parts.words.submit, parts.since.submit, parts.until.submit):
        event(anew, fields, outputs, **QUIET)
    for event in (parts.since.blur, parts.until.blur, parts.publishers.input, tab.select):
        event(anew, fields, outputs, **QUIET)
    parts.changed.change(again, [*fields, parts.shown, parts.changed], parts.articles, **QUIET)
    parts.articles.select(
        pressed,
        [*fields, parts.shown],
        [parts.reader, parts.articles, parts.since, parts.until, parts.shown],
        **QUIET,
    )


def _wire_reader(archive: Archive, parts: _Parts, may_write: bool) -> None:
    @spoken
    def pressed(chosen: gr.EventData, changed: int) -> tuple[Any, Any]:
        """What a button of the article asks for; removing is asked twice."""
        wanted = told(chosen)
        may_remove = may_write and not archive.is_seeds
        try:
            if may_remove and "remove" in wanted:
                return removal.question(archive.article(wanted["remove"])), changed
            if may_remove and "confirmed" in wanted:
                return removal.removed(archive, wanted["confirmed"]), changed + 1
        except DatelineError as error:
            return catalog.notice(sentence(str(error))), changed
        if "article" not in wanted:
            return gr.skip(), changed
        return _article(archive, wanted, may_write=may_write), changed

    parts.reader.select(pressed, parts.changed, [parts.reader, parts.changed], **QUIET)
    whole_page().load(spoken(_to_read), None, parts.reader, **QUIET)


def _wire_adding(archive: Archive, parts: _Parts, adding: _Adding, tab: gr.Tab) -> None:
    @spoken
    def explained() -> str:
        return _explained(archive)

    @spoken
    def added(files: Sequence[str] | None, changed: int) -> Iterator[tuple[Any, Any, Any]]:
        """The files with what becomes of each; the field is empty with the last of it."""
        shown = ""
        for taken in taken_in(archive, files or ()):
            if shown:
                yield shown, gr.skip(), gr.skip()
            shown = as_html(taken)
        yield shown, None, changed + 1

    tab.select(explained, None, adding.note, **QUIET)
    adding.drop.upload(
        added,
        [adding.drop, parts.changed],
        [adding.results, adding.drop, parts.changed],
        concurrency_limit=1,
        trigger_mode="multiple",  # what is dropped meanwhile takes its turn
        **QUIET,
    )


def _to_read() -> str:
    """What stands where an article is to be read, until one is."""
    return catalog.notice(tr("Choose an article to read it here."))


def _listed(
    archive: Archive,
    words: str,
    since: str,
    until: str,
    publishers: Sequence[str] | None,
    *,
    shown: int,
) -> str:
    try:
        filters = limits(since, until, publishers)
        if (words or "").strip():
            hits = archive.search(words, limit=_HITS, filters=filters)
            copies = archive.copies({hit.passage.source.article_id for hit in hits})
            return catalog.found(hits, copies)
        total, page = archive.listing(filters, limit=shown)
        bars = ""
        if archive.status().articles <= _COUNTED_WHOLE:
            bars = catalog.timeline([s for s in archive.sources() if filters.admits(s)])
        listed = {each.source.article_id: each.copies for each in page}
        return bars + catalog.listing([each.source for each in page], total, listed)
    except DatelineError as error:
        return catalog.notice(sentence(str(error)))


def _article(archive: Archive, wanted: Mapping[str, str], *, may_write: bool) -> str:
    back = f'<p class="links"><a href="#articles">{in_html(tr("Back to the articles"))}</a></p>'
    try:
        article = opened(archive, wanted, back=back)
    except DatelineError as error:
        return catalog.notice(sentence(str(error)))
    may_remove = may_write and not archive.is_seeds
    return read(article) + (removal.offer(article.article) if may_remove else "")


def _explained(archive: Archive) -> str:
    """What may be added, how, and where it goes."""
    said = tr(
        "Drop files here, at most {most} MB at once: {endings}.",
        most=archive.settings.upload_megabytes,
        endings=", ".join(ENDINGS),
    )
    own = (
        tr(
            "Your own archive is empty. The first article you add begins it in {folder}, and takes "
            "the place of the bundled articles, which cannot be changed.",
            folder=str(folder_of(None, archive.settings)),
        )
        if archive.is_seeds
        else ""
    )
    lines = "".join(f'<p class="hint">{in_html(line)}</p>' for line in (own, said) if line)
    return panel(tr("Add articles"), lines)
