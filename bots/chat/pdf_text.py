"""Reads the text of a PDF from stdin; run as a program of its own.

A PDF can be made to cost any amount of time and memory to read, and a thread cannot be stopped. So
`bots.chat.material` runs this file as a process, with a limit on both. It writes one JSON object to
stdout: `{"text": …}`, or `{"fault": "broken" | "encrypted" | "empty"}`. Its stderr is pypdf's.
"""

from __future__ import annotations

import json
import sys
import zlib
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, PyPdfError, WrongPasswordError

MOST_PAGES = 300
MEMORY_BYTES = 2 * 1024**3

# pypdf meets what a broken file holds with whatever Python raises there.
_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)


def read(content: bytes, most_chars: int) -> dict[str, str]:
    """The text of the first pages, until there is enough, or what is wrong with the file."""
    try:
        reader = PdfReader(BytesIO(content))
        # Many PDFs are encrypted with no password, only to say what a viewer may do.
        if reader.is_encrypted and not reader.decrypt(""):
            return {"fault": "encrypted"}
        text = _text(reader, most_chars)
    except (FileNotDecryptedError, WrongPasswordError):
        return {"fault": "encrypted"}
    except _BROKEN:
        return {"fault": "broken"}
    return {"text": text} if text else {"fault": "empty"}


def _text(reader: PdfReader, most_chars: int) -> str:
    pages: list[str] = []
    chars = 0
    for place, page in enumerate(reader.pages):
        if place == MOST_PAGES or chars >= most_chars:
            break
        pages.append(page.extract_text().strip())
        chars += len(pages[-1])
    return "\n\n".join(filter(None, pages))[:most_chars]


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def main() -> None:
    """Reads stdin; the one argument is the most characters to write."""
    _limit_memory()
    found = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
