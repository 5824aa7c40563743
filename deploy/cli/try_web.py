"""`tertulia try --web`: the web room in this process, with the servers that it needs."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode

from bots.chat.desk import Desk
from bots.chat.i18n import translator, users_language
from bots.webroom.app import create_app
from bots.webroom.guard import Entry
from bots.webroom.serve import serving
from bots.webroom.site import Offer, Site
from deploy.cli.attempt import EMBEDDED, Attempt, notice_of_tiny_model, settings_of
from deploy.cli.preparing import Preparing
from deploy.cli.room_token import room_token
from engine import logs
from engine.adapters.user_folders import data_folder
from engine.bootstrap import new_id, open_debates, open_worker
from engine.debate.events import Budget, Pace
from engine.debate.explained import Explained
from engine.debate.panel import Panel
from engine.panels.loader import bundled, load_panel
from engine.runtime.worker import Worker
from engine.settings import Settings

SHARD = "web"
"""The same every time, so that what was debated here before is still there."""


_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - to recognise them
_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that are nobody's, kept for documentation (RFC 5737, RFC 3849)."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the room is to be opened."""

    host: str
    port: int
    """0: any that is free."""

    @property
    def is_here(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def run(attempt: Attempt, address: Address) -> int:
    """Keeps the room open until Ctrl-C; answers the process's exit status.

    Raises:
        Explained, OSError
    """
    logs.configure("text", "error")
    return asyncio.run(_run(attempt, address))


def _check(attempt: Attempt) -> None:
    """What is chosen in the room itself cannot be chosen for it.

    Raises:
        Explained
    """
    given = {
        "--context": attempt.context,
        "--format": attempt.jsonl,
        "--handoff": attempt.handoff,
        "--lang": attempt.language,
        "--out": attempt.out,
        "--resume": attempt.resume,
        "--rounds": attempt.rounds,
        "--seed": attempt.seed,
    }
    for option, value in given.items():
        if value:
            raise Explained("{option} does not go with --web; leave it out", option=option)


async def _run(attempt: Attempt, address: Address) -> int:
    _check(attempt)
    settings = settings_of(attempt, SHARD)
    translate = translator(users_language())
    panels = _panels(attempt)
    token = None if address.is_here else room_token(data_folder())
    async with AsyncExitStack() as stack:
        debates = await stack.enter_async_context(open_debates(settings))
        with Preparing(translate("Preparing the model …")) as told:
            worker = await stack.enter_async_context(open_worker(settings, told))
        budget = settings.budget
        desk = Desk(
            debates,
            panels,
            lambda: new_id(settings),
            Budget(budget.turns, budget.tokens, budget.seconds),
        )
        site = Site(debates, desk, lambda: new_id(settings), _offer(settings, panels))
        app = create_app(site, Entry(token, address.host))
        port = await stack.enter_async_context(serving(app, site, address.host, address.port))
        if settings.model.url == EMBEDDED:
            notice_of_tiny_model(translate)
        _tell(_link(address.host, port, token, attempt.topic))
        await _until_stopped(worker)
    return 0


def _panels(attempt: Attempt) -> dict[str, Panel]:
    """The one that was named first, then those that come along."""
    named = [load_panel(attempt.panel)] if attempt.panel else []
    return {panel.id: panel for panel in (*named, *map(load_panel, bundled()))}


def _offer(settings: Settings, panels: dict[str, Panel]) -> Offer:
    tiny = settings.model.url == EMBEDDED
    # The tiny model speaks no faster than people read.
    return Offer(panels, Pace.LIVE if tiny else Pace.READING, tiny)


def _link(host: str, port: int, token: str | None, topic: str | None) -> str:
    name = _reached_at(host)
    name = f"[{name}]" if ":" in name else name
    asked = {"token": token, "topic": topic}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"http://{name}:{port}/{'?' if query else ''}{query}"


def _reached_at(host: str) -> str:
    """What others call this machine; a host that means all of its addresses is none of them."""
    if host not in _EVERYWHERE:
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as way_out:
        way_out.connect((_ELSEWHERE[family], 9))  # sends nothing, but chooses an address
        return str(way_out.getsockname()[0])
    return socket.gethostname()


def _tell(link: str) -> None:
    translate = translator(users_language())
    lines = [
        translate("The web room is open: {link}").format(link=link),
        translate("Ctrl-C closes it. Debates go on where they stood when it opens again."),
    ]
    sys.stdout.write("\n".join(["", *(f"  {line}" for line in lines), "", ""]))
    sys.stdout.flush()


async def _until_stopped(worker: Worker) -> None:
    """Lets debates speak until somebody says that it is enough."""
    stopped = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(worker.run())
        with _signals(stopped):
            waiting = tasks.create_task(stopped.wait())
            await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        worker.stop()


@contextlib.contextmanager
def _signals(stopped: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    wanted = (signal.SIGINT, signal.SIGTERM)
    for number in wanted:
        loop.add_signal_handler(number, stopped.set)
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)
