"""Mail that was passed on: the message inside it is the article, not the note around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

_SUBJECT = re.compile(r"\s*(?:(?:fwd?|wg|tr|rv|enc)\s*:\s*)+", re.I)
# What mail programs write between a note and the mail that is passed on.
_BORDER = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:forwarded|original|weitergeleitete|ursprüngliche)\b.*"
    r"|begin forwarded message:|anfang der weitergeleiteten .*)$",
    re.I | re.M,
)
_FIELD = re.compile(r"\*?([^\W\d_][\w -]{1,20})\*?:\*?\s*(.*)")
_FROM = frozenset({"from", "von", "de", "da"})
_SENT = frozenset({"date", "sent", "datum", "gesendet", "fecha", "data", "envoyé"})
_SUBJECTS = frozenset({"subject", "betreff", "objet", "asunto", "oggetto", "assunto"})
# Lines that may stand between the border and the end of the fields.
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message inside another, its fields as they are written there; unstated is empty."""

    text: str
    sender: str = ""
    sent: str = ""
    subject: str = ""


def unforwarded(subject: str | None) -> str | None:
    """A subject without the marks that it was passed on."""
    return _SUBJECT.sub("", subject, count=1) or None if subject else None


def is_forwarded(subject: str | None) -> bool:
    """Whether a subject says that the mail is passed on."""
    return bool(subject and _SUBJECT.match(subject))


def attached(message: EmailMessage) -> EmailMessage | None:
    """The first whole message that a mail carries; None where it carries none."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
            inner = part.get_payload(0)
            return inner if isinstance(inner, EmailMessage) else None
    return None


def quoted(text: str) -> Forwarded | None:
    """The message whose fields and words stand below a border in a mail's own words."""
    border = _BORDER.search(text)
    if border is None:
        return None
    lines = text[border.end() :].lstrip("\n").split("\n")
    fields: dict[str, str] = {}
    for at, line in enumerate(lines[:_MOST_LINES]):
        found = _FIELD.fullmatch(line.strip())
        if found:
            fields.setdefault(found[1].strip().lower(), found[2].strip())
        elif fields and not line.strip():
            return _of(fields, "\n".join(lines[at:]).strip())
    return None


def _of(fields: dict[str, str], text: str) -> Forwarded | None:
    def one(names: frozenset[str]) -> str:
        return next((value for name, value in fields.items() if name in names), "")

    return Forwarded(text, one(_FROM), one(_SENT), one(_SUBJECTS)) if text else None
