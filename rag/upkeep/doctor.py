"""The doctor: looks an archive over, part by part, and mends what it can.

Every check is one finding. The checks go from the ground up: the machine, the store, the settings,
passages and vectors, the index; what stands on something damaged is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rag.embeddings.embedding import identity
from rag.errors import DatelineError, StoreDamaged
from rag.settings import Settings
from rag.store import Upkeep
from rag.upkeep.checks import Check, Seen, State, of_archive, of_machine
from rag.upkeep.holdings import check_there
from rag.wiring import Parts, assemble


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in a line of words."""

    check: str
    state: State
    said: str


def look(folder: Path, settings: Settings) -> Iterator[Finding]:
    """Look an archive over and change nothing; a finding for each check, as they are made."""
    yield from _findings(folder, settings, _looked, lambda parts: nullcontext())


def mend(folder: Path, settings: Settings) -> Iterator[Finding]:
    """Look an archive over and mend what can be mended, beside whoever reads it.

    Raises:
        IndexBusy: another process is writing.
    """
    yield from _findings(folder, settings, _mended, lambda parts: parts.index.writing())


def is_well(findings: list[Finding]) -> bool:
    """Whether nothing is wrong in the end."""
    return not any(found.state in (State.WRONG, State.SKIPPED) for found in findings)


def _findings(
    folder: Path,
    settings: Settings,
    treat: Callable[[Check], Finding],
    holding: Callable[[Parts], AbstractContextManager[None]],
) -> Iterator[Finding]:
    check_there(folder, settings)
    for check in of_machine(folder):
        yield treat(check)
    try:
        parts = assemble(folder, settings)
    except DatelineError as error:
        yield Finding("store", State.WRONG, _with_remedy(error))
        return
    try:
        with holding(parts):
            wrong = None
            upkeep = Upkeep(parts.database, embedding=identity(settings.embedding))
            for check in of_archive(parts, upkeep, folder, settings):
                found = treat(check) if wrong is None else _skipped(check, wrong)
                wrong = wrong or (check.name if found.state is State.WRONG else None)
                yield found
    finally:
        parts.index.close()
        parts.store.close()


def _looked(check: Check) -> Finding:
    try:
        seen = check.look()
    except DatelineError as error:
        seen = Seen(State.WRONG, _with_remedy(error))
    return Finding(check.name, seen.state, seen.said)


def _with_remedy(error: DatelineError) -> str:
    remedy = "; or `rag restore FILE --replace`" if isinstance(error, StoreDamaged) else ""
    return f"{error}{remedy}"


def _mended(check: Check) -> Finding:
    found = _looked(check)
    if found.state is State.OK or check.mend is None:
        return found
    try:
        did = check.mend()
    except DatelineError as error:
        return Finding(check.name, State.WRONG, f"{found.said}; mending failed: {error}")
    again = _looked(check)
    if again.state is State.WRONG:
        return again
    return Finding(check.name, State.MENDED, f"{found.said}: {did}")


def _skipped(check: Check, wrong: str) -> Finding:
    return Finding(check.name, State.SKIPPED, f"not looked at while {wrong} is wrong")
