"""Reading: what a file states becomes an article's card, and what it does not stays unknown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag.errors import ReadError
from rag.reading import FORMATS, Reading, read

CARD = {
    "id": "a1",
    "title": "Bridge opens",
    "publisher": "Herald",
    "published": "2024-03-04",
    "url": "https://herald.example/1",
    "author": "Ines Calder",
}


def only(path: Path) -> Reading:
    """The one reading of a file."""
    (found,) = read(path)
    assert isinstance(found, Reading), found
    return found


def error(path: Path) -> str:
    (found,) = read(path)
    assert isinstance(found, ReadError), found
    return str(found)


def file(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_front_matter_is_the_card(tmp_path: Path) -> None:
    """Every field of a Markdown file's front matter reaches the card."""
    matter = "".join(f"{name}: {value}\n" for name, value in CARD.items())

    found = only(file(tmp_path, "a.md", f"---\n{matter}---\nThe bridge is open.\n"))

    assert found == Reading(
        "The bridge is open.",
        **{**CARD, "published": date(2024, 3, 4)},  # type: ignore[arg-type]
    )


def test_a_heading_is_the_title_where_none_is_stated(tmp_path: Path) -> None:
    """A first heading becomes the title and leaves the text."""
    found = only(file(tmp_path, "a.md", "# Bridge opens #\n\nIt is open."))

    assert (found.title, found.text) == ("Bridge opens", "It is open.")


def test_broken_front_matter_is_an_error_with_its_line(tmp_path: Path) -> None:
    """Front matter that is no YAML is told with the line, and not taken for text."""
    assert "line" in error(file(tmp_path, "a.md", "---\ntitle: [open\n---\nText"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("date 2023-09-13 The summit began.", date(2023, 9, 13)),
        ("Published: 2023-09-13\nThe summit began.", date(2023, 9, 13)),
        ("Summit\n13 September 2023\nThe summit began.", date(2023, 9, 13)),
        ("The summit began on 13 September 2023.", None),
        ("2023-99-99 The summit began.", None),
    ],
)
def test_plain_text_is_dated_by_a_line_of_its_own(
    tmp_path: Path, text: str, day: date | None
) -> None:
    """A date that leads the text or fills an early line dates it; one in a sentence does not."""
    assert only(file(tmp_path, "a.txt", text)).published == day


def test_a_file_time_is_never_a_date(tmp_path: Path) -> None:
    """Text without a date stays undated, and without title and publisher too."""
    found = only(file(tmp_path, "a.txt", "Nobody knows when."))

    assert (found.published, found.title, found.publisher) == (None, None, None)


def test_each_line_of_jsonl_is_an_article(tmp_path: Path) -> None:
    """Lines with a text are articles, in order, and know their line; empty lines are passed by."""
    lines = [json.dumps({**CARD, "text": "One."}), "", json.dumps({"text": "Two."})]

    one, two = read(file(tmp_path, "a.jsonl", "\n".join(lines)))

    assert isinstance(one, Reading) and isinstance(two, Reading)
    assert (one.id, one.published, one.line) == ("a1", date(2024, 3, 4), 1)
    assert (two.text, two.id, two.published, two.line) == ("Two.", None, None, 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": ', "is not JSON"),
        ("[1, 2]", "is not a JSON object"),
        ('{"title": "no text"}', "has no `text`"),
        ('{"text": "   "}', "has no `text`"),
        ('{"text": 7}', "has no `text`"),
        ('{"text": "a\\u0000b"}', "NUL"),
        ("[" * 100_000, "is not JSON"),
        ('{"text": ' + "9" * 5_000 + "}", "is not JSON"),
    ],
)
def test_a_broken_line_does_not_cost_the_others(tmp_path: Path, line: str, reason: str) -> None:
    """A line that gives no article is told with its number, and the rest is read."""
    found = list(read(file(tmp_path, "a.jsonl", f'{{"text": "One."}}\n{line}\n{{"text": "Two."}}')))

    texts = [reading.text for reading in found if isinstance(reading, Reading)]
    assert texts == ["One.", "Two."]
    assert f"a.jsonl:2: {reason}" in str(found[1]) or reason in str(found[1])


@pytest.mark.parametrize("value", [True, {"a": 1}, [], None, "", 1e400])
def test_fields_of_a_wrong_kind_are_not_stated(tmp_path: Path, value: object) -> None:
    """A title that is no word or number is none."""
    line = json.dumps({"text": "One.", "title": value, "published": value})

    found = only(file(tmp_path, "a.jsonl", line))

    assert found.title in (None, "inf")
    assert found.published is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    """Unicode text is read by its mark, which is no part of the text; line ends become one."""
    found = only(file(tmp_path, "a.txt", "Café\r\nzwei\rdrei".encode(encoding)))

    assert found.text == "Café\nzwei\ndrei"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"a\x00b",
        bytes(range(256)),
    ],
)
def test_a_file_that_is_not_text_is_an_error(tmp_path: Path, data: bytes) -> None:
    """Bytes that are no text are told in a line, whatever the file is called."""
    for name in ("a.txt", "a.md", "a.jsonl"):
        assert error(file(tmp_path, name, data))


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("data", ["", " \n\t\n", "\ufeff"])
def test_an_empty_file_is_an_error(tmp_path: Path, name: str, data: str) -> None:
    """A file without text is told, not stored as an empty article."""
    assert "holds no text" in error(file(tmp_path, name, data))


def test_an_unknown_ending_names_the_known(tmp_path: Path) -> None:
    """A file of another format is refused with the endings that are read."""
    assert all(ending in error(file(tmp_path, "a.xyz", "text")) for ending in FORMATS)


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    """A file that is gone between listing and reading is told, not raised."""
    assert "cannot be read" in error(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: No", "No"),
        ("title: 2024-03-04", "2024-03-04"),
        ("title: ~", None),
        ("title:", None),
    ],
)
def test_front_matter_is_taken_as_it_is_written(
    tmp_path: Path, line: str, title: str | None
) -> None:
    """Words that YAML would turn into truth values or dates stay words."""
    assert only(file(tmp_path, "a.md", f"---\n{line}\nid: 007\n---\nText")).title == title
    assert only(file(tmp_path, "a.md", f"---\n{line}\nid: 007\n---\nText")).id == "007"


def test_an_impossible_date_is_unknown(tmp_path: Path) -> None:
    """A thirtieth of February costs the article its date, not its text."""
    found = only(file(tmp_path, "a.md", "---\ntitle: T\npublished: 2024-02-30\n---\nText"))

    assert (found.published, found.text) == (None, "Text")


def test_a_rule_that_opens_a_text_is_no_front_matter(tmp_path: Path) -> None:
    """Text between two rules that states no fields stays text."""
    found = only(file(tmp_path, "a.md", "---\nA poem.\n---\nIts end."))

    assert "A poem." in found.text


def test_front_matter_too_deep_to_read_is_an_error(tmp_path: Path) -> None:
    """Ten thousand nested lists are told, not a crash."""
    assert "YAML" in error(file(tmp_path, "a.md", "---\ntitle: " + "[" * 10_000 + "\n---\nText"))
