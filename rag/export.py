"""Answers with their proof, to take away: Markdown, one HTML file, JSON.

Every export numbers its sources through, and gives publisher, date, exact quote and, where the
article has an address, a link that opens it at the quote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote as percent

from rag.records import CANNOT_ANSWER, Answer, Citation, Quote
from rag.render import card, coverage_line, date_note, flat, is_verbatim

# A text fragment of more words is given by its first and its last.
_WHOLE_FRAGMENT = 12
_FRAGMENT_ENDS = 5
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#+!|~"})


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An answer with the number that each of its markers has in the whole export."""

    answer: Answer
    numbers: Mapping[int, int]


def as_markdown(answers: Sequence[Answer]) -> str:
    """The exchanges as Markdown; characters of articles that Markdown would read are escaped."""
    numbered = _numbered(answers)
    blocks = [_markdown_exchange(one) for one in numbered]
    sources = [
        f"{one.numbers[citation.marker]}. {_markdown_source(citation)}"
        for one in numbered
        for citation in one.answer.citations
    ]
    if sources:
        blocks.append("## Sources\n\n" + "\n".join(sources))
    return "\n\n".join(blocks) + "\n"


def as_html(answers: Sequence[Answer]) -> str:
    """The exchanges as one HTML file that asks for nothing else; all text is escaped."""
    numbered = _numbered(answers)
    exchanges = "\n".join(_html_exchange(one) for one in numbered)
    sources = "\n".join(
        f'<li id="s{one.numbers[citation.marker]}">{_html_source(citation)}</li>'
        for one in numbered
        for citation in one.answer.citations
    )
    listed = f"<h2>Sources</h2>\n<ol>\n{sources}\n</ol>" if sources else ""
    return f"{_HEAD}\n<main>\n{exchanges}\n{listed}\n</main>\n</body>\n</html>\n"


def as_json(answers: Sequence[Answer]) -> str:
    """The exchanges as a JSON list, each as `Answer.to_dict` gives it."""
    plain = [answer.to_dict() for answer in answers]
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Answer]], str]] = {
    ".md": as_markdown,
    ".html": as_html,
    ".json": as_json,
}


def link_to(quote: Quote) -> str | None:
    """The address of the article at the quote, as a text fragment; None without an address."""
    url = quote.source.url
    if not url or not url.lower().startswith(("http://", "https://")):
        return None
    words = quote.text.split()
    if len(words) <= _WHOLE_FRAGMENT:
        fragment = _fragment(" ".join(words))
    else:
        first, last = words[:_FRAGMENT_ENDS], words[-_FRAGMENT_ENDS:]
        fragment = f"{_fragment(' '.join(first))},{_fragment(' '.join(last))}"
    return f"{url.split('#')[0]}#:~:text={fragment}"


def _fragment(text: str) -> str:
    # In a text fragment "-", "," and "&" have a meaning of their own.
    return percent(text, safe="").replace("-", "%2D")


def _numbered(answers: Sequence[Answer]) -> list[_Numbered]:
    numbered, count = [], 0
    for answer in answers:
        numbers = {c.marker: count + i for i, c in enumerate(answer.citations, start=1)}
        count += len(numbers)
        numbered.append(_Numbered(answer, numbers))
    return numbered


def _lines(one: _Numbered, escaped: Callable[[str], str]) -> list[str]:
    """The sentences with their numbers; a verdict other than supported stands beside them."""
    answer = one.answer
    if answer.abstained:
        return [CANNOT_ANSWER]
    lines = []
    for claim in answer.claims:
        markers = "".join(f"[{one.numbers[c.marker]}]" for c in claim.citations)
        text = escaped(flat(claim.text))
        shown = f"“{text}”" if is_verbatim(claim) else text
        lines.append(f"{shown} {markers} ({claim.verdict.value})")
    return lines


def _remarks(answer: Answer) -> list[str]:
    understood = flat(answer.understood)
    remarks = [f"Understood as: {understood}"] if understood != flat(answer.question) else []
    remarks += [*answer.notes, *(conflict.reason for conflict in answer.conflicts)]
    if answer.coverage:
        remarks.append(coverage_line(answer.coverage))
    return remarks


def _markdown_exchange(one: _Numbered) -> str:
    head = f"## {_plain_markdown(one.answer.question)}"
    body = "\n\n".join(_lines(one, _plain_markdown))
    # Each in a paragraph of its own.
    remarks = "\n>\n".join(f"> {_plain_markdown(remark)}" for remark in _remarks(one.answer))
    return f"{head}\n\n{body}\n\n{remarks}".rstrip()


def _markdown_source(citation: Citation) -> str:
    quote = citation.quote
    line = f"{_plain_markdown(card(quote.source))}: “{_plain_markdown(flat(quote.text))}”"
    dates = "; ".join(_plain_markdown(date_note(note)) for note in quote.dates)
    link = link_to(quote)
    return line + (f" ({dates})" if dates else "") + (f" <{link}>" if link else "")


def _plain_markdown(text: str) -> str:
    return text.translate(_MARKDOWN)


def _html_exchange(one: _Numbered) -> str:
    lines = "".join(f"<p>{_linked(line, one)}</p>\n" for line in _lines(one, escape))
    remarks = "".join(f'<p class="remark">{escape(r)}</p>\n' for r in _remarks(one.answer))
    question = escape(one.answer.question)
    return f"<section>\n<h2>{question}</h2>\n{lines}{remarks}</section>"


def _linked(line: str, one: _Numbered) -> str:
    for number in one.numbers.values():
        line = line.replace(f"[{number}]", f'<a href="#s{number}">[{number}]</a>')
    return line


def _html_source(citation: Citation) -> str:
    quote = citation.quote
    dates = "".join(f"<br><small>{escape(date_note(note))}</small>" for note in quote.dates)
    link = link_to(quote)
    opened = f' <a href="{escape(link)}" rel="noreferrer">at the quote</a>' if link else ""
    return (
        f"<b>{escape(card(quote.source))}</b>"
        f"<blockquote>{escape(flat(quote.text))}</blockquote>{dates}{opened}"
    )


_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dateline: answers with their sources</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 Georgia, "Times New Roman", serif; margin: 2rem 1rem; }
main { max-width: 42rem; margin: 0 auto; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
.remark, small { opacity: .75; font-size: .9rem; }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 3px solid currentColor; }
</style>
</head>
<body>"""
