"""`make texts`: collects the texts to translate and compiles the translations; --check only looks.

Needs Babel, which only those who change texts have.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bots.chat.locale.collect import collect

ROOT = Path(__file__).parents[3]
LANGUAGES = ("es",)
FOLDERS = ("bots", "deploy", "engine")


def main() -> int:
    """Answers 1 where something is left to do; says what."""
    check = "--check" in sys.argv[1:]
    found = collect(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    problems: list[str] = []
    for language in LANGUAGES:
        folder = Path(__file__).parent / language / "LC_MESSAGES"
        catalog = _merged(folder / "tertulia.po", found, language)
        problems += [f"{language}: {problem}" for problem in _problems(catalog)]
        files = {folder / "tertulia.po": _po(catalog), folder / "tertulia.mo": _mo(catalog)}
        if check:
            stale = [file for file, content in files.items() if _content(file) != content]
            problems += [
                f"{file.relative_to(ROOT)} is not up to date: make texts" for file in stale
            ]
        else:
            for file, content in files.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


def _merged(file: Path, found: set[str], language: str) -> Catalog:
    """What was translated, for the texts there are now."""
    known = Catalog(locale=language)
    if file.exists():
        known = read_po(io.BytesIO(file.read_bytes()), locale=language)
    merged = Catalog(locale=language, charset="utf-8", header_comment="")
    for text in sorted(found):
        old = known.get(text)
        merged.add(text, old.string if old else "")
    return merged


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _problems(catalog: Catalog) -> Iterator[str]:
    for message in _messages(catalog):
        if not message.string:
            yield f"not translated: {message.id!r}"
        elif _braces(str(message.id)) != _braces(str(message.string)):
            yield f"not the same values in braces: {message.id!r}"


def _braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _po(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, omit_header=True, no_location=True, width=100)
    header = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header + out.getvalue()


def _mo(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    # With one date for all, the same texts are always the same bytes.
    fixed = Catalog(
        project="tertulia", charset="utf-8", creation_date=datetime(2000, 1, 1, tzinfo=UTC)
    )
    for message in _messages(catalog):
        fixed.add(message.id, message.string)
    write_mo(out, fixed)
    return out.getvalue()


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
