"""Joins the bot's parts, and hangs its listeners into bolt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from slack_bolt.app.async_app import AsyncApp

from bots.chat.background import Background
from bots.chat.cards import Cards
from bots.chat.desk import Desk
from bots.chat.missed import Missed
from bots.chat.starting import Starting
from bots.slackbot.access import Access
from bots.slackbot.acking import Acking
from bots.slackbot.gates import Gates, groups_in
from bots.slackbot.groups import Groups
from bots.slackbot.heard import Said
from bots.slackbot.homes import Homes
from bots.slackbot.listening import Listening
from bots.slackbot.missed import Json, SlackThreads
from bots.slackbot.opening import Opening
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.refusals import NOT_INSTALLED
from bots.slackbot.routing import Listeners, authorizing, in_both_languages, route
from bots.slackbot.setup import secret
from bots.slackbot.talk import Talk
from bots.slackbot.team import CUSTOMIZE, Team
from bots.slackbot.timing import Timing
from bots.slackbot.voices import voices_of
from bots.slackbot.web import Web
from bots.slackbot.wires import Wires
from bots.slackbot.wishes import Wishes
from bots.slackbot.workspaces import Workspaces
from engine.bootstrap import new_id
from engine.debate.events import Budget
from engine.debate.panel import Panel
from engine.panels.loader import bundled, load_panel
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.settings import Settings

FILES_AT_ONCE = 2

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shared:
    """What all workspaces of a process are served with."""

    wires: Wires
    debates: Debates
    readers: Readers
    desk: Desk
    panels: Mapping[str, Panel]
    new_id: Callable[[], str]
    background: Background
    groups: Mapping[str, str]
    personas: Mapping[str, str]
    """Tokens of the personas' own apps."""
    files: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    """Held while the files of one message are in memory: they may have a hundred megabytes."""


def shared_of(wires: Wires, debates: Debates, readers: Readers, settings: Settings) -> Shared:
    """The same for every workspace."""

    def make_id() -> str:
        return new_id(settings)

    panels = {name: load_panel(name) for name in bundled()}
    budget = Budget(**settings.budget.model_dump())
    desk = Desk(debates, panels, make_id, budget, readers)
    slack = settings.slack
    tokens = slack.personas if slack.identity == "apps" else {}
    personas = {persona: secret(token) for persona, token in tokens.items()}
    return Shared(
        *(wires, debates, readers, desk, panels, make_id, Background(), slack.groups),
        personas=personas,
    )


async def parts_of(shared: Shared, access: Access) -> Parts:
    """What one workspace is served with.

    Raises:
        Refused: Slack does not take the token.
        NotSetUp: it does not take a persona's.
        RetryAfter, Unknown: Slack does not answer.
    """
    web = Web(shared.wires, access)
    team = Team.told(await web.introduction())
    if not team.may(CUSTOMIZE):
        log.warning("scope.missing", scope=CUSTOMIZE, team=team.id, instead="names in the text")
    return Parts(
        web=web,
        team=team,
        clock=shared.wires.clock,
        debates=shared.debates,
        readers=shared.readers,
        desk=shared.desk,
        panels=shared.panels,
        new_id=shared.new_id,
        background=shared.background,
        files=shared.files,
        groups=shared.groups,
        voices=await voices_of(shared.wires, shared.personas, shared.panels, team),
    )


def listeners(
    shared: Shared,
    workspaces: Workspaces,
    starting: Starting,
    cards: Cards,
    settings: Settings,
    timing: Timing,
) -> tuple[AsyncApp, Missed[Json]]:
    """A bolt app that answers Slack only after its listeners are done; and what they missed."""
    metrics, acking = (
        shared.wires.metrics,
        Acking(shared.background, shared.wires.clock, timing.answer),
    )

    def make(parts: Parts) -> Listening:
        given = (parts.web, parts.team, parts.clock, parts.background)
        groups = Groups(*given, groups_in(settings.slack))
        groups.read_ahead()
        gates = Gates(parts.team, groups, settings.slack)
        people = People(parts.web, parts.team, parts.clock, parts.debates.places, gates)
        talk = Talk(parts, people)
        wishes = Wishes(parts, people, talk)
        opening = Opening(parts, people, wishes, starting, acking)
        homes = Homes(parts, people, wishes)
        return Listening(parts, people, talk, wishes, opening, homes, acking, metrics, missed)

    async def again(parts: Parts, said: Said) -> None:
        await made.of(parts).again(said)

    async def words(parts: Parts, text: str) -> str:
        return await made.of(parts).words(text)

    def lose() -> None:
        missed.lose()
        missed.read()

    made = Listeners(make)
    threads = SlackThreads(workspaces, again, words, cards.behind)
    missed = Missed(shared.debates, shared.wires.clock, threads)
    app = AsyncApp(
        client=shared.wires.client(),
        signing_secret=secret(settings.slack.signing_secret),
        logger=logging.getLogger("slack_bolt"),
        authorize=authorizing(workspaces, made, lose),  # type: ignore[arg-type] # or nobody
        user_facing_authorize_error_message=in_both_languages(NOT_INSTALLED),
        process_before_response=True,
    )
    route(app, workspaces, acking, metrics)
    return app, missed
