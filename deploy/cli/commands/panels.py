"""`tertulia panels …`: casts to look at, to write and to hear."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("Casts: look at them, write your own, hear them."))

Panel = Annotated[str, typer.Argument(help=_("A name, as `panels list` has it, or a file."))]


@app.command(name="list", help=_("The panels that come along."))
def list_(json: Json = False) -> None:
    """Lists them."""
    from deploy.cli.admin.panels import listed
    from deploy.cli.output import give

    raise typer.Exit(give(listed(), as_json=json))


@app.command(help=_("A panel's rules and its personas."))
def show(panel: Panel, json: Json = False) -> None:
    """Shows it."""
    from deploy.cli.admin.panels import shown
    from deploy.cli.output import give

    raise typer.Exit(give(shown(panel), as_json=json))


@app.command(help=_("Whether panel files are right; the first mistake in each, by its line."))
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("Panel files, in TOML."))],
    json: Json = False,
) -> None:
    """Checks them; the status is 2 if one is wrong."""
    from deploy.cli.admin.panels import checked
    from deploy.cli.output import give

    raise typer.Exit(give(checked(files), as_json=json))


@app.command(help=_("Write a panel file to start from, with what each field is for."))
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help=_("It must not be there yet."))],
    lang: Annotated[Literal["en", "es"] | None, typer.Option(help=_("The panel's language."))] = (
        None
    ),
    json: Json = False,
) -> None:
    """Writes it."""
    from deploy.cli.admin.panels import written
    from deploy.cli.output import give

    raise typer.Exit(give(written(file, lang), as_json=json))


@app.command(
    help=_("Hear one turn of each persona, with the model of the settings; nothing is kept.")
)
def preview(
    panel: Panel,
    topic: Annotated[
        str | None, typer.Option(help=_("What to debate; a question to try it with, if left out."))
    ] = None,
    json: Json = False,
) -> None:
    """Previews it."""
    from deploy.cli.admin.preview import preview

    preview(panel, topic, as_json=json)
