"""What `--json` prints."""

from __future__ import annotations

import json
from typing import Any

import typer


def print_json(plain: Any) -> None:
    """Print JSON for people and programs alike; moments and paths as their text."""
    typer.echo(json.dumps(plain, default=str, ensure_ascii=False, indent=2))
