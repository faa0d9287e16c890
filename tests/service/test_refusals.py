"""Refusals say what is wrong in words that are true, and where in the request it is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from starlette.testclient import TestClient

JSON = {"Content-Type": "application/json"}
QUESTION = "Who is the mayor?"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/articles", "GET, HEAD, POST"),
        ("/v1/articles/wire/bridge.md", "DELETE, GET, HEAD"),
        ("/v1/ask", "POST"),
        ("/v1/search", "GET, HEAD"),
        ("/login", "GET, HEAD, POST"),
    ],
)
def test_every_method_of_an_address_is_named(client: TestClient, path: str, allowed: str) -> None:
    """A method that does nothing is told which do, whichever routes they belong to."""
    refused = client.request("PATCH", path)

    assert refused.status_code == 405
    assert refused.headers["allow"] == allowed


@pytest.mark.parametrize(
    "body", [b"\xff", b"{", b'{"question":' + b"9" * 10_000 + b"}", b"[" * 100_000]
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/articles", "/v1/chat/completions"])
def test_what_is_no_json_is_told_so(client: TestClient, path: str, body: bytes) -> None:
    """Whatever a reader of JSON stumbles over, the words are the same everywhere."""
    refused = client.post(path, content=body, headers=JSON)

    assert refused.status_code == 400
    assert refused.json()["detail"] == "The body is not JSON."


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/articles"])
def test_packed_bodies_are_not_unpacked(client: TestClient, path: str) -> None:
    """A body with a Content-Encoding is another kind of body, and the refusal says what to send."""
    packed = gzip.compress(b'{"question": "Who is the mayor?"}')

    refused = client.post(path, content=packed, headers={**JSON, "Content-Encoding": "gzip"})

    assert refused.status_code == 415
    assert refused.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("path", "sent", "where"),
    [
        ("/v1/ask", {"turns": [{"question": "a", "answer": 5}]}, "body.turns.0.answer.text"),
        ("/v1/ask", {"filters": {"since": 0}}, "body.filters.since"),
        ("/v1/ask", {"filters": {"until": "1700000000"}}, "body.filters.until"),
        ("/v1/ask", {"today": "2024-09-20T00:00:00Z"}, "body.today"),
        ("/v1/ask", {"stream": 0}, "body.stream"),
        ("/v1/ask", {"options": {"passages": "5"}}, "body.options.passages"),
        ("/v1/chat/completions", {"content": "a" * 100_001}, "body.messages.0.content.text"),
        ("/v1/chat/completions", {"content": 5}, "body.messages.0.content.text"),
        ("/v1/chat/completions", {"content": [5]}, "body.messages.0.content.parts.0"),
    ],
)
def test_the_place_that_is_wrong_is_named(
    client: TestClient, path: str, sent: dict[str, Any], where: str
) -> None:
    """By the names that the sender knows, once; what is nearly right is not guessed at."""
    asked = (
        {"question": QUESTION, **sent}
        if path == "/v1/ask"
        else {"model": "dateline", "messages": [{"role": "user", **sent}]}
    )

    refused = client.post(path, json=asked)

    assert refused.status_code == 422
    assert [one["where"] for one in refused.json()["errors"]] == [where]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "2024-09-20", "until": "2024-09-19"}, "`until` lies before `since`"),
        ({"until": "0"}, "query.until: a day is written as 2024-09-20"),
        ({"q": "a" * 20_000}, "query.q: String should have at most 500 characters"),
        ({"q": "a\0"}, "query.q: holds a NUL character"),
    ],
)
def test_wrong_queries_are_told_in_words(
    client: TestClient, query: dict[str, str], words: str
) -> None:
    """A number is no day of 1970, and texts have characters."""
    refused = client.get("/v1/articles", params=query)

    assert refused.status_code == 422
    assert refused.json()["detail"] == words


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/completions", "/v1/responses"])
def test_what_openais_clients_may_miss_is_told_as_they_read_it(
    client: TestClient, path: str
) -> None:
    """The refusal of what is not here has the member that their clients show."""
    refused = client.post(path, json={})

    assert refused.status_code == 404
    assert refused.json()["error"]["message"] == "There is nothing at this address."
