"""A transcript that could not be put into its thread is tried again when the thread next stands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bots.chat.closing import TRIES, Closing
from bots.chat.desk import File
from bots.chat.surface import Refused, Unknown
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from tests.chat.at_the_desk import HOME, AtTheDesk


class Shelf:
    """A `Shelf` where so many calls go wrong first."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.files: list[str] = []

    async def files_after(self, place: Place, message: str) -> list[str]:
        return self.files

    async def put(self, place: Place, files: Sequence[File], comment: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.files += [file.name for file in files]


@pytest.mark.parametrize(
    "faults", [[Refused("It is locked.")], [Unknown("away")] * TRIES], ids=["refused", "away"]
)
async def test_it_comes_when_the_thread_next_stands(
    here: AtTheDesk, faults: list[Exception]
) -> None:
    debate = await here.started()
    await here.spoken(debate, 1)
    state = await here.closed(debate)
    shelf = Shelf(*faults)
    closing = Closing(shelf, here.door, here.readers(), SystemClock(), later_s=0.01)
    for expected in ([], ["transcript.md", "transcript.json", "transcript.html"]):
        await closing.stands(debate, HOME, state)
        assert sorted(shelf.files) == sorted(expected)
    await closing.stands(debate, HOME, state)
    assert len(shelf.files) == 3, "once"
