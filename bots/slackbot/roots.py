"""Where debates begin in Slack: the card is a message of the channel, its replies the thread."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bots.chat.starting import LATER_S, Root
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.card import card
from bots.slackbot.reading import find_root_card
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.clock import Clock

log = structlog.get_logger()


class SlackRoots:
    """The app's `Roots`."""

    def __init__(self, workspaces: Workspaces, clock: Clock, lands_within_s: float) -> None:
        self._workspaces, self._clock = workspaces, clock
        self._lands_within_s = lands_within_s

    async def grow(self, debate: str, beside: Place, state: Debate, *, again: bool) -> Root:
        """See `Roots.grow`."""
        shown, channel, in_doubt = card(debate, state), beside.channel, again
        while True:
            try:
                parts = await self._workspaces.at(beside)
                if in_doubt:
                    await self._clock.sleep(self._lands_within_s)
                    found = await find_root_card(parts, debate, channel)
                    if found:
                        return _root(beside, found)
                    in_doubt = False
                who = f"root:{debate}"
                said = await parts.web.post(channel, who, unfurl_links=False, **shown)
                return _root(beside, str(said["ts"]))
            except RetryAfter as error:
                await self._clock.sleep(error.seconds or LATER_S)
            except Unknown:
                in_doubt = True

    async def begun(self, debate: str, place: Place) -> None:
        """See `Roots.begun`: a thread is its debate's, in direct messages too."""

    async def remove(self, root: Root) -> None:
        """See `Roots.remove`."""
        channel, message = root.place.channel, root.card
        try:
            web = (await self._workspaces.at(root.place)).web
            await web.call("chat.delete", channel=channel, ts=message)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("card.left", channel=channel, message=message, error=str(error))


def _root(beside: Place, message: str) -> Root:
    return Root(replace(beside, thread=message), message)
