"""`tertulia secrets …`: the tokens of installed workspaces, sealed anew when keys change."""

from __future__ import annotations

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("What is kept sealed: the tokens of workspaces that installed the app."))


@app.command(help=_("Seal all of it anew with the first of secrets.keys; then take the old away."))
def reseal(json: Json = False) -> None:
    """Seals it."""
    from deploy.cli.admin.resealing import resealed
    from deploy.cli.output import give

    raise typer.Exit(give(resealed(), as_json=json))
