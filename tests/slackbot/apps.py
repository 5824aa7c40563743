"""Apps of personas in the local Slack, each made by one click on its link, and installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bots.slackbot.manifests import install_link, persona_manifest
from engine.panels.loader import load_panel
from tests.fakes.slack.apps import Installation
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.workspace import Team


def installed(slack: LocalSlack, team: Team, names: Mapping[str, str]) -> dict[str, Installation]:
    """One for each of these personas, by their ids; none is in any channel yet."""
    model = load_panel("ai-en").moderator
    apps = {}
    for persona, name in names.items():
        link = install_link(persona_manifest(replace(model, id=persona, name=name)))
        apps[persona] = slack.install(slack.app_from(link), team)
    return apps
