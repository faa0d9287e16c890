"""The scripted chat model says what it is told to, over LangChain's own interface."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from rag.errors import SettingsError
from rag.writing.scripted import ScriptedChat, scripted_from


def test_replies_come_in_order_and_the_last_one_stays() -> None:
    """Each call takes the next reply."""
    model = ScriptedChat(replies=["One.", "Two."])

    said = [model.invoke("?").text for _ in range(3)]

    assert said == ["One.", "Two.", "Two."]


def test_a_stream_is_the_reply_in_words() -> None:
    """The pieces of a stream joined are the reply, and the last one tells the usage."""
    chunks = list(ScriptedChat(replies=["It is  so [1]. \n"]).stream("Is it so?"))

    assert len(chunks) > 3
    assert "".join(str(chunk.text) for chunk in chunks) == "It is  so [1]. \n"
    used = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    assert [(each["input_tokens"], each["output_tokens"]) for each in used] == [(3, 4)]


def test_it_remembers_what_it_was_asked() -> None:
    """A test can see what a model would have been sent."""
    model = ScriptedChat(replies=["Yes."])

    model.invoke([HumanMessage("Is it so?")])

    assert [[str(message.text) for message in messages] for messages in model.asked] == [
        ["Is it so?"]
    ]


def test_a_reply_that_is_an_error_is_raised() -> None:
    """A failing model can be scripted too."""
    model = ScriptedChat(replies=[ConnectionError("gone"), "Back."])

    with pytest.raises(ConnectionError):
        model.invoke("?")
    assert model.invoke("?").text == "Back."


def test_replies_are_read_from_a_file(tmp_path: Path) -> None:
    """Replies in a file are divided by lines of three dashes."""
    path = tmp_path / "replies.txt"
    path.write_text("One [1].\n---\nTwo [2].\n", encoding="utf-8")

    assert scripted_from(path).replies == ["One [1].", "Two [2]."]
    with pytest.raises(SettingsError, match="cannot be read"):
        scripted_from(tmp_path / "missing.txt")
