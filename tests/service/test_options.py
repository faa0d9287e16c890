"""Options of a question: what the command line and the page take, programs may send too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.archive import Archive
from rag.records import QUOTES, Options, Strictness
from rag.service import build_app
from service.serving import Opens

APPLES = "How many tonnes of apples are expected?"
WRITTEN = "They expect 9,200 tonnes of apples. [1]"


@pytest.fixture
def scripted(tmp_path: Path) -> str:
    """A chat model that always writes the same."""
    reply = tmp_path / "reply.script"
    reply.write_text(WRITTEN, "utf-8")
    return f"scripted:{reply}"


@pytest.fixture
def voices(opens: Opens, scripted: str) -> Iterator[TestClient]:
    """A program that may choose between quotes and a chat model."""
    with opens(chat_models=(scripted,)) as archive:
        yield TestClient(build_app(archive, page=False))


@pytest.mark.parametrize("stream", [True, False])
def test_options_are_observed(client: TestClient, archive: Archive, stream: bool) -> None:
    """A question gets what `Archive.ask` gives under the same options, and its receipt says so."""
    sent = {"voice": QUOTES, "passages": 3, "strictness": "strict"}

    answered = client.post("/v1/ask", json={"question": APPLES, "options": sent, "stream": stream})

    expected = archive.ask(APPLES, options=Options(QUOTES, 3, Strictness.STRICT)).to_dict()
    assert expected["receipt"]["options"] == sent
    if stream:
        assert '"passages": 3' in answered.text
    else:
        assert answered.json() == expected


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"voice": "somebody"}, "only quotes"),
        ({"passages": 0}, "options.passages"),
        ({"passages": 101}, "options.passages"),
        ({"strictness": "lax"}, "options.strictness"),
        ({"mode": "quotes"}, "options.mode"),
        ("quotes", "options"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_options_that_there_are_not_are_refused(
    client: TestClient, path: str, sent: Any, said: str
) -> None:
    """With 422, and what is wrong with them, before anything is answered."""
    messages = [{"role": "user", "content": APPLES}]
    chat = {"model": "dateline", "messages": messages}
    asked = {"question": APPLES} if path == "/v1/ask" else chat

    refused = client.post(path, json={**asked, "options": sent})

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert said in refused.json()["detail"]


def test_a_voice_is_chosen(voices: TestClient, scripted: str) -> None:
    """Whoever the settings name answers when asked for, and nobody else does."""
    usual = voices.post("/v1/ask", json={"question": APPLES}).json()
    other = voices.post("/v1/ask", json={"question": APPLES, "options": {"voice": scripted}}).json()

    assert (usual["receipt"]["model"], other["receipt"]["model"]) == (None, scripted)
    assert other["text"] == WRITTEN


def test_each_voice_is_a_model(voices: TestClient, scripted: str) -> None:
    """OpenAI's clients find the voices as models, and choose one by its name."""
    listed = [model["id"] for model in voices.get("/v1/models").json()["data"]]
    said = {}
    for model in listed:
        sent = {"model": model, "messages": [{"role": "user", "content": APPLES}]}
        answered = voices.post("/v1/chat/completions", json=sent).json()
        assert answered["model"] == model
        said[model] = answered["choices"][0]["message"]["content"].split("\n\nSources:")[0]

    assert listed == ["dateline", "dateline/quotes", f"dateline/{scripted}"]
    assert said["dateline"] == said["dateline/quotes"] != said[f"dateline/{scripted}"] == WRITTEN
    assert voices.get(f"/v1/models/dateline/{scripted}").json()["id"] == listed[-1]
    for unknown in ("dateline/", "dateline/nobody", "quotes", "gpt"):
        assert voices.get(f"/v1/models/{unknown}").status_code == 404
