"""Sentences of a text, as offsets into it."""

from __future__ import annotations

import sentencex


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, white space trimmed; together they hold every word."""
    spans = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        start, end = boundary["start_index"], boundary["end_index"]
        sentence = text[start:end]
        start += len(sentence) - len(sentence.lstrip())
        end = start + len(sentence.strip())
        if start < end:
            spans.append((start, end))
    return spans
