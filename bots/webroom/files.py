"""Files in the form that starts a debate: in base64, so that all of it comes or none of it does."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from bots.chat.desk import Upload
from bots.chat.material import MOST_BYTES, PDF_SUFFIX, TEXT_SUFFIXES
from bots.webroom import bodies
from bots.webroom.bodies import text
from bots.webroom.refusals import Refused, TooLarge

MOST_FILES = 10
MOST_FORM_BYTES = bodies.MOST_BYTES + MOST_BYTES * 4 // 3
"""The form with `MOST_BYTES` of files: base64 makes four of three."""

KINDS = (*sorted(TEXT_SUFFIXES), PDF_SUFFIX)
"""What the names of files end in that can be read."""


def uploads(given: Mapping[str, Any]) -> list[Upload]:
    """The form's files: at most `MOST_FILES`, and `MOST_BYTES` of them together.

    Raises:
        Refused: there are more, or they are not as they should be.
    """
    files = given.get("files") or []
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise Refused("{name} must be a list of objects", name="files")
    if len(files) > MOST_FILES:
        raise Refused("A debate starts with at most {most} files.", most=MOST_FILES)
    found = [Upload(text(file, "name"), _content(file)) for file in files]
    if sum(len(upload.content) for upload in found) > MOST_BYTES:
        raise TooLarge(MOST_BYTES)
    return found


def _content(file: Mapping[str, Any]) -> bytes:
    try:
        return b64decode(text(file, "content"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("{name} must be in base64", name="content") from None
