"""`tertulia model …`: vLLM started as the engine wants it, and a model server looked at."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.commands.options import Json, _, group

app = group(_("The model server: start vLLM as the engine wants it, look whether one is well."))


@app.command(
    help=_("Start `vllm serve` with the flags that the engine's prompts are made for; shows them.")
)
def serve(
    model: Annotated[
        str, typer.Argument(help=_("A folder with weights, or a name on Hugging Face."))
    ],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[-- WORD…]", help=_("What else to tell vLLM."))
    ] = None,
    context_tokens: Annotated[
        int, typer.Option("--context", min=1024, help=_("The longest prompt and reply, in tokens."))
    ] = 32_768,
    gpus: Annotated[int, typer.Option(min=1, help=_("Over how many its weights are spread."))] = 1,
    only_print: Annotated[
        bool, typer.Option("--print", help=_("Only show the command line."))
    ] = False,
    json: Json = False,
) -> None:
    """Starts it in this process's place."""
    from deploy.cli.serving import Served
    from deploy.cli.serving import serve as start

    served = Served(model, context_tokens, gpus, more or [])
    raise typer.Exit(start(served, only_print=only_print, as_json=json))


@app.command(
    help=_(
        "Ask the model server of the settings for replies: whether they fit a schema, come from "
        "its cache, and how fast they are."
    )
)
def check(json: Json = False) -> None:
    """Checks it; the status is 1 if something is to be seen to."""
    from deploy.cli.doctor.model_probe import model
    from deploy.cli.doctor.telling import looked

    raise typer.Exit(looked([("model", model)], as_json=json))
