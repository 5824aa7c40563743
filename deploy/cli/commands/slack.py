"""`tertulia slack …`: the apps in Slack, made and looked at."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("The apps in Slack: their manifests, and whether they work."))

Persona = Annotated[
    str | None,
    typer.Argument(
        metavar="PERSONA",
        help=_('A persona\'s id, for slack.identity = "apps"; left out: the app that listens.'),
    ),
]
Panel = Annotated[str | None, typer.Option(help=_("The panel of the personas: a name or a file."))]
Lang = Annotated[
    Literal["en", "es"] | None, typer.Option(help=_("The language that people see in Slack."))
]


@app.command(help=_("An app's manifest, in JSON, to be pasted at api.slack.com/apps."))
def manifest(
    persona: Persona = None, panel: Panel = None, lang: Lang = None, json: Json = False
) -> None:
    """Shows it."""
    from deploy.cli.chat.slack_apps import manifest_shown

    raise typer.Exit(manifest_shown(persona, panel, lang, as_json=json))


@app.command(
    name="install-link",
    help=_("The link that opens Slack's page for a new app, with its manifest filled in."),
)
def install_link(
    persona: Persona = None, panel: Panel = None, lang: Lang = None, json: Json = False
) -> None:
    """Shows it."""
    from deploy.cli.chat.slack_apps import links_shown
    from deploy.cli.output import give

    raise typer.Exit(give(links_shown(persona, panel, lang), as_json=json))


@app.command(help=_("The apps that the settings name: whether each works, and what it lacks."))
def apps(panel: Panel = None, json: Json = False) -> None:
    """Lists them; the status is 1 if something is amiss."""
    import asyncio

    from deploy.cli.chat.slack_apps import apps_seen
    from deploy.cli.output import give
    from engine.settings import read_settings

    raise typer.Exit(give(asyncio.run(apps_seen(read_settings(), panel)), as_json=json))
