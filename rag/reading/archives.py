"""Archives (.zip, .tar.gz, .tgz, .tar, .gz): every file in them that can be read, in order.

Nothing is unpacked to disk: one member at a time is held in memory, under the limits of `bombs`.
"""

from __future__ import annotations

import dataclasses
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from rag.errors import ReadError
from rag.reading.bombs import MEMBERS, UNPACKED, check_contents, check_member
from rag.reading.file import BINARY_LIMIT, File
from rag.reading.record import Reading

Reader = Callable[[File], Iterator[Reading | ReadError]]
# The reader for an ending; None for one that is not read.
Known = Callable[[str], Reader | None]

_ARCHIVES = frozenset({".zip", ".tar", ".tar.gz", ".tgz", ".gz"})
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    struct.error,
)


def read_zip(file: File, known: Known) -> Iterator[Reading | ReadError]:
    """The articles of a zip's members."""
    return _at_least_one(file, _zipped(file, known))


def read_tar(file: File, known: Known) -> Iterator[Reading | ReadError]:
    """The articles of a tar's members, packed or not; links are not followed."""
    return _at_least_one(file, _tarred(file, known))


def _zipped(file: File, known: Known) -> Iterator[Reading | ReadError]:
    with file.open() as stream:
        try:
            check_contents(cast(io.BufferedIOBase, stream), file.name)
            with zipfile.ZipFile(stream) as archive:
                members = [
                    each for each in archive.infolist() if each.filename and not each.is_dir()
                ]
                _check_number(len(members), file)
                budget = _Budget(file)
                for member in members:
                    name = member.filename
                    yield from _member(file, name, known, _unzipped(archive, member, file, budget))
        except _DAMAGE as error:
            yield _damaged(file, error)


def read_gz(file: File, known: Known) -> Iterator[Reading | ReadError]:
    """The articles of one packed file, such as `news.jsonl.gz`, read as it unpacks."""
    ending = File.of_bytes(file.name[: -len(".gz")], b"").ending
    reader = known(ending)
    if reader is None:
        yield ReadError(f"{file.name}: the ending {ending!r} before .gz is not one that is read")
        return
    inner = File(file.name, lambda: _gunzipped(file), None, file.columns)
    try:
        yield from reader(inner)
    except _DAMAGE as error:
        yield _damaged(file, error)


def _tarred(file: File, known: Known) -> Iterator[Reading | ReadError]:
    with file.open() as packed:
        try:
            stream = cast(BinaryIO, _Bounded(_unpacked(packed), file))
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                for number, member in enumerate(archive, start=1):
                    _check_number(number, file)
                    if member.isfile():
                        yield from _member(file, member.name, known, _untarred(archive, member))
        except _DAMAGE as error:
            yield _damaged(file, error)


def _at_least_one(
    file: File, found: Iterator[Reading | ReadError]
) -> Iterator[Reading | ReadError]:
    """What was found; an error where it is nothing."""
    nothing = True
    for each in found:
        nothing = False
        yield each
    if nothing:
        yield ReadError(f"{file.name}: holds no file that is read")


def _member(
    file: File, name: str, known: Known, data: Callable[[], bytes]
) -> Iterator[Reading | ReadError]:
    path = PurePosixPath(name.replace("\\", "/"))
    where = f"{file.name}/{_printable(name)}"
    if path.name.startswith((".", "__MACOSX")) or "__MACOSX" in path.parts:
        return
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        yield ReadError(f"{where}: the name leads out of the archive: refused")
        return
    ending = File.of_bytes(where, b"").ending
    if ending in _ARCHIVES:
        yield ReadError(f"{where}: an archive inside an archive is not read: unpack it")
        return
    reader = known(ending)
    if reader is None:
        return
    try:
        inner = File.of_bytes(where, data(), file.columns)
        for found in reader(inner):
            yield found if isinstance(found, ReadError) else _placed(found, path)
    except ReadError as error:
        yield error


def _placed(reading: Reading, path: PurePosixPath) -> Reading:
    return dataclasses.replace(reading, member=str(path))


def _unzipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: File, budget: _Budget
) -> Callable[[], bytes]:
    def data() -> bytes:
        where = f"{file.name}/{_printable(member.filename)}"
        check_member(member, where)
        try:
            with archive.open(member) as stream:
                found = stream.read(BINARY_LIMIT + 1)
        except _DAMAGE as error:
            raise _damaged_at(where, error) from error
        budget.spend(len(found))
        return _limited(found, where)

    return data


def _untarred(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def data() -> bytes:
        if member.size > BINARY_LIMIT:
            raise ReadError(f"{_printable(member.name)}: is larger than {BINARY_LIMIT // 2**20} MB")
        stream = archive.extractfile(member)
        return stream.read() if stream else b""

    return data


def _limited(data: bytes, where: str) -> bytes:
    if len(data) > BINARY_LIMIT:
        raise ReadError(f"{where}: is larger than {BINARY_LIMIT // 2**20} MB")
    return data


def _check_number(number: int, file: File) -> None:
    if number > MEMBERS:
        raise ReadError(f"{file.name}: holds too many files (more than {MEMBERS:,})")


def _damaged(file: File, error: Exception) -> ReadError:
    return _damaged_at(file.name, error)


def _damaged_at(where: str, error: Exception) -> ReadError:
    said = " ".join(str(error).split())[:200]
    if "password" in said:
        return ReadError(f"{where}: is locked with a password")
    return ReadError(f"{where}: is damaged ({said or type(error).__name__})")


def _printable(name: str) -> str:
    return name if name.isprintable() else ascii(name)[1:-1]


def _gunzipped(file: File) -> BinaryIO:
    unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=file.open()))
    return cast(BinaryIO, _Bounded(unpacked, file))


def _unpacked(stream: BinaryIO) -> BinaryIO:
    head = stream.read(2)
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if head == b"\x1f\x8b" else stream


class _Budget:
    """What an archive may still unpack to."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._left = UNPACKED

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            limit = UNPACKED // 2**30
            raise ReadError(f"{self._file.name}: unpacks to more than {limit} GB: refused")


class _Bounded(io.BufferedIOBase):
    """A stream that gives up where a bomb goes on: too much at once, or in all."""

    def __init__(self, stream: BinaryIO, file: File) -> None:
        self._stream = stream
        self._name = file.name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = BINARY_LIMIT + 1 if size is None or size < 0 else size
        if wanted > BINARY_LIMIT + 1:
            raise ReadError(f"{self._name}: holds a part larger than {BINARY_LIMIT // 2**20} MB")
        self._check(self._stream.tell() + wanted - BINARY_LIMIT)
        return self._stream.read(wanted)

    def read1(self, size: int = -1) -> bytes:
        return self.read(size if size > 0 else io.DEFAULT_BUFFER_SIZE)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._check(offset)
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _check(self, position: int) -> None:
        if position > UNPACKED:
            raise ReadError(f"{self._name}: unpacks to more than {UNPACKED // 2**30} GB: refused")
