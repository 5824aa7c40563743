"""To visible: from a turn's last token at the model to its post at the local Slack and Discord.

The worker has a core for itself; the bot, the platform, Redis and the model share the other.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bots.discordbot.timing import Timing as DiscordTiming
from bots.slackbot.timing import Timing as SlackTiming
from engine import logs
from engine.adapters.embedded_redis import embedded_redis
from engine.adapters.system_clock import SystemClock
from engine.debate.events import TurnSpoken
from engine.ports.debates import Debates
from engine.settings import Settings
from tests.bench.calls import NS_A_MS, percentile
from tests.bench.contender import topic
from tests.bench.house import worker_of
from tests.bench.options import Options
from tests.bench.race import Stub, alone
from tests.bench.report import Table
from tests.discordbot import rig as discord_rig
from tests.discordbot.club import by_id, speaking
from tests.fakes.changes import Changes
from tests.redis_server import RedisServer
from tests.slackbot import rig as slack_rig

SHARD = "main"
COLUMNS = (
    *("platform", "turns", "p50, ms", "p99, ms"),
    *("to the log, ms", "from there, ms", "a bare post, ms"),
)
BARE_POSTS = 100
MORE_MS = 5.0
POSTED_S = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A platform with a bot on it, as far as a benchmark looks at it."""

    settings: Settings
    debates: Debates
    changes: Changes
    ask: Callable[[str], Awaitable[object]]
    """Somebody starts a debate."""
    posts: Callable[[], int]
    """What the bot has posted in the thread so far."""
    post: Callable[[], Awaitable[object]]
    """One bare post, elsewhere."""


Opened = Callable[[RedisServer, bool], AbstractAsyncContextManager[Stage]]


async def run(options: Options) -> AsyncIterator[Table]:
    """Without the platforms' limits; then with them, at a model's usual speed."""
    logs.configure("json", "error")
    rounds = 1 if options.quick else 3
    yield await _table(0.3, rounds, limited=False)
    yield await _table(1.5, 1, limited=True)


async def _table(turn_s: float, rounds: int, *, limited: bool) -> Table:
    limits = "under the platform's limits" if limited else "without limits"
    title = f"Last token to post, {limits}, {turn_s:g} s a turn at the model"
    table = Table(title, COLUMNS)
    for name, opened in (("Slack", slack), ("Discord", discord)):
        took = await _measured(opened, turn_s, rounds, limited=limited)
        p50, p99 = percentile(took.posted_ms, 0.5), percentile(took.posted_ms, 0.99)
        logged, delivered = median(took.logged_ms), median(took.delivered_ms)
        table.add(name, len(took.posted_ms), p50, p99, logged, delivered, took.bare_ms)
        added = delivered - took.bare_ms
        table.aim(f"{name}: the delivery beyond a bare post, p50, ms", added, most=MORE_MS)
    return table


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from each reply's end."""

    logged_ms: list[float]
    """To its way into the log, before it is written there; to the millisecond."""
    posted_ms: list[float]
    bare_ms: float
    """A bare post with the platform's usual client, from the call to its answer."""

    @property
    def delivered_ms(self) -> list[float]:
        """From the log to the post: what the bot has to do with."""
        each = zip(self.logged_ms, self.posted_ms, strict=True)
        return [posted - logged for logged, posted in each]


async def _measured(opened: Opened, turn_s: float, rounds: int, *, limited: bool) -> Took:
    with TemporaryDirectory(prefix="bench-") as folder:
        async with alone() as stub, embedded_redis(Path(folder)) as url:
            await stub.set("wait_ms", round(turn_s * 1000))
            server = RedisServer(Path(folder))
            server.url = url
            async with opened(server, limited) as stage, worker_of(_speaking(stage, stub)):
                return await _watched(stage, stub, rounds, await _bare_ms(stage))


def _speaking(stage: Stage, stub: Stub) -> Settings:
    """For a worker that has the stub for its model."""
    model = stage.settings.model.model_copy(update={"url": stub.url})
    worker = stage.settings.worker.model_copy(update={"port": 0})
    return stage.settings.model_copy(update={"model": model, "worker": worker})


async def _bare_ms(stage: Stage) -> float:
    took = []
    for _ in range(BARE_POSTS):
        begun = time.perf_counter()
        await stage.post()
        took.append(time.perf_counter() - begun)
    return median(took) * 1000


async def _watched(stage: Stage, stub: Stub, rounds: int, bare_ms: float) -> Took:
    turns = 1 + 7 * rounds
    await stage.ask(f"{topic(0)} panel=ai-en rounds={rounds} pace=live")
    posted = []
    for number in range(1, turns + 1):
        await stage.changes.until(partial(_stand, stage, number), POSTED_S)
        posted.append(time.perf_counter() * 1000)
    ended = [call.ended / NS_A_MS for call in (await stub.calls())[:turns]]
    logged = await _logged_ms(stage.debates)
    return Took(
        [at - since for at, since in zip(logged[:turns], ended, strict=True)],
        [at - since for at, since in zip(posted, ended, strict=True)],
        bare_ms,
    )


def _stand(stage: Stage, posts: int) -> bool:
    return stage.posts() >= posts


async def _logged_ms(debates: Debates) -> list[float]:
    """When each turn went into the log, in the time that the stub keeps."""
    ahead = SystemClock().now_ms() - time.perf_counter() * 1000
    (debate,) = await debates.recent(1)
    records = await debates.records(debate.debate)
    return [record.at_ms - ahead for record in records if isinstance(record.event, TurnSpoken)]


@asynccontextmanager
async def slack(server: RedisServer, limited: bool) -> AsyncIterator[Stage]:
    """The bot as it is set up by default: one app, a name and an icon for each post."""
    async with slack_rig.house(server, SHARD, speaks=False) as home:
        home.slack.limits.is_on = limited
        timing = SlackTiming(lands_within=1.0) if limited else slack_rig.HASTY
        client = home.client_of(home.installed.bot_token)
        elsewhere = home.slack.channel(home.team, "bench", home.ana, home.installed.bot)
        limits = home.slack.limits

        async def post() -> None:
            limits.is_on = False
            await client.chat_postMessage(channel=elsewhere.id, text="bare", username="Ana")
            limits.is_on = limited

        def posts() -> int:
            return sum(m.thread_ts not in (None, m.ts) for m in home.general.messages.values())

        async with home.bot(timing):
            yield Stage(
                home.settings,
                home.debates,
                home.slack.changes,
                lambda text: home.ana.runs("/debate", text, home.general),
                posts,
                post,
            )


@asynccontextmanager
async def discord(server: RedisServer, limited: bool) -> AsyncIterator[Stage]:
    """The bot as it is set up by default: the channel's webhook, a name for each post."""
    async with discord_rig.house(server, SHARD, speaks=False) as home:
        place = home.club
        limits = place.discord.limits
        limits.is_on = limited
        timing = DiscordTiming(lands_within=1.0) if limited else discord_rig.HASTY

        async def ask(text: str) -> None:
            place.ana.says(place.general, f"@Panel debate {text}")

        def posts() -> int:
            return sum(len(home.posts(thread)) for thread in home.threads())

        async with speaking(place.app) as client, home.bot(timing):

            async def post() -> None:
                limits.is_on = False
                await by_id(client, place.general).send("bare")
                limits.is_on = limited

            yield Stage(home.settings, home.debates, place.discord.changes, ask, posts, post)
