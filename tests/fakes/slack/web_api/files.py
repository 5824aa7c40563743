"""`files.*`: uploading in three steps, and reading what people shared."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.chat import draft, reply_to, root_of
from tests.fakes.slack.web_api.content import identity, message_blocks
from tests.fakes.slack.workspace import Channel, File

_MOST_SNIPPET = 1_000_000
_MOST_ALT = 1_000
_MOST_CHANNELS = 100


def _get_url(call: Call) -> Json:
    try:
        length = int(call.text("length"))
    except ValueError:
        raise Refused.arguments("[ERROR] invalid value: /length") from None
    if length <= 0:
        raise Refused("missing_argument")
    if call.text("snippet_type") and length > _MOST_SNIPPET:
        raise Refused("snippet_too_large")
    if len(call.text("alt_txt")) > _MOST_ALT:
        raise Refused("alt_txt_too_large")
    # The method names no workspace, not even to an org-wide token.
    team = call.installation.team
    file = call.slack.new_file(team.id, call.user.id, call.text("filename"))
    file.length = length
    return {"upload_url": f"{call.slack.url}/upload/v1/{file.id}", "file_id": file.id}


def _complete(call: Call) -> Json:
    given = call.structure("files")
    if not isinstance(given, list) or not given:
        raise Refused.arguments("[ERROR] missing required field: files")
    files = [_uploaded(call, part) for part in given]
    for channel in _channels(call):
        _share(call, channel, files)
    return {"files": [{"id": file.id, "title": file.title} | file.as_json() for file in files]}


def _uploaded(call: Call, part: Any) -> File:
    file = call.slack.workspaces.files.get(str(part.get("id"))) if isinstance(part, dict) else None
    if file is None or file.content is None:
        raise Refused("file_not_found")
    if file.user != call.user.id:
        raise Refused("access_denied")
    file.title = str(part.get("title") or file.name)
    return file


def _channels(call: Call) -> list[Channel]:
    named = [name for name in call.text("channels").split(",") if name]
    if call.text("channel_id"):
        named.append(call.text("channel_id"))
    if len(named) > _MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    found = []
    for name in named:
        channel = call.slack.workspaces.channel(call.team.id, name)
        is_hidden = channel is not None and channel.kind != "public"
        if channel is None or (is_hidden and call.user.id not in channel.members):
            raise Refused("channel_not_found")
        if call.user.id not in channel.members:
            raise Refused("not_in_channel")
        if channel.is_archived or channel.refuses:
            raise Refused("posting_to_channel_denied")
        found.append(channel)
    return found


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    comment = call.text("initial_comment")
    message = draft(call, channel, comment)
    message.blocks = [] if comment else message_blocks(call)
    message.identity, message.subtype = identity(call), "file_share"
    reply_to(root_of(call, channel), message)
    attach(message, files)
    call.slack.posting.post(channel, message)


def attach(message: Message, files: list[File]) -> None:
    """Has a message carry files."""
    message.files = [file.as_json() for file in files]
    for file in files:
        file.shares.append((message.channel, message.ts))


def _info(call: Call) -> Json:
    file = call.slack.workspaces.files.get(call.text("file"))
    if file is None or file.team_id != call.team.id or not _may_see(call, file):
        raise Refused("file_not_found")
    shares: Json = {"public": {}, "private": {}}
    for channel, ts in file.shares:
        is_public = call.slack.workspaces.channels[channel].kind == "public"
        shares["public" if is_public else "private"].setdefault(channel, []).append({"ts": ts})
    return {"file": file.as_json() | {"shares": shares}}


def _may_see(call: Call, file: File) -> bool:
    channels = [call.slack.workspaces.channels[channel] for channel, _ in file.shares]
    is_shared = any(c.kind == "public" or call.user.id in c.members for c in channels)
    return file.user == call.user.id or is_shared


METHODS = {
    "files.getUploadURLExternal": Method(
        _get_url, Tier.FOUR, ("files:write",), ("filename", "length"), takes_json=False
    ),
    "files.completeUploadExternal": Method(_complete, Tier.FOUR, ("files:write",), ("files",)),
    "files.info": Method(_info, Tier.FOUR, ("files:read",), ("file",), takes_json=False),
}
