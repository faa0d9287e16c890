"""Files that are dropped on the page: each gets its result, none gets in by its name or size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag import settings
from rag.archive import Archive, open_archive
from rag.page.uploads import MOST, Fate, Taken, as_html, taken_in

HARBOUR = "The harbour master counted 214 ships in the harbour in May."


def written(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def last(archive: Archive, paths: Sequence[str]) -> tuple[Taken, ...]:
    """What became of the files in the end."""
    *_, end = taken_in(archive, paths)
    return end


def test_files_are_told_one_by_one(tmp_path: Path) -> None:
    """All wait at first; each is read, then done; the temporary files are gone."""
    paths = [written(tmp_path / "up" / name, f"{HARBOUR} {name}") for name in ("a.txt", "b.txt")]
    with open_archive(tmp_path / "index") as archive:
        steps = list(taken_in(archive, paths))

    assert [taken.fate for taken in steps[0]] == [Fate.WAITING, Fate.WAITING]
    assert any([t.fate for t in step] == [Fate.ADDED, Fate.READING] for step in steps)
    assert [taken.fate for taken in steps[-1]] == [Fate.ADDED, Fate.ADDED]
    assert not any(Path(path).exists() for path in paths)


def test_fates(tmp_path: Path) -> None:
    """Added, updated, unchanged and failed are told apart, each failure with its reason."""
    up = tmp_path / "up"
    with open_archive(tmp_path / "index") as archive:
        last(archive, [written(up / "same.txt", HARBOUR), written(up / "new.txt", "It rained.")])

        end = last(
            archive,
            [
                written(up / "same.txt", HARBOUR),
                written(up / "new.txt", "It snowed."),
                written(up / "run.exe", "MZ"),
                written(up / "empty.md", ""),
                written(up / "rows.jsonl", '{"text": "One."}\n{"text": "Two."}\nnonsense\n'),
            ],
        )

    assert [taken.fate for taken in end] == [
        Fate.UNCHANGED,
        Fate.UPDATED,
        Fate.FAILED,
        Fate.FAILED,
        Fate.ADDED,
    ]
    assert "none of .atom" in end[2].said
    assert end[3].said
    assert end[4].said.startswith("2 added, 1 not added: ")


def test_limits(tmp_path: Path) -> None:
    """A file beyond the size, one beyond the number and a name given twice are not opened."""
    chosen = settings.load(upload_megabytes=1)
    many = [written(tmp_path / str(n) / "a.txt", HARBOUR) for n in range(3)]
    large = written(tmp_path / "large.txt", "x" * 1_000_001)
    with Archive(tmp_path / "index", chosen) as archive:
        end = last(archive, [large, *many])
        over = last(archive, [str(tmp_path / f"{n}.exe") for n in range(MOST + 1)])

    assert "at most 1 MB" in end[0].said
    assert [taken.fate for taken in end[1:]] == [Fate.ADDED, Fate.FAILED, Fate.FAILED]
    assert "another file of this name" in end[2].said
    assert f"at most {MOST} files" in over[-1].said


def test_name_is_the_article_not_a_path(tmp_path: Path) -> None:
    """The article is known by the bare name of its file; where it lay meanwhile is not kept."""
    with open_archive(tmp_path / "index") as archive:
        last(archive, [written(tmp_path / "gradio" / "0f3a" / "harbour.txt", HARBOUR)])

        assert [source.article_id for source in archive.sources()] == ["harbour.txt"]


def test_seeds_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files on the bundled articles begin the user's own archive; one that fails begins none."""
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "own"))
    seeds = Archive(tmp_path / "seeds", settings.load(), is_seeds=True)
    seeds.ingest(Path(written(tmp_path / "seed.txt", "A seed.")))
    with seeds:
        last(seeds, [written(tmp_path / "empty.txt", "")])
        before = seeds.is_seeds

        last(seeds, [written(tmp_path / "harbour.txt", HARBOUR)])

        assert (before, seeds.is_seeds) == (True, False)
        assert seeds.folder == tmp_path / "own"
        assert "214" in seeds.ask("How many ships did the harbour master count?").text
    with open_archive(tmp_path / "seeds") as bundled:
        assert [article.text for article in bundled.articles()] == ["A seed."]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_names_and_reasons_are_text(text: str) -> None:
    """A file's name and the reason of its failure never become markup."""
    shown = as_html([Taken(text, Fate.FAILED, 1.0, text), Taken(text)])

    assert "<script" not in shown
    assert "<img" not in shown
    assert 'value="50"' in shown
