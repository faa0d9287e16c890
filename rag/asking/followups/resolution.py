"""A follow-up, put so that it stands on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.asking.followups.description import name_the
from rag.asking.followups.ellipsis import complete, is_reply
from rag.asking.followups.mentions import compound_with, name_spans, name_words, names_of
from rag.asking.followups.reference import replace_pronouns
from rag.asking.followups.salience import Entity, Exchange, Salience, people, salience
from rag.asking.followups.swap import swapped
from rag.language.terms import STOPWORDS, fold, terms
from rag.records import Turn

# A question of this many telling words or more, none of them said before, is a topic of its own.
# With titles at hand the talk is about an article, and leaving it takes more.
_OWN_TOPIC = 4
_OWN_TOPIC_BESIDE_TITLES = 6
_RIVAL = 0.2  # so much of the first person's salience makes the second worth a mention
_SHORT_ANSWER = 4  # words; a longer answer says more than a place
_SHORT = 3  # letters; a shorter given name may be any word

_ARTICLE = re.compile(r"\b(?:about|in|from) (?:this|the|that) (?:article|page|story)\b", re.I)
_MORE = re.compile(
    r"\b(?:else|other|others|another|more|next|then|also|later|besides|again)\b", re.IGNORECASE
)
_DEFINING = re.compile(
    r"^\s*(?:what|who) (?:is|are|was|were) (?!(?:the|a|an|some|his|her|their|its)\b)"
    r"[\w-]+(?: [\w-]+)?\s*\??$",
    re.IGNORECASE,
)
_TALK = re.compile(r"\b(?:are we|you mean|meant by|mean by|talking about)\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:and|so|but)\b,?\s+(?=\w)", re.IGNORECASE)
_TELLING = re.compile(
    r"\b(?:anything|something|more|know|interesting|important|said?|tell|learn|information|facts?)\b"
)
_HINT = re.compile(r" \([^()]*\)(?=\??$)")
_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their)\b", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )\bthere(?=\s*(?:[?.,]|$))", re.IGNORECASE
)
_IN_PLACE = re.compile(r"\b(?:in|at|to) ((?:the )?[A-Z]\w+(?: [A-Z]\w+)*)")
_LEFT = re.compile(r"\b(?:that|this|it|so)\s*\??$", re.IGNORECASE)
_MATTER = re.compile(r"\s(?P<matter>(?:about|on|over|regarding)\s+(?!it\b|that\b|this\b)[^?]+)\??$")


@dataclass(frozen=True, slots=True)
class Resolution:
    """A question that stands on its own; `changed` tells whether it had to be put anew."""

    text: str
    changed: bool
    reason: str


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """The question as it is to be searched, after these turns (oldest first)."""
    history = [Exchange(turn.answer.understood or turn.question, _said(turn)) for turn in turns]
    return resolve(question, history).text


def _said(turn: Turn) -> str:
    """What the turn's answer said, without markers; nothing where it abstained."""
    if turn.answer.abstained:
        return ""
    return " ".join(claim.text for claim in turn.answer.claims)


def resolve(question: str, history: Sequence[Exchange], topics: Sequence[str] = ()) -> Resolution:
    """The question put so that it stands on its own, exactly as it was where it does already.

    `history` is oldest first; `topics` are titles of what is talked about, widest first.
    """
    if not question.strip() or not (history or topics):
        return Resolution(question, False, "nothing was said before")
    history = [Exchange(_HINT.sub("", e.question), e.answer) for e in history]
    about = salience(history, topics)
    completed = _completed(question, history, about)
    if completed is None and is_reply(question):
        return Resolution(question, False, "a reply, not a question")
    text, reason = completed or _named(question, history, about)
    if text == question:
        return Resolution(question, False, "it stands on its own")
    return Resolution(text, True, reason)


def _completed(
    question: str, history: Sequence[Exchange], about: Salience
) -> tuple[str, str] | None:
    """The last question again, where this one leaves most of it out; None where it does not."""
    if not history:
        return None
    text = complete(question, history[-1])
    if text is not None:
        return replace_pronouns(text, history, about), "the last question, completed"
    text = None if is_reply(question) else swapped(question, history[-1])
    return (text, "the last question, about something else") if text else None


def _named(question: str, history: Sequence[Exchange], about: Salience) -> tuple[str, str]:
    """The question with names for its pronouns and descriptions, or with its topic."""
    text = replace_pronouns(_with_place(question, history), history, about)
    if text != question:
        text = _anchored(_hinted(question, _with_matter(text, history), about), history, about)
        return _without_lead(text), "a pronoun stood for it"
    text = name_the(question, history, about)
    if text != question:
        return _without_lead(text), "a description stood for it"
    return _with_topic(question, history, about), "the topic was left out"


def _with_place(question: str, history: Sequence[Exchange]) -> str:
    """ "There" at the end of a clause becomes the place that was last named."""
    there = _THERE.search(question)
    if there is None or not history:
        return question
    last = history[-1]
    alone = names_of(last.answer) if len(last.answer.split()) <= _SHORT_ANSWER else []
    placed = _IN_PLACE.findall(f"{last.question} {last.answer}")
    place = alone[0] if len(alone) == 1 else placed[-1] if placed else None
    if place is None:
        return question
    return f"{question[: there.start()]}in {place}{question[there.end() :]}"


def _without_lead(text: str) -> str:
    """The question without its "And …"."""
    lead = _LEAD.match(text)
    if lead is None:
        return text
    rest = text[lead.end() :]
    return rest[0].upper() + rest[1:] if text[0].isupper() else rest


def _with_matter(text: str, history: Sequence[Exchange]) -> str:
    """ "When did Macron say that" with what it was about: "about sanctions"."""
    matter = _MATTER.search(history[-1].question) if history else None
    if matter is None or not _LEFT.search(text):
        return text
    return f"{text.rstrip('? ')} {matter['matter'].rstrip('? ')}?"


def _anchored(text: str, history: Sequence[Exchange], about: Salience) -> str:
    """The resolved question, with the topic where nothing in it has a name yet."""
    if about.topic is None or name_spans(text) or about.named_in(text):
        return text
    return append(text, about.topic, history)


def _hinted(question: str, text: str, about: Salience) -> str:
    """The question with a second name in brackets where the first was a guess.

    It was one where a single word names it (a surname alone is many people's) or where another
    person is spoken of nearly as much.
    """
    put = [text[start:end] for start, end in name_spans(text)]
    if about.given or len(put) != 1 or not _PERSONAL.search(question):
        return text
    others = [e for e in about.entities if put[0] not in e.text and e.text not in text]
    if " " in put[0] or put[0].isupper():
        persons = people(about.entities)
        if not persons or put[0] not in persons[0].text:
            return text
        others = [e for e in persons[1:] if e.rank >= _RIVAL * persons[0].rank]
    return _bracketed(text, others[0].text) if others else text


def _bracketed(text: str, name: str) -> str:
    mark = "?" if text.rstrip().endswith("?") else ""
    return f"{text.rstrip('? ')} ({name}){mark}"


def _with_topic(question: str, history: Sequence[Exchange], about: Salience) -> str:
    """The question with its topic at the end, unless it names something or is a new topic."""
    topic = about.topic
    if topic is None:
        return question
    if not history:
        question = _given_name(question, topic)
    if name_spans(question) or about.named_in(question) or _TALK.search(question):
        return question
    article = _ARTICLE.search(question)
    if article:
        return f"{question[: article.end()]} on {topic.shown}{question[article.end() :]}"
    if not _MORE.search(question) and _is_own_topic(question, history, about):
        return question
    return append(question, topic, history)


def _is_own_topic(question: str, history: Sequence[Exchange], about: Salience) -> bool:
    own = set(terms(question))
    before = {term for e in history[-2:] for term in terms(f"{e.question} {e.answer}")}
    enough = _OWN_TOPIC_BESIDE_TITLES if about.given else _OWN_TOPIC
    return bool(_DEFINING.match(question)) or (len(own) >= enough and not own & before)


def _given_name(question: str, topic: Entity) -> str:
    """The question with the topic's whole name where it says the given name alone."""
    given, *others = topic.text.split()
    if not others or topic.group or fold(given) in STOPWORDS or len(given) < _SHORT:
        return question
    if any(fold(word.strip(".,")) in name_words(question) for word in others):
        return question
    pattern = rf"\b{re.escape(given)}\b(?! (?-i:[A-Z]))"
    return re.sub(pattern, topic.text, question, count=1, flags=re.IGNORECASE)


def append(question: str, topic: Entity, history: Sequence[Exchange]) -> str:
    """The question with its topic at its end, behind the preposition that fits."""
    body = _without_lead(question.rstrip())
    mark = "?" if body.endswith("?") else ""
    body = body.rstrip("?!. ")
    last = history[-1].question if history else ""
    shown = compound_with(topic.text, last) or topic.shown
    asked = " ".join(exchange.question for exchange in history)
    led = re.findall(rf"\b(in|at|on|by|from|during)\s+{re.escape(shown)}", asked)
    fitting = "about" if _TELLING.search(body.lower()) else led[-1] if led else None
    return f"{body} {fitting or _preposition(body)} {shown}{mark}"


def _preposition(body: str) -> str:
    lower = body.lower()
    if re.search(r"\b(?:happen|happened|happens|happening|occurred)\b", lower):
        return "to"
    if re.search(r" (?:about|for|of|in|with|to|on|by|from|at)$", lower):
        return "for"
    if _TELLING.search(lower):
        return "about"
    if re.match(r"(?:what|who|which|where|when|how \w+) (?:is|are|was|were) ", lower):
        return "of"
    return "for"
