"""A thread as a page of HTML, in the look of Slack's own client, to be photographed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tests.fakes.slack.protocol import Json
from tests.fakes.slack.screen import Seen, read
from tests.fakes.slack.workspace import Workspaces

STYLE = Path(__file__).with_name("page.css")
_FACES = ("#4a154b", "#1264a3", "#2bac76", "#e01e5a", "#ecb22e", "#36c5f0")
_STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}
_EMOJI = {"+1": "👍", "-1": "👎"}
_LISTS = {"bullet": "ul", "ordered": "ol"}


def page(workspaces: Workspaces, channel: str, thread: Sequence[Seen]) -> str:
    """These messages of a thread in this channel."""
    shown = "".join(_messages(workspaces, thread))
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><style>{STYLE.read_text()}</style>"
        f"<header><b>Thread</b><span># {escape(channel)}</span></header><main>{shown}</main></html>"
    )


def _messages(workspaces: Workspaces, thread: Sequence[Seen]) -> Iterator[str]:
    """What one author says in a row stands below one name."""
    before = ""
    for seen in thread:
        head = "" if seen.author == before else _head(seen)
        yield f"<article>{head}{_body(workspaces, seen)}</article>"
        before = seen.author


def _head(seen: Seen) -> str:
    badge = "<em class=app>APP</em>" if seen.is_app else ""
    at = datetime.fromtimestamp(float(seen.ts), UTC).strftime("%-I:%M %p")
    name = seen.author if seen.is_app else seen.author.title()
    return f"{_face(seen)}<h4>{escape(name)}{badge}<time>{at}</time></h4>"


def _face(seen: Seen) -> str:
    """An emoji on white, or the first letter of a name on a colour of its own."""
    if seen.icon and not seen.icon.startswith("http"):
        return f"<div class='face emoji'>{escape(seen.icon)}</div>"
    colour = _FACES[sum(map(ord, seen.author)) % len(_FACES)]
    return f"<div class=face style='background:{colour}'>{escape(seen.author[:1].upper())}</div>"


def _body(workspaces: Workspaces, seen: Seen) -> str:
    blocks = "".join(_block(workspaces, block) for block in seen.message.blocks)
    said = blocks or f"<div class=text>{_lines(seen.text)}</div>"
    files = "".join(map(_file, seen.message.files))
    thumbs = (f"<span>{_EMOJI.get(n, n)} {count}</span>" for n, count in seen.reactions.items())
    reactions = f"<div class=reactions>{''.join(thumbs)}</div>" if seen.reactions else ""
    return f"<section>{said}{files}{reactions}</section>"


def _block(workspaces: Workspaces, block: Json) -> str:
    match block["type"]:
        case "rich_text":
            return "".join(_section(workspaces, part) for part in block["elements"])
        case "header":
            return f"<h3>{escape(block['text']['text'])}</h3>"
        case "actions":
            return f"<div class=row>{''.join(map(_button, block['elements']))}</div>"
        case "divider":
            return "<hr>"
        case kind:
            return f"<div class={kind}>{_lines(read(workspaces, [block]))}</div>"


def _section(workspaces: Workspaces, part: Json) -> str:
    if part["type"] == "rich_text_list":
        items = (f"<li>{_section(workspaces, item)}</li>" for item in part["elements"])
        kind = _LISTS[part["style"]]
        return f"<{kind}>{''.join(items)}</{kind}>"
    said = "".join(_element(workspaces, element) for element in part["elements"])
    said = said.removesuffix("<br>")  # a section ends its line by itself
    match part["type"]:
        case "rich_text_quote":
            return f"<blockquote>{said}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{said}</pre>"
    return f"<div class=text>{said}</div>"


def _element(workspaces: Workspaces, element: Json) -> str:
    match element["type"]:
        case "user" | "usergroup" | "broadcast" | "channel":
            block = {"type": "rich_text", "elements": [{"type": "s", "elements": [element]}]}
            return f"<span class=tag>{escape(read(workspaces, [block]))}</span>"
        case "link":
            said = f"<a>{escape(element.get('text') or element['url'])}</a>"
        case _:
            said = _lines(str(element.get("text") or element.get("unicode") or ""))
    for style in element.get("style") or {}:
        said = f"<{_STYLES[style]}>{said}</{_STYLES[style]}>"
    return said


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _button(element: Json) -> str:
    kind, label = element.get("style", "plain"), escape(element["text"]["text"])
    return f"<button class={kind}>{label}</button>"


def _file(file: Json) -> str:
    name = str(file["name"])
    kind = name.rpartition(".")[2].upper()
    return f"<div class=file><b>{kind}</b><div>{escape(name)}<span>{kind}</span></div></div>"
