"""The list of a reader's conversations as HTML: open, rename, delete, take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from rag.conversation import Heading
from rag.page import wording
from rag.page.cards import button
from rag.page.escape import in_html
from rag.page.tongue import tr

# Where a conversation can be taken away from, and in which forms; each name with what it is called.
EXPORTS = "/conversations"
FORMS: Mapping[str, str] = {".md": "Markdown", ".html": "HTML", ".json": "JSON"}

_LONGEST_TITLE = 80  # characters; the store cuts there too


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done with one conversation: `rename` or `delete`, not decided yet."""

    action: str
    conversation: str


def listed(
    headings: Sequence[Heading],
    current: str | None,
    *,
    searched: str = "",
    doing: Doing | None = None,
    said: str = "",
) -> str:
    """The list, newest first; `said` is a line on what was done last."""
    words = f'<p class="said" role="status">{in_html(said)}</p>' if said else ""
    if not headings:
        none = tr("No conversation holds these words.") if searched else tr("No conversations yet.")
        return f'{words}<p class="hint">{in_html(none)}</p>'
    items = "".join(_item(heading, current, doing) for heading in headings)
    return f'{words}<ul class="conversations">{items}</ul>'


def _item(heading: Heading, current: str | None, doing: Doing | None) -> str:
    is_current = heading.id == current
    if doing is not None and doing.conversation == heading.id:
        inner = _renaming(heading) if doing.action == "rename" else _deleting(heading)
    else:
        inner = _title(heading, is_current) + _actions(heading)
    return f'<li class="conversation{" current" if is_current else ""}">{inner}</li>'


def _title(heading: Heading, is_current: bool) -> str:
    questions = wording.count(heading.exchanges, "question")
    when = f"{questions} · {wording.day(heading.changed.date())}"
    here = ' aria-current="true"' if is_current else ""
    return (
        f'<button type="button" class="title" data-open="{in_html(heading.id)}"{here}>'
        f'{in_html(heading.title)}</button><span class="hint">{in_html(when)}</span>'
    )


def _actions(heading: Heading) -> str:
    links = "".join(
        f'<a href="{EXPORTS}/{quote(heading.id)}{ending}" download '
        f'aria-label="{in_html(_take_away(heading, name))}">{name}</a>'
        for ending, name in FORMS.items()
    )
    return (
        '<span class="actions">'
        f"{_button(tr('Rename'), heading, rename=heading.id)}"
        f"{_button(tr('Delete'), heading, delete=heading.id)}"
        f'<span class="hint">{in_html(tr("Save as"))}</span> {links}</span>'
    )


def _take_away(heading: Heading, name: str) -> str:
    return tr("Save “{title}” as {form}", title=heading.title, form=name)


def _button(words: str, heading: Heading, **data: str) -> str:
    """A button that says aloud which conversation it is for."""
    named = f"{words}: {heading.title}"
    return button(words, **data).replace("<button ", f'<button aria-label="{in_html(named)}" ', 1)


def _renaming(heading: Heading) -> str:
    """A form with the name as it is; its script sends the new one."""
    key = in_html(heading.id)
    return (
        f'<form class="renaming" data-renamed="{key}">'
        f'<label for="new-title">{in_html(tr("New name"))}</label>'
        f'<input id="new-title" name="title" value="{in_html(heading.title)}" '
        f'maxlength="{_LONGEST_TITLE}" required data-focus autocomplete="off">'
        f'<span class="actions"><button type="submit" class="link">{in_html(tr("Save"))}</button> '
        f"{button(tr('Cancel'), cancel=heading.id)}</span></form>"
    )


def _deleting(heading: Heading) -> str:
    question = tr("Delete “{title}”? It cannot be brought back.", title=heading.title)
    key = in_html(heading.id)
    return (
        f'<div class="deleting" role="group" aria-label="{in_html(question)}">'
        f'<p>{in_html(question)}</p><span class="actions">'
        f'<button type="button" class="link" data-deleted="{key}" data-focus>'
        f"{in_html(tr('Delete it'))}</button> "
        f"{button(tr('Keep it'), cancel=heading.id)}</span></div>"
    )
