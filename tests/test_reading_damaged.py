"""Damaged and hostile files: told in a line, never raised, never written, never without a limit."""

from __future__ import annotations

import gzip
import io
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings, strategies as st
from test_reading_formats import FEED, MAIL, TABLE, docx, page, pdf, tarred, zipped

from rag.errors import ReadError
from rag.reading import File, Reading, bombs, file as files, isolation, read, read_file

SOUND = {
    "a.txt": "Der Bürgermeister eröffnet die Brücke.\n4 March 2024\n".encode(),
    "a.md": b"---\ntitle: T\ntags: [a, b]\n---\n# T\nText.\n",
    "a.jsonl": b'{"text": "One.", "id": 1}\n{"text": "Two."}\n',
    "a.csv": TABLE,
    "a.html": page('<script type=\'application/ld+json\'>{"@type": "Article"}</script>'),
    "a.pdf": pdf("The bridge is open."),
    "a.docx": docx("The bridge is open."),
    "a.eml": MAIL,
    "a.xml": FEED,
    "a.zip": zipped({"b.txt": b"One.", "c.html": page()}),
    "a.tar.gz": tarred({"b.txt": b"One.", "c.eml": MAIL}),
    "a.jsonl.gz": gzip.compress(b'{"text": "One."}\n'),
}


def parquet() -> bytes:
    stream = io.BytesIO()
    arrow = pytest.importorskip("pyarrow", reason="an extra: pip install 'dateline[parquet]'")
    writer = pytest.importorskip("pyarrow.parquet")
    writer.write_table(arrow.table({"text": ["One.", "Two."] * 50}), stream)
    return stream.getvalue()


def told(name: str, data: bytes) -> list[Reading | ReadError]:
    """What a file gives; every article is sound text, every error one line that names the file."""
    found = list(read_file(File.of_bytes(name, data)))
    for each in found:
        if isinstance(each, Reading):
            assert each.text.strip() and "\0" not in each.text
        else:
            assert str(each).startswith(name)
    assert found
    return found


def damaged(data: bytes, seed: int) -> bytes:
    """The bytes with some cut off, flipped, doubled, or zeroed."""
    die = random.Random(seed)
    spoilt = bytearray(data)
    for _ in range(die.randint(1, 8)):
        at = die.randrange(max(1, len(spoilt)))
        match die.randrange(5):
            case 0:
                del spoilt[at:]
            case 1:
                spoilt[at : at + 1] = bytes([die.randrange(256)])
            case 2:
                spoilt[at:at] = spoilt[at : at + die.randint(1, 200)]
            case 3:
                del spoilt[at : at + die.randint(1, 50)]
            case _:
                spoilt[at : at + die.randint(1, 20)] = die.randbytes(die.randint(1, 20))
    return bytes(spoilt)


@pytest.mark.parametrize("name", SOUND)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_damaged_file_is_read_or_told(name: str, seed: int) -> None:
    """Whatever happened to its bytes, a file gives articles and errors."""
    spoilt = damaged(SOUND[name], seed)
    if spoilt.strip():
        told(name, spoilt) if name != "a.csv" else list(read_file(File.of_bytes(name, spoilt)))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_damaged_parquet_file_is_read_or_told(seed: int) -> None:
    """The same for columns."""
    told("a.parquet", damaged(parquet(), seed))


@pytest.mark.parametrize("name", [*SOUND, "a.parquet"])
@given(data=st.binary(min_size=1, max_size=300))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_told(name: str, data: bytes) -> None:
    """Bytes that were never such a file give an error, not an exception."""
    list(read_file(File.of_bytes(name, data)))


def test_a_bomb_in_a_zip_is_refused() -> None:
    """A member that unpacks to a thousand times its size is told by its size alone."""
    (error,) = told("a.zip", zipped({"a.txt": bytes(20_000_000)}))

    assert "200 times" in str(error)


def test_a_zip_that_lies_about_sizes_is_told() -> None:
    """The stated size of a member is not believed."""
    data = bytearray(zipped({"a.txt": b"x" * 5_000_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")

    (error,) = told("a.zip", bytes(data))

    assert "a.zip" in str(error)


def test_a_member_without_a_name_costs_itself() -> None:
    """An empty name is passed by."""
    data = zipped({"x": b"x", "b.txt": b"One."})
    at = data.find(b"PK\x01\x02")
    nameless = bytearray(data)
    nameless[at + 28 : at + 30] = bytes(2)
    del nameless[at + 46]
    end = nameless.rfind(b"PK\x05\x06")
    size = int.from_bytes(nameless[end + 12 : end + 16], "little")
    nameless[end + 12 : end + 16] = (size - 1).to_bytes(4, "little")

    (found,) = told("a.zip", bytes(nameless))

    assert isinstance(found, Reading) and found.text == "One."


def test_a_zip_of_too_many_files_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of members is limited."""
    monkeypatch.setattr("rag.reading.archives.MEMBERS", 3)

    (error,) = told("a.zip", zipped({f"{at}.txt": b"x" for at in range(4)}))

    assert "too many files" in str(error)


def test_a_table_of_contents_too_long_is_refused_unread() -> None:
    """A zip's own word about its contents is looked at before they are."""
    data = bytearray(zipped({"a.txt": b"x"}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (2**31).to_bytes(4, "little")

    with pytest.raises(ReadError, match="too many files"):
        bombs.check_contents(io.BytesIO(bytes(data)), "a.zip")


def test_a_document_that_is_a_bomb_is_refused() -> None:
    """A Word document is a zip too."""
    stream = io.BytesIO(docx("One."))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.xml", bytes(50_000_000))

    (error,) = told("a.docx", stream.getvalue())

    assert "200 times" in str(error)


def test_a_packed_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks without end is given up at a limit."""
    monkeypatch.setattr("rag.reading.archives.UNPACKED", 2**20)

    (error,) = told("a.jsonl.gz", gzip.compress(b'{"text": "x"}\n'[:-1] + b" " * 200_000_000))

    assert "unpacks to more than" in str(error) or "line is longer" in str(error)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.csv"])
def test_a_line_of_two_hundred_megabytes_is_refused(name: str, tmp_path: Path) -> None:
    """A file longer than an article can be is told with the limit."""
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write({"a.jsonl": b'{"text": "', "a.csv": b'text\n"'}.get(name, b""))
        for _ in range(200):
            stream.write(b"a" * 2**20)

    (error,) = read(path)

    assert isinstance(error, ReadError) and str(files.TEXT_LIMIT // 2**20) in str(error)


MEGABYTES = 300


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_long_lines_are_streamed(tmp_path: Path) -> None:
    """A table is longer than memory may be; one line is held at a time."""
    path = tmp_path / "a.jsonl"
    line = b'{"text": "A line.", "more": "' + b"word " * 200_000 + b'"}\n'
    with path.open("wb") as stream:
        for _ in range(MEGABYTES):
            stream.write(line)
    script = (
        "import sys; from pathlib import Path; from rag.reading import read;"
        "print(sum(1 for _ in read(Path(sys.argv[1]))));"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    root = str(Path(__file__).parents[1])

    told = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )

    number, kilobytes = map(int, told.stdout.split())
    assert number == MEGABYTES
    assert kilobytes < MEGABYTES * 1024


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "blockquote"])
def test_deep_pages_are_read_or_told(tag: str) -> None:
    """Two hundred thousand nested elements are no crash."""
    told("a.html", f"<html><body><p>Top.</p>{f'<{tag}>' * 200_000}Deep.".encode())


def test_deep_mail_is_read_or_told() -> None:
    """Parts in parts in parts are no crash."""
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (at, at) for at in range(3_000)
    )

    told("a.eml", b"From: a@b.example\nSubject: x\n" + head + b"\nText")


def test_entities_that_multiply_are_told() -> None:
    """A billion laughs are not laughed."""
    entities = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
        "<rss version='2.0'><channel><item><title>&l11;</title></item></channel></rss>"
    )

    told("a.xml", feed.encode())


def test_front_matter_that_multiplies_is_read() -> None:
    """Aliases of aliases cost nothing."""
    lists = "".join(f"l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 10)}]\n" for at in range(1, 12))

    (found,) = told("a.md", f"---\nl0: &l0 [ha]\n{lists}title: *l11\n---\nText.".encode())

    assert isinstance(found, Reading) and found.text == "Text."


def test_a_name_with_a_line_end_is_a_name(tmp_path: Path) -> None:
    """A file may be called anything."""
    path = tmp_path / "a\nb: c.html"
    path.write_bytes(page())

    (found,) = read(path)

    assert isinstance(found, Reading)


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading leaves no file, neither beside what it reads nor among the temporary ones."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for name, data in SOUND.items():
        (tmp_path / name).write_bytes(data)

    for name in SOUND:
        list(read(tmp_path / name))

    assert {path.name for path in tmp_path.rglob("*")} == {*SOUND, "temporary"}


def hang(file: File) -> Iterator[Reading | ReadError]:
    """A reader that never ends."""
    yield Reading(file.name)
    while True:
        pass


def begin(file: File) -> Iterator[Reading | ReadError]:
    """A reader that does nothing: with it the process has started."""
    yield Reading(file.name)


def swell(file: File) -> Iterator[Reading | ReadError]:
    """A reader that takes all memory."""
    yield Reading(file.name)
    held = []
    while True:
        held.append(bytearray(64 * 2**20))


def die(file: File) -> Iterator[Reading | ReadError]:
    """A reader that takes its process along."""
    yield Reading(file.name)
    os.abort()


@pytest.mark.parametrize(
    ("reader", "reason", "patience"),
    [
        (hang, "took over", 3.0),
        (swell, "memory", isolation.PATIENCE),
        (die, "its reader died", isolation.PATIENCE),
    ],
)
def test_a_library_that_fails_costs_its_file_alone(
    reader: Callable[[File], Iterator[Reading | ReadError]],
    reason: str,
    patience: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hang, a flood and a crash are told; what was read before is kept, and the next is read."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parent, *sys.path))))
    isolation._crew().end()
    list(isolation.isolated(begin)(File.of_bytes("a.x", b"")))

    with monkeypatch.context() as patch:
        patch.setattr(isolation, "PATIENCE", patience)
        first, second = isolation.isolated(reader)(File.of_bytes("a.x", b""))

    assert first == Reading("a.x")
    assert reason in str(second)
    assert all(isinstance(each, Reading) for each in told("a.pdf", pdf("Two.")))
    isolation._crew().end()


def test_a_reader_left_early_does_not_mix_its_answers() -> None:
    """Somebody who stops after the first item gets the next file's own articles."""
    feed = FEED.replace(b"<item><title>Nothing", b"<item><description>x</description><title>No")

    first = next(iter(read_file(File.of_bytes("a.xml", feed))))
    (second,) = told("a.pdf", pdf("Two."))

    assert isinstance(first, Reading) and isinstance(second, Reading)
    assert second.text == "Two."


def test_files_read_at_the_same_time_do_not_mix() -> None:
    """Two files read in turns give each its own articles."""
    one, two = (
        read_file(File.of_bytes(f"{name}.xml", FEED.replace(b"open", name.encode())))
        for name in ("one", "two")
    )

    taken = [next(one), next(two), next(one), next(two)]

    texts = [each.text[:18] if isinstance(each, Reading) else str(each)[:5] for each in taken]
    assert texts == ["The bridge is one.", "The bridge is two.", "one.x", "two.x"]


def test_a_file_that_fails_while_it_is_read_is_told() -> None:
    """A disk that gives up is an error with its reason."""

    def broken() -> BinaryIO:
        raise OSError(5, "Input/output error")

    (error,) = read_file(File("a.txt", broken))

    assert str(error) == "a.txt: cannot be read: Input/output error"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in kilobytes there")
def test_hostile_files_stay_under_a_gibibyte(tmp_path: Path) -> None:
    """Bombs, endless lines and deep pages, read one after another: parent and child stay small."""
    hostile = {
        "bomb.zip": zipped({"a.txt": bytes(100_000_000)}),
        "bomb.jsonl.gz": gzip.compress(b'{"text": "' + b"a" * 200_000_000, 1),
        "bomb.docx": zipped({"word/document.xml": b"<a>" * 30_000_000}),
        "deep.html": b"<div>" * 2_000_000,
        "deep.md": b"---\nt: " + b"[" * 5_000_000 + b"\n---\n",
        "deep.jsonl": b"[" * 10_000_000,
        "wide.xml": b"<rss version='2.0'><channel>" + b"<item>" * 500_000,
        "mail.eml": b"Subject: x\n" + b"X-A: b\n" * 1_000_000 + b"\nText",
    }
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    script = (
        "import resource, sys; from pathlib import Path; from rag.reading import isolation, read\n"
        "isolation.PATIENCE = 8.0\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()): print(path.name, len(list(read(path))))\n"
        "isolation._crew().end()\n"
        # What getrusage tells of a process itself may be the peak of the one that started it.
        "status = Path('/proc/self/status').read_text().split()\n"
        "print('peak', status[status.index('VmHWM:') + 1])\n"
        "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )

    lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines[:-2]] == sorted(hostile)
    own, child = (int(line.split()[1]) for line in lines[-2:])
    assert own + child < 2**20
