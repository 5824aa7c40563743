"""`tertulia debates …`: look at debates, take part in them, steer them, take them out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.commands.options import DebateId, Json, Yes, _, group

app = group(_("Look at debates, steer them, take them out."))


@app.command(name="list", help=_("The debates that were started last."))
def list_(
    most: Annotated[int, typer.Option(min=1, max=1000, help=_("How many, at most."))] = 20,
    open_: Annotated[bool, typer.Option("--open", help=_("Only those that are not closed."))] = (
        False
    ),
    json: Json = False,
) -> None:
    """Lists them, the latest first."""
    from deploy.cli.admin.debates import listed
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: listed(at, most, open_), as_json=json))


@app.command(help=_("How a debate stands."))
def show(debate: DebateId, json: Json = False) -> None:
    """Shows it."""
    from deploy.cli.admin.debates import shown
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: shown(at, debate), as_json=json))


@app.command(help=_("Read a debate from its start, and on as it is spoken; Ctrl-C ends it."))
def tail(debate: DebateId, json: Json = False) -> None:
    """Follows it until it is closed."""
    from deploy.cli.admin.tail import tail
    from deploy.cli.running import done

    done(lambda at: tail(at, debate, as_json=json))


@app.command(help=_("Say something in a debate, as a person in its thread would."))
def say(
    debate: DebateId,
    text: Annotated[str, typer.Argument(help=_("What is said."))],
    to: Annotated[
        str | None, typer.Option(metavar="PERSONA", help=_("The persona that is to answer, by id."))
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=_("Who says it; you, if left out."))
    ] = None,
    json: Json = False,
) -> None:
    """Says it."""
    from deploy.cli.admin.steering import said
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: said(at, debate, text, to, name), as_json=json))


@app.command(help=_("Let the running turn end, then wait."))
def pause(debate: DebateId, json: Json = False) -> None:
    """Pauses it."""
    _steer("pause", debate, as_json=json)


@app.command(help=_("Go on with a debate that was paused."))
def resume(debate: DebateId, json: Json = False) -> None:
    """Resumes it."""
    _steer("resume", debate, as_json=json)


@app.command(help=_("Pass the speaker over, in mid-sentence if need be."))
def skip(debate: DebateId, json: Json = False) -> None:
    """Skips the turn."""
    _steer("skip", debate, as_json=json)


@app.command(help=_("Close a debate now, with a synthesis."))
def stop(debate: DebateId, json: Json = False) -> None:
    """Stops it."""
    _steer("stop", debate, as_json=json)


@app.command(help=_("Have workers and bots look again at a debate that does not go on."))
def wake(debate: DebateId, json: Json = False) -> None:
    """Wakes it; the status is 1 if nobody is to speak in it."""
    from deploy.cli.admin.debates import woken
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: woken(at, debate), as_json=json))


@app.command(help=_("Write a debate's transcript as Markdown, JSON and HTML."))
def export(
    debate: DebateId,
    folder: Annotated[
        Path | None,
        typer.Argument(help=_("Where to; a folder named as the debate, if left out.")),
    ] = None,
    json: Json = False,
) -> None:
    """Exports it."""
    from deploy.cli.admin.debates import exported
    from deploy.cli.running import answered

    where = folder or Path(debate)
    raise typer.Exit(answered(lambda at: exported(at, debate, where), as_json=json))


@app.command(help=_("Delete closed debates for good. What was posted to threads is not touched."))
def purge(
    debates: Annotated[list[str], typer.Argument(metavar="ID…", help=_("The debates' ids."))],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Purges them, once that was confirmed."""
    from deploy.cli.admin.debates import purged, purging
    from deploy.cli.asking import make_sure
    from deploy.cli.running import answered

    make_sure(purging(debates), yes=yes, as_json=json)
    raise typer.Exit(answered(lambda at: purged(at, debates), as_json=json))


def _steer(how: str, debate: str, *, as_json: bool) -> None:
    from deploy.cli.admin.steering import steered
    from deploy.cli.running import answered

    raise typer.Exit(answered(lambda at: steered(at, debate, how), as_json=as_json))
