"""A message to be debated brings its thread and files along, and tells what it leaves out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from engine.debate.state import Debate
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house

PATIENT = replace(HASTY, starting=60.0)
"""A PDF is read in a process of its own, which takes its time to start."""


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, speaks=False) as opened:
        yield opened


async def begun(home: House, root: str) -> Debate:
    """The debate of this thread's message, once it has begun."""
    await home.luis.takes_shortcut("debate_this", home.general.messages[root])
    await home.luis.submits({"topic": "Night buses?", "panel": "ai-en", "pace": "step"})
    assert home.luis.modal is None
    await home.until_async(lambda: count(home), 1)
    (listed,) = await home.debates.recent(9)
    return await home.debates.load(listed.debate)


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def told(home: House, root: str, words: str) -> None:
    """Waits until Luis alone is told this."""

    def is_told() -> bool:
        seen = home.luis.sees_thread(home.general, root)
        return any(words in one.text for one in seen if one.is_ephemeral)

    await home.until(is_told)


async def test_a_file_that_cannot_be_read_is_left_out_and_said_to_be(home: House) -> None:
    root = home.ana.shares(home.general, "facts.md", b"# Facts", words="Night buses?").ts
    home.ana.shares(home.general, "plan.pdf", b"no PDF at all", thread=root)
    home.ana.shares(home.general, "map.png", b"\x89PNG", thread=root)
    async with home.bot(PATIENT):
        state = await begun(home, root)
        await told(home, root, "plan.pdf cannot be read as a PDF")
        await told(home, root, "map.png is of a kind that cannot be read")
    assert [material.name for material in state.material] == ["thread.txt", "facts.md"]


async def test_of_a_long_thread_the_first_and_the_last_messages_are_debated(home: House) -> None:
    root = home.ana.says(home.general, "Night buses?").ts
    for number in range(1, 451):
        home.luis.says(home.general, f"Reason {number}.", thread=root)
    async with home.bot():
        state = await begun(home, root)
        await told(home, root, "The thread is long")
    (material,) = state.material
    assert material.text.startswith("ana: Night buses?\n\n[…]")
    assert material.text.endswith("luis: Reason 450.")
    assert "Reason 252." in material.text
    assert "Reason 251." not in material.text
