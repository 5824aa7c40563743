"""`tertulia discord roles …`: a mentionable role for each persona, and who is called with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.commands.options import Json, Yes, _, group

if TYPE_CHECKING:
    from deploy.cli.chat.discord_roles import Servant
    from deploy.cli.output import Answer

app = group(_("The personas' roles in Discord: what they are tagged by, and who is called then."))

Server = Annotated[
    str | None,
    typer.Option(metavar="ID", help=_("Which server, where the bot is in several.")),
]
Panel = Annotated[str | None, typer.Option(help=_("The panel of the personas: a name or a file."))]
Persona = Annotated[str, typer.Argument(metavar="PERSONA", help=_("The persona's id."))]
User = Annotated[str, typer.Argument(metavar="USER", help=_("The user's id."))]


@app.command(help=_("Make a role for each persona of the panel, or make it mentionable."))
def create(panel: Panel = None, server: Server = None, json: Json = False) -> None:
    """Makes them."""
    from deploy.cli.chat.discord_roles import created

    _done(created(panel), server, as_json=json)


@app.command(help=_("Have somebody be called whenever this persona is next."))
def give(
    persona: Persona, user: User, panel: Panel = None, server: Server = None, json: Json = False
) -> None:
    """Gives the role."""
    from deploy.cli.chat.discord_roles import given

    _done(given(panel, persona, user), server, as_json=json)


@app.command(help=_("Have somebody no longer be called when this persona is next."))
def take(
    persona: Persona, user: User, panel: Panel = None, server: Server = None, json: Json = False
) -> None:
    """Takes the role away from them."""
    from deploy.cli.chat.discord_roles import given

    _done(given(panel, persona, user, takes=True), server, as_json=json)


@app.command(help=_("Delete the roles of the panel's personas from the server."))
def remove(
    panel: Panel = None, server: Server = None, yes: Yes = False, json: Json = False
) -> None:
    """Deletes them."""
    from deploy.cli.asking import make_sure
    from deploy.cli.chat.discord_roles import removed

    make_sure(_("Delete the personas' roles, and with them who has them?"), yes=yes, as_json=json)
    _done(removed(panel), server, as_json=json)


def _done(
    work: Callable[[Servant], Awaitable[Answer]], server: str | None, *, as_json: bool
) -> None:
    import asyncio

    from deploy.cli.chat.discord_roles import in_server
    from deploy.cli.output import give
    from engine.settings import read_settings

    answer = asyncio.run(in_server(read_settings().discord, server, work))
    raise typer.Exit(give(answer, as_json=as_json))
