"""The line that tells the browser which conversation is shown, and the reader if it is not kept."""

from __future__ import annotations

from rag.conversation import Conversation
from rag.page.escape import in_html
from rag.page.tongue import tr


def kept_line(conversation: Conversation | None) -> str:
    """The line as HTML; None where there is no conversation to remember, old or begun anew.

    It brings what the page's script has to say in the reader's language: when the server cannot be
    asked any more, and where a link shows but a number.
    """
    words = {
        "lost": tr("The connection to the server was lost. Trying to reach it again…"),
        "back": tr("The server is back. The page is opened anew…"),
        "quote": tr("Quote {number}: show it", number="#"),
        "passage": tr("Show the passage"),
    }
    if conversation is not None:
        words["conversation"] = conversation.id or ""
    data = " ".join(f'data-{name}="{in_html(said)}"' for name, said in words.items())
    unkept = conversation.unkept if conversation else None
    return f'<p role="status" {data}>{in_html(unkept or "")}</p>'
