"""Quotations: direct speech and its speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from rag.language.speech.attributions import Attribution, Paragraph, read
from rag.language.speech.cast import Cast
from rag.language.speech.marks import Marked
from rag.language.speech.voices import Voice

# Characters between a verb such as "called" and the words it quotes.
_BESIDE = 60


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


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the speakers of a paragraph's quotations are chosen from.

    `closing` is the quotation that ended the paragraph before.
    """

    text: str
    paragraph: Paragraph
    spoken: tuple[Spoken, ...]
    ends: tuple[int, ...]
    closing: Quotation | None

    def said_in(self, sentence: tuple[int, int]) -> list[Spoken]:
        """What is said by whom in one sentence."""
        first, last = (bisect_right(self.ends, border) for border in sentence)
        return list(self.spoken[first:last])


def quotations(text: str) -> list[Quotation]:
    """The quotations of an article, in order, with their speakers."""
    cast = Cast(text)
    found: list[Quotation] = []
    closing: Quotation | None = None
    for paragraph in read(text):
        spoken = resolved(paragraph, cast)
        quotes: list[Quotation] = []
        ends = tuple(said.attribution.end for said in spoken)
        scene = _Scene(text, paragraph, tuple(spoken), ends, closing)
        for quote in paragraph.quotes:
            quotes.append(_attributed(scene, quote, opens=not quotes))
        if quotes and quotes[0].speaker and paragraph.quotes[0].reopened:
            found = _named_late(found, quotes[0])
        found += quotes
        closing = (
            _closing(text, paragraph, spoken, quotes)
            if text[paragraph.start : paragraph.end].strip()
            else closing
        )
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
            cast.hear(meant)
        spoken.append(Spoken(attribution, meant))
    return spoken


def _attributed(scene: _Scene, quote: Marked, *, opens: bool) -> Quotation:
    """A quotation with its speaker; `opens` tells that it is the first of its paragraph."""
    text, paragraph, closing = scene.text, scene.paragraph, scene.closing
    if quote.reopened and closing is not None:
        return _carried(quote, closing)
    if _is_title(text[quote.start + 1 : quote.end - 1]):
        return Quotation(quote.start, quote.end)
    sentence = paragraph.sentence_at(quote.start)
    here = scene.said_in(sentence)
    chosen = _chosen(text, quote, here)
    if chosen is not None:
        return _spoken(quote, chosen)
    if here or not _is_alone(text, quote, sentence):
        return Quotation(quote.start, quote.end)
    before = bisect_right(scene.ends, quote.start)
    if before:
        return _carried(quote, _spoken(quote, scene.spoken[before - 1]))
    if opens and closing is not None and quote.end >= _visible_end(text, paragraph):
        return _carried(quote, closing)
    return Quotation(quote.start, quote.end)


def _chosen(text: str, quote: Marked, here: list[Spoken]) -> Spoken | None:
    """The attribution of its own sentence that a quotation belongs to."""
    before = [s for s in here if s.attribution.end <= quote.start]
    after = [s for s in here if s.attribution.start >= quote.end]
    introduces = re.search(
        r"[,:]\s*$|\b(?:that|it|as|is|was|to)\s*$", text[max(0, quote.start - 8) : quote.start]
    )
    if before and introduces and _reaches(text, before[-1], quote):
        return before[-1]
    if after and (text[quote.end - 2] in ",?!…—–-" or text[quote.end : quote.end + 1] == ","):
        return after[0]
    near = [s for s in before if not s.attribution.beside or _is_near(s.attribution, quote)]
    if near:
        return near[-1]
    return after[0] if after and not before else None


def _is_near(attribution: Attribution, quote: Marked) -> bool:
    return quote.start - attribution.end <= _BESIDE


def _reaches(text: str, spoken: Spoken, quote: Marked) -> bool:
    """Whether nothing but the words of one clause stands between verb and quotation."""
    between = text[spoken.attribution.end : quote.start]
    return '"' not in between and "”" not in between


def _named_late(found: list[Quotation], named: Quotation) -> list[Quotation]:
    """The quotations so far, with the speaker that only the next paragraph of a speech names."""
    if not found or found[-1].speaker is not None or found[-1].verb is not None:
        return found
    last = found[-1]
    return [*found[:-1], _carried(Marked(last.start, last.end), named)]


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
    return (
        len(tokens) > 1
        and bool(long)
        and all(token[0].isupper() for token in long)
        and words[-1] not in ".!?"
    )


def _visible_end(text: str, paragraph: Paragraph) -> int:
    return paragraph.start + len(text[paragraph.start : paragraph.end].rstrip())


def _closing(
    text: str, paragraph: Paragraph, spoken: list[Spoken], quotes: list[Quotation]
) -> Quotation | None:
    """The quotation that the next paragraph may carry on, where this one closes with speech."""
    if not quotes or quotes[-1].speaker is None:
        return None
    last = quotes[-1]
    end = _visible_end(text, paragraph)
    if last.end >= end:
        return last
    sentence = paragraph.sentence_at(last.start)
    own = [s for s in spoken if s.attribution.sentence == sentence]
    return last if sentence[1] >= end and own else None
