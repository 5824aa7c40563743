"""Keeps debates' cards current: one edit at a time, at a rate that platforms and readers can take.

A card is looked for before it is posted, so that no thread gets two.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bots.chat.surface import Refused, RetryAfter, Unknown
from engine.debate.codec import UnknownEvent
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import StoreAway, UnknownDebate

CARD_S = 3.0
"""Between two edits of one card."""
EDIT_S = 1.2
"""Between two edits at all: Slack takes fifty a minute, Discord five in five seconds."""
AGAIN_S = 5.0
REMEMBERED = 5_000

Card = dict[str, Any]
"""A message as the platform takes it."""

log = structlog.get_logger()


class Board(Protocol):
    """Where a platform shows its cards. No call is made twice by itself.

    Each may raise `Refused`, `RetryAfter` or `Unknown`, as `Surface.post` does; `find` `StoreAway`.
    """

    def card(self, debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
        """The card of a debate that stands like this. Asks nobody, and raises nothing.

        `unheard_s`: how long it takes yet to read what was said while nobody listened.
        """
        ...

    async def find(self, debate: str, place: Place) -> str | None:
        """The message that is this debate's card; `None`: the thread has none."""
        ...

    async def post(self, place: Place, card: Card) -> str:
        """Posts it to the thread; answers the platform's id of the message."""
        ...

    async def edit(self, place: Place, message: str, card: Card) -> None:
        """Has the message show this card."""
        ...


@dataclass(slots=True)
class _Kept:
    place: Place
    message: str | None = None
    is_noted: bool = False
    """Whether other processes find the message without looking for it."""
    is_gone: bool = False
    """What was noted cannot be edited."""
    not_before: float = 0.0
    due: bool = True
    heard_at: float | None = None
    """When about all is read that was said while nobody listened."""


class Cards:
    """The cards in the home threads of one platform's debates."""

    def __init__(
        self,
        board: Board,
        debates: Debates,
        clock: Clock,
        card_s: float = CARD_S,
        edit_s: float = EDIT_S,
    ) -> None:
        self._board, self._debates, self._clock = board, debates, clock
        self._card_s, self._edit_s = card_s, edit_s
        self._cards: OrderedDict[str, _Kept] = OrderedDict()
        self._news = asyncio.Event()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The debate changed, and stands like this; its card is seen to in due time."""
        if place != state.started.home:
            return
        self._kept(debate, place).due = True
        self._news.set()

    def posted(self, debate: str, place: Place, state: Debate, message: str) -> None:
        """The card was posted as this message."""
        self.stands(debate, place, state)
        if place == state.started.home:
            self._kept(debate, place).message = message

    def behind(self, debate: str, place: Place, seconds: float | None) -> None:
        """What was said in the thread while nobody listened is read in so long; `None`: it is."""
        if seconds is None and debate not in self._cards:
            return
        kept = self._cards.get(debate) or self._kept(debate, place)
        if kept.place != place:
            return
        kept.due |= (kept.heard_at is None) != (seconds is None)
        kept.heard_at = None if seconds is None else self._clock.monotonic() + seconds
        self._news.set()

    async def before(self, debate: str, place: Place, n: int) -> None:
        """Has the card stand in its thread before event `n` does, if that is the first turn.

        Raises:
            RetryAfter: it cannot be posted just now, or nobody knows whether it was.
        """
        kept = self._cards.get(debate)
        if kept is not None and kept.message is not None:
            return
        try:
            state = await self._debates.load(debate)
            if place != state.started.home or not state.turns or state.turns[0].n != n:
                return
            await self._show(debate, self._kept(debate, place), state)
        except (Unknown, StoreAway) as error:
            raise RetryAfter from error
        except (Refused, UnknownDebate, UnknownEvent) as error:
            log.warning("card.refused", debate=debate, error=str(error))

    async def run(self) -> None:
        """Edits until it is cancelled."""
        while True:
            self._news.clear()
            now = self._clock.monotonic()
            due = [(kept.not_before, debate) for debate, kept in self._cards.items() if kept.due]
            if not due:
                await self._news.wait()
                continue
            at, debate = min(due)
            if at > now:
                await self._wait(at - now)
                continue
            await self._see_to(debate, self._cards[debate])
            await self._clock.sleep(self._edit_s)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _see_to(self, debate: str, kept: _Kept) -> None:
        kept.due, again_s = False, self._card_s
        try:
            # As it stands now, and whatever was shown last: other processes edit this card, too.
            state = await self._debates.load(debate)
            if state.started.home != kept.place:  # cards stand in home threads only
                if self._cards.get(debate) is kept:
                    del self._cards[debate]
                return
            await self._show(debate, kept, state)
        except RetryAfter as error:
            kept.due, again_s = True, error.seconds or AGAIN_S
        except (Unknown, StoreAway):
            kept.due, again_s = True, AGAIN_S
        except (Refused, UnknownDebate, UnknownEvent) as error:
            log.warning("card.refused", debate=debate, error=str(error))
            kept.message, kept.is_noted, kept.is_gone = None, False, True
        kept.not_before = self._clock.monotonic() + again_s

    def _kept(self, debate: str, place: Place) -> _Kept:
        """What is known of the card in this thread; of all debates, the latest are remembered."""
        kept = self._cards.get(debate)
        if kept is None or kept.place != place:
            kept = self._cards[debate] = _Kept(place)
        self._cards.move_to_end(debate)
        if len(self._cards) > REMEMBERED:
            self._cards.popitem(last=False)
        return kept

    async def _show(self, debate: str, kept: _Kept, state: Debate) -> None:
        unheard_s = 0.0 if kept.heard_at is None else kept.heard_at - self._clock.monotonic()
        card = self._board.card(debate, state, unheard_s)
        if kept.message is None and not kept.is_gone:
            kept.message = await self._debates.places.card(debate)
        if kept.message is None:
            kept.message = await self._board.find(debate, kept.place)
        if kept.message is None:
            kept.message = await self._board.post(kept.place, card)
        else:
            await self._board.edit(kept.place, kept.message, card)
        if not kept.is_noted:
            await self._debates.places.set_card(debate, kept.message)
            kept.is_noted, kept.is_gone = True, False
