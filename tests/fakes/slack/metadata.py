"""Message metadata: what Slack takes, and with which error it refuses the rest."""

from __future__ import annotations

import json
import re

from tests.fakes.slack.protocol import Json, Refused

MOST_BYTES = 8_192
"""Slack gives no number with `metadata_too_large`; this keeps users of it modest."""

_KEY = re.compile(r"[a-z][A-Za-z0-9_]*")
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]+")


def checked(metadata: object) -> Json | None:
    """The metadata to keep; `None` where an empty object says to have none.

    Raises:
        Refused: `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large`.
    """
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    if not metadata:
        return None
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not _EVENT_TYPE.fullmatch(event_type):
        raise Refused("invalid_metadata_schema")
    if not isinstance(payload, dict) or not all(_is_flat(k, v) for k, v in payload.items()):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MOST_BYTES:
        raise Refused("metadata_too_large")
    return {"event_type": event_type, "event_payload": payload}


def _is_flat(key: object, value: object) -> bool:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return False
    values = value if isinstance(value, list) else [value]
    return all(_is_scalar(part) or _is_object_of_scalars(part) for part in values)


def _is_object_of_scalars(value: object) -> bool:
    return isinstance(value, dict) and all(_is_scalar(part) for part in value.values())


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)
