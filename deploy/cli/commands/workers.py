"""`tertulia workers …`: who lets debates speak, and how to have them stop."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("Who lets debates speak, and how to have them stop."))


@app.command(name="list", help=_("The workers, what they hold and how fast they are."))
def list_(json: Json = False) -> None:
    """Lists them."""
    from deploy.cli.admin.workers import listed
    from deploy.cli.running import answered

    raise typer.Exit(answered(listed, as_json=json))


@app.command(
    help=_(
        "Have workers finish their turns and end. Others go on with their debates; whatever "
        "started a worker may start it again, with a new version."
    )
)
def drain(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME…", help=_("As `workers list` has them; the beginning is enough.")
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help=_("All of them."))] = False,
    wait_s: Annotated[
        float, typer.Option("--wait", min=0, help=_("How many seconds to wait until they ended."))
    ] = 0,
    json: Json = False,
) -> None:
    """Drains them; the status is 1 if one of them has not ended in time."""
    from deploy.cli.admin.workers import drained
    from deploy.cli.running import answered

    work = drained(names or [], all_=all_, wait_s=wait_s)
    raise typer.Exit(answered(work, as_json=json))
