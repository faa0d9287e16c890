"""The JSON Schemas of the evaluation: a case, a suite, a run."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

SchemaName = Literal["case", "suite", "run"]


@cache
def schema(name: SchemaName) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a case, a suite or a run."""
    text = files("rag.evaluation").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def problems(name: SchemaName, plain: object) -> list[str]:
    """Every way in which a JSON value breaks a schema, in document order; empty when it fits."""
    errors = sorted(
        _validator(name).iter_errors(plain), key=lambda error: list(map(str, error.path))
    )
    return [f"{'.'.join(map(str, error.path)) or name}: {error.message}" for error in errors]


@cache
def _validator(name: SchemaName) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker  # slow to import

    return Draft202012Validator(schema(name), format_checker=FormatChecker())
