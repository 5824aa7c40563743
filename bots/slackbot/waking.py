"""Threads that rest because Slack refused their posts, tried again when that may have changed."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.chat.waking import wake
from bots.slackbot.ids import workspace_of
from bots.slackbot.parts import Parts
from engine.debate.events import Place
from engine.ports.debates import Debates
from engine.ports.readers import Readers

LATEST = 10
"""Each costs a read and an edit, of the fifty a minute that Slack takes from a workspace's app."""

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
    workspace = workspace_of(parts.team.id)

    def is_there(place: Place) -> bool:
        return place.workspace == workspace and place.channel == channel

    await wake(parts.debates, parts.readers, is_there)


async def wake_all(debates: Debates, readers: Readers, workspaces: Collection[str]) -> None:
    """Goes on wherever debates of these workspaces rest: they may have new tokens.

    The latest are looked at in any case: a process that died may have left a card as it was.

    Raises:
        StoreAway
    """
    await wake(debates, readers, lambda place: place.workspace in workspaces, LATEST)
