"""Who is in a workspace's user groups, as far as the settings name them.

They are read before they are needed, and anew before what is known grows old. While Slack does not
tell, what it told last is believed for a while longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from bots.chat.background import Background
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.team import Team
from bots.slackbot.web import Web
from engine.ports.clock import Clock

AHEAD_S, KEPT_S, BELIEVED_S = 150.0, 300.0, 900.0
"""How old what is known may be: before it is read anew; before that is waited for; at all."""
AGAIN_S = 2.0
"""After a reading that failed."""
LOOKUP_S = 0.7
MOST_TEAMS = 100
"""Workspaces of a Grid in which a user group is looked for."""
_NONE_HERE = frozenset({"no_such_subteam", "subteam_not_found"})

log = structlog.get_logger()


class Groups:
    """The groups of these ids."""

    def __init__(
        self, web: Web, team: Team, clock: Clock, background: Background, ids: Iterable[str]
    ) -> None:
        self._web, self._team, self._clock = web, team, clock
        self._background, self._ids = background, sorted(set(ids))
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._failed: dict[str, tuple[float, bool]] = {}
        """When each could not be read, and whether Slack will not have it read at all."""
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._home: dict[str, str | None] = {}
        """Each group's workspace, once it is known."""

    def read_ahead(self) -> None:
        """Has them read, so that nobody need wait for it."""
        for group in self._ids:
            if self._age_s(group) > AHEAD_S and not self._has_just_failed(group):
                self._read(group)

    async def of(self, user: str) -> frozenset[str]:
        """Those that the user is in.

        Raises:
            Refused: Slack does not tell the app.
            RetryAfter: it does not tell now.
        """
        self.read_ahead()
        needed = [g for g in self._ids if g in self._reading and self._age_s(g) > KEPT_S]
        if needed:
            await asyncio.wait({self._reading[group] for group in needed}, timeout=LOOKUP_S)
        for group in self._ids:
            if self._age_s(group) > BELIEVED_S:
                if self._failed.get(group, (0.0, False))[1]:
                    raise Refused("Slack does not tell who is in a user group.")
                raise RetryAfter(AGAIN_S)
        return frozenset(group for group in self._ids if user in self._members[group][1])

    def _age_s(self, group: str) -> float:
        known = self._members.get(group)
        return self._clock.monotonic() - known[0] if known else float("inf")

    def _has_just_failed(self, group: str) -> bool:
        failed = self._failed.get(group)
        return failed is not None and self._clock.monotonic() - failed[0] < AGAIN_S

    def _read(self, group: str) -> None:
        if group not in self._reading:
            self._reading[group] = self._background.start(self._keep(group))
            self._reading[group].add_done_callback(lambda _: self._reading.pop(group, None))

    async def _keep(self, group: str) -> None:
        try:
            found = await self._users(group)
        except (Refused, RetryAfter, Unknown) as error:
            log.warning("group.unread", team=self._team.id, group=group, error=str(error))
            self._failed[group] = (self._clock.monotonic(), isinstance(error, Refused))
        else:
            self._members[group] = (self._clock.monotonic(), found)
            self._failed.pop(group, None)

    async def _users(self, group: str) -> frozenset[str]:
        """Who is in a group; of another workspace's group, nobody is."""
        for team in await self._homes_of(group):
            try:
                told = await self._web.call("usergroups.users.list", usergroup=group, team_id=team)
            except SlackRefused as refusal:
                if refusal.code not in _NONE_HERE:
                    raise
                continue
            self._home[group] = team
            return frozenset(map(str, told["users"]))
        return frozenset()

    async def _homes_of(self, group: str) -> list[str | None]:
        """The workspaces whose group it may be; of a Grid, Slack wants to be told which."""
        if not self._team.is_org_wide:
            return [None]
        if group in self._home:
            return [self._home[group]]
        told = await self._web.call("auth.teams.list", limit=str(MOST_TEAMS))
        return [str(team["id"]) for team in told["teams"]]
