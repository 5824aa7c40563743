"""Slack's apps: what they are made from, and whether those that are configured work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson

from bots.chat.i18n import explained, users_language
from bots.chat.surface import Refused
from bots.slackbot.manifests import (
    PERSONA_SCOPES,
    SCOPES,
    Json,
    app_manifest,
    as_text,
    install_link,
    persona_manifest,
)
from bots.slackbot.setup import NotSetUp, secret
from deploy.cli.chat.personas import panel_for, persona_of
from deploy.cli.chat.slack_api import SlackApi
from deploy.cli.failure import BAD_NEWS
from deploy.cli.output import Answer, Table, Verbatim, translation
from engine.bootstrap import open_vault, system_clock
from engine.debate.explained import marked as _
from engine.debate.panel import Language, Persona
from engine.settings import Settings, SlackSettings, read_settings


def manifest_of(persona: str | None, panel: str | None, language: Language | None) -> Json:
    """The manifest of a persona's app, or of the one that listens.

    Raises:
        Explained
    """
    language = language or users_language()
    if persona is not None:
        return persona_manifest(persona_of(panel_for(panel, language), persona))
    slack = read_settings().slack
    # By Socket Mode, what browsers reach is only where the app is installed from.
    public_url = slack.public_url if slack.mode == "http" else None
    return app_manifest(language, public_url)


def manifest_shown(
    persona: str | None, panel: str | None, language: Language | None, *, as_json: bool
) -> int:
    """Writes it; answers the process's status."""
    manifest = manifest_of(persona, panel, language)
    sys.stdout.write(orjson.dumps(manifest).decode() + "\n" if as_json else as_text(manifest))
    return 0


def links_shown(persona: str | None, panel: str | None, language: Language | None) -> Answer:
    """The link of one app; with a panel and no persona, of all that its personas speak through."""
    if persona is not None or panel is None:
        link = install_link(manifest_of(persona, panel, language))
        return Answer({persona or "app": link}, [Verbatim(link)])
    seats = panel_for(panel, language or users_language()).personas
    links = {"app": install_link(manifest_of(None, panel, language))}
    links |= {one.id: install_link(persona_manifest(one)) for one in seats}
    return Answer(links, [Verbatim(link, name) for name, link in links.items()])


@dataclass(frozen=True, slots=True)
class AppSeen:
    """An app that the settings name, or lack."""

    app: str
    """`app` for the one that listens, or a persona's id; of many workspaces, the workspace's."""
    works: bool
    team: str = ""
    user: str = ""
    lacks: tuple[str, ...] = ()
    """Scopes."""
    why: str = ""


async def apps_seen(settings: Settings, panel: str | None) -> Answer:
    """Each app of the settings, and the personas that have none; the status is 1 if one lacks.

    Raises:
        NotSetUp, PlatformAway
        VaultLocked, StoreAway: where many workspaces have installed the app.
    """
    slack, wanted = settings.slack, frozenset(SCOPES)
    if slack.client_id and not slack.bot_token:
        tokens = await _installed(settings)
        return _told([await _seen(slack, team, token, wanted) for team, token in tokens.items()])
    if not slack.bot_token:
        raise NotSetUp(
            "slack.{name} ({variable}) is not set; it is on the app's page at api.slack.com/apps.",
            name="bot_token",
            variable="TERTULIA_SLACK__BOT_TOKEN",
        )
    found = [await _seen(slack, "app", secret(slack.bot_token), wanted)]
    if slack.identity == "apps":
        of_personas = frozenset(PERSONA_SCOPES)
        for persona, token in slack.personas.items():
            found.append(await _seen(slack, persona, secret(token), of_personas))
        found += _missing(slack.personas, panel_for(panel, users_language()).personas)
    return _told(found)


async def _installed(settings: Settings) -> dict[str, str]:
    """The tokens of the workspaces that have installed the app, by their ids."""
    from bots.slackbot.installations import Installations

    async with open_vault(settings) as vault:
        installations = Installations(vault, system_clock())
        found = [await installations.look(id_) for id_ in await installations.ids()]
    return {one.id: one.token for one in found if one is not None}


async def _seen(slack: SlackSettings, name: str, token: str, scopes: frozenset[str]) -> AppSeen:
    async with SlackApi.open(slack, token) as api:
        try:
            told = await api.told("auth.test")
        except Refused as refusal:
            return AppSeen(name, works=False, why=explained(refusal, users_language()))
    team, user = str(told.data.get("team", "")), str(told.data.get("user", ""))
    lacks = tuple(sorted(scopes - told.scopes))
    why = translation()(_("install it again from its manifest")) if lacks else ""
    return AppSeen(name, not lacks, team, user, lacks, why)


def _missing(tokens: Mapping[str, object], personas: Sequence[Persona]) -> Iterator[AppSeen]:
    why = translation()(
        _("has no app, and speaks by the one that listens: tertulia slack install-link {persona}")
    )
    for persona in personas:
        if persona.id not in tokens:
            yield AppSeen(persona.id, works=True, why=why.format(persona=persona.id))


def _told(found: list[AppSeen]) -> Answer:
    translate = translation()
    columns = (_("app"), _("works"), _("workspace"), _("user"), _("scopes missing"), _("to do"))
    rows = [
        (
            one.app,
            translate(_("yes") if one.works else _("no")) if one.user or not one.works else "–",
            one.team,
            one.user,
            ", ".join(one.lacks),
            one.why,
        )
        for one in found
    ]
    status = 0 if all(one.works for one in found) else BAD_NEWS
    return Answer(
        [asdict(one) for one in found], [Table(tuple(map(translate, columns)), rows)], status
    )
