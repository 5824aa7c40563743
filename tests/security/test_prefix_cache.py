"""Nobody finds out by the model server's prefix cache what another workspace debates."""

from __future__ import annotations

from dataclasses import replace

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.bootstrap.models import open_model
from engine.debate.commands import Actor, StartDebate
from engine.debate.events import Person, Place
from engine.ports.model import ModelClient
from engine.settings import read_settings
from tests.adapters.openai_given import request, unheard
from tests.debate.given import start
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig

KEY = "sk-the-servers-key"


def begun(workspace: str, thread: str) -> StartDebate:
    place = Place(workspace, "C1", thread)
    return replace(start(), by=Actor(Person(f"{workspace}:U1", "Ana"), place))


async def salts(rig: Rig, model: ModelClient, fake: FakeModelServer, *debates: str) -> list[object]:
    """What each of these debates was cached under, which is one thing a debate."""
    async with rig.worker(model):
        for debate in debates:
            await rig.log_until_closed(debate)
    found = []
    for debate in debates:
        asked = [r.body for r in fake.received if r.headers["X-Session-Id"] == debate]
        assert len(asked) == 5
        (salt,) = {body.get("cache_salt") for body in asked}
        found.append(salt)
    return found


async def test_each_workspace_has_a_cache_of_its_own_and_shares_it_with_nobody(
    rig: Rig, fake: FakeModelServer
) -> None:
    debates = [
        await rig.start(begun("slack:T1", "1")),
        await rig.start(begun("slack:T1", "2")),
        await rig.start(begun("slack:T2", "3")),
        await rig.start(begun("discord:T1", "4")),
    ]
    settings = read_settings(model={"url": fake.url, "cache_salt": "workspace", "api_key": KEY})
    async with open_model(settings.model, lambda *_: None) as model:
        one, same, other, elsewhere = await salts(rig, model, fake, *debates)
    assert one == same
    assert len({one, other, elsewhere}) == 3


async def test_a_salt_cannot_be_made_of_what_a_workspace_is_called(fake: FakeModelServer) -> None:
    asked = request(workspace="slack:T1")
    for key in (KEY, "sk-another-key"):
        settings = OpenAISettings(fake.url, "fake", api_key=key, salted=True)
        async with OpenAIClient.open(settings) as client:
            await client.reply(asked, unheard)
    first, second = (received.body["cache_salt"] for received in fake.received)
    assert first != second
    assert len(first) == len(second) == 64
    assert "T1" not in first


async def test_debates_of_nobody_share_no_cache_either(fake: FakeModelServer) -> None:
    settings = OpenAISettings(fake.url, "fake", salted=True)
    async with OpenAIClient.open(settings) as client:
        for debate in ("d1", "d1", "d2"):
            await client.reply(request(debate=debate), unheard)
    first, again, other = (received.body["cache_salt"] for received in fake.received)
    assert first == again != other


async def test_unless_it_is_set_servers_are_asked_nothing_that_they_may_not_know(
    rig: Rig, fake: FakeModelServer
) -> None:
    settings = read_settings(model={"url": fake.url})
    async with open_model(settings.model, lambda *_: None) as model:
        assert await salts(rig, model, fake, await rig.start(begun("slack:T1", "1"))) == [None]
    assert all("cache_salt" not in received.body for received in fake.received)
