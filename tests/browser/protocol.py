"""A reader whose browser draws nothing: it speaks to the server as the page's own script does."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx

_SECONDS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """What the chat and the evidence show in the end, as the server sent it, and when."""

    chat: list[dict[str, Any]]
    evidence: str
    at: float  # seconds since 1970

    def said(self, role: str) -> str:
        """All that one side says in the chat."""
        return "\n".join(
            part["text"]
            for message in self.chat
            if message["role"] == role
            for part in message["content"]
        )


class Reader:
    """A session of its own with a cookie of its own; close it when done."""

    def __init__(self, home: str) -> None:
        self._client = httpx.Client(base_url=home, timeout=_SECONDS_AT_MOST, trust_env=False)
        self._client.get("/").raise_for_status()
        config = self._client.get("/config").json()
        self._parts = {part["id"]: part["props"] for part in config["components"]}
        (self._asking,) = (
            listener
            for listener in config["dependencies"]
            if any(self._named(target) == ("question", "submit") for target in listener["targets"])
        )
        self._session = secrets.token_hex(6)

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def ask(self, question: str) -> Heard:
        """Send the question as the box does, and listen until the answer is whole."""
        given = [self._parts[part].get("value") for part in self._asking["inputs"]]
        sent = {
            "data": [question, *given[1:]],
            "fn_index": self._asking["id"],
            "session_hash": self._session,
        }
        self._client.post("/gradio_api/queue/join", json=sent).raise_for_status()
        shown = dict(zip(self._outputs(), self._last()["output"]["data"], strict=True))
        return Heard(shown["chat"], shown["evidence"], time.time())

    def _last(self) -> dict[str, Any]:
        stream = "/gradio_api/queue/data"
        with self._client.stream("GET", stream, params={"session_hash": self._session}) as lines:
            for line in lines.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line else {}
                if told.get("msg") == "process_completed":
                    assert isinstance(told, dict)
                    return told
        raise AssertionError("the server said nothing to the end")

    def _outputs(self) -> list[str]:
        return [str(self._parts[part].get("elem_id") or part) for part in self._asking["outputs"]]

    def _named(self, target: list[Any]) -> tuple[str | None, str]:
        part, event = target
        return self._parts.get(part, {}).get("elem_id"), event
