"""An answer for the terminal: styled where there is one, plain text elsewhere."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag.records import Answer, Citation, Claim, Coverage, DateNote, Hit, Source, Verdict

_NEAREST = 3
_NEAREST_LENGTH = 220


def show(answer: Answer, console: Console | None = None) -> None:
    """Print an answer with its sources, or what was searched in vain."""
    out = console or Console(highlight=False, soft_wrap=False)
    if answer.understood != answer.question:
        out.print(Text(f"Understood as: {answer.understood}", style="italic"))
    for note in answer.notes:
        out.print(Text(note, style="italic"))
    if answer.abstained:
        _refusal(out, answer)
    else:
        _claims(out, answer)
    if answer.coverage:
        out.print(Text(coverage_line(answer.coverage), style="dim"))


def show_without(article_id: str, answer: Answer, console: Console | None = None) -> None:
    """Print what an answer would be without one of its articles."""
    out = console or Console(highlight=False)
    out.print()
    out.print(Text(f"Without {article_id}:", style="bold"))
    show(answer, out)


def _claims(out: Console, answer: Answer) -> None:
    for claim in answer.claims:
        text = _quote(claim.citations[0]) if is_verbatim(claim) else Text(flat(claim.text))
        text.append(" " + "".join(f"[{c.marker}]" for c in claim.citations), style="cyan")
        if claim.verdict is Verdict.SUPPORTED:
            text.append(f" ({claim.verdict.value})", style="dim")
        else:
            text.append(f" ({claim.verdict.value}: {claim.reason})", style="yellow")
        out.print(text)
        out.print()
    for conflict in answer.conflicts:
        out.print(Text(conflict.reason, style="yellow"))
        out.print()
    quoted = {claim.text for claim in answer.claims}
    for citation in answer.citations:
        out.print(Text(f"[{citation.marker}] {card(citation.source)}"), style="cyan")
        if citation.quote.text not in quoted:
            out.print(Padding(_quote(citation), (0, 0, 0, 4)))
        if citation.quote.speaker:
            out.print(Padding(Text(f"said by {citation.quote.speaker}", style="dim"), (0, 0, 0, 4)))
        for note in citation.quote.dates:
            out.print(Padding(Text(date_note(note), style="dim"), (0, 0, 0, 4)))
    out.print()


def is_verbatim(claim: Claim) -> bool:
    """Whether a claim is the quote it cites, word for word."""
    return any(citation.quote.text == claim.text for citation in claim.citations[:1])


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
    if source.corrected:
        day += f", {corrected(source)}"
    parts = [source.publisher or "publisher unknown", day, source.title or source.article_id]
    return " · ".join(parts)


def corrected(source: Source) -> str:
    """`corrected on 5 May 2024`; empty for an article that was not.

    A day that the article does not state is the one on which the change was met, no later one.
    """
    if source.corrected is None:
        return ""
    stated = source.corrected == source.modified
    return f"corrected {'on' if stated else 'on or before'} {on(source.corrected)}"


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
    if coverage.used:
        line += f"; {_rests_on(coverage)}"
    if coverage.undated:
        line += f"; left out {_counted(coverage.undated, 'article')} without a date"
    return line + "."


def _rests_on(coverage: Coverage) -> str:
    """`rests on one report`, `rests on 3 independent reports, carried by 11 more articles`."""
    if coverage.independent == 1:
        reports = "rests on one article" if not coverage.copies else "rests on one report"
    else:
        reports = f"rests on {coverage.independent} independent reports"
    carried = f", carried by {_counted(coverage.copies, 'more article')}" if coverage.copies else ""
    return reports + carried


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
