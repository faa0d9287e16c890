"""Whatever the page says is in the Korean catalogue, with the same places to fill in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag.page
from rag.page.korean import KOREAN
from rag.page.relayed import relayed
from rag.page.tongue import Language, speaking, tr

PAGE = Path(rag.page.__file__).parent
FIELD = re.compile(r"\{(\w+)\}")
HANGUL = re.compile(r"[가-힣]")
# What a publisher is called is not a matter of language.
SAME_IN_BOTH = {"by {publishers}"}


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the page with the file it stands in."""
    for file in sorted(PAGE.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((file.name, text) for text in spoken(node))


def spoken(call: ast.Call) -> list[str]:
    """The texts that a call has translated."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    literals = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    if name in ("tr", "label", "later"):
        return [text for text in literals[:1] if isinstance(text, str)]
    if name in ("count", "counted") and len(call.args) == 2:
        return [f"{{number}} {noun}s" for noun in literals if isinstance(noun, str)]
    return []


TEXTS = {text: file for file, text in texts()}


def test_texts_are_found() -> None:
    """The test sees plain texts, labels, constants and counts."""
    assert TEXTS.keys() >= {"Understood as: {question}", "Settings", "Supported"}
    assert "{number} articles" in TEXTS


def test_every_text_is_translated() -> None:
    """No text of the page is missing in Korean."""
    missing = [f"{file}: {text!r}" for text, file in TEXTS.items() if text not in KOREAN]

    assert missing == []


def test_nothing_is_translated_in_vain() -> None:
    """No entry has outlived its text."""
    assert sorted(KOREAN.keys() - TEXTS.keys()) == []


@pytest.mark.parametrize("english", sorted(KOREAN))
def test_the_same_is_filled_in(english: str) -> None:
    """An entry is Korean and has the fields of its English text, each as often."""
    korean = KOREAN[english]

    assert sorted(FIELD.findall(korean)) == sorted(FIELD.findall(english))
    assert HANGUL.search(korean) or english in SAME_IN_BOTH


def test_what_is_relayed() -> None:
    """A fixed sentence from below the page is translated, its date too; another is left alone."""
    said = "Only articles published since 1 May 2024, as the question says."
    other = "the passage says 12, not 14"

    with speaking(Language.KOREAN):
        assert relayed(said) == "질문에 따라 2024년 5월 1일부터 나온 기사만 검색했습니다."
        assert relayed(other) == other
        assert tr("quoted word for word") == "원문 그대로 인용"
    assert relayed(said) == said
