"""The page as a whole: its head, its tabs, its one endpoint for programs, and how it is mounted."""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI
from gradio.blocks import Blocks
from gradio.events import api
from gradio.routes import mount_gradio_app

from rag.errors import DatelineError
from rag.page.archive_tab import archive_tab
from rag.page.ask_tab import ask_tab
from rag.page.asking import Watch
from rag.page.listeners import ANSWERS_AT_ONCE, QUIET
from rag.page.masthead import masthead
from rag.page.named import names
from rag.page.review_tab import Desk, review_tab
from rag.page.tongue import label, spoken, translations
from rag.page.uploads import MEGABYTE

if TYPE_CHECKING:
    from rag.archive import Archive

QUESTIONS_WAITING = 200

# What is sent to the browser as it is.
_BROWSERS = resources.files("rag.page").joinpath("browser")
_STYLES = ("style.css", "conversations.css", "evidence.css", "archive.css", "settings.css")
# The first one gives the others what they hang on to.
_SCRIPTS = (
    "redrawn.js",
    "conversations.js",
    "folds.js",
    "connection.js",
    "panel.js",
    "page.js",
    "chat.js",
    "named.js",
)

_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def page(
    archive: Archive,
    desk: Desk | None = None,
    *,
    may_write: bool = True,
    may_leave: bool = False,
    watch: Watch = iter,
) -> Blocks:
    """The page that asks and shows the archive, and with a desk reviews its drafts.

    See `mount_page` for what its readers may do.
    """
    blocks = Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with blocks:
        head = gr.HTML(masthead(archive, may_leave=may_leave))
        with gr.Tabs():
            with gr.Tab(label("Ask")):
                first = ask_tab(archive, watch)
            with gr.Tab(label("Articles")) as articles:
                second = archive_tab(archive, articles, may_write=may_write)
            if desk is not None:
                with gr.Tab(label("Review")) as review:
                    review_tab(desk, review)
        current = spoken(partial(_current, archive, may_leave))
        told = [head, first, second.publishers]
        blocks.load(current, None, told, **QUIET)
        second.changed.change(current, None, told, **QUIET)
        _publish(archive, watch)
    blocks.queue(max_size=QUESTIONS_WAITING, default_concurrency_limit=ANSWERS_AT_ONCE)
    return blocks


def _current(archive: Archive, may_leave: bool) -> tuple[str, Any, Any]:
    """The head and the publishers to choose from, as they are when the page is opened."""
    publishers = list(archive.status().publishers)
    head = masthead(archive, may_leave=may_leave)
    return head, gr.Dropdown(choices=publishers), gr.Dropdown(choices=publishers)


def mounted(app: FastAPI, blocks: Blocks, *, megabytes: int = 0) -> FastAPI:
    """The application with the page at `/`, in its own looks, asking no other host.

    A file of at most so many `megabytes` is taken from the browser, none where it is 0.
    """
    style = "\n".join(map(_file, _STYLES))
    script = "\n".join([*map(_file, _SCRIPTS), names()])
    mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=gr.themes.Base(
            primary_hue="stone",
            neutral_hue="stone",
            font=_SANS,
            font_mono=_MONO,
            radius_size="sm",
        ),
        # In the head, because Gradio rewrites the selectors of `css` and breaks media queries.
        head=f"<style>{style}</style><script>{script}</script>",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        mcp_server=False,
        i18n=translations(),
        # Gradio takes files at an address of its own, whether a page has a field for them or not.
        max_file_size=megabytes * MEGABYTE or 1,
        favicon_path=str(_BROWSERS.joinpath("icon.svg")),
    )
    return app


def _file(name: str) -> str:
    return _BROWSERS.joinpath(name).read_text("utf-8")


def _publish(archive: Archive, watch: Watch) -> None:
    """One endpoint for programs: `ask`, typed, the same chain as the page."""

    def ask(question: str) -> dict[str, Any]:
        """Answer a question from the archive, in exact quotes with their sources."""
        try:
            *_, last = watch(archive.stream(question))
            return last.to_dict()
        except DatelineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    api(ask, api_name="ask", concurrency_limit=ANSWERS_AT_ONCE)
