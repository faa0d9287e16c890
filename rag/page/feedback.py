"""What a reader thinks of an answer: the form, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import gradio as gr

from rag.conversation import Conversation, Exchange
from rag.errors import DatelineError
from rag.page import wording
from rag.page.cards import button
from rag.page.escape import in_html
from rag.page.listeners import QUIET, told
from rag.page.readers import reader_of
from rag.page.tongue import later, spoken, tr
from rag.remarks import Reason, Remark

if TYPE_CHECKING:
    from rag.archive import Archive

REASONS: Mapping[Reason, str] = {
    Reason.HELPFUL: later("Helpful"),
    Reason.UNSUPPORTED: later("The quote does not support this"),
    Reason.MISSING: later("An article is missing"),
    Reason.OUTDATED: later("Out of date"),
    Reason.WRONG: later("Wrong"),
}

_LONGEST_REMARK = 2_000  # characters

# The link under an answer is not in this element: the page's script passes on that it was chosen.
_SAID = """
document.addEventListener("dateline-feedback", (event) => trigger("select", event.detail));
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[data-close]");
  if (pressed) trigger("select", { ...pressed.dataset });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  trigger("select", { ...event.target.dataset, ...given });
});
"""


def feedback_form() -> gr.HTML:
    """Where the form comes when a reader asks for it; empty until then."""
    return gr.HTML(elem_id="feedback", js_on_load=_SAID, apply_default_css=False)


def wire_feedback(archive: Archive, shown: gr.HTML, conversation: gr.State) -> None:
    """See to it that the form opens, sends and closes."""

    def said(event: gr.EventData, current: Conversation, request: gr.Request) -> str:
        given = told(event)
        exchange = current.exchange(given.get("about", ""))
        if exchange is None:
            return ""
        if "reason" not in given:
            return form(exchange)
        try:
            archive.feedback.give(remark_of(exchange, given), reader=reader_of(request))
        except (DatelineError, ValueError):
            return form(exchange, tr("It could not be kept. Please try again later."))
        return thanks()

    shown.select(spoken(said), conversation, shown, **QUIET)


def form(exchange: Exchange, trouble: str = "") -> str:
    """The form for an answer as HTML; `trouble` is why it is shown once more."""
    heading = in_html(tr("What do you think of this answer?"))
    key = in_html(exchange.key)
    failed = f'<p role="alert">{in_html(trouble)}</p>' if trouble else ""
    return (
        f'<form class="feedback" id="{key}-feedback" data-about="{key}" '
        'aria-labelledby="feedback-heading">'
        f'<h2 id="feedback-heading" tabindex="-1" data-focus>{heading}</h2>'
        f'<p class="hint">{in_html(tr("for “{question}”", question=exchange.question))}</p>'
        f"{failed}{_reasons()}{_sentences(exchange)}"
        f'<p><label for="feedback-remark">{in_html(tr("Remark (may be left empty)"))}</label>'
        f'<textarea id="feedback-remark" name="words" rows="2" maxlength="{_LONGEST_REMARK}">'
        "</textarea></p>"
        f'<p class="actions"><button type="submit" class="send">{in_html(tr("Send"))}</button> '
        f"{button(tr('Cancel'), close=exchange.key)}</p></form>"
    )


def thanks() -> str:
    words = tr("Thank you. Your word is kept with the answer and what it was made from.")
    return f'<p class="thanks" role="status" tabindex="-1" data-focus>{in_html(words)}</p>'


def remark_of(exchange: Exchange, given: Mapping[str, str]) -> Remark:
    """What the form says.

    Raises:
        ValueError: it names no reason or sentence that there is.
    """
    return Remark(
        reason=Reason(given["reason"]),
        question=exchange.question,
        answer=exchange.answer,
        claim=_claim(exchange, given.get("claim", "")),
        words=given.get("words", "").strip()[:_LONGEST_REMARK],
        exchange=exchange.key,
    )


def _claim(exchange: Exchange, number: str) -> str | None:
    claims = exchange.answer.claims if exchange.answer else ()
    if not number:
        return None
    if not number.isdecimal() or int(number) >= len(claims):
        raise ValueError(f"there is no sentence {number!r}")
    return claims[int(number)].text


def _reasons() -> str:
    options = "".join(
        f'<label><input type="radio" name="reason" value="{in_html(reason.value)}" required> '
        f"{in_html(tr(words))}</label>"
        for reason, words in REASONS.items()
    )
    return f"<fieldset><legend>{in_html(tr('Choose one'))}</legend>{options}</fieldset>"


def _sentences(exchange: Exchange) -> str:
    """The whole answer or one of its sentences, to choose from."""
    answer = exchange.answer
    claims = answer.claims if answer and not answer.abstained else ()
    if not claims:
        return ""
    options = "".join(
        f'<option value="{number}">{in_html(wording.opening(claim.text))}</option>'
        for number, claim in enumerate(claims)
    )
    return (
        f'<p><label for="feedback-claim">{in_html(tr("What you mean"))}</label>'
        f'<select id="feedback-claim" name="claim">'
        f'<option value="">{in_html(tr("The whole answer"))}</option>{options}</select></p>'
    )
