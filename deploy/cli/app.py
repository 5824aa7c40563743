"""The command line: its commands, each in a file of its group, and how it ends."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from deploy.cli import dotenv
from deploy.cli.commands import (
    attempt,
    budget,
    config,
    debates,
    discord,
    doctor,
    keeping,
    model,
    panels,
    queue,
    secrets,
    setup,
    slack,
    status,
    up,
    workers,
)
from deploy.cli.commands.options import _

app = typer.Typer(
    name="tertulia",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The program `tertulia`."""
    as_json = "--json" in sys.argv[1:]
    failed: ExceptionGroup[Exception] | None = None
    try:
        status = _run(as_json)
    except* _failures() as group:
        failed = group
    if failed:
        from deploy.cli.failure import exit_status, first, say

        error = first(failed)
        say(error, as_json=as_json)
        status = exit_status(error)
    sys.exit(status)


def _run(as_json: bool) -> int | str | None:
    """Runs the command; answers the process's status.

    What is misspelt, typer tells a person with its usage; a script is told as of any other error.
    """
    try:
        status: int | None = app(standalone_mode=not as_json)
    except SystemExit as ended:
        return ended.code
    return status


def _failures() -> tuple[type[Exception], ...]:
    """Looked up only once something has failed."""
    from deploy.cli.failure import FAILURES

    return FAILURES


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"tertulia {version('tertulia')}\n")
        raise typer.Exit


@app.callback(help=_("A panel of AI personas debates your team's question."))
def tertulia(
    version: Annotated[  # noqa: ARG001 - its callback has told it
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=_("Print the version.")
        ),
    ] = False,
) -> None:
    """Before a command, what `.env` says becomes part of the environment."""
    dotenv.load()


app.command(
    name="try",
    help=_(
        "Debate a topic here and now, in this terminal.\n\nNeeds no account, no key and no running "
        "server: a small model and a Redis server come along."
    ),
)(attempt.try_)
app.command(
    help=_(
        "Set up a folder: tertulia.toml, .env, and the links to make the apps with. Asks; run "
        "again, it keeps what is there and shows what it would change."
    )
)(setup.init)
app.command(
    help=_(
        "Try everything that a debate needs, for real, and say how to mend what fails. What it "
        "posts, it takes away again."
    )
)(doctor.doctor)
app.command(help=_("Start it: workers and bots, and what they need."))(up.up)
app.command(help=_("End it, in good order; debates stay where they stand."))(up.down)
app.command(help=_("What the processes logged, in one view."))(up.logs)
app.command(help=_("How the whole deployment is: processes, debates, queues, and what is amiss."))(
    status.status
)
app.add_typer(debates.app, name="debates")
app.add_typer(panels.app, name="panels")
app.add_typer(queue.app, name="queue")
app.add_typer(budget.app, name="budget")
app.add_typer(workers.app, name="workers")
app.command(help=_("Write all that is kept here to one file; debates go on meanwhile."))(
    keeping.backup
)
app.command(help=_("Bring a backup back; its debates go on where they stood."))(keeping.restore)
app.add_typer(config.app, name="config")
app.add_typer(slack.app, name="slack")
app.add_typer(discord.app, name="discord")
app.add_typer(model.app, name="model")
app.add_typer(secrets.app, name="secrets")
