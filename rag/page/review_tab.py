"""The tab that reviews drafts of evaluation cases: keep, reword or drop, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import gradio as gr

from rag.page.cards import headed, with_code
from rag.page.escape import in_html
from rag.page.listeners import QUIET
from rag.page.tongue import label, later, spoken, tr
from rag.page.wording import count

_NOTHING = later(
    "No drafts to review. `rag eval generate ARTICLES` makes some, and `rag eval drafts` those of"
    " readers' feedback."
)


class Draft(Protocol):
    """A question with what is thought to answer it; `evidence` are articles' ids and quotes.

    `wrong` is what must not be said, `remark` what a reader wrote whose feedback the draft is.
    """

    @property
    def suite(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answers(self) -> Sequence[str]: ...
    @property
    def evidence(self) -> Sequence[tuple[str, str]]: ...
    @property
    def answerable(self) -> bool: ...
    @property
    def wrong(self) -> Sequence[str]: ...
    @property
    def remark(self) -> str: ...


class Desk(Protocol):
    """Where drafts lie and decisions go."""

    def drafts(self) -> Sequence[Any]: ...
    def keep(self, draft: Any, question: str) -> None: ...
    def drop(self, draft: Any) -> None: ...


# The draft shown, its question to be reworded, the row of decisions, the draft itself, and those
# put off for later.
_Shown = tuple[str, Any, Any, Draft | None, tuple[tuple[str, str], ...]]


def review_tab(desk: Desk, tab: gr.Tab) -> None:
    """The tab; it shows the first draft when it is opened, the next after each decision."""
    shown = gr.HTML(_none_left(tr(_NOTHING)), elem_id="draft", elem_classes="sources")
    question = gr.Textbox(
        label=label("Question to keep"), lines=2, visible=False, elem_id="reworded"
    )
    with gr.Row(visible=False) as decisions:
        keep = gr.Button(label("Keep"), variant="primary")
        drop = gr.Button(label("Drop"))
        put_by = gr.Button(label("Later"))
    open_draft = gr.State(None)
    put_off = gr.State(())
    outputs = [shown, question, decisions, open_draft, put_off]
    tab.select(spoken(partial(_first, desk)), None, outputs, **QUIET)
    inputs = [question, open_draft, put_off]
    for button, decide in ((keep, _keep), (drop, _drop), (put_by, _later)):
        button.click(spoken(partial(decide, desk)), inputs, outputs, **QUIET)


def _first(desk: Desk) -> _Shown:
    return _next(desk, ())


def _keep(desk: Desk, question: str, draft: Draft | None, put_off: Any) -> _Shown:
    if draft is not None:
        desk.keep(draft, question)
    return _next(desk, put_off)


def _drop(desk: Desk, _: str, draft: Draft | None, put_off: Any) -> _Shown:
    if draft is not None:
        desk.drop(draft)
    return _next(desk, put_off)


def _later(desk: Desk, _: str, draft: Draft | None, put_off: Any) -> _Shown:
    kept = put_off if draft is None else (*put_off, (draft.suite, draft.id))
    return _next(desk, kept)


def _next(desk: Desk, put_off: Sequence[tuple[str, str]]) -> _Shown:
    """The first draft that was not put off; the others come back when the tab is opened again."""
    kept = tuple((suite, case) for suite, case in put_off)
    drafts = desk.drafts()
    left = [draft for draft in drafts if (draft.suite, draft.id) not in kept]
    if not left:
        waiting = tr("{drafts} put off for later.", drafts=count(len(drafts), "draft"))
        words = _none_left(waiting if drafts else tr(_NOTHING))
        return words, gr.Textbox(value="", visible=False), gr.Row(visible=False), None, kept
    draft: Draft = left[0]
    box = gr.Textbox(value=draft.question, visible=True)
    return _as_html(draft, len(left)), box, gr.Row(visible=True), draft, kept


def _none_left(words: str) -> str:
    """What is said where no draft is shown; the commands in it are set as such."""
    return headed(tr("Review"), f'<p class="hint">{with_code(words)}</p>')


def _as_html(draft: Draft, left: int) -> str:
    """The draft: what is asked, what is right or wrong, and the sentences that say so."""
    quotes = "".join(
        f"<blockquote>{in_html(quote)}</blockquote><p>{in_html(article)}</p>"
        for article, quote in draft.evidence
    )
    lines = "".join(f"<p>{in_html(line)}</p>" for line in _lines(draft))
    return headed(
        tr("{drafts} to review", drafts=count(left, "draft")),
        f"<h3>{in_html(draft.question)}</h3>{lines}{quotes}"
        f'<p class="hint">{in_html(draft.suite)} · {in_html(draft.category)} · '
        f"{in_html(draft.id)}</p>",
    )


def _lines(draft: Draft) -> list[str]:
    """What is known of the answer, and of who says so."""
    right = ", ".join(draft.answers)
    if not right and not draft.answerable:
        right = tr("the articles do not say")
    lines = [tr("Right: {answers}", answers=right)] if right else []
    lines += [tr("Must not be said: {sentence}", sentence=sentence) for sentence in draft.wrong]
    if draft.remark:
        lines.append(tr("A reader says: {remark}", remark=draft.remark))
    return lines or [tr("What is right is not known yet.")]
