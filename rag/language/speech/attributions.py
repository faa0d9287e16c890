"""Attributions: a verb of saying, or "according to", with the voice it names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.language.speech.marks import Marked, marked, paragraphs
from rag.language.speech.voices import Voice, speaker_after, subject_before

# Verbs that report a statement by themselves.
_SAYING = r"said|says|told|tells|quoted\s+as\s+saying"
# Verbs that report one with "that", a colon, quotation marks or the end of the sentence after them:
# "reported that …", not "reported to him".
_REPORTING = (
    r"added|adds|wrote|writes|noted|notes|stated|states|explained|explains"
    r"|argued|argues|claimed|claims|insisted|insists|warned|warns|announced|announces|confirmed"
    r"|confirms|declared|declares|acknowledged|acknowledges|admitted|admits|remarked|remarks"
    r"|replied|replies|responded|recalled|recalls|concluded|concludes|commented|comments|suggested"
    r"|suggests|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|testified|testifies|tweeted|tweets"
    r"|posted|revealed|reveals|predicted|predicts|conceded|concedes|reiterated|reiterates|observed"
    r"|observes|complained|complains|cautioned|cautions|contended|contends|maintained|maintains"
    r"|asserted|asserts|alleged|alleges|denied|denies|reported|reports|vowed|pledged|promised"
    r"|pointed\s+out|points\s+out|went\s+on|estimated|estimates"
)
_REPORTS = re.compile(
    r"(?:\s+(?:in|on|to|during|at|via)\s+(?:[\w’'.-]+\s+){1,4}?|\s+(?:reporters|later|\w+day)\s+|\s+)"
    r"(?:that\b|(?:he|she|it|they|there)\s+(?:was|is|had|has|would|will|were|are)\b)|\s*[.!?:,]"
)
# Verbs that only speak beside quotation marks.
_BESIDE_MARKS = (
    r"asked|asks|answered|answers|joked|jokes|quipped|countered|continued|continues|agreed|agrees"
    r"|boasted|lamented|shouted|exclaimed|yelled|called|calls|described|describes|dubbed|urged"
    r"|urges|read|reads|thinks|thought|laughed|put\s+it|puts\s+it|shared|shares|captioned"
)
_GOING_ON = (
    r"saying|adding|telling|writing|noting|stating|explaining|arguing|insisting|warning|claiming"
)
_VERB = re.compile(
    rf"\b(?:(?P<saying>{_SAYING})|(?P<reporting>{_REPORTING})|(?P<beside>{_BESIDE_MARKS})|(?P<going>{_GOING_ON})"
    r"|(?P<source>[Aa]ccording\s+to))\b(?!\s+by\b)"
)
_NO_SPEECH_BEFORE = re.compile(
    r"(?:\b(?:was|were|is|are|be|been|being|am|get|gets|got|to|of|by|without|as|in|not|when|if|who\s+was|n['’]t|has\s+it"
    r"|the|a|an|and|no|news|media|his|her|their|its|these|those|some|many|from|with)|-)\s*$",
    re.I,
)
# Characters within which a verb's speaker with all that describes it stands.
_LONGEST_SUBJECT = 300
_QUOTED = re.compile(r"\b(?:was|were|is|been)\s+$", re.I)
_AFTER_INVERSION = re.compile(
    r"\s+(?!(?:in|on|at|to|that|during|after|before|as|when|while|with|by|of|for|last|earlier|it\s"
    r"|this|there|about|if|how|why|what|him|her|them|us|me|reporters|yesterday|later)\b)",
    re.I,
)
_ENDS_SENTENCE = re.compile(r"[.!?…](?=\s+[\"“‘'(\[«„]?(?:\0|[^\Wa-z_])|\s*$)|\n")
_ABBREVIATED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Capt|Lt|Sgt|St|Jr|Sr|Inc|Corp|Co|Ltd|No|vs|Jan|Feb|Mar"
    r"|Apr|Aug|Sept?|Oct|Nov|Dec|[A-Za-z])$"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words that give speech to a voice: the verb stands at `text[start:end]`.

    `voice` is None where the verb speaks but nobody clear is named. `sentence` are the borders of
    the sentence it stands in; `beside` marks a verb that only speaks beside quotation marks.
    """

    start: int
    end: int
    verb: str
    voice: Voice | None
    sentence: tuple[int, int]
    beside: bool = False
    source: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph read for speech: its quotations, sentences and attributions, each in order."""

    start: int
    end: int
    quotes: tuple[Marked, ...]
    sentences: tuple[tuple[int, int], ...]
    attributions: tuple[Attribution, ...]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence that holds the character at `place`."""
        index = bisect_right(self.sentences, place, key=lambda sentence: sentence[0])
        return self.sentences[max(0, index - 1)]


def read(text: str) -> list[Paragraph]:
    """Every paragraph of a text, read for speech."""
    quotes = marked(text)
    masked = _mask(text, quotes)
    read: list[Paragraph] = []
    for start, end in paragraphs(text):
        inside = _within(quotes, start, end)
        sentences = _sentences(text, masked, start, end, inside)
        found = [
            attribution
            for sentence in sentences
            for attribution in _attributions(text, masked, sentence, _within(inside, *sentence))
        ]
        read.append(Paragraph(start, end, inside, tuple(sentences), tuple(found)))
    return read


def _within(quotes: Sequence[Marked], start: int, end: int) -> tuple[Marked, ...]:
    first = bisect_left(quotes, start, key=lambda quote: quote.start)
    last = bisect_left(quotes, end, key=lambda quote: quote.start)
    return tuple(quotes[first:last])


def _mask(text: str, quotes: list[Marked]) -> str:
    """The text with quoted words blanked out, marks and length kept."""
    parts, place = [], 0
    for quote in quotes:
        parts += [text[place : quote.start + 1], "\0" * (quote.end - quote.start - 2)]
        place = quote.end - 1
    return "".join([*parts, text[place:]])


def _sentences(
    text: str, masked: str, start: int, end: int, quotes: tuple[Marked, ...]
) -> list[tuple[int, int]]:
    """Sentences of a paragraph; one that is inside quotation marks never ends there."""
    ends = {
        match.end()
        for match in _ENDS_SENTENCE.finditer(masked, start, end)
        if match[0] != "."
        or not _ABBREVIATED.search(text, max(start, match.start() - 6), match.start())
    }
    ends |= {quote.end for quote in quotes if _ends_with_quote(text, quote, end)}
    borders = [start, *sorted(place for place in ends if start < place < end), end]
    return [(left, right) for left, right in pairwise(borders) if text[left:right].strip()]


def _ends_with_quote(text: str, quote: Marked, end: int) -> bool:
    last = text[quote.end - 2]
    following = text[quote.end : min(end, quote.end + 40)].lstrip()
    if not following:
        return True
    if last == ".":
        return not following[0].islower() and following[0] not in ",;"
    if last in "?!…":
        # "Why?" Kim asked: the name still belongs to the question.
        return following[0] in '"“' or (
            following[0].isupper()
            and not re.match(
                rf"[^.!?\n]{{1,60}}?\b(?:{_SAYING}|{_REPORTING}|asked|asks)\b", following
            )
        )
    return False


def _attributions(
    text: str, masked: str, sentence: tuple[int, int], quotes: tuple[Marked, ...]
) -> list[Attribution]:
    found: list[Attribution] = []
    for verb in _VERB.finditer(masked, *sentence):
        left, right = _reach(verb, sentence, quotes)
        if verb["source"]:
            voice, inverted = _source(text, verb, right), True
        elif verb["going"]:
            if not found and left == sentence[0]:
                voice = _opening_subject(text, sentence[0], verb.start())
            else:
                voice = found[-1].voice if found else None
            inverted = False
        else:
            voice, inverted = _voice(text, verb, left, right)
            if voice is None and not inverted:
                continue
        words = re.sub(r"\s+", " ", verb[0])
        only_names = verb["reporting"] and not inverted and not _REPORTS.match(text, verb.end())
        beside = bool(verb["beside"] or verb["going"] or only_names)
        source = bool(verb["source"])
        found.append(Attribution(verb.start(), verb.end(), words, voice, sentence, beside, source))
    return found


def _source(text: str, verb: re.Match[str], right: int) -> Voice | None:
    """Whom "according to" names; in front of a clause, only a closing comma ends a description."""
    voice = speaker_after(text, verb.end(), right)
    if voice is None or voice.description is None or not verb[0].startswith("A"):
        return voice
    end = voice.description[1]
    if voice.description[0] > voice.end and text[end : end + 1] != ",":
        return replace(voice, description=None)
    return voice


def _reach(
    verb: re.Match[str], sentence: tuple[int, int], quotes: tuple[Marked, ...]
) -> tuple[int, int]:
    """Borders of the unquoted words around a verb in which its speaker may stand."""
    index = bisect_right(quotes, verb.start(), key=lambda quote: quote.end)
    left = quotes[index - 1].end if index else sentence[0]
    right = quotes[index].start if index < len(quotes) else sentence[1]
    return max(left, verb.start() - _LONGEST_SUBJECT), min(right, verb.end() + _LONGEST_SUBJECT)


def _voice(text: str, verb: re.Match[str], left: int, right: int) -> tuple[Voice | None, bool]:
    """The verb's speaker, and whether it follows the verb."""
    before = text[left : verb.start()]
    if verb[0].startswith("quoted"):
        was = _QUOTED.search(before)
        return (subject_before(text, left, left + was.start()) if was else None), False
    # Right after a quotation: "…," said Ana Ruiz.
    if not before.strip(" ,—–-\n\t") or re.fullmatch(r"[\s,—–-]*(?:also|then|later)\s+", before):
        opens = left > 0 and text[left - 1] in "\"”»'’"
        if opens and _AFTER_INVERSION.match(text, verb.end(), right):
            return speaker_after(text, verb.end(), right), True
        return None, opens
    if _NO_SPEECH_BEFORE.search(before):
        return None, False
    return subject_before(text, left, verb.start()), False


def _opening_subject(text: str, start: int, end: int) -> Voice | None:
    """The name a sentence opens with ("Ruiz praised the crew, saying …")."""
    opening = re.compile(
        r"[\s]*(?P<subject>[^,;:\"“]{2,80}?)\s+(?:\w+ly\s+)?(?:[a-z]+ed|shook|gave|made|took"
        r"|spoke|hit|went|defends|has|had)\b"
    ).match(text, start, end)
    if opening is None:
        return None
    return subject_before(text, opening.start("subject"), opening.end("subject"))
