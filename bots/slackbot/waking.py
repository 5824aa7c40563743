"""Threads that rest because Slack refused their posts, tried again when that may have changed."""

from __future__ import annotations

import structlog

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.ids import workspace_of
from bots.slackbot.parts import Parts
from engine.ports.debates import Listed

LOOKED_AT = 500
"""Debates, the latest first."""
LATEST = 50

log = structlog.get_logger()


async def rejoin(parts: Parts, channel: str) -> None:
    """Comes back into a public channel that was opened again; apps are out of it by then.

    That it has come back is an event of its own. A private channel has to invite it.
    """
    try:
        await parts.web.call("conversations.join", channel=channel)
    except (Refused, RetryAfter, Unknown) as error:
        log.info("channel.not_joined", channel=channel, error=str(error))


async def wake_channel(parts: Parts, channel: str) -> None:
    """Goes on in a channel that the app was invited to again.

    Raises:
        StoreAway
    """
    for listed in await parts.debates.recent(LOOKED_AT):
        place = listed.started.home
        if place is not None and place.channel == channel:
            await _wake(parts, listed)


async def wake_all(parts: Parts) -> None:
    """Goes on wherever this workspace's debates rest: the token may be a new one.

    The latest are looked at in any case: a process that died may have left a card as it was, or a
    close without its files.

    Raises:
        StoreAway
    """
    for number, listed in enumerate(await parts.debates.recent(LOOKED_AT)):
        await _wake(parts, listed, in_any_case=number < LATEST)


async def _wake(parts: Parts, listed: Listed, *, in_any_case: bool = False) -> None:
    place = listed.started.home
    if place is None or place.workspace != workspace_of(parts.team.id):
        return
    is_due = in_any_case or (await parts.readers.standing(listed.debate, place)).resting
    if is_due:
        await parts.readers.wake(listed.debate, place)
