"""A debate that begins beside all threads: its card is posted, and the debate hangs from it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bots.chat.desk import Answer, Asker
from bots.chat.i18n import explained
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.card import card
from bots.slackbot.cards import Cards
from bots.slackbot.ids import place_of
from bots.slackbot.parts import Parts
from bots.slackbot.reading import find_root_card
from engine.debate.commands import Actor, StartDebate
from engine.debate.decide import decide
from engine.debate.evolve import fold
from engine.debate.explained import Explained
from engine.debate.state import Debate
from engine.ports.store import AlreadyTaken, StoreAway

TRIES = 8
LATER_S = 1.0

log = structlog.get_logger()


class Starting:
    """Starts debates in channels."""

    def __init__(self, parts: Parts, cards: Cards, lands_within_s: float) -> None:
        self._parts, self._cards = parts, cards
        self._lands_within_s = lands_within_s

    async def start(self, command: StartDebate, asker: Asker, payloads: list[str]) -> Answer:
        """Posts the card and starts the debate; the answer says why not, where it did not.

        A payload that was delivered before starts nothing, and its second card goes away.
        """
        debate, channel = self._parts.new_id(), asker.place.channel
        try:
            message = await self._post(debate, channel, command)
        except Refused as refusal:
            return Answer(explained(refusal, asker.language))
        if message is None:
            return Answer(asker.translate("Slack does not take the post just now; try again."))
        place = place_of(self._parts.team.id, channel, message)
        command = replace(command, by=Actor(asker.person, place, asker.manages))
        try:
            state = await self._begin(debate, command, payloads)
        except AlreadyTaken:
            await self._remove(channel, message)
            return Answer()
        except Explained as refusal:
            await self._remove(channel, message)
            return Answer(explained(refusal, asker.language))
        self._cards.posted(debate, place, state, message)
        return Answer(debate=debate)

    async def _begin(self, debate: str, command: StartDebate, payloads: list[str]) -> Debate:
        for _try in range(TRIES - 1):
            try:
                return await self._parts.debates.start(debate, command, payloads)
            except StoreAway:
                await self._parts.clock.sleep(LATER_S)
        return await self._parts.debates.start(debate, command, payloads)

    async def _post(self, debate: str, channel: str, command: StartDebate) -> str | None:
        """The card's message; `None`: Slack did not take it in time. It stands there once.

        Raises:
            Refused
        """
        web, clock = self._parts.web, self._parts.clock
        shown = card(debate, fold(None, decide(None, command)))
        in_doubt = False
        for _try in range(TRIES):
            try:
                if in_doubt:
                    await clock.sleep(self._lands_within_s)
                    found = await find_root_card(self._parts, debate, channel)
                    if found:
                        return found
                    in_doubt = False
                said = await web.call(
                    "chat.postMessage", channel=channel, unfurl_links=False, **shown
                )
                return str(said["ts"])
            except RetryAfter as error:
                await clock.sleep(error.seconds or LATER_S)
            except Unknown:
                in_doubt = True
        return None

    async def _remove(self, channel: str, message: str) -> None:
        try:
            await self._parts.web.call("chat.delete", channel=channel, ts=message)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("card.left", channel=channel, message=message, error=str(error))
