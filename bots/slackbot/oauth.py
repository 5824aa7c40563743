"""Joins what serves many workspaces: installations, their tokens, the pages to install from."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp.web import RouteDef

from bots.slackbot.access import Access
from bots.slackbot.ids import workspace_of
from bots.slackbot.installations import Installations, Installed, States
from bots.slackbot.installed_workspaces import InstalledWorkspaces
from bots.slackbot.installing import install_pages
from bots.slackbot.joining import Shared, parts_of
from bots.slackbot.parts import Parts
from bots.slackbot.renewing import Client, Renewing
from bots.slackbot.setup import secret
from bots.slackbot.waking import wake_all
from bots.slackbot.workspaces import Workspaces
from engine.ports.vault import Vault
from engine.settings import SlackSettings


@dataclass(frozen=True, slots=True)
class Served:
    """Who is served, and the pages beside it."""

    workspaces: Workspaces
    pages: tuple[RouteDef, ...] = ()


def by_oauth(shared: Shared, vault: Vault, slack: SlackSettings) -> Served:
    """Every workspace where somebody has installed the app, or will."""
    clock, client = shared.wires.clock, Client(secret(slack.client_id), secret(slack.client_secret))
    installations, states = Installations(vault, clock), States(vault)
    renewing = Renewing(installations, shared.wires, client, shared.background, slack.timeout_s)

    async def make(access: Access) -> Parts:
        return await parts_of(shared, access)

    def wake(installed: Installed) -> None:
        """What rested while the app was away goes on."""
        back = {workspace_of(installed.id)}
        shared.background.start(wake_all(shared.debates, shared.readers, back))

    pages = install_pages(slack, client, shared.wires, (installations, states), wake)
    workspaces = InstalledWorkspaces(installations, renewing, clock, make)
    return Served(workspaces, tuple(pages))
