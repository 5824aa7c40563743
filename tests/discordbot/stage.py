"""The local Discord as the stage on which the surface's contract is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal

from redis.asyncio import Redis

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.chat.metrics import Metrics
from bots.chat.surface import Surface
from bots.discordbot.ids import place_of
from bots.discordbot.ours import open_voices, us_of
from bots.discordbot.parts import Parts
from bots.discordbot.rest import Rest
from bots.discordbot.roles import Roles
from bots.discordbot.surface import DiscordSurface
from bots.discordbot.webhooks import Webhooks
from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.panels.loader import bundled, load_panel
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.settings import read_settings
from tests.chat.at_the_desk import AtTheDesk
from tests.chat.logs import SEATS
from tests.discordbot.club import Club
from tests.fakes.discord.applications import Application
from tests.fakes.discord.faults import Fault, fails, loses_answer, rate_limits
from tests.fakes.discord.guilds import Channel

Identity = Literal["webhook", "bots"]
WEBHOOK = "POST /webhooks/{webhook}/{token}"
MESSAGES = "POST /channels/{channel}/messages"
READING = "GET /channels/{channel}/messages"


class DiscordStage:
    """Each thread hangs from a message of Ana's in #general; Luis has the second debater's role."""

    def __init__(
        self, club: Club, parts: Parts, surface: Surface, voices: dict[str, Application]
    ) -> None:
        self.club, self.parts, self.surface, self.voices = club, parts, surface, voices
        self.is_webhook = parts.settings.identity == "webhook"
        self.posting = WEBHOOK if self.is_webhook else MESSAGES
        """The route of a persona's posts."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        club: Club,
        debates: Debates,
        readers: Readers,
        new_id: Callable[[], str],
        identity: Identity = "webhook",
        **discord: object,
    ) -> AsyncIterator[DiscordStage]:
        """With a role for the second debater, and for `bots` a bot for every seat."""
        club.discord.role(club.guild, SEATS[2].name, club.luis, is_mentionable=True)
        voices = {}
        for seat in SEATS if identity == "bots" else ():
            voices[seat.id] = club.discord.app(seat.name, club.ana)
            club.discord.install(voices[seat.id], club.guild)
        given = {
            "token": club.app.token,
            "identity": identity,
            "persona_tokens": {persona: app.token for persona, app in voices.items()},
            "api_url": club.discord.api_url,
        }
        settings = read_settings(discord=given | discord).discord
        clock, metrics = SystemClock(), Metrics("discord")
        panels = {name: load_panel(name) for name in bundled()}
        async with AsyncExitStack() as stack:
            opened = Rest.open(club.app.token, settings, clock, metrics)
            rest = await stack.enter_async_context(opened)
            parts = Parts(
                rest=rest,
                us=await us_of(rest),
                roles=Roles(rest, clock),
                clock=clock,
                debates=debates,
                readers=readers,
                desk=Desk(debates, panels, new_id),
                panels=panels,
                new_id=new_id,
                background=Background(),
                settings=settings,
                voices=await open_voices(stack, settings, clock, metrics),
            )
            webhooks = Webhooks(rest, parts.us)
            surface = DiscordSurface(parts, webhooks, nothing, nothing, 0.0)
            yield cls(club, parts, surface, voices)

    def thread(self) -> Place:
        club = self.club
        root = club.ana.says(club.general, "What do you think?")
        thread = club.ana.opens_thread(club.general, "Talk", root)
        return place_of(club.guild.id, club.general.id, thread.id)

    def channel(self, place: Place) -> Channel:
        """The thread itself."""
        return self.club.discord.world.channels[place.thread]

    async def seen(self, place: Place) -> list[str]:
        beside = [seen.author for seen in self.club.ana.sees(self.club.general)]
        assert set(beside) <= {"ana"}, "nothing stands beside the threads"
        return [seen.text for seen in self.club.ana.sees(self.channel(place))]

    async def pinged(self, place: Place) -> list[str]:
        personas = {app.id: persona for persona, app in self.voices.items()}
        personas[self.club.luis.user.id] = SEATS[2].id
        pings = self.club.discord.posting.pings
        return [personas[p.user_id] for p in pings if p.message.channel_id == place.thread]

    def lose_answer(self, place: Place) -> None:
        self.plan(place, loses_answer())

    def fail(self, place: Place) -> None:
        self.plan(place, fails())

    def too_many(self, place: Place, seconds: int) -> None:
        self.plan(place, rate_limits(seconds))

    def hide(self, place: Place) -> None:
        self.plan(place, fails(), route=READING)

    def remove(self, place: Place) -> None:
        self.club.discord.remove_channel(self.channel(place))

    def plan(self, place: Place, *faults: Fault, route: str = "") -> None:
        """The thread's next posts, or what else is asked of it, go wrong."""

        def is_there(args: dict[str, object]) -> bool:
            return place.thread in (args.get("thread_id"), args.get("channel"))

        self.club.discord.faults.plan(route or self.posting, *faults, where=is_there)


async def nothing(*_: object) -> None:
    """What a surface asks of the rest of the bot is not done here."""


@asynccontextmanager
async def stage_in(
    club: Club, redis: Redis, shard: str, identity: Identity = "webhook", **discord: object
) -> AsyncIterator[DiscordStage]:
    """A stage with readers and debates of its own."""
    readers = RedisReaders(
        *(redis, SystemClock()), shard=shard, platform="discord", consumer="c", lease_ms=600
    )
    debates = AtTheDesk(redis, shard).door

    def new_id() -> str:
        return new_debate_id(shard)

    async with DiscordStage.open(club, debates, readers, new_id, identity, **discord) as stage:
        yield stage
