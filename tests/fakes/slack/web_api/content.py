"""What a message says: its text, blocks and metadata, checked as Slack checks them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.slack import block_kit, metadata
from tests.fakes.slack.messages import Identity
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call

MOST_TEXT = 40_000
"""Characters of `text`; more is cut off."""
MOST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a message."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    links_names: bool


def content(call: Call) -> Content:
    """The content that a call's arguments give.

    Raises:
        Refused: `no_text`, `invalid_blocks`, `msg_blocks_too_long`, `markdown_text_conflict`, …
    """
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = message_blocks(call)
    attachments = call.structure("attachments", "invalid_attachments") or []
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict")
    if not (text.strip() or markdown.strip() or blocks or attachments):
        raise Refused("no_text")
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_attachments")
    if markdown:
        blocks, text = markdown_blocks(call, markdown), markdown
    if len(text) > MOST_TEXT:
        text = text[:MOST_TEXT]
        call.warnings.append("message_truncated")
    links_names = call.flag("link_names") or call.text("parse") == "full"
    return Content(text, blocks, attachments, links_names)


def message_blocks(call: Call) -> list[Json]:
    """The blocks of a message, ids filled in.

    Raises:
        Refused: `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`.
    """
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    wrong = block_kit.problems(blocks, "message")
    if wrong:
        raise Refused("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})
    if block_kit.characters(blocks) > block_kit.MOST_IN_MESSAGE:
        raise Refused("msg_blocks_too_long")
    return block_kit.with_ids(blocks, call.slack.ids)


def markdown_blocks(call: Call, markdown: str) -> list[Json]:
    """Standard Markdown as the message that Slack makes of it.

    Raises:
        Refused: `msg_too_long`
    """
    if len(markdown) > MOST_MARKDOWN:
        raise Refused("msg_too_long")
    return block_kit.with_ids([{"type": "markdown", "text": markdown}], call.slack.ids)


def identity(call: Call) -> Identity | None:
    """The name and icon that a call asks for; without the scope, they are silently left out."""
    if "chat:write.customize" not in call.scopes or call.caller is None:
        return None
    name, emoji, image = call.text("username"), call.text("icon_emoji"), call.text("icon_url")
    if call.caller.kind != "bot" or not (name or emoji or image):
        return None
    if call.flag("reply_broadcast"):
        emoji = ""  # Slack does not apply an emoji to a reply that is broadcast
    return Identity(name, emoji, image)


def message_metadata(call: Call) -> Json | None:
    """The metadata that a call gives.

    Raises:
        Refused: `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large`.
    """
    given = call.structure("metadata", "invalid_metadata_format")
    return None if given is None else metadata.checked(given)
