"""`tertulia doctor`: tries everything for real, and says how to mend what fails."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands.options import Json, Yes, _


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help=_("Mend what can be mended; asks."))] = False,
    slack_channel: Annotated[
        str | None, typer.Option(metavar="ID", help=_("Where in Slack to try a post."))
    ] = None,
    discord_channel: Annotated[
        str | None, typer.Option(metavar="ID", help=_("Where in Discord to try a post."))
    ] = None,
    panel: Annotated[
        list[str] | None, typer.Option(help=_("A panel of your own to look at: a file."))
    ] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Examines; the status is 1 if something is to be seen to."""
    from deploy.cli.doctor import telling

    channels = (slack_channel, discord_channel)
    may = telling.allowed(fix=fix, yes=yes)
    raise typer.Exit(telling.doctor(channels, panel or [], may, as_json=json))
