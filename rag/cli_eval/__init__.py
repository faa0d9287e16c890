"""`rag eval`: measure the answers; its verbs, a file for each kind of them."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from rag.cli_eval import drafting, looking, making, people, running


class RunsByDefault(TyperGroup):
    """A group in which words that name no command go to `run`: `rag eval seeds --out DIR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = ["run", *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=RunsByDefault,
    help="Measure the answers on a suite of cases; `rag eval [SUITE]` is `rag eval run [SUITE]`.",
    no_args_is_help=False,
)
app.command()(running.run)
app.command()(looking.lint)
app.command()(looking.explain)
app.command()(looking.compare)
app.command()(looking.sweep)
app.command()(running.ablate)
app.command()(running.accept)
app.command()(people.judge)
app.command()(people.label)
app.command()(people.correct)
app.command()(making.init)
app.command("import")(making.import_)
app.command()(making.generate)
app.command()(drafting.drafts)
app.command()(drafting.review)
