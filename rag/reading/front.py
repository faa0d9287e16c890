"""The matter in front of a text: fields between two fences, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from rag.errors import ReadError
from rag.reading.stated import is_known

_YAML = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.S | re.M)


def parted(text: str, name: str) -> tuple[Mapping[str, Any], str]:
    """The fields in front of a text and the text after them; a rule that opens a text is none.

    Raises:
        ReadError: the matter between the fences cannot be read.
    """
    if front := _YAML.match(text):
        fields = _yaml(front[1], name)
    elif front := _TOML.match(text):
        fields = _toml(front[1], name)
    else:
        return _json(text)
    if isinstance(fields, dict) or (fields is None and not front[1].strip()):
        return fields or {}, text[front.end() :].strip()
    return {}, text.strip()


def _yaml(matter: str, name: str) -> Any:
    try:
        # Each value as it is written: `007` stays an id, `No` a title, an impossible day a word.
        return yaml.load(matter, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f" (line {mark.line + 2})" if mark else ""
        raise ReadError(f"{name}: the front matter is not valid YAML{at}") from error


def _toml(matter: str, name: str) -> Any:
    try:
        return tomllib.loads(matter)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{name}: the front matter is not valid TOML ({error})") from error


def _json(text: str) -> tuple[Mapping[str, Any], str]:
    """The object that a text begins with, if it holds a source card."""
    text = text.strip()
    if text.startswith("{"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return {}, text
        if any(map(is_known, fields)):
            return fields, text[end:].strip()
    return {}, text
