"""What every `Surface` promises to delivery; a platform's tests inherit it and give a `stage`."""

from __future__ import annotations

from typing import Protocol

import pytest

from bots.chat.parts import part_of
from bots.chat.posts import Post
from bots.chat.surface import (
    CannotTell,
    Found,
    Key,
    Missing,
    Part,
    Refused,
    RetryAfter,
    Role,
    Segment,
    Speaker,
    Surface,
    Tag,
    Unknown,
)
from engine.debate.events import DebateStarted, Place
from engine.debate.evolve import evolve
from tests.chat.logs import SEATS, STARTED
from tests.chat.test_mentions import ATTACKS

DEBATE = "t1-abcdefgh23456789"
ADA = Speaker(seat=SEATS[1])


class Stage(Protocol):
    """A platform in a test's hands."""

    @property
    def surface(self) -> Surface:
        """What is tried."""
        ...

    def thread(self) -> Place:
        """A new thread."""
        ...

    async def seen(self, place: Place) -> list[str]:
        """The texts of the messages that people see in it, in order, tags and all."""
        ...

    async def pinged(self, place: Place) -> list[str]:
        """Whom its messages pinged, by id."""
        ...

    def lose_answer(self, place: Place) -> None:
        """The next post to it lands, and its answer is lost."""
        ...

    def fail(self, place: Place) -> None:
        """The next post to it meets a server's error that tells nothing."""
        ...

    def too_many(self, place: Place, seconds: int) -> None:
        """The next post to it is one too many."""
        ...

    def hide(self, place: Place) -> None:
        """The next reading of it fails."""
        ...

    def remove(self, place: Place) -> None:
        """It is gone, archived, or forbidden."""
        ...


def part(*segments: Segment, n: int = 2, number: int = 0) -> Part:
    key = Key(DEBATE, n, number, 10, more=False, digest="0123abcd")
    return Part(key, ADA, segments, "es")


def words(text: str = "Una respuesta.") -> Segment:
    return Segment(Role.WORDS, text)


class SurfaceContract:
    """To be inherited as `class TestMine(SurfaceContract)`, beside a fixture `stage`."""

    async def test_a_part_stands_in_its_thread_once_and_in_no_other(self, stage: Stage) -> None:
        place, other = stage.thread(), stage.thread()
        await stage.surface.post(place, part(words()))
        (text,) = await stage.seen(place)
        assert "Una respuesta." in text
        assert await stage.seen(other) == []

    async def test_what_was_posted_is_found_by_its_slot_and_nothing_else_is(
        self, stage: Stage
    ) -> None:
        place = stage.thread()
        first = await stage.surface.post(place, part(words(), n=2))
        second = await stage.surface.post(place, part(words("Otra."), n=3))
        wanted = part(words("Otra, de otra versión."), n=3).key
        found = await stage.surface.find(place, wanted, first)
        assert isinstance(found, Found)
        assert found.message == second
        assert found.key in (None, part(words(), n=3).key)
        nothing = await stage.surface.find(place, part(words(), n=4).key, second)
        assert isinstance(nothing, Missing)

    async def test_the_first_message_of_a_thread_is_found_too(self, stage: Stage) -> None:
        place, sent = stage.thread(), part(words())
        assert isinstance(await stage.surface.find(place, sent.key, None), Missing)
        message = await stage.surface.post(place, sent)
        found = await stage.surface.find(place, sent.key, None)
        assert isinstance(found, Found)
        assert found.message == message

    async def test_a_lost_answer_is_said_to_be_unknown_and_not_sent_again(
        self, stage: Stage
    ) -> None:
        place, sent = stage.thread(), part(words())
        stage.lose_answer(place)
        with pytest.raises(Unknown):
            await stage.surface.post(place, sent)
        assert len(await stage.seen(place)) == 1
        assert isinstance(await stage.surface.find(place, sent.key, None), Found)

    async def test_a_servers_error_is_said_to_be_unknown(self, stage: Stage) -> None:
        place, sent = stage.thread(), part(words())
        stage.fail(place)
        with pytest.raises(Unknown):
            await stage.surface.post(place, sent)
        assert isinstance(await stage.surface.find(place, sent.key, None), Missing)

    async def test_one_too_many_is_not_posted_and_says_when_to_come_again(
        self, stage: Stage
    ) -> None:
        place = stage.thread()
        stage.too_many(place, 7)
        with pytest.raises(RetryAfter) as told:
            await stage.surface.post(place, part(words()))
        assert told.value.seconds is not None
        assert 6 <= told.value.seconds <= 8
        assert await stage.seen(place) == []

    async def test_a_thread_that_is_gone_refuses_and_says_why(self, stage: Stage) -> None:
        place, other = stage.thread(), stage.thread()
        stage.remove(place)
        with pytest.raises(Refused) as why:
            await stage.surface.post(place, part(words()))
        assert why.value.problem().text
        with pytest.raises(Refused):
            await stage.surface.find(place, part(words()).key, None)
        assert await stage.seen(other) == [], "it falls back to nowhere"

    async def test_a_thread_that_cannot_be_read_is_not_said_to_be_empty(self, stage: Stage) -> None:
        place = stage.thread()
        stage.hide(place)
        assert isinstance(await stage.surface.find(place, part(words()).key, None), CannotTell)

    async def test_nothing_pings_but_the_tag(self, stage: Stage) -> None:
        place, tag = stage.thread(), Tag(seat=SEATS[2])
        size = stage.surface.limit // max(map(stage.surface.length, ATTACKS)) - 1
        for start in range(0, len(ATTACKS), size):
            text = " ".join(ATTACKS[start : start + size])
            await stage.surface.post(place, part(words(text), n=start))
        assert await stage.pinged(place) == []
        await stage.surface.post(place, part(Segment(Role.QUESTION, "¿Y usted?", tag), n=9_999))
        assert set(await stage.pinged(place)) <= {SEATS[2].id}

    async def test_a_long_post_arrives_whole_in_parts(self, stage: Stage) -> None:
        place = stage.thread()
        sentence = "Una frase de las que hay muchas, con tildes: ¿sí? "
        segments = (words(sentence * (3 * stage.surface.limit // len(sentence))),)
        post = Post(2, ADA, segments, "es")
        number, offset, more = 0, 0, True
        while more:
            piece = part_of(post, DEBATE, number, offset, stage.surface)
            await stage.surface.post(place, piece)
            number, offset, more = number + 1, piece.key.end, piece.key.more
        seen = await stage.seen(place)
        assert len(seen) == number >= 3
        together = " ".join(seen).split()
        assert together.count("tildes:") == segments[0].text.split().count("tildes:")

    async def test_a_thread_that_has_been_shown_everything_may_be_told_so(
        self, stage: Stage
    ) -> None:
        started: DebateStarted = STARTED
        await stage.surface.stands(DEBATE, stage.thread(), evolve(None, started))
