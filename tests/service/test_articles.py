"""`/v1/articles`: listed, read, added and removed, by whoever may."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.archive import Archive, open_seeds
from rag.ingest import IngestReport
from rag.service import build_app
from service.serving import Opens

LANTERNS = {
    "title": "Lanterns for the quay",
    "publisher": "Harbour Herald",
    "published": "2024-10-01",
    "url": "https://herald.example/news/lanterns",
    "text": "The mayor bought 17 new lanterns for the quay on Friday.",
}


@pytest.fixture
def writer(opens: Opens) -> Iterator[TestClient]:
    """A program that may change an archive of its own."""
    with opens() as archive:
        yield TestClient(build_app(archive, page=False))


def test_pages_of_the_list_hold_every_article_once(client: TestClient, archive: Archive) -> None:
    """Following `next` to its end lists what the archive holds."""
    found: list[str] = []
    skip: int | None = 0

    while skip is not None:
        page = client.get("/v1/articles", params={"limit": 4, "skip": skip}).json()
        found += [one["source"]["article_id"] for one in page["articles"]]
        skip = page["next"]

    assert page["total"] == 6
    assert sorted(found) == [article.id for article in archive.articles()]


def test_the_list_can_be_narrowed(client: TestClient) -> None:
    """Words, publisher and dates narrow the list."""
    asked = {"q": "ferry", "publisher": "Inland Courier", "since": "2024-04-01"}

    page = client.get("/v1/articles", params=asked).json()

    assert [one["source"]["article_id"] for one in page["articles"]] == ["ferry.md"]


@pytest.mark.parametrize("named", ["harvest", "wire/bridge.md", "https://herald.example/apples"])
def test_an_article_is_read_by_id_or_address(
    client: TestClient, archive: Archive, named: str
) -> None:
    """Ids with slashes and addresses are taken as they are."""
    found = client.get(f"/v1/articles/{named}").json()

    article = archive.article(archive.identified(named))
    assert found["source"]["article_id"] == article.id
    assert found["text"] == article.text


@pytest.mark.parametrize(
    "named",
    ["nothing", "", "%00", "../../etc/passwd", "%2e%2e/x", pytest.param("a" * 60_000, id="a" * 3)],
)
def test_what_is_not_there_is_a_problem(client: TestClient, named: str) -> None:
    """An unknown id is told with 404."""
    missing = client.get(f"/v1/articles/{named}")

    assert missing.status_code == 404
    assert missing.json()["type"].endswith(":not-found")


def test_articles_sent_as_json_are_answered_from(writer: TestClient) -> None:
    """What was added is found at once; sending it again changes nothing; removed, it is gone."""
    added = writer.post("/v1/articles", json={"articles": [LANTERNS]}).json()
    answer = writer.post("/v1/ask", json={"question": "How many lanterns were bought?"}).json()
    again = writer.post("/v1/articles", json={"articles": [LANTERNS]}).json()
    removed = writer.delete(f"/v1/articles/{LANTERNS['url']}")
    gone = writer.get(f"/v1/articles/{LANTERNS['url']}")

    assert (added["added"], again["added"], again["unchanged"]) == (1, 0, 1)
    assert "17 new lanterns" in answer["text"]
    assert answer["citations"][0]["source"]["published"] == "2024-10-01"
    assert removed.json() == {"removed": [LANTERNS["url"]]}
    assert gone.status_code == 404


def test_files_of_several_kinds_are_read(writer: TestClient) -> None:
    """A form with files is read as `rag ingest` reads them; folders of the sender are not kept."""
    html = "<html><body><article><p>The museum opens on 3 June with 40 paintings by Ada Moor."
    files = [
        ("file", ("/home/ada/note.md", b"# Note\n\nThe bakery on the quay closes for ever.")),
        ("file", ("museum.html", (html + " It is free for children.</p>").encode())),
    ]

    report = writer.post("/v1/articles", files=files).json()

    assert (report["added"], report["failures"]) == (2, [])
    assert writer.get("/v1/articles/note.md").status_code == 200


@pytest.mark.parametrize(
    ("named", "known"),
    [(b"a\x00b.md", "ab.md"), (b"..\\x\x1b[31m.md", "x[31m.md"), (b"\0", "upload")],
)
def test_names_of_files_lead_to_their_articles(
    writer: TestClient, named: bytes, known: str
) -> None:
    """What is no letter is dropped: no id holds what no request can name."""
    part = b'Content-Disposition: form-data; name="file"; filename="%s"\r\n' % named
    body = b"--x\r\n" + part + b"\r\n# Note\n\nThe bakery closes for ever.\r\n--x--\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=x"}

    writer.post("/v1/articles", content=body, headers=form)

    listed = writer.get("/v1/articles", params={"q": "bakery closes"}).json()["articles"]
    if known == "upload":  # of a kind that nobody knows
        assert listed == []
    else:
        assert [one["source"]["article_id"] for one in listed] == [known]
        assert writer.get(f"/v1/articles/{known}").status_code == 200


def test_an_article_with_a_long_id_is_there(writer: TestClient) -> None:
    """Whatever id an article of a file has, it is read and removed by it."""
    known = "bakery/" * 1_000
    line = json.dumps({"id": known, "text": "The bakery closes for ever."}).encode()
    writer.post("/v1/articles", files=[("file", ("news.jsonl", line))])

    read, removed = writer.get(f"/v1/articles/{known}"), writer.delete(f"/v1/articles/{known}")

    assert read.json()["source"]["article_id"] == known
    assert removed.json() == {"removed": [known]}


def test_one_unreadable_file_does_not_stop_the_others(writer: TestClient) -> None:
    """What could not be read is in the report; where nothing could, it is a problem."""
    bad = ("file", ("broken.pdf", b"%PDF-1.4 nothing"))
    good = ("file", ("note.md", b"# Note\n\nThe bakery on the quay closes for ever."))

    partly = writer.post("/v1/articles", files=[bad, good])
    nothing = writer.post("/v1/articles", files=[bad])

    assert partly.status_code == 200
    assert partly.json()["added"] == 1
    assert partly.json()["failures"][0]["path"] == "broken.pdf"
    assert nothing.status_code == 422
    assert nothing.json()["errors"][0]["where"] == "broken.pdf"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"articles": []}}, 422),
        ({"json": {"articles": [{"title": "No text"}]}}, 422),
        ({"json": {"articles": [{**LANTERNS, "published": "soon"}]}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"text", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"content": b"text"}, 415),
        ({"data": {"file": "no file"}, "files": {"": ("", b"")}}, 422),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
    ],
)
def test_what_cannot_be_added_is_a_problem(
    client: TestClient, sent: dict[str, Any], status: int
) -> None:
    """Malformed articles are refused with the right status, and nothing is added."""
    refused = client.post("/v1/articles", **sent)

    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/articles").json()["total"] == 6


def test_the_bundled_articles_are_not_changed() -> None:
    """Nobody adds to the seeds: they are made anew with each version."""
    with open_seeds() as archive:
        client = TestClient(build_app(archive, page=False))

        refused = client.post("/v1/articles", json={"articles": [LANTERNS]})

    assert refused.status_code == 409


class Long(Archive):
    """An archive that ingests until it is told that it is done."""

    begun = threading.Event()
    done = threading.Event()

    def ingest(self, *paths: Any, **more: Any) -> IngestReport:
        if paths and isinstance(paths[0], list):
            self.begun.set()
            assert self.done.wait(20)
        return super().ingest(*paths, **more)


def test_changes_wait_for_one_another_but_readers_do_not(opens: Opens) -> None:
    """While one request adds articles, another that would is told to come again."""
    with opens(Long) as archive:
        client = TestClient(build_app(archive, page=False))
        adding = threading.Thread(
            target=client.post, args=("/v1/articles",), kwargs={"json": {"articles": [LANTERNS]}}
        )
        adding.start()
        assert Long.begun.wait(20)

        second = client.post("/v1/articles", json={"articles": [LANTERNS]})
        asked = client.post("/v1/ask", json={"question": "Who is the mayor?"})
        Long.done.set()
        adding.join(20)

    assert second.status_code == 503
    assert "Retry-After" in second.headers
    assert asked.status_code == 200


def test_a_remark_is_kept_with_the_answer(opens: Opens) -> None:
    """Feedback reaches the archive, with the answer it is about and its receipt."""
    with opens() as archive:
        client = TestClient(build_app(archive, page=False))
        answer = client.post("/v1/ask", json={"question": "Who is the mayor?"}).json()
        remark = {
            "question": answer["question"],
            "answer": answer,
            "claim": answer["claims"][0]["text"],
            "reason": "outdated",
            "remark": "He resigned.",
        }

        given = client.post("/v1/feedback", json=remark)

        (kept,) = archive.feedback.all()
    assert given.status_code == 201
    assert (kept.id, kept.words, kept.claim) == (
        given.json()["id"],
        "He resigned.",
        remark["claim"],
    )
    assert kept.answer is not None
    assert kept.answer.to_dict() == answer


@pytest.mark.parametrize(
    "wrong", [{"reason": "dull"}, {"reason": "wrong", "answer": {"claims": 3}}, {}]
)
def test_a_remark_that_is_none_is_a_problem(client: TestClient, wrong: dict[str, Any]) -> None:
    """An unknown reason or an answer that is none of ours is refused."""
    refused = client.post("/v1/feedback", json={"question": "Who?", **wrong})

    assert refused.status_code == 422
