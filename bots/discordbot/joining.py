"""Joins the bot's parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import discord

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.chat.gate import Gate, Listed
from bots.chat.metrics import Metrics
from bots.chat.starting import Starting
from bots.discordbot.addressing import Addressing
from bots.discordbot.answering import Answering
from bots.discordbot.client import Gateway, Pace
from bots.discordbot.listening import Listening
from bots.discordbot.ours import open_voices, us_of
from bots.discordbot.parts import Parts
from bots.discordbot.people import People
from bots.discordbot.presses import Presses
from bots.discordbot.reactions import Reactions
from bots.discordbot.rest import Rest
from bots.discordbot.roles import Roles
from bots.discordbot.setup import token_of
from bots.discordbot.starts import Starts
from bots.discordbot.taking import Taking
from bots.discordbot.talk import Talk
from bots.discordbot.telling import Telling
from bots.discordbot.timing import Timing
from bots.discordbot.visiting import Visiting
from bots.discordbot.waking import Waking
from bots.discordbot.wishes import Wishes
from engine.bootstrap import new_id, system_clock
from engine.debate.events import Budget
from engine.debate.panel import Panel
from engine.panels.loader import bundled, load_panel
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.settings import DiscordSettings, Settings


@dataclass(frozen=True, slots=True)
class Posting:
    """What of the half that posts the half that listens makes use of."""

    starting: Starting
    waking: Waking


@dataclass(frozen=True, slots=True)
class Hearing:
    """The half that listens: both run for as long as the bot does."""

    gateway: Gateway
    taking: Taking


@asynccontextmanager
async def open_parts(
    settings: Settings, debates: Debates, readers: Readers, metrics: Metrics
) -> AsyncIterator[Parts]:
    """What the bot stands on, its personas' bots included.

    Raises:
        Refused: Discord does not take a token.
        RetryAfter, Unknown: Discord does not answer.
    """

    def make_id() -> str:
        return new_id(settings)

    ours, clock = settings.discord, system_clock()
    panels: Mapping[str, Panel] = {name: load_panel(name) for name in bundled()}
    budget = Budget(**settings.budget.model_dump())
    async with (
        AsyncExitStack() as stack,
        Rest.open(token_of(ours), ours, clock, metrics) as rest,
    ):
        yield Parts(
            rest=rest,
            us=await us_of(rest),
            roles=Roles(rest, clock),
            clock=clock,
            debates=debates,
            readers=readers,
            desk=Desk(debates, panels, make_id, budget, readers),
            panels=panels,
            new_id=make_id,
            background=Background(),
            settings=ours,
            voices=await open_voices(stack, ours, clock, metrics),
        )


def hearing_of(parts: Parts, posting: Posting, metrics: Metrics, timing: Timing) -> Hearing:
    """The half that listens, joined."""
    pace = Pace(timing.identify, timing.server, timing.again)
    gateway = Gateway(parts.settings, parts.clock, pace)

    def world() -> discord.Client:
        return gateway.client

    people = People(world, gate_of(parts.settings), parts.clock)
    telling, addressing = Telling(parts), Addressing(parts)
    answering = Answering(parts.rest, telling, timing.answer)
    visiting = Visiting(parts, people, answering)
    starts = Starts(parts, posting.starting)
    talk = Talk(parts, people, addressing, starts, telling)
    reactions = Reactions(parts, people, addressing, telling)
    taking = Taking(parts, people, talk, reactions, world, metrics)
    wishes = Wishes(parts, people, visiting, starts, answering)
    presses = Presses(parts, people, visiting, wishes, talk)
    listening = Listening(parts, people, taking, wishes, presses, posting.waking, gateway)
    gateway.listen(listening.register)
    return Hearing(gateway, taking)


def gate_of(ours: DiscordSettings) -> Gate:
    """The lists of the settings."""
    return Gate(
        servers=Listed.of(ours.allow_servers, ours.block_servers),
        channels=Listed.of(ours.allow_channels, ours.block_channels),
        users=Listed.of(ours.allow_users, ours.block_users),
        groups=Listed.of(ours.allow_roles, ours.block_roles),
        starters=frozenset(ours.starters),
    )
