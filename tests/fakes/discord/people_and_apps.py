"""What a person does with applications: runs commands, presses, chooses, fills in and submits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
)
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.rest.drafting import custom_ids
from tests.fakes.discord.typed_options import Resolved, Value, read
from tests.fakes.discord.users import User

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

NOT_RESPONDING = "The application did not respond"
FAILED = "This interaction failed"
BUTTON, TEXT_INPUT, LABEL = 2, 4, 18
CHAT, ON_USER, ON_MESSAGE = 1, 2, 3


class PersonWithApps:
    """`notices`: what the client told them; `modal`: the interaction whose modal is open."""

    def __init__(self, discord: LocalDiscord, user: User) -> None:
        self.discord, self.user = discord, user
        self.notices: list[str] = []
        self.modal: Interaction | None = None

    async def runs(
        self, app: Application, command: str, channel: Channel, **options: Value
    ) -> Interaction:
        """Runs a slash command, `command` with its group and subcommand, such as `debate start`.

        Returns once it was answered, or given up.

        Raises:
            LookupError, ValueError: the client has no such command, or does not let them.
            PermissionError
        """
        data = self._command(app, command, channel, options)
        return await self._sent(app, channel, COMMAND, data)

    async def types(
        self, app: Application, command: str, channel: Channel, focused: str, **options: Value
    ) -> list[Json]:
        """The choices that come up while they type into the option `focused`."""
        data = self._command(app, command, channel, options, focused)
        interaction = await self._sent(app, channel, AUTOCOMPLETE, data)
        return interaction.choices

    async def uses(self, app: Application, name: str, on: Message) -> Interaction:
        """Chooses an entry of a message's context menu."""
        channel = self.discord.world.channels[on.channel_id]
        command = app.command(channel.guild_id or "", name, ON_MESSAGE)
        data = {
            "id": command["id"],
            "name": name,
            "type": ON_MESSAGE,
            "target_id": on.id,
            "resolved": {"messages": {on.id: on.as_json(app.id)}},
        }
        return await self._sent(app, channel, COMMAND, data)

    async def presses(self, message: Message, which: str) -> Interaction:
        """Presses a button, named by its label or its custom id.

        Raises:
            LookupError: there is none that can be pressed.
        """
        for component in custom_ids(message.components):
            is_meant = which in (component.get("label"), component["custom_id"])
            if component["type"] == BUTTON and is_meant and not component.get("disabled"):
                return await self._used(message, component, {})
        raise LookupError(f"no button {which}")

    async def chooses(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Chooses from a menu.

        Raises:
            LookupError, ValueError
        """
        found = custom_ids(message.components)
        menu = next((c for c in found if c["custom_id"] == custom_id), None)
        if menu is None:
            raise LookupError(f"no menu {custom_id}")
        offered = [option["value"] for option in menu.get("options") or []]
        is_listed = not offered or set(values) <= set(offered)
        if not is_listed or not menu.get("min_values", 1) <= len(values) <= menu.get(
            "max_values", 1
        ):
            raise ValueError(f"{custom_id} offers {offered}")
        return await self._used(message, menu, {"values": list(values)})

    async def submits(self, **values: str) -> Interaction:
        """Fills in the open modal, by custom id, and submits it.

        Raises:
            LookupError: no modal is open, or it has no such field.
            ValueError: a text is missing, too short or too long.
        """
        opened = self.modal
        if opened is None or opened.modal is None:
            raise LookupError("no modal is open")
        fields = {c["custom_id"]: c for c in custom_ids(opened.modal["components"])}
        if set(values) - set(fields):
            raise LookupError(f"the modal has only {sorted(fields)}")
        for name, asked in fields.items():
            text = values.setdefault(name, _given(asked))
            least = asked.get("min_length") or (1 if asked.get("required", True) else 0)
            if not least <= len(text) <= (asked.get("max_length") or 4000):
                raise ValueError(f"{name} must have {least} to {asked.get('max_length')} letters")
        filled = [_filled(component, values) for component in opened.modal["components"]]
        data = {"custom_id": opened.modal["custom_id"], "components": filled}
        self.modal = None
        return await self._sent(opened.app, opened.channel, MODAL, data, opened.message)

    def _command(
        self,
        app: Application,
        command: str,
        channel: Channel,
        options: dict[str, Value],
        focused: str = "",
    ) -> Json:
        if not self.discord.interactions.may_use(self.user, channel):
            raise PermissionError(f"{self.user.name} may not use commands here")
        name, *path = command.split()
        found = app.command(channel.guild_id or "", name, CHAT)
        needed = Permission(int(found["default_member_permissions"] or 0))
        if channel.guild_id and not self.discord.world.may(self.user.id, channel, needed):
            raise PermissionError(f"/{name} is not for {self.user.name}")
        resolved = Resolved(self.discord.world.guild_of(channel))
        read_options = read(found, path, options, resolved, focused)
        return {
            "id": found["id"],
            "name": name,
            "type": CHAT,
            "options": read_options,
            "resolved": resolved.by_kind,
        } | ({"guild_id": channel.guild_id} if channel.guild_id else {})

    async def _used(self, message: Message, component: Json, more: Json) -> Interaction:
        app = self.discord.world.apps.get(message.application_id or message.author.id)
        if app is None:
            raise LookupError("no application made this message")
        channel = self.discord.world.channels[message.channel_id]
        data = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "id": component.get("id", 1),
        }
        return await self._sent(app, channel, COMPONENT, data | more, message)

    async def _sent(
        self,
        app: Application,
        channel: Channel,
        kind: int,
        data: Json,
        message: Message | None = None,
    ) -> Interaction:
        started = self.discord.interactions.start(app, self.user, channel, kind, data, message)
        try:
            await self.discord.until(lambda: started.answer, self.discord.timing.answer_s)
        except TimeoutError:
            started.is_given_up = True
            if kind != AUTOCOMPLETE:
                self.notices.append(FAILED if kind == COMPONENT else NOT_RESPONDING)
        if started.modal is not None:
            self.modal = started
        return started


def _given(field: Json) -> str:
    """What a field has before anybody touches it."""
    chosen = [option["value"] for option in field.get("options") or () if option.get("default")]
    return str(field.get("value") or " ".join(chosen))


def _filled(component: Json, values: dict[str, str]) -> Json:
    """A component of the modal as it is sent back."""
    if component["type"] == LABEL:
        return {"type": LABEL, "id": 1, "component": _filled(component["component"], values)}
    inner = component.get("components")
    if inner is not None:
        return {"type": component["type"], "components": [_filled(c, values) for c in inner]}
    if "custom_id" not in component:
        return {"type": component["type"], "id": 1}
    name, kind = component["custom_id"], component["type"]
    value = {"value": values[name]} if kind == TEXT_INPUT else {"values": values[name].split()}
    return {"type": kind, "id": 1, "custom_id": name} | value
