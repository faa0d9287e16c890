"""Optional packages, imported when a file needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rag.errors import ReadError


def package(name: str, *, extra: str) -> Any:
    """The module of an optional package.

    Raises:
        ReadError: it is not installed; names the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ReadError(
            f"needs the package {name.partition('.')[0]}, which is not installed: run"
            f" `pip install 'dateline[{extra}]' -c constraints.txt`"
        ) from error
