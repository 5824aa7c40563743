"""`tertulia discord …`: the bot in Discord, invited, with its commands and roles."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands import discord_roles
from deploy.cli.commands.options import Json, _, group

app = group(_("The bot in Discord: its invitation, its commands, the personas' roles."))
app.add_typer(discord_roles.app, name="roles")


@app.command(help=_("The link that brings the bot into a server, with what it has to be allowed."))
def invite(
    application: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help=_("The application's id; left out: Discord tells it by the token.")
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Shows it; with identity `bots`, those of the personas' bots too."""
    import asyncio

    from deploy.cli.chat.discord_app import invited
    from deploy.cli.output import give
    from engine.settings import read_settings

    raise typer.Exit(give(asyncio.run(invited(read_settings().discord, application)), as_json=json))


@app.command(help=_("Publish the bot's commands, if they are others than those that are there."))
def sync(json: Json = False) -> None:
    """Publishes them."""
    import asyncio

    from deploy.cli.chat.discord_app import synced
    from deploy.cli.output import give
    from engine.settings import read_settings

    raise typer.Exit(give(asyncio.run(synced(read_settings().discord)), as_json=json))
