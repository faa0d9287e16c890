"""The log: a line a request, in words or as JSON."""

from __future__ import annotations

import logging
import sys
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

_LOGGERS = ("rag", "uvicorn")
_PLAIN = "%(asctime)s %(levelname)s %(message)s"
_NAMED = ("timestamp", "levelname", "name", "message")


def set_up(form: Literal["plain", "json"]) -> None:
    """Let this program's log go to stderr, in this form; twice changes nothing."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(_NAMED, timestamp=True, rename_fields={"levelname": "level"})
        if form == "json"
        else logging.Formatter(_PLAIN)
    )
    # Libraries have their say in the same form, and only where it is a warning.
    logging.getLogger().handlers = [handler]
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("rag").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
