"""Mail (.eml): one file, one article; the subject is its title, the sender its author."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from rag.errors import ReadError
from rag.language.dates import published
from rag.reading.blocks import text_of_fragment
from rag.reading.dateline import dateline
from rag.reading.decoding import decoded
from rag.reading.file import File
from rag.reading.forwarded import attached, is_forwarded, quoted, unforwarded
from rag.reading.record import Reading


def read_mail(file: File) -> Iterator[Reading | ReadError]:
    """The article of a mail, its plain words before its HTML; attachments are not looked at.

    Of a mail that passes another on, that one is the article.
    """
    message = email.message_from_bytes(file.data(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys():
        yield ReadError(f"{file.name}: is not mail (it has no headers)")
        return
    text = _text(message, file.name)
    inner = attached(message) if is_forwarded(_word(message, "subject")) or not text else None
    if inner is not None and (words := _text(inner, file.name)):
        message, text = inner, words
    yield _reading(message, text) if text else ReadError(f"{file.name}: holds no text")


def _reading(message: EmailMessage, text: str) -> Reading:
    subject, author, sent = _word(message, "subject"), _author(message), _sent(message)
    inside = quoted(text) if is_forwarded(subject) else None
    if inside is not None:
        text, author = inside.text, _named(inside.sender)
        subject, sent = inside.subject or subject, published(inside.sent)
    days = dateline(text)
    return Reading(
        text=text,
        id=_word(message, "message-id"),
        title=unforwarded(subject),
        author=author,
        url=(_word(message, "archived-at") or "").strip("<>") or None,
        published=sent or days.published,
        modified=days.modified,
        language=_word(message, "content-language"),
    )


def _author(message: EmailMessage) -> str | None:
    sender = message["from"]
    addresses = sender.addresses if sender else ()
    return next((a.display_name or a.addr_spec for a in addresses), None) or None


def _named(sender: str) -> str | None:
    """The name, else the address, of a sender as it is written in a text."""
    name, address = parseaddr(sender)
    return name or address or None


def _text(message: EmailMessage, name: str) -> str:
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if part is None or not isinstance(part, EmailMessage):
            continue
        words = _content(part, name)
        text = (text_of_fragment(words) if kind == "html" else words).replace("\0", "").strip()
        if text:
            return text
    return ""


def _content(part: EmailMessage, name: str) -> str:
    """The words of a part, by the encoding it states if that is true."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    stated = part.get_content_charset()
    if stated:
        try:
            return data.decode(stated).replace("\r\n", "\n")
        except (LookupError, UnicodeError):
            pass
    return decoded(data, name) if data.strip() else ""


def _sent(message: EmailMessage) -> date | None:
    stated = _word(message, "date")
    try:
        return parsedate_to_datetime(stated).date() if stated else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _word(message: EmailMessage, name: str) -> str | None:
    return " ".join(str(message[name] or "").split()) or None
