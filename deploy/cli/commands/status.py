"""`tertulia status`: how the whole deployment is, in one look."""

from __future__ import annotations

import typer

from deploy.cli.commands.options import Json


def status(json: Json = False) -> None:
    """Tells; the status is 1 if something is to be seen to."""
    from deploy.cli.admin.status import looked
    from deploy.cli.running import answered

    raise typer.Exit(answered(looked, as_json=json))
