"""What came of sending something to an app."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.protocol import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """Acknowledged or not; `body` is what the app answered."""

    is_acknowledged: bool
    body: Json = field(default_factory=dict)
    reason: str = ""
    """Why not: `timeout`, `http_timeout`, `http_error`, `connection_failed`."""
    may_retry: bool = True


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent: `kind` is `events_api`, `slash_commands` or `interactive`."""

    kind: str
    payload: Json
    takes_answer: bool = False
    """Whether the answer may say more than that it was heard."""
    attempt: int = 0
    reason: str = ""
    """Why it is sent again."""
