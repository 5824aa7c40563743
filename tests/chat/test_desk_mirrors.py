"""A debate is shown in a second thread by a code, until either side ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.chat.desk import NOTHING, Asker
from engine.debate.events import (
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
)
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
