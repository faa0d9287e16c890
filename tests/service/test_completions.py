"""The archive as a model for OpenAI's clients: their own client, over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.records import CANNOT_ANSWER
from rag.service.turns import said
from service.serving import served

APPLES = "How many tonnes of apples are expected?"
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}


@pytest.fixture(scope="module")
def base(locked: Archive) -> Iterator[str]:
    """The address that a client is given."""
    with served(locked) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="module")
def key(locked: Archive) -> str:
    """A key of the service."""
    return locked.keys.add("openai-client")


@pytest.fixture
def chat(base: str, key: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client, asking the archive."""
    with openai.OpenAI(base_url=base, api_key=key, max_retries=0) as client:
        yield client


def user(content: str) -> ChatCompletionMessageParam:
    """A message of the user."""
    return {"role": "user", "content": content}


def test_a_completion_is_the_answer_with_its_sources(chat: openai.OpenAI, locked: Archive) -> None:
    """The content holds the sentences with markers and a list of sources; so do `citations`."""
    completion = chat.chat.completions.create(model="dateline", messages=[user(APPLES)])

    answer = locked.ask(APPLES)
    message = completion.choices[0].message
    content = message.content or ""
    text, sources = content.split("\n\nSources:\n")
    assert text == answer.text
    assert sources.startswith("[1] Harbour Herald · 20 September 2024 · Apple growers")
    assert completion.choices[0].finish_reason == "stop"
    assert message.model_extra is not None
    cited = message.model_extra["citations"]
    assert [one["quote"] for one in cited] == [c.quote.text for c in answer.citations]
    assert cited[0]["url"] == "https://herald.example/apples"


def test_chunks_put_together_are_the_completion(chat: openai.OpenAI) -> None:
    """Streamed content is the same, comes in pieces, and ends with its reason and usage."""
    whole = chat.chat.completions.create(model="dateline", messages=[user(APPLES)])

    chunks = list(
        chat.chat.completions.create(
            model="dateline",
            messages=[user(APPLES)],
            stream=True,
            stream_options={"include_usage": True},
        )
    )

    pieces = [
        chunk.choices[0].delta.content
        for chunk in chunks
        if chunk.choices and chunk.choices[0].delta.content
    ]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len(pieces) > 1
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None


def test_messages_before_the_last_are_the_conversation(chat: openai.OpenAI) -> None:
    """A follow-up is understood by what was asked and answered before."""
    asked = user("Who is the librarian of Port Ellery?")
    first = chat.chat.completions.create(model="dateline", messages=[asked])
    said_first = first.choices[0].message.content or ""

    followed = chat.chat.completions.create(
        model="dateline",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            asked,
            {"role": "assistant", "content": said_first},
            {"role": "user", "content": [{"type": "text", "text": "What does he hope to mend?"}]},
        ],
    )

    assert "Oskar Brandt, hopes to mend it" in (followed.choices[0].message.content or "")


def test_a_conversation_may_go_on_for_ever(chat: openai.OpenAI) -> None:
    """Clients send all that was ever said; the last message is answered as ever."""
    exchange: Any = [user("Who is the mayor?"), {"role": "assistant", "content": "It is red."}]

    answered = chat.chat.completions.create(
        model="dateline", messages=[*exchange * 300, user(APPLES)]
    )

    assert "9,200 tonnes" in (answered.choices[0].message.content or "")


def test_what_the_archive_does_not_say_is_said_so(chat: openai.OpenAI) -> None:
    """An abstention is the fixed sentence, without sources, also as a stream."""
    asked = [user("Who won the chess championship of Mars?")]

    whole = chat.chat.completions.create(model="dateline", messages=asked)
    chunks = chat.chat.completions.create(model="dateline", messages=asked, stream=True)

    streamed = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert whole.choices[0].message.content == streamed == CANNOT_ANSWER


def test_langchains_client_works(base: str, key: str) -> None:
    """What is built on OpenAI's client can use the archive as its model."""
    model = ChatOpenAI(model="dateline", base_url=base, api_key=SecretStr(key))

    said_whole = model.invoke(APPLES).content
    streamed = "".join(str(chunk.content) for chunk in model.stream(APPLES))

    assert "9,200 tonnes" in str(said_whole)
    assert streamed == said_whole


def test_errors_reach_the_client_as_its_own(base: str, chat: openai.OpenAI) -> None:
    """An unknown model, a wrong key and an empty question are the errors the client knows."""
    stranger = openai.OpenAI(base_url=base, api_key="wrong", max_retries=0)

    with pytest.raises(openai.NotFoundError, match="models here"):
        chat.chat.completions.create(model="gpt", messages=[user(APPLES)])
    with pytest.raises(openai.AuthenticationError, match="not known"):
        stranger.chat.completions.create(model="dateline", messages=[user(APPLES)])
    with pytest.raises(openai.UnprocessableEntityError, match="no words"):
        chat.chat.completions.create(model="dateline", messages=[user("?")], stream=True)
    stranger.close()


def test_models_are_listed(chat: openai.OpenAI) -> None:
    """There is one model, which can be looked up."""
    assert [model.id for model in chat.models.list()] == ["dateline"]
    assert chat.models.retrieve("dateline").id == "dateline"


@pytest.mark.parametrize(
    "wanted",
    [
        {"n": 1, "stop": ["."], "max_tokens": 5, "temperature": 0.2, "seed": 7, "user": "ada"},
        {"response_format": {"type": "text"}, "logprobs": True},
        {"tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": False},
        {"functions": [TOOL["function"]], "function_call": "auto", "modalities": ["text"]},
        {"extra_body": {"stream": None, "stream_options": None, "n": None}},
    ],
)
def test_what_would_not_change_an_answer_is_passed_over(
    chat: openai.OpenAI, locked: Archive, wanted: dict[str, Any]
) -> None:
    """Parameters for chat models leave a quoted answer whole."""
    completion = chat.chat.completions.create(
        model="dateline", messages=[user(APPLES)], stream=False, **wanted
    )

    assert len(completion.choices) == 1
    content = completion.choices[0].message.content or ""
    assert content.startswith(locked.ask(APPLES).text)


@pytest.mark.parametrize(
    "wanted",
    [
        {"n": 2},
        {"response_format": {"type": "json_object"}},
        {"tools": [TOOL], "tool_choice": "required"},
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "look"}}},
        {"function_call": {"name": "look"}},
        {"modalities": ["audio"]},
    ],
)
def test_what_cannot_be_given_is_refused(chat: openai.OpenAI, wanted: dict[str, Any]) -> None:
    """Several answers, JSON or the call of a tool: a client that insists is told."""
    (name, *_) = [name for name in wanted if name != "tools"]

    with pytest.raises(openai.UnprocessableEntityError, match=name):
        chat.chat.completions.create(
            model="dateline", messages=[user(APPLES)], stream=False, **wanted
        )


def test_pictures_are_not_read(chat: openai.OpenAI) -> None:
    """A question with a picture is refused in words; one in an earlier message is passed over."""
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    with_picture: Any = {"role": "user", "content": [{"type": "text", "text": APPLES}, picture]}

    with pytest.raises(openai.UnprocessableEntityError, match="words alone, no 'image_url'"):
        chat.chat.completions.create(model="dateline", messages=[with_picture])
    later = chat.chat.completions.create(
        model="dateline",
        messages=[with_picture, {"role": "assistant", "content": "It is red."}, user(APPLES)],
    )

    assert "9,200 tonnes" in (later.choices[0].message.content or "")


@pytest.mark.parametrize("last", ["assistant", "system"])
def test_the_last_message_is_the_users(client: TestClient, last: str) -> None:
    """Nothing is asked where the user does not have the last word."""
    messages = [{"role": "user", "content": APPLES}, {"role": last, "content": "x"}]

    refused = client.post(
        "/v1/chat/completions", json={"model": "dateline", "messages": messages[-1:]}
    )

    assert refused.status_code == 422


def test_an_answer_in_words_is_read_back() -> None:
    """Markers are no words of an answer, and a refusal is known as one."""
    answer = said("Who?", "The vote was 11 to 4. [1][2] It cost 38.5 million dollars. [3]")
    refusal = said("Who?", CANNOT_ANSWER)

    assert [claim.text for claim in answer.claims] == [
        "The vote was 11 to 4.",
        "It cost 38.5 million dollars.",
    ]
    assert (answer.abstained, refusal.abstained) == (False, True)
