"""Filters as programs send them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from rag.records import Filters

_MOST = 200  # names of a list
LONGEST_NAME = 2_000  # characters: a long address


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_out(day: object) -> object:
    # Numbers would be taken for seconds since 1970.
    if not isinstance(day, date) and not (isinstance(day, str) and _DAY.fullmatch(day)):
        raise ValueError("a day is written as 2024-09-20")
    return day


def _without_nul(text: str) -> str:
    # PostgreSQL keeps no such text, so that nothing there can be called so.
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


Day = Annotated[date, BeforeValidator(_written_out)]
# Named last, after what limits the length: so that is told in the words for texts.
WITHOUT_NUL = AfterValidator(_without_nul)
Text = Annotated[str, WITHOUT_NUL]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), WITHOUT_NUL]
Names = Annotated[tuple[Name, ...], Field(max_length=_MOST)]


class Limits(BaseModel):
    """What may be searched. Undated articles never pass a date filter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Day | None = Field(default=None, description="published on this day or later")
    until: Day | None = Field(default=None, description="published on this day or earlier")
    as_of: Day | None = Field(default=None, description="as the archive was on this day")
    publishers: Names = Field(default=(), description="any of these; empty: all")
    articles: Names = Field(default=(), description="ids; empty: all")
    without: Names = Field(default=(), description="ids of articles left out")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` lies before `since`")
        return self

    def filters(self) -> Filters:
        """The record of the house."""
        return Filters(**dict(self))
