"""`tertulia budget …`: what channels and workspaces use in a day, and what they may."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("What channels and workspaces use in a day, and what they may."))


@app.command(help=_("What was used today, of what is allowed."))
def show(
    day: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help=_("Another day, by UTC; accounts are kept for two days.")
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Shows the accounts."""
    from deploy.cli.admin.budget import shown

    raise typer.Exit(shown(day, as_json=json))


@app.command(
    name="set",
    help=_(
        "Give one workspace or channel limits of its own, at once and without a restart.\n\n"
        "Limits: turns, tokens, seconds, debates_a_day, debates_at_once. A value is a number, "
        "`none` for no limit, or `usual` for what the settings say."
    ),
)
def set_(
    whose: Annotated[
        str, typer.Argument(metavar="WORKSPACE[/CHANNEL]", help=_("As `budget show` names it."))
    ],
    limits: Annotated[
        list[str], typer.Argument(metavar="LIMIT=VALUE…", help=_("For example turns=200."))
    ],
    json: Json = False,
) -> None:
    """Sets them; what is not named stays as it is."""
    from deploy.cli.admin.budget import limited
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: limited(at, whose, limits), as_json=json))
