"""What every part of the local Slack speaks: JSON objects, and refusals with Slack's own codes."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call that Slack answers with `ok: false`; `told` goes into the answer beside the code."""

    def __init__(self, error: str, **told: Any) -> None:
        super().__init__(error)
        self.error = error
        self.told = told

    @classmethod
    def arguments(cls, *messages: str) -> Refused:
        """`invalid_arguments`, with what is wrong about each in `response_metadata`."""
        return cls("invalid_arguments", response_metadata={"messages": list(messages)})

    def answer(self) -> Json:
        """The body of the response, which Slack sends with HTTP 200."""
        return {"ok": False, "error": self.error, **self.told}
