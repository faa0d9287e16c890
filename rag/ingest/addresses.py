"""Web addresses: what is hung on one to follow readers taken off, and two spellings made one."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}
# Parameters that name where a reader came from, never what is read: those of the analytics,
# advertising and newsletter programs that document them. `id`, `ref`, `source` and the like may
# choose the article on some site, so they stay.
_FOLLOWING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid"
    r"|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|at_medium|at_campaign|at_custom\d"
    r"|smid|cmpid|ocid|ns_campaign|ns_mchannel|ns_source|xtor|wt_mc)",
    re.I,
)
_ENDING = re.compile(r"[\s/]+$")
_ESCAPE = re.compile(r"%[0-9a-f]{2}")


def untracked(address: str) -> str:
    """The address without what follows readers and without the place on the page.

    What is no web address stays as it is; so does a fragment that a page routes by (`#!`, `#/`).
    """
    parts = _web(address)
    if parts is None:
        return address
    query = "&".join(
        each for each in parts.query.split("&") if not _FOLLOWING.fullmatch(each.partition("=")[0])
    )
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return parts._replace(query=query, fragment=fragment).geturl()


def spelled(address: str) -> str:
    """The one spelling of an address: two that lead to the same page give the same.

    Besides `untracked`: host in small letters, no default port, no slash at the end, escapes in
    capitals. Giving it its own answer changes nothing.
    """
    parts = _web(untracked(address.strip()))
    if parts is None:
        return address
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    user, sign, _ = parts.netloc.rpartition("@")
    netloc, path = f"{user}{sign}{host}{port}", _ENDING.sub("", parts.path)
    plain = parts._replace(netloc=netloc, path=path, query=parts.query.strip())
    return _ESCAPE.sub(lambda found: found[0].upper(), plain.geturl())


def _web(address: str) -> SplitResult | None:
    """The parts of a web address; None for anything else."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if sound else None
