"""Options as programs send them: how a question is to be answered."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field

from rag.records import Options, Strictness
from rag.service.filters import Name
from rag.service.problems import Problem
from rag.settings import MOST_PASSAGES


class SentOptions(BaseModel):
    """How to answer, where that is not as the server's settings say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voice: Name | None = Field(
        default=None,
        description="who answers: `quotes`, or a chat model that the server's settings name",
    )
    passages: int | None = Field(
        default=None, ge=1, le=MOST_PASSAGES, strict=True, description="how many are read at most"
    )
    strictness: Strictness = Field(
        default=Strictness.BALANCED, description="how sure an answer must be before it is shown"
    )

    def options(self, voices: Collection[str]) -> Options:
        """The record of the house.

        Raises:
            Problem: nobody of that voice answers here.
        """
        if self.voice is not None and self.voice not in voices:
            detail = f"{self.voice[:200]!r} does not answer here, only {', '.join(voices)}."
            raise Problem(422, "voice", detail)
        return Options(self.voice, self.passages, self.strictness)
