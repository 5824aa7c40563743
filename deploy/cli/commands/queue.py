"""`tertulia queue …`: what waits for workers, and the wake-ups that none could go on with."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands.options import Json, Yes, _, group

app = group(_("What waits for workers, and what none could go on with."))

Most = Annotated[int, typer.Option(min=1, max=10_000, help=_("How many, at most."))]
Letters = Annotated[
    list[str] | None, typer.Argument(metavar="LETTER…", help=_("As `queue dead` names them."))
]
All = Annotated[bool, typer.Option("--all", help=_("All of them."))]


@app.command(help=_("What waits, how long the first has waited, and who holds what."))
def show(most: Most = 50, json: Json = False) -> None:
    """Shows the queue."""
    from deploy.cli.admin.queue import shown
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: shown(at, most), as_json=json))


@app.command(help=_("Dead letters: wake-ups that kept failing and were taken out of the queue."))
def dead(most: Most = 50, json: Json = False) -> None:
    """Lists them, the latest first."""
    from deploy.cli.admin.queue import dead
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: dead(at, most), as_json=json))


@app.command(help=_("Put dead letters back into the queue, where their debates have work."))
def retry(letters: Letters = None, all_: All = False, json: Json = False) -> None:
    """Tries again; the status is 1 if one of them could not be."""
    from deploy.cli.admin.queue import retried
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: retried(at, letters or [], all_=all_), as_json=json))


@app.command(help=_("Throw dead letters away."))
def drop(letters: Letters = None, all_: All = False, yes: Yes = False, json: Json = False) -> None:
    """Drops them, once that was confirmed."""
    from deploy.cli.admin.queue import dropped, dropping
    from deploy.cli.asking import make_sure
    from deploy.cli.running import answered

    make_sure(dropping(letters or [], all_=all_), yes=yes, as_json=json)
    raise typer.Exit(answered(lambda at: dropped(at, letters or [], all_=all_), as_json=json))
