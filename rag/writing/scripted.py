"""A chat model that says what it is told to: for tests of one's own, without a network."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, PrivateAttr

from rag.errors import SettingsError

_PIECE = re.compile(r"\s*\S+|\s+$")
_DIVIDER = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)


class ScriptedChat(BaseChatModel):
    """Gives the replies in order, word by word; the last one again and again.

    A reply that is an exception is raised. `pause` are the seconds before each word. `asked`
    tells what the model was sent so far.
    """

    replies: list[str | Exception]
    pause: float = 0.0

    _asked: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @property
    def asked(self) -> Sequence[Sequence[BaseMessage]]:
        """The messages of each call, oldest first."""
        return tuple(tuple(messages) for messages in self._asked)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._next(messages)
        message = AIMessage(
            reply, usage_metadata=_usage(messages, reply), response_metadata=dict(_ENDED)
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._next(messages)
        for piece in _PIECE.findall(reply):
            time.sleep(self.pause)
            if run_manager:
                run_manager.on_llm_new_token(piece)
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="", usage_metadata=_usage(messages, reply), response_metadata=dict(_ENDED)
            )
        )

    def _next(self, messages: list[BaseMessage]) -> str:
        with self._lock:
            reply = self.replies[min(len(self._asked), len(self.replies) - 1)]
            self._asked.append(messages)
        if isinstance(reply, Exception):
            raise reply
        return reply


def scripted_from(path: Path) -> ScriptedChat:
    """The model whose replies stand in a text file, divided by lines of three dashes.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the replies in {path} cannot be read: {error}") from error
    return ScriptedChat(replies=[reply.strip() for reply in _DIVIDER.split(text)])


_ENDED = {"finish_reason": "stop"}


def _usage(messages: Sequence[BaseMessage], reply: str) -> UsageMetadata:
    """Words for tokens."""
    read = sum(len(str(message.text).split()) for message in messages)
    written = len(reply.split())
    return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
