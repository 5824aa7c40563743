"""Answers to interactions: the first one, and for a quarter of an hour those that follow."""

from __future__ import annotations

from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMPONENT, MODAL, Interaction
from tests.fakes.discord.limits import WEBHOOK
from tests.fakes.discord.mentions import Allowed
from tests.fakes.discord.messages import Flag, Message
from tests.fakes.discord.protocol import Json, Refused, bounded
from tests.fakes.discord.rest import webhooks
from tests.fakes.discord.rest.call import Call, Route
from tests.fakes.discord.rest.drafting import fill

SAYS, DEFERS, DEFERS_UPDATE, UPDATES, CHOICES, SHOWS_MODAL = 4, 5, 6, 7, 8, 9
MOST_CHOICES = 25
MOST_IN_MODAL = 5


def _callback(call: Call) -> Json | None:
    found = call.discord.interactions.waiting(call.params["interaction"], call.params["token"])
    answer, call.body = int(call.body["type"]), call.body.get("data") or {}
    if (answer == CHOICES) != (found.kind == AUTOCOMPLETE):
        raise Refused.form("type", "not an answer to this interaction")
    if answer in (DEFERS_UPDATE, UPDATES) and found.message is None:
        raise Refused.form("type", "there is no message to update")
    if answer == SAYS:
        found.original = _said(call, found)
    elif answer == DEFERS:
        flags = Flag.LOADING | (Flag(int(call.body.get("flags") or 0)) & Flag.EPHEMERAL)
        found.original = _shown(call, found, _draft(call, found, flags))
    elif answer == CHOICES:
        found.choices = _choices(call.body)
    elif answer == SHOWS_MODAL:
        found.modal = _modal(call.body, found)
    else:
        _update(call, found, answer)
    found.answer = answer
    return _outcome(found) if call.query.get("with_response") in ("1", "true") else None


def _outcome(found: Interaction) -> Json:
    about: Json = {"id": found.id, "type": found.kind}
    outcome: Json = {"interaction": about}
    if found.original is not None:
        about["response_message_id"] = found.original.id
        about["response_message_loading"] = Flag.LOADING in found.original.flags
        about["response_message_ephemeral"] = Flag.EPHEMERAL in found.original.flags
        outcome["resource"] = {"type": found.answer, "message": found.original.as_json()}
    return outcome


def _update(call: Call, found: Interaction, answer: int) -> None:
    assert found.message is not None
    if found.message.only_for is None and found.message.id not in found.channel.messages:
        raise Refused(10008)
    found.original = found.message
    if answer == UPDATES:
        _edit(call, found.channel, found.message)


def _choices(body: Json) -> list[Json]:
    choices: list[Json] = body["choices"]
    if len(choices) > MOST_CHOICES:
        raise Refused.form("choices", f"Must be {MOST_CHOICES} or fewer in length.")
    for choice in choices:
        bounded(choice, "name", 1, 100)
        if isinstance(choice["value"], str):
            bounded(choice, "value", 1, 100)
    return choices


def _modal(body: Json, found: Interaction) -> Json:
    if found.kind == MODAL:
        raise Refused.form("type", "a modal cannot be answered with a modal")
    bounded(body, "title", 1, 45)
    bounded(body, "custom_id", 1, 100)
    if not 1 <= len(body.get("components") or []) <= MOST_IN_MODAL:
        raise Refused.form("components", f"Must be between 1 and {MOST_IN_MODAL} in length.")
    return body


def _draft(call: Call, found: Interaction, flags: Flag) -> Message:
    message = call.discord.draft(found.channel, found.app.user)
    message.type = 20 if found.kind not in (COMPONENT, MODAL) else 0
    message.webhook_id = message.application_id = found.app.id
    message.interaction, message.flags = found.as_metadata(), flags
    if Flag.EPHEMERAL in flags:
        message.only_for = found.user.id
    return message


def _said(call: Call, found: Interaction) -> Message:
    message = _draft(call, found, Flag(int(call.body.get("flags") or 0)) & Flag.EPHEMERAL)
    fill(call, message)
    return _shown(call, found, message)


def _shown(call: Call, found: Interaction, message: Message) -> Message:
    if message.only_for is not None:
        return call.discord.posting.show_to_one(found.channel, message)
    allowed = Allowed.read(call.body.get("allowed_mentions"))
    return call.discord.posting.post(found.channel, message, allowed)


def _follow_up(call: Call) -> Json:
    """The first one after a deferral takes the place of "is thinking"."""
    found = _found(call)
    original = found.original
    if original is not None and Flag.LOADING in original.flags:
        _edit(call, found.channel, original)
        return original.as_json()
    return _said(call, found).as_json()


def _edit(call: Call, channel: Channel, message: Message) -> None:
    allowed = Allowed.read(call.body.get("allowed_mentions"))
    call.discord.posting.must_take_edits(channel, message)
    fill(call, message)
    message.flags &= ~Flag.LOADING
    call.discord.posting.edited(channel, message, allowed)


def _found(call: Call) -> Interaction:
    return call.discord.interactions.of_token(call.params["webhook"], call.params["token"])


def _one(call: Call) -> tuple[Interaction, Message]:
    """An answer of this interaction, the first one under `@original`.

    Raises:
        Refused: 10008
    """
    found, wanted = _found(call), call.params["message"]
    if wanted == "@original" or (found.original and found.original.id == wanted):
        message = found.original
    else:
        shown = [*found.channel.messages.values(), *call.discord.posting.ephemerals]
        own = (m for m in shown if (m.interaction or {}).get("id") == found.id)
        message = next((m for m in own if m.id == wanted), None)
    is_gone = message is not None and message.only_for is None
    if message is None or (is_gone and message.id not in found.channel.messages):
        raise Refused(10008)
    return found, message


def _is_interaction(call: Call) -> bool:
    return call.params["webhook"] in call.discord.world.apps


def _post(call: Call) -> Json | None:
    return _follow_up(call) if _is_interaction(call) else webhooks.execute(call)


def _get(call: Call) -> Json:
    return _one(call)[1].as_json() if _is_interaction(call) else webhooks.get_message(call)


def _change(call: Call) -> Json:
    if not _is_interaction(call):
        return webhooks.edit_message(call)
    found, message = _one(call)
    _edit(call, found.channel, message)
    return message.as_json()


def _delete(call: Call) -> None:
    if not _is_interaction(call):
        webhooks.delete_message(call)
        return
    found, message = _one(call)
    call.discord.posting.delete(found.channel, message)


_MESSAGE = f"{webhooks.WITH_TOKEN}/messages/{{message}}"
ROUTES = [
    Route(
        "POST",
        "/interactions/{interaction}/{token}/callback",
        _callback,
        needs_token=False,
        is_limited=False,
    ),
    Route("POST", webhooks.WITH_TOKEN, _post, WEBHOOK, needs_token=False),
    Route("GET", _MESSAGE, _get, WEBHOOK, needs_token=False),
    Route("PATCH", _MESSAGE, _change, WEBHOOK, needs_token=False),
    Route("DELETE", _MESSAGE, _delete, WEBHOOK, needs_token=False),
]
