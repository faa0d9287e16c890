"""An answer for the terminal: styled where there is one, plain text elsewhere."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag.records import Answer, Citation, Coverage, DateNote, Hit, Source

_NEAREST = 3
_NEAREST_LENGTH = 220


def show(answer: Answer, console: Console | None = None) -> None:
    """Print an answer with its sources, or what was searched in vain."""
    out = console or Console(highlight=False, soft_wrap=False)
    if answer.understood != answer.question and not answer.notes:
        out.print(Text(f"Understood as: {answer.understood}", style="italic"))
    for note in answer.notes:
        out.print(Text(note, style="italic"))
    if answer.abstained:
        _refusal(out, answer)
    else:
        _claims(out, answer)
    if answer.coverage:
        out.print(Text(coverage_line(answer.coverage), style="dim"))


def _claims(out: Console, answer: Answer) -> None:
    for claim in answer.claims:
        text = Text()
        for citation in claim.citations[:1]:
            text.append_text(_quote(citation))
        text.append(" " + "".join(f"[{c.marker}]" for c in claim.citations), style="cyan")
        out.print(text)
        out.print()
    for conflict in answer.conflicts:
        out.print(Text(f"The articles disagree: {conflict.reason}", style="yellow"))
    for citation in answer.citations:
        out.print(Text(f"[{citation.marker}] {card(citation.source)}"), style="cyan")
        for note in citation.quote.dates:
            out.print(Padding(Text(date_note(note), style="dim"), (0, 0, 0, 4)))
    out.print()


def _quote(citation: Citation) -> Text:
    quote = citation.quote
    text = Text(f"“{flat(quote.text)}”")
    if quote.short:
        first, last = quote.short
        short = flat(quote.text[first - quote.start : last - quote.start])
        at = text.plain.find(short)
        if short and at >= 0:
            text.stylize("bold", at, at + len(short))
    return text


def _refusal(out: Console, answer: Answer) -> None:
    out.print(Text(answer.text, style="bold"))
    if answer.hits:
        out.print()
        out.print(Text("Nearest, not an answer:"))
    for hit in answer.hits[:_NEAREST]:
        out.print(Padding(Text(f"{card(hit.passage.source)}", style="cyan"), (0, 0, 0, 2)))
        out.print(Padding(Text(excerpt(hit)), (0, 0, 0, 4)))
    out.print()


def card(source: Source) -> str:
    """Publisher, date and title in a line; the id where the article states no title."""
    day = on(source.published) if source.published else "date unknown"
    parts = [source.publisher or "publisher unknown", day, source.title or source.article_id]
    return " · ".join(parts)


def date_note(note: DateNote) -> str:
    """`“Wednesday” = 13 September 2023 (derived)`."""
    return f"“{flat(note.text)}” = {span(note.first, note.last)} (derived)"


def excerpt(hit: Hit) -> str:
    """The beginning of a passage, cut at a word."""
    text = flat(hit.passage.text)
    if len(text) <= _NEAREST_LENGTH:
        return text
    return text[:_NEAREST_LENGTH].rsplit(" ", 1)[0] + " …"


def coverage_line(coverage: Coverage) -> str:
    """`Searched 412 articles of 9 publishers, 3 January 2021 – 30 June 2024.`"""
    line = f"Searched {_counted(coverage.articles, 'article')}"
    if coverage.publishers:
        line += f" of {_counted(coverage.publishers, 'publisher')}"
    if dates := span(coverage.first, coverage.last):
        line += f", {dates}"
    if coverage.undated:
        line += f"; left out {_counted(coverage.undated, 'article')} without a date"
    return line + "."


def span(first: date | None, last: date | None) -> str:
    """`3 January 2021 – 30 June 2024`, one day if they are the same, empty if unknown."""
    if first is None or last is None:
        return ""
    return on(first) if first == last else f"{on(first)} – {on(last)}"


def on(day: date) -> str:
    """`13 September 2023`."""
    return f"{day.day} {day:%B %Y}"


def flat(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
