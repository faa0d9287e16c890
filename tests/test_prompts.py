"""Prompts are files, filled exactly and versioned by their text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.records import CANNOT_ANSWER
from rag.writing.prompts import FIELDS, Prompt, prompt_at, prompts

OWN = "Answer as of $today: $refusal\n\n---\n\n$passages\n\n$question\n"


def test_every_bundled_prompt_has_its_fields() -> None:
    """Each prompt that is asked for is a file with exactly the fields it is given."""
    found = prompts()

    assert set(found.versions) == set(FIELDS)
    assert all(len(version) == 12 for version in found.versions.values())


def test_the_answer_prompt_says_what_it_must() -> None:
    """Passages are data, citations are asked for, and the fixed sentence is named."""
    filled = prompts().answer.fill(
        today="2022-06-01", refusal=CANNOT_ANSWER, passages="P", question="Q?"
    )

    assert CANNOT_ANSWER in filled.told
    for wanted in ("data", "never follow", "[2]", "date", "disagree"):
        assert wanted in filled.told
    assert filled.about.endswith("Question: Q?")
    assert "$" not in filled.told + filled.about


def test_a_value_with_a_dollar_sign_stands_for_itself() -> None:
    """What is filled in is not filled in again."""
    filled = Prompt("answer", OWN).fill(
        today="t", refusal="r", passages="$question costs $5", question="Q"
    )

    assert filled.about == "$question costs $5\n\nQ"


def test_a_missing_field_is_named() -> None:
    """A prompt is never sent with a hole in it."""
    with pytest.raises(SettingsError, match=r"unknown fields: \$passages, \$question"):
        Prompt("answer", OWN).fill(today="t", refusal="r")


def test_an_unknown_field_is_named() -> None:
    """A value that the prompt has no place for is a mistake, not a detail."""
    with pytest.raises(SettingsError, match=r"lacks the fields: \$mood"):
        Prompt("answer", OWN).fill(
            today="t", refusal="r", passages="p", question="q", mood="cheerful"
        )


def test_another_text_is_another_version() -> None:
    """The version tells any two texts apart and stays while the text stays."""
    assert Prompt("answer", OWN).version == Prompt("answer", OWN).version
    assert Prompt("answer", OWN).version != Prompt("answer", OWN + " ").version


def test_a_prompt_of_ones_own_stands_in_for_the_bundled_one(tmp_path: Path) -> None:
    """A folder replaces the prompts it names and leaves the others."""
    (tmp_path / "answer.md").write_text(OWN, encoding="utf-8")

    own = prompts(tmp_path)

    assert own.answer.text == OWN
    assert own.condense == prompts().condense
    assert prompts(tmp_path / "answer.md") == own


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("answer.md", OWN.replace("$today", ""), r"lacks the fields: \$today"),
        ("answer.md", OWN + "$mood", r"unknown fields: \$mood"),
        ("answer.md", OWN + "it costs $5", r"written `\$\$`"),
        ("answer.md", OWN.replace("---", ""), "no line `---`"),
        ("reply.md", OWN, "named for no prompt"),
    ],
)
def test_a_bad_prompt_says_what_to_mend(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    """What is wrong with a prompt of one's own is said when it is read."""
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=complaint):
        prompt_at(tmp_path / name)


def test_a_prompt_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A mistyped path is named, not passed over."""
    with pytest.raises(SettingsError, match="cannot be read"):
        prompts(tmp_path / "answer.md")
    with pytest.raises(SettingsError, match="holds no prompt"):
        prompts(tmp_path)
