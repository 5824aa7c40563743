"""A transcript's three files in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from bots.chat.transcript.as_html import as_html
from bots.chat.transcript.as_json import as_json
from bots.chat.transcript.as_markdown import as_markdown
from engine.debate.events import Record

FORMS = {
    "transcript.md": as_markdown,
    "transcript.json": as_json,
    "transcript.html": as_html,
}


def write(folder: Path, debate: str, records: Sequence[Record]) -> list[Path]:
    """Writes transcript.md, .json and .html; makes the folder if there is none.

    Each file is there whole or not at all; one of the same name is replaced. All three are made
    before the first is written.

    Raises:
        ValueError: the log does not begin with its start.
        OSError: the folder cannot be written.
    """
    made = {name: form(debate, records) for name, form in FORMS.items()}
    folder.mkdir(parents=True, exist_ok=True)
    return [_replace(folder / name, text) for name, text in made.items()]


def _replace(path: Path, text: str) -> Path:
    part = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        part.write_bytes(text.encode())
        return part.replace(path)
    finally:
        part.unlink(missing_ok=True)
