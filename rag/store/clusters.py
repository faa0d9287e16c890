"""Clusters of copies: articles that are one report, found by the bands that they share."""

from __future__ import annotations

import sqlalchemy as sa

from rag.copies import ALIKE, alike, bands as bands_of, signature
from rag.store.tables import articles, bands

# Candidates that are compared; a text of which there are more has long found its cluster.
_MOST_COMPARED = 200


def join_cluster(connection: sa.Connection, key: int, text: str) -> None:
    """Put a new article into the cluster of the article it is most alike, else into its own."""
    signed = signature(text)
    keys = bands_of(signed)
    sharing = sa.select(bands.c.article_key).where(bands.c.band.in_(keys)).distinct()
    candidates = connection.execute(
        sa.select(articles.c.cluster, articles.c.signature)
        .where(articles.c.key.in_(sharing))
        .order_by(articles.c.key)
        .limit(_MOST_COMPARED)
    ).all()
    best = max(candidates, key=lambda row: alike(row.signature, signed), default=None)
    cluster = best.cluster if best and alike(best.signature, signed) >= ALIKE else key
    connection.execute(
        articles.update().where(articles.c.key == key).values(cluster=cluster, signature=signed)
    )
    connection.execute(bands.insert(), [{"band": band, "article_key": key} for band in keys])


def leave_cluster(connection: sa.Connection, key: int) -> None:
    """Let an article that is searched no more be nobody's copy."""
    connection.execute(bands.delete().where(bands.c.article_key == key))
