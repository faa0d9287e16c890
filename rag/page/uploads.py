"""Files that a reader drops on the page, taken into the archive one by one."""

from __future__ import annotations

import dataclasses
import enum
import logging
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.archive import open_archive
from rag.errors import DatelineError
from rag.ingest import IngestReport, Progress
from rag.page import wording
from rag.page.cards import panel
from rag.page.escape import in_html
from rag.page.tongue import later, tr
from rag.reading import FORMATS, File

if TYPE_CHECKING:
    from rag.archive import Archive

_log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
MOST = 200  # files at once; more are for `rag ingest`, which goes on where it was interrupted
_SECONDS_BETWEEN = 0.25  # snapshots of the progress inside one file
_REASONS = 5  # shown of a file with many failures

ENDINGS = tuple(sorted(FORMATS))


class Fate(enum.StrEnum):
    """What became of a file."""

    WAITING = "waiting"
    READING = "reading"
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file and what became of it; `share` (0 to 1) of it is read, `said` tells it in words."""

    name: str
    fate: Fate = Fate.WAITING
    share: float = 0.0
    said: str = ""


_FATES = {
    Fate.WAITING: later("waiting"),
    Fate.READING: later("reading…"),
    Fate.ADDED: later("added"),
    Fate.UPDATED: later("updated: this is its new version"),
    Fate.UNCHANGED: later("unchanged: it was here already"),
    Fate.FAILED: later("not added"),
}


def taken_in(archive: Archive, paths: Sequence[str]) -> Iterator[tuple[Taken, ...]]:
    """Read the files into the archive, with a snapshot of all after each step.

    The files are deleted when they are read. The bundled articles stay as they are: files that
    are dropped on them begin the user's own archive, and the page goes on with that.
    """
    files = [Path(path) for path in paths]
    taken = [Taken(file.name) for file in files]
    yield tuple(taken)
    try:
        target = open_archive(settings=archive.settings) if archive.is_seeds else archive
    except DatelineError as error:
        yield tuple(_failed(file.name, str(error)) for file in files)
        return
    names: set[str] = set()
    try:
        for i, file in enumerate(files):
            refused = _refused(file, i, names, archive.settings.upload_megabytes)
            for step in _one(target, file, refused):
                taken[i] = step
                yield tuple(taken)
            names.add(file.name)
    finally:
        for file in files:
            with suppress(OSError):  # it is in a temporary folder, which is emptied anyway
                file.unlink()
        if target is not archive:
            _begin(archive, target)


def as_html(taken: Sequence[Taken]) -> str:
    """The files with what became of each, and how far it is."""
    if not taken:
        return ""
    done = sum(map(_is_done, taken))
    share = sum(1.0 if _is_done(each) else each.share for each in taken) / len(taken)
    said = tr("{done} of {files} read", done=done, files=wording.count(len(taken), "file"))
    items = "".join(
        f'<li class="{each.fate.value}"><b>{in_html(each.name)}</b>: {in_html(_words(each))}</li>'
        for each in taken
    )
    name = tr("Adding files")
    bar = f'<progress max="100" value="{share * 100:.0f}" aria-label="{in_html(name)}"></progress>'
    return panel(
        name,
        f'<p role="status">{in_html(said)}</p>{bar if done < len(taken) else ""}'
        f'<ul class="took">{items}</ul>',
    )


def _is_done(taken: Taken) -> bool:
    return taken.fate not in (Fate.WAITING, Fate.READING)


def _words(taken: Taken) -> str:
    fate = tr(_FATES[taken.fate])
    return f"{fate}: {taken.said}" if taken.fate is Fate.FAILED else taken.said or fate


def _refused(file: Path, number: int, names: set[str], largest: int) -> str:
    """Why a file is not even opened; empty if it may be read. `largest` is in megabytes."""
    ending = File.on_disk(file).ending
    if number >= MOST:
        return tr("at most {most} files are read at once; add it again", most=MOST)
    if ending not in FORMATS:
        return tr(
            "the ending {ending} is none of {endings}",
            ending=ending or "(none)",
            endings=", ".join(ENDINGS),
        )
    try:
        size = file.stat().st_size
    except OSError:
        return tr("it did not arrive whole; add it again")
    if size > largest * MEGABYTE:
        return tr(
            "it has {size} MB, at most {most} MB are read: split it",
            size=f"{size / MEGABYTE:,.1f}",
            most=largest,
        )
    if file.name in names:
        # It would become a version of the other, which may be another article altogether.
        return tr("another file of this name came with it; rename it and add it again")
    return ""


def _one(archive: Archive, file: Path, refused: str) -> Iterator[Taken]:
    """Read one file, telling how far it is; the last that is given tells what became of it."""
    if refused:
        yield _failed(file.name, refused)
        return
    reading = Taken(file.name, Fate.READING)
    yield reading
    told: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
    ended: list[IngestReport | Exception] = []

    def ingest() -> None:
        # Under its bare name: no part of what the browser sent is ever a path to be written.
        given = File(file.name, lambda: file.open("rb"))
        try:
            ended.append(archive.ingest(given, progress=told.put))
        except Exception as error:
            ended.append(error)
        finally:
            told.put(None)

    worker = threading.Thread(target=ingest, daemon=True)
    worker.start()
    try:
        for share in _shares(told):
            yield dataclasses.replace(reading, share=share)
    finally:
        worker.join()  # also when the reader has gone: what was begun is finished
    outcome = ended[0]
    if isinstance(outcome, IngestReport):
        yield _reported(file.name, outcome)
    elif isinstance(outcome, DatelineError):
        yield _failed(file.name, str(outcome))
    else:
        _log.error("adding %r failed", file.name, exc_info=outcome)
        yield _failed(file.name, tr("something went wrong; the server's log says what"))


def _shares(told: queue.SimpleQueue[Progress | None]) -> Iterator[float]:
    """How far an ingest is, at intervals, until it has ended."""
    share = 0.0
    while True:
        try:
            progress = told.get(timeout=_SECONDS_BETWEEN)
        except queue.Empty:
            yield share
            continue
        if progress is None:
            return
        share = max(share, progress.share)


def _failed(name: str, reason: str) -> Taken:
    return Taken(name, Fate.FAILED, 1.0, reason)


def _reported(name: str, report: IngestReport) -> Taken:
    """What became of a file, in one word and where it held several articles in counts."""
    fates = {
        Fate.ADDED: report.added,
        Fate.UPDATED: report.updated,
        Fate.UNCHANGED: report.unchanged,
    }
    reasons = [failure.reason for failure in report.failures]
    kept = [fate for fate, number in fates.items() if number]
    if not kept:
        return _failed(name, "; ".join(reasons[:_REASONS]) or tr("it holds no article"))
    said = _counts(report) if sum(fates.values()) > 1 or reasons else tr(_FATES[kept[0]])
    if report.copies:
        said += "; " + tr(
            "copies of a report that is here already: {articles}",
            articles=wording.count(report.copies, "article"),
        )
    if report.flagged:
        said += "; " + tr(
            "with sentences that read like instructions to software, which are shown as text "
            "and followed by nothing: {articles}",
            articles=wording.count(report.flagged, "article"),
        )
    if reasons:
        said += ": " + "; ".join(reasons[:_REASONS])
    return Taken(name, kept[0], 1.0, said)


def _counts(report: IngestReport) -> str:
    counts = (
        (report.added, later("{number} added")),
        (report.updated, later("{number} updated")),
        (report.unchanged, later("{number} unchanged")),
        (len(report.failures), later("{number} not added")),
    )
    return ", ".join(tr(words, number=f"{number:,}") for number, words in counts if number)


def _begin(seeds: Archive, own: Archive) -> None:
    """Go on with the user's own archive, if anything came into it."""
    if own.is_empty():
        own.close()
    else:
        seeds.become(own)
