"""Whatever people and models write, wherever the bot repeats it: nobody is called by it.

The ids in the attacks are those of people, roles and channels that are there, the bot has the right
to ping everybody, and what a post says is looked at too, whatever `allowed_mentions` let pass.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from itertools import cycle

import orjson
import pytest
from aiohttp import web
from pydantic import SecretStr

from engine.panels.loader import load_panel
from tests.chat.test_mentions import CALLS, FRAMES, pings
from tests.discordbot.club import RIGHTS, Club, voices_in
from tests.discordbot.rig import House, house, is_card
from tests.discordbot.test_bot_journeys import ephemeral
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.rest.drafting import walk
from tests.fakes.model_behaviours import Received, say
from tests.redis_server import RedisServer

pytestmark = pytest.mark.timeout(300)

ROUNDS = 20
TURNS = 1 + 7 * ROUNDS
TAG = re.compile(r"<@&?\d+>")
ASKS = "pace=live panel=ai-en language=en"


class Attacker:
    """A behaviour of the model: every field of every reply is the next attack."""

    def __init__(self) -> None:
        self.attacks: list[str] = []
        """To be set before the first reply."""
        self.made: list[str] = []

    async def __call__(self, request: web.Request, received: Received) -> web.StreamResponse:
        """Answers one request."""
        schema = received.body["response_format"]["json_schema"]["schema"]
        reply = {name: self._field(said) for name, said in schema["properties"].items()}
        return await say(orjson.dumps(reply).decode())(request, received)

    def _field(self, schema: dict[str, object]) -> object:
        return [self._next(), self._next()] if schema.get("type") == "array" else self._next()

    def _next(self) -> str:
        self.made.append(self.attacks[len(self.made) % len(self.attacks)])
        return f"So {self.made[-1]} it is."


def attacks_in(club: Club) -> list[str]:
    """Hundreds, on whoever is in this club."""
    staff = club.discord.role(club.guild, "staff", club.luis, club.ana, is_mentionable=True)
    luis, guild, channel = club.luis.user.id, club.guild.id, club.general.id
    ours = [f"<@{luis}>", f"<@!{luis}>", f"<@&{staff.id}>", f"<@&{guild}>", f"<#{channel}>"]
    ours += [f"<@{club.app.id}>", "@staff", "@luis", f"<@{luis}", f"@&{staff.id}>"]
    frames = cycle(FRAMES)
    framed = [frame.replace("{}", call) for call in (*CALLS, *ours) for frame in take(frames, 3)]
    return [*ours, *framed, *(frame.replace("{}", ours[2]) for frame in FRAMES)]


def take(endless: Iterator[str], count: int) -> list[str]:
    return [next(endless) for _ in range(count)]


@pytest.fixture
def model() -> Attacker:
    return Attacker()


@pytest.fixture
async def home(
    server: RedisServer, shard: str, redis: object, model: Attacker
) -> AsyncIterator[House]:
    async with house(server, shard, model=model) as opened:
        club = opened.club
        (ours,) = (role for role in club.guild.roles.values() if role.app_id == club.app.id)
        ours.permissions = RIGHTS | Permission.MENTION_EVERYONE
        model.attacks = attacks_in(club)
        yield opened


@pytest.mark.parametrize("identity", ["webhook", "bots"])
async def test_what_models_write_calls_nobody(home: House, model: Attacker, identity: str) -> None:
    """Answers, questions and syntheses: only the next speaker and, once, the starter are called."""
    club, panel = home.club, load_panel("ai-en")
    voices = voices_in(club, panel) if identity == "bots" else {}
    tokens = {persona: SecretStr(voice.token) for persona, voice in voices.items()}
    bystander = club.discord.person("bystander")
    club.discord.join(club.guild, bystander.user)
    club.discord.role(club.guild, panel.personas[4].name, bystander, is_mentionable=True)
    async with home.bot(identity=identity, persona_tokens=tokens):
        club.ana.says(club.general, f'@Panel debate "Tea?" {ROUNDS} rounds {ASKS}')
        thread = await home.a_thread()
        await home.until(lambda: any(s.files for s in club.ana.sees(thread)), 240.0)
    assert len(set(model.made)) >= 200
    assert [ping.message.channel_id for ping in club.ana.pings] == [thread.id]
    assert club.luis.pings == []
    assert all("> → <@&" in ping.message.content for ping in bystander.pings)
    assert len(bystander.pings) == (0 if voices else ROUNDS)
    for ping in club.discord.posting.pings:
        if ping.user_id in {voice.id for voice in voices.values()}:
            assert f"> → <@{ping.user_id}>" in ping.message.content
    assert_quiet(home, thread)


async def test_what_people_write_calls_nobody_where_it_is_repeated(
    home: House, model: Attacker
) -> None:
    """Messages in a mirror, under a name that is an attack too."""
    club = home.club
    await home.publish()
    club.guild.members[club.luis.user.id].nick = f"<@&{club.guild.id}> @everyone"
    to_us = f"<@{club.app.id}>"  # is a command
    attacks = [attack for attack in model.attacks if to_us not in attack][:200]
    async with home.bot():
        club.ana.says(club.general, '@Panel debate "Tea?" pace=step panel=ai-en')
        thread = await home.a_thread()
        mirror = await mirrored(home, thread)
        for attack in attacks:
            club.luis.says(thread, attack)
        await home.until(lambda: len(by_luis(home, mirror)) >= len(attacks), 200.0)
    assert_quiet(home, mirror, thread)


def by_luis(home: House, thread: Channel) -> list[Message]:
    """What is shown there as his."""
    return [m for m in thread.messages.values() if m.webhook_id and "everyone" in m.author.name]


async def test_what_people_fill_in_calls_nobody_where_it_is_repeated(
    home: House, model: Attacker
) -> None:
    """Topics, options, files, forms: in cards, names of threads, refusals and turns."""
    club = home.club
    await home.publish()
    async with home.bot():
        for attack in model.attacks[:8]:
            club.ana.says(club.general, f"@Panel seat {attack}")
            club.ana.says(club.general, f"@Panel debate Tea? panel={attack}")
            club.ana.says(
                club.general, f'@Panel debate "{attack}" {ASKS}', files={f"{attack[:20]}.md": b"x"}
            )
            await club.ana.runs(
                club.app, "debate start", club.general, topic=attack, panel=attack[:90]
            )
            await club.ana.runs(club.app, "debate start", club.general)
            await club.ana.submits(topic=attack, panel="ai-en", pace="step")
        await home.until(lambda: len(home.threads()) >= 12, 120.0)
        threads = home.threads()
        await home.until(lambda: all(map(home.posts, threads)), 120.0)
        await home.until(lambda: any(is_card(s) for t in threads for s in club.luis.sees(t)))
    assert_quiet(home, club.general, *home.threads())


def assert_quiet(home: House, *channels: Channel) -> None:
    """No post of ours reads as a call but for the tags that the bot writes, of which one a post."""
    for channel in channels:
        for message in channel.messages.values():
            if not (message.webhook_id or message.author.is_bot):
                continue
            tags = TAG.findall(message.content)
            assert len(tags) <= 1, message.content
            said = TAG.sub("", message.content)
            texts = [said, *(c["content"] for c in walk(message.components) if "content" in c)]
            texts += [embed.get("description") or "" for embed in message.embeds]
            found = {text: pings(re.sub(r"\]\(https://\S+\)", "]", text)) for text in texts}
            assert {text: what for text, what in found.items() if what} == {}
            assert not message.mentions.is_everyone
    club = home.club
    for ping in (*club.luis.pings,):
        assert ping.message.author is club.ana.user, ping.message.content


async def mirrored(home: House, thread: Channel) -> Channel:
    """A thread of Ana's in another channel that shows the debate too."""
    club = home.club
    await home.until(lambda: home.posts(thread))
    await club.ana.runs(club.app, "debate mirror", thread)
    await home.until(lambda: ephemeral(club.ana, thread))
    code = ephemeral(club.ana, thread)[0].rpartition(" ")[2]
    second = club.discord.channel(club.guild, "second")
    there = club.ana.opens_thread(second, "Tea, again")
    await club.ana.runs(club.app, "debate mirror", there, code=code)
    await home.until(lambda: there.messages)
    return there
