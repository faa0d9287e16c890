"""What Gradio's own parts are called aloud: English in Gradio, here in the reader's language."""

from __future__ import annotations

import json

from rag.page.korean import KOREAN
from rag.page.tongue import Language, later

# As Gradio has them; the others it translates itself.
_NAMES = (
    later("Copy message"),
    later("Copied message"),
    later("Loading response"),
    later("Scroll down"),
    later("More tabs"),
    later("chatbot conversation"),
    later("Click to upload or drop files"),
    later("File upload"),
    later("Remove this file"),
)


def names() -> str:
    """The names by language, as a script; the page's own script puts them in place."""
    catalogue = {Language.KOREAN.value: {name: KOREAN[name] for name in _NAMES}}
    return f"dateline.names = {json.dumps(catalogue)};"
