"""How a question is answered can be told with the question, and the receipt says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rag.__main__ import main
from rag.archive import Archive, open_archive
from rag.errors import SettingsError
from rag.quoting.confidence import THRESHOLD
from rag.quoting.strictness import FACTORS, threshold
from rag.recorded import answer as recorded_answer
from rag.records import QUOTES, Answer, Options, Strictness
from rag.replay import replay
from rag.settings import Settings

ARTICLE = """---
title: The bridge at Oberhaven
publisher: Coast Gazette
published: 2021-03-04
---
Marta Lindqvist opened the bridge at Oberhaven on Thursday. The bridge at Oberhaven cost 48
million crowns to build.

The old ferry of Oberhaven was sold to a museum in 1987.
"""
OTHER = """---
title: The last ferry
publisher: Langport Post
published: 1987-05-06
---
The old ferry of Oberhaven carried 320 passengers on its last day. A bridge is to be built.
"""
SURE = "How much did the bridge at Oberhaven cost to build?"
UNSURE = "Why did Oberhaven sell something?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("strictness")
    (folder / "bridge.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "ferry.md").write_text(OTHER, encoding="utf-8")
    reply = folder / "reply.script"
    reply.write_text("The bridge at Oberhaven cost 48 million crowns [1].", encoding="utf-8")
    with open_archive(folder / "index", Settings(chat_model=f"scripted:{reply}")) as opened:
        opened.ingest([folder / "bridge.md", folder / "ferry.md"])
        yield opened


def asked(archive: Archive, question: str, strictness: Strictness) -> Answer:
    return archive.ask(question, options=Options(voice=QUOTES, strictness=strictness))


def test_degrees_are_in_order() -> None:
    """Strict wants more confidence than balanced, which is the usual, and open less."""
    strict, balanced, opened = map(threshold, Strictness)

    assert strict > balanced == THRESHOLD > opened > 0
    assert FACTORS.keys() == set(Strictness)


def test_the_threshold_decides(archive: Archive) -> None:
    """An answer is shown where its confidence reaches the threshold of the degree, and else not."""
    for question in (SURE, UNSURE, "Who opened the bridge?", "When was the ferry sold?"):
        for strictness in Strictness:
            answer = asked(archive, question, strictness)

            assert answer.abstained == (answer.confidence < threshold(strictness))


def test_passages_are_limited(archive: Archive) -> None:
    """At most so many passages are read, for this question alone."""
    one = archive.ask(SURE, options=Options(QUOTES, passages=1))

    assert len(one.hits) == 1
    assert len(archive.ask(SURE, options=Options(QUOTES)).hits) > 1


def test_receipt_says_what_was_in_force(archive: Archive) -> None:
    """Options and the settings they change are in the receipt, and come back from its JSON."""
    options = Options(QUOTES, 1, Strictness.STRICT)

    answer = archive.ask(SURE, options=options)

    assert answer.receipt is not None
    assert answer.receipt.options == options
    assert answer.receipt.model is None
    assert answer.receipt.settings["passages"] == 1
    assert answer.receipt.settings["chat_model"] is None
    assert recorded_answer(json.loads(json.dumps(answer.to_dict()))) == answer


@pytest.mark.parametrize("strictness", list(Strictness))
def test_replay_asks_the_same_way(archive: Archive, strictness: Strictness) -> None:
    """An answer under options is the same when it is asked for again from its receipt."""
    answer = archive.ask(SURE, options=Options(QUOTES, 1, strictness))

    again = replay(archive, json.loads(json.dumps(answer.to_dict())))

    assert again.identical
    assert again.reasons == ()


def test_receipt_of_before_is_replayed(archive: Archive) -> None:
    """A receipt that knows of no options is asked for as configured."""
    plain = json.loads(json.dumps(archive.ask(SURE, options=Options(QUOTES)).to_dict()))
    del plain["receipt"]["options"]

    again = recorded_answer(plain).receipt

    assert again is not None
    assert again.options == Options()


@pytest.mark.parametrize(
    "options", [Options("openai:gpt-5"), Options(passages=0), Options(passages=101)]
)
def test_what_there_is_not_is_refused(archive: Archive, options: Options) -> None:
    """A voice that the settings do not name, or no such number of passages, is an error."""
    with pytest.raises(SettingsError):
        archive.ask(SURE, options=options)


def test_voices(tmp_path: Path) -> None:
    """The configured voice comes first, then quotes, then the others that the settings name."""
    settings = Settings(chat_model="scripted:a", chat_models=("scripted:b", "scripted:a"))

    with open_archive(tmp_path / "a", settings) as written:
        assert written.voices == ("scripted:a", QUOTES, "scripted:b")
    with open_archive(tmp_path / "b", Settings()) as quoted:
        assert quoted.voices == (QUOTES,)


def test_chat_model_is_left_out(archive: Archive) -> None:
    """With quotes asked for, the chat model is not; its name is in the receipt of the other."""
    quoted, written = archive.ask(SURE, options=Options(QUOTES)), archive.ask(SURE)

    assert quoted.usage is None
    assert quoted.receipt and quoted.receipt.model is None
    assert written.receipt and written.receipt.model == archive.voices[0]


def test_options_of_the_command(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`rag ask` takes the options, and what it prints as JSON tells them."""
    options = ("--quotes", "--passages", "1", "--strictness", "strict")
    words = ["rag", "ask", SURE, "--index", str(archive.folder), "--json", *options]
    monkeypatch.setattr(sys, "argv", words)

    with suppress(SystemExit):
        main()

    answer = recorded_answer(json.loads(capsys.readouterr().out))
    assert answer.receipt is not None
    assert answer.receipt.options == Options(QUOTES, 1, Strictness.STRICT)
    assert len(answer.hits) == 1
