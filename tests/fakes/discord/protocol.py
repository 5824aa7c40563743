"""What Discord's answers are made of, and its refusals, by the codes that its reference lists."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

API = "/api/v10"

REFUSALS: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30005: (400, "Maximum number of guild roles reached (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid role"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


class Refused(Exception):
    """A request is answered with this code of `REFUSALS`."""

    def __init__(self, code: int, **more: object) -> None:
        self.status, message = REFUSALS[code]
        self.body: Json = {"message": message, "code": code, **more}
        super().__init__(f"{code}: {message}")

    @classmethod
    def form(cls, field: str, why: str) -> Refused:
        """50035, for a field that is not as it must be."""
        return cls(50035, errors={field: {"_errors": [{"code": "BASE_TYPE_BAD", "message": why}]}})


def bounded(body: Json, field: str, least: int, most: int, default: str | None = None) -> str:
    """A text of so many characters.

    Raises:
        Refused: 50035
    """
    value = body.get(field, default)
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise Refused.form(field, f"Must be between {least} and {most} in length.")
    return value
