"""The workspaces that a process serves, each by its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bots.chat.surface import Refused
from bots.slackbot.ids import workspace_of
from bots.slackbot.parts import Parts
from bots.slackbot.refusals import NOT_INSTALLED
from engine.debate.events import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Which installation of the app a payload is for, as the payload tells."""

    team: str | None
    enterprise: str | None = None
    """The Enterprise Grid that the team is part of."""
    is_org_wide: bool = False
    """The app is installed in all of its workspaces at once."""


class Workspaces(Protocol):
    """Who is served. A workspace's id is its installation's: an Enterprise Grid's if org-wide.

    So a thread has one id everywhere, though a channel may be in several workspaces of a Grid, and
    what people do there come from any of them.
    """

    async def of(self, origin: Origin) -> Parts | None:
        """Where a payload belongs; `None`: the app is not installed there.

        Raises:
            RetryAfter, Unknown, StoreAway: it cannot be told just now.
        """
        ...

    async def at(self, place: Place) -> Parts:
        """What a thread is posted to with.

        Raises:
            Refused: the app is not installed there.
            RetryAfter, Unknown: it cannot be told just now.
        """
        ...

    async def removed(self, origin: Origin) -> None:
        """Slack says that the app was removed there, or tokens revoked.

        Raises:
            RetryAfter, Unknown, StoreAway: what is to be done cannot be told just now.
        """
        ...

    async def ids(self) -> frozenset[str]:
        """Those that are served now, as places name them.

        Raises:
            StoreAway
        """
        ...


class OneWorkspace:
    """`Workspaces` where the settings have the token of one."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._id = parts, workspace_of(parts.team.id)

    async def of(self, origin: Origin) -> Parts | None:  # noqa: ARG002 - there is but one
        """See `Workspaces.of`."""
        return self._parts

    async def at(self, place: Place) -> Parts:
        """See `Workspaces.at`."""
        if place.workspace != self._id:
            raise Refused(NOT_INSTALLED)
        return self._parts

    async def removed(self, origin: Origin) -> None:
        """See `Workspaces.removed`: it shows when something is posted."""

    async def ids(self) -> frozenset[str]:
        """See `Workspaces.ids`."""
        return frozenset({self._id})
