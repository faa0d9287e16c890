"""The head of the page: its name, what the archive holds, and where the articles come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.page import wording
from rag.page.cards import with_code
from rag.page.escape import in_html
from rag.page.tongue import later, tr

if TYPE_CHECKING:
    from rag.archive import Archive

SEEDS_NOTE = later(
    "Answering from the bundled seed articles, because the archive is empty. "
    "Add your own with `rag ingest PATH`."
)

# Questions for the bundled articles, shown while they are what is asked.
SEED_EXAMPLES = (
    "How large is the Vostochny Cosmodrome?",
    "When did Vostochny begin operating as Russia's main spaceport?",
    "Which professor said North Korea lags behind in reconnaissance satellites?",
    "Who met at the Vostochny Cosmodrome?",
)

# A form of the browser's own: the server takes the cookie back and shows its login.
_LEAVE = '<form class="leave" method="post" action="/logout"><button>{}</button></form>'


def masthead(archive: Archive, *, may_leave: bool = False) -> str:
    """The head as HTML, with the way out for readers who logged in."""
    note = f'<p class="note">{with_code(tr(SEEDS_NOTE))}</p>' if archive.is_seeds else ""
    motto = tr("Every sentence of an answer is an exact quote from an article.")
    leave = _LEAVE.format(in_html(tr("Log out"))) if may_leave else ""
    return (
        f'<header class="masthead">{leave}<h1>Dateline</h1><div class="folio">'
        f'<p class="holdings">{in_html(holdings(archive))}</p>'
        f'<p class="motto">{in_html(motto)}</p>'
        f"</div>{note}</header>"
    )


def holdings(archive: Archive) -> str:
    """Articles, publishers and the months they span."""
    status = archive.status()
    if not status.articles:
        return tr("No articles yet")
    return wording.holdings(status.articles, len(status.publishers), status.first, status.last)


def examples(archive: Archive) -> tuple[str, ...]:
    """Questions to click in the empty chat; none where we cannot know what would be answered."""
    return SEED_EXAMPLES if archive.is_seeds else ()
