"""`tertulia up`, `down` and `logs`: on this machine, by compose, or by Helm."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from deploy.cli.commands.options import Json, _

Local = Annotated[bool, typer.Option("--local", help=_("On this machine; so it is by itself."))]
Compose = Annotated[bool, typer.Option("--compose", help=_("By `docker compose`."))]
Helm = Annotated[bool, typer.Option("--helm", help=_("By `helm`, in Kubernetes."))]
More = Annotated[
    list[str] | None,
    typer.Argument(metavar="[-- WORD…]", help=_("For compose or Helm: what else to tell it.")),
]


class Where(StrEnum):
    """Who looks after the processes."""

    LOCAL = "local"
    COMPOSE = "compose"
    HELM = "helm"


def up(  # noqa: PLR0913 - an option each
    local: Local = False,
    compose: Compose = False,
    helm: Helm = False,
    detached: Annotated[
        bool, typer.Option("--detach", "-d", help=_("Come back once all of it works."))
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help=_("How many; with --local."))] = 1,
    vllm: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help=_("Start vLLM too, with this model; with --local.")),
    ] = None,
    more: More = None,
    json: Json = False,
) -> None:
    """Starts it."""
    where = _where(local, compose, helm)
    if where is Where.LOCAL:
        from deploy.cli.local.up import started

        raise typer.Exit(started(workers, vllm, detached=detached, as_json=json))
    from deploy.cli.local import tools
    from engine.settings import read_settings

    settings = read_settings()
    words = (
        tools.compose_up(settings, more or [], detached=detached)
        if where is Where.COMPOSE
        else tools.helm_up(settings, more or [])
    )
    variables = tools.compose_variables(settings) if where is Where.COMPOSE else {}
    raise typer.Exit(tools.run(words, as_json=json, variables=variables))


def down(
    local: Local = False,
    compose: Compose = False,
    helm: Helm = False,
    more: More = None,
    json: Json = False,
) -> None:
    """Ends it; debates stay where they stand."""
    where = _where(local, compose, helm)
    if where is Where.LOCAL:
        from deploy.cli.local.up import ended

        raise typer.Exit(ended(as_json=json))
    from deploy.cli.local import tools
    from engine.settings import read_settings

    settings, is_compose = read_settings(), where is Where.COMPOSE
    words = tools.compose_down(settings, more or []) if is_compose else tools.helm_down(more or [])
    variables = tools.compose_variables(settings) if is_compose else {}
    raise typer.Exit(tools.run(words, as_json=json, variables=variables))


def logs(  # noqa: PLR0913 - an option each
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME…", help=_("Whose: `worker-1`, `slack` …; else all.")),
    ] = None,
    local: Local = False,
    compose: Compose = False,
    helm: Helm = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help=_("And on as it comes."))] = False,
    most: Annotated[int, typer.Option("--lines", "-n", min=1, help=_("How many lines."))] = 100,
    json: Json = False,
) -> None:
    """Shows them."""
    where = _where(local, compose, helm)
    if where is Where.LOCAL:
        from deploy.cli.local.up import logged

        raise typer.Exit(logged(names or [], most, follows=follow, as_json=json))
    from deploy.cli.local import tools
    from engine.settings import read_settings

    settings = read_settings()
    words = (
        tools.compose_logs(settings, names or [], most, follow)
        if where is Where.COMPOSE
        else tools.helm_logs(names or [], most, follow)
    )
    variables = tools.compose_variables(settings) if where is Where.COMPOSE else {}
    raise typer.Exit(tools.run(words, as_json=json, variables=variables))


def _where(local: bool, compose: bool, helm: bool) -> Where:
    chosen = {Where.LOCAL: local, Where.COMPOSE: compose, Where.HELM: helm}
    named = [where for where, is_chosen in chosen.items() if is_chosen]
    if len(named) > 1:
        raise typer.BadParameter(_("--local, --compose or --helm: choose one"))
    return named[0] if named else Where.LOCAL
