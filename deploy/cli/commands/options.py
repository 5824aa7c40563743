"""What commands have in common: the language of their help, and options that many take."""

from __future__ import annotations

from typing import Annotated

import typer

from bots.chat.i18n import translator, users_language

# Here, not where it is shown: typer reads an option's help when the option is defined.
_ = translator(users_language())

Json = Annotated[
    bool, typer.Option("--json", help=_("Answer in JSON, for scripts; errors as well."))
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask first."))]
DebateId = Annotated[str, typer.Argument(metavar="ID", help=_("The debate's id."))]


def group(about: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(help=about, no_args_is_help=True, pretty_exceptions_enable=False)
