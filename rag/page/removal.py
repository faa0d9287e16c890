"""Taking an article out of the archive: asked first, then done, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.page import wording
from rag.page.cards import button, byline, panel, with_code
from rag.page.escape import in_html
from rag.page.tongue import tr
from rag.records import Article

if TYPE_CHECKING:
    from rag.archive import Archive


def offer(article: Article) -> str:
    """The button under an article that asks for its removal."""
    words = tr("Remove this article…")
    return panel(words, f'<p class="links">{button(words, remove=article.id, then="confirm")}</p>')


def question(article: Article) -> str:
    """What goes and what stays, and the two ways on."""
    asked = tr("Remove “{title}”?", title=wording.title(article.source))
    goes = tr("The article is no longer searched, quoted or listed; answers given before stay.")
    stays = tr(
        "Its versions stay in the history of the archive. "
        "`rag articles remove --forget` deletes those too."
    )
    yes = _push(tr("Remove it"), grave=True, confirmed=article.id, then="removed")
    no = _push(tr("Keep it"), article=article.id)
    return panel(
        asked,
        f'<article class="card confirm" id="confirm" tabindex="-1" aria-labelledby="confirm-title">'
        f'<h3 id="confirm-title">{in_html(asked)}</h3>{byline(article.source)}'
        f'<p>{in_html(goes)}</p><p class="hint">{with_code(stays)}</p>'
        f'<p class="links">{yes} {no}</p></article>',
    )


def removed(archive: Archive, article_id: str) -> str:
    """Remove the article, and say so.

    Raises:
        ReadError: it is not there any more.
        IndexBusy: another process is writing to the archive.
    """
    title = wording.title(archive.article(article_id).source)
    archive.remove(article_id)
    said = tr("Removed “{title}”.", title=title)
    return panel(said, f'<p id="removed" tabindex="-1" role="status">{in_html(said)}</p>')


def _push(words: str, *, grave: bool = False, **data: str) -> str:
    attributes = "".join(f' data-{name}="{in_html(value)}"' for name, value in data.items())
    kind = "push grave" if grave else "push"
    return f'<button type="button" class="{kind}"{attributes}>{in_html(words)}</button>'
