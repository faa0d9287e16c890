"""What is set otherwise than usual, as chips above the question; each can be taken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.page import wording
from rag.page.escape import in_html
from rag.page.limits import since_said, until_said
from rag.page.settings import Chosen, voice_named
from rag.page.tongue import later, tr
from rag.records import Strictness

# Tells the server what is taken off; the cursor goes on to the next chip, or to the question.
TAKEN_OFF = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-off]");
  if (!pressed) return;
  if (element.querySelectorAll("button[data-off]").length < 2) {
    document.querySelector("#question textarea")?.focus();
  }
  trigger("select", { ...pressed.dataset });
});
"""

_DEGREES = {Strictness.STRICT: later("strict"), Strictness.OPEN: later("open")}


@dataclass(frozen=True, slots=True)
class Chip:
    """One setting in words, by the name it is taken off with, and what is chosen without it."""

    name: str
    words: str
    without: Chosen


def chips(wanted: Chosen, *, usual_voice: str) -> tuple[Chip, ...]:
    """A chip for each setting that is not as usual; `usual_voice` answers unless told."""
    return (*_limits(wanted), *_options(wanted, usual_voice))


def strip(found: tuple[Chip, ...], *, focus: int | None = None) -> str:
    """The chips as HTML, with the cursor on the one of this number; empty without any."""
    if not found:
        return ""
    last = len(found) - 1
    items = "".join(
        _item(chip, with_cursor=focus is not None and number == min(focus, last))
        for number, chip in enumerate(found)
    )
    named = in_html(tr("Settings of this question"))
    return f'<ul class="chips" aria-label="{named}">{items}</ul>'


def trouble(words: str) -> str:
    """What stands in place of the chips when the fields make no sense."""
    return f'<p class="trouble" role="alert">{in_html(words)}</p>'


def _limits(wanted: Chosen) -> Iterator[Chip]:
    filters = wanted.filters
    if filters.since:
        left = replace(filters, since=None)
        yield Chip("since", since_said(filters.since), replace(wanted, filters=left))
    if filters.until:
        left = replace(filters, until=None)
        yield Chip("until", until_said(filters.until), replace(wanted, filters=left))
    for number, publisher in enumerate(filters.publishers):
        others = tuple(name for name in filters.publishers if name != publisher)
        left = replace(filters, publishers=others)
        words = tr("by {publishers}", publishers=publisher)
        yield Chip(f"publisher-{number}", words, replace(wanted, filters=left))


def _options(wanted: Chosen, usual_voice: str) -> Iterator[Chip]:
    options = wanted.options
    if options.voice and options.voice != usual_voice:
        left = replace(options, voice=None)
        yield Chip("voice", voice_named(options.voice), replace(wanted, options=left))
    if options.passages is not None:
        left = replace(options, passages=None)
        words = tr("{passages} read", passages=wording.count(options.passages, "passage"))
        yield Chip("passages", words, replace(wanted, options=left))
    if options.strictness in _DEGREES:
        left = replace(options, strictness=Strictness.BALANCED)
        words = tr(_DEGREES[options.strictness])
        yield Chip("strictness", words, replace(wanted, options=left))


def _item(chip: Chip, *, with_cursor: bool) -> str:
    named = in_html(tr("Remove: {setting}", setting=chip.words))
    focus = " data-focus" if with_cursor else ""
    return (
        f'<li><span>{in_html(chip.words)}</span><button type="button" '
        f'data-off="{in_html(chip.name)}" aria-label="{named}"{focus}>×</button></li>'
    )
