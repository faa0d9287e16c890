"""Chat models are found by name, and whatever goes wrong with one is said in a line."""

from __future__ import annotations

import importlib.util
import threading
import time
from pathlib import Path

import pytest
from wire.server import (
    Server,
    drops,
    ends_early,
    event,
    refuses,
    says,
    sends,
    serving,
    stalls,
)

from rag.errors import MissingPackage, ModelError, PromptTooLong, SettingsError
from rag.writing.chat import Chat, Limits, Prices
from rag.writing.models import chat_named
from rag.writing.prompts import Filled
from rag.writing.scripted import ScriptedChat

PROMPT = Filled("Be brief.", "Is it so?")
QUICK = Limits(timeout=5, longest=20, retries=0)

needs_openai = pytest.mark.skipif(
    importlib.util.find_spec("langchain_openai") is None,
    reason="langchain-openai is not installed: pip install 'dateline[openai]'",
)


def toy(server: Server, limits: Limits = QUICK, prices: Prices | None = None) -> Chat:
    return chat_named("openai:toy", base_url=server.url, limits=limits, prices=prices)


def scripted(*replies: str | Exception, limits: Limits = QUICK, pause: float = 0) -> Chat:
    model = ScriptedChat(replies=list(replies), pause=pause)
    return Chat("scripted:test", lambda: model, limits=limits)


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gpt", ":gpt", "openai:", ""])
def test_a_name_without_a_provider_is_refused(name: str) -> None:
    """A name says who serves the model and which."""
    with pytest.raises(SettingsError, match="provider:model"):
        chat_named(name)


def test_an_unknown_provider_is_named() -> None:
    """A mistyped provider is no missing package."""
    with pytest.raises(SettingsError, match="no provider 'opnai'"):
        chat_named("opnai:gpt").model()


@pytest.mark.skipif(
    importlib.util.find_spec("langchain_anthropic") is not None, reason="the extra is installed"
)
def test_a_missing_extra_is_named_with_its_command() -> None:
    """Who lacks a package is told what to type, before a question is asked."""
    with pytest.raises(MissingPackage, match=r"pip install 'dateline\[anthropic\]' -c"):
        chat_named("anthropic:claude")


def test_a_missing_package_that_is_no_extra_is_named() -> None:
    """A provider that is no extra of ours is named with its own package."""
    if importlib.util.find_spec("langchain_groq") is not None:
        pytest.skip("langchain-groq is installed")

    with pytest.raises(MissingPackage, match="pip install langchain-groq"):
        chat_named("groq:llama").model()


@needs_openai
def test_a_missing_key_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key the line names the variable that holds it."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(ModelError, match=r"^there is no key for openai:toy: set OPENAI_API_KEY$"):
        chat_named("openai:toy").say(PROMPT)


def test_replies_in_a_file_are_a_model_too(tmp_path: Path) -> None:
    """`scripted:FILE` answers without a network."""
    (tmp_path / "replies.txt").write_text("It is so [1].", encoding="utf-8")

    text, usage = chat_named(f"scripted:{tmp_path / 'replies.txt'}").say(PROMPT)

    assert text == "It is so [1]."
    assert usage.model.startswith("scripted:")


# -- replies -------------------------------------------------------------------------------------


def test_usage_and_cost_are_told() -> None:
    """Tokens are the model's own count, the cost follows the prices given."""
    model = ScriptedChat(replies=["It is so."])
    chat = Chat("scripted:test", lambda: model, prices=Prices(read=1_000_000, written=2_000_000))

    _, usage = chat.say(PROMPT)

    assert (usage.read, usage.written, usage.estimated) == (5, 3, False)
    assert usage.cost == 5 + 2 * 3


def test_a_pause_shows_as_an_empty_piece() -> None:
    """Whoever reads a stream learns that nothing has come for a moment."""
    pieces = list(scripted("It is so.", pause=0.1).stream(PROMPT))

    assert "".join(pieces) == "It is so."
    assert "" in pieces


def test_a_reply_that_goes_on_for_ever_is_ended() -> None:
    """A model that keeps talking has a longest time too."""
    chat = scripted("so " * 500, limits=Limits(timeout=5, longest=0.3), pause=0.01)

    with pytest.raises(ModelError, match=r"still writing after 0\.3 seconds"):
        chat.say(PROMPT)


def test_requests_keep_to_their_pace() -> None:
    """So many a minute are sent and no more."""
    chat = scripted("Yes.", limits=Limits(per_minute=300))
    began = time.monotonic()

    for _ in range(3):
        chat.say(PROMPT)

    assert time.monotonic() - began >= 2 * 60 / 300


def test_many_may_ask_at_once() -> None:
    """One chat serves several threads."""
    chat = scripted("It is so.")
    found: list[str] = []

    def ask() -> None:
        found.append(chat.say(PROMPT)[0])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["It is so."] * 8


# -- the wire ------------------------------------------------------------------------------------


@needs_openai
def test_a_stream_comes_piece_by_piece() -> None:
    """What a server streams arrives as it is written, with the prompt as sent."""
    with serving(says("It is so [1].")) as server:
        pieces = [piece for piece in toy(server).stream(PROMPT) if piece]

    assert len(pieces) > 2
    assert "".join(pieces).strip() == "It is so [1]."
    [request] = server.requests
    assert request["stream"] is True
    assert request["model"] == "toy"
    assert [message["content"] for message in request["messages"]] == ["Be brief.", "Is it so?"]


@needs_openai
def test_tokens_that_are_not_reported_are_estimated() -> None:
    """An estimate says that it is one."""
    with serving(says("It is so [1].")) as server:
        _, usage = toy(server).say(PROMPT)

    assert usage.estimated
    assert usage.written > 0


@needs_openai
def test_a_reply_cut_by_its_limit_is_known() -> None:
    """Whoever reads knows that the last sentence is no whole one."""
    with serving(says("It is so [1]. And", finish="length")) as server:
        reply = toy(server).stream(PROMPT)
        text = "".join(reply)

    assert text.startswith("It is so")
    assert reply.cut


@needs_openai
@pytest.mark.parametrize(
    ("status", "message", "line"),
    [
        (401, "Incorrect API key provided: sk-abcdefgh", r"refused the key \(401\): check OPENAI"),
        (403, "no access", r"refused the key \(403\)"),
        (404, "no such model", r"knows no model 'toy' \(404\)"),
        (429, "slow down", r"takes no more requests for now \(429\)"),
        (500, "oh no", "failed with status 500"),
        (400, "bad request for Bearer abc.def", "failed with status 400"),
    ],
)
def test_an_error_of_the_server_is_a_line(status: int, message: str, line: str) -> None:
    """A status is put in words; no key is ever repeated."""
    with serving(refuses(status, message)) as server, pytest.raises(ModelError, match=line) as told:
        toy(server).say(PROMPT)

    assert "\n" not in str(told.value)
    assert "sk-" not in str(told.value)
    assert "abc.def" not in str(told.value)


@needs_openai
def test_a_prompt_that_is_too_long_is_told_apart() -> None:
    """A model that cannot read so much can be given less."""
    said = "This model's maximum context length is 4096 tokens."

    with serving(refuses(400, said)) as server, pytest.raises(PromptTooLong):
        toy(server).say(PROMPT)


@needs_openai
def test_what_passes_is_tried_again() -> None:
    """A busy server is asked again after the wait it names."""
    busy = refuses(429, "slow down", retry_after="0.1")
    with serving(busy, refuses(503, "later", retry_after="0"), says("Yes.")) as server:
        text, _ = toy(server, Limits(timeout=5, retries=2)).say(PROMPT)

    assert text.strip() == "Yes."
    assert len(server.requests) == 3


@needs_openai
def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    """A refused temperature is left out, for good."""
    fussy = refuses(400, "Unsupported value: 'temperature' does not support 0.0 with this model.")
    with serving(fussy, says("Yes.")) as server:
        chat = toy(server)
        answers = [chat.say(PROMPT)[0].strip() for _ in range(2)]

    assert answers == ["Yes.", "Yes."]
    assert ["temperature" in request for request in server.requests] == [True, False, False]


@needs_openai
def test_a_refused_key_is_not_tried_again() -> None:
    """What would fail the same way again is asked once."""
    with serving(refuses(401)) as server, pytest.raises(ModelError):
        toy(server, Limits(timeout=5, retries=3)).say(PROMPT)

    assert len(server.requests) == 1


@needs_openai
def test_nothing_is_asked_again_once_something_was_said() -> None:
    """A reply that broke off is not begun anew behind the reader's back."""
    with serving(drops("It is so [1]. "), says("No.")) as server, pytest.raises(ModelError):
        toy(server, Limits(timeout=5, retries=3)).say(PROMPT)

    assert len(server.requests) == 1


@needs_openai
@pytest.mark.parametrize(
    ("act", "line"),
    [
        (stalls("It is", seconds=3), "silent for 1 seconds|did not answer in time"),
        (drops("It is"), "connection"),
        (ends_early("It is"), "broke off|connection ended"),
        (sends(b"data: {not json}\n\n"), "failed"),
        (sends(b"<html>Bad gateway</html>"), "failed|broke off"),
        (sends(event("It is"), b'data: {"choices": [{"delta": {"content": "\xff'), "failed|off"),
    ],
)
def test_a_stream_that_goes_wrong_ends_in_a_line(act: object, line: str) -> None:
    """Stalling, hanging up and nonsense on the wire are each an error of one line."""
    assert callable(act)

    with serving(act) as server, pytest.raises(ModelError, match=line) as told:
        toy(server, Limits(timeout=1, retries=0)).say(PROMPT)

    assert "\n" not in str(told.value)


@needs_openai
def test_a_character_split_between_packets_is_whole() -> None:
    """A letter whose bytes come apart is put together again."""
    data = event("Zürich — “so” [1].", "stop")
    middle = data.index("ü".encode()) + 1

    with serving(sends(data[:middle], data[middle:], b"data: [DONE]\n\n")) as server:
        text, _ = toy(server).say(PROMPT)

    assert text == "Zürich — “so” [1]."


@needs_openai
def test_nobody_listening_is_a_line() -> None:
    """A server that is not there is said to be so."""
    with serving(says("Yes.")) as server:
        gone = server.url

    with pytest.raises(ModelError, match="connection to openai:toy failed"):
        chat_named("openai:toy", base_url=gone, limits=QUICK).say(PROMPT)


@needs_openai
def test_a_stream_that_is_let_go_hangs_up() -> None:
    """Who stops reading stops the model: the server sees the connection close."""
    with serving(says("so " * 2000, pause=0.005)) as server:
        reply = iter(toy(server).stream(PROMPT))
        next(reply)
        reply.close()  # type: ignore[attr-defined]

        assert server.broken.wait(10)
