"""`up --local`, `down --local` and `logs --local`: in this terminal, or away from it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict

from deploy.cli.failure import BAD_NEWS
from deploy.cli.local import left_over
from deploy.cli.local.keeper import READY_S, keep
from deploy.cli.local.keeping import ROOT
from deploy.cli.local.log import lines, show, show_as_json
from deploy.cli.local.plan import Spec, plan
from deploy.cli.local.state import FOLDER, RunsAlready, Seen, State, is_held, read
from deploy.cli.output import Answer, Table, give, translation
from engine.bootstrap import system_clock
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.settings import read_settings

LOOK_S = 0.1
ENDS_S = 120.0
OUTPUT = "keeper"

STATES = {
    "starts": _("starts"),
    "runs": _("runs"),
    "waits": _("waits to be started again"),
    "failed": _("failed; its log says why"),
    "ended": _("ended"),
}


def started(workers: int, vllm: str | None, *, detached: bool, as_json: bool) -> int:
    """Starts it; answers the process's status, which is 1 if one of them failed.

    Raises:
        CannotStart, RunsAlready, Explained
    """
    settings = read_settings()
    specs = plan(settings, workers, vllm)
    if is_held(FOLDER):
        raise RunsAlready("it runs here already; end it with `tertulia down`")
    if not detached:
        well = asyncio.run(keep(specs, settings, show_as_json if as_json else show))
        return 0 if well else BAD_NEWS
    before = read(FOLDER)
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    words = [sys.executable, "-m", "deploy.cli.local", str(workers), *([vllm] if vllm else [])]
    with (FOLDER / OUTPUT).open("wb") as output:
        keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"PYTHONPATH": _path()},
            start_new_session=True,
        )
    state = asyncio.run(_up(keeper, before, specs))
    return give(_told(state), as_json=as_json)


async def _up(keeper: subprocess.Popen[bytes], before: State | None, specs: list[Spec]) -> State:
    """The state, once all of them work or have failed.

    Raises:
        Explained: the keeper has ended, or they take too long.
    """
    clock = system_clock()
    until = clock.monotonic() + READY_S * (len(specs) + 1)
    state = before
    while clock.monotonic() < until:
        if keeper.poll() is not None and not is_held(FOLDER):
            said = (FOLDER / OUTPUT).read_text(errors="replace").strip().splitlines()
            state = read(FOLDER)
            if state is not None and state.keeper == keeper.pid:
                return state
            raise Explained("{why}", why=(said or ["it ended"])[-1].removeprefix("tertulia: "))
        state = read(FOLDER)
        if state is not None and state.keeper == keeper.pid and state.is_up:
            return state
        await clock.sleep(LOOK_S)
    raise Explained("not all of it works yet; `tertulia logs` says how far it is")


def ended(*, as_json: bool) -> int:
    """Ends what runs in this folder, in good order; answers the process's status.

    Raises:
        Explained: it does not end.
    """
    names = asyncio.run(_end())
    translate = translation()
    said = translate("Ended: {names}").format(names=", ".join(names))
    nothing = translate("Nothing runs here.")
    return give(Answer({"ended": names}, [said if names else nothing]), as_json=as_json)


async def _end() -> list[str]:
    state, clock = read(FOLDER), system_clock()
    if not is_held(FOLDER):
        return await left_over.end(state)
    if state is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(state.keeper, signal.SIGTERM)
    until = clock.monotonic() + ENDS_S
    while is_held(FOLDER):
        if clock.monotonic() > until:
            raise Explained("it does not end; `tertulia logs` says what it waits for")
        await clock.sleep(LOOK_S)
    return [one.name for one in state.processes] if state else []


def logged(names: Collection[str], most: int, *, follows: bool, as_json: bool) -> int:
    """Shows what they logged; answers the process's status.

    Raises:
        Explained: nothing was started here.
    """
    if read(FOLDER) is None:
        raise Explained("nothing was started here: tertulia up")
    asyncio.run(_show(names, most, follows=follows, as_json=as_json))
    return 0


async def _show(names: Collection[str], most: int, *, follows: bool, as_json: bool) -> None:
    async for line in lines(FOLDER, most, names, follows=follows):
        (show_as_json if as_json else show)(line)


def kept_here() -> tuple[Seen, ...]:
    """The processes of this folder, if its keeper lives."""
    state = read(FOLDER) if is_held(FOLDER) else None
    return state.processes if state else ()


def table(processes: Collection[Seen]) -> Table:
    """The processes, for people."""
    translate = translation()
    columns = (_("process"), _("state"), _("pid"), _("started again"))
    rows = [
        (one.name, translate(STATES[one.state]), one.pid, max(0, one.starts - 1))
        for one in processes
    ]
    return Table(tuple(map(translate, columns)), rows)


def _told(state: State) -> Answer:
    failed = any(one.state == "failed" for one in state.processes)
    data = {"keeper": state.keeper, "processes": [asdict(one) for one in state.processes]}
    return Answer(data, [table(state.processes)], BAD_NEWS if failed else 0)


def _path() -> str:
    return os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
