"""Writes docs/settings.md from the settings themselves: `python -m docs.settings`, or `--check`."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from engine import settings

HERE = Path(__file__).parent / "settings.md"
SOURCES = Path(settings.__file__).parent
INTRODUCTION = """\
# Settings

Everything that can be set, in the order of the code. `make settings` writes this page.

A setting stands in the environment or in `tertulia.toml`, in the folder that a process starts in;
the environment goes first. `[model]` and `url = "…"` there are `TERTULIA_MODEL__URL` here. A table
or a list in the environment is JSON: `TERTULIA_SLACK__ALLOW_CHANNELS='["C0123"]'`. A name that does
not exist is an error, which suggests the right one.

*Secrets* are never logged and never shown. Keep them out of `tertulia.toml`: in the environment, or
in files named as the variable, in the folder that `$CREDENTIALS_DIRECTORY` names, as systemd and
containers hand them over. `tertulia` also reads a `.env` beside `tertulia.toml`, for itself and for
what `tertulia up` starts. `tertulia config show` says what is set, and where it comes from.
"""


def page() -> str:
    """The page as the code has it."""
    told = _docstrings()
    parts = [INTRODUCTION]
    for part, field in settings.Settings.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type)  # noqa: S101 - every part is a model
        assert issubclass(kind, BaseModel)  # noqa: S101
        parts.append(_part(part, kind, told))
    return "\n".join(parts)


def _part(part: str, kind: type[BaseModel], told: dict[str, dict[str, str]]) -> str:
    lines = [f"## `[{part}]`\n", f"{kind.__doc__}\n", "| variable | default | |", "|---|---|---|"]
    for name, field in kind.model_fields.items():
        owner = next(c.__name__ for c in kind.__mro__ if name in told.get(c.__name__, {}))
        variable = f"{settings.PREFIX}{part}__{name}".upper()
        lines.append(f"| `{variable}` | {_default(field)} | {_meaning(field, told[owner][name])} |")
    return "\n".join([*lines, ""])


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}):
        return ""
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _meaning(field: FieldInfo, told: str) -> str:
    words = " ".join(told.split())
    choices = [str(choice) for choice in get_args(field.annotation) if isinstance(choice, str)]
    if choices:
        words = " ".join([*([words] if words else []), f"One of `{'`, `'.join(choices)}`."])
    return f"*Secret.* {words}".strip() if SecretStr in _inner(field.annotation) else words


def _inner(annotation: Any) -> set[Any]:
    return {annotation, *(kind for arg in get_args(annotation) for kind in _inner(arg))}


def _docstrings() -> dict[str, dict[str, str]]:
    """What stands below each field, by class."""
    told: dict[str, dict[str, str]] = {}
    for source in sorted(SOURCES.glob("*.py")):
        for node in ast.parse(source.read_text()).body:
            if isinstance(node, ast.ClassDef):
                told[node.name] = _fields(node)
    return told


def _fields(node: ast.ClassDef) -> dict[str, str]:
    found, last = {}, ""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            last = statement.target.id
            found[last] = ""
        elif last and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            found[last] = str(statement.value.value)
            last = ""
    return found


def main() -> int:
    """Writes the page; with `--check`, says whether it is as the code has it."""
    if "--check" in sys.argv:
        if HERE.read_text() == page():
            return 0
        sys.stderr.write("docs/settings.md is not up to date: make settings\n")
        return 1
    HERE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
