"""What is shown on standard error while a model is fetched and loaded."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TransferSpeedColumn,
)


class Preparing:
    """A spinner, and a bar once bytes are told; nothing of it stays, and only a screen sees it."""

    def __init__(self, title: str) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar = self._progress.add_task(title, total=None)

    def __call__(self, done: int, whole: int | None) -> None:
        """Takes in how many bytes are here, and how many there are if that is known."""
        self._progress.update(self._bar, completed=done, total=whole)

    def __enter__(self) -> Preparing:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
