"""The tables of the store, as they are in the file."""

from __future__ import annotations

import sqlalchemy as sa

# Raised whenever a table changes in a way that older files do not have.
SCHEMA = "2"

# Words are compared by their code points everywhere, as SQLite does, in no country's order.
_STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# A number that does not run out where passages are cut anew again and again.
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

tables = sa.MetaData()

meta = sa.Table(
    "meta",
    tables,
    sa.Column("key", _STRING, primary_key=True),
    sa.Column("value", _STRING, nullable=False),
)
# Every change has a number and a random token: two stores that count alike are told apart.
journal = sa.Table(
    "journal",
    tables,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("token", _STRING, nullable=False),
)
# The long columns stand last: SQLite reads a row from its beginning and stops where it may.
articles = sa.Table(
    "articles",
    tables,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("article_id", _STRING, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("live", sa.Boolean, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("publisher", _STRING),
    sa.Column("publisher_key", _STRING),
    sa.Column("passages", sa.Integer, nullable=False),
    sa.Column("cluster", sa.Integer),
    sa.Column("title", _STRING),
    sa.Column("author", _STRING),
    sa.Column("url", _STRING),
    sa.Column("modified", sa.Date),
    sa.Column("language", _STRING),
    sa.Column("corrected", sa.Date),
    sa.Column("stored", sa.DateTime),
    sa.Column("content_hash", _STRING, nullable=False),
    sa.Column("folder", _STRING),
    sa.Column("path", _STRING),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("text", _TEXT, nullable=False),
    sa.UniqueConstraint("article_id", "version"),
    sa.Index("articles_covered", "live", "published", "publisher_key", "publisher", "passages"),
    sa.Index("articles_origin", "folder", "path"),
    sa.Index("articles_cluster", "cluster"),
)
bands = sa.Table(
    "bands",
    tables,
    sa.Column("band", _STRING, primary_key=True),
    sa.Column("article_key", sa.Integer, sa.ForeignKey("articles.key"), primary_key=True),
    sa.Index("bands_article", "article_key"),
    sqlite_with_rowid=False,
)
# The text stands here a second time: cutting it out of a long article reads all that precedes.
passages = sa.Table(
    "passages",
    tables,
    sa.Column("key", _NUMBER, primary_key=True),
    sa.Column("id", _STRING, nullable=False, unique=True),
    sa.Column("article_key", sa.Integer, sa.ForeignKey("articles.key"), nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text_hash", _STRING, nullable=False),
    sa.Column("text", _TEXT, nullable=False),
    sa.Index("passages_article", "article_key"),
    sa.Index("passages_generation", "generation", "article_key", "start"),
)
removed = sa.Table(
    "removed",
    tables,
    sa.Column("passage_id", _STRING, primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Index("removed_generation", "generation"),
)
vectors = sa.Table(
    "vectors",
    tables,
    sa.Column("text_hash", _STRING, primary_key=True),
    sa.Column("embedding", _STRING, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
# What readers asked in the page; `reader` is the hash of the browser's token, or who logged in.
conversations = sa.Table(
    "conversations",
    tables,
    sa.Column("id", _STRING, primary_key=True),
    sa.Column("reader", _STRING, nullable=False),
    sa.Column("title", _STRING, nullable=False),
    sa.Column("begun", sa.DateTime, nullable=False),
    sa.Column("changed", sa.DateTime, nullable=False),
    sa.Index("conversations_reader", "reader", "changed"),
)
# `answer`, `filters` and `settings` are JSON; an exchange without an answer was cut short. `words`
# are those of question and answer in lower case, for the search.
exchanges = sa.Table(
    "exchanges",
    tables,
    sa.Column("key", _STRING, primary_key=True),
    sa.Column("conversation", _STRING, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("question", _TEXT, nullable=False),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("stopped", sa.Boolean, nullable=False),
    sa.Column("filters", _TEXT, nullable=False),
    sa.Column("settings", _TEXT, nullable=False),
    sa.Column("error", _TEXT),
    sa.Column("words", _TEXT, nullable=False),
    sa.Column("answer", _TEXT),
    sa.UniqueConstraint("conversation", "position"),
)
# What readers said of answers; `answer` is its JSON with the receipt, `claim` the sentence meant.
feedback = sa.Table(
    "feedback",
    tables,
    sa.Column("id", _STRING, primary_key=True),
    sa.Column("reader", _STRING),
    sa.Column("exchange", _STRING),
    sa.Column("given", sa.DateTime, nullable=False),
    sa.Column("reason", _STRING, nullable=False),
    sa.Column("remark", _TEXT, nullable=False),
    sa.Column("claim", _TEXT),
    sa.Column("question", _TEXT, nullable=False),
    sa.Column("answer", _TEXT),
)
# Which articles a stored answer holds words of, so that they can be forgotten there too.
mentions = sa.Table(
    "mentions",
    tables,
    sa.Column("article_id", _STRING, primary_key=True),
    sa.Column("place", _STRING, primary_key=True),  # "exchange" or "feedback"
    sa.Column("key", _STRING, primary_key=True),
)
# Keys of programs; only a hash is kept. Limits that are None do not limit.
keys = sa.Table(
    "keys",
    tables,
    sa.Column("name", _STRING, primary_key=True),
    sa.Column("hash", _STRING, nullable=False, unique=True),
    sa.Column("made", sa.DateTime, nullable=False),
    sa.Column("revoked", sa.DateTime),
    sa.Column("writes", sa.Boolean, nullable=False),
    sa.Column("per_minute", sa.Integer),
    sa.Column("per_day", sa.Integer),
)
calls = sa.Table(
    "calls",
    tables,
    sa.Column("name", _STRING, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

# The columns of a source card, in the order of `rows.source`.
SOURCE = (
    articles.c.article_id,
    articles.c.title,
    articles.c.publisher,
    articles.c.published,
    articles.c.url,
    articles.c.author,
    articles.c.modified,
    articles.c.language,
    articles.c.corrected,
)
