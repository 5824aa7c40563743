"""Where debates begin: a thread below a message, or below a card of the bot's own.

A thread made from a message has that message's id, and there is one at most: to ask again changes
nothing. A card whose answer was lost is looked for before it is posted again, with the same nonce.
"""

from __future__ import annotations

import structlog

from bots.chat.starting import LATER_S, Root
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.board import DiscordBoard
from bots.discordbot.card import card
from bots.discordbot.ids import direct_place, guild_of, is_direct, place_of
from bots.discordbot.parts import Parts
from bots.discordbot.refusals import FORBIDDEN, THREAD_EXISTS, DiscordRefused
from bots.discordbot.shown import loaded
from engine.debate.events import Place
from engine.debate.explained import one_line
from engine.debate.state import Debate

NAME_CHARS = 100
ARCHIVED_AFTER_MIN = 10_080
"""A week without a message, the longest there is; the next post opens it again."""

log = structlog.get_logger()


class Opening:
    """The bot's `Roots`; and threads below messages of people's."""

    def __init__(self, parts: Parts, lands_within_s: float) -> None:
        self._parts, self._lands_within_s = parts, lands_within_s
        self._board = DiscordBoard(parts)

    async def below(self, beside: Place, message: str, topic: str) -> Place:
        """The place of a debate that somebody's message asks for; made if it is not there.

        `beside`: the message's channel. To be called when nothing stands in the debate's way any
        more: a thread that was made stays.

        Raises:
            Refused: the bot may not make threads here, or the message is gone.
            RetryAfter, Unknown: not now; asked again, it goes on.
        """
        place = place_of(guild_of(beside), beside.channel, message)
        if is_direct(place):
            return place
        body = {"name": thread_name(topic), "auto_archive_duration": ARCHIVED_AFTER_MIN}
        route = "POST /channels/{channel}/messages/{message}/threads"
        try:
            await self._parts.rest.call(route, body, channel=place.channel, message=message)
        except DiscordRefused as refused:
            if refused.status == FORBIDDEN:
                raise Refused(
                    "The bot may not open threads in this channel; let it view the channel, create"
                    " public threads, and send messages in them."
                ) from refused
            if refused.code != THREAD_EXISTS:
                raise
        return place

    async def has_thread(self, place: Place, topic: str) -> None:
        """See `OpenThread`: below the message whose id the thread has.

        Raises:
            Refused, RetryAfter, Unknown
        """
        await self.below(place, place.thread, topic)

    async def grow(self, debate: str, beside: Place, state: Debate, *, again: bool) -> Root:
        """See `Roots.grow`."""
        in_doubt, message = again, ""
        while True:
            try:
                if in_doubt:
                    await self._parts.clock.sleep(self._lands_within_s)
                    message = message or await self._board.find_beside(debate, beside) or ""
                    in_doubt = False
                if not message:
                    message = await self._board.post(beside, card(debate, state))
                return Root(await self.below(beside, message, state.started.topic), message)
            except RetryAfter as error:
                await self._parts.clock.sleep(error.seconds or LATER_S)
            except Unknown:
                in_doubt = True
            except Refused:
                if message:
                    await self._delete(beside.channel, message)
                raise

    async def begun(self, debate: str, place: Place) -> None:
        """See `Roots.begun`."""
        await heard_from_now_on(self._parts, place, debate)

    async def remove(self, root: Root) -> None:
        """See `Roots.remove`; to take a thread away needs the right to manage threads."""
        if not is_direct(root.place):
            try:
                await self._parts.rest.call("DELETE /channels/{channel}", channel=root.place.thread)
            except (Refused, RetryAfter, Unknown) as error:
                log.warning("thread.left", thread=root.place.thread, error=str(error))
        await self._delete(root.place.channel, root.card)

    async def _delete(self, channel: str, message: str) -> None:
        route = "DELETE /channels/{channel}/messages/{message}"
        try:
            await self._parts.rest.call(route, channel=channel, message=message)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("card.left", channel=channel, message=message, error=str(error))


async def heard_from_now_on(parts: Parts, place: Place, debate: str) -> None:
    """In a direct message, what is said goes to this debate from now on; elsewhere nothing changes.

    To be called once a debate began, as often as may be: a later one is not gone back from.

    Raises:
        StoreAway
    """
    if not is_direct(place):
        return
    places, pointer = parts.debates.places, direct_place(place.channel)
    while not await places.bind(pointer, debate):
        before = await places.debate_at(pointer)
        state = await loaded(parts, before) if before else None
        home = state.started.home if state else None
        if home is not None and int(home.thread) > int(place.thread):
            return
        if before is not None:
            await places.unbind(pointer, before)


def thread_name(topic: str) -> str:
    """The topic, as long as a thread's name may be."""
    name = one_line(topic) or "…"
    return name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1].rstrip()}…"
