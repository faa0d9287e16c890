"""The bundled suites are sound, and unsound ones are refused by name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from overlap_archive import article

from rag.evaluation import SuiteError, bundled_suites, load_suite
from rag.evaluation.cases import Case, Evidence, Reference
from rag.evaluation.gates import check_names
from rag.evaluation.labels import Shelf, stale_evidence
from rag.evaluation.lint import lint
from rag.evaluation.metrics.catalogue import catalogue
from rag.evaluation.suite import Suite, corpus_fingerprint

SEED_CASES = 24


def stored(suite: Suite) -> list[tuple[str, str]]:
    """Name and text of the articles that a suite brings as Markdown."""
    return [(file.name, file.read_text("utf-8")) for file in sorted(suite.articles.glob("*.md"))]


@pytest.mark.parametrize("name", bundled_suites())
def test_bundled_labels_stand_in_their_articles(name: str) -> None:
    """Every quote of a bundled suite stands in the article it names; its gates name metrics."""
    suite = load_suite(name)
    shelf = Shelf.of([article(file, text) for file, text in stored(suite)])

    stale = {case.id: stale_evidence(case, shelf) for case in suite.cases}

    assert {case_id: why for case_id, why in stale.items() if why} == {}
    check_names(suite, catalogue(suite.k))


def test_the_seed_suite_asks_all_kinds_of_questions() -> None:
    """The seed articles are asked who, when, where, how many, who said, and what is not there."""
    suite = load_suite("seeds")

    assert len(suite.cases) >= SEED_CASES
    assert {
        "who", "when", "where", "how-many", "who-said", "two-article", "follow-up",
        "off-topic", "near-miss", "false-premise",
    } <= {case.category for case in suite.cases}  # fmt: skip
    assert [
        f for f in lint(suite.cases, Shelf.of([article(n, t) for n, t in stored(suite)]))
        if f.level != "warning"
    ] == []  # fmt: skip


def write(folder: Path, suite: str, cases: str) -> Path:
    """A suite's folder with these files and one article."""
    (folder / "articles").mkdir()
    (folder / "articles" / "a.md").write_text("A bridge opened.", encoding="utf-8")
    (folder / "suite.yaml").write_text(suite, encoding="utf-8")
    (folder / "cases.jsonl").write_text(cases, encoding="utf-8")
    return folder


GOOD_SUITE = "schema: 1\nname: mine\narticles: articles\n"
GOOD_CASE = json.dumps(
    {"id": "a", "category": "c", "question": "Who?", "answerable": False, "expect": "abstain"}
)


def test_a_suite_is_read_from_its_folder(tmp_path: Path) -> None:
    """A folder with suite.yaml, cases.jsonl and articles is a suite."""
    suite = load_suite(write(tmp_path, GOOD_SUITE, GOOD_CASE + "\n\n"))

    assert (suite.name, len(suite.cases), suite.k) == ("mine", 1, (1, 3, 5, 10))
    assert suite.only(category="other").cases == ()


@pytest.mark.parametrize(
    ("suite", "cases", "named"),
    [
        (GOOD_SUITE + "colour: red\n", GOOD_CASE, "colour"),
        ("schema: 1\nname: mine\narticles: nowhere\n", GOOD_CASE, "nowhere"),
        (GOOD_SUITE, '{"id": "a"}', "line 1"),
        (GOOD_SUITE, "not json", "line 1"),
        (GOOD_SUITE, GOOD_CASE + "\n" + GOOD_CASE, "more than once: a"),
        (GOOD_SUITE, "", "no case"),
        ("- just a list", GOOD_CASE, "keys and values"),
        ("name: [", GOOD_CASE, "YAML"),
    ],
)
def test_an_unsound_suite_is_refused(tmp_path: Path, suite: str, cases: str, named: str) -> None:
    """What is wrong with a suite is said in one message."""
    folder = write(tmp_path, suite, cases)

    with pytest.raises(SuiteError, match=named):
        load_suite(folder)


def test_a_label_finds_an_article_by_its_file(tmp_path: Path) -> None:
    """An article that is called by its address is found by the name of the file it came from."""
    folder = write(tmp_path, GOOD_SUITE, GOOD_CASE) / "articles"
    address = "https://one.example/2"
    (folder / "b.md").write_text(f"---\nurl: {address}\n---\nA bridge opened.", encoding="utf-8")
    alike = article("https://one.example/1", "A bridge opened.")
    own = article(address, "A *bridge* opened.")

    shelf = Shelf.of([alike, own]).knowing(["b", "c"], folder)

    assert [found and found.id for found in map(shelf.find, "bc")] == [own.id, None]


def test_no_suite_names_the_bundled_ones() -> None:
    """A name that is no suite is answered with those there are."""
    with pytest.raises(SuiteError, match="seeds"):
        load_suite("no-such-suite")


def test_the_corpus_fingerprint_sees_text_not_order() -> None:
    """Other text is another corpus; another order or id is not."""
    one, two = article("a", "One."), article("b", "Two.")

    assert corpus_fingerprint([one, two]) == corpus_fingerprint([two, one])
    assert corpus_fingerprint([one]) != corpus_fingerprint([article("a", "One!")])


def problem_of(case: Case) -> list[str]:
    """What the linter says of one case about one dated article."""
    shelved = article("bridge", "The bridge opened in May.", published=date(2031, 5, 2))
    return [f"{finding.level}: {finding.problem}" for finding in lint([case], Shelf.of([shelved]))]


LABEL = (Evidence("a", "bridge", "opened in May"),)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (
            Case("a", "c", "Q", True, "answer"),
            "warning: it has no evidence, so neither retrieval nor citations are measured",
        ),
        (
            Case("a", "c", "Q", True, "answer", evidence=(Evidence("a", "bridge", "in June"),)),
            "stale: 'bridge' no longer says 'in June'",
        ),
        (
            Case("a", "c", "Q", False, "abstain", evidence=LABEL),
            "error: it expects an abstention and has evidence",
        ),
        (
            Case("a", "c", "Q", True, "answer", evidence=LABEL, parent="b"),
            "error: its parent 'b' is not in the suite",
        ),
        (
            Case("a", "c", "Q", True, "answer", evidence=LABEL, as_of=date(2031, 5, 1)),
            "error: its evidence 'bridge' is later than as_of 2031-05-01",
        ),
        (
            Case("a", "near-miss", "Q", False, "abstain"),
            "error: a near miss names the article that looks as if it answered: near_miss",
        ),
        (
            Case(
                "a", "c", "Q", True, "answer", evidence=LABEL,
                reference=Reference(must_include=(("June",),)),
            ),
            "warning: none of ['June'] stands in an evidence quote"
            " (tag it 'derived' if it follows)",
        ),
    ],
)  # fmt: skip
def test_the_linter_says_what_is_wrong(case: Case, problem: str) -> None:
    """Each fault of a case is found before anything is asked."""
    assert problem in problem_of(case)


def test_a_sound_case_is_left_alone() -> None:
    """A case with a fitting label has no findings."""
    case = Case(
        "a", "c", "Q", True, "answer", evidence=LABEL, reference=Reference(must_include=(("May",),))
    )

    assert problem_of(case) == []
