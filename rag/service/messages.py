"""Messages as OpenAI's clients send them: a question with what was said before it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictBool, Tag

from rag.service.asking import Asked
from rag.service.filters import LONGEST_NAME, WITHOUT_NUL, Text
from rag.service.models import MODEL, voice_of
from rag.service.options import SentOptions
from rag.service.problems import Problem
from rag.service.turns import MOST_TURNS, SentTurn

# What an answer in words ends with, before the list of its sources.
SOURCES = "\n\nSources:\n"

# A conversation of years: clients send all of it with each question. The newest turns are read.
_MOST_MESSAGES = 10_000
_MOST_PARTS = 200  # of a message
_LONGEST_ASKED = 2_000  # characters read of earlier questions
_LONGEST = 100_000  # characters of a message: answers with their sources come back

_SAMPLE: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "How many tonnes of apples are expected?"}],
}


class Part(BaseModel):
    """A part of a message; only texts are read."""

    type: str
    text: Text = Field(default="", max_length=_LONGEST)


def _form_of(content: object) -> str:
    return "parts" if isinstance(content, list) else "text"


class Message(BaseModel):
    """A message; those of the system are not for an archive, and are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[
            Annotated[str, Field(max_length=_LONGEST), WITHOUT_NUL, Tag("text")]
            | Annotated[list[Part], Field(max_length=_MOST_PARTS), Tag("parts")],
            Discriminator(_form_of),
        ]
        | None
    ) = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")

    @property
    def other(self) -> str | None:
        """The type of a part that is no words, None where there is none."""
        parts = () if isinstance(self.content, str) else self.content or ()
        return next((part.type for part in parts if part.type != "text"), None)


class Wanted(BaseModel):
    """What to stream beside the answer."""

    include_usage: StrictBool = False


class Form(BaseModel):
    """The form of an answer: words."""

    type: Literal["text"]


class Completion(BaseModel):
    """What OpenAI's clients send; what would not change an answer is passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAMPLE]})

    model: Text = Field(max_length=LONGEST_NAME, description="`dateline`, or one of /v1/models")
    messages: list[Message] = Field(min_length=1, max_length=_MOST_MESSAGES)
    stream: StrictBool | None = False
    stream_options: Wanted | None = None
    n: Literal[1] | None = Field(default=None, description="there is one answer")
    response_format: Form | None = None
    tool_choice: Literal["none", "auto"] | None = Field(
        default=None, description="no tool is ever called"
    )
    function_call: Literal["none", "auto"] | None = Field(
        default=None, description="what `tool_choice` was before"
    )
    modalities: tuple[Literal["text"], ...] | None = Field(
        default=None, description="answers are words"
    )
    options: SentOptions = Field(
        default=SentOptions(), description="as of `/v1/ask`; a voice in `model` goes before"
    )

    def asked(self, voices: Collection[str]) -> Asked:
        """The last message as a question to the model, those before it as turns.

        Raises:
            Problem: there is no such model, or the last message is not the user's or not words.
        """
        voice = voice_of(self.model, voices) or self.options.voice
        said = [message for message in self.messages if message.role in ("user", "assistant")]
        if not said or said[-1].role != "user":
            raise Problem(422, "messages", "The last message must be the user's question.")
        if other := said[-1].other:
            raise Problem(422, "messages", f"The archive reads words alone, no {other[:200]!r}.")
        turns = [
            SentTurn.model_construct(
                question=asked.text[:_LONGEST_ASKED], answer=answered.text.split(SOURCES)[0]
            )
            for asked, answered in pairwise(said)
            if (asked.role, answered.role) == ("user", "assistant")
        ]
        # Longer questions are refused by the archive itself, with what to do.
        return Asked.model_construct(
            question=said[-1].text,
            turns=tuple(turns[-MOST_TURNS:]),
            options=self.options.model_copy(update={"voice": voice}),
        )
