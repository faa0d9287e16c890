"""Quotations: direct speech and its speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.speech.attributions import Attribution, Paragraph, read
from rag.speech.cast import Cast
from rag.speech.marks import Marked
from rag.speech.voices import Voice


@dataclass(frozen=True, slots=True)
class Quotation:
    """Direct speech: `text[start:end]`, marks included, one for each paragraph and each part.

    `speaker` is the full name the article gives, None where nobody is clear; `speaker_start` and
    `speaker_end` are where the speaker is named for it (a pronoun, too), `verb` the verb of saying,
    None for speech that carries on. `description` are the offsets of what the speaker is said to
    be ("a professor at …").
    """

    start: int
    end: int
    speaker: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    verb: str | None = None
    description: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """An attribution with the speaker it turned out to mean, None where that is open."""

    attribution: Attribution
    speaker: Voice | None


def quotations(text: str) -> list[Quotation]:
    """The quotations of an article, in order, with their speakers."""
    cast = Cast(text)
    found: list[Quotation] = []
    closing: Quotation | None = None
    for paragraph in read(text):
        spoken = resolved(paragraph, cast)
        quotes: list[Quotation] = []
        for quote in paragraph.quotes:
            quotes.append(_attributed(text, paragraph, quote, spoken, quotes, closing))
        if quotes and quotes[0].speaker and paragraph.quotes[0].reopened:
            found = _named_late(found, quotes[0])
        found += quotes
        closing = _closing(text, paragraph, spoken, quotes) if text[paragraph.start : paragraph.end].strip() else closing
    return found


def resolved(paragraph: Paragraph, cast: Cast) -> list[Spoken]:
    """The attributions of a paragraph with full names; the cast hears each in turn."""
    spoken = []
    for attribution in paragraph.attributions:
        voice = attribution.voice
        if voice is None:
            spoken.append(Spoken(attribution, None))
            continue
        if voice.kind == "pronoun":
            meant = cast.meant(voice, paragraph.start)
            if meant is not None:
                meant = Voice(voice.start, voice.end, meant.text, meant.kind, meant.description)
        else:
            meant = cast.full(voice, paragraph.start)
        if meant is not None:
            cast.heard.append(meant)
        spoken.append(Spoken(attribution, meant))
    return spoken


def _attributed(
    text: str,
    paragraph: Paragraph,
    quote: Marked,
    spoken: list[Spoken],
    earlier: list[Quotation],
    closing: Quotation | None,
) -> Quotation:
    if quote.reopened and closing is not None:
        return _carried(quote, closing)
    if _is_title(text[quote.start + 1 : quote.end - 1]):
        return Quotation(quote.start, quote.end)
    sentence = next(s for s in paragraph.sentences if s[0] <= quote.start < s[1])
    here = [s for s in spoken if s.attribution.sentence == sentence]
    chosen = _chosen(text, quote, here)
    if chosen is not None:
        return _spoken(quote, chosen)
    if here or not _is_alone(text, quote, sentence):
        return Quotation(quote.start, quote.end)
    before = [s for s in spoken if s.attribution.end <= quote.start]
    if before:
        last = before[-1]
        return _carried(quote, _spoken(quote, last))
    if not earlier and closing is not None and quote.end >= _visible_end(text, paragraph):
        return _carried(quote, closing)
    return Quotation(quote.start, quote.end)


def _chosen(text: str, quote: Marked, here: list[Spoken]) -> Spoken | None:
    """The attribution of its own sentence that a quotation belongs to."""
    before = [s for s in here if s.attribution.end <= quote.start]
    after = [s for s in here if s.attribution.start >= quote.end]
    introduces = re.search(r"[,:]\s*$|\b(?:that|it|as|is|was|to)\s*$", text[max(0, quote.start - 8) : quote.start])
    if before and introduces and _reaches(text, before[-1], quote):
        return before[-1]
    if after and (text[quote.end - 2] in ",?!…—–-" or text[quote.end : quote.end + 1] == ","):
        return after[0]
    if before:
        return before[-1]
    return after[0] if after else None


def _reaches(text: str, spoken: Spoken, quote: Marked) -> bool:
    """Whether nothing but the words of one clause stands between verb and quotation."""
    between = text[spoken.attribution.end : quote.start]
    return "\"" not in between and "”" not in between


def _named_late(found: list[Quotation], named: Quotation) -> list[Quotation]:
    """The quotations so far, with the speaker that only the last paragraph of a speech names."""
    done = list(found)
    while done and done[-1].speaker is None and done[-1].verb is None:
        last = done[-1]
        found[len(done) - 1] = _carried(Marked(last.start, last.end), named)
        break
    return found


def _spoken(quote: Marked, spoken: Spoken) -> Quotation:
    voice, named = spoken.speaker, spoken.attribution.voice
    if voice is None or named is None:
        return Quotation(quote.start, quote.end, verb=spoken.attribution.verb)
    return Quotation(
        quote.start,
        quote.end,
        voice.text,
        named.start,
        named.end,
        spoken.attribution.verb,
        voice.description,
    )


def _carried(quote: Marked, known: Quotation) -> Quotation:
    return Quotation(
        quote.start,
        quote.end,
        known.speaker,
        known.speaker_start,
        known.speaker_end,
        None,
        known.description,
    )


def _is_alone(text: str, quote: Marked, sentence: tuple[int, int]) -> bool:
    """Whether a quotation is a sentence of its own, not words borrowed by one."""
    outside = text[sentence[0] : quote.start] + text[quote.end : sentence[1]]
    return not outside.strip(" \n\t.—–-") and text[quote.end - 2] in ".?!…,)]"


def _is_title(words: str) -> bool:
    """Whether quotation marks hold the title of a work: capitals nearly throughout, no sentence."""
    tokens = re.findall(r"[^\W\d_][\w'’]*", words)
    long = [token for token in tokens if len(token) > 3]
    return len(tokens) > 1 and bool(long) and all(token[0].isupper() for token in long) and words[-1] not in ".!?"


def _visible_end(text: str, paragraph: Paragraph) -> int:
    return paragraph.start + len(text[paragraph.start : paragraph.end].rstrip())


def _closing(
    text: str, paragraph: Paragraph, spoken: list[Spoken], quotes: list[Quotation]
) -> Quotation | None:
    """The quotation that the next paragraph may carry on: the last words of this one were speech."""
    if not quotes or quotes[-1].speaker is None:
        return None
    last = quotes[-1]
    end = _visible_end(text, paragraph)
    if last.end >= end:
        return last
    sentence = next(s for s in paragraph.sentences if s[0] <= last.start < s[1])
    own = [s for s in spoken if s.attribution.sentence == sentence]
    return last if sentence[1] >= end and own else None
