"""A chat model under its name, and its replies as they are written."""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.errors import DatelineError, ModelError
from rag.records import Usage
from rag.writing.outages import refuses_temperature, translated, wait_before_retry
from rag.writing.prompts import Filled

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

# So many seconds without a character make a sentence that looks finished a finished one: more
# than the gap between two tokens that a fast server sends together, less than a reader notices.
PAUSE = 0.02
_CHARACTERS_PER_TOKEN = 4  # for models that report no usage: the common rule for English
_MILLION = 1_000_000
# Providers that always say how a reply ended: a stream that does not was cut off.
_SAY_HOW_THEY_END = frozenset({"openai"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a chat model may take.

    `timeout` are the seconds without a sign of life, `longest` those of a whole reply, both
    without the waits between tries. `retries` are the tries after the first, as long as nothing
    has been said. `tokens` may be written in one reply, `per_minute` requests be sent.
    """

    timeout: float = 60.0
    longest: float = 300.0
    retries: int = 2
    tokens: int = 800
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in a currency of the user's choosing."""

    read: float
    written: float

    def cost(self, read: int, written: int) -> float:
        return (read * self.read + written * self.written) / _MILLION


class Chat:
    """A chat model under its name; nothing is loaded before it is first asked."""

    def __init__(
        self,
        name: str,
        load: Callable[[], BaseChatModel],
        *,
        limits: Limits | None = None,
        prices: Prices | None = None,
    ) -> None:
        self.name = name
        self._load = load
        self._limits = limits or Limits()
        self._prices = prices
        self._pace = _Pace(self._limits.per_minute)
        self._model: BaseChatModel | None = None
        self._loading = threading.Lock()

    def stream(self, prompt: Filled) -> Reply:
        """The model's reply as it is written; nothing is sent before the first piece is asked for.

        One chat may be asked by many threads.
        """
        return Reply(self, prompt, self._limits, self._prices)

    def say(self, prompt: Filled) -> tuple[str, Usage]:
        """The whole reply, and what it took.

        Raises:
            ModelError: there is none.
        """
        reply = self.stream(prompt)
        text = "".join(reply)
        return text, reply.usage

    def model(self) -> BaseChatModel:
        """The LangChain model itself.

        Raises:
            ModelError: it cannot be made, mostly for want of a key.
        """
        with self._loading:
            if self._model is None:
                try:
                    self._model = self._load()
                except DatelineError:
                    raise
                except Exception as error:
                    raise translated(error, self.name) from error
            return self._model

    def drop_temperature(self) -> bool:
        """Ask without a temperature from now on; False if it is so already."""
        model = self.model()
        if getattr(model, "temperature", None) is None:
            return False
        model.temperature = None  # type: ignore[attr-defined]
        return True

    def wait_for_turn(self, cancelled: threading.Event) -> None:
        """Keep to the requests per minute."""
        self._pace.wait(cancelled)


class Reply:
    """A reply under way: its text in pieces, in the order written.

    An empty piece says that nothing has come for a moment. After the last piece, `usage` tells
    what it took and `cut` whether the model was stopped by its limit of tokens. Closing it
    early lets go of the connection.
    """

    def __init__(self, chat: Chat, prompt: Filled, limits: Limits, prices: Prices | None) -> None:
        self.cut = False
        self._chat = chat
        self._prompt = prompt
        self._limits = limits
        self._prices = prices
        self._said = False
        self._length = 0
        self._reported: tuple[int, int] | None = None
        self._cancelled = threading.Event()
        self._signs: queue.SimpleQueue[_Sign] = queue.SimpleQueue()

    @property
    def usage(self) -> Usage:
        """What the reply has taken so far."""
        asked = len(self._prompt.told) + len(self._prompt.about)
        read, written = self._reported or (
            round(asked / _CHARACTERS_PER_TOKEN),
            round(self._length / _CHARACTERS_PER_TOKEN),
        )
        return Usage(
            model=self._chat.name,
            read=read,
            written=written,
            estimated=self._reported is None,
            cost=self._prices.cost(read, written) if self._prices else None,
        )

    def __iter__(self) -> Iterator[str]:
        """The pieces.

        Raises:
            ModelError: the model failed, refused, stalled or broke off; says in a line what.
        """
        self._chat.model()  # loading it takes its own time, which is no silence
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._read,), daemon=True).start()
        try:
            yield from self._pieces()
        finally:
            self._cancelled.set()

    def _pieces(self) -> Iterator[str]:
        now = time.monotonic()
        silent, ends, paused = now + self._limits.timeout, now + self._limits.longest, True
        while True:
            sign = self._next(min(silent, ends) if paused else time.monotonic() + PAUSE)
            if sign is None and not paused and time.monotonic() < ends:
                paused = True
                yield ""
                continue
            if sign is None or time.monotonic() >= ends:
                raise ModelError(self._stalled(time.monotonic() >= ends))
            if sign.error is not None:
                raise sign.error
            if sign.ended:
                return
            silent = time.monotonic() + self._limits.timeout + sign.waits
            ends += sign.waits
            if sign.text:
                self._length += len(sign.text)
                paused = False
                yield sign.text

    def _next(self, until: float) -> _Sign | None:
        try:
            return self._signs.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None

    def _stalled(self, too_long: bool) -> str:
        if too_long:
            return f"{self._chat.name} was still writing after {self._limits.longest:g} seconds"
        return f"{self._chat.name} has been silent for {self._limits.timeout:g} seconds"

    # In the reading thread, so that a model that never answers holds up nobody.

    def _read(self) -> None:
        tried = 0
        while not self._cancelled.is_set():
            try:
                self._chat.wait_for_turn(self._cancelled)
                self._read_once()
                return
            except Exception as error:
                if refuses_temperature(error) and self._chat.drop_temperature():
                    continue
                wait = wait_before_retry(error, tried)
                if wait is None or self._said or tried == self._limits.retries:
                    self._signs.put(_Sign(error=translated(error, self._chat.name)))
                    return
            tried += 1
            self._signs.put(_Sign(waits=wait))
            self._cancelled.wait(wait)

    def _read_once(self) -> None:
        from langchain_core.messages import AIMessageChunk

        finish: str | None = None
        chunks = self._chat.model().stream(_messages(self._prompt))
        for chunk in chunks:
            if self._cancelled.is_set():
                close = getattr(chunks, "close", None)
                if close:
                    close()
                return
            finish = _finish(chunk.response_metadata) or finish
            if isinstance(chunk, AIMessageChunk) and chunk.usage_metadata:
                used = chunk.usage_metadata
                read, written = self._reported or (0, 0)
                self._reported = read + used["input_tokens"], written + used["output_tokens"]
            self._said |= bool(chunk.text)
            self._signs.put(_Sign(text=str(chunk.text)))
        if finish is None and self._chat.name.partition(":")[0] in _SAY_HOW_THEY_END:
            raise ModelError(f"{self._chat.name} broke off: the connection ended before the reply")
        self.cut = finish in ("length", "max_tokens")
        self._signs.put(_Sign(ended=True))


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign of life: some text, a wait before another try, an error, or the end."""

    text: str = ""
    waits: float = 0.0
    error: DatelineError | None = None
    ended: bool = False


class _Pace:
    """So many requests a minute, evenly spaced."""

    def __init__(self, per_minute: int | None) -> None:
        self._gap = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, cancelled: threading.Event) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        cancelled.wait(turn - now)


def _messages(prompt: Filled) -> Sequence[BaseMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(prompt.told), HumanMessage(prompt.about)]


def _finish(metadata: Mapping[str, Any]) -> str | None:
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if metadata.get(key):
            return str(metadata[key])
    return None
