"""Who may use the app in a workspace: the lists of the settings, and who is in its user groups.

Where Slack does not tell who is, whoever the groups decide on stays out.
"""

from __future__ import annotations

from dataclasses import replace

from bots.chat.gate import EVERYTHING, Gate, Listed, Verdict, Visitor
from bots.chat.surface import Refused, RetryAfter
from bots.slackbot.groups import Groups
from bots.slackbot.team import Team
from engine.settings import SlackSettings


class Gates:
    """The gate of one workspace."""

    def __init__(self, team: Team, groups: Groups, slack: SlackSettings) -> None:
        self._team, self._groups, self._gate = team, groups, gate_of(slack)

    async def admits(self, channel: str, user: str) -> Verdict:
        """Whether the user may use the app in this channel."""
        return self._gate.admits(await self._visitor(channel, user))

    async def admits_or_waits(self, channel: str, user: str) -> Verdict:
        """The same, for what can be brought again.

        Raises:
            RetryAfter: it cannot be told just now.
        """
        try:
            await self._groups.of(user)
        except Refused:
            pass
        except RetryAfter:
            if self._gate.admits(self._visiting(channel, user, None)) is Verdict.CANNOT_TELL:
                raise
        return await self.admits(channel, user)

    async def admits_home(self, user: str) -> Verdict:
        """Whether the user may use the app at all, wherever that is."""
        anywhere = replace(self._gate, channels=EVERYTHING)
        return anywhere.admits(await self._visitor("", user))

    async def may_start(self, channel: str, user: str) -> Verdict:
        """Whether the user may start debates in this channel."""
        return self._gate.may_start(await self._visitor(channel, user))

    async def _visitor(self, channel: str, user: str) -> Visitor:
        try:
            groups = await self._groups.of(user)
        except (Refused, RetryAfter):
            return self._visiting(channel, user, None)
        return self._visiting(channel, user, groups)

    def _visiting(self, channel: str, user: str, groups: frozenset[str] | None) -> Visitor:
        return Visitor(user, self._team.id, (channel,), groups)


def gate_of(slack: SlackSettings) -> Gate:
    """The lists of the settings."""
    return Gate(
        channels=Listed.of(slack.allow_channels, slack.block_channels),
        users=Listed.of(slack.allow_users, slack.block_users),
        groups=Listed.of(slack.allow_groups, slack.block_groups),
        starters=frozenset(slack.starters),
    )


def groups_in(slack: SlackSettings) -> list[str]:
    """The user groups that the lists name."""
    starters = [id_ for id_ in slack.starters if id_.startswith("S")]
    return [*slack.allow_groups, *slack.block_groups, *starters]
