"""`tertulia try`: a debate in this terminal, or in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from deploy.cli.commands.options import Json, _

if TYPE_CHECKING:
    from deploy.cli.attempt import Attempt


def try_(  # noqa: PLR0913 - a command's options
    topic: Annotated[
        str | None, typer.Argument(help=_("What to debate, in up to 2,000 characters."))
    ] = None,
    panel: Annotated[
        str | None,
        typer.Option(
            help=_("The cast: a name (ai-es, ai-en, decision-es, decision-en) or a file.")
        ),
    ] = None,
    lang: Annotated[
        Literal["en", "es"] | None,
        typer.Option(help=_("The topic's language; picks the cast where --panel does not.")),
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(help=_("How often each persona speaks; else as the panel says."))
    ] = None,
    handoff: Annotated[
        Literal["ring", "addressed", "moderated"] | None,
        typer.Option(help=_("Who is next; else as the panel says.")),
    ] = None,
    context: Annotated[
        Path | None, typer.Option(help=_("Material to debate: a text, Markdown or PDF file."))
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["text", "jsonl"], typer.Option(help=_("For people, or one line of JSON an event."))
    ] = "text",
    json: Json = False,
    out: Annotated[
        Path | None, typer.Option(help=_("Write transcript.md, .json and .html to this folder."))
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help=_(
                "Who speaks: embedded, FILE.gguf, hf:OWNER/REPO/FILE.gguf, http://HOST/v1, "
                "script:FILE; embedded if left out."
            ),
            show_default=False,
        ),
    ] = None,
    model_name: Annotated[
        str | None, typer.Option(help=_("Which of the server's models, if it serves several."))
    ] = None,
    redis: Annotated[
        str | None,
        typer.Option(
            help=_("Where the debate is kept: embedded or redis://HOST; embedded if left out."),
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help=_("For the model's dice, so that it throws the same again."))
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help=_("Go on with this debate where it stood."))
    ] = None,
    web: Annotated[
        bool,
        typer.Option(
            "--web", help=_("In the browser: a room for debates that people join, until Ctrl-C.")
        ),
    ] = False,
    host: Annotated[
        str,
        typer.Option(
            help=_("With --web: where to listen; other machines get in by a link with a token.")
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=_("With --web; 0: any that is free."))
    ] = 8640,
) -> None:
    """Debates, and ends with the debate's exit status."""
    from deploy.cli.attempt import Attempt

    attempt = Attempt(
        topic=topic,
        panel=panel,
        language=lang,
        rounds=rounds,
        handoff=handoff,
        context=context,
        jsonl=json or format == "jsonl",
        out=out,
        model=model,
        model_name=model_name,
        redis=redis,
        seed=seed,
        resume=resume,
    )
    raise typer.Exit(_opened(attempt, host, port) if web else _debated(attempt))


def _debated(attempt: Attempt) -> int:
    from deploy.cli.try_debate import run

    return run(attempt)


def _opened(attempt: Attempt, host: str, port: int) -> int:
    from deploy.cli.try_web import Address, run

    return run(attempt, Address(host, port))
