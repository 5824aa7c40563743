"""The command line's commands and what they take; each imports what it needs when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="tertulia",
    help="A panel of AI personas debates your team's question.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The program `tertulia`."""
    from deploy.cli.failure import FAILURES, exit_status, say

    try:
        app()
    except FAILURES as error:
        say(error)
        sys.exit(exit_status(error))


@app.callback()
def tertulia(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """A panel of AI personas debates your team's question."""
    if version:
        from importlib.metadata import version as installed

        sys.stdout.write(f"tertulia {installed('tertulia')}\n")
        raise typer.Exit


@app.command(name="try")
def try_(  # noqa: PLR0913 - a command's options
    topic: Annotated[
        str | None, typer.Argument(help="What to debate, in up to 2,000 characters.")
    ] = None,
    panel: Annotated[
        str | None,
        typer.Option(help="The cast: a name (ai-es, ai-en, decision-es, decision-en) or a file."),
    ] = None,
    lang: Annotated[
        Literal["en", "es"] | None,
        typer.Option(help="The topic's language; picks the cast where --panel does not."),
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help="How often each persona speaks; else as the panel says.")
    ] = None,
    handoff: Annotated[
        Literal["ring"] | None, typer.Option(help="Who is next; else as the panel says.")
    ] = None,
    context: Annotated[
        Path | None, typer.Option(help="Material to debate: a text, Markdown or PDF file.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "jsonl"], typer.Option(help="For people, or one line of JSON an event.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(help="Write transcript.md, .json and .html to this folder.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Who speaks: embedded, FILE.gguf, hf:OWNER/REPO/FILE.gguf, http://HOST/v1, "
            "script:FILE. [default: embedded]",
            show_default=False,
        ),
    ] = None,
    model_name: Annotated[
        str | None, typer.Option(help="Which of the server's models, if it serves several.")
    ] = None,
    redis: Annotated[
        str | None,
        typer.Option(
            help="Where the debate is kept: embedded or redis://HOST. [default: embedded]",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="For the model's dice, so that it throws the same again.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with this debate where it stood.")
    ] = None,
) -> None:
    """Debate a topic here and now, in this terminal.

    Needs no account, no key and no running server: a small model and a Redis server come along.
    """
    from deploy.cli.try_debate import Attempt, run

    status = run(
        Attempt(
            topic=topic,
            panel=panel,
            language=lang,
            rounds=rounds,
            handoff=handoff,
            context=context,
            jsonl=format == "jsonl",
            out=out,
            model=model,
            model_name=model_name,
            redis=redis,
            seed=seed,
            resume=resume,
        )
    )
    raise typer.Exit(status)
