"""The workspace that the app is installed in, as its token tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.debate.events import Place


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

    @classmethod
    def told(cls, answer: Mapping[str, Any], scopes: str = "") -> Team:
        """From `auth.test`, and the `x-oauth-scopes` header of its answer."""
        granted = frozenset(scope.strip() for scope in scopes.split(",") if scope.strip())
        is_org_wide = bool(answer.get("is_enterprise_install"))
        return cls(
            str(answer["enterprise_id" if is_org_wide else "team_id"]),
            str(answer["url"]),
            str(answer["user_id"]),
            str(answer["bot_id"]),
            granted,
        )

    def permalink(self, place: Place, message: str) -> str:
        """Where a message of a thread can be looked up."""
        link = f"{self.url}archives/{place.channel}/p{message.replace('.', '')}"
        return f"{link}?thread_ts={place.thread}&cid={place.channel}"
