"""Articles that disagree, side by side in the order of their dates, as HTML."""

from __future__ import annotations

from itertools import pairwise

from rag.page import wording
from rag.page.cards import button, byline
from rag.page.chat import evidence_id
from rag.page.escape import in_html
from rag.page.relayed import account
from rag.page.tongue import tr
from rag.records import Citation, Conflict


def disagreement(conflict: Conflict, key: str) -> str:
    """Each side with its quote on a line of time, oldest first, the days between them counted."""
    heading = (
        tr("The articles disagree about {about}", about=conflict.about)
        if conflict.about
        else tr("The articles disagree")
    )
    before = (None, *conflict.sides[:-1])
    sides = "".join(
        _side(side, _later(earlier, side), key)
        for earlier, side in zip(before, conflict.sides, strict=True)
    )
    told = account(conflict)
    reason = f"<p>{in_html(told)}</p>" if told else ""
    order = (
        tr("In the order of their dates, oldest first.")
        if _in_order(conflict)
        else tr("Not every article states its date.")
    )
    return (
        f'<section class="conflict"><h3>{in_html(heading)}</h3>{reason}'
        f'<p class="hint">{in_html(order)}</p><ol class="sides">{sides}</ol></section>'
    )


def _in_order(conflict: Conflict) -> bool:
    days = [side.source.published for side in conflict.sides]
    return all(a and b and a <= b for a, b in pairwise(days))


def _later(earlier: Citation | None, side: Citation) -> str:
    """How long after the side before it, in words; empty where it cannot be told."""
    if earlier is None or not (earlier.source.published and side.source.published):
        return ""
    days = (side.source.published - earlier.source.published).days
    if days < 0:
        return ""
    return tr("{days} later", days=wording.count(days, "day")) if days else tr("the same day")


def _side(side: Citation, later: str, key: str) -> str:
    gap = f'<p class="gap">{in_html(later)}</p>' if later else ""
    show = in_html(tr("Show the quote"))
    link = f'<a href="#{evidence_id(key, side.marker)}">{show}</a>'
    read = button(tr("Read the article"), key=key, marker=str(side.marker))
    return (
        f"<li>{gap}{byline(side.source)}"
        f"<blockquote><mark>{in_html(side.quote.text)}</mark></blockquote>"
        f'<p class="links">{link} {read}</p></li>'
    )
