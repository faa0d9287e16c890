"""Prompts: Markdown files with `$fields`, filled exactly, versioned by the hash of their text.

A prompt's file has two parts, divided by a line of three dashes: what the model is told, and what
it is told it about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rag import bundle
from rag.errors import SettingsError

# The fields that each prompt must use, all of them.
FIELDS: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"today", "refusal", "passages", "question"}),
    "condense": frozenset({"conversation", "question"}),
    "decompose": frozenset({"most", "question"}),
    "judge": frozenset({"passage", "claim"}),
}
_DIVIDER = "\n---\n"
_VERSION_LENGTH = 12  # hexadecimal digits: enough to tell versions of one file apart


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with its fields filled: what the model is told, and what about."""

    told: str
    about: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as written in its file."""

    name: str
    text: str

    @property
    def version(self) -> str:
        """The beginning of the SHA-256 of the text: another text, another version."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:_VERSION_LENGTH]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the text asks for."""
        return frozenset(Template(self.text).get_identifiers())

    def fill(self, **values: str) -> Filled:
        """The prompt with every field filled.

        Raises:
            SettingsError: a field is missing, or one is given that the prompt does not have.
        """
        self.expect(frozenset(values))
        told, _, about = self.text.partition(_DIVIDER)
        return Filled(
            Template(told).substitute(values).strip(), Template(about).substitute(values).strip()
        )

    def expect(self, fields: frozenset[str]) -> None:
        """Make sure that the prompt has these fields and no others.

        Raises:
            SettingsError: it has not, or a dollar sign stands for itself; names what to mend.
        """
        if not Template(self.text).is_valid():
            raise SettingsError(
                f"prompt {self.name!r}: a dollar sign that begins no field is written `$$`"
            )
        if unknown := sorted(self.fields - fields):
            raise SettingsError(f"prompt {self.name!r} has unknown fields: {_listed(unknown)}")
        if missing := sorted(fields - self.fields):
            raise SettingsError(f"prompt {self.name!r} lacks the fields: {_listed(missing)}")
        if _DIVIDER not in self.text:
            raise SettingsError(
                f"prompt {self.name!r} has no line `---` between what the model is told and"
                " what it is told it about"
            )


@dataclass(frozen=True, slots=True)
class Prompts:
    """One prompt for each thing that a chat model is asked to do."""

    answer: Prompt
    condense: Prompt
    decompose: Prompt
    judge: Prompt

    @property
    def versions(self) -> dict[str, str]:
        """Version by name, as receipts and reports carry it."""
        found = (self.answer, self.condense, self.decompose, self.judge)
        return {prompt.name: prompt.version for prompt in found}


def prompts(own: Path | None = None) -> Prompts:
    """The bundled prompts; those of `own`, a file or a folder, stand in for the ones they name.

    Raises:
        SettingsError: a file of `own` cannot be read, is named for no prompt, or its fields are
            not that prompt's.
    """
    files = {name: bundle.folder("prompts") / f"{name}.md" for name in FIELDS}
    files |= _named(own) if own else {}
    return Prompts(**{name: prompt_at(path) for name, path in files.items()})


def prompt_at(path: Path) -> Prompt:
    """The prompt in a file, which is named for what it asks (`answer.md`).

    Raises:
        SettingsError: the file cannot be read, or its name or fields are no prompt's.
    """
    expected = FIELDS.get(path.stem)
    if expected is None:
        raise SettingsError(f"{path} is named for no prompt: use {_listed(FIELDS, '')}, and `.md`")
    try:
        prompt = Prompt(path.stem, path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"prompt {path} cannot be read: {error}") from error
    prompt.expect(expected)
    return prompt


def _named(own: Path) -> dict[str, Path]:
    place = own.expanduser()
    found = sorted(place.glob("*.md")) if place.is_dir() else [place]
    if not found:
        raise SettingsError(f"{place} holds no prompt: name one of {_listed(FIELDS, '')}, `.md`")
    return {path.stem: path for path in found}


def _listed(names: object, mark: str = "$") -> str:
    assert isinstance(names, list | Mapping)
    return ", ".join(f"{mark}{name}" for name in names)
