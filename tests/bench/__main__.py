"""`python -m tests.bench [SUITE …]`: runs benchmarks, prints their tables, writes them as JSON."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from pathlib import Path

from rich.console import Console

from tests.bench import cores, machine, report
from tests.bench.options import Options
from tests.bench.race import RaceFailed

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-bench" / "bin" / "python"
OUT = ROOT / "bench"
SUITES = {
    "engine": "against peers, with the same stub model",
    "growth": "of a debate's turns, and of open debates",
    "visible": "from the last token to the post on Slack and Discord",
    "scale": "over workers, and the model of 100,000 debates",
    "profile": "of the hot path",
    "start": "of the command, beside a Python that does nothing",
    "vllm": "on the real vLLM on the CPU; long, so it runs only when named",
}
DEFAULT = [name for name in SUITES if name != "vllm"]

Suite = Callable[[Options], AsyncIterator[report.Table]]


async def _run(names: list[str], options: Options, console: Console) -> None:
    where = machine.described(str(options.peers) if options.peers else None)
    console.print(
        f"{where['cpu']}, {where['cores']} cores, Python {where['python']}, "
        f"{where['server']}, load {where['load_average'][0]}",
        highlight=False,
    )
    for name in names:
        run: Suite = import_module(f"tests.bench.suites.{name}").run
        tables = []
        async for table in run(options):
            report.draw(table, console)
            tables.append(table)
        file = report.write(options.out, name, where, tables)
        console.print(f"  written to {file}", style="dim", highlight=False)


def _console() -> Console:
    """As wide as tables are, where nobody's screen says how wide it is."""
    console = Console()
    return console if console.is_terminal else Console(width=100)


def main() -> int:
    """The exit status is 2 where the benchmarks cannot be run as asked."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        epilog="; ".join(f"{name}: {what}" for name, what in SUITES.items()),
    )
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"default: {', '.join(DEFAULT)}")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the Python that has them")
    parser.add_argument("--out", type=Path, default=OUT, help="the folder for the JSON files")
    given = parser.parse_args()
    if unknown := [name for name in given.suites if name not in SUITES]:
        parser.error(f"there is no suite {unknown[0]}; there are: {', '.join(SUITES)}")
    # What was started is ended on the way out, so SIGTERM goes that way too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    peers = given.peers if given.peers.exists() else None
    try:
        cores.check()
        options = Options(given.quick, peers, given.out)
        asyncio.run(_run(given.suites or DEFAULT, options, _console()))
    except (cores.TooFewCores, RaceFailed) as error:
        sys.stderr.write(f"tests.bench: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
