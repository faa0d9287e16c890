"""Server-sent events: an answer as it grows, without repeating what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MEDIA_TYPE = "text/event-stream"
# How one event is described to programs; its data are JSON.
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
}
# Proxies such as nginx would hold events back.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# A comment, so that nobody takes a silent connection for a dead one.
ALIVE = b": still here\n\n"


def event(name: str, data: Any) -> bytes:
    """One event, its data as JSON on one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an answer that are new or have another value than before."""
    return {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }
