"""Limits: what is too long or too slow is refused, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import logging
import select
import socket
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.service import build_app
from rag.service.bodies import MOST_VALUES, Bodies
from rag.service.connections import LONGEST_HEAD
from rag.service.problems import Problem
from service.serving import Opens, served

SECONDS = 2.0
# What is prompt on a busy machine too; what waits for fifty slow clients waits longer.
PROMPT = 10.0
ASKED = {"question": "Who is the mayor?"}
HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def url(archive: Archive) -> Iterator[str]:
    """A server that gives a request two seconds to arrive."""
    settings = archive.settings
    archive.settings = settings.model_copy(update={"receive_seconds": SECONDS})
    with served(archive) as address:
        yield address
    archive.settings = settings


def said(url: str, *pieces: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """What the server says to bytes sent by hand, and after how many seconds it has closed."""
    began = time.monotonic()
    with socket.create_connection(_place(url), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        heard = b""
        while received := connection.recv(65536):
            heard += received
    return heard, time.monotonic() - began


def _place(url: str) -> tuple[str, int]:
    return str(urlsplit(url).hostname), urlsplit(url).port or 0


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param([b"POST /v1/ask HTTP/1.1\r\nHost: local"], id="half a head"),
        pytest.param([b"P", b"O", b"S", b"T", b" "], id="a letter at a time"),
        pytest.param([HEAD + b"Content-Length: 40\r\n\r\n", b'{"question'], id="half a body"),
        pytest.param(
            [HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n", b'{"que'], id="half a chunk"
        ),
    ],
)
def test_a_request_that_does_not_arrive_is_closed(url: str, begun: list[bytes]) -> None:
    """Half a request is answered with 408 after the time allowed, however it trickles in."""
    heard, seconds = said(url, *begun, pause=0.1)

    assert heard.startswith(b"HTTP/1.1 408")
    assert b"problem+json" in heard
    assert SECONDS * 0.9 <= seconds < SECONDS + PROMPT


def test_a_silent_connection_is_closed(url: str) -> None:
    """A connection that says nothing at all hears nothing, and ends."""
    heard, seconds = said(url)

    assert heard == b""
    assert seconds < SECONDS + PROMPT


def test_a_second_request_on_a_connection_must_arrive_too(url: str) -> None:
    """The time is counted for every request of a connection."""
    heard, _ = said(url, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET", pause=0.3)

    assert heard.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in heard


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        pytest.param(b"GET /healthz", b"X: " + b"a" * LONGEST_HEAD * 2, id="one long header"),
        pytest.param(b"GET /healthz", b"X: a\r\n" * LONGEST_HEAD, id="many headers"),
        pytest.param(b"GET /" + b"a" * LONGEST_HEAD * 2, b"X: a", id="a long address"),
    ],
)
@pytest.mark.parametrize("ends", [b"\r\n\r\n", b""])
def test_a_head_that_is_too_long_is_refused(
    url: str, line: bytes, headers: bytes, ends: bytes
) -> None:
    """With 431, whether it ever ends or not; what is kept of it stays small."""
    head = line + b" HTTP/1.1\r\nHost: localhost\r\n" + headers + ends
    # In pieces, and no faster than they are read: a server that has closed cannot be heard.
    pieces = [head[start : start + 16_000] for start in range(0, len(head), 16_000)]

    heard = _until_refused(url, pieces)

    assert heard.startswith(b"HTTP/1.1 431")
    assert b"problem+json" in heard


def _until_refused(url: str, pieces: Sequence[bytes]) -> bytes:
    """What the server says as soon as it says something."""
    with socket.create_connection(_place(url), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
            if select.select([connection], [], [], 0.02)[0]:
                break
        heard: bytes = connection.recv(65536)
        return heard


@pytest.mark.parametrize(
    "garbled",
    [
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n{}",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    ],
)
def test_what_is_no_request_is_a_problem_too(url: str, garbled: bytes) -> None:
    """Bytes that are no HTTP/1.1, or could be read in two ways, are refused with 400."""
    heard, seconds = said(url, garbled)

    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"problem+json" in head
    assert f"x-request-id: {json.loads(body)['request_id']}".encode() in head
    assert seconds < PROMPT


def test_what_is_no_request_is_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """A line says what was refused, by the id that its sender was told."""
    with caplog.at_level(logging.INFO, "rag.requests"):
        heard, _ = said(url, b"\x16\x03\x01\x02\x00\x01\r\n\r\n")

    name = json.loads(heard.partition(b"\r\n\r\n")[2])["request_id"]
    assert f"route=none status=400 request_id={name}" in caplog.text


def test_slow_clients_do_not_keep_others_waiting(url: str) -> None:
    """While fifty connections trickle, somebody else is answered promptly."""
    slow = [socket.create_connection(_place(url)) for _ in range(50)]
    for connection in slow:
        connection.sendall(HEAD + b"Content-Length: 40\r\n\r\n{")
    began = time.monotonic()

    answered = httpx.post(f"{url}/v1/ask", json=ASKED, timeout=20)

    seconds = time.monotonic() - began
    for connection in slow:
        connection.close()
    assert answered.status_code == 200
    assert seconds < PROMPT


@pytest.mark.parametrize("stated", [True, False])
def test_a_body_that_is_too_long_is_refused(url: str, stated: bool) -> None:
    """With 413, whether its length is stated or it comes in chunks."""
    longest = b"x" * 4_000_001
    headers = {"Content-Type": "application/json"}

    def chunks() -> Iterator[bytes]:
        yield from (longest[i : i + 100_000] for i in range(0, len(longest), 100_000))

    try:
        refused = httpx.post(
            f"{url}/v1/ask", content=longest if stated else chunks(), headers=headers, timeout=20
        )
    except httpx.WriteError:
        pytest.skip("the connection was closed before the answer could be read")

    assert refused.status_code == 413
    assert refused.json()["type"].endswith(":too-long")


@pytest.mark.parametrize("value", ["[]", "1", '{"text":"a"}'])
def test_a_body_of_too_many_values_is_refused(client: TestClient, value: str) -> None:
    """Reading them would keep everybody else waiting."""
    many = ",".join([value] * (MOST_VALUES + 1))
    body = f'{{"question":"Who?","turns":[{{"question":"a","answer":{{"claims":[{many}]}}}}]}}'

    refused = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})

    assert refused.status_code == 413
    assert refused.json()["type"].endswith(":too-many")


def test_of_many_faults_some_are_told(client: TestClient) -> None:
    """A refusal does not grow with what was sent."""
    refused = client.post("/v1/ask", json={f"key {n}": n for n in range(1_000)})

    assert refused.status_code == 422
    assert 0 < len(refused.json()["errors"]) <= 20


def test_uploads_may_be_longer_but_not_endless(opens: Opens) -> None:
    """Articles have a limit of their own, by setting."""
    with opens(upload_megabytes=1) as archive:
        client = TestClient(build_app(archive, page=False))
        files = [("file", ("big.txt", b"word " * 300_000))]

        refused = client.post("/v1/articles", files=files)

    assert refused.status_code == 413


def test_a_long_body_that_keeps_coming_is_given_time() -> None:
    """A body may take longer than the time allowed as long as it is not slower than the slowest."""
    taken = []

    async def reads(scope: object, receive: object, send: object) -> None:
        more = True
        while more:
            message = await receive()  # type: ignore[operator]
            taken.append(len(message["body"]))
            more = message["more_body"]

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.15)
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": len(taken) < 9}

    async def send(message: object) -> None:
        raise AssertionError("nothing is refused")

    scope = {"type": "http", "path": "/", "headers": [], "method": "POST"}
    bodies = Bodies(reads, most=1_000_000, seconds=1.0, more={})

    asyncio.run(bodies(scope, receive, send))

    assert sum(taken) == 100_000


def test_a_problem_says_no_more_than_it_should() -> None:
    """A problem has the members of RFC 9457, the request's id, and nothing else."""
    plain = Problem(404, "not-found", "It is not there.").as_dict({"path": "/v1/x", "state": {}})

    assert set(plain) == {"type", "title", "status", "detail", "instance", "request_id"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("trace-17.a:b", True), ("", False), ("x" * 200, False), ("a b", False), ("a\tb", False)],
)
def test_request_ids_are_kept_if_sane(client: TestClient, given: str, kept: bool) -> None:
    """The id is in the response and in problems; one that could harm a log is replaced."""
    found = client.get("/v1/nothing", headers={"X-Request-Id": given})

    name = found.headers["x-request-id"]
    assert found.json()["request_id"] == name
    assert (name == given) == kept
    assert name.isascii()
    assert len(name) <= 128


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/v1/models", "/v1/articles/harvest"])
def test_balancers_may_ask_for_the_head_alone(client: TestClient, path: str) -> None:
    """HEAD is answered as GET is, without the body."""
    whole, head = client.get(path), client.head(path)

    assert (whole.status_code, head.status_code) == (200, 200)
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.content == b""
    assert client.head("/v1/ask").status_code == 405


@pytest.mark.parametrize("path", ["/v2/models", "//v1/models", "/gradio_api/file=/etc/passwd"])
def test_the_page_tells_its_refusals_as_problems(archive: Archive, path: str) -> None:
    """What is no part of the page, or not to be read, is refused like everything else."""
    client = TestClient(build_app(archive), base_url="http://testserver")

    refused = client.get(f"http://testserver{path}")

    assert refused.status_code in (403, 404)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == refused.status_code
    assert refused.json()["detail"]


def test_every_response_has_the_safe_headers(client: TestClient) -> None:
    """Answers, refusals and forms alike."""
    for path in ("/healthz", "/v1/nothing", "/login", "/metrics", "/v1/openapi.json"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "referrer-policy" in headers
        assert "server" not in headers
