"""Drafts are reviewed one at a time, and what is decided is on disk at once."""

from __future__ import annotations

import json
from pathlib import Path

from rag.evaluation import load_suite
from rag.evaluation.desk import Desk
from rag.page.review_tab import _drop, _first, _keep, _later


def suite_of_drafts(folder: Path, *ids: str, twin_of_first: bool = False) -> Path:
    """A suite of unreviewed cases in a folder of suites; the suites' folder."""
    suite = folder / "suites" / "mine"
    (suite / "articles").mkdir(parents=True)
    (suite / "articles" / "bridge.md").write_text("The bridge opened on Monday.", "utf-8")
    (suite / "suite.yaml").write_text("schema: 1\nname: mine\narticles: articles\n", "utf-8")
    rows = [draft(name) for name in ids]
    if twin_of_first:
        rows.append({**draft(f"{ids[0]}-typo"), "parent": ids[0], "perturbation": "typo"})
    (suite / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return suite.parent


def draft(name: str) -> dict[str, object]:
    """A case that nobody has reviewed."""
    return {
        "id": name,
        "category": "when",
        "question": f"When did <b>{name}</b> open?",
        "answerable": True,
        "expect": "answer",
        "reference": {"answers": ["Monday"]},
        "evidence": [{"group": "a", "article": "bridge", "quote": "opened on Monday"}],
        "provenance": {"by": "rules", "reviewed": False},
    }


def reviewed(suites: Path) -> dict[str, tuple[str, bool]]:
    """Question and state of each case, by id."""
    cases = load_suite(suites / "mine").cases
    return {case.id: (case.question, case.provenance.reviewed) for case in cases}


def test_what_is_kept_is_reviewed_in_its_new_words(tmp_path: Path) -> None:
    """Keeping rewords and accepts one draft; the others stay drafts."""
    suites = suite_of_drafts(tmp_path, "one", "two")
    desk = Desk(suites)

    desk.keep(desk.drafts()[0], " When did it open? ")

    assert reviewed(suites)["one"] == ("When did it open?", True)
    assert [left.id for left in desk.drafts()] == ["two"]


def test_what_is_dropped_takes_its_twins_along(tmp_path: Path) -> None:
    """A twin of a case that is gone would have no parent."""
    suites = suite_of_drafts(tmp_path, "one", "two", twin_of_first=True)
    desk = Desk(suites)

    desk.drop(desk.drafts()[0])

    assert list(reviewed(suites)) == ["two"]


def test_the_last_draft_may_go(tmp_path: Path) -> None:
    """Nothing is left to review, and the empty suite is passed over."""
    desk = Desk(suite_of_drafts(tmp_path, "one"))

    desk.drop(desk.drafts()[0])

    assert desk.drafts() == ()


def test_a_folder_without_suites_has_no_drafts(tmp_path: Path) -> None:
    """What is not there holds nothing; a broken suite is passed over."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "suite.yaml").write_text("name: [", "utf-8")

    assert Desk(tmp_path / "nowhere").drafts() == ()
    assert Desk(tmp_path).drafts() == ()


def test_the_tab_goes_from_draft_to_draft(tmp_path: Path) -> None:
    """Later puts a draft off, Keep and Drop decide; markup in a draft stays text."""
    desk = Desk(suite_of_drafts(tmp_path, "one", "two", "three"))

    html, _, _, first, put_off = _first(desk)
    assert "3 drafts to review" in html and "&lt;b&gt;one" in html
    html, _, _, second, put_off = _later(desk, "", first, put_off)
    assert "2 drafts to review" in html
    html, _, _, third, put_off = _keep(desk, "When?", second, put_off)
    html, _, _, none, _ = _drop(desk, "", third, put_off)

    assert none is None
    assert "1 draft put off for later" in html
    assert [left.id for left in desk.drafts()] == ["one"]
