"""Suites: a folder with suite.yaml, cases.jsonl and, where it brings its own, articles."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.bundle import folder as bundled_folder
from rag.errors import Mendable
from rag.evaluation.cases import Case, Split, case_from_json
from rag.evaluation.labels import Shelf, labels_of
from rag.evaluation.schemas import problems
from rag.records import Article

SUITE_FILE = "suite.yaml"
BASELINE_FILE = "baseline.json"
SEEDS = "seeds"
# The cut-offs that the field prints; 10 is the depth of MRR and nDCG (BEIR, MS MARCO).
DEFAULT_K = (1, 3, 5, 10)


class SuiteError(Mendable):
    """A suite is missing, breaks its schema or contradicts itself; names file and line."""


@dataclass(frozen=True, slots=True)
class Gates:
    """What must hold for a run to pass.

    `invariants` name metrics that must be perfect, `floors` and `ceilings` bound others (both
    ends included). `acknowledged` are ids of cases that may go from passed to failed against the
    baseline. Metrics named in `advisory` are printed and decide nothing.
    """

    invariants: tuple[str, ...] = ()
    floors: dict[str, float] = field(default_factory=dict)
    ceilings: dict[str, float] = field(default_factory=dict)
    advisory: tuple[str, ...] = ()
    acknowledged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as loaded: where its articles are, its cases in file order, and its gates.

    `corpus` is the fingerprint its labels were written for; None when it states none.
    """

    name: str
    folder: Path
    articles: Path
    cases: tuple[Case, ...]
    gates: Gates = Gates()
    k: tuple[int, ...] = DEFAULT_K
    corpus: str | None = None
    about: str = ""
    fingerprint: str = ""
    cases_file: Path = Path("cases.jsonl")

    @property
    def baseline(self) -> Path:
        """Where the accepted run of this suite is kept."""
        return self.folder / BASELINE_FILE

    def shelf(self, articles: Iterable[Article]) -> Shelf:
        """The stored articles, found by the names that this suite's labels use for them."""
        used = {label for case in self.cases for label in labels_of(case)}
        return Shelf.of(articles).knowing(used, self.articles)

    def only(self, *, split: Split | None = None, category: str | None = None) -> Suite:
        """The same suite with the cases of one split or category; gates stay."""
        kept = tuple(
            case
            for case in self.cases
            if (split is None or case.split == split)
            and (category is None or case.category == category)
        )
        return replace(self, cases=kept)


def bundled_suites() -> tuple[str, ...]:
    """The names of the suites that come with the package, sorted."""
    found = bundled_folder("eval").glob(f"*/{SUITE_FILE}")
    return tuple(sorted(file.parent.name for file in found))


def load_suite(place: str | Path) -> Suite:
    """The suite of a folder, of its suite.yaml, or of a bundled name such as "seeds".

    Raises:
        SuiteError: there is none, or it breaks the schema.
    """
    file = _suite_file(place)
    plain = _yaml(file)
    broken = problems("suite", plain)
    if broken:
        raise SuiteError(f"{file.name} of {file.parent.name}: {'; '.join(broken)}")
    folder = file.parent
    cases_file = folder / plain.get("cases", "cases.jsonl")
    cases = _unique(read_cases(cases_file), cases_file)
    return Suite(
        name=plain["name"],
        folder=folder,
        articles=_articles(folder, plain["articles"]),
        cases=cases,
        gates=_gates(plain.get("gates", {})),
        k=tuple(sorted(plain.get("k", DEFAULT_K))),
        corpus=plain.get("corpus"),
        about=plain.get("about", ""),
        fingerprint=_fingerprint(plain, cases_file),
        cases_file=cases_file,
    )


def read_cases(file: Path) -> tuple[Case, ...]:
    """The cases of a JSON lines file, in order; empty lines are skipped.

    Raises:
        SuiteError: a line is not a case; names every such line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"no cases could be read from {file}: {error}") from error
    cases: list[Case] = []
    broken: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(case_from_json(json.loads(line)))
        except (ValueError, TypeError) as error:
            broken.append(f"line {number}: {error}")
    if broken:
        raise SuiteError(f"{file.name} does not fit the schema of a case: " + " | ".join(broken))
    return tuple(cases)


def corpus_fingerprint(articles: Iterable[Article]) -> str:
    """A hash of the articles' texts and source cards; order and ids do not matter."""
    cards = sorted(
        json.dumps([a.text, a.title, a.publisher, a.published and a.published.isoformat()])
        for a in articles
    )
    return hashlib.sha256("\n".join(cards).encode()).hexdigest()[:16]


def _suite_file(place: str | Path) -> Path:
    given = Path(place)
    for candidate in (given, given / SUITE_FILE, bundled_folder("eval") / given / SUITE_FILE):
        if candidate.is_file():
            return candidate
    names = ", ".join(bundled_suites()) or "none"
    raise SuiteError(f"no suite at {place!s}: give a folder with {SUITE_FILE}, or one of: {names}")


def _yaml(file: Path) -> dict[str, Any]:
    import yaml

    try:
        plain = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{file} cannot be read as YAML: {error}") from error
    if not isinstance(plain, dict):
        raise SuiteError(f"{file} must hold keys and values")
    return plain


def _articles(folder: Path, named: str) -> Path:
    if named == SEEDS and not (folder / named).exists():
        return bundled_folder("seeds")
    articles = folder / named
    if not articles.exists():
        raise SuiteError(f"the articles of the suite are not there: {articles}")
    return articles


def _gates(plain: dict[str, Any]) -> Gates:
    return Gates(
        invariants=tuple(plain.get("invariants", ())),
        floors=dict(plain.get("floors", {})),
        ceilings=dict(plain.get("ceilings", {})),
        advisory=tuple(plain.get("advisory", ())),
        acknowledged=tuple((plain.get("flips") or {}).get("acknowledged", ())),
    )


def _unique(cases: tuple[Case, ...], file: Path) -> tuple[Case, ...]:
    counted = Counter(case.id for case in cases)
    twice = sorted(case_id for case_id, times in counted.items() if times > 1)
    if twice:
        raise SuiteError(f"{file.name} holds these ids more than once: {', '.join(twice)}")
    if not cases:
        raise SuiteError(f"{file.name} holds no case")
    return cases


def _fingerprint(plain: dict[str, Any], cases_file: Path) -> str:
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode())
    digest.update(cases_file.read_bytes())
    return digest.hexdigest()[:16]
