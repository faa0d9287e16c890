"""`/v1/ask`: the archive's answer, whole or as it grows, with what was said before."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.embeddings.cores import cores
from rag.errors import IndexUnavailable, StoreDamaged
from rag.records import Answer, Filters
from rag.service import build_app
from rag.service.app import answers_at_once
from rag.settings import Settings
from service.serving import Held, Opens, Slow, served

APPLES = "How many tonnes of apples are expected?"
LONG = {"claims": [{"text": "word " * 5_000, "citations": []}]}


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: names and data."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_is_the_archives(client: TestClient, archive: Archive) -> None:
    """A question gets what `Archive.ask` gives, as JSON."""
    answered = client.post("/v1/ask", json={"question": APPLES})

    assert answered.status_code == 200
    assert answered.json() == archive.ask(APPLES).to_dict()
    assert "9,200 tonnes" in answered.json()["text"]


def test_filters_and_today_are_observed(client: TestClient, archive: Archive) -> None:
    """Filters of the request limit what is searched, and are in the receipt."""
    limits = {"until": "2024-05-01", "publishers": ["Inland Courier"]}

    answered = client.post(
        "/v1/ask", json={"question": "When will the ferry sail?", "filters": limits}
    ).json()

    assert answered["receipt"]["filters"]["publishers"] == ["Inland Courier"]
    assert {hit["passage"]["source"]["publisher"] for hit in answered["hits"]} == {"Inland Courier"}


@pytest.mark.parametrize("asks", [{"stream": True}, {}])
def test_events_put_together_are_the_answer(client: TestClient, asks: dict[str, bool]) -> None:
    """Later members over earlier ones give the JSON answer; `done` comes last; hits come once."""
    whole = client.post("/v1/ask", json={"question": APPLES}).json()
    headers = {} if asks else {"Accept": "text/event-stream"}

    streamed = client.post("/v1/ask", json={"question": APPLES, **asks}, headers=headers)

    told = events(streamed.text)
    together: dict[str, Any] = {}
    for name, data in told[:-1]:
        assert name == "answer"
        together |= data
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert together == whole
    assert told[-1] == ("done", {"request_id": streamed.headers["x-request-id"]})
    assert sum(bool(data.get("hits")) for _, data in told) == 1
    assert [data["complete"] for _, data in told[:-1] if "complete" in data] == [False, True]


@pytest.mark.parametrize("whole", [True, False])
def test_an_answer_can_be_passed_back(client: TestClient, archive: Archive, whole: bool) -> None:
    """A follow-up is understood by the answer object as it came, and by its text alone."""
    first = "Who is the mayor?"
    answer = client.post("/v1/ask", json={"question": first}).json()
    turn = {"question": first, "answer": answer if whole else answer["text"]}

    followed = client.post("/v1/ask", json={"question": "What did he say?", "turns": [turn]})

    assert followed.status_code == 200
    assert "Tomas Velde" in followed.json()["understood"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"question": 7},
        {"question": "?"},
        {"question": "a" * 5_000},
        {"question": APPLES, "filters": {"since": "soon"}},
        {"question": APPLES, "filters": {"since": "2024-02-01", "until": "2024-01-01"}},
        {"question": APPLES, "surprise": True},
        {"question": APPLES, "today": "0001-01-01"},
        {"question": APPLES, "turns": [{"question": "Who?", "answer": {"claims": "none"}}]},
        {"question": APPLES, "turns": [{"question": "Who?", "answer": LONG}]},
        {"question": "\ud800"},
        {"question": APPLES, "turns": [{"question": "Who?", "answer": {"text": "\ud800"}}]},
    ],
)
def test_what_cannot_be_understood_is_a_problem(client: TestClient, sent: Any) -> None:
    """A malformed question is told with 422, asked whole or as a stream."""
    for stream in ({}, {"stream": True}):
        body = json.dumps({**sent, **stream})

        refused = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})

        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["status"] == 422


class Broken(Archive):
    """An archive that fails half-way, with an error that names a place of this machine."""

    error: Exception = RuntimeError("at /secret/place")

    def stream(self, *asked: Any, **limits: Any) -> Iterator[Answer]:
        yield from list(super().stream(*asked, **limits))[:2]
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IndexUnavailable("the store /secret/place cannot be used"), 503),
        (StoreDamaged("the store /secret/place is damaged"), 500),
        (RuntimeError("at /secret/place"), 500),
    ],
)
def test_failures_are_told_without_places(opens: Opens, error: Exception, status: int) -> None:
    """What goes wrong inside is a problem that names no path; in a stream it is an event."""
    with opens(Broken) as archive:
        archive.error = error  # type: ignore[attr-defined]
        client = TestClient(build_app(archive, page=False), raise_server_exceptions=False)

        whole = client.post("/v1/ask", json={"question": APPLES})
        streamed = client.post("/v1/ask", json={"question": APPLES, "stream": True})

    assert whole.status_code == status
    assert ("Retry-After" in whole.headers) == (status == 503)
    assert "secret" not in whole.text + streamed.text
    name, problem = events(streamed.text)[-1]
    assert (name, problem["status"]) == ("error", status)


def test_too_many_questions_are_sent_away(opens: Opens) -> None:
    """One is answered, one waits, the third is told when to come again; the others are answered."""
    with opens(Held, answers_at_once=1, answers_waiting=1) as archive, served(archive) as url:
        assert isinstance(archive, Held)
        with ThreadPoolExecutor(3) as threads:
            asked = [threads.submit(_asked, url) for _ in range(3)]

            (sent_away,), others = wait(asked, timeout=30, return_when=FIRST_COMPLETED)
            alive = httpx.get(f"{url}/healthz", timeout=5)
            archive.free.set()

        statuses = [one.result().status_code for one in others]

    refused = sent_away.result()
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["type"].endswith(":crowded")
    assert alive.status_code == 200
    assert statuses == [200, 200]


def test_an_answer_that_takes_too_long_is_given_up(opens: Opens) -> None:
    """The client is told with 504, and the seat is free again soon after."""
    with opens(Slow, answers_at_once=1, answers_waiting=0, answer_seconds=0.4) as archive:
        client = TestClient(build_app(archive, page=False))

        late = client.post("/v1/ask", json={"question": APPLES})
        # Without a place to wait in, only a free seat gives this again.
        _until(lambda: client.post("/v1/ask", json={"question": APPLES}).status_code == 504)

    assert late.status_code == 504


def test_a_client_that_leaves_frees_its_seat(opens: Opens) -> None:
    """A stream that nobody reads any more is not finished."""
    with opens(Slow, answers_at_once=1, answers_waiting=0) as archive, served(archive) as url:
        body = {"question": APPLES, "stream": True}
        with httpx.stream("POST", f"{url}/v1/ask", json=body) as stream:
            next(stream.iter_lines())

        _until(lambda: _asked(url).status_code == 200)


def _until(holds: Callable[[], bool]) -> None:
    """Wait until it holds.

    Raises:
        TimeoutError: it does not for long.
    """
    for _ in range(1_000):
        if holds():
            return
        time.sleep(0.05)
    raise TimeoutError


def _asked(url: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/ask", json={"question": APPLES}, timeout=30)


def test_many_at_once_get_their_own_answers(archive: Archive) -> None:
    """Answers of clients that ask at the same time are not mixed up."""
    questions = [APPLES, "Who is the captain of the ferry?", "Who mends the library clock?"] * 5
    expected = {question: archive.ask(question).text for question in questions}

    with served(archive) as url, ThreadPoolExecutor(8) as threads:
        answers = threads.map(
            lambda question: httpx.post(
                f"{url}/v1/ask", json={"question": question}, timeout=30
            ).json(),
            questions,
        )

        assert [answer["text"] for answer in answers] == [expected[q] for q in questions]


@pytest.mark.parametrize("logged", [True, False])
def test_questions_are_logged_only_if_asked_for(
    opens: Opens, logged: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A line a request tells method, route, status and id; the question only by setting."""
    with opens(log_questions=logged) as archive, caplog.at_level(logging.INFO, "rag.requests"):
        client = TestClient(build_app(archive, page=False))

        client.post("/v1/ask", json={"question": APPLES}, headers={"X-Request-Id": "abc-1"})

    line = next(one for one in caplog.records if one.name == "rag.requests")
    told = line.__dict__
    assert (told["method"], told["route"], told["status"]) == ("POST", "/v1/ask", 200)
    assert told["request_id"] == "abc-1"
    assert told["ms"] > 0
    assert (f'question="{APPLES}"' in line.getMessage()) == logged
    assert told.get("question") == (APPLES if logged else None)


def test_threads_end_with_the_work(archive: Archive) -> None:
    """Questions do not leave threads behind beyond the seats."""
    client = TestClient(build_app(archive, page=False))
    before = set(threading.enumerate())

    for _ in range(20):
        client.post("/v1/ask", json={"question": APPLES})

    new = [thread for thread in threading.enumerate() if thread not in before]
    for thread in new:
        thread.join(0.5)  # the client has one for each request, which may not have ended yet
    assert sum(map(threading.Thread.is_alive, new)) <= answers_at_once(archive.settings)


def test_answers_that_wait_are_made_at_once() -> None:
    """As many answers as processors; more where a chat model or a server is waited for."""
    elsewhere = [
        Settings(chat_model="openai:any"),
        Settings(chroma="http://127.0.0.1:8000"),
        Settings(embedding="openai:any"),
    ]

    assert answers_at_once(Settings()) == cores()
    assert {answers_at_once(settings) for settings in elsewhere} == {8}
    assert answers_at_once(Settings(chat_model="openai:any", answers_at_once=3)) == 3


def test_endless_conversations_are_read_from_their_end(client: TestClient) -> None:
    """Only the newest exchanges are read: a long conversation costs no more than a short one."""
    old = {"question": "Who is it?", "answer": "The mayor of Skarn Island is Ada Moor. " * 400}
    new = {"question": "Who is the mayor?", "answer": "The mayor is Tomas Velde. [1]"}

    followed = client.post(
        "/v1/ask", json={"question": "What did he say?", "turns": [*[old] * 20, new]}
    ).json()

    assert "Tomas Velde" in followed["understood"]
    assert 1 <= len(followed["receipt"]["turns"]) <= 3


def test_search_is_the_archives(client: TestClient, archive: Archive) -> None:
    """Words find what `Archive.search` finds, best first, within filters."""
    found = client.get(
        "/v1/search", params={"q": "ferry captain", "limit": 2, "publisher": "Inland Courier"}
    ).json()["hits"]

    limits = Filters(publishers=("Inland Courier",))
    expected = archive.search("ferry captain", limit=2, filters=limits)
    assert [hit["passage"]["id"] for hit in found] == [hit.passage.id for hit in expected]
