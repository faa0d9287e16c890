"""Stages: told to whoever watches, one inside the other, and free where nobody does."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from rag.archive import Archive
from rag.settings import Settings
from rag.spans import lasting, span, watched


def test_a_watcher_is_told_each_stage_as_it_ends() -> None:
    """The inner ends before the outer, and takes no longer."""
    told: list[tuple[str, float]] = []

    with watched(lambda name, seconds: told.append((name, seconds))), span("outer"), span("inner"):
        pass

    assert [name for name, _ in told] == ["inner", "outer"]
    assert 0 <= told[0][1] <= told[1][1]


def test_a_stage_that_fails_is_told_too() -> None:
    """The error goes on as it was."""
    told: list[str] = []

    with (
        watched(lambda name, _: told.append(name)),
        pytest.raises(ValueError, match="wrong"),
        span("failing"),
    ):
        raise ValueError("wrong")

    assert told == ["failing"]


def test_a_generator_left_early_ends_its_stage() -> None:
    """Whoever stops reading does not leave a stage open."""
    told: list[str] = []

    def numbers() -> Generator[int, None, None]:
        with lasting("counting") as stage:
            for number in range(9):
                with stage.within():
                    pass
                yield number

    with watched(lambda name, _: told.append(name)):
        counting = numbers()
        next(counting)
        counting.close()

    assert told == ["counting"]


def test_each_thread_has_its_own_watcher() -> None:
    """What another thread does is not told here."""
    told: list[str] = []

    def elsewhere() -> None:
        with span("elsewhere"):
            pass

    with watched(lambda name, _: told.append(name)):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    assert told == []


def test_a_written_answer_has_a_stage_for_the_writing(news: Path, tmp_path: Path) -> None:
    """With a chat model the answer is generated, and each sentence checked."""
    told: list[str] = []
    script = tmp_path / "script.txt"
    script.write_text("The mayor of Port Ellery is Tomas Velde [1].", encoding="utf-8")
    settings = Settings(chat_model=f"scripted:{script}")

    with Archive(tmp_path / "index", settings) as archive:
        archive.ingest(news)
        with watched(lambda name, _: told.append(name)):
            archive.ask("Who is the mayor of Port Ellery?")

    assert told[-1] == "answer"
    assert {"condense", "search", "generate"} <= set(told)


def test_opentelemetry_is_not_imported_for_it() -> None:
    """The room costs nothing where nobody traces."""
    program = (
        "import sys, rag.spans\n"
        "with rag.spans.span('x') as stage: stage.note(hits=1)\n"
        "sys.exit('opentelemetry' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
