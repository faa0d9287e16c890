"""The page: a chat with the archive, and the evidence of each answer beside it.

The folder knows the archive by its public methods alone. Gradio is imported when a page is built.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.archive import Archive
    from rag.page.asking import Watch
    from rag.page.review_tab import Desk


def mount_page(
    app: FastAPI,
    archive: Archive,
    desk: Desk | None = None,
    *,
    may_write: bool = True,
    may_leave: bool = False,
    watch: Watch = iter,
) -> FastAPI:
    """The application with the page at `/`; with a desk it reviews drafts.

    Where its readers `may_write`, they add articles to the archive and remove some; who logged in
    `may_leave`. The snapshots of each answer go through `watch`.
    """
    _silence()
    from rag.page.blocks import mounted, page
    from rag.page.exports import add_exports
    from rag.page.head import Head
    from rag.page.readers import Readers

    app.add_middleware(Readers)
    app.add_middleware(Head)
    add_exports(app, archive)
    blocks = page(archive, desk, may_write=may_write, may_leave=may_leave, watch=watch)
    megabytes = archive.settings.upload_megabytes if may_write else 0
    return mounted(app, blocks, megabytes=megabytes)


def _silence() -> None:
    """Keep Gradio from calling home; it reads these once, when it is imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
