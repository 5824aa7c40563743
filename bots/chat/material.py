"""Files that people hand in to be debated, read as material: text, Markdown and PDF."""

from __future__ import annotations

import codecs
import json
import subprocess
import sys
from pathlib import Path, PurePosixPath

from bots.chat import pdf_text
from engine.debate.commands import Material
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.debate.text import clean

MOST_BYTES = 10 * 1024 * 1024
MOST_CHARS = 200_000
"""More is cut off; no model's context takes as much."""
PDF_TIMEOUT_S = 30.0

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown"})
PDF_SUFFIX = ".pdf"

_NAME_CHARS = 120
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class MaterialError(Explained):
    """The file cannot be used; the text says why and what to do."""


def is_read(name: str) -> bool:
    """Whether files of this name's kind are read at all."""
    suffix = PurePosixPath(_shown(name)).suffix.lower()
    return suffix == PDF_SUFFIX or suffix in TEXT_SUFFIXES


def read_material(name: str, content: bytes) -> Material:
    """The text of a file, at most `MOST_CHARS` characters of it.

    Of a PDF, the first 300 pages are read, in a process of its own: this call may take up to
    `PDF_TIMEOUT_S` and blocks. On an event loop, call it in a thread.

    Raises:
        MaterialError: too large, of another kind, not readable, or without text.
    """
    shown = _shown(name)
    suffix = PurePosixPath(shown).suffix.lower()
    check_size(name, len(content))
    if suffix == PDF_SUFFIX:
        text = _pdf(shown, content)
    elif suffix in TEXT_SUFFIXES:
        text = _plain(shown, content)
    else:
        raise MaterialError(
            "{name} is of a kind that cannot be read; hand in a .txt, .md or .pdf file.",
            name=shown,
        )
    cleaned = clean(text)[:MOST_CHARS]
    if not cleaned:
        raise MaterialError("{name} has no text in it; hand in a file that has.", name=shown)
    return Material(shown, cleaned)


def check_size(name: str, size: int) -> None:
    """So that nobody downloads what will not be read; `size` in bytes.

    Raises:
        MaterialError: it is too large.
    """
    if size > MOST_BYTES:
        raise MaterialError(
            "{name} has {size} MB; at most {most} MB are read. Hand in the part that matters.",
            name=_shown(name),
            size=-(-size // 1024**2),
            most=MOST_BYTES // 1024**2,
        )


def _shown(name: str) -> str:
    """The file's own name on one line, without the folders some clients send along."""
    last = clean(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    one_line = " ".join(last.split())
    if len(one_line) <= _NAME_CHARS:
        return one_line
    suffix = PurePosixPath(one_line).suffix[:12]
    return f"{one_line[: _NAME_CHARS - len(suffix) - 1]}…{suffix}"


def _plain(name: str, content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(name) from error
    if "\0" in text:
        raise _not_text(name)
    return text


def _not_text(name: str) -> MaterialError:
    return MaterialError(
        "{name} is not text in UTF-8; save it as UTF-8 and hand it in again.", name=name
    )


def _pdf(name: str, content: bytes) -> str:
    # By its path, and without that folder in its own: it needs nothing of the house but this file.
    command = [sys.executable, "-P", str(Path(pdf_text.__file__)), str(MOST_CHARS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            command, input=content, capture_output=True, timeout=PDF_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise MaterialError(
            "{name} takes too long to read; hand in its text as .txt or .md.", name=name
        ) from error
    found = json.loads(done.stdout) if done.returncode == 0 else {"fault": "broken"}
    if "text" in found:
        return str(found["text"])
    raise MaterialError(_PDF_FAULTS[found["fault"]], name=name)


_PDF_FAULTS = {
    "broken": _("{name} cannot be read as a PDF; save it anew, or hand in its text as .txt."),
    "encrypted": _("{name} is locked with a password; hand in a copy without one."),
    "empty": _("{name} has no text, only pictures; hand in a copy with recognised text (OCR)."),
}
