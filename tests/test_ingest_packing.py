"""Files on their way to a cluster's workers arrive as they were sent."""

from __future__ import annotations

import dataclasses

from rag.ingest.cluster import _packed, _unpacked
from rag.reading import File


def test_a_page_from_the_web_keeps_the_address_it_was_found_at() -> None:
    """A worker knows it by that where the page states none."""
    page = File.of_bytes("https://herald.example/bridge.html", b"<p>x</p>", {"Body": "text"})
    fetched = dataclasses.replace(page, address="https://herald.example/bridge")

    arrived = _unpacked(_packed(fetched))

    assert isinstance(arrived, File)
    assert (arrived.name, arrived.address) == (fetched.name, fetched.address)
    assert (arrived.data(), arrived.columns) == (b"<p>x</p>", {"Body": "text"})
