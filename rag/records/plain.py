"""Records as JSON values; `rag.recorded` reads them back."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from datetime import date
from typing import Any

from rag.records.claims import Citation

# Most of what an answer holds are these; what the others are is found out slowly.
_JSON_ALREADY = frozenset({str, int, float, bool, type(None)})


def plain_value(value: Any) -> Any:
    """The value as JSON has it: records by the names of their fields, dates as ISO strings."""
    if type(value) in _JSON_ALREADY:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain_value(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {f.name: plain_value(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, Citation):
            plain["source"] = plain["quote"]["source"]
        return plain
    return value
