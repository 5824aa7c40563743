"""What passed between Slack and the bot, a line each, to be read and compared with a stored file.

`>` is a call of ours, `<` what Slack brought. Ids are told apart by numbers. Left out is what comes
as it happens to come: acknowledgements, look-ups, edits of the card, echoes of our own posts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bots.slackbot.message import key_of
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.trace import Entry, Trace, named

FOLDER = Path(__file__).parent / "traces"
REWRITE = "REWRITE_TRACES"
"""Set to 1, the files are written anew instead of compared."""
MOST_CHARS = 60

_LOOKUPS = frozenset(
    {
        "apps.connections.open",
        "assistant.threads.setStatus",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "users.info",
    }
)
_DEBATE = re.compile(r"\bt[0-9a-f]{12}-[a-z0-9]{16}\b")


def compare(trace: Trace, journey: str) -> None:
    """The trace is the journey's stored one.

    Raises:
        AssertionError
    """
    found = "".join(f"{line}\n" for line in lines(trace))
    file = FOLDER / f"{journey}.txt"
    if os.environ.get(REWRITE) == "1":
        FOLDER.mkdir(exist_ok=True)
        file.write_text(found)
    assert found == file.read_text()


def lines(trace: Trace) -> list[str]:
    """All that is told."""
    said = [line for entry in trace.entries if (line := _line(entry))]
    return named([_DEBATE.sub("debate", line) for line in said])


def _line(entry: Entry) -> str | None:
    if entry.direction == "in":
        is_told = "." in entry.kind and entry.kind not in _LOOKUPS
        return f"> {entry.kind} {_call(entry)}".rstrip() if is_told else None
    if entry.kind not in _BROUGHT:
        return None
    told = _BROUGHT[entry.kind](entry.data)
    return f"< {told}" if told else None


def _call(entry: Entry) -> str:
    args: Json = {name: _read(value) for name, value in entry.data["args"].items()}
    return " ".join((*_addressed(args), *_said(args)))


def _addressed(args: Json) -> Iterator[str]:
    for name, label in _SHOWN.items():
        if name in args:
            yield f"{label}={args[name]}"
    if "username" in args:
        yield f"as={args['username']} {args.get('icon_emoji', '')}".rstrip()
    if "metadata" in args:
        key = key_of(args)
        yield f"part={key.n}.{key.part}" if key else f"is={args['metadata']['event_type']}"


def _said(args: Json) -> Iterator[str]:
    if "blocks" in args:
        yield f"blocks={','.join(block['type'] for block in args['blocks'])}"
    if "view" in args:
        yield _view(args["view"])
    if "files" in args:
        yield f"files={','.join(file['title'] for file in args['files'])}"
    if "text" in args:
        yield _quoted(args["text"])


def _view(view: Json) -> str:
    inputs = [b["block_id"].partition(":")[0] for b in view["blocks"] if b["type"] == "input"]
    return f"form={view.get('callback_id')} inputs={','.join(inputs)}"


def _event(payload: Json) -> str | None:
    event = payload["event"]
    said = event.get("message") or event.get("previous_message") or event
    if said.get("bot_id") or said.get("app_id"):
        return None
    kind = " ".join(filter(None, (event["type"], event.get("subtype"))))
    shown = [f"{name}={event[name]}" for name in ("channel", "user", "thread_ts") if name in event]
    words = [_quoted(said["text"])] if "text" in said else []
    return " ".join((kind, *map(str, shown), *words))


def _command(payload: Json) -> str:
    where = f"channel={payload['channel_id']} user={payload['user_id']}"
    return f"{payload['command']} {where} {_quoted(payload['text'])}"


def _interaction(payload: Json) -> str:
    user = f"user={payload['user']['id']}"
    if payload["type"] != "view_submission":
        actions = ",".join(action["action_id"] for action in payload.get("actions", ()))
        return f"{payload['type']} {user} {actions}".rstrip()
    view = payload["view"]
    blocks = view["state"]["values"].values()
    values = {name: _value(state) for block in blocks for name, state in block.items()}
    told = json.dumps(values, ensure_ascii=False)
    return f"view_submission {user} form={view['callback_id']} {told}"


def _value(state: Json) -> Any:
    chosen = state.get("selected_option")
    return chosen["value"] if chosen else state.get("value")


def _quoted(words: str) -> str:
    line = words.replace("\n", " / ")
    return f"“{line[:MOST_CHARS]}…”" if len(line) > MOST_CHARS else f"“{line}”"


def _read(value: Any) -> Any:
    """What a form's field says: JSON, where it is some."""
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    return value


_SHOWN = {
    "channel": "channel",
    "channel_id": "channel",
    "user": "user",
    "user_id": "user",
    "ts": "ts",
    "thread_ts": "thread",
    "filename": "name",
    "grant_type": "grant",
    "redirect_uri": "redirect",
}
_BROUGHT: dict[str, Callable[[Json], str | None]] = {
    "events_api": _event,
    "slash_commands": _command,
    "interactive": _interaction,
}
