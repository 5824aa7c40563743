"""What a person typed into a slash command, checked as the client does, and as payloads say it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.discord.guilds import Channel, Guild, Role
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.users import User

SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(3, 12)
_PLAIN: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    NUMBER: (int, float),
}

Value = str | int | float | bool | User | Role | Channel | Json
"""A `Json` is an attachment."""


@dataclass(slots=True)
class Resolved:
    """The users, roles, channels and files that the values name, by id."""

    guild: Guild | None
    by_kind: dict[str, Json] = field(default_factory=dict)

    def add(self, value: User | Role | Channel | Json) -> str:
        """Its id."""
        if isinstance(value, User):
            if self.guild is not None and value.id in self.guild.members:
                member = self.guild.members[value.id].as_json(with_user=False)
                self._keep("members", value.id, member | {"permissions": "0"})
            return self._keep("users", value.id, value.as_json())
        if isinstance(value, Role):
            return self._keep("roles", value.id, value.as_json())
        if isinstance(value, Channel):
            return self._keep("channels", value.id, value.as_json() | {"permissions": "0"})
        return self._keep("attachments", str(value["id"]), value)

    def _keep(self, kind: str, id_: str, value: Json) -> str:
        self.by_kind.setdefault(kind, {})[id_] = value
        return id_


def read(
    command: Json, path: list[str], values: dict[str, Value], resolved: Resolved, focused: str = ""
) -> list[Json]:
    """The `options` of the interaction; `path`: the groups and subcommands below the command.

    Raises:
        LookupError, ValueError: the client would not let them send this.
    """
    options: list[Json] = command.get("options") or []
    if path:
        below = next((o for o in options if o["name"] == path[0] and o["type"] <= GROUP), None)
        if below is None:
            raise LookupError(f"{command['name']} has no {path[0]}")
        inner = read(below, path[1:], values, resolved, focused)
        return [{"name": path[0], "type": below["type"], "options": inner}]
    if any(option["type"] <= GROUP for option in options):
        raise LookupError(f"{command['name']} is not a command by itself")
    known = {option["name"]: option for option in options}
    if set(values) - set(known):
        raise LookupError(f"{command['name']} has no options {sorted(set(values) - set(known))}")
    missing = [o["name"] for o in options if o.get("required") and o["name"] not in values]
    if missing and not focused:
        raise ValueError(f"{command['name']} needs {missing}")
    return [_option(known[name], value, resolved, focused) for name, value in values.items()]


def _option(option: Json, value: Value, resolved: Resolved, focused: str) -> Json:
    found: Json = {"name": option["name"], "type": option["type"]}
    if option["name"] == focused:
        return found | {"value": value, "focused": True}
    if not isinstance(value, str | int | float):
        return found | {"value": resolved.add(value)}
    plain = _PLAIN.get(option["type"])
    if plain is None or not isinstance(value, plain):
        raise ValueError(f"{option['name']} takes no {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"{option['name']} is one of {choices}")
    size = len(value) if isinstance(value, str) else value
    bounds = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    least, most = option.get(bounds[0]), option.get(bounds[1])
    if (least is not None and size < least) or (most is not None and size > most):
        raise ValueError(f"{option['name']} must be from {least} to {most}")
    return found | {"value": value}
