"""Threads that rest go on when what stood in their way may be gone: mirrors as well as homes."""

from __future__ import annotations

import pytest

from bots.chat.waking import wake
from engine.debate.events import Place, Problem
from engine.ports.debates import Listed
from engine.ports.readers import Hold
from tests.chat.at_the_desk import BOSS, GUEST, HOME, THERE, AtTheDesk


@pytest.mark.parametrize("place", [HOME, THERE], ids=["home", "mirror"])
async def test_a_thread_that_rests_is_woken(here: AtTheDesk, place: Place) -> None:
    readers = here.readers()
    await readers.open()
    debate = await here.started()
    code = (await here.desk.ask("mirror", BOSS)).text.rpartition(" ")[2]
    await here.desk.ask(f"mirror {code}", GUEST)
    for mail in await readers.take(9, 1_000):
        hold = await readers.acquire(mail)
        while isinstance(hold, Hold):
            hold = await readers.rest(hold, Problem("It is locked."))
    await wake(here.door, readers, lambda meant: meant == place)
    (mail,) = await readers.take(9, 1_000)
    assert (mail.debate, mail.place) == (debate, place)


async def test_a_thread_that_rests_is_woken_however_many_debates_began_since(
    here: AtTheDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(most: int) -> list[Listed]:
        raise AssertionError(most)

    readers = here.readers()
    await readers.open()
    debate = await here.started()
    (mail,) = await readers.take(1, 1_000)
    hold = await readers.acquire(mail)
    assert isinstance(hold, Hold)
    assert await readers.rest(hold, Problem("It is locked.")) is None
    assert await readers.resting() == [(debate, HOME)]
    monkeypatch.setattr(here.door, "recent", none)
    await wake(here.door, readers, lambda _place: True)
    assert await readers.resting() == []
    assert len(await readers.take(9, 1_000)) == 1
