"""Who may use the app in a workspace: the lists of the settings, and who is in its user groups.

Who belongs to a group is asked for every few minutes. Where Slack does not tell, whoever the groups
decide on stays out.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog

from bots.chat.gate import EVERYTHING, Gate, Listed, Verdict, Visitor
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.team import Team
from bots.slackbot.web import Web
from engine.ports.clock import Clock
from engine.settings import SlackSettings

KEPT_S = 300.0
LOOKUP_S = 0.7
MOST_TEAMS = 100
"""Workspaces of a Grid in which a user group is looked for."""
_NONE_HERE = frozenset({"no_such_subteam", "subteam_not_found"})

log = structlog.get_logger()


class Gates:
    """The gate of one workspace."""

    def __init__(self, web: Web, team: Team, clock: Clock, slack: SlackSettings) -> None:
        self._web, self._team, self._clock = web, team, clock
        self._gate = gate_of(slack)
        self._groups = sorted({*slack.allow_groups, *slack.block_groups, *_groups(slack.starters)})
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._home: dict[str, str | None] = {}
        """Each group's workspace, once it is known."""

    async def admits(self, channel: str, user: str) -> Verdict:
        """Whether the user may use the app in this channel."""
        return self._gate.admits(await self._visitor(channel, user))

    async def admits_home(self, user: str) -> Verdict:
        """Whether the user may use the app at all, wherever that is."""
        anywhere = replace(self._gate, channels=EVERYTHING)
        return anywhere.admits(await self._visitor("", user))

    async def may_start(self, channel: str, user: str) -> Verdict:
        """Whether the user may start debates in this channel."""
        return self._gate.may_start(await self._visitor(channel, user))

    async def _visitor(self, channel: str, user: str) -> Visitor:
        return Visitor(user, self._team.id, (channel,), await self._groups_of(user))

    async def _groups_of(self, user: str) -> frozenset[str] | None:
        """Those that are listed, and that the user is in; `None`: Slack does not tell."""
        if not self._groups:
            return frozenset()
        try:
            async with asyncio.timeout(LOOKUP_S):
                lists = await asyncio.gather(*map(self._users, self._groups))
        except (Refused, RetryAfter, Unknown, TimeoutError) as error:
            log.warning("groups.unread", team=self._team.id, error=str(error))
            return None
        groups = zip(self._groups, lists, strict=True)
        return frozenset(group for group, users in groups if user in users)

    async def _users(self, group: str) -> frozenset[str]:
        """Who is in a group; of another workspace's group, nobody is."""
        at, users = self._members.get(group, (0.0, None))
        now = self._clock.monotonic()
        if users is not None and now - at < KEPT_S:
            return users
        found = frozenset[str]()
        for team in await self._homes_of(group):
            try:
                told = await self._web.call("usergroups.users.list", usergroup=group, team_id=team)
            except SlackRefused as refusal:
                if refusal.code not in _NONE_HERE:
                    raise
                continue
            found = frozenset(map(str, told["users"]))
            self._home[group] = team
            break
        self._members[group] = (now, found)
        return found

    async def _homes_of(self, group: str) -> list[str | None]:
        """The workspaces whose group it may be; of a Grid, Slack wants to be told which."""
        if not self._team.is_org_wide:
            return [None]
        if group in self._home:
            return [self._home[group]]
        told = await self._web.call("auth.teams.list", limit=str(MOST_TEAMS))
        return [str(team["id"]) for team in told["teams"]]


def gate_of(slack: SlackSettings) -> Gate:
    """The lists of the settings."""
    return Gate(
        channels=Listed.of(slack.allow_channels, slack.block_channels),
        users=Listed.of(slack.allow_users, slack.block_users),
        groups=Listed.of(slack.allow_groups, slack.block_groups),
        starters=frozenset(slack.starters),
    )


def _groups(ids: tuple[str, ...]) -> list[str]:
    """The user groups among users and groups."""
    return [id_ for id_ in ids if id_.startswith("S")]
