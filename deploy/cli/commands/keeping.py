"""`tertulia backup` and `tertulia restore`: all that a shard keeps, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.commands.options import Json, Yes, _


def backup(
    file: Annotated[Path, typer.Argument(help=_("It must not be there yet."))],
    json: Json = False,
) -> None:
    """Writes the backup; debates go on meanwhile."""
    from deploy.cli.admin.keeping import backed_up

    raise typer.Exit(backed_up(file, as_json=json))


def restore(
    file: Annotated[Path, typer.Argument(help=_("What `tertulia backup` wrote."))],
    replace: Annotated[
        bool, typer.Option("--replace", help=_("Delete what is there, and put this in its place."))
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Restores the backup; its debates go on where they stood."""
    from deploy.cli.admin.keeping import restored, restoring
    from deploy.cli.asking import make_sure

    if replace:
        make_sure(restoring(file), yes=yes, as_json=json)
    raise typer.Exit(restored(file, replace=replace, as_json=json))
