"""Events are what everybody reads as events."""

from __future__ import annotations

import json

from hypothesis import given, strategies as st

from rag.service import events


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_event_has_its_data_on_one_line(text: str) -> None:
    """Whatever ends a line to Unicode does not end one here, and the data come back as sent."""
    name, data, *rest = events.event("answer", {"text": text}).decode().splitlines()

    assert name == "event: answer"
    assert json.loads(data.removeprefix("data: ")) == {"text": text}
    assert rest == [""]


def test_ends_of_lines_that_only_some_know_are_escaped() -> None:
    """The three that JSON would leave as they are."""
    sent = events.message("a\x85b\u2028c\u2029d")

    assert sent == b'data: "a\\u0085b\\u2028c\\u2029d"\n\n'
