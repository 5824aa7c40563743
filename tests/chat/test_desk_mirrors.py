"""A debate is shown in a second thread by a code, until either side ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from bots.chat.desk import NOTHING, Asker, Desk
from engine.debate.commands import EndMirror, OpenMirror, Steer, Talk
from engine.debate.events import (
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
)
from engine.debate.state import Debate
from engine.panels.loader import load_panel
from engine.ports.debates import Debates
from engine.ports.store import StoreAway
from engine.runtime.door import Door
from tests.chat.at_the_desk import (
    BEA,
    BOSS,
    GUEST,
    HOME,
    THERE,
    AtTheDesk,
    at,
    refused,
)


async def mirrored(here: AtTheDesk, debate: str) -> None:
    """The debate, shown in the guest's thread too."""
    told = await here.desk.ask("mirror", BOSS)
    assert told.private
    code = told.text.rpartition(" ")[2]
    assert await here.desk.ask(f"mirror {code}", GUEST) == NOTHING
    assert await here.places.debate_at(THERE) == debate


async def test_a_code_shows_the_debate_in_another_thread_and_words_there_are_heard(
    here: AtTheDesk,
) -> None:
    debate = await here.started()
    await mirrored(here, debate)
    assert await here.last(debate) == MirrorOpened(THERE, GUEST.person)
    assert await here.desk.say("Hello from here", GUEST) == NOTHING
    assert await here.last(debate) == MessageHeard(
        GUEST.person, "Hello from here", None, None, THERE
    )
    assert "mirror" in refused(await here.desk.ask("stop", GUEST))
    assert "mirror" in refused(await here.desk.ask("mirror", GUEST))


@pytest.mark.parametrize("asker", [GUEST, BOSS], ids=["there", "at home"])
async def test_either_side_ends_a_mirror(here: AtTheDesk, asker: Asker) -> None:
    debate = await here.started()
    await mirrored(here, debate)
    assert await here.desk.ask("mirror end", asker, payloads=["E9"]) == NOTHING
    assert await here.last(debate) == MirrorEnded(THERE, asker.person)
    assert await here.places.debate_at(THERE) is None
    assert await here.places.debate_at(HOME) == debate
    refused(await here.desk.ask("mirror end", asker))


async def test_a_code_is_good_once(here: AtTheDesk) -> None:
    await here.started()
    code = (await here.desk.ask("mirror", BOSS)).text.rpartition(" ")[2]
    assert await here.desk.ask(f"mirror {code.upper()}", GUEST) == NOTHING
    other = at(GUEST, replace(THERE, thread="other"))
    assert "no good" in refused(await here.desk.ask(f"mirror {code}", other))


async def test_mirrors_are_for_managers_and_for_threads_that_are_free(here: AtTheDesk) -> None:
    await here.started()
    assert "manage" in refused(await here.desk.ask("mirror", BEA))
    code = (await here.desk.ask("mirror", BOSS)).text.rpartition(" ")[2]
    assert "manage" in refused(await here.desk.ask(f"mirror {code}", replace(GUEST, manages=False)))
    await here.started(asker=GUEST)
    assert "without a debate" in refused(await here.desk.ask(f"mirror {code}", GUEST))
    free = at(GUEST, replace(THERE, thread="free"))
    assert await here.desk.ask(f"mirror {code}", free) == NOTHING


async def test_a_mirror_that_was_half_made_can_be_made_again(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.places.bind(THERE, debate)
    await mirrored(here, debate)
    assert await here.last(debate) == MirrorOpened(THERE, GUEST.person)


class Halting:
    """An engine whose store goes away at one command, before it lands or with its answer lost."""

    def __init__(self, door: Door, at: Callable[[Talk | Steer], bool], *, landed: bool) -> None:
        self._door, self._at, self._landed = door, at, landed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._door, name)

    async def submit(
        self, debate: str, command: Talk | Steer, payloads: Sequence[str] = ()
    ) -> Debate:
        halts = self._at(command)
        if not halts or self._landed:
            state = await self._door.submit(debate, command, payloads)
        if halts:
            raise StoreAway("Redis does not answer: {why}", why="gone")
        return state


def halting(here: AtTheDesk, at: Callable[[Talk | Steer], bool], *, landed: bool = False) -> Desk:
    door = cast(Debates, Halting(here.door, at, landed=landed))
    return Desk(door, {"ai-en": load_panel("ai-en")}, here.new_id)


@pytest.mark.parametrize("landed", [False, True], ids=["lost", "landed"])
async def test_a_mirror_that_was_begun_takes_no_words_until_the_code_is_entered_again(
    here: AtTheDesk, landed: bool
) -> None:
    debate = await here.started()
    code = (await here.desk.ask("mirror", BOSS)).text.rpartition(" ")[2]
    desk = halting(here, lambda command: isinstance(command, OpenMirror), landed=landed)
    with pytest.raises(StoreAway):
        await desk.ask(f"mirror {code}", GUEST, payloads=["P"])
    if not landed:
        assert await here.desk.say("Not for them.", GUEST) == NOTHING
        assert "no debate" in refused(await here.desk.ask("status", GUEST))
    assert not any(isinstance(e, MessageHeard) for e in await here.events(debate))
    for _ in range(2):
        assert await here.desk.ask(f"mirror {code}", GUEST, payloads=["P"]) == NOTHING
    assert (await here.events(debate)).count(MirrorOpened(THERE, GUEST.person)) == 1


async def test_ending_all_mirrors_goes_on_where_it_was_broken_off(here: AtTheDesk) -> None:
    debate = await here.started()
    other = at(GUEST, replace(THERE, thread="other"))
    for guest in (GUEST, other):
        code = (await here.desk.ask("mirror", BOSS)).text.rpartition(" ")[2]
        assert await here.desk.ask(f"mirror {code}", guest) == NOTHING
    desk = halting(here, lambda c: isinstance(c, EndMirror) and c.place == other.place)
    with pytest.raises(StoreAway):
        await desk.ask("mirror end", BOSS, payloads=["E9"])
    assert await here.desk.ask("mirror end", BOSS, payloads=["E9"]) == NOTHING
    assert (await here.door.load(debate)).mirrors == ()
    assert await here.places.debate_at(other.place) is None


async def test_a_mirror_takes_no_second_debate(here: AtTheDesk) -> None:
    debate = await here.started()
    await mirrored(here, debate)
    boss = at(BOSS, replace(HOME, thread="second"))
    await here.started(asker=boss)
    code = (await here.desk.ask("mirror", boss)).text.rpartition(" ")[2]
    assert "without a debate" in refused(await here.desk.ask(f"mirror {code}", GUEST))
    assert await here.places.debate_at(THERE) == debate
