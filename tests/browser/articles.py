"""Made-up articles for the page: two that disagree, one undated, copies of a report, many more."""

from __future__ import annotations

from pathlib import Path

TUNNEL = "How much did the harbour tunnel cost?"
BEFORE, AFTER = "410 million", "415 million"
MINUTES = 60  # articles that make the list long

_GAZETTE = (
    "The harbour tunnel opened to traffic on Tuesday. It cost {cost} crowns, the city said. "
    "Engineers began digging in 2016."
)
_ECHO = (
    "The harbour tunnel opened to traffic this month. It cost 480 million crowns, the auditor "
    "said. Drivers pay no toll."
)
_PLANS = (
    "The harbour tunnel was first planned in 1974. It was to cost 90 million crowns. "
    "Nothing came of it."
)
_FERRY = (
    "The ferry to the islands runs hourly in summer, the company said. The captain of the ferry, "
    "Ana Lind, has served for 30 years and will retire in the autumn, after which a younger "
    "captain takes over. The islands have 400 inhabitants."
)


def write(folder: Path) -> Path:
    """The folder with the articles in it as they were first printed."""
    folder.mkdir(parents=True, exist_ok=True)
    tunnel(folder, BEFORE)
    _article(
        folder / "echo.md", "Tunnel under the harbour is open", "The Echo", "2023-05-14", _ECHO
    )
    _article(folder / "plans.md", "Old plans for a harbour tunnel", "The Echo", "", _PLANS)
    for number, publisher in enumerate(("The Wire", "The Echo", "The Gazette"), start=1):
        _article(
            folder / f"ferry{number}.md",
            "Ferry runs hourly",
            publisher,
            f"2023-06-0{number}",
            _FERRY,
        )
    for number in range(MINUTES):
        _article(
            folder / f"minutes{number}.md",
            f"Council meeting number {number}",
            "The Gazette",
            f"{2010 + number // 5}-03-1{number % 5}",
            f"The council met. It spoke of street lamp {number * 17} and hedge {number * 31}.",
        )
    return folder


def tunnel(folder: Path, cost: str, modified: str = "") -> Path:
    """The article that is corrected later."""
    path = folder / "gazette.md"
    _article(
        path,
        "Harbour tunnel opens to traffic",
        "The Gazette",
        "2023-05-02",
        _GAZETTE.format(cost=cost),
        f"url: https://gazette.example/harbour\n{modified and f'modified: {modified}'}",
    )
    return path


def _article(
    path: Path, title: str, publisher: str, published: str, text: str, more: str = ""
) -> None:
    day = f"date: {published}\n" if published else ""
    path.write_text(
        f"---\ntitle: {title}\npublisher: {publisher}\n{day}{more}\n---\n{text}\n", encoding="utf-8"
    )
