"""The cards' place in Discord: the message that a thread hangs from, or one of the thread's first.

A card that starts a thread stands in the channel, beside the thread, whose id it has.
"""

from __future__ import annotations

from bots.chat.cards import Card
from bots.discordbot.card import card
from bots.discordbot.history import since
from bots.discordbot.ids import channel_of
from bots.discordbot.marks import card_in
from bots.discordbot.message import nonce
from bots.discordbot.parts import Parts
from bots.discordbot.refusals import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, WRONG_KIND, DiscordRefused
from bots.discordbot.rest import Json
from bots.discordbot.speaking import MESSAGES
from engine.debate.events import Place
from engine.debate.state import Debate

PAGE = 100


class DiscordBoard:
    """A `Board`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def card(self, debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
        """See `Board.card`."""
        return card(debate, state, unheard_s)

    async def find(self, debate: str, place: Place) -> str | None:
        """See `Board.find`."""
        if self._is_card(await self._root(place), debate):
            return place.thread
        read_to: str | None = await since(self._parts, place, debate, 1)
        while read_to is not None:
            page = await self._page(channel_of(place), {"after": read_to})
            found = self._card_in(page, debate)
            if found is not None:
                return found
            read_to = (
                max((str(told["id"]) for told in page), key=int) if len(page) == PAGE else None
            )
        return None

    async def find_beside(self, debate: str, beside: Place) -> str | None:
        """The card as it stands in the channel itself, among the last messages.

        Raises:
            Refused, RetryAfter, Unknown
        """
        return self._card_in(await self._page(beside.channel, {}), debate)

    async def post(self, place: Place, card: Card) -> str:
        """See `Board.post`. Sent again within minutes, it is posted once."""
        told = await self._parts.rest.call(MESSAGES, _once(card), channel=channel_of(place))
        return str(told["id"])

    async def edit(self, place: Place, message: str, card: Card) -> None:
        """See `Board.edit`."""
        channel = place.channel if message == place.thread else channel_of(place)
        route = "PATCH /channels/{channel}/messages/{message}"
        await self._parts.rest.call(route, card, channel=channel, message=message)

    async def _page(self, channel: str, query: dict[str, str]) -> list[Json]:
        route, query = "GET /channels/{channel}/messages", query | {"limit": str(PAGE)}
        page: list[Json] = await self._parts.rest.call(route, query=query, channel=channel)
        return page

    def _card_in(self, page: list[Json], debate: str) -> str | None:
        return next((str(told["id"]) for told in page if self._is_card(told, debate)), None)

    async def _root(self, place: Place) -> Json:
        """The message of the channel that the thread was made from; empty: of none."""
        route = "GET /channels/{channel}/messages/{message}"
        try:
            told = await self._parts.rest.call(route, channel=place.channel, message=place.thread)
        except DiscordRefused as refused:
            if refused.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL, WRONG_KIND):  # a forum has none
                return {}
            raise
        return told if isinstance(told, dict) else {}

    def _is_card(self, told: Json, debate: str) -> bool:
        is_ours = (told.get("author") or {}).get("id") == self._parts.us.user
        return is_ours and card_in(told) == debate


def _once(card: Card) -> Json:
    return card | {"nonce": nonce(f"card:{card_in(card)}"), "enforce_nonce": True}
