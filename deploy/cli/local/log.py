"""The log of all processes in one: a line each, `name<tab>text`, in a file and on a screen."""

from __future__ import annotations

import re
import sys
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection
from pathlib import Path

from deploy.cli.local.state import LOG, MOST_LOG_BYTES
from deploy.cli.output import write_json
from engine.bootstrap import system_clock
from engine.debate.text import clean

LOOK_S = 0.2
COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

Line = tuple[str, str]
"""Whose, and what it says."""
Show = Callable[[Line], None]


class Log:
    """Written by the keeper alone."""

    def __init__(self, folder: Path, show: Show | None = None) -> None:
        """`show`: is given each line too."""
        self._file, self._show = folder / LOG, show
        self._stream = self._file.open("ab", buffering=0)

    def write(self, name: str, text: str) -> None:
        """One line."""
        text = _ANSI.sub("", text)
        indent = text[: len(text) - len(text.lstrip(" "))]  # of a traceback
        text = indent + clean(text)
        self._stream.write(f"{name}\t{text}\n".encode())
        if self._stream.tell() > MOST_LOG_BYTES:
            self._stream.close()
            self._file.replace(self._file.with_name(f"{LOG}.1"))
            self._stream = self._file.open("ab", buffering=0)
        if self._show is not None:
            self._show((name, text))

    def close(self) -> None:
        """Nothing more is written."""
        self._stream.close()


def show_as_json(line: Line) -> None:
    """On standard output, for scripts."""
    write_json({"process": line[0], "line": line[1]})
    sys.stdout.flush()


def show(line: Line) -> None:
    """On standard output; with a colour of its process's own, if that is a terminal."""
    name, text = line
    if not sys.stdout.isatty():
        sys.stdout.write(f"{name} | {text}\n")
        sys.stdout.flush()
        return
    from rich.console import Console
    from rich.text import Text

    colour = COLOURS[zlib.crc32(name.encode()) % len(COLOURS)]
    shown = Text.assemble((f"{name:>9} │ ", colour), text)
    Console(highlight=False).print(shown, soft_wrap=True)


async def lines(
    folder: Path, most: int, names: Collection[str], *, follows: bool
) -> AsyncGenerator[Line, None]:
    """The last of them, and with `follows` those that come; `names`: whose, or everybody's."""
    file = folder / LOG
    if not file.exists():
        return
    stream = file.open("rb")
    try:
        last = deque((line for line in map(_read, stream) if _is_of(line, names)), maxlen=most)
        for line in last:
            yield line
        while follows:
            while written := stream.readline():
                line = _read(written)
                if _is_of(line, names):
                    yield line
            await system_clock().sleep(LOOK_S)
            if file.exists() and file.stat().st_size < stream.tell():
                stream.close()  # it was begun anew
                stream = file.open("rb")
    finally:
        stream.close()


def _read(written: bytes) -> Line:
    name, _, text = written.decode(errors="replace").rstrip("\n").partition("\t")
    return name, text


def _is_of(line: Line, names: Collection[str]) -> bool:
    return not names or line[0] in names
