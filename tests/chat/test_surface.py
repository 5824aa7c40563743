"""The contract's own trial: the surface that delivery is tested on keeps it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest

from bots.chat.surface import Key, Surface
from engine.debate.events import Place
from tests.chat.http_surface import HttpSurface
from tests.chat.surface_contract import Stage, SurfaceContract
from tests.fakes.thread_server import ThreadServer, fail, lose_answer, too_many


class _Stage:
    def __init__(self, server: ThreadServer, surface: HttpSurface) -> None:
        self._server = server
        self._surface = surface

    @property
    def surface(self) -> Surface:
        return self._surface

    def thread(self) -> Place:
        return Place("chat:W1", "C1", secrets.token_hex(4))

    async def seen(self, place: Place) -> list[str]:
        return self._server.texts(place.thread)

    async def pinged(self, place: Place) -> list[str]:
        return [ping for posted in self._server.threads[place.thread] for ping in posted.pings]

    def lose_answer(self, place: Place) -> None:
        self._server.will(place.thread, lose_answer())

    def fail(self, place: Place) -> None:
        self._server.will(place.thread, fail())

    def too_many(self, place: Place, seconds: int) -> None:
        self._server.will(place.thread, too_many(seconds))

    def hide(self, place: Place) -> None:
        self._server.unreadable.append(place.thread)

    def remove(self, place: Place) -> None:
        self._server.gone.add(place.thread)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with (
        ThreadServer.open() as server,
        HttpSurface.open(server.url) as surface,
    ):
        yield _Stage(server, surface)


class TestHttpSurface(SurfaceContract):
    """The thread server's."""


def test_a_key_is_short_plain_and_leads_back_to_itself() -> None:
    for more in (True, False):
        key = Key("t123456789ab-abcdefgh23456789", 99_999, 12, 40_000, more, "0123abcd")
        assert Key.parse(str(key)) == key
        assert len(str(key)) < 100
        assert str(key).isascii()
        assert str(key).startswith(f"{key.slot}:")
    for text in ("", "a:b", "t1-a:1:2:3:zz", "t1-a:1:2:3:0123abcd\n", "t1-a:1:²:3:0123abcd"):
        assert Key.parse(text) is None
