"""What the listeners of the page have in common: how they listen, and what they are told."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.blocks import Blocks
from gradio.context import Context

# Gradio answers one question at a time unless told otherwise.
ANSWERS_AT_ONCE = 32

# No endpoint for programs, no veil while it runs.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

ANSWERING: dict[str, Any] = {
    **QUIET,
    "concurrency_limit": ANSWERS_AT_ONCE,
    "concurrency_id": "answers",
    "trigger_mode": "once",
}

# One set of suggestions after the other: they are never to slow an answer down by much.
SUGGESTING: dict[str, Any] = {
    **QUIET,
    "concurrency_limit": 1,
    "concurrency_id": "suggestions",
    "trigger_mode": "always_last",
}

# Tells the server which of the buttons inside an HTML component was pressed.
PRESSED = """
element.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed && Object.keys(pressed.dataset).length) trigger("select", { ...pressed.dataset });
});
"""


def told(event: gr.EventData) -> dict[str, str]:
    """What a pressed button told; whoever is at the other end may have made it up."""
    return {str(name): str(value) for name, value in dict(event._data or {}).items()}


def whole_page() -> Blocks:
    """The page that is being built, for what happens when it is opened."""
    page = Context.root_block
    assert page is not None
    return page
