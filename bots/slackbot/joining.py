"""Joins the bot's parts, and hangs its listeners into bolt."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.slackbot.acking import Acking
from bots.slackbot.cards import Cards
from bots.slackbot.gate import Gate
from bots.slackbot.listening import Listening
from bots.slackbot.metrics import Metrics
from bots.slackbot.opening import Opening
from bots.slackbot.parts import Parts
from bots.slackbot.people import People
from bots.slackbot.setup import secret
from bots.slackbot.starting import Starting
from bots.slackbot.talk import Talk
from bots.slackbot.team import Team
from bots.slackbot.timing import Timing
from bots.slackbot.web import Web
from bots.slackbot.wishes import Wishes
from engine.bootstrap import new_id
from engine.debate.events import Budget
from engine.panels.loader import bundled, load_panel
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.settings import Settings, SlackSettings


async def parts_of(
    web: Web, clock: Clock, debates: Debates, readers: Readers, settings: Settings
) -> Parts:
    """What one workspace is served with.

    Raises:
        Refused: Slack does not take the token.
        RetryAfter, Unknown: Slack does not answer.
    """

    def make_id() -> str:
        return new_id(settings)

    panels = {name: load_panel(name) for name in bundled()}
    budget = Budget(**settings.budget.model_dump())
    return Parts(
        web=web,
        team=Team.told(await web.call("auth.test")),
        clock=clock,
        debates=debates,
        readers=readers,
        desk=Desk(debates, panels, make_id, budget),
        panels=panels,
        new_id=make_id,
        background=Background(),
        groups=settings.slack.groups,
    )


def listeners(
    parts: Parts, cards: Cards, metrics: Metrics, settings: Settings, timing: Timing
) -> AsyncApp:
    """A bolt app that answers Slack only after its listeners are done."""
    app = AsyncApp(
        # Without the token: it is said in `authorize`.
        client=AsyncWebClient(base_url=parts.web.client.base_url, retry_handlers=[]),
        signing_secret=secret(settings.slack.signing_secret),
        logger=logging.getLogger("slack_bolt"),
        authorize=_authorizing(parts),
        process_before_response=True,
    )
    people, gate = People(parts.web, parts.team, parts.clock), _gate(settings.slack)
    acking = Acking(parts.background, timing.answer)
    talk = Talk(parts, people, gate)
    wishes = Wishes(parts, people, gate, talk)
    starting = Starting(parts, cards, timing.lands_within)
    opening = Opening(parts, people, wishes, starting, acking)
    Listening(parts, people, talk, wishes, opening, acking, metrics).register(app)
    return app


def _authorizing(parts: Parts) -> Callable[[], Awaitable[AuthorizeResult]]:
    ours = AuthorizeResult(
        enterprise_id=None,
        team_id=parts.team.id,
        bot_user_id=parts.team.bot_user,
        bot_id=parts.team.bot_id,
        bot_token=parts.web.client.token,
    )

    async def authorize() -> AuthorizeResult:
        return ours

    return authorize


def _gate(slack: SlackSettings) -> Gate:
    return Gate(
        frozenset(slack.allow_channels),
        frozenset(slack.block_channels),
        frozenset(slack.allow_users),
        frozenset(slack.block_users),
    )
