"""What an answer was not made from, and why, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.page import wording
from rag.page.cards import button, byline, names
from rag.page.escape import in_html
from rag.page.limits import limits_said
from rag.page.tongue import later, tr
from rag.quoting.left_out import LeftOut, Limit, Missed
from rag.records import Answer, Hit

# The note of a chat model's answer that tells how many of its sentences were kept.
_WRITTEN = re.compile(r"Written by .*sentences borne out")

_WHY = {
    Limit.UNDATED: later("it states no date, and a date was asked for"),
    Limit.EARLIER: later("it is older than what was asked for"),
    Limit.LATER: later("it is newer than what was asked for"),
    Limit.PUBLISHER: later("it is by another publisher"),
}


def waiting() -> str:
    """What stands there until the archive has been searched again."""
    return f'<p class="hint" role="status">{in_html(tr("Looking for what was left out…"))}</p>'


def omissions(answer: Answer, out: LeftOut, key: str) -> str:
    """The omissions, one section for each reason; a plain line where there are none.

    `key` is that of the exchange, to come back to from an article.
    """
    sections = [
        _by_limits(out, key),
        _crowded(out, key),
        _copies(answer.hits),
        _unsupported(answer.notes),
    ]
    said = "".join(section for section in sections if section)
    return said or f'<p class="hint">{in_html(tr("Nothing was left out."))}</p>'


def _by_limits(out: LeftOut, key: str) -> str:
    counts = (
        (out.undated, later("{articles} without a date, because a date was asked for")),
        (out.outside_dates, later("{articles} outside the dates asked for")),
        (out.other_publishers, later("{articles} of other publishers")),
    )
    said = [
        tr(words, articles=wording.count(number, "article")) for number, words in counts if number
    ]
    if not said:
        return ""
    searched = tr("Searched were only articles {limits}.", limits=limits_said(out.filters))
    limits = f'<p class="hint">{in_html(searched)}</p>'
    counted = f'<ul class="facts">{"".join(f"<li>{in_html(line)}</li>" for line in said)}</ul>'
    if not out.missed:
        none = tr("None of them would have been among the best passages without the limits.")
        return _section(tr("Outside the limits"), f"{limits}{counted}<p>{in_html(none)}</p>")
    best = tr("Without the limits, these would have been among the passages found:")
    listed = _listed(((missed.hit, _because(missed)) for missed in out.missed), key)
    return _section(tr("Outside the limits"), f"{limits}{counted}<p>{in_html(best)}</p>{listed}")


def _because(missed: Missed) -> str:
    reasons = ", ".join(tr(_WHY[limit]) for limit in missed.limits)
    return tr("Left out: {reasons}.", reasons=reasons)


def _crowded(out: LeftOut, key: str) -> str:
    """What the archive's own limits cut: too many passages of one article, and the long tail."""
    said = ""
    if out.crowded:
        why = tr(
            "These matched as well as some that were read, but enough of their article was read "
            "already:"
        )
        said += f"<p>{in_html(why)}</p>{_listed(((hit, '') for hit in out.crowded), key)}"
    if out.lower:
        lower = tr(
            "{passages} matched less well than those that were read.",
            passages=wording.count(out.lower, "more passage"),
        )
        said += f"<p>{in_html(lower)}</p>"
    return _section(tr("Not read"), said) if said else ""


def _copies(hits: Iterable[Hit]) -> str:
    """The other articles of each report, which were not read a second time."""
    kept = {hit.passage.source.article_id: hit for hit in hits if hit.copies}
    items = "".join(
        f"<li><h4>{in_html(wording.title(hit.passage.source))}</h4>{byline(hit.passage.source)}"
        f"<p>{in_html(_carried(hit))}</p></li>"
        for hit in kept.values()
    )
    return _section(tr("Copies of one report"), f'<ol class="others">{items}</ol>') if items else ""


def _carried(hit: Hit) -> str:
    others = wording.count(len(hit.copies), "other article")
    return tr(
        "Read once, though it is also in {articles}: {publishers}",
        articles=others,
        publishers=names(hit.copies),
    )


def _unsupported(notes: Iterable[str]) -> str:
    said = "".join(f"<p>{in_html(note)}</p>" for note in notes if _WRITTEN.search(note))
    return _section(tr("Sentences of the chat model"), said) if said else ""


def _listed(hits: Iterable[tuple[Hit, str]], key: str) -> str:
    items = "".join(
        f"<li><h4>{in_html(wording.title(hit.passage.source))}</h4>{byline(hit.passage.source)}"
        f"{f'<p>{in_html(why)}</p>' if why else ''}"
        f"<blockquote>{in_html(hit.passage.text)}</blockquote>"
        f'<p class="links">{_reading(hit, key)}</p></li>'
        for hit, why in hits
    )
    return f'<ol class="others">{items}</ol>'


def _reading(hit: Hit, key: str) -> str:
    passage = hit.passage
    return button(
        tr("Read the article"),
        key=key,
        article=passage.source.article_id,
        start=str(passage.start),
        end=str(passage.end),
    )


def _section(heading: str, inner: str) -> str:
    return f'<section class="omitted"><h3>{in_html(heading)}</h3>{inner}</section>'
