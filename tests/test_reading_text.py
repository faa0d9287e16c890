"""Text as it should be: decoded by its signs, mended where certain, nothing said twice."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from rag.errors import ReadError
from rag.reading import File, Reading, read_file
from rag.reading.decoding import decoded, lines
from rag.reading.mending import clean, mended
from rag.reading.repeats import without_repeats

RUSSIAN = "Мост через реку снова открыт. Мэр города сказал, что ремонт длился три года. " * 3
CZECH = "Most přes řeku je znovu otevřen. Starosta řekl, že oprava trvala tři roky. " * 3
JAPANESE = "川に架かる橋が再び開通した。市長は修理に三年かかったと述べた。" * 3
CAPTION = "The mayor opens the new bridge over the Skarn on Monday. (Photo: L. Marsh)"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-16-le"),
        (CZECH, "cp1250"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        ("The café — “open” — is naïve.", "cp1252"),
    ],
)
def test_an_encoding_is_told_by_the_text(text: str, encoding: str) -> None:
    """Text without a mark or a statement is decoded by what it looks like."""
    assert decoded(text.encode(encoding), "a.txt") == text


def test_a_few_accents_are_western() -> None:
    """Too little to tell a language by is read as Windows wrote it."""
    assert decoded(b"caf\xe9 au lait", "a.txt") == "café au lait"


def test_a_stray_byte_does_not_spoil_a_text() -> None:
    """One Windows quotation mark in UTF-8 costs nothing but is itself."""
    data = "Der Bürgermeister eröffnet die Brücke. ".encode() + b"It\x92s open."

    assert decoded(data, "a.txt") == "Der Bürgermeister eröffnet die Brücke. It’s open."


def test_a_statement_that_does_not_fit_is_not_believed() -> None:
    """UTF-8 is UTF-8 whatever the page says."""
    page = '<meta charset="iso-8859-1">Brücke'

    assert decoded(page.encode(), "a.html") == page


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x02\x01\x01" + bytes(64), bytes(range(1, 32)) * 20, b"GIF89a\x01\x00\x80\xff"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.csv"])
def test_binary_under_a_text_ending_is_one_error(name: str, data: bytes) -> None:
    """A picture or a program called .txt is told in a line."""
    (error,) = read_file(File.of_bytes(name, data))

    assert isinstance(error, ReadError) and "is not text" in str(error)


def test_lines_are_decoded_as_the_file(tmp_path: Path) -> None:
    """A table is read a line at a time in the encoding of the whole."""
    row = json.dumps({"text": RUSSIAN}, ensure_ascii=False)
    path = tmp_path / "a.jsonl"
    path.write_bytes(f"{row}\r\n{row}".encode("cp1251"))

    assert list(lines(File.on_disk(path))) == [(1, row), (2, row)]


@pytest.mark.parametrize(
    ("garbled", "sound"),
    [
        ("The mayorâ€™s bridge", "The mayor’s bridge"),
        ("BrÃ¼cke und StraÃŸe", "Brücke und Straße"),
        ("Ð\x9cÐ¾Ñ\x81Ñ‚ Ñ‡ÐµÑ€ÐµÐ· Ñ€ÐµÐºÑƒ", "Мост через реку"),
    ],
)
def test_mojibake_is_mended(garbled: str, sound: str) -> None:
    """UTF-8 that was once read as something else is read rightly."""
    assert clean(garbled) == sound


@pytest.mark.parametrize(
    "text", ["Ãlvaro e Ângela", "Â£5 is five pounds", "naïve façade", "SÃO PAULO", "Ødegård – Åse"]
)
def test_sound_letters_stay(text: str) -> None:
    """Rare letters that make sense are not mended away."""
    assert clean(text) in (text, text.replace("Â£", "£"))


def test_text_is_composed_and_has_no_unseen_marks() -> None:
    """The stored text is NFC without soft hyphens, so that what is seen is what is searched."""
    found = mended(Reading("Bru\u0308cke\ufeff auf\u00adgebaut.\x0cEnde.", title=" A\n b "))

    assert (found.text, found.title) == ("Brücke aufgebaut.\nEnde.", "A b")


@given(st.text())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_mending_twice_changes_nothing_more(text: str) -> None:
    """Stored text read again is the same text, in NFC."""
    once = clean(text)

    assert unicodedata.is_normalized("NFC", once)
    assert without_repeats(without_repeats(once)) == without_repeats(once)


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_a_caption_printed_twice_is_kept_once(between: str) -> None:
    """The second of two copies in a row goes, with the white space before it."""
    text = f"{CAPTION}{between}{CAPTION}\n\nThe bridge was shut for three years."

    assert without_repeats(text) == f"{CAPTION}\n\nThe bridge was shut for three years."


def test_a_caption_printed_five_times_is_kept_once() -> None:
    """Every further copy goes."""
    assert without_repeats("\n".join([CAPTION] * 5)) == CAPTION


@pytest.mark.parametrize(
    "text",
    [
        "Never again! Never again! Never again!",
        f"{CAPTION} Later in the day it rained. {CAPTION}",
        "He said that the bridge is open for all of us and that the bridge is open for all of us.",
        "",
    ],
)
def test_what_is_not_a_copy_in_a_row_stays(text: str) -> None:
    """Short cries, later mentions and runs within a sentence are the writer's own."""
    assert without_repeats(text) == text
