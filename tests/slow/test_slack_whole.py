"""A whole debate in Slack, spoken by the embedded model: both identities, over both transports.

The bot and the worker are processes of their own. `pytest tests/slow/test_slack_whole.py`
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from engine.panels.loader import load_panel
from engine.settings import ModelSettings
from tests.fakes.slack.screen import Seen
from tests.redis_server import RedisServer
from tests.slackbot.apps import installed
from tests.slackbot.processes import bot, ends_well, worker
from tests.slackbot.rig import House, house, manifest
from tests.slackbot.shown import Shown, shown

pytestmark = pytest.mark.timeout(1_200)

TOPIC = "Should a small team run its own language models? panel=ai-en pace=live"
NAMES = {persona.id: persona.name for persona in load_panel("ai-en").personas}
PATIENCE_S = 900.0


@asynccontextmanager
async def home_by(
    transport: str, server: RedisServer, shard: str, port: int
) -> AsyncIterator[House]:
    """A house whose worker has the embedded model, reached by this transport."""
    url = f"http://127.0.0.1:{port}/slack/events"
    by_http: dict[str, Any] = {
        "socket_mode_enabled": False,
        "event_subscriptions": manifest()["settings"]["event_subscriptions"] | {"request_url": url},
        "interactivity": {"is_enabled": True, "request_url": url},
    }
    given = by_http if transport == "http" else {}
    async with house(server, shard, speaks=False, **given) as home:
        if transport == "http":
            home.installed.app.manifest["features"]["slash_commands"][0]["url"] = url
        slack = home.settings.slack.model_copy(update={"mode": transport, "port": port})
        model = ModelSettings(url="embedded")
        home.settings = home.settings.model_copy(update={"slack": slack, "model": model})
        yield home


def apps_of(home: House) -> dict[str, Any]:
    """An app for each persona, and the settings for them."""
    apps = installed(home.slack, home.team, NAMES)
    tokens = {persona: SecretStr(app.bot_token) for persona, app in apps.items()}
    return {"identity": "apps", "personas": tokens}


@pytest.mark.parametrize("transport", ["socket", "http"])
@pytest.mark.parametrize("identity", ["customize", "apps"])
async def test_a_debate_runs_from_the_command_to_its_files(
    identity: str,
    transport: str,
    server: RedisServer,
    shard: str,
    redis: object,
    unused_tcp_port: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        home = await enter(home_by(transport, server, shard, unused_tcp_port))
        over = apps_of(home) if identity == "apps" else {}
        working = await enter(worker(home, tmp_path / "worker.log"))
        listening = await enter(bot(home, tmp_path / "bot.log", **over))
        outcome = await home.ana.runs("/debate", TOPIC, home.general)
        assert outcome.is_acknowledged
        await home.until(lambda: home.ana.sees(home.general))
        await home.until(lambda: any(seen.files for seen in home.thread()), PATIENCE_S)
        (listed,) = await home.debates.recent(9)
        found = await shown(home, listed)
        await ends_well(listening)
        await ends_well(working)
    whole(found, identity)
    with capsys.disabled():
        print(f"\n{identity}, {transport}: {told(found)}")  # noqa: T201 - what this run is for


def whole(found: Shown, identity: str) -> None:
    """Each turn by its persona, tagging the next; a synthesis that links to them; the files."""
    found.check()
    turns = [seen for _, seen in found.turns]
    assert [seen.author for seen in turns] == list(NAMES.values())
    for spoken, following in pairwise(turns):
        tag = tag_of(following, identity)
        assert any(tag in seen.text for seen in parts_of(found, spoken))
    bots = {seen.message.user for seen in turns}
    assert len(bots) == (len(turns) if identity == "apps" else 1)
    links = {link for _, _, seen in found.posts for link in links_in(seen.message.blocks)}
    linked = {link.partition("?")[0].rpartition("/p")[2] for link in links}
    assert {seen.ts.replace(".", "") for seen in turns} <= linked


def told(found: Shown) -> str:
    """The figures."""
    characters = sum(len(seen.text) for _, _, seen in found.posts)
    seconds = (found.log[-1].at_ms - found.log[0].at_ms) / 1_000
    return (
        f"{len(found.turns)} turns in {len(found.posts)} posts, each once and in order; "
        f"{characters} characters, {len(found.files)} files, {seconds:.0f} s"
    )


def tag_of(following: Seen, identity: str) -> str:
    """How the next one is called."""
    name = following.author.lower() if identity == "apps" else following.author
    return f"→ {'@' if identity == 'apps' else ''}{name}: "


def parts_of(found: Shown, first: Seen) -> list[Seen]:
    """All posts of the turn that begins with this one."""
    number = next(n for n, _, seen in found.posts if seen is first)
    return [seen for n, _, seen in found.posts if n == number]


def links_in(blocks: list[dict[str, Any]]) -> list[str]:
    """The addresses that these blocks link to."""
    sections = [section for block in blocks for section in block.get("elements", ())]
    parts = [part for section in sections for part in section.get("elements", ())]
    return [part["url"] for part in parts if part["type"] == "link"]
