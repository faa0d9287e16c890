"""Questions to click: to begin with, and to go on with after an answer."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from rag.conversation import Exchange
from rag.errors import DatelineError
from rag.page.escape import in_html
from rag.page.masthead import SEED_EXAMPLES
from rag.page.tongue import tr

if TYPE_CHECKING:
    from rag.archive import Archive

_log = logging.getLogger(__name__)

# Answers whose follow-up questions are remembered.
_REMEMBERED = 256

# Tells the server which question was pressed.
PRESSED_QUESTION = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-ask]");
  if (!pressed) return;
  document.querySelector("#question textarea")?.focus({ preventScroll: true });
  trigger("select", { ...pressed.dataset });
});
"""


class Suggested:
    """What an archive suggests, made once for each state of it, one after the other."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._making = Lock()
        self._examples = lru_cache(maxsize=1)(self._make_examples)
        self._follow_ups = lru_cache(maxsize=_REMEMBERED)(self._make_follow_ups)

    def examples(self) -> tuple[str, ...]:
        """Questions for the empty chat; those of the bundled articles are fixed.

        The first call for a state of the archive takes some tenths of a second.
        """
        if self._archive.is_seeds:
            return SEED_EXAMPLES
        with self._making:
            try:
                return self._examples(self._archive.generation())
            except DatelineError as error:
                _log.warning("no examples are shown: %s", error)
                return ()

    def follow_ups(self, exchange: Exchange | None) -> tuple[str, ...]:
        """Questions that a finished answer leads to; none for a refusal."""
        answer = exchange.answer if exchange else None
        if exchange is None or answer is None or not exchange.complete or answer.abstained:
            return ()
        with self._making:
            try:
                return self._follow_ups(_Known(exchange), self._archive.generation())
            except DatelineError as error:
                _log.warning("no further questions are shown: %s", error)
                return ()

    def _make_examples(self, generation: int) -> tuple[str, ...]:
        del generation  # the key under which they are remembered
        return self._archive.examples()

    def _make_follow_ups(self, known: _Known, generation: int) -> tuple[str, ...]:
        del generation
        answer = known.exchange.answer
        return self._archive.follow_ups(answer) if answer else ()


class _Known:
    """An exchange, remembered by its key."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.exchange.key == self.exchange.key

    def __hash__(self) -> int:
        return hash(self.exchange.key)


def strip(questions: Iterable[str]) -> str:
    """The questions as buttons; empty without any."""
    items = "".join(
        f'<li><button type="button" data-ask="{said}">{said}</button></li>'
        for said in map(in_html, questions)
    )
    if not items:
        return ""
    named = in_html(tr("Ask next"))
    return (
        f'<div class="next"><p id="next-heading">{named}</p>'
        f'<ul aria-labelledby="next-heading">{items}</ul></div>'
    )
