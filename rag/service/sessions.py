"""Sessions of readers in a browser: a cookie that says who logged in, signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

# Who logs in by the password alone.
READER = "reader"
LASTS = 7 * 24 * 3600  # seconds

# scrypt as OWASP's password storage cheat sheet has it: 16 MB and some 50 ms a try.
_SCRYPT: dict[str, Any] = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
# Salts are for hashes that may leak; these are never stored. They must be alike in every process,
# so that one reader's cookie is good on all of them and after a restart.
_OF_PASSWORDS, _OF_COOKIES = b"dateline passwords", b"dateline cookies"


class Sessions:
    """Who may log in, and the cookies they get.

    `passwords` are by name; the one of everybody is `READER`'s. The key that signs the cookies is
    made of the passwords: when one is changed, everybody has to log in again.
    """

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._hashes = {name: _slow(text, _OF_PASSWORDS) for name, text in passwords.items()}
        every = json.dumps(dict(passwords), sort_keys=True)
        self._key = _slow(every, _OF_COOKIES)

    @property
    def named(self) -> bool:
        """Whether readers say who they are."""
        return any(name != READER for name in self._hashes)

    def admits(self, name: str, password: str) -> bool:
        """Whether this is the name's password; takes as long for a name that is not known."""
        known = self._hashes.get(name)
        given = _slow(password, _OF_PASSWORDS)
        return hmac.compare_digest(given, known or bytes(len(given))) and known is not None

    def cookie(self, name: str) -> str:
        """The text of a cookie for a reader who logged in just now."""
        return self.signed(json.dumps({"name": name, "until": int(time.time()) + LASTS}))

    def reader(self, cookie: str) -> str | None:
        """Who logged in; None where the cookie is not ours, or too old."""
        said = self.verified(cookie)
        try:
            plain = json.loads(said or "null")
        except ValueError:
            return None
        if not isinstance(plain, dict) or plain.get("until", 0) < time.time():
            return None
        name = plain.get("name")
        return name if name in self._hashes else None

    def signed(self, text: str) -> str:
        """A text with a signature of ours, for a cookie."""
        body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{body}.{self._signature(body)}"

    def verified(self, signed: str) -> str | None:
        """The text that we signed; None where it was not us."""
        body, _, signature = signed.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()

    def _signature(self, body: str) -> str:
        return hmac.new(self._key, body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _slow(text: str, salt: bytes) -> bytes:
    return hashlib.scrypt(text.encode("utf-8", "replace"), salt=salt, **_SCRYPT)
