"""`tertulia config …`: the settings as they stand, and what is wrong with them."""

from __future__ import annotations

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("The settings as they stand, and what is wrong with them."))


@app.command(help=_("Every setting and where it comes from; secrets are not shown."))
def show(json: Json = False) -> None:
    """Shows them."""
    from deploy.cli.admin.config import shown
    from deploy.cli.output import give

    raise typer.Exit(give(shown(), as_json=json))


@app.command(help=_("Name every mistake in the settings; the status is 2 if there is one."))
def check(json: Json = False) -> None:
    """Checks them."""
    from deploy.cli.admin.config import checked
    from deploy.cli.output import give

    raise typer.Exit(give(checked(), as_json=json))
