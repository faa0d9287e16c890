"""The whole of a stored article as HTML, with a quote marked in it, its versions and copies."""

from __future__ import annotations

from collections.abc import Sequence

from rag.page import wording
from rag.page.cards import button, byline, names, original, panel
from rag.page.escape import in_html
from rag.page.highlight import Mark, marked
from rag.page.opened import Opened
from rag.page.tongue import later, tr
from rag.records import Quote
from rag.versions import Version, changes

# Characters shown at once. Chromium lays a million out in about a second, on a phone in ten; the
# longest of the articles we measured with has 60,000.
AT_ONCE = 100_000
_CHANGES_SHOWN = 60  # lines of what changed from one version to the next

_KINDS = {"-": ("del", later("Removed")), "+": ("ins", later("Added"))}


def read(opened: Opened) -> str:
    """The article as one section."""
    article = opened.article
    quote = Quote(article.source, opened.at, 0, opened.quoted) if opened.at >= 0 else None
    heading = in_html(wording.title(article.source))
    return panel(
        tr("Article"),
        f'{opened.back}<article class="card reader" id="reader" tabindex="-1" '
        'aria-labelledby="reader-title">'
        f'<h2 id="reader-title">{heading}</h2>'
        f"{byline(article.source)}{_carried(opened)}{_outdated(opened)}{_changed(opened)}"
        f"{_text(opened)}"
        f'<p class="links">{original(article.source, quote)}</p>'
        f"{_versions(opened)}</article>",
    )


def _text(opened: Opened) -> str:
    """The text, of a very long one the stretch with the quote; the rest is a button away."""
    text, at = opened.article.text, opened.at
    end = at + len(opened.quoted)
    first, last = 0, len(text)
    if not opened.whole and len(text) > AT_ONCE:
        first = 0 if end < AT_ONCE else max(0, at - AT_ONCE // 2)
        last = min(len(text), first + AT_ONCE)
    marks = [Mark(at - first, end - first, "mark")] if at >= 0 else []
    shown = f"<blockquote>{marked(text[first:last], marks)}</blockquote>"
    if last - first == len(text):
        return shown
    said = tr(
        "Shown are characters {first} to {last} of {all}.",
        first=f"{first + 1:,}",
        last=f"{last:,}",
        all=f"{len(text):,}",
    )
    rest = button(tr("Show the whole text"), **opened.press, whole="yes")
    return f'{shown}<p class="links"><span class="hint">{in_html(said)}</span> {rest}</p>'


def _carried(opened: Opened) -> str:
    if not opened.copies:
        return ""
    others = wording.count(len(opened.copies), "other article")
    said = tr(
        "The same report is in {articles}: {publishers}.",
        articles=others,
        publishers=names(opened.copies),
    )
    return f'<p class="hint">{in_html(said)}</p>'


def _outdated(opened: Opened) -> str:
    """That an older version is read, and the way to the newest."""
    if opened.is_newest:
        return ""
    said = tr(
        "This is version {number}, as it was before. Answers quote the newest version alone.",
        number=opened.article.version,
    )
    newest = button(tr("Read the newest version"), **opened.press)
    return f'<p class="verdict uncheckable">{in_html(said)}</p><p class="links">{newest}</p>'


def _changed(opened: Opened) -> str:
    """That the quote stands in the article no more, and the version that holds it."""
    if not opened.quoted or opened.at >= 0:
        return ""
    said = tr(
        "The article has changed since this answer was given: "
        "the quote does not stand in it any more."
    )
    holding = [v.number for v in opened.history if opened.quoted in v.article.text]
    link = (
        button(
            tr("Read version {number}, which holds it", number=holding[-1]),
            **opened.press,
            version=str(holding[-1]),
        )
        if holding
        else ""
    )
    return f'<p class="verdict uncheckable">{in_html(said)}</p><p class="links">{link}</p>'


def _versions(opened: Opened) -> str:
    """Every stored version with its day, and what became another in it."""
    history = opened.history
    if len(history) < 2:
        return ""
    items = "".join(
        f"<li>{_version(version, opened)}{_difference(history[i - 1], version) if i else ''}</li>"
        for i, version in enumerate(history)
    )
    heading = wording.count(len(history), "version")
    return (
        f'<section class="versions"><h3>{in_html(heading)}</h3>'
        f'<ol class="others">{items}</ol></section>'
    )


def _version(version: Version, opened: Opened) -> str:
    said = tr("Version {number}", number=version.number)
    if version.stored:
        said += ", " + tr("stored on {day}", day=wording.day(version.stored.date()))
    changed = wording.changed(version.article.source) if version.corrected else ""
    if changed:
        said += f", {changed}"
    if version.article.version == opened.article.version:
        return f"<h4>{in_html(said)} <span>({in_html(tr('shown here'))})</span></h4>"
    link = button(
        tr("Read version {number}", number=version.number),
        **opened.press,
        version=str(version.number),
    )
    return f'<h4>{in_html(said)}</h4><p class="links">{link}</p>'


def _difference(before: Version, after: Version) -> str:
    """What changed, folded away: each line with a word for what became of it."""
    lines = changes(before.article, after.article)
    shown = lines[:_CHANGES_SHOWN]
    # A leap before the first sentence tells nothing.
    shown = tuple(line for i, line in enumerate(shown) if not _leaps(line) or _says(shown[:i]))
    items = "".join(_line(line) for line in shown)
    if not items:
        return ""
    more = len(lines) - _CHANGES_SHOWN
    rest = f"<li>{in_html(wording.count(more, 'more line'))}</li>" if more > 0 else ""
    return (
        f"<details><summary>{in_html(tr('What changed'))}</summary>"
        f'<ul class="changes">{items}{rest}</ul></details>'
    )


def _leaps(line: str) -> bool:
    return line.startswith("@@")


def _says(lines: Sequence[str]) -> bool:
    """Whether a sentence is among the lines; those of the source card have no sign before them."""
    return any(line[:1] in " +-" for line in lines)


def _line(line: str) -> str:
    if _leaps(line):
        return "<li>…</li>"
    tag, word = _KINDS.get(line[:1], ("", ""))
    if not tag:
        return f"<li>{in_html(line.strip())}</li>"
    return (
        f'<li><span class="kind">{in_html(tr(word))}</span> <{tag}>{in_html(line[1:])}</{tag}></li>'
    )
