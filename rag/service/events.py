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
# Ends of lines to Unicode, if not to events: many clients split what they read at these too.
_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def event(name: str, data: Any) -> bytes:
    """One event with a name."""
    return f"event: {name}\n".encode() + message(data)


def message(data: Any) -> bytes:
    """One event without a name; its data are JSON on one line, whoever splits it."""
    line = json.dumps(data, ensure_ascii=False).translate(_ENDS)
    return f"data: {line}\n\n".encode()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an answer that are new or have another value than before."""
    return {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }
