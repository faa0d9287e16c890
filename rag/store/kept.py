"""Answers and moments as the columns of a row hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rag import recorded
from rag.errors import ReadError
from rag.records import Answer


def answer_of(text: str | None) -> Answer | None:
    """The kept answer; None where there is none, or none that can be read."""
    try:
        return recorded.answer(json.loads(text)) if text else None
    except (ReadError, ValueError):
        return None


def as_json(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False)


def moment() -> datetime:
    """Now, in UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
