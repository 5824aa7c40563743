"""A whole debate in Discord, real processes and the smallest model, in both identity modes."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import pytest

from engine.debate.events import DebateClosed, Event, TurnSpoken
from engine.panels.loader import load_panel
from tests.discordbot.club import voices_in
from tests.discordbot.processes import speaking_as, started, working
from tests.discordbot.rig import TRANSCRIPTS, House, house
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer

pytestmark = pytest.mark.timeout(900)

TOPIC = "Should a small team run its own language models?"
WITHIN_S = 800.0


@pytest.mark.parametrize("identity", ["webhook", "bots"])
async def test_from_a_mention_to_the_transcript_each_turn_stands_there_once(
    identity: str,
    server: RedisServer,
    shard: str,
    redis: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    panel = load_panel("ai-en")
    async with house(server, shard, speaks=False) as home:
        place = home.club
        voices = voices_in(place, panel) if identity == "bots" else {}
        async with working(home, "embedded"), started(home, **speaking_as(voices)):
            await home.until(lambda: place.discord.gateway.of(place.app), 60.0)
            began = time.monotonic()
            asked = place.ana.says(
                place.general, f'@Panel debate "{TOPIC}" panel=ai-en pace=live language=en'
            )
            thread = await home.a_thread()
            await home.until(lambda: _files(home, thread), WITHIN_S)
            took_s = time.monotonic() - began
        log = await home.log()
        posts = home.posts(thread)
        names = [f"{'' if voices else f'{p.emoji} '}{p.name}" for p in panel.personas]
        spoken = [list(group) for _, group in groupby(posts, lambda seen: seen.author)]
        assert [parts[0].author for parts in spoken] == [*names, names[0]]
        assert thread.id == asked.id
        assert [seen.message.id for seen in place.ana.sees(place.general)] == [asked.id]
        _says_the_log(spoken, log)
        firsts = {parts[0].message.id for parts in spoken[:-1]}
        assert _linked(spoken[-1][-1], thread) == firsts
        assert _files(home, thread) == TRANSCRIPTS
    repaired = Counter(e.repaired or "as it came" for e in log if isinstance(e, TurnSpoken))
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this run is for
            f"\n{identity}: {len(firsts)} turns and a synthesis in {len(posts)} posts, each once,"
            f" in order, in {took_s:.0f} s; {len(firsts)} jump links, {len(TRANSCRIPTS)} files;"
            f" turns {dict(repaired)}"
        )


def _says_the_log(spoken: Sequence[Sequence[Seen]], log: Sequence[Event]) -> None:
    """Each turn's answer and question, and whom it asks, and at the end the synthesis."""
    turns = [event for event in log if isinstance(event, TurnSpoken)]
    (close,) = (event for event in log if isinstance(event, DebateClosed))
    for turn, parts, then in zip(turns, spoken[:-1], spoken[1:], strict=True):
        text = "\n".join(seen.text for seen in parts)
        assert _letters(turn.answer) in _letters(text)
        assert bool(turn.question) == (turn.next is not None)
        if turn.question is not None:
            assert _letters(turn.question) in _letters(text)
            called = text.partition("> → ")[2].partition("\n")[0].strip("@*")
            assert called
            assert then[0].author.endswith(called)
    assert _letters(close.synthesis.summary) in _letters(" ".join(s.text for s in spoken[-1]))


def _letters(text: str) -> str:
    """What is left of a text however it is formatted."""
    return re.sub(r"[\W_]+", "", text)


def _linked(seen: Seen, thread: Channel) -> set[str]:
    """The messages of the thread that a post links to."""
    return set(re.findall(rf"/channels/\d+/{thread.id}/(\d+)", seen.text))


def _files(home: House, thread: Channel) -> tuple[str, ...]:
    """Everything that was attached."""
    return tuple(name for seen in home.club.ana.sees(thread) for name in seen.files)
