"""The command line: verbs that a beginner guesses, one file each."""

from __future__ import annotations

import typer

from rag.cli import (
    articles,
    asking,
    backing,
    checking,
    doctoring,
    feeding,
    keeping,
    keys,
    replaying,
    serving,
    tooling,
)
from rag.cli_eval import app as evaluation

app = typer.Typer(
    name="rag",
    help="Ask a news archive; every sentence of the answer is an exact quote of a dated article.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("ask")(asking.ask)
app.command("ingest")(feeding.ingest)
app.command("quote")(checking.quote)
app.command("replay")(replaying.replay)
app.command("serve")(serving.serve)
app.command("mcp")(tooling.mcp)
app.command("status")(keeping.status)
app.command("rebuild")(keeping.rebuild)
app.command("doctor")(doctoring.doctor)
app.command("backup")(backing.backup)
app.command("restore")(backing.restore)
app.add_typer(keys.app, name="keys")
app.add_typer(articles.app, name="articles")
app.add_typer(evaluation, name="eval")
