"""The workspace that the app is installed in, as its token tells."""

from __future__ import annotations

from dataclasses import dataclass

from bots.slackbot.web import Introduction
from engine.debate.events import Place

CUSTOMIZE = "chat:write.customize"
"""Without it, Slack leaves out the names under which the app posts, and says nothing."""


@dataclass(frozen=True, slots=True)
class Team:
    """One workspace, and who the app is there."""

    id: str
    """Of the whole Enterprise Grid, where the app is installed in all of its workspaces at once."""
    url: str
    """`https://acme.slack.com/`"""
    bot_user: str
    bot_id: str
    scopes: frozenset[str] = frozenset()
    """What the token was granted; empty: Slack did not tell."""
    is_org_wide: bool = False

    @classmethod
    def told(cls, introduction: Introduction) -> Team:
        """As Slack tells it."""
        answer = introduction.answer
        granted = (scope.strip() for scope in introduction.scopes.split(","))
        is_org_wide = bool(answer.get("is_enterprise_install"))
        return cls(
            str(answer["enterprise_id" if is_org_wide else "team_id"]),
            str(answer["url"]),
            str(answer["user_id"]),
            str(answer["bot_id"]),
            frozenset(scope for scope in granted if scope),
            is_org_wide,
        )

    def may(self, scope: str) -> bool:
        """Whether the app was granted it, as far as is known."""
        return not self.scopes or scope in self.scopes

    def permalink(self, place: Place, message: str) -> str:
        """Where a message of a thread can be looked up."""
        link = f"{self.url}archives/{place.channel}/p{message.replace('.', '')}"
        return f"{link}?thread_ts={place.thread}&cid={place.channel}"
