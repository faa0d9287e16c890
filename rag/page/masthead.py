"""The head of the page: its name, what the archive holds, and where the articles come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.page import wording
from rag.page.escape import in_html

if TYPE_CHECKING:
    from rag.archive import Archive

SEEDS_NOTE = (
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


def masthead(archive: Archive) -> str:
    """The head as HTML."""
    note = f'<p class="note">{_with_code(SEEDS_NOTE)}</p>' if archive.is_seeds else ""
    return (
        '<header class="masthead"><h1>Dateline</h1><div class="folio">'
        f'<p class="holdings">{in_html(holdings(archive))}</p>'
        '<p class="motto">Every sentence of an answer is an exact quote from an article.</p>'
        f"</div>{note}</header>"
    )


def holdings(archive: Archive) -> str:
    """Articles, publishers and the months they span."""
    status = archive.status()
    if not status.articles:
        return "No articles yet"
    said = wording.count(status.articles, "article")
    if status.publishers:
        said += f" of {wording.count(len(status.publishers), 'publisher')}"
    dates = wording.span(status.first, status.last)
    return f"{said}, {dates}" if dates else said


def examples(archive: Archive) -> tuple[str, ...]:
    """Questions to click in the empty chat; none where we cannot know what would be answered."""
    return SEED_EXAMPLES if archive.is_seeds else ()


def _with_code(text: str) -> str:
    """The text escaped, with what stands between backticks as code."""
    pieces = in_html(text).split("`")
    return "".join(
        f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces)
    )
