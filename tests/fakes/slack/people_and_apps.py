"""A person and the apps of their workspace: commands, buttons, shortcuts, modals, Home tabs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.slack import modal
from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.composer import escaped_command
from tests.fakes.slack.messages import Message
from tests.fakes.slack.outcome import Outcome
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.screen import Button, Seen, buttons, read
from tests.fakes.slack.views import View
from tests.fakes.slack.web_api.call import Call
from tests.fakes.slack.workspace import Channel, User

if TYPE_CHECKING:
    from tests.fakes.slack.server import LocalSlack

NOT_RESPONDING = "This app is not responding."
_COMMAND_ERRORS = {
    "timeout": "operation_timeout",
    "http_timeout": "operation_timeout",
    "http_error": "http_service_error",
}


class PersonWithApps:
    """What they do with apps; what Slack says to them of it stands in `notices`."""

    def __init__(self, slack: LocalSlack, user: User) -> None:
        self.slack, self.user = slack, user
        self.notices: list[str] = []
        """What Slack itself told them, such as that an app did not answer."""

    @property
    def modal(self) -> View | None:
        """The modal on top before them."""
        stack = self.slack.views.stacks.get(self.user.id)
        return stack[-1] if stack else None

    async def runs(
        self, command: str, words: str, channel: Channel, *, thread: str | None = None
    ) -> Outcome:
        """Types a slash command."""
        if thread is not None:
            return self._failed(f"{command} is not supported in threads. Sorry!")
        installed = self._with_command(command)
        if installed is None:
            return self._failed(f"{command} is not a valid command.")
        found = installed.app.command(command) or {}
        if found.get("should_escape"):
            words = escaped_command(self.slack.workspaces, self.user.team_id, words)
        outcome = await self.slack.interactivity.command(
            installed, self.user, channel, command, words
        )
        if not outcome.is_acknowledged:
            error = _COMMAND_ERRORS.get(outcome.reason, "dispatch_failed")
            self.notices.append(f'{command} failed with the error "{error}"')
        elif outcome.body:
            self._answered(installed, channel, outcome.body)
        return outcome

    async def presses(self, where: Message | Seen, action_id: str, choice: Any = None) -> Outcome:
        """Presses a button of a message, or chooses from a menu in it."""
        message = where.message if isinstance(where, Seen) else where
        installed = self._of_app(str(message.app_id))
        action = _action(_button(message.blocks, action_id), choice)
        return self._told(
            await self.slack.interactivity.press(installed, self.user, message, action)
        )

    async def presses_home(self, app: App, action_id: str, choice: Any = None) -> Outcome:
        """Presses a button in the app's Home tab."""
        view = self.home(app)
        if view is None:
            raise LookupError(f"{app.name} shows {self.user.name} no Home tab")
        return await self._act(view, action_id, choice)

    async def presses_modal(self, action_id: str, choice: Any = None) -> Outcome:
        """Presses or chooses something in the modal that tells its app at once."""
        return await self._act(self._open_modal(), action_id, choice)

    def fills(self, values: Mapping[str, Any]) -> None:
        """Fills in inputs of the modal, by action id or block id."""
        modal.fill(self._open_modal(), values)

    async def submits(self, values: Mapping[str, Any] | None = None) -> Outcome | None:
        """Fills in and submits; `None` when Slack's client finds something missing itself."""
        view = self._open_modal()
        modal.fill(view, values or {})
        view.errors = modal.lacks(view)
        if view.errors:
            return None
        outcome = await self.slack.interactivity.submit(view, self.user)
        trouble = modal.after_submission(self.slack.views, view, outcome)
        if trouble:
            self.notices.append(trouble)
        self.slack.changes.tell()
        return outcome

    async def closes(self) -> None:
        """Closes the modal on top."""
        view = self._open_modal()
        self.slack.views.close(view)
        if view.given.get("notify_on_close"):
            await self.slack.interactivity.closed(view, self.user, is_cleared=False)

    async def takes_shortcut(
        self, callback_id: str, message: Message | Seen | None = None
    ) -> Outcome:
        """Chooses an app's shortcut, from a message's menu or from anywhere."""
        on = message.message if isinstance(message, Seen) else message
        for installed in self.slack.registry.of_team(self.user.team_id):
            if installed.app.shortcut(callback_id) is not None:
                return self._told(
                    await self.slack.interactivity.shortcut(installed, self.user, callback_id, on)
                )
        raise LookupError(f"no app has the shortcut {callback_id}")

    def opens_home(self, app: App) -> None:
        """Looks at the app's Home tab."""
        installed = self._of_app(app.id)
        direct = self.slack.workspaces.direct(self.user.team_id, (self.user.id, installed.bot.id))
        view = self.home(app)
        shown = None if view is None else view.as_json()
        self.slack.announcer.home_opened(installed, self.user, direct.id, shown)

    def home(self, app: App) -> View | None:
        """What the app's Home tab shows them."""
        return self.slack.views.homes.get((app.id, self.user.id))

    def sees_home(self, app: App) -> str:
        """What stands in it, as text."""
        view = self.home(app)
        return "" if view is None else read(self.slack.workspaces, view.given["blocks"])

    async def _act(self, view: View, action_id: str, choice: Any) -> Outcome:
        button = _button(view.given["blocks"], action_id)
        _must_tell(view, button)
        action = _action(button, choice)
        if choice is not None:
            modal.fill(view, {action_id: choice})
        return self._told(
            await self.slack.interactivity.press(view.installation, self.user, view, action)
        )

    def _answered(self, installed: Installation, channel: Channel, body: Json) -> None:
        call = Call(self.slack, "answer", body, None)
        try:
            self.slack.response_urls.answer(installed, channel, self.user.id, call)
        except Refused as refused:
            self.notices.append(f"the app's answer was refused: {refused.error}")

    def _told(self, outcome: Outcome) -> Outcome:
        if not outcome.is_acknowledged:
            self.notices.append(NOT_RESPONDING)
        return outcome

    def _failed(self, notice: str) -> Outcome:
        self.notices.append(notice)
        return Outcome(False, reason="not_sent")

    def _open_modal(self) -> View:
        if self.modal is None:
            raise LookupError(f"no modal is open before {self.user.name}")
        return self.modal

    def _of_app(self, app_id: str) -> Installation:
        for installed in self.slack.registry.of_team(self.user.team_id):
            if installed.app.id == app_id:
                return installed
        raise LookupError("the app is not installed any more")

    def _with_command(self, name: str) -> Installation | None:
        """The app that was installed last, if several have the command."""
        for installed in reversed(self.slack.registry.of_team(self.user.team_id)):
            if installed.app.command(name) is not None:
                return installed
        return None


def _must_tell(view: View, button: Button) -> None:
    """An input tells its app of a choice only where its block says `dispatch_action`."""
    block = next(b for b in view.given["blocks"] if b["block_id"] == button.block_id)
    if block["type"] == "input" and not block.get("dispatch_action", False):
        raise LookupError(f"{button.action_id} is an input that tells its app nothing by itself")


def _button(blocks: list[Json], action_id: str) -> Button:
    offered = list(buttons(blocks))
    for button in offered:
        if button.action_id == action_id:
            return button
    raise LookupError(f"no {action_id} there, only {[button.action_id for button in offered]}")


def _action(button: Button, choice: Any) -> Json:
    element = button.element
    action: Json = {
        "type": element["type"],
        "action_id": button.action_id,
        "block_id": button.block_id,
    }
    if element["type"] == "button":
        action["text"] = element["text"]
        if "value" in element:
            action["value"] = element["value"]
        return action
    return action | modal.stated(element, choice)
