"""Statements: sentences that report what somebody said, with or without quotation marks."""

from __future__ import annotations

from dataclasses import dataclass

from rag.language.speech.attributions import read
from rag.language.speech.cast import Cast
from rag.language.speech.quotations import resolved


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that tells what `speaker` said: `text[start:end]`.

    `speaker` is the full name the article gives; `speaker_start` and `speaker_end` are where the
    sentence names the speaker; `description` are the offsets of what the speaker is said to be.
    """

    start: int
    end: int
    speaker: str
    speaker_start: int
    speaker_end: int
    verb: str
    description: tuple[int, int] | None = None


def statements(text: str) -> list[Statement]:
    """The statements of an article, in order, one for each speaker a sentence names clearly."""
    cast = Cast(text)
    found: list[Statement] = []
    for paragraph in read(text):
        for spoken in resolved(paragraph, cast):
            attribution, voice = spoken.attribution, spoken.speaker
            named = attribution.voice
            if voice is None or named is None or attribution.beside:
                continue
            start, end = attribution.sentence
            start += len(text[start:end]) - len(text[start:end].lstrip())
            end = start + len(text[start:end].rstrip())
            found.append(
                Statement(
                    start,
                    end,
                    voice.text,
                    named.start,
                    named.end,
                    attribution.verb,
                    voice.description,
                )
            )
    return found
