"""Vectors on a Chroma server: in step with the store, and whole again whatever happens to them."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which

import httpx
import pytest
from cluster.chroma import Chroma
from cluster.gate import Gate, gate
from cluster.house import House, vector

from rag.errors import IndexUnavailable, Unreachable
from rag.indexes.chroma_requests import Broken, ChromaRequests, Missing
from rag.indexes.chroma_server import ChromaServer
from rag.records import Filters

_ALL = Filters()


@pytest.fixture
def before(chroma: Chroma) -> Iterator[Gate]:
    """A gate before the server."""
    with gate(chroma.url) as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, before: Gate) -> Iterator[House]:
    made = House(tmp_path / "index", before.url)
    made.put("a", "The bridge was rebuilt.")
    made.put("b", "The ferry returned.")
    yield made
    made.close()


def test_a_search_brings_the_server_up_to_date(house: House) -> None:
    """What was added, changed and removed in the store is so on the server, with its cosine."""
    assert house.nearest("The ferry returned.") == ["b"]

    house.put("a", "A tunnel instead.")
    house.put("c", "A new ferry.")
    house.store.remove(["b"])

    assert house.nearest("A new ferry.") == ["c"]
    assert house.served.count() == 2
    ((_, score),) = house.served.search(vector("A tunnel instead.").tolist(), limit=1)
    assert score == pytest.approx(1.0, abs=1e-5)


def test_the_texts_stay_in_the_store(house: House, chroma: Chroma) -> None:
    """The server has ids, vectors and what can be filtered on."""
    house.index.current()

    held = house.server.named(house.name())
    assert held is not None
    root = f"{chroma.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    found = httpx.post(f"{root}/{held.id}/get", json={"include": ["documents", "metadatas"]}).json()
    assert found["documents"] in (None, [None, None])
    assert {card["article"] for card in found["metadatas"]} == {"a", "b"}


def test_an_up_to_date_server_is_left_alone(house: House, before: Gate) -> None:
    """Bringing it up once more only reads its name; a search is one request."""
    house.index.current()
    before.asked.clear()

    house.served.bring_up()
    assert [verb for verb, _ in before.asked] == ["GET"]
    house.nearest("The ferry returned.")
    assert [verb for verb, _ in before.asked] == ["GET", "POST"]


def test_a_passage_that_the_store_has_no_more_is_not_found(house: House) -> None:
    """Between a change of the store and that of the server the next nearest takes its place."""
    generation = house.index.current()
    with house.index.writing():
        house.store.remove(["b"])
        found = generation.vectors.search(vector("The ferry returned.").tolist(), limit=1)
        assert list(house.store.passages([key for key, _ in found], _ALL).values())


def test_lost_vectors_are_put_there_again(house: House) -> None:
    """A server that lost its collection is told once; the next question finds it whole."""
    house.index.current()
    house.server.drop(house.name())

    with pytest.raises(Missing, match="no article is lost"):
        house.nearest("The ferry returned.")

    assert house.nearest("The ferry returned.") == ["b"]


def test_broken_vectors_are_made_anew(house: House, before: Gate) -> None:
    """A collection that fails whatever is asked of it is replaced by a new one."""
    house.index.current()
    held = house.server.named(house.name())
    assert held is not None

    def fail(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
        return (500, '{"error": "InternalError"}') if f"{held.id}/query" in path else None

    before.act = fail
    with pytest.raises(Broken, match="no article is lost"):
        house.nearest("The ferry returned.")

    assert house.nearest("The ferry returned.") == ["b"]
    assert len([n for n in house.server.names() if house.store.identity() in n]) == 1


def test_a_rebuild_leaves_one_collection(house: House, tmp_path: Path, before: Gate) -> None:
    """Also when the settings changed, and after a rebuild that was cut short."""
    house.index.current()
    house.server.make(f"{house.name()}-next", {"fingerprint": "words/1000"})

    other = House(tmp_path / "index", before.url, "words/200")
    with other.index.writing():
        other.index.remake()

    assert other.nearest("The ferry returned.") == ["b"]
    assert len([n for n in other.server.names() if other.store.identity() in n]) == 1
    other.close()


def test_a_replaced_collection_is_found_by_its_name(house: House, tmp_path: Path) -> None:
    """Whoever searched the one before goes on with the new one, without an error."""
    house.index.current()
    other = House(tmp_path / "index", house.server.name)
    with other.index.writing():
        other.index.remake()
    other.close()

    assert house.nearest("The ferry returned.") == ["b"]


def test_two_stores_share_a_server(house: House, tmp_path: Path) -> None:
    """Each has a collection of its own name, and neither finds the other's passages."""
    other = House(tmp_path / "other", house.server.name)
    other.put("x", "The ferry returned.")

    assert other.nearest("The ferry returned.", limit=9) == ["x"]
    assert house.nearest("The ferry returned.", limit=9) == ["b", "a"]
    other.close()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_failure_is_tried_once_more(house: House, before: Gate, status: int) -> None:
    """One such answer costs nothing; two are told as a server that is away."""
    house.index.current()
    failures = [status]

    def pressed(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
        return (failures.pop(), "") if failures else None

    before.act = pressed
    assert house.nearest("The ferry returned.") == ["b"]
    failures.extend([status, status])
    with pytest.raises(Unreachable, match=f"HTTP {status}"):
        house.nearest("The ferry returned.")


def test_a_token_opens_the_door(house: House, before: Gate) -> None:
    """It is sent as a bearer token and as Chroma Cloud's own header; without it one is told."""

    def guarded(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str] | None:
        sent = headers.get("authorization"), headers.get("x-chroma-token")
        return None if sent == ("Bearer s3cret", "s3cret") else (401, "")

    before.act = guarded
    assert house.nearest("The ferry returned.") == ["b"]
    with pytest.raises(IndexUnavailable, match="set RAG_CHROMA_TOKEN"):
        ChromaServer(before.url, None).named("news")


def test_tenant_and_database_are_named_in_the_address(before: Gate) -> None:
    """As Chroma Cloud wants them; a path in the address is where a proxy has the server."""
    before.act = lambda method, path, headers: (404, "")

    assert ChromaServer(f"{before.url}/in/?tenant=t1&database=news", None).named("n") is None
    assert before.asked == [("GET", "/in/api/v2/tenants/t1/databases/news/collections/n")]


@pytest.mark.parametrize("said", ["<html>Welcome</html>", "{}", "[1, 2]", "null"])
def test_a_server_that_is_none_of_chroma_is_told(before: Gate, said: str) -> None:
    """An address of something else is refused in a line, JSON or not."""
    before.act = lambda method, path, headers: (200, said)

    with pytest.raises(IndexUnavailable, match="is no Chroma server"):
        ChromaServer(before.url, None).named("news")


def test_a_silent_server_is_told_in_time(before: Gate) -> None:
    """A request that is never answered ends, as a server that is away."""
    held = threading.Event()
    before.act = lambda method, path, headers: (200, "") if held.wait(30) else None
    requests = ChromaRequests(before.url, None)

    with pytest.raises(Unreachable, match="does not answer"):
        requests.ask("GET", "/news", seconds=0.3)
    held.set()


def test_certificates_are_verified(
    chroma: Chroma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that nobody vouches for is refused; a newsroom's own authority is named."""
    if which("openssl") is None:
        pytest.skip("openssl is not installed")
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subject = ["-subj", "/CN=news", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, *subject],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")

    with gate(chroma.url, context) as before:
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            ChromaServer(before.url, None).named("news")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
        assert ChromaServer(before.url, None).named("news") is None
