"""A server that dies in the middle of an answer and is started again: nothing is lost but time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cluster.ports import free_port
from playwright.sync_api import Browser, expect

from .chat import SIZE, SIZE_QUOTE, finished, newest, send
from .conftest import opened_in_trouble
from .held_server import HELD

_TESTS = Path(__file__).parents[1]
_SECONDS_TO_START = 60

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Starts the server, always on the same port and folder, and waits until it answers."""
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        code = [sys.executable, "-m", "browser.held_server", str(tmp_path / "index"), str(port)]
        process = subprocess.Popen(code, cwd=_TESTS, env=os.environ | {"PYTHONPATH": "."})
        started.append(process)
        until_up(port, process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at once"
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def test_killed_in_the_middle_of_an_answer(
    browser: Browser, start: Start, port: int, tmp_path: Path, screenshots: Path
) -> None:
    """The page says that the server is gone, comes back with it, and offers to ask again."""
    server = start()
    with opened_in_trouble(browser, f"http://127.0.0.1:{port}/") as watched:
        page = watched.page
        send(page, "Who met at the Vostochny Cosmodrome?")
        finished(page)
        (tmp_path / HELD).touch()
        send(page, SIZE)
        expect(page.locator("#chat .user-row")).to_have_count(2)
        expect(newest(page)).to_contain_text("Searching")

        server.send_signal(signal.SIGKILL)
        server.wait()
        (tmp_path / HELD).unlink()
        line = page.locator("#connection")
        expect(line).to_contain_text("The connection to the server was lost.")
        expect(line).to_have_attribute("role", "status")
        expect(line).to_be_in_viewport()
        page.screenshot(path=screenshots / "connection-lost.png")
        start()

        expect(newest(page)).to_contain_text("The answer was cut short")
        expect(page.locator("#chat .user-row")).to_have_count(2)
        expect(page.locator("#chat .user-row").last).to_contain_text(SIZE)
        expect(line).not_to_be_visible()
        page.screenshot(path=screenshots / "connection-back.png")
        page.get_by_role("button", name="Ask again").click()
        expect(newest(page)).to_contain_text(SIZE_QUOTE)
        finished(page)
        expect(page.locator("#chat .user-row")).to_have_count(2)


def test_restarted_while_a_question_is_typed(browser: Browser, start: Start, port: int) -> None:
    """What was typed and not sent yet is in the box when the server is back."""
    server = start()
    with opened_in_trouble(browser, f"http://127.0.0.1:{port}/") as watched:
        page = watched.page
        page.get_by_label("Your question").fill("Who met at the Vost")

        server.send_signal(signal.SIGKILL)
        server.wait()
        expect(page.locator("#connection")).to_contain_text("was lost")
        start()

        expect(page.locator("#connection")).to_have_count(0)
        expect(page.get_by_label("Your question")).to_have_value("Who met at the Vost")
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#chat .user-row")).to_contain_text("Who met at the Vost")
        finished(page)
