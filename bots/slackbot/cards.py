"""Keeps the cards current: one edit at a time, at a rate that Slack and readers can take.

A debate that began in a thread has its card among the replies; it is looked for before it is
posted, so that no thread gets two.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import structlog

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.card import card
from bots.slackbot.parts import Parts
from bots.slackbot.reading import find_card
from bots.slackbot.web import Json
from engine.debate.events import Place
from engine.debate.state import Debate

CARD_S = 3.0
"""Between two edits of one card."""
EDIT_S = 1.2
"""Between two edits at all: Slack takes fifty a minute."""
AGAIN_S = 5.0
REMEMBERED = 5_000

log = structlog.get_logger()


@dataclass(slots=True)
class _Card:
    place: Place
    state: Debate
    message: str | None = None
    shown: Json | None = None
    not_before: float = 0.0
    due: bool = True


class Cards:
    """The cards of the debates that are at home in this workspace."""

    def __init__(self, parts: Parts, card_s: float = CARD_S, edit_s: float = EDIT_S) -> None:
        self._parts, self._card_s, self._edit_s = parts, card_s, edit_s
        self._cards: OrderedDict[str, _Card] = OrderedDict()
        self._news = asyncio.Event()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The debate stands like this; its card is seen to in due time."""
        if place != state.started.home:
            return
        found = self._cards.setdefault(debate, _Card(place, state))
        self._cards.move_to_end(debate)
        found.state, found.due = state, True
        if len(self._cards) > REMEMBERED:
            self._cards.popitem(last=False)
        self._news.set()

    def posted(self, debate: str, place: Place, state: Debate, message: str) -> None:
        """The card was posted as this message."""
        self.stands(debate, place, state)
        self._cards[debate].message = message

    async def run(self) -> None:
        """Edits until it is cancelled."""
        clock = self._parts.clock
        while True:
            self._news.clear()
            now = clock.monotonic()
            due = [(c.not_before, d) for d, c in self._cards.items() if c.due]
            if not due:
                await self._news.wait()
                continue
            at, debate = min(due)
            if at > now:
                await self._wait(at - now)
                continue
            if await self._see_to(debate, self._cards[debate]):
                await clock.sleep(self._edit_s)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _see_to(self, debate: str, found: _Card) -> bool:
        """Whether Slack was asked for anything."""
        found.due, again_s = False, self._card_s
        shown = card(debate, found.state)
        if shown == found.shown:
            return False
        try:
            await self._show(debate, found, shown)
        except RetryAfter as error:
            found.due, again_s = True, error.seconds or AGAIN_S
        except Unknown:
            found.due, again_s = True, AGAIN_S
        except Refused as error:
            log.warning("card.refused", debate=debate, error=str(error))
            found.message = None
        found.not_before = self._parts.clock.monotonic() + again_s
        return True

    async def _show(self, debate: str, found: _Card, shown: Json) -> None:
        web, place = self._parts.web, found.place
        if found.message is None:
            found.message = await find_card(self._parts, debate, place)
        if found.message is None:
            where = {"channel": place.channel, "thread_ts": place.thread}
            answer = await web.call("chat.postMessage", unfurl_links=False, **where, **shown)
            found.message = str(answer["ts"])
        else:
            edit = {"channel": place.channel, "ts": found.message}
            await web.call("chat.update", **edit, **shown)
        found.shown = shown
