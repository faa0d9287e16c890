"""Limits for what unpacks: an archive of a few kilobytes can hold petabytes."""

from __future__ import annotations

import io
import struct
import zipfile

from rag.errors import ReadError

# A year of a daily paper is 50,000 articles.
MEMBERS = 100_000
# All that an archive may unpack to.
UNPACKED = 4 * 2**30
# Text shrinks five times, markup twenty; a bomb a thousand times. Small members may be anything.
RATIO, SMALL = 200, 2**20
# A zip's table of contents is read whole: about 100 bytes a member.
_CONTENTS = 32 * 2**20
_END = b"PK\x05\x06"
_END_AT_MOST = 65_557


def check_contents(stream: io.BufferedIOBase, name: str) -> None:
    """Look at the size of a zip's table of contents before anybody reads it.

    Raises:
        ReadError: it is no zip file, or its table is too long.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END_AT_MOST))
    tail = stream.read(_END_AT_MOST)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise ReadError(f"{name}: is damaged or no zip file")
    (contents,) = struct.unpack_from("<I", tail, at + 12)
    stream.seek(0)
    if contents > _CONTENTS:
        raise ReadError(f"{name}: holds too many files (more than {MEMBERS:,})")


def check_member(member: zipfile.ZipInfo, name: str) -> None:
    """Refuse a member that unpacks to more than text ever does.

    Raises:
        ReadError: it does.
    """
    if member.file_size > SMALL and member.file_size > RATIO * max(1, member.compress_size):
        raise ReadError(f"{name}: unpacks to more than {RATIO} times its size: refused")


def check_zip(data: bytes, name: str) -> None:
    """Refuse a document in a zip that is a bomb.

    Raises:
        ReadError: it is, or it is no zip file.
    """
    check_contents(io.BytesIO(data), name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ReadError(f"{name}: is damaged or no zip file") from error
    for member in members:
        check_member(member, name)
    if sum(member.file_size for member in members) > UNPACKED // 8:
        raise ReadError(f"{name}: unpacks to more than {UNPACKED // 8 // 2**20} MB: refused")
