"""The cards' place in Slack: a debate that began in a thread has its card among the replies."""

from __future__ import annotations

from bots.chat.cards import Card
from bots.chat.surface import RetryAfter
from bots.slackbot.card import card
from bots.slackbot.reading import find_card
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.clock import Clock

CLAIM_S = 30.0
"""Longer than a post takes, so that whoever looks again finds it."""


class SlackBoard:
    """A `Board`."""

    def __init__(self, workspaces: Workspaces, clock: Clock) -> None:
        self._workspaces, self._clock = workspaces, clock
        self._claimed: dict[str, float] = {}
        """Cards that have yet to be posted, and until when that is this process's to do."""

    def card(self, debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
        """See `Board.card`."""
        return card(debate, state, unheard_s)

    async def find(self, debate: str, place: Place) -> str | None:
        """See `Board.find`."""
        return await find_card(await self._workspaces.at(place), debate, place)

    async def post(self, place: Place, card: Card) -> str:
        """See `Board.post`. Of several processes that found none, one posts; others look again."""
        web = (await self._workspaces.at(place)).web
        debate = card["metadata"]["event_payload"]["debate"]
        now, until = self._clock.monotonic(), self._claimed.pop(debate, 0.0)
        if until <= now:
            until = now + CLAIM_S
            try:
                await web.claim(f"card/{debate}", CLAIM_S, is_strict=True)
            except RetryAfter as error:
                raise RetryAfter from error
        try:
            answer = await web.post(
                place.channel,
                f"card:{place.thread}",
                thread_ts=place.thread,
                unfurl_links=False,
                **card,
            )
        except RetryAfter:  # surely it was not posted
            self._claimed[debate] = until
            raise
        return str(answer["ts"])

    async def edit(self, place: Place, message: str, card: Card) -> None:
        """See `Board.edit`."""
        where = {"channel": place.channel, "ts": message}
        await (await self._workspaces.at(place)).web.call("chat.update", **where, **card)
