"""Who may call Slack for a workspace: its token, as it stands now."""

from __future__ import annotations

import hashlib
from typing import Protocol


class Access(Protocol):
    """A workspace's token."""

    @property
    def name(self) -> str:
        """What its calls are counted under; the same in every process, and no secret."""
        ...

    async def token(self) -> str:
        """The token to call with.

        Raises:
            Refused: the app is not installed there any more.
            RetryAfter: it cannot be had just now.
        """
        ...

    async def after_refusal(self, token: str) -> str | None:
        """Another one, where Slack does not take this one any more; `None`: there is no other."""
        ...


class OneToken:
    """`Access` by the token in the settings, which is as good as it is."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.name = hashlib.sha256(token.encode()).hexdigest()[:16]

    async def token(self) -> str:
        """See `Access.token`."""
        return self._token

    async def after_refusal(self, token: str) -> str | None:  # noqa: ARG002 - there is but one
        """See `Access.after_refusal`."""
        return None
