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
# The line of each in `rag --help`, which cuts what is longer than an 80-column terminal.
app.command("ask", short_help="Ask the archive a question.")(asking.ask)
app.command("ingest", short_help="Put articles into the archive.")(feeding.ingest)
app.command("serve", short_help="Open the page, and /v1 for programs.")(serving.serve)
app.add_typer(articles.app, name="articles", short_help="List, show, compare, remove articles.")
app.command("status", short_help="What the archive holds; its health.")(keeping.status)
app.command("quote", short_help="Check a quotation.")(checking.quote)
app.command("replay", short_help="Is a recorded answer still the answer?")(replaying.replay)
app.command("doctor", short_help="Find what is wrong, and mend it.")(doctoring.doctor)
app.command("backup", short_help="Write the archive to one file.")(backing.backup)
app.command("restore", short_help="Make an archive of a backup.")(backing.restore)
app.command("rebuild", short_help="Make the indexes again.")(keeping.rebuild)
app.add_typer(keys.app, name="keys", short_help="Keys of programs that use the service.")
app.command("mcp", short_help="Offer the archive as tools (MCP).")(tooling.mcp)
app.add_typer(evaluation, name="eval", short_help="Measure the answers on a suite of cases.")
