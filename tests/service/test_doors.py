"""The doors: who comes in by which key or login, how often, and from where."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.datastructures import State
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from rag.archive import Archive, open_archive
from rag.errors import SettingsError
from rag.service import build_app
from rag.service.doors import COOKIE, Locked
from rag.service.listening import is_loopback, listen, names
from rag.service.sessions import READER, Sessions
from service.serving import PASSWORD, Opens, served

ASKED = {"question": "Who is the mayor?"}
PAGE = {"Accept": "text/html"}


def bearer(key: str) -> dict[str, str]:
    """The header of a program with a key."""
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def stranger(locked: Archive) -> TestClient:
    """Somebody before locked doors."""
    return TestClient(build_app(locked, page=False), follow_redirects=False)


def test_without_a_key_there_is_no_answer(stranger: TestClient) -> None:
    """Programs are told what they need; signs of life are for everybody."""
    refused = stranger.post("/v1/ask", json=ASKED)

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "invalid_token" not in refused.headers["www-authenticate"]
    for path in ("/metrics", "/v1/openapi.json", "/v1/articles", "/v1/nothing"):
        assert stranger.get(path).status_code == 401
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 200


def test_a_key_opens_until_it_is_revoked_anywhere(locked: Archive, stranger: TestClient) -> None:
    """Either header will do; another process revokes it and the next request is refused."""
    key = locked.keys.add("desk")

    opened = stranger.post("/v1/ask", json=ASKED, headers=bearer(key))
    other = stranger.post("/v1/ask", json=ASKED, headers={"X-API-Key": key})
    wrong = stranger.post("/v1/ask", json=ASKED, headers=bearer(key + "x"))
    with open_archive(locked.folder) as elsewhere:
        elsewhere.keys.revoke("desk")
    revoked = stranger.post("/v1/ask", json=ASKED, headers=bearer(key))

    assert (opened.status_code, other.status_code) == (200, 200)
    assert (wrong.status_code, revoked.status_code) == (401, 401)
    assert 'error="invalid_token"' in wrong.headers["www-authenticate"]


def test_only_keys_that_may_write_do(locked: Archive, stranger: TestClient) -> None:
    """A key reads by default; adding and removing needs one made for it."""
    reads, writes = locked.keys.add("reads"), locked.keys.add("writes", writes=True)

    sent = {"articles": [{"id": "lanterns", "text": "New lanterns light the quay."}]}

    refused = [
        stranger.delete("/v1/articles/harvest", headers=bearer(reads)),
        stranger.post("/v1/articles", json=sent, headers=bearer(reads)),
    ]
    done = [
        stranger.post("/v1/articles", json=sent, headers=bearer(writes)),
        stranger.delete("/v1/articles/lanterns", headers=bearer(writes)),
    ]

    assert [one.status_code for one in refused] == [403, 403]
    assert [one.status_code for one in done] == [200, 200]


def test_a_key_is_limited_by_the_minute(locked: Archive, stranger: TestClient) -> None:
    """The one too many is told how long to wait; another key is not affected."""
    hasty, calm = locked.keys.add("hasty", per_minute=3), locked.keys.add("calm")

    statuses = [stranger.get("/v1/models", headers=bearer(hasty)) for _ in range(4)]
    other = stranger.get("/v1/models", headers=bearer(calm))

    assert [one.status_code for one in statuses] == [200, 200, 200, 429]
    assert 0 < int(statuses[-1].headers["retry-after"]) <= 60
    assert other.status_code == 200


def test_a_quota_holds_for_all_processes(locked: Archive, stranger: TestClient) -> None:
    """Calls of a day are counted in the store, each once, also when they come together."""
    key = locked.keys.add("daily", per_day=10)
    second = TestClient(build_app(locked, page=False))

    with ThreadPoolExecutor(8) as threads:
        statuses = list(
            threads.map(
                lambda n: (stranger, second)[n % 2].get("/v1/models", headers=bearer(key)),
                range(16),
            )
        )

    refused = [one for one in statuses if one.status_code == 429]
    assert len(refused) == 6
    assert 0 < int(refused[0].headers["retry-after"]) <= 24 * 3600
    assert locked.keys.counted() == {"daily": 10}


@pytest.fixture
def reader(stranger: TestClient) -> TestClient:
    """Somebody who logged in."""
    assert entered(stranger, PASSWORD).status_code == 303
    return stranger


def entered(client: TestClient, password: str, name: str = "", **query: str) -> Any:
    """What typing into the form leads to."""
    form = client.get("/login", params=query)
    token = re.search(r'name="form" value="([^"]+)"', form.text)
    assert token is not None
    typed = {"form": token[1], "password": password, "name": name}
    return client.post("/login", data=typed, params=query)


def test_the_page_leads_to_the_login_and_back(locked: Archive) -> None:
    """A browser is sent to the form and, with the password, on to where it wanted."""
    client = TestClient(build_app(locked), follow_redirects=False)

    sent = client.get("/", headers=PAGE)
    quiet = client.get("/config")
    back = entered(client, PASSWORD, next="/?view=api")
    page = client.get("/", headers=PAGE)

    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/")
    assert quiet.status_code == 401
    assert back.headers["location"] == "/?view=api"
    assert page.status_code == 200
    assert client.get("/config").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(locked: Archive) -> None:
    """HttpOnly and SameSite always, Secure over https."""
    for scheme, secure in (("http", False), ("https", True)):
        client = TestClient(build_app(locked, page=False), base_url=f"{scheme}://testserver")
        client.follow_redirects = False

        cookie = entered(client, PASSWORD).headers["set-cookie"]

        assert "dateline_session=" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) == secure


def test_a_wrong_password_gets_no_cookie(stranger: TestClient) -> None:
    """The form comes again and says so; after ten tries a minute it has to wait."""
    refused = entered(stranger, "guess")
    tries = [entered(stranger, f"guess {n}") for n in range(10)]
    right = entered(stranger, PASSWORD)

    assert refused.status_code == 401
    assert 'role="alert"' in refused.text
    assert "dateline_session" not in refused.headers.get("set-cookie", "")
    assert tries[-1].status_code == 429
    assert (right.status_code, "retry-after" in right.headers) == (429, True)


@pytest.mark.parametrize("token", ["", "made up"])
def test_the_form_of_another_site_does_not_log_in(stranger: TestClient, token: str) -> None:
    """Without the token that this browser was given, even the right password is refused."""
    stranger.get("/login")

    refused = stranger.post("/login", data={"form": token, "password": PASSWORD})

    assert refused.status_code == 400
    assert "dateline_session" not in stranger.cookies


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere", "x", ""]
)
def test_a_login_never_leads_elsewhere(stranger: TestClient, target: str) -> None:
    """Only paths of ours are followed after the login."""
    entered_to = entered(stranger, PASSWORD, next=target)

    assert entered_to.headers["location"] == "/"


def test_a_reader_asks_but_does_not_write(reader: TestClient) -> None:
    """A session opens /v1 too, to read; logging out closes it."""
    asked = reader.post("/v1/ask", json=ASKED)
    writing = reader.delete("/v1/articles/harvest")
    reader.post("/logout")
    after = reader.post("/v1/ask", json=ASKED)

    assert (asked.status_code, writing.status_code, after.status_code) == (200, 403, 401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
    ],
)
def test_pages_of_other_sites_send_nothing_here(
    reader: TestClient, client: TestClient, headers: dict[str, str], status: int
) -> None:
    """Neither with a reader's cookie nor through open doors; and no page may read an answer."""
    for who in (reader, client):
        sent = who.post("/v1/ask", json=ASKED, headers=headers)

        assert sent.status_code == status
        assert "access-control-allow-origin" not in sent.headers


def test_readers_with_names_have_their_own_passwords(opens: Opens) -> None:
    """Each logs in with the own name and password, and with no other's."""
    users = {"ada": "first secret", "bo": "second secret"}
    with opens(users=users) as archive:
        client = TestClient(build_app(archive, page=False), follow_redirects=False)

        wrong = entered(client, users["bo"], name="ada")
        nobody = entered(client, users["bo"], name="eve")
        right = entered(client, users["ada"], name="ada")

    assert (wrong.status_code, nobody.status_code, right.status_code) == (401, 401, 303)


def test_the_page_is_told_who_reads(locked: Archive) -> None:
    """What is behind the doors finds the reader's name in the state of the request."""
    told: list[State] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(State(scope["state"]))
        await Response()(scope, receive, send)

    sessions = Sessions({"ada": "first secret"})
    client = TestClient(Locked(behind, lambda: locked.keys, sessions))
    client.cookies.set(COOKIE, sessions.cookie("ada"))

    client.get("/")

    assert [state.reader for state in told] == ["ada"]


def test_cookies_are_ours_and_young(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed, made with another password or too old, a cookie says nothing."""
    sessions = Sessions({READER: PASSWORD})
    cookie = sessions.cookie(READER)

    assert sessions.reader(cookie) == READER
    assert Sessions({READER: PASSWORD}).reader(cookie) == READER
    assert Sessions({READER: "another"}).reader(cookie) is None
    for changed in (cookie[:-1], "x" + cookie, cookie.split(".")[0], "", ".", "a.b.c", "é.é"):
        assert sessions.reader(changed) is None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)
    assert sessions.reader(cookie) is None


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ("localhost:7860", 200),
        ("127.0.0.1", 200),
        ("[::1]:7860", 200),
        ("desk.lan", 200),
        ("rebound.example", 421),
        ("127.0.0.1.rebound.example:7860", 421),
        ("", 421),
    ],
)
def test_only_names_of_ours_are_answered(archive: Archive, named: str, status: int) -> None:
    """On loopback a request to another name is another site's trick (DNS rebinding)."""
    hosts = names("127.0.0.1", "desk.lan")
    client = TestClient(build_app(archive, page=False, hosts=hosts))

    assert client.get("/v1/models", headers={"Host": named}).status_code == status


@pytest.mark.parametrize(
    ("proxies", "believed"), [("127.0.0.1", True), ("192.0.2.1", False), ("", False)]
)
def test_only_proxies_of_ours_are_believed(locked: Archive, proxies: str, believed: bool) -> None:
    """Whoever else says that they come by https, or as somebody else each time, is not believed."""
    before = locked.settings
    locked.settings = before.model_copy(update={"proxies": proxies})
    try:
        with served(locked) as url, httpx.Client(base_url=url) as client:
            forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1"}
            cookie = client.get("/login", headers=forwarded).headers["set-cookie"]
            tries = [
                client.post("/login", headers={"X-Forwarded-For": f"1.2.3.4, 198.51.100.{n}"})
                for n in range(11)
            ]
    finally:
        locked.settings = before

    assert ("Secure" in cookie) == believed
    assert (tries[-1].status_code == 429) != believed


def test_a_request_has_one_name(archive: Archive) -> None:
    """Two `Host` headers, of which a proxy may believe the other, are refused."""
    client = TestClient(build_app(archive, page=False, hosts=names("127.0.0.1", "")))

    refused = client.get("/v1/models", headers=[("Host", "localhost"), ("Host", "evil.example")])

    assert refused.status_code == 421


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("127.8.8.8", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("desk.lan", False),
    ],
)
def test_loopback_is_known(host: str, expected: bool) -> None:
    """Whatever other machines can reach is not loopback."""
    assert is_loopback(host) is expected


def test_a_port_is_taken_and_calls_wait_from_the_beginning() -> None:
    """Before anything is served, another server is told, and who calls is not sent away."""
    with listen("127.0.0.1", 0) as listening:
        host, port = listening.getsockname()

        with socket.create_connection((host, port), timeout=10) as early:
            assert early.getpeername() == (host, port)
        with pytest.raises(SettingsError, match="choose another port"):
            listen(host, port)
