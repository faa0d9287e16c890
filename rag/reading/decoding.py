"""The characters of a file: which encoding, and the text in it."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator

from rag.errors import ReadError
from rag.reading.file import TEXT_LIMIT, File
from rag.reading.packages import package

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNICODE = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-32"})
# The wider encoding that writers who state the narrow one often mean.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-2": "cp1250",
    "iso8859-5": "cp1251",
    "iso8859-7": "cp1253",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Names of the web that Python does not know.
_SPELLED = {"x-sjis": "shift_jis", "x-mac-cyrillic": "mac_cyrillic", "ks_c_5601-1987": "cp949"}
# Controls that only the wrong one-byte encoding gives.
_LATE_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
# The statement stands at the start: within 1,024 bytes by HTML's rule, some more are kind.
_HEAD = 4096
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:\-]+)|<meta[^>]+?charset\s*=\s*["']?\s*([\w.:\-]+)""",
    re.I,
)
# So much of a stream tells its encoding.
_SAMPLE = 2**20
# Control characters that text has: tab, line feed, carriage return, form feed, escape (ISO-2022).
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02
# What Unicode has not given out, and what every written text has.
_STRANGE = frozenset({"Cn", "Co", "Cs"})
_PAUSE = re.compile(r"[\s。、，！？]")
# UTF-8 with some broken bytes: at least so many sound letters outside ASCII for each broken one.
_SOUND_PER_BROKEN = 2
# Fewer bytes outside ASCII tell no language; where plain letters are so many times more, the
# text is in a Western one, whose encoding on most machines was Windows-1252.
_TELLING, _SPARSE = 8, 4
_BROKEN = re.compile("[\udc80-\udcff]+")


def text_of(file: File) -> str:
    """The text of a file; line ends become `\\n`.

    Raises:
        ReadError: the file is not text, or too long for one article.
        OSError: it cannot be read.
    """
    return decoded(file.data(TEXT_LIMIT), file.name)


def decoded(data: bytes, name: str) -> str:
    """The text of bytes: by their mark, their declaration, UTF-8, else by what they look like.

    Raises:
        ReadError: they are not text.
    """
    encoding = encoding_of(data, name)
    text = _unmarked(_decode(data, encoding, name))
    return _one_line_end(text)


def encoding_of(data: bytes, name: str) -> str:
    """The codec's name; declared ones are believed where they fit the bytes.

    Raises:
        ReadError: the bytes are not text.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if marked:
        return marked
    declared = None if _is_utf8(data) else _declared(data)
    if declared:
        return declared
    if _is_utf8(data) and b"\0" not in data and b"\x1b$" not in data:
        return _text_only("utf-8", data, name)
    if _mostly_utf8(data):
        return _text_only("utf-8", data, name)
    chardet = package("chardet")
    seen = chardet.detect(data, compat_names=False)["encoding"]
    found = _fitting(data, seen) if seen else None
    if not found:
        raise ReadError(f"{name}: is not text: save it as UTF-8")
    if _too_little_to_tell(data, found):
        return _text_only("cp1252", data, name)
    if found.startswith("iso2022"):
        return found
    if found.startswith("utf"):
        return _words_only(found, data, name)
    return _text_only(found, data, name)


def lines(file: File) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers, without their ends, one in memory at a time.

    Raises:
        ReadError: the file is not text, or a line is too long for an article.
        OSError: it cannot be read.
    """
    with file.open() as stream:
        sample = stream.read(_SAMPLE)
    # A character may be cut at the end of the sample.
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    encoding = encoding_of(whole, file.name)
    with file.open() as raw, io.TextIOWrapper(raw, encoding, "surrogateescape") as stream_of_text:
        number = 0
        while True:
            number += 1
            try:
                line = stream_of_text.readline(TEXT_LIMIT + 1)
            except UnicodeError as error:
                raise ReadError(f"{file.name}: is not {_shown(encoding)} text") from error
            if not line:
                return
            if len(line) > TEXT_LIMIT:
                limit = f"{TEXT_LIMIT // 2**20} million characters"
                raise ReadError(f"{file.name}:{number}: the line is longer than {limit}")
            if "\0" in line:
                raise ReadError(f"{file.name}: is not text (it holds NUL characters)")
            yield number, _healed(line.rstrip("\n"))


def _decode(data: bytes, encoding: str, name: str) -> str:
    errors = "surrogateescape" if encoding == "utf-8" else "strict"
    try:
        text = data.decode(encoding, errors)
    except UnicodeDecodeError as error:
        if encoding in _UNICODE:
            raise ReadError(
                f"{name}: is not {_shown(encoding)} text (byte {error.start:,}): save it as UTF-8"
            ) from error
        # The sample fitted: a stray byte further on costs that character alone.
        text = data.decode(encoding, "replace")
    if "\0" in text:
        raise ReadError(f"{name}: is not text (it holds NUL characters)")
    return _healed(text)


def _healed(text: str) -> str:
    """Bytes that were no UTF-8 as the Windows characters that they nearly always are."""
    return _BROKEN.sub(_as_windows, text)


def _as_windows(broken: re.Match[str]) -> str:
    return broken[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _unmarked(text: str) -> str:
    return text.removeprefix("\ufeff")


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(data: bytes) -> str | None:
    """The encoding that HTML or XML states, if it fits the bytes."""
    found = _DECLARED.search(data[:_HEAD])
    if not found:
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    return _fitting(data, _SPELLED.get(name, name))


def _fitting(data: bytes, name: str) -> str | None:
    """The encoding, or the wider one that is meant by it; None where neither fits the bytes."""
    try:
        narrow = codecs.lookup(name).name
    except LookupError:
        return None
    for codec in (narrow, _WIDER.get(narrow, narrow)):
        try:
            if not _LATE_CONTROLS.search(data.decode(codec)):
                return codec
        except UnicodeError:
            continue
    return narrow if _fits(data, narrow) else None


def _is_utf8(data: bytes) -> bool:
    return _fits(data, "utf-8")


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum(len(run[0]) for run in _BROKEN.finditer(text))
    sound = sum(character > "\x7f" for character in text) - broken
    return sound > _SOUND_PER_BROKEN * broken > 0


def _too_little_to_tell(data: bytes, found: str) -> bool:
    """Whether a few accents among plain letters are all that a one-byte encoding was told by."""
    accents = sum(byte > 0x7F for byte in data[:_SAMPLE])
    letters = sum(0x41 <= byte & 0xDF <= 0x5A for byte in data[:_SAMPLE])
    few = accents < _TELLING and accents * _SPARSE < letters
    return few and len(data.decode(found)) == len(data) and _fits(data, "cp1252")


def _text_only(encoding: str, data: bytes, name: str) -> str:
    """The encoding, unless control characters tell that these are no words.

    Raises:
        ReadError: they do.
    """
    if b"\0" in data:
        raise ReadError(f"{name}: is not text (it holds NUL characters)")
    if len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data):
        raise ReadError(f"{name}: is not text (it holds control characters)")
    return encoding


def _words_only(encoding: str, data: bytes, name: str) -> str:
    """The wide encoding, unless what it gives are no words: any pair of bytes is a letter in it.

    Raises:
        ReadError: they are none.
    """
    text = data.decode(encoding)
    strange = sum(unicodedata.category(letter) in _STRANGE for letter in text)
    if strange > _MOST_CONTROLS * len(text) or not _PAUSE.search(text):
        raise ReadError(f"{name}: is not text: save it as UTF-8")
    return encoding


def _shown(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()
