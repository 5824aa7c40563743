"""`tertulia init`: settings, secrets and links, from an empty folder; safe to run again."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from deploy.cli.commands.options import Json, Yes, _


def init(  # noqa: PLR0913 - an option for each thing that it asks
    slack: Annotated[bool | None, typer.Option(help=_("Debates in Slack."))] = None,
    discord: Annotated[bool | None, typer.Option(help=_("Debates in Discord."))] = None,
    slack_identity: Annotated[
        Literal["customize", "apps"] | None,
        typer.Option(help=_("In Slack, personas speak by one app, or each by an app of its own.")),
    ] = None,
    discord_identity: Annotated[
        Literal["webhook", "bots"] | None,
        typer.Option(help=_("In Discord, personas speak by webhook, or each as a bot.")),
    ] = None,
    redis: Annotated[
        str | None, typer.Option(metavar="URL", help=_("Where debates are kept, or `embedded`."))
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help=_("Who speaks: http://HOST:PORT/v1, FILE.gguf, `embedded`.")
        ),
    ] = None,
    model_name: Annotated[
        str | None, typer.Option(help=_("Which of the server's models, if it has several."))
    ] = None,
    lang: Annotated[
        Literal["en", "es"] | None, typer.Option(help=_("The language of the app's texts."))
    ] = None,
    panel: Annotated[
        str | None, typer.Option(help=_("Whose personas get apps of their own."))
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART.NAME=VALUE", help=_("Any other setting.")),
    ] = None,
    secrets: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help=_("Secrets to put into .env: lines of NAME=value; - reads them.")
        ),
    ] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Asks for what no option says, if somebody sits there."""
    from bots.chat.i18n import users_language
    from deploy.cli.setup.first_steps import How, begin
    from deploy.cli.setup.wanted import Wanted, setting

    given = {
        "slack": slack,
        "discord": discord,
        "slack_identity": slack_identity,
        "discord_identity": discord_identity,
        "redis": redis,
        "model": model,
        "language": lang,
        "panel": panel,
    }
    wanted = Wanted(
        slack=bool(slack),
        discord=bool(discord),
        slack_identity=slack_identity,
        discord_identity=discord_identity,
        redis=redis,
        model=model,
        model_name=model_name,
        language=lang or users_language(),
        panel=panel,
        others=dict(map(setting, set_ or [])),
    )
    told = frozenset(name for name, value in given.items() if value is not None)
    how = How(told, secrets, yes=yes, as_json=json)
    raise typer.Exit(begin(wanted, how))
